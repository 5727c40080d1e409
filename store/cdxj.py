"""The index of a WACZ: CDXJ lines in the order of their SURT keys, packed as ZipNum. Pure: bytes out, nothing read."""

import json
import re
import zlib
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from store.archive_read import Record
from store.model import Capture

INDEX, SUMMARY = "index.cdx.gz", "index.idx"
_LINES = 1000  # in one gzip member: a reader inflates one to find a line
_WWW = re.compile(r"^www\d*\.")


def surt(url: str) -> str:
    """An address as a key that sorts by host: without scheme, www. and default port, lower case, query in order.

    >>> surt("https://www.Example.org/A/b/?b=2&a=1")
    'org,example)/a/b?a=1&b=2'
    >>> surt("http://example.org:8080")
    'org,example:8080)/'
    """
    parts = urlsplit(url)
    host = _WWW.sub("", (parts.hostname or "").lower())
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}.get(parts.scheme) else ""
    key = ",".join(reversed(host.split("."))) if ":" not in host else host
    query = "&".join(sorted(parts.query.lower().split("&")))
    path = "/" + parts.path.lower().strip("/")
    return f"{key}{port}){path}" + (f"?{query}" if query else "")


def line(capture: Capture, record: Record, *, file: str, offset: int) -> str:
    """The CDXJ line of a record that lies in `file` (its name inside archive/) at `offset`."""
    at = "".join(char for char in capture.fetched_at if char.isdigit())
    media_type = capture.media_type.partition(";")[0].strip().lower() or "application/octet-stream"
    said = {
        "url": capture.url,
        "mime": "warc/revisit" if record.kind == "revisit" else media_type,
        "status": str(record.status or capture.status),
        "digest": f"sha256:{capture.sha256}",
        "length": str(record.length),
        "offset": str(offset),
        "filename": file,
    }
    return f"{surt(capture.url)} {at} {json.dumps(said)}"


def packed(lines: Sequence[str]) -> tuple[bytes, bytes]:
    """The lines as (index.cdx.gz, index.idx): gzip members of 1000 lines, and where each begins."""
    ordered = sorted(lines, key=str.encode)
    index, head = b"", {"format": "cdxj-gzip-1.0", "filename": INDEX}
    summary = [f"!meta 0 {json.dumps(head)}"]
    for first in range(0, len(ordered), _LINES):
        block = "".join(f"{one}\n" for one in ordered[first : first + _LINES]).encode()
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        member = packer.compress(block) + packer.flush()
        place = {"offset": len(index), "length": len(member), "digest": f"sha256:{sha256(member).hexdigest()}"}
        summary.append(" ".join([*ordered[first].split(" ", 2)[:2], json.dumps(place)]))
        index += member
    return index, "".join(f"{one}\n" for one in summary).encode()
