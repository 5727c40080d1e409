"""Reading archives made elsewhere: .warc, .warc.gz, .arc, .arc.gz, and .wacz (a zip of those).

Nothing is extracted by name and nothing is trusted: members are read by handle, bodies up to the crawl's own limit,
and what is damaged is named (file, offset, remedy) while the rest is read.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from w3lib.url import safe_url_string
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from crawler.warc import DAMAGE, MAX_BODY_BYTES, MAX_FILE_BYTES, ArchiveError, Exchange
from store.clock import instant

MAX_MEMBER_BYTES = 8 * MAX_FILE_BYTES
_MEMBERS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_GZIP = b"\x1f\x8b\x08"
_ONE_GZIP = "non-chunked gzip file"  # warcio's word for a file that was compressed as a whole
_ZIP_DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One response of an archive; of a revisit record, the exchange has no body but says where it stands."""

    exchange: Exchange
    digest: str | None
    revisit: bool = False
    refers_to_url: str | None = None
    refers_to_at: str | None = None  # instant


class _Skip(ValueError):
    """This record is not taken; the message says why."""


def found_in(path: Path, problems: list[str]) -> Iterator[Found]:
    """Every GET response of an archive file, in its order; what cannot be read is added to `problems`.

    Raises ArchiveError where the file is no archive at all.
    """
    with path.open("rb") as source:
        head = source.read(5)
    if head.startswith(b"PK\x03\x04"):
        yield from _in_zip(path, problems)
        return
    if not head:
        raise ArchiveError(f"{path}: an empty file; make the archive again")
    with path.open("rb") as source:
        yield from _in_warc(source, path.name, problems)


def _in_zip(path: Path, problems: list[str]) -> Iterator[Found]:
    """The WARC members of a WACZ. Their names are labels only: nothing is written under them."""
    try:
        with zipfile.ZipFile(path) as box:
            for member in box.infolist():
                if not member.filename.lower().endswith(_MEMBERS):
                    continue
                label = f"{path.name}!{member.filename}"
                if member.file_size > MAX_MEMBER_BYTES:
                    problems.append(f"{label}: {member.file_size} bytes, more than {MAX_MEMBER_BYTES}; not read")
                    continue
                with box.open(member) as source:
                    yield from _in_warc(source, label, problems)
    except _ZIP_DAMAGE as error:
        problems.append(f"{path.name}: damaged or locked zip ({error}); download it again; what came before was read")


def _in_warc(source: IO[bytes] | gzip.GzipFile, label: str, problems: list[str]) -> Iterator[Found]:
    """Records one after the other; after damage the search goes on at the next gzip member that holds a record."""
    posts = _not_gets(source)
    offset: int | None = 0
    while offset is not None:
        source.seek(offset)
        records = ArchiveIterator(source, arc2warc=True)
        try:
            for record in records:
                yield from _taken(record, posts, f"{label}: offset {records.offset}", problems)
            return
        except DAMAGE as error:
            at = max(offset, records.offset)
            words = " ".join(str(error).split()) or type(error).__name__
            problems.append(
                f"{label}: unreadable at offset {at} ({words[:300]}); "
                "repair it with 'warcio recompress' or make the archive again; what else can be read is read"
            )
            if _ONE_GZIP in words and not isinstance(source, gzip.GzipFile):
                source.seek(0)
                yield from _in_warc(gzip.GzipFile(fileobj=source), f"{label} (decompressed)", problems)
                return
            offset = _next_member(source, at + 1)


def _taken(record: ArcWarcRecord, posts: set[str], where: str, problems: list[str]) -> Iterator[Found]:
    headers = record.rec_headers
    ids = {headers.get_header("WARC-Record-ID"), headers.get_header("WARC-Concurrent-To")}
    url = (headers.get_header("WARC-Target-URI") or "").strip("<> ")
    wanted = record.rec_type in ("response", "resource", "revisit") and url.startswith(("http://", "https://"))
    if not wanted or ids & posts:
        return
    try:
        yield _found(record, safe_url_string(url).partition("#")[0])
    except _Skip as error:
        problems.append(f"{where}: {url}: {error}")


