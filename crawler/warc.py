"""WARC files (ISO 28500): one gzip member per record, so that any record can be read at its offset.

Bodies are kept as decoded: transfer and content encodings are undone and the HTTP headers say so. A file being
written is marked by a file beside it (<name>.open) and locked; what a killed process left behind is cut back to its
last whole record, the rest set aside, never fatal.
"""

import fcntl
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import responses as reasons
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

MAX_FILE_BYTES = 1_000_000_000
MAX_BODY_BYTES = 50 * 1024 * 1024
DAMAGE = (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, OSError, ValueError, IndexError)
_ENCODINGS = {"transfer-encoding", "content-encoding", "content-length", "connection", "keep-alive"}

Headers = tuple[tuple[str, str], ...]


class ArchiveError(RuntimeError):
    """An archive file cannot be read where it should. The message names file, offset and remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, ready to be kept. Instants are UTC text; the body is decoded."""

    url: str
    fetched_at: str
    status: int
    headers: Headers
    body: bytes
    request_headers: Headers = ()
    ip: str | None = None
    record_id: str | None = None  # of an imported record: its own


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: file name inside the archive folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


class WarcFile:
    """One .warc.gz being written, locked against others until it is closed."""

    def __init__(self, path: Path, info: dict[str, str], *, info_id: str | None = None) -> None:
        self.path = path
        self._mark = path.with_name(path.name + ".open")
        self._mark.touch()
        self._out = path.open("xb")
        fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._writer = WARCWriter(self._out, gzip=True)
        record = self._writer.create_warcinfo_record(path.name, info)
        if info_id:
            record.rec_headers.replace_header("WARC-Record-ID", info_id)
            record.rec_headers.replace_header("WARC-Date", info.get("made", "1970-01-01T00:00:00Z"))
        self._writer.write_record(record)

    @property
    def size(self) -> int:
        return self._out.tell()

    def response(self, exchange: Exchange) -> Place:
        """Write the response record (and the request, where it is known); return where the response lies."""
        http = StatusAndHeaders(
            f"{exchange.status} {reasons.get(exchange.status, 'Unknown')}",
            [*_truthful(exchange.headers), ("Content-Length", str(len(exchange.body)))],
            protocol="HTTP/1.1",
        )
        return self._pair(exchange, "response", http, {})

    def revisit(self, exchange: Exchange, *, of: str) -> Place:
        """Write a revisit record: the server said (304) that the body kept at the instant `of` still stands."""
        http = StatusAndHeaders("304 Not Modified", list(_truthful(exchange.headers)), protocol="HTTP/1.1")
        extra = {
            "WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/server-not-modified",
            "WARC-Refers-To-Target-URI": exchange.url,
            "WARC-Refers-To-Date": of,
        }
        return self._pair(exchange, "revisit", http, extra)

    def resource(self, url: str, fetched_at: str, media_type: str, body: bytes) -> Place:
        """Write a resource record: bytes that came by hand, with no exchange behind them (ISO 28500 section 6.4)."""
        record = self._writer.create_warc_record(
            url,
            "resource",
            payload=BytesIO(body),
            warc_content_type=media_type or "application/octet-stream",
            warc_headers_dict={"WARC-Date": fetched_at},
        )
        start = self.size
        self._writer.write_record(record)
        return Place(self.path.name, start, self.size - start)

    def _pair(self, exchange: Exchange, kind: str, http: StatusAndHeaders, extra: dict[str, str]) -> Place:
        headers = {"WARC-Date": exchange.fetched_at} | extra
        headers |= {"WARC-IP-Address": exchange.ip} if exchange.ip else {}
        headers |= {"WARC-Record-ID": exchange.record_id} if exchange.record_id else {}
        payload = BytesIO(exchange.body if kind == "response" else b"")
        answer = self._writer.create_warc_record(
            exchange.url, kind, payload=payload, http_headers=http, warc_headers_dict=headers
        )
        start = self.size
        self._writer.write_record(answer)
        place = Place(self.path.name, start, self.size - start)
        if exchange.request_headers:
            self._request(exchange, answer.rec_headers.get_header("WARC-Record-ID"))
        return place

    def _request(self, exchange: Exchange, answer_id: str) -> None:
        host, _, path = exchange.url.partition("://")[2].partition("/")
        http = StatusAndHeaders(
            f"GET /{path} HTTP/1.1", [("Host", host), *exchange.request_headers], is_http_request=True
        )
        headers = {"WARC-Date": exchange.fetched_at, "WARC-Concurrent-To": answer_id}
        record = self._writer.create_warc_record(
            exchange.url, "request", http_headers=http, warc_headers_dict=headers, payload=BytesIO(), length=0
        )
        self._writer.write_record(record)

    def sync(self) -> None:
        """Bring everything written so far to the disk; only then may the database point to it."""
        self._out.flush()
        os.fsync(self._out.fileno())

    def close(self) -> None:
        """Sync and close; the mark of an unfinished file goes last."""
        self.sync()
        self._out.close()
        self._mark.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _truthful(headers: Headers) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in headers if name.lower() not in _ENCODINGS)


def read_at(path: Path, offset: int) -> tuple[int, Headers, bytes]:
    """Return (status, HTTP headers, body) of the response record at an offset in bytes.

    Raises ArchiveError naming file and offset when there is no whole response record there.
    """
    try:
        with path.open("rb") as source:
            source.seek(offset)
            record = next(iter(ArchiveIterator(source)))
            body = record.raw_stream.read()
    except (*DAMAGE, StopIteration) as error:
        raise ArchiveError(
            f"{path}: no readable record at offset {offset} ({error or type(error).__name__}); "
            "restore this file from a backup, or crawl the source again"
        ) from error
    if record.http_headers is None:
        raise ArchiveError(f"{path}: the record at offset {offset} is a {record.rec_type}, not an HTTP response")
    return int(record.http_headers.get_statuscode()), tuple(record.http_headers.headers), body


def whole_length(source: BinaryIO) -> int:
    """Length in bytes of the whole gzip members at the head of a file."""
    whole, member = 0, zlib.decompressobj(zlib.MAX_WBITS | 16)
    source.seek(0)
    position = 0
    while chunk := source.read(1 << 16):
        position += len(chunk)
        while chunk:
            try:
                while chunk and not member.eof:
                    member.decompress(chunk, 1 << 20)
                    chunk = member.unconsumed_tail or (member.unused_data if member.eof else b"")
            except zlib.error:
                return whole
            if member.eof:
                whole = position - len(chunk)
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return whole


def repair(folder: Path) -> list[str]:
    """Cut what killed processes left half-written; say what was set aside. Files still being written are left alone."""
    return [said for mark in sorted(folder.glob("*.warc.gz.open")) for said in _repair_one(mark)]


def _repair_one(mark: Path) -> Iterable[str]:
    path = mark.with_suffix("")
    if path.exists():
        with path.open("r+b") as source:
            try:
                fcntl.flock(source, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            whole, size = whole_length(source), path.stat().st_size
            if whole < size:
                source.seek(whole)
                aside = path.with_name(f"{path.name}.truncated-{whole}")
                aside.write_bytes(source.read())
                source.truncate(whole)
                os.fsync(source.fileno())
                yield (
                    f"{path.name}: a killed process left {size - whole} bytes of a record behind at offset {whole}; "
                    f"they stand in {aside.name}, the file itself is whole again"
                )
    mark.unlink(missing_ok=True)
