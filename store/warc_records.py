"""One WARC record as bytes (ISO 28500): a gzip member of its own, without a time; the same record, the same bytes."""

import zlib
from collections.abc import Iterable
from hashlib import sha256
from uuid import uuid4

from store.printable import printable


def warcinfo(name: str, info: dict[str, str], *, made: str, record_id: str | None = None) -> bytes:
    """The record that opens a file and says what it is, as a gzip member."""
    fields = [("WARC-Record-ID", record_id or new_id()), ("WARC-Filename", name)]
    block = "".join(f"{key}: {printable(value)}\r\n" for key, value in info.items()).encode()  # a line each
    return record("warcinfo", made, fields, "application/warc-fields", block)


def record(kind: str, at: str, fields: list[tuple[str, str]], media_type: str, block: bytes) -> bytes:
    """One whole record as a gzip member of its own. The same record gives the same bytes: the gzip bears no time."""
    lines = [
        ("WARC-Type", kind),
        ("WARC-Date", at),
        *fields,
        ("WARC-Block-Digest", f"sha256:{sha256(block).hexdigest()}"),
        ("Content-Type", media_type),
        ("Content-Length", str(len(block))),
    ]
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(head("WARC/1.0", lines) + block + b"\r\n\r\n") + packer.flush()


def head(line: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """A first line and header fields, each on one line whatever stands in it, and the empty line that ends them."""
    lines = [line, *(f"{name}: {value}" for name, value in fields)]
    return "".join(f"{' '.join(text.splitlines())}\r\n" for text in lines).encode("utf-8", "replace") + b"\r\n"


def new_id() -> str:
    """A record id that no other record has."""
    return f"<urn:uuid:{uuid4()}>"
