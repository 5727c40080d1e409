"""What comes by hand: a file that a colleague sent. Same store, same rules; collections are in crawler.collection."""

import mimetypes
import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from crawler.items import kept_passage
from crawler.read import read
from crawler.read.language import language_of
from crawler.read.model import Confidence, Dated, Precision, ReadError, Reading
from crawler.warc import WarcFile
from store import captures, documents
from store.clock import EARLIEST
from store.db import writing
from store.errors import ForPeople
from store.home import Home
from store.model import Capture, Kept, NewVersion
from store.printable import printable

MAX_BYTES = 200 * 1024 * 1024
HALF = re.compile(r"[\ud800-\udfff]")  # one of two parts of a character; SQLite stores UTF-8, which has none


class CannotAdd(ForPeople, ValueError):
    """This cannot be added as it is; the message names the file or line and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the person who adds a document says of it, beyond what its bytes say."""

    source_id: str
    url: str | None = None
    title: str | None = None
    published_on: date | None = None
    language: str | None = None


def add_file(conn: sqlite3.Connection, home: Home, path: Path, said: Said, *, at: str) -> Kept:
    """Read one PDF, HTML, DOCX or text file, keep its bytes in the archive and its passages in the store.

    Raises CannotAdd with the file's name and the remedy. Adding the same file again changes nothing.
    """
    if said.url is not None:
        check_address(said.url, "--url")
    shown = printable(str(path))  # a file that came with a mail bears the name that its sender chose
    if not path.is_file():
        what = "this is a folder" if path.is_dir() else "there is no such file"
        raise CannotAdd(f"{shown}: {what}; give the path of one file, or an address with https://")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise CannotAdd(f"{shown}: {size:,} bytes; at most {MAX_BYTES:,} are taken. Split it, or add its text as JSONL")
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or ""
    try:
        reading = read(body, media_type=media_type, url=said.url)
    except ReadError as error:
        raise CannotAdd(f"{shown}: {error}") from error
    if not reading.passages:
        raise CannotAdd(f"{shown}: no text was found in it" + (" (it needs OCR)" if reading.needs_ocr else ""))
    check_day(said.published_on or (reading.published.day if reading.published else None), at, str(path))
    url, digest = said.url or f"file:{path.name}", sha256(body).hexdigest()
    version = file_version(reading, said, path.name, digest)
    newest = captures.latest(conn, url)
    if newest and newest[1].sha256 == digest:
        with writing(conn):
            return documents.keep(conn, version, capture_id=newest[0], seen_at=at, recorded_at=at)
    capture = _keep_bytes(home, url, media_type, body, at)
    with writing(conn):
        capture_id = captures.record(conn, capture, recorded_at=at)
        return documents.keep(conn, version, capture_id=capture_id, seen_at=at, recorded_at=at)


def file_version(reading: Reading, said: Said, name: str, digest: str) -> NewVersion:
    """A version as one reading and its giver describe it; what a person says goes before what the bytes say."""
    published = reading.published
    if said.published_on:
        published = Dated(
            day=said.published_on, precision=Precision.DAY, origin="declared", confidence=Confidence.NORMAL
        )
    # Without an address or an identifier of the publisher's, the bytes themselves are the identity.
    key = reading.key or said.url or reading.canonical_url or f"sha256:{digest}"
    language = said.language or reading.language
    return NewVersion(
        source_id=said.source_id,
        key=key,
        url=said.url or reading.canonical_url or "",
        title=said.title or reading.title or name,
        language=language,
        external_id=None,
        document_type=reading.document_type or "",
        text=reading.text,
        extractor=reading.extractor,
        published_on=published.day.isoformat() if published else None,
        published_precision=published.precision.value if published else None,
        published_from=published.origin if published else "",
        published_confidence=published.confidence.value if published else Confidence.LOW.value,
        modified_on=reading.modified.day.isoformat() if reading.modified else None,
        period_from=reading.period_from.isoformat() if reading.period_from else None,
        period_to=reading.period_to.isoformat() if reading.period_to else None,
        pages=reading.pages,
        needs_ocr=reading.needs_ocr,
        warnings=reading.warnings,
        links=reading.links,
        passages=tuple(
            kept_passage(passage, language_of(passage.text) or language) for passage in reading.passages
        ),
        authors=reading.authors,
    )  # fmt: skip


def check_address(url: str, where: str) -> None:
    """Refuse an address that cannot be taken apart."""
    if not is_address(url):
        raise CannotAdd(f"{where} is {url!r}, which is no address; write it as https://host/path, or leave it out")


def is_address(url: str) -> bool:
    """Whether an address can be taken apart and stored."""
    try:
        return urlsplit(url).port != 0 and not HALF.search(url)  # reading the port is what checks it
    except ValueError:
        return False


def check_day(day: date | None, at: str, where: str) -> None:
    """Refuse a publication day that has not come yet, or that is none of print (a year 0001 or 0022)."""
    if day and day < EARLIEST:
        raise CannotAdd(f"{where}: published on {day}, which is before {EARLIEST}; correct the year, or leave it out")
    if day and day.isoformat() > at[:10]:
        raise CannotAdd(f"{where}: published on {day}, which has not come yet; correct it with --published")


def _keep_bytes(home: Home, url: str, media_type: str, body: bytes, at: str) -> Capture:
    """Write the bytes into a WARC file of their own; they are on disk before the store points to them."""
    digest = sha256(body).hexdigest()
    file = home.archive / f"add-{digest[:16]}-{uuid4().hex[:8]}.warc.gz"
    with WarcFile(file, {"software": "coi-tracker", "made": at}) as out:
        place = out.resource(url, at, media_type, body)
    return Capture(
        url=url,
        fetched_at=at,
        status=200,
        media_type=media_type,
        etag=None,
        last_modified=None,
        sha256=digest,
        bytes=len(body),
        warc_file=place.file,
        warc_offset=place.offset,
        warc_length=place.length,
    )
