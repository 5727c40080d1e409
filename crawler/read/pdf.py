"""PDF to text with page numbers. The engine runs in a child process under limits; here its lines become a reading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.read import extractors, ocr
from crawler.read.authorship import authors_of, document_type_of
from crawler.read.clean import one_line
from crawler.read.footnotes import endnotes_out, footnotes_out
from crawler.read.language import language_of
from crawler.read.links import addresses_in
from crawler.read.marks import bare
from crawler.read.model import Broken, Confidence, Dated, Kind, Locked, Reading, WrongShape
from crawler.read.passages import Block, compose
from crawler.read.pdf_layout import blocks_of_pages
from crawler.read.pdf_lines import Line, lines_of_pages, usual_size
from crawler.read.pdf_process import ask
from crawler.read.pdf_running import without_running
from crawler.read.period import reference_period
from crawler.read.safe_xml import seen
from crawler.read.spoken_dates import spoken_dates

MEMORY_BYTES = 1_500_000_000  # tech §4: real files of 2,415 pages fit, both decompression bombs die
WALL_S = 30.0
_ALMOST_NOTHING = 25  # characters on a page; less is a picture of a page
_MOST = 0.5  # of the pages without text: the whole document needs OCR
_FRONT = 20_000  # characters in which a report says what period it covers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paged:
    """What the child said."""

    engine: str
    pages: tuple[tuple[Line, ...], ...]
    links: tuple[str, ...]
    blank: frozenset[int]  # pages, from 1, on which nothing is painted
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]


def read_pdf(
    body: bytes,
    url: str | None = None,
    *,
    wall_s: float = WALL_S,
    memory_bytes: int = MEMORY_BYTES,
    recognise: ocr.Engine | None = None,
) -> Reading:
    """A PDF with its text, passages by page with the notes they cite, and what its first page says of it.

    Pages without text are read by `recognise` (default: `ocr.engine()`, which is there with the extra `ocr`); without
    it they are named in `pages_without_text`. Raises WrongShape for what is no PDF, Locked where a password is needed,
    Broken for a file that neither engine opens within `wall_s` seconds (the second gets half of them) and
    `memory_bytes`.
    """
    where = url or "this PDF"
    if b"%PDF" not in body[:1024]:
        raise WrongShape(
            f"{where}: {seen(body)} where a PDF was promised ({len(body)} bytes); the link may lead to a log-in page"
        )
    paged = _opened(body, where, wall_s, memory_bytes)
    empty = _empty(paged)
    recognised = ocr.recognised(body, empty, recognise or ocr.engine()) if empty else None
    if recognised is None:
        return _reading(paged, empty)
    if recognised.body is None:
        return _reading(paged, empty, (*recognised.warnings,))
    try:
        again = _opened(recognised.body, f"{where}, after OCR", wall_s, memory_bytes)
    except (Broken, Locked) as error:  # what can be read without it is still there
        return _reading(paged, empty, (*recognised.warnings, f"OCR failed: {error}"))
    still = _empty(again)
    read = [page for page in empty if page not in still]
    return _reading(again, still, (*recognised.warnings, *map(ocr.caution, read)), recognised.engine)


def _empty(paged: _Paged) -> list[int]:
    """Pages with something to see and almost nothing to read."""
    return [n for n, size in enumerate(_sizes(paged), start=1) if size < _ALMOST_NOTHING and n not in paged.blank]


def _sizes(paged: _Paged) -> tuple[int, ...]:
    return tuple(sum(len(bare(line.text).strip()) for line in page) for page in paged.pages)


def _reading(
    paged: _Paged, empty: Sequence[int], warnings: tuple[str, ...] = (), ocr_engine: str | None = None
) -> Reading:
    size = usual_size(paged.pages)
    pages, notes = endnotes_out(*footnotes_out(without_running(paged.pages), size))
    blocks = blocks_of_pages(pages, size)
    text, passages = compose(blocks, notes)
    front = [bare(line.text) for page in paged.pages[:1] for line in page]
    spoken = spoken_dates("\n".join(front))
    period = reference_period(text[:_FRONT])
    title = _title(paged.metadata, blocks)
    sizes = _sizes(paged)
    said = (note.text for note in notes.values())
    return Reading(
        kind=Kind.PDF,
        title=title,
        published=spoken.published or spoken.modified or _metadata_date(paged.metadata),
        modified=spoken.modified,
        language=language_of(text),
        text=text,
        passages=passages,
        links=addresses_in(text, *said, known=paged.links),
        document_type=document_type_of(front, title),
        authors=authors_of(front, paged.metadata.get("Author")),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        pages=sizes,
        needs_ocr=bool(sizes) and len(empty) >= _MOST * len(sizes),
        pages_without_text=tuple(empty),
        warnings=(*paged.warnings, *warnings, *_about_empty(empty, len(sizes))),
        extractor=extractors.PDF_OCR if ocr_engine else extractors.PDF,
        attributes={"engine": paged.engine} | ({"ocr": ocr_engine} if ocr_engine else {}),
    )


def _opened(body: bytes, where: str, wall_s: float, memory_bytes: int) -> _Paged:
    """By pdfium; if its process dies or refuses the file, once more by pypdf, which mends other damage."""
    reasons: list[str] = []
    for engine, limit_s in (("pdfium", wall_s), ("pypdf", wall_s / 2)):
        lines, death = ask(engine, body, limit_s, memory_bytes)
        refusal = next((line for line in lines if "error" in line), None)
        if refusal and refusal.get("kind") == "locked":
            raise Locked(f"{where}: encrypted with a password; ask the publisher for an open copy and use `coi add`")
        readable = any("page" in line and "warning" not in line for line in lines)
        if not death and not refusal and readable:
            warnings = (f"pdfium failed ({reasons[0]}), read by pypdf",) if reasons else ()
            return _paged(lines, warnings)
        reasons.append(death or (str(refusal["error"]) if refusal else "no page can be loaded"))
    raise Broken(
        f"{where}: this PDF ({len(body)} bytes) cannot be opened: pdfium: {reasons[0]}; pypdf: {reasons[1]}; "
        "fetch it again, or repair it and use `coi add`"
    )


def _paged(lines: Sequence[Mapping[str, Any]], warnings: tuple[str, ...]) -> _Paged:
    head, found = lines[0], list(warnings)
    answers = [line for line in lines if "page" in line]
    found += [f"page {line['page']} cannot be read: {line['warning']}" for line in answers if line.get("warning")]
    if head["pages"] > len(answers):
        found.append(f"only the first {len(answers)} of {head['pages']} pages were read")
    return _Paged(
        engine=str(head["engine"]),
        pages=tuple(map(tuple, lines_of_pages(answers))),
        links=tuple(dict.fromkeys(link for line in answers for link in line.get("links") or ())),
        blank=frozenset(line["page"] for line in answers if line.get("blank")),
        metadata={str(k): str(v) for k, v in head["metadata"].items()},
        warnings=tuple(found),
    )


def _title(metadata: Mapping[str, str], blocks: Sequence[Block]) -> str | None:
    """The metadata's title where the first page bears it out; else the first heading, else whatever there is."""
    first = [block for block in blocks if block.page == 1]
    declared = one_line(metadata.get("Title"))
    front = " ".join(bare(block.text) for block in first).casefold()
    if declared and declared.casefold() in front:
        return declared
    heading = next((bare(block.text) for block in first if block.heading), None)
    return heading or declared or next((bare(block.text)[:200] for block in first), None)


def _metadata_date(metadata: Mapping[str, str]) -> Dated | None:
    """The day the file was made: low confidence, files are made over."""
    for name in ("CreationDate", "ModDate"):
        found = re.match(r"D:((?:19|20)\d\d)(\d\d)(\d\d)", metadata.get(name) or "")
        if found:
            try:
                day = date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue  # a file that was made on the 31st of June; the other date may be true
            return Dated(day=day, origin="pdf-metadata", confidence=Confidence.LOW)
    return None


def _about_empty(empty: Sequence[int], total: int) -> tuple[str, ...]:
    if not empty:
        return ()
    which = ", ".join(map(str, empty[:20])) + (" ..." if len(empty) > 20 else "")
    said = f"{len(empty)} of {total} pages have almost no text (needs OCR): {which}"
    return (said if ocr.engine() else f"{said}; {ocr.REMEDY}",)
