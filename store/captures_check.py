"""Does the archive still hold the bytes that the index promises? Every capture's record is read and hashed again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from store.archive_read import BytesLost, inside, payload, read_record
from store.captures import COLUMNS
from store.model import Capture

_NAMES = ", ".join(f"c.{name}" for name in COLUMNS)


def capture_problems(conn: sqlite3.Connection, archive: Path) -> Iterator[str]:
    """Say which captures' bytes are missing or changed, one sentence each."""
    rows = conn.execute(
        f"""select c.id, {_NAMES}, o.sha256 as original_sha256, o.refers_to as original_refers_to
            from captures c left join captures o on o.id = c.refers_to order by c.id"""
    )
    for row in rows:
        capture = Capture(**{name: row[name] for name in COLUMNS})
        try:
            if capture.refers_to is None:
                payload(archive, capture)
            else:
                _check_revisit(archive, capture, row["original_sha256"], row["original_refers_to"])
        except BytesLost as error:
            yield f"capture {row['id']} of {capture.url}: {error}"


def _check_revisit(archive: Path, capture: Capture, digest: str, refers_to: int | None) -> None:
    """A revisit has a record of its own, and rests on a capture that holds the very bytes it names."""
    if digest != capture.sha256:
        raise BytesLost(f"it rests on capture {capture.refers_to}, whose bytes are others ({digest[:16]}…)")
    if refers_to is not None:
        raise BytesLost(f"it rests on capture {capture.refers_to}, which holds no body itself")
    record = read_record(inside(archive, capture.warc_file), capture.warc_offset)
    if (record.kind, record.fields.get("warc-target-uri")) != ("revisit", capture.url):
        where = f"{capture.warc_file}, offset {capture.warc_offset}"
        raise BytesLost(f"the record at {where} is a {record.kind} of {record.fields.get('warc-target-uri')}")
