"""Writing a WACZ 1.1.1 (a zip of WARC, CDXJ index, pages and a Frictionless data package) from our own archive.

Records are copied byte for byte, with their ids; the same database gives the same file. Bodies that lie outside the
range but that a revisit in it rests on come along in a WARC of their own, so that nobody takes them for part of it.
"""

import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from store import captures, cdxj
from store.archive_read import BytesLost, Record, holding_record, inside, read_record
from store.captures import Page
from store.captures_check import held_again
from store.errors import ForPeople
from store.home import Home
from store.model import Capture
from store.version import SOFTWARE
from store.warc_records import warcinfo

CAPTURES = "archive/captures.warc.gz"
ORIGINALS = "archive/originals.warc.gz"  # bodies from outside the range
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Documents", "hasText": True}


class CannotExport(ForPeople, RuntimeError):
    """The archive has lost bytes that were asked for. The message names the capture and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What went into the file."""

    captures: int
    originals: int  # bodies from outside the range
    pages: int
    bytes: int


def export(
    conn: sqlite3.Connection, home: Home, out: Path, chosen: Sequence[tuple[int, Capture]], *, title: str
) -> Exported:
    """Write captures (at least one, in time order) to a new WACZ file, whole or not at all.

    Raises CannotExport naming a capture whose bytes the archive has lost: an export with holes would not tell.
    """
    ids = {capture_id for capture_id, _ in chosen}
    wanted = sorted({capture.refers_to for _, capture in chosen if capture.refers_to} - ids)
    originals = _readable(conn, home, [(capture_id, captures.get(conn, capture_id)) for capture_id in wanted])
    chosen = _readable(conn, home, chosen)
    begin, end = chosen[0][1].fetched_at, chosen[-1][1].fetched_at
    pages = [page for page in captures.pages(conn, begin, end) if page.capture_id in ids]
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _Package(file, home.archive, made=end).write(chosen, originals, pages, title)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Exported(captures=len(chosen), originals=len(originals), pages=len(pages), bytes=out.stat().st_size)


def _readable(conn: sqlite3.Connection, home: Home, chosen: Sequence[tuple[int, Capture]]) -> list[tuple[int, Capture]]:
    """Of an answer that was taken in again after its bytes were lost, the capture that holds them; each once."""
    found = {}
    for capture_id, capture in chosen:
        again = held_again(conn, home.archive, capture_id)
        use = again if again and not _can_be_read(home.archive, capture) else (capture_id, capture)
        found[use[0]] = use[1]
    return list(found.items())


def _can_be_read(archive: Path, capture: Capture) -> bool:
    try:
        if capture.refers_to is None:
            holding_record(archive, capture)
        else:
            read_record(inside(archive, capture.warc_file), capture.warc_offset)
    except BytesLost:
        return False
    return True


class _Package:
    """One WACZ being written; every time in it is that of the newest capture, so that it can be made again."""

    def __init__(self, file: IO[bytes], archive: Path, *, made: str) -> None:
        self._box = zipfile.ZipFile(file, "w")
        self._archive, self._made = archive, made
        self._resources: list[dict[str, object]] = []
        self._lines: list[str] = []

    def write(
        self,
        chosen: Iterable[tuple[int, Capture]],
        originals: Sequence[tuple[int, Capture]],
        pages: Iterable[Page],
        title: str,
    ) -> None:
        with self._box:
            if originals:  # first: who reads from the beginning has met a body before what rests on it
                self._add(ORIGINALS, self._warc(ORIGINALS, originals))
            self._add(CAPTURES, self._warc(CAPTURES, chosen))
            index, summary = cdxj.packed(self._lines)
            self._add(f"indexes/{cdxj.INDEX}", [index])
            self._add(f"indexes/{cdxj.SUMMARY}", [summary], deflated=True)
            self._add("pages/pages.jsonl", _page_lines(pages), deflated=True)
            package = _json({"profile": "data-package", "title": title, "wacz_version": "1.1.1",
                             "software": SOFTWARE, "created": self._made, "resources": self._resources})  # fmt: skip
            digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(package).hexdigest()}"}
            self._add("datapackage.json", [package], deflated=True)
            self._add("datapackage-digest.json", [_json(digest)], deflated=True)

    def _add(self, path: str, chunks: Iterable[bytes], *, deflated: bool = False) -> None:
        """One file of the zip; WARCs and their index are stored plainly, to be read at their offsets."""
        year, month, day, hour, minute, second = (int(self._made[a:b]) for a, b in _PARTS)
        info = zipfile.ZipInfo(path, (max(year, 1980), month, day, hour, minute, second))
        info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        info.external_attr, info.create_system = 0o644 << 16, 3
        digest, size = sha256(), 0
        with self._box.open(info, "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._resources.append(
            {"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size}
        )

    def _warc(self, path: str, chosen: Iterable[tuple[int, Capture]]) -> Iterator[bytes]:
        """A WARC of these captures' records as they lie in our archive; notes their lines for the index."""
        name = path.rpartition("/")[2]
        info = {"software": SOFTWARE, "format": "WARC File Format 1.0"}
        head = warcinfo(name, info, made=self._made, record_id=f"<urn:coi:{name}>")
        yield head
        offset = len(head)
        for capture_id, capture in chosen:
            record, raw, more = self._record(capture_id, capture)
            self._lines.append(cdxj.line(capture, record, file=name, offset=offset))
            yield raw
            yield more
            offset += len(raw) + len(more)

    def _record(self, capture_id: int, capture: Capture) -> tuple[Record, bytes, bytes]:
        """A capture's record, its raw bytes, and those of the request behind it (empty where none was kept)."""
        try:
            path = inside(self._archive, capture.warc_file)
            if capture.refers_to is None:
                record = holding_record(self._archive, capture)
            else:
                record = read_record(path, capture.warc_offset)
            behind = capture.warc_offset + record.length
            request = _request_at(path, behind, record.fields.get("warc-record-id", ""))
            with path.open("rb") as source:
                source.seek(capture.warc_offset)
                return record, source.read(record.length), source.read(request)
        except BytesLost as error:
            raise CannotExport(f"capture {capture_id} of {capture.url}: {error}; nothing was exported. Restore the "
                               "archive from a backup ('coi verify' names all that is lost)") from error  # fmt: skip


_PARTS = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))  # of YYYY-MM-DDTHH:MM:SSZ


def _request_at(path: Path, offset: int, answer_id: str) -> int:
    """Length in bytes of the record at an offset if it is the request of that answer, else 0."""
    if offset >= path.stat().st_size:
        return 0
    record = read_record(path, offset)
    asked = record.kind == "request" and record.fields.get("warc-concurrent-to") == answer_id
    return record.length if asked else 0


def _page_lines(pages: Iterable[Page]) -> Iterator[bytes]:
    yield _line(_PAGES_HEAD)
    for page in pages:
        key = sha256(f"{page.url} {page.fetched_at} {page.text}".encode()).hexdigest()[:16]
        yield _line({"id": key, "url": page.url, "ts": page.fetched_at, "title": page.title, "text": page.text})


def _line(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _json(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, indent=2, ensure_ascii=False).encode() + b"\n"