def _found(record: ArcWarcRecord, url: str) -> Found:
    headers, http = record.rec_headers, record.http_headers
    raw = record.raw_stream.read(MAX_BODY_BYTES + 1)
    if len(raw) > MAX_BODY_BYTES:
        raise _Skip(f"body of more than {MAX_BODY_BYTES} bytes; not taken")
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise _Skip("the record is cut short; make the archive again")
    revisit = record.rec_type == "revisit"
    exchange = Exchange(
        url=url,
        fetched_at=_instant(headers.get_header("WARC-Date")),
        status=_status(record),
        headers=_headers(record) if http else (("Content-Type", headers.get_header("Content-Type") or ""),),
        body=b"" if revisit else _decoded(record, raw),
        record_id=headers.get_header("WARC-Record-ID"),
        ip=headers.get_header("WARC-IP-Address"),
    )
    refers_to_at = headers.get_header("WARC-Refers-To-Date")
    return Found(
        exchange=exchange,
        digest=headers.get_header("WARC-Payload-Digest"),
        revisit=revisit,
        refers_to_url=(headers.get_header("WARC-Refers-To-Target-URI") or "").strip("<> ") or None,
        refers_to_at=_instant(refers_to_at) if refers_to_at else None,
    )


def _status(record: ArcWarcRecord) -> int:
    if record.http_headers is None:
        if record.rec_type == "response":
            raise _Skip("a response without HTTP headers; not taken")
        return 200
    code = record.http_headers.get_statuscode()
    if not code.isdigit() or not 100 <= int(code) <= 599:
        raise _Skip(f"HTTP status {code!r}; not taken")
    return int(code)


def _headers(record: ArcWarcRecord) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in record.http_headers.headers)


def _decoded(record: ArcWarcRecord, raw: bytes) -> bytes:
    """The body without transfer and content encodings, up to the limit."""
    record.raw_stream = BytesIO(raw)
    stream = record.content_stream()
    body = bytearray()
    while len(body) <= MAX_BODY_BYTES and (chunk := stream.read(1 << 16)):
        body += chunk
    if len(body) > MAX_BODY_BYTES:
        raise _Skip(f"body of more than {MAX_BODY_BYTES} bytes when decompressed; not taken")
    return bytes(body)


def _instant(text: str | None) -> str:
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError as error:
        raise _Skip(f"WARC-Date {text!r} is not an instant; not taken") from error
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _not_gets(source: IO[bytes] | gzip.GzipFile) -> set[str]:
    """Record ids that belong to requests other than GET: their answers do not answer a GET."""
    found: set[str] = set()
    source.seek(0)
    try:
        for record in ArchiveIterator(source, arc2warc=True):
            http = record.http_headers
            if record.rec_type == "request" and http is not None and http.protocol.upper() != "GET":
                headers = record.rec_headers
                found |= {headers.get_header("WARC-Record-ID"), headers.get_header("WARC-Concurrent-To")}
    except DAMAGE:
        return found - {None}  # the damage itself is reported when the records are read
    return found - {None}


def _next_member(source: IO[bytes] | gzip.GzipFile, offset: int) -> int | None:
    """Where the next gzip member begins that holds a WARC record, searching from an offset."""
    source.seek(offset)
    tail, at = b"", offset
    while chunk := source.read(1 << 20):
        data = tail + chunk
        place = data.find(_GZIP)
        while place >= 0:
            if _holds_record(data[place : place + 4096]):
                return at - len(tail) + place
            place = data.find(_GZIP, place + 1)
        tail, at = data[-4096:], at + len(chunk)
    return None


def _holds_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, 64).startswith(b"WARC/")
    except zlib.error:
        return False
