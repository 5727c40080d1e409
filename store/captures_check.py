"""Does the archive still hold the bytes that the index promises? Every capture's record is read and hashed again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from store.archive_read import BytesLost, inside, payload, read_record
from store.captures import COLUMNS
from store.model import Capture

_NAMES = ", ".join(f"c.{name}" for name in COLUMNS)


_ROWS = f"""select c.id, {_NAMES}, o.sha256 as original_sha256, o.refers_to as original_refers_to
             from captures c left join captures o on o.id = c.refers_to"""


def capture_problems(conn: sqlite3.Connection, archive: Path) -> Iterator[str]:
    """Say which captures' bytes are missing or changed, one sentence each.

    What was lost and taken in again is held: a capture is never changed, so the same answer is there a second time.
    """
    for row in conn.execute(f"{_ROWS} order by c.id"):
        error = _lost(archive, row)
        if error and held_again(conn, archive, row["id"]) is None:
            yield f"capture {row['id']} of {row['url']}: {error}"


def is_held(conn: sqlite3.Connection, archive: Path, capture_id: int) -> bool:
    """Whether the bytes of a capture can be read, here or where the same answer was taken in again."""
    row = conn.execute(f"{_ROWS} where c.id = ?", [capture_id]).fetchone()
    return _lost(archive, row) is None or held_again(conn, archive, capture_id) is not None


def held_again(conn: sqlite3.Connection, archive: Path, capture_id: int) -> tuple[int, Capture] | None:
    """Another capture of the same answer (address, instant, body) whose bytes can be read; the newest of them."""
    rows = conn.execute(
        f"""{_ROWS} join captures one on one.url = c.url and one.fetched_at = c.fetched_at and one.sha256 = c.sha256
            where one.id = ? and c.id <> one.id order by c.id desc""",
        [capture_id],
    )
    return next(((row["id"], _capture(row)) for row in rows.fetchall() if _lost(archive, row) is None), None)


def _capture(row: sqlite3.Row) -> Capture:
    return Capture(**{name: row[name] for name in COLUMNS})


def _lost(archive: Path, row: sqlite3.Row) -> BytesLost | None:
    """Why the record of a capture does not hold what it must; None where it does."""
    capture = _capture(row)
    try:
        if capture.refers_to is None:
            payload(archive, capture)
        else:
            _check_revisit(archive, capture, row["original_sha256"], row["original_refers_to"])
    except BytesLost as error:
        return error
    return None


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
