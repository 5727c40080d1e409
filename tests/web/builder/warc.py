"""Captures as a WARC file that comes out the same every time: no clock, no random ids, one gzip member per record."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # no name, no time, best compression, unknown system


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One response as the example's crawler would have seen it."""

    url: str
    at: datetime
    media_type: str
    body: bytes
    modified: datetime | None = None  # sent as Last-Modified
    has_etag: bool = False


def as_warc(captures: Iterable[Captured], *, filename: str) -> bytes:
    """All captures in order of time, then address, after one warcinfo record."""
    ordered = sorted(captures, key=lambda capture: (capture.at, capture.url))
    head = _record(filename, ordered)
    return b"".join([head, *(_member(_write(capture)) for capture in ordered)])


def _record(filename: str, ordered: list[Captured]) -> bytes:
    """The warcinfo record; dated as the last capture, so that it needs no clock."""
    info = {
        "software": "tests/web/builder",
        "format": "WARC File Format 1.1",
        "description": "Example archive of the COI tracker: reconstructions in own words, hosts under .example only",
    }
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")
    record = writer.create_warcinfo_record(filename, info)
    record.rec_headers.replace_header("WARC-Date", _stamp(ordered[-1].at))
    record.rec_headers.replace_header("WARC-Record-ID", _record_id("warcinfo", ordered[-1].at, filename.encode()))
    return _member(_dump(writer, record))


def _write(capture: Captured) -> bytes:
    """One response record, not yet compressed."""
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        http_headers=StatusAndHeaders("200 OK", _http_headers(capture), protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": _stamp(capture.at),
            "WARC-Record-ID": _record_id(capture.url, capture.at, capture.body),
        },
    )
    return _dump(writer, record)


def _http_headers(capture: Captured) -> list[tuple[str, str]]:
    headers = [
        ("Date", format_datetime(capture.at, usegmt=True)),
        ("Content-Type", capture.media_type),
        ("Content-Length", str(len(capture.body))),
    ]
    if capture.modified:
        headers.append(("Last-Modified", format_datetime(capture.modified.astimezone(UTC), usegmt=True)))
    if capture.has_etag:
        headers.append(("ETag", f'"{sha256(capture.body).hexdigest()[:16]}"'))
    return headers


def _dump(writer: WARCWriter, record: ArcWarcRecord) -> bytes:
    writer.write_record(record)
    return writer.out.getvalue()


def _record_id(url: str, at: datetime, body: bytes) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {_stamp(at)} {sha256(body).hexdigest()}')}>"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _member(raw: bytes) -> bytes:
    """One gzip member whose header does not depend on the machine."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = squeezer.compress(raw) + squeezer.flush()
    return _GZIP_HEAD + packed + struct.pack("<II", zlib.crc32(raw), len(raw) & 0xFFFFFFFF)
