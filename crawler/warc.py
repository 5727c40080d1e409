"""WARC files (ISO 28500): one gzip member per record, so that any record can be read at its offset.

Bodies are kept as decoded: transfer and content encodings are undone and the HTTP headers say so. A file being
written is marked by a file beside it (<name>.open) and locked; what a killed process left behind is cut back to its
last whole record, the rest set aside, never fatal.
"""

import fcntl
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from http.client import responses as reasons
from pathlib import Path
from typing import BinaryIO, Self

from store.clock import utc_now
from store.files import sync
from store.model import Capture
from store.warc_records import head, new_id, record, warcinfo

MAX_FILE_BYTES = 1_000_000_000
MAX_BODY_BYTES = 50 * 1024 * 1024
ONCE_FROM_BYTES = 1000  # one content is kept once; a smaller body costs less than the record that would point to it
_EPOCH = "1970-01-01T00:00:00Z"
_REVISIT = "http://netpreserve.org/warc/1.0/revisit"
_NOT_MODIFIED, _SAME_PAYLOAD = f"{_REVISIT}/server-not-modified", f"{_REVISIT}/identical-payload-digest"
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
        self._named = False  # whether its name has been brought to the disk
        self._out = path.open("xb")
        fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        made = info.get("made") or (_EPOCH if info_id else utc_now())
        self._out.write(warcinfo(path.name, info, made=made, record_id=info_id))

    @property
    def size(self) -> int:
        return self._out.tell()

    def response(self, exchange: Exchange) -> Place:
        """Write the response record (and the request, where it is known); return where the response lies."""
        digest = f"sha256:{sha256(exchange.body).hexdigest()}"
        return self._answer(exchange, "response", [("WARC-Payload-Digest", digest)], exchange.body)

    def revisit(self, exchange: Exchange, *, of: Capture) -> Place:
        """Write a revisit record: the body of this answer is the one that `of` holds (ISO 28500 section 6.7).

        A 304 is the server's own word for it, and what was asked follows from `of`; of another answer we saw for
        ourselves that its bytes are the same, and its headers (and the request) are kept.
        """
        unchanged = exchange.status == 304
        fields = [
            ("WARC-Profile", _NOT_MODIFIED if unchanged else _SAME_PAYLOAD),
            ("WARC-Refers-To-Target-URI", of.url),
            ("WARC-Refers-To-Date", of.fetched_at),
            ("WARC-Payload-Digest", f"sha256:{of.sha256}"),
        ]
        return self._answer(replace(exchange, request_headers=()) if unchanged else exchange, "revisit", fields, b"")

    def resource(self, url: str, fetched_at: str, media_type: str, body: bytes) -> Place:
        """Write a resource record: bytes that came by hand, with no exchange behind them (ISO 28500 section 6.4)."""
        fields = [
            ("WARC-Record-ID", new_id()),
            ("WARC-Target-URI", url),
            ("WARC-Payload-Digest", f"sha256:{sha256(body).hexdigest()}"),
        ]
        return self._write("resource", fetched_at, fields, media_type or "application/octet-stream", body)

    def _answer(self, exchange: Exchange, kind: str, fields: list[tuple[str, str]], body: bytes) -> Place:
        record_id = exchange.record_id or new_id()
        fields = [("WARC-Record-ID", record_id), ("WARC-Target-URI", exchange.url), *fields]
        fields += [("WARC-IP-Address", exchange.ip)] if exchange.ip else []
        length = [] if exchange.status == 304 else [("Content-Length", str(len(exchange.body)))]
        line = f"HTTP/1.1 {exchange.status} {reasons.get(exchange.status, 'Unknown')}"
        block = head(line, [*_truthful(exchange.headers), *length]) + body
        place = self._write(kind, exchange.fetched_at, fields, "application/http; msgtype=response", block)
        if exchange.request_headers:
            self._request(exchange, record_id)
        return place

    def _request(self, exchange: Exchange, answer_id: str) -> None:
        host, _, path = exchange.url.partition("://")[2].partition("/")
        fields = [
            ("WARC-Record-ID", new_id()),
            ("WARC-Target-URI", exchange.url),
            ("WARC-Concurrent-To", answer_id),
        ]
        block = head(f"GET /{path} HTTP/1.1", [("Host", host), *exchange.request_headers])
        self._write("request", exchange.fetched_at, fields, "application/http; msgtype=request", block)

    def _write(self, kind: str, at: str, fields: list[tuple[str, str]], media_type: str, block: bytes) -> Place:
        start = self.size
        length = self._out.write(record(kind, at, fields, media_type, block))
        return Place(self.path.name, start, length)

    def sync(self) -> None:
        """Bring everything written so far to the disk; only then may the database point to it."""
        self._out.flush()
        os.fsync(self._out.fileno())
        if not self._named:
            sync(self.path.parent)
            self._named = True

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
