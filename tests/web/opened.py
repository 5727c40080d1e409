"""The example archive taken apart again, for tests: its responses, its raw records, the sheets of its papers."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
from warcio.archiveiterator import ArchiveIterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response of the archive; `at` as WARC writes it (UTC)."""

    url: str
    at: str
    media_type: str
    body: bytes

    @property
    def host(self) -> str:
        """The host of its address."""
        return str(urlsplit(self.url).hostname)

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.media_type.startswith("text/html")


def responses_of(archive: Path) -> Iterator[Response]:
    """Every response in the order of the file."""
    with archive.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                yield Response(
                    url=record.rec_headers.get_header("WARC-Target-URI"),
                    at=record.rec_headers.get_header("WARC-Date"),
                    media_type=record.http_headers.get_header("Content-Type"),
                    body=record.content_stream().read(),
                )


def unpacked(archive: bytes) -> list[tuple[str, bytes]]:
    """Every record as its headers and its content, without the compression around them."""
    return [
        (record.rec_headers.to_str(), record.raw_stream.read())
        for record in ArchiveIterator(BytesIO(archive), no_record_parse=True)
    ]


def sheets(paper: bytes) -> list[str]:
    """The text of each sheet of a PDF."""
    return [sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(paper)]
