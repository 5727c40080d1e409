"""From the lines of a paged document to paragraphs and headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from crawler.read.clean import dehyphenated
from crawler.read.marks import bare
from crawler.read.passages import Block
from crawler.read.pdf_lines import Line, usual_size
from crawler.read.pdf_rows import in_reading_order

__all__ = ["Line", "blocks_of_pages"]

_GAP = 1.35  # times the usual line distance: more is a new paragraph
_SAME_LINE = 0.6  # times the usual line distance: less is not a new line
_LARGER = 1.12  # times the usual size: more is a heading
_MOSTLY = 0.4  # of the lines in bold: bold is the type of this document
_NUMBERED = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.|(?:Chapter|Hoofdstuk|Глава|Розділ|Kapitel|Annex|Bijlage)\s+\S+)\s+[^\W\d_]"
)
_ENDS = re.compile(r"[.!?…:;»”\"’)\]]\s*$")
_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣·–—*-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """The type that most of the document is set in."""

    size: float | None
    mostly_bold: bool  # then bold says nothing

    def large(self, line: Line) -> bool:
        return bool(self.size and line.size and line.size > _LARGER * self.size)

    def bold(self, line: Line) -> bool:
        return line.bold and not self.mostly_bold and not line.row and not line.text.startswith("http")

    def stands_out(self, line: Line) -> bool:
        return self.large(line) or self.bold(line)


def blocks_of_pages(pages: Sequence[Sequence[Line]], size: float | None = None) -> list[Block]:
    """Paragraphs, table rows and headings with their page; what runs on over a page end is its first page's.

    `size`: the type size that most of the text is set in, if the caller has counted it.
    """
    size = size or usual_size(pages)
    bold = [line.bold for page in pages for line in page]
    usual = _Type(size=size, mostly_bold=sum(bold) > _MOSTLY * len(bold))
    overall = _pitch([line for page in pages for line in page]) or (size and 1.3 * size)
    blocks: list[Block] = []
    for number, page in enumerate(pages, start=1):
        ordered = in_reading_order(page, _pitch(page) or overall)
        for block in _page_blocks(ordered, number, usual, overall):
            if blocks and _runs_on(blocks[-1], block):
                text = dehyphenated(f"{blocks[-1].text}\n{block.text}").replace("\n", " ")
                blocks[-1] = Block(text=text, page=blocks[-1].page)
            else:
                blocks.append(block)
    return blocks


def _runs_on(last: Block, block: Block) -> bool:
    """Whether a page break cut a sentence: no full stop before it and a small letter after it."""
    return (
        last.page is not None
        and block.page == last.page + 1
        and not (last.heading or block.heading)
        and not _ENDS.search(bare(last.text))
        and len(last.text) > 60
        and " | " not in last.text
        and block.text[:1].islower()
    )


def _page_blocks(page: Sequence[Line], number: int, usual: _Type, overall: float | None) -> Iterator[Block]:
    pitch = _pitch(page) or overall
    widest = max((len(line.text.strip()) for line in page), default=0)
    paragraph: list[Line] = []
    for line in page:
        if paragraph and (not line.text.strip() or _begins(paragraph, line, pitch, widest, usual)):
            yield from _block(paragraph, number, usual)
            paragraph = []
        if line.text.strip():
            paragraph.append(line)
    yield from _block(paragraph, number, usual)


def _pitch(page: Sequence[Line]) -> float | None:
    """The usual distance between two baselines of the page."""
    steps = [a.y_end - b.y for a, b in pairwise(page) if a.y_end is not None and b.y is not None]
    usual = [step for step in steps if 4 < step < 60]
    return median(usual) if usual else None


def _begins(paragraph: list[Line], line: Line, pitch: float | None, widest: int, usual: _Type) -> bool:
    """Whether a new paragraph begins with this line."""
    last = paragraph[-1]
    step = _step(paragraph, line)
    if line.row or last.row:
        return True
    if step is not None and pitch and abs(step) < _SAME_LINE * pitch:  # the engine broke one line in two
        return False
    if _BULLET.match(line.text) or usual.stands_out(last) != usual.stands_out(line):
        return True
    if (
        _NUMBERED.match(line.text)
        and len(line.text) < 100
        and (_ENDS.search(bare(last.text)) or len(last.text) < 0.6 * widest)
    ):
        return True
    if step is not None and line.x is not None:
        room = line.size / usual.size if usual.size and line.size and usual.large(line) else 1
        if pitch and step > _GAP * pitch * room:
            return True
        indent = line.x - min(p.x for p in paragraph if p.x is not None)
        if 6 < indent < 60 and step > 0 and (_ENDS.search(bare(last.text)) or len(last.text.strip()) < 0.6 * widest):
            return True
        if step < 0:  # a new column goes on where the old one stopped, unless a sentence ended there
            return bool(_ENDS.search(bare(last.text))) and not line.text[:1].islower()
        return False
    ended = bool(_ENDS.search(bare(last.text))) and len(last.text.strip()) < 0.75 * widest
    return ended or (len(paragraph) == 1 and _looks_like_heading(last.text))


def _step(paragraph: Sequence[Line], line: Line) -> float | None:
    """How far below the paragraph's last line this one stands; a raised figure does not count as its last."""
    ends = [last.y_end for last in paragraph[-2:] if last.y_end is not None]
    return min(ends) - line.y if ends and line.y is not None else None


def _looks_like_heading(text: str) -> bool:
    shown = text.strip()
    return (
        bool(_NUMBERED.match(shown))
        and len(shown) < 100
        and "http" not in shown
        and not _ENDS.search(shown)
        and ".." not in shown
    )


def _block(lines: Sequence[Line], number: int, usual: _Type) -> Iterator[Block]:
    """The lines as one block: words that line ends broke made whole, line ends to spaces."""
    text = " ".join(dehyphenated("\n".join(line.text for line in lines)).split())
    if not text:
        return
    shown = bare(text)
    heading = (
        len(shown) <= 160
        and not lines[0].row
        and (
            (all(usual.stands_out(line) for line in lines) and not shown.endswith((".", ",", ";")))
            or (len(lines) == 1 and _looks_like_heading(shown) and usual.size is not None)
        )
    )
    yield Block(text=text, heading=heading and any(map(str.isalpha, shown)), page=number)
