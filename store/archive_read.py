"""The original bytes of a capture, read from its WARC record and checked against its hash. Reading only."""

import zlib
from hashlib import sha256
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from store.model import Capture

_DAMAGE = (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, OSError, ValueError, IndexError)


class BytesLost(RuntimeError):
    """The archive does not hold the bytes that the index promises. The message names file and offset, no folder."""


def payload(archive: Path, capture: Capture) -> bytes:
    """Return the body of a capture's WARC record: decoded, exactly the bytes that its sha256 names.

    Give the capture that holds the body: for a revisit, the one it refers to. Raises BytesLost where the file lies
    outside the archive, is missing or damaged, or where the bytes do not fit the hash.
    """
    where = f"{capture.warc_file}, offset {capture.warc_offset}"
    path = _inside(archive, capture.warc_file)
    try:
        with path.open("rb") as source:
            source.seek(capture.warc_offset)
            record = next(iter(ArchiveIterator(source)))
            body: bytes = record.raw_stream.read()
    except (*_DAMAGE, StopIteration) as error:
        raise BytesLost(f"no readable record at {where} ({type(error).__name__})") from error
    if record.rec_type not in ("response", "resource"):
        raise BytesLost(f"the record at {where} is a {record.rec_type}, which holds no body")
    if sha256(body).hexdigest() != capture.sha256:
        raise BytesLost(f"the bytes at {where} do not fit the hash {capture.sha256[:16]}… they were kept under")
    return body


def _inside(archive: Path, name: str) -> Path:
    """The file of that name in the archive folder; a name that leads out of it is refused."""
    folder = archive.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise BytesLost(f"{name!r} lies outside the archive folder")
    return path
