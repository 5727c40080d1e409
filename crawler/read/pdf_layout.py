"""From the lines of a paged document to paragraphs and headings, without its running headers and footers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from crawler.read.clean import clean, dehyphenated
from crawler.read.passages import Block

_MARKS = re.compile("[\ufffe\x02]")  # where pdfium joined a word that a line end had broken
_NUMBER = re.compile(r"\d{1,6}")
_EDGE_LINES = 3  # lines at the top and at the bottom of a page that may be a running header or footer
_RUNNING_SHARE = 0.5  # of the pages
_PAGE_NUMBER = re.compile(
    r"^[\s–—-]*(?:page|pagina|blz\.?|стр\.?|seite)?\s*(\d{1,4})(?:\s*(?:/|of|van|из|von|sur)\s*\d+)?[\s–—-]*$", re.I
)
_COVERS = 30  # pages by which printed numbers may lag behind
_FEWEST_PAGES = 4  # below this nothing can be called running
_GAP = 1.35  # times the usual line distance: more is a new paragraph
_SAME_LINE = 0.6  # times the usual line distance: less is not a new line
_LARGER = 1.12  # times the usual size: more is a heading
_NUMBERED = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.|(?:Chapter|Hoofdstuk|Глава|Kapitel|Annex|Bijlage)\s+\S+)\s+[^\W\d_]"
)
_ENDS = re.compile(r"[.!?…:;»”\"’)\]]\s*$")
_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣·–—*-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as the engine gave it; places in points, None where unknown."""

    text: str
    x: float | None = None
    y: float | None = None  # baseline, from below
    y_end: float | None = None  # baseline of the last character; lower where a broken word was joined
    size: float | None = None


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the lines at their edges that return, page numbers apart, on half of the pages or more."""
    pages = [_without_number(page, number) for number, page in enumerate(pages, start=1)]
    if len(pages) < _FEWEST_PAGES:
        return [list(page) for page in pages]
    seen: Counter[str] = Counter()
    for number, page in enumerate(pages, start=1):
        seen.update({shape for line in _edges(page) for shape in _shapes(line, number)})
    needed = max(3, _RUNNING_SHARE * len(pages))
    running = {shape for shape, count in seen.items() if count >= needed}
    kept = []
    for number, page in enumerate(pages, start=1):
        edges = {id(line) for line in _edges(page) if running & _shapes(line, number)}
        kept.append([line for line in page if id(line) not in edges])
    return kept


def _without_number(page: Sequence[Line], number: int) -> list[Line]:
    """The page without a line at its top or bottom that holds its number and nothing else."""
    shown = [line for line in page if line.text.strip()]
    for line in shown[:1] + shown[-1:]:
        found = _PAGE_NUMBER.match(line.text)
        if found and abs(int(found[1]) - number) <= _COVERS:
            shown = [other for other in shown if other is not line]
    return shown


def _edges(page: Sequence[Line]) -> list[Line]:
    """The lines that may be a header or footer: the highest and the lowest, or where unknown the first and last."""
    shown = [line for line in page if line.text.strip()]
    shown.sort(key=lambda line: -(line.y or 0))
    return shown[:_EDGE_LINES] + shown[_EDGE_LINES:][-_EDGE_LINES:]


def _shapes(line: Line, page: int) -> set[str]:
    """The line, and the line with its first or last number counted from the page's: "Page 3 of 90", "Report 2022 | 3".

    Its height is a part of it. A number that does not run with the pages is a part of what is said ("2.1 Deployment",
    "2.2 Deployment").
    """
    text = f"{round((line.y or 0) / 4)}\t{' '.join(line.text.split())}".casefold()
    numbers = list(_NUMBER.finditer(text, text.index("\t")))
    ends = {numbers[0], numbers[-1]} if numbers else set()
    return {text} | {f"{text[: n.start()]}#{int(n[0]) - page}{text[n.end() :]}" for n in ends}


def _usual_size(pages: Sequence[Sequence[Line]]) -> float | None:
    """The type size that most of the text is set in."""
    sizes = Counter(line.size for page in pages for line in page for _ in range(len(line.text) // 20 + 1) if line.size)
    return sizes.most_common(1)[0][0] if sizes else None


def blocks_of_pages(pages: Sequence[Sequence[Line]]) -> list[Block]:
    """Paragraphs and headings with their page. A paragraph that runs on over a page end belongs to its first page."""
    usual = _usual_size(pages)
    overall = _pitch([line for page in pages for line in page]) or (usual and 1.3 * usual)
    blocks: list[Block] = []
    for number, page in enumerate(pages, start=1):
        for block in _page_blocks(page, number, usual, overall):
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
        and not _ENDS.search(last.text)
        and len(last.text) > 60
        and block.text[:1].islower()
    )


def _page_blocks(page: Sequence[Line], number: int, usual: float | None, overall: float | None) -> Iterator[Block]:
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


def _begins(paragraph: list[Line], line: Line, pitch: float | None, widest: int, usual: float | None) -> bool:
    """Whether a new paragraph begins with this line."""
    last = paragraph[-1]
    step = _step(paragraph, line)
    if step is not None and pitch and abs(step) < _SAME_LINE * pitch:  # a footnote mark stands on a line of its own
        return False
    if _BULLET.match(line.text) or _large(last, usual) != _large(line, usual):
        return True
    if (
        _NUMBERED.match(line.text)
        and len(line.text) < 100
        and (_ENDS.search(last.text) or len(last.text) < 0.6 * widest)
    ):
        return True
    if step is not None and line.x is not None:
        room = line.size / usual if usual and line.size and _large(line, usual) else 1
        if pitch and step > _GAP * pitch * room:
            return True
        indent = line.x - min(p.x for p in paragraph if p.x is not None)
        if 6 < indent < 60 and step > 0 and (_ENDS.search(last.text) or len(last.text.strip()) < 0.6 * widest):
            return True
        if step < 0:  # a new column goes on where the old one stopped, unless a sentence ended there
            return bool(_ENDS.search(last.text)) and not line.text[:1].islower()
        return False
    ended = bool(_ENDS.search(last.text)) and len(last.text.strip()) < 0.75 * widest
    return ended or (len(paragraph) == 1 and _looks_like_heading(last.text))


def _step(paragraph: Sequence[Line], line: Line) -> float | None:
    """How far below the paragraph's last line this one stands; a raised footnote mark does not count as its last."""
    ends = [last.y_end for last in paragraph[-2:] if last.y_end is not None]
    return min(ends) - line.y if ends and line.y is not None else None


def _large(line: Line, usual: float | None) -> bool:
    return bool(usual and line.size and line.size > _LARGER * usual)


def _looks_like_heading(text: str) -> bool:
    shown = text.strip()
    return bool(_NUMBERED.match(shown)) and len(shown) < 100 and not _ENDS.search(shown) and ".." not in shown


def _block(lines: Sequence[Line], number: int, usual: float | None) -> Iterator[Block]:
    """The lines as one block: words that line ends broke made whole, line ends to spaces."""
    text = dehyphenated("\n".join(_joined(line.text) for line in lines))
    text = " ".join(clean(text).split())
    if not text:
        return
    heading = len(text) <= 160 and (
        (all(_large(line, usual) for line in lines) and not text.endswith((".", ",", ";")))
        or (len(lines) == 1 and _looks_like_heading(text) and usual is not None)
    )
    yield Block(text=text, heading=heading, page=number)


def _joined(text: str) -> str:
    """The marks of joined words out. On paper a soft hyphen that is there is seen, so it is a hyphen."""
    return _MARKS.sub("", text).replace("\u00ad", "-").rstrip()
