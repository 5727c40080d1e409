"""One record of a foreign archive as an exchange of ours: decoded, checked against its digests, or refused in words."""

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

import brotli  # type: ignore[import-untyped]  # it has none
from w3lib.url import safe_url_string
from warcio.recordloader import ArcWarcRecord

from crawler.warc import MAX_BODY_BYTES, Exchange
from store.clock import instant

_PLAIN = ("", "identity", "none", "binary", "utf-8")  # words that servers write where there is no encoding
_UNDONE = ("gzip", "x-gzip", "deflate", "br")
_FIRST_YEAR = 1990  # of the web
_ODD_CLOCK = timedelta(days=1)  # a capture claims no later time: it would count as the newest state for ever
_BLOCK, _PAYLOAD = "block digest failed", "payload digest failed"  # warcio's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One response of an archive; of a revisit record, the exchange has no body but says where it stands."""

    exchange: Exchange
    digest: str | None
    revisit: bool = False
    refers_to_url: str | None = None
    refers_to_at: str | None = None  # instant
    only_body: bool = False  # came along for the sake of revisits: no part of the archive's own time


class Unusable(ValueError):
    """This record is not taken; the message says why."""


def found_in_record(record: ArcWarcRecord, address: str, *, only_body: bool = False) -> Found:
    """A response, resource or revisit record as what it says. Raises Unusable."""
    headers = record.rec_headers
    raw = _raw(record)
    revisit = record.rec_type == "revisit"
    body = b"" if revisit else _decoded(record, raw)
    if not revisit:
        _check_digests(record, body)
    refers_to_at = headers.get_header("WARC-Refers-To-Date")
    refers_to_url = (headers.get_header("WARC-Refers-To-Target-URI") or "").strip("<> ")
    return Found(
        exchange=Exchange(
            url=_address(address),
            fetched_at=_instant(headers.get_header("WARC-Date")),
            status=_status(record),
            headers=_headers(record, revisit),
            body=body,
            record_id=headers.get_header("WARC-Record-ID"),
            ip=headers.get_header("WARC-IP-Address"),
        ),
        digest=headers.get_header("WARC-Payload-Digest"),
        revisit=revisit,
        refers_to_url=_address(refers_to_url) if refers_to_url.startswith(("http://", "https://")) else None,
        refers_to_at=_instant(refers_to_at) if refers_to_at else None,
        only_body=only_body,
    )


def _address(url: str) -> str:
    """As the crawl asks for it: escaped, without a fragment."""
    try:
        return safe_url_string(url).partition("#")[0]
    except ValueError as error:
        raise Unusable(f"no address ({error}); not taken") from error


def _raw(record: ArcWarcRecord) -> bytes:
    try:
        raw: bytes = record.raw_stream.read(MAX_BODY_BYTES + 1)
    except ValueError as error:  # binascii.Error among them
        raise Unusable(f"its digest cannot be read ({error}); not taken") from error
    if len(raw) > MAX_BODY_BYTES:
        raise Unusable(f"body of more than {MAX_BODY_BYTES} bytes; not taken")
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise Unusable("the record is cut short; make the archive again")
    return raw


def _status(record: ArcWarcRecord) -> int:
    if record.http_headers is None:
        if record.rec_type == "response":
            raise Unusable("a response without HTTP headers; not taken")
        return 200
    code = record.http_headers.get_statuscode()
    if not (code.isascii() and code.isdigit() and len(code) == 3) or not 100 <= int(code) <= 599:
        raise Unusable(f"HTTP status {code!r}; not taken")
    return int(code)


def _headers(record: ArcWarcRecord, revisit: bool) -> tuple[tuple[str, str], ...]:
    if record.http_headers is not None:
        return tuple((name, value) for name, value in record.http_headers.headers)
    return () if revisit else (("Content-Type", record.rec_headers.get_header("Content-Type") or ""),)


def _decoded(record: ArcWarcRecord, raw: bytes) -> bytes:
    """The body without transfer and content encodings, up to the limit."""
    http = record.http_headers
    encoding = (http.get_header("content-encoding") or "").strip().lower() if http else ""
    if encoding not in (*_PLAIN, *_UNDONE):
        raise Unusable(f"Content-Encoding {encoding!r}, which cannot be undone here; not taken")
    if encoding in ("br", "x-gzip"):  # warcio's own way with Brotli fails, and it does not know the old name of gzip
        http.replace_header("Content-Encoding", "gzip" if encoding == "x-gzip" else "identity")
    record.raw_stream = BytesIO(raw)
    stream, body = record.content_stream(), bytearray()
    while len(body) <= MAX_BODY_BYTES and (chunk := stream.read(1 << 16)):
        body += chunk
    whole = _unbrotli(bytes(body)) if encoding == "br" and body else bytes(body)
    if len(whole) > MAX_BODY_BYTES:
        raise Unusable(f"body of more than {MAX_BODY_BYTES} bytes when decompressed; not taken")
    return whole


def _unbrotli(data: bytes) -> bytes:
    try:
        return bytes(brotli.Decompressor().process(data, output_buffer_limit=MAX_BODY_BYTES + 1))
    except brotli.error as error:
        raise Unusable(f"its Brotli encoding is damaged ({error}); make the archive again") from error


def _check_digests(record: ArcWarcRecord, body: bytes) -> None:
    """The block digest decides; a payload digest may be of the bytes as sent, or as decoded: archivers differ."""
    said = getattr(record.digest_checker, "problems", None) or []
    payload = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    failed = [words for words in said if words.startswith((_BLOCK, _PAYLOAD))]
    if any(words.startswith(_BLOCK) for words in failed) or (failed and not _fits(payload, body)):
        raise Unusable(f"its bytes do not fit its digest ({failed[0]}); not taken: make the archive again")


def _fits(digest: str, body: bytes) -> bool:
    algorithm, _, value = digest.partition(":")
    if algorithm.lower() not in hashlib.algorithms_guaranteed or algorithm.lower().startswith("shake"):
        return False
    found = hashlib.new(algorithm.lower(), body, usedforsecurity=False)
    return value.lower() in (found.hexdigest(), b32encode(found.digest()).decode().lower())


def _instant(text: str | None) -> str:
    """A date of the archive as an instant, within the time of the web and no later than tomorrow."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError as error:
        raise Unusable(f"WARC-Date {text!r} is not an instant; not taken") from error
    latest = datetime.now(UTC) + _ODD_CLOCK
    if not _FIRST_YEAR <= moment.year <= latest.year:
        raise Unusable(f"WARC-Date {text!r} is not of a year from {_FIRST_YEAR} to now; not taken")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if aware > latest:
        raise Unusable(f"WARC-Date {text!r} lies in the future; not taken: correct it in the archive")
    return instant(aware)
