"""Reading archives made elsewhere: .warc, .warc.gz, .arc, .arc.gz, and .wacz (a zip of those).

Nothing is extracted by name and nothing is trusted: members are read by handle, bodies up to the crawl's own limit,
digests are checked, and what is damaged is named (file, offset, remedy) while the rest is read.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.foreign_record import Found, Unusable, found_in_record
from crawler.foreign_zip import Member, members
from crawler.warc import ArchiveError
from store.printable import named, printable

# The last three are what warcio stumbles over in records without an address, a type or a length.
_DAMAGE = (
    ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, OSError, ValueError, IndexError,
    AttributeError, TypeError,
)  # fmt: skip
_ONE_GZIP = "non-chunked gzip file"  # warcio's word for a file that was compressed as a whole
_BEGINNING = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/[01]\.[0-9]+\r?\n")
_LONGEST = 4096  # bytes of a beginning that are looked at
_MAX_HEAD_BYTES = 1 << 20  # of a record's or an answer's header lines, which warcio would take whole into memory


class _StrictReader(DecompressingBufferedReader):
    """warcio's reader, which ends where header lines do not, and never takes a damaged gzip member for plain bytes."""

    _head_bytes = 0
    _gzip = False  # whether the file has shown a gzip member
    _damage: ArchiveLoadFailed | None = None  # once seen, every further read says it again

    def _decompress(self, data: bytes) -> bytes:
        if self._damage:
            raise self._damage
        self._gzip = self._gzip or data.startswith(b"\x1f\x8b")
        if not (self._gzip and self.decompressor and data):
            return bytes(super()._decompress(data))
        try:
            return bytes(self.decompressor.decompress(data))
        except zlib.error as error:
            self._damage = ArchiveLoadFailed(f"damaged gzip member: {error}")
            raise self._damage from error

    def readline(self, length: int | None = None) -> bytes:
        """One line. Raises ArchiveLoadFailed when the lines since the last empty one are too long."""
        most = _MAX_HEAD_BYTES + 1
        line: bytes = super().readline(most if length is None else min(length, most))
        self._head_bytes = self._head_bytes + len(line) if line.strip() else 0
        if self._head_bytes > _MAX_HEAD_BYTES:
            self._head_bytes = 0
            raise ArchiveLoadFailed(f"header lines of more than {_MAX_HEAD_BYTES} bytes; not taken")
        return line


def found_in(path: Path, problems: list[str]) -> Iterator[Found]:
    """Every GET response of an archive file, in its order; what cannot be read is added to `problems`.

    Raises ArchiveError where the file is no archive at all.
    """
    with path.open("rb") as source:
        head = source.read(5)
        if not head:
            raise ArchiveError(f"{printable(str(path))}: an empty file; make the archive again")
        inside = members(path, problems) if head.startswith(b"PK\x03\x04") else iter([Member(source, named(path.name))])
        for member in inside:
            yield from _in_warc(member, problems)


def _in_warc(member: Member, problems: list[str]) -> Iterator[Found]:
    """The responses among the records, in their order."""
    posts = _not_gets(member)
    for record, where in _records(member, problems):
        headers = record.rec_headers
        ids = {headers.get_header("WARC-Record-ID"), headers.get_header("WARC-Concurrent-To")}
        url = (headers.get_header("WARC-Target-URI") or "").strip("<> ")
        wanted = record.rec_type in ("response", "resource", "revisit") and url.startswith(("http://", "https://"))
        if not wanted or ids & posts:
            continue
        try:
            yield found_in_record(record, url, only_body=member.only_bodies)
        except Unusable as error:
            problems.append(f"{where}: {url}: {error}")
        except ArchiveLoadFailed:
            continue  # the reader says it again to _records, which names the place and goes on behind it


def _records(member: Member, problems: list[str]) -> Iterator[tuple[ArcWarcRecord, str]]:
    """Records with where they stand; after damage the search goes on at the next beginning of a record."""
    source, label = member.source, member.label
    offset = 0 if member.whole else _next_record(source, 0)
    while offset is not None:
        source.seek(offset)
        records = ArchiveIterator(source, arc2warc=True, check_digests=True)
        records.reader = _StrictReader(source)
        try:
            last = offset
            for record in records:
                last = records.offset
                yield record, f"{label}: offset {last}"
            if (at := _breaks_off(source, last)) is not None:
                problems.append(
                    f"{label}: breaks off inside the record at offset {at}; it was not copied to its end: make or "
                    "fetch it again, and take it in again. What is whole was read"
                )
            return
        except _DAMAGE as error:
            at = max(offset, records.offset)
            words = " ".join(str(error).split()) or type(error).__name__
            problems.append(
                f"{label}: unreadable at offset {at} ({words[:300]}); "
                "repair it with 'warcio recompress' or make the archive again; what else can be read is read"
            )
            if _ONE_GZIP in words and not isinstance(source, gzip.GzipFile):
                source.seek(0)
                inner = gzip.GzipFile(fileobj=source)
                yield from _records(Member(inner, f"{label} (decompressed)", only_bodies=member.only_bodies), problems)
                return
            offset = _next_record(source, at + 1)


def _breaks_off(source: IO[bytes] | gzip.GzipFile, offset: int) -> int | None:
    """Where the gzip member begins in which a file ends too early; looked for from a member's beginning on."""
    source.seek(offset)
    member, at, position = zlib.decompressobj(zlib.MAX_WBITS | 16), offset, offset
    data = source.read(1 << 16)
    if not data.startswith(b"\x1f\x8b"):
        return None
    while data:
        position += len(data)
        while data:
            member.decompress(data, 1 << 20)
            data = member.unconsumed_tail or member.unused_data
            if member.eof:
                member, at = zlib.decompressobj(zlib.MAX_WBITS | 16), position - len(data)
        data = source.read(1 << 16)
    return at if at < position else None


def _not_gets(member: Member) -> set[str]:
    """Record ids that belong to requests other than GET: their answers do not answer a GET."""
    found: set[str] = set()
    for record, _ in _records(member, []):  # what is damaged is told when the answers are read
        http = record.http_headers
        if record.rec_type == "request" and http is not None and http.protocol.upper() != "GET":
            headers = record.rec_headers
            found |= {headers.get_header("WARC-Record-ID"), headers.get_header("WARC-Concurrent-To")}
    return found - {None}


def _next_record(source: IO[bytes] | gzip.GzipFile, offset: int) -> int | None:
    """Where the next record begins, searching from an offset: a gzip member that holds one, or its plain first line."""
    tail, at = b"", offset
    try:
        source.seek(offset)
        while chunk := source.read(1 << 20):
            data = tail + chunk
            for match in _BEGINNING.finditer(data):
                if _holds_record(data[match.start() : match.start() + _LONGEST]):
                    return at - len(tail) + match.start()
            tail, at = data[-_LONGEST:], at + len(chunk)
    except _DAMAGE:
        return None  # a compressed stream that breaks off: nothing behind it can be reached
    return None


def _holds_record(data: bytes) -> bool:
    if data.startswith(b"WARC/"):
        return True
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, 64).startswith(b"WARC/")
    except zlib.error:
        return False
