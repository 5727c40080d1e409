"""Word files by python-docx, after a look at what they would unpack to."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias

from crawler.read import extractors
from crawler.read.authorship import authors_of, document_type_of
from crawler.read.clean import one_line
from crawler.read.docx_text import NOTE_FILES, links_of, notes_of, text_of
from crawler.read.language import language_of
from crawler.read.links import addresses_in
from crawler.read.model import Broken, Confidence, Dated, Kind, ReadError, Reading, WrongShape
from crawler.read.passages import Block, compose
from crawler.read.period import reference_period
from crawler.read.safe_xml import declares_entities, seen
from crawler.read.spoken_dates import spoken_dates

MOST_BYTES = 200_000_000  # unpacked; a report of 300 pages with pictures stays below 50 MB
MOST_RATIO = 200  # unpacked to packed; text alone stays below 20
_FRONT = 20_000  # characters in which a report says what period it covers
_TITLE_PAGE = 2000  # characters; Word files have no pages until somebody prints them
Document: TypeAlias = Any  # python-docx ships no types


# What a zip and python-docx stumble over: torn or odd packing, a missing part, a password, a false offset.
_DAMAGE = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError, RuntimeError, NotImplementedError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_docx(body: bytes, url: str | None = None) -> Reading:
    """A Word file with paragraphs, headings and tables in order, and the notes that they cite.

    Raises WrongShape for what is no Word file and Broken for a bomb or a torn file.
    """
    where = url or "this file"
    _refuse_bombs(body, where)
    from docx import Document as open_document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        document = open_document(io.BytesIO(body))
        notes, noted_links = notes_of(document)
        text, passages = compose(_blocks(document), notes)
    except (PackageNotFoundError, XMLSyntaxError, *_DAMAGE) as error:
        raise Broken(f"{where}: a Word file that cannot be opened ({error}); save it anew and use `coi add`") from error
    spoken = spoken_dates(text[:4000])
    period = reference_period(text[:_FRONT])
    properties = document.core_properties
    title = one_line(properties.title) or one_line(text.partition("\n")[0][:200])
    front = text[:_TITLE_PAGE].split("\n")
    return Reading(
        kind=Kind.DOCX,
        title=title,
        published=spoken.published or spoken.modified or _file_date(properties.created),
        modified=spoken.modified,
        language=language_of(text),
        text=text,
        passages=passages,
        links=addresses_in(
            text, *(note.text for note in notes.values()), known=(*links_of(document.part), *noted_links)
        ),
        document_type=document_type_of(front, title),
        authors=authors_of(front, properties.author),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        warnings=() if text else ("the file has no text",),
        extractor=extractors.DOCX,
    )


def _refuse_bombs(body: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            parts = [name for name in ("word/document.xml", *NOTE_FILES) if name in names]
            unpacked = sum(member.file_size for member in members)
            if "word/document.xml" not in names:
                raise WrongShape(
                    f"{where}: a zip without word/document.xml where a Word file was promised ({len(body)} bytes); "
                    "unpack it and use `coi add` on the file inside"
                )
            if unpacked > MOST_BYTES or unpacked > MOST_RATIO * max(len(body), 1):
                raise Broken(
                    f"{where}: {len(body)} bytes would unpack to {unpacked}; not opened (limits {MOST_BYTES} bytes, "
                    f"{MOST_RATIO} times); ask the sender for a plain copy"
                )
            if any(declares_entities(archive.read(part)) for part in parts):
                raise Broken(f"{where}: a Word file with XML entities is not opened; ask the sender for a plain copy")
    except zipfile.BadZipFile as error:
        raise WrongShape(f"{where}: {seen(body)} where a Word file was promised ({len(body)} bytes)") from error
    except ReadError:
        raise
    except _DAMAGE as error:
        raise Broken(
            f"{where}: a damaged Word file ({error}), {len(body)} bytes; save it anew and use `coi add`"
        ) from error


def _blocks(document: Document) -> Iterator[Block]:
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                cells = dict.fromkeys(_cell(cell) for cell in row.cells)  # merged cells come up repeatedly
                yield Block(text=" | ".join(cell for cell in cells if cell))
        else:
            style = (item.style.name or "") if item.style is not None else ""
            yield Block(text=text_of(item._p), heading=style.startswith(("Heading", "Title")))


def _cell(cell: Document) -> str:
    return " ".join(" ".join(text_of(paragraph._p) for paragraph in cell.paragraphs).split())


def _file_date(created: datetime | None) -> Dated | None:
    """The day the file was made, where it is not the template's (python-docx ships 2013-12-23)."""
    if created is None or created.replace(tzinfo=UTC) < datetime(2014, 1, 1, tzinfo=UTC):
        return None
    return Dated(day=created.date(), origin="docx-metadata", confidence=Confidence.LOW)
