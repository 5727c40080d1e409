"""The original bytes of a capture, read from its WARC record and checked against its hash. Reading only.

Every file of the archive folder is written by us, one gzip member for each record (ISO 28500), whatever the archive
it came from looked like; so a record is read with one seek and one inflate, without a parser for the world's WARCs.
"""

import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from store.model import Capture

_DAMAGE = (zlib.error, EOFError, OSError, ValueError, IndexError)


class BytesLost(RuntimeError):
    """The archive does not hold the bytes that the index promises. The message names file and offset, no folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record, parsed. Field names in lower case; `status` and `headers` are those of the HTTP answer."""

    kind: str  # WARC-Type: response, revisit, resource, request, warcinfo
    fields: dict[str, str]
    status: int | None  # None: not an HTTP answer
    headers: tuple[tuple[str, str], ...]
    body: bytes
    length: int  # of its gzip member in the file, in bytes


def read_record(path: Path, offset: int) -> Record:
    """Return the WARC record whose gzip member begins at an offset in bytes.

    Raises BytesLost naming file and offset where no whole record stands there.
    """
    try:
        with path.open("rb") as source:
            source.seek(offset)
            data, length, member = bytearray(), 0, zlib.decompressobj(zlib.MAX_WBITS | 16)
            while not member.eof:
                chunk = source.read(1 << 16)
                if not chunk:
                    raise EOFError("the file ends before the record does")
                length += len(chunk)
                data += member.decompress(chunk)
        return _parsed(bytes(data), length - len(member.unused_data))
    except _DAMAGE as error:
        why = error.strerror if isinstance(error, OSError) else str(error)  # no folder: the site shows this
        raise BytesLost(
            f"no readable record at {path.name}, offset {offset} ({why or type(error).__name__})"
        ) from error


def holding_record(archive: Path, capture: Capture) -> Record:
    """Return the WARC record of a capture that holds a body (response or resource), its bytes checked.

    Give the capture that holds the body: for a revisit, the one it refers to. Raises BytesLost where the file lies
    outside the archive, is missing or damaged, or where the bytes do not fit the hash.
    """
    where = f"{capture.warc_file}, offset {capture.warc_offset}"
    record = read_record(inside(archive, capture.warc_file), capture.warc_offset)
    if record.kind not in ("response", "resource"):
        raise BytesLost(f"the record at {where} is a {record.kind}, which holds no body")
    if sha256(record.body).hexdigest() != capture.sha256:
        raise BytesLost(f"the bytes at {where} do not fit the hash {capture.sha256[:16]}… they were kept under")
    return record


def payload(archive: Path, capture: Capture) -> bytes:
    """Return the body of such a record: decoded, exactly the bytes that the capture's sha256 names."""
    return holding_record(archive, capture).body


def inside(archive: Path, name: str) -> Path:
    """The file of that name in the archive folder; a name that leads out of it is refused (BytesLost)."""
    folder = archive.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise BytesLost(f"{name!r} lies outside the archive folder")
    return path


def _parsed(data: bytes, packed: int) -> Record:
    head, _, block = data.partition(b"\r\n\r\n")
    version, *lines = head.split(b"\r\n")
    if not version.startswith(b"WARC/"):
        raise ValueError(f"begins with {version[:20]!r}, not with WARC/")
    fields = {name.lower(): value for name, value in _fields(lines)}
    length = int(fields["content-length"]) if "content-length" in fields else -1
    if not 0 <= length <= len(block):
        raise ValueError(f"its Content-Length is {fields.get('content-length')}, but {len(block)} bytes follow")
    kind, body = fields.get("warc-type", ""), block[:length]
    if kind not in ("response", "revisit"):
        return Record(kind=kind, fields=fields, status=None, headers=(), body=body, length=packed)
    head, _, body = body.partition(b"\r\n\r\n")
    answer, *lines = head.split(b"\r\n")
    status = int(answer.split()[1])
    return Record(kind=kind, fields=fields, status=status, headers=_fields(lines), body=body, length=packed)


def _fields(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    """Header lines as pairs; a line that begins with white space goes on with the one before it."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and found:
            name, before = found.pop()
            found.append((name, f"{before} {_text(line.strip())}"))
        elif b":" in line:
            name_bytes, _, value = line.partition(b":")
            found.append((_text(name_bytes.strip()), _text(value.strip())))
    return tuple(found)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
