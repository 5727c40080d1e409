"""Lines of a page: from what the child process says to lines with their footnote marks in place."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler.read.clean import clean
from crawler.read.hyphens import Hyphens
from crawler.read.marks import mark

_FIGURE = re.compile(r"^\s*(\d{1,3})\s*$")
_SMALLER = 0.9  # of the size of what stands beside it
_LEVEL = 0.25  # of the size: baselines that differ less are one line
_RAISED = (0.12, 0.95)  # of the size: how much higher a mark stands than its line
_LABEL = re.compile(r"^\s*(?:[•●▪■◦‣·–—*o-]|\(?[\dA-Za-z]{1,3}[.)]?|\d{1,2}(?:\.\d{1,2})+\.?)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as the engine gave it; places in points, None where unknown."""

    text: str
    x: float | None = None
    y: float | None = None  # baseline, from below
    x_end: float | None = None  # where its last character begins
    y_end: float | None = None  # baseline of the last character; lower where a broken word was joined
    size: float | None = None
    bold: bool = False  # a short line in bold type
    cells: tuple[tuple[float, str], ...] = ()  # x and text of its parts, where wide gaps divide it
    row: bool = False  # a row of a table, its cells parted by " | "


def lines_of_pages(pages: Sequence[Mapping[str, Any]]) -> list[list[Line]]:
    """The lines of every page as the child gave them: joined words closed, footnote marks where they stand.

    The key of a mark is "PAGE:NUMBER".
    """
    rows: list[list[Any]] = [page.get("lines") or [] for page in pages]
    hyphens = Hyphens.of(row[0] for page in rows for row in page)
    return [
        list(_with_marks([_line(row, number, hyphens) for row in page], number))
        for number, page in enumerate(rows, start=1)
    ]


def usual_size(pages: Sequence[Sequence[Line]]) -> float | None:
    """The type size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            if line.size:
                sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else None


def _line(row: Sequence[Any], page: int, hyphens: Hyphens) -> Line:
    text = row[0]
    if len(row) == 1:
        return Line(text=_shown(text, hyphens))
    _, x, y, x_end, y_end, size, bold, marks, gaps = row
    cells: tuple[tuple[float, str], ...] = ()
    leads = bool(marks) and not text[: marks[0][0]].strip()  # the size and height are the mark's, not the line's
    if not marks and not gaps:
        shown = _shown(text, hyphens)
    else:
        if len(gaps) == 1 and _LABEL.match(text[: int(gaps[0][0])]):  # a bullet or a number, and its text
            gaps = ()
        cells = _cells(text, x, marks, gaps, page, hyphens)
        shown = " ".join(cell for _, cell in cells)
    if not leads and marks and marks[-1][1] >= len(text.rstrip()):
        y_end = y  # it ends with a raised mark
    elif leads:
        y = y_end
    return Line(text=shown, x=x, y=y, x_end=x_end, y_end=y_end, size=size, bold=bold, cells=cells if gaps else ())


def _cells(
    text: str, x: float, marks: Sequence[Sequence[int]], gaps: Sequence[Sequence[float]], page: int, hyphens: Hyphens
) -> tuple[tuple[float, str], ...]:
    """The line cut at its gaps, each part with its marks in place of its raised figures."""
    cells = []
    edges = [(0, x), *((int(offset), place) for offset, place in gaps)]
    for number, (start, place) in enumerate(edges):
        end = edges[number + 1][0] if number + 1 < len(edges) else len(text)
        parts, at = [], start
        for first, last in marks:
            if start <= first < end:
                parts += [_shown(text[at:first], hyphens), mark(f"{page}:{text[first:last].strip()}")]
                at = last
        cells.append((place, ("".join(parts) + _shown(text[at:end], hyphens)).rstrip()))
    return tuple(cells)


def _shown(text: str, hyphens: Hyphens) -> str:
    return clean(hyphens.joined(text)).rstrip()


def _with_marks(lines: Sequence[Line], page: int) -> Iterator[Line]:
    """Lines that are a raised figure and nothing else become marks of the line before; what follows them goes on."""
    held: Line | None = None
    open_ended = False  # whether the held line ends with a mark, behind which the engine may have broken it
    for line in lines:
        figure = _FIGURE.match(line.text)
        if held and figure and _raised(line, held):
            held = replace(_glued(held, mark(f"{page}:{figure[1]}"), line), y_end=held.y_end)
            open_ended = True
            continue
        if held and (leading := _FIGURE.match(held.text)) and _raised(held, line, before=True):
            held = replace(line, text=mark(f"{page}:{leading[1]}") + " " + line.text.lstrip(), cells=())
        elif held and _goes_on(held, line, open_ended):
            apart = " " if line.text[:1].isspace() else ""
            held = _glued(held, apart + line.text.lstrip(), line)
        else:
            if held:
                yield held
            held = line
        open_ended = held.text.endswith("\ufdd1")
    if held:
        yield held


def _glued(held: Line, text: str, line: Line) -> Line:
    """The line with what stands right behind it; a gap in either is a gap in both together."""
    if not held.cells and not line.cells:
        return replace(held, text=held.text + text, x_end=line.x_end, y_end=line.y_end)
    first = text.removesuffix(" ".join(cell for _, cell in line.cells[1:])) if line.cells else text
    *cells, (x, last) = held.cells or ((held.x or 0.0, held.text),)
    whole = (*cells, (x, last + first.rstrip()), *line.cells[1:])
    return replace(held, text=held.text + text, x_end=line.x_end, y_end=line.y_end, cells=whole)


def _raised(figure: Line, line: Line, *, before: bool = False) -> bool:
    """Whether a small figure stands right behind the end (or before the beginning) of the line, and higher."""
    level, beside = (line.y, line.x) if before else (line.y_end, line.x_end)
    if figure.y is None or figure.x is None or level is None or beside is None or not figure.size or not line.size:
        return False
    up, away = figure.y - level, beside - figure.x if before else figure.x - beside
    low, high = _RAISED
    near = -3 < away < 4 * line.size
    return near and figure.size <= _SMALLER * line.size and low * line.size < up < high * line.size


def _goes_on(held: Line, line: Line, open_ended: bool) -> bool:
    """Whether the line stands right behind the held one, at its height, where one ends or begins with a mark."""
    if not open_ended and not line.text.startswith("\ufdd0"):
        return False
    if held.y_end is None or line.y is None or held.x_end is None or line.x is None or not held.size:
        return False
    return abs(held.y_end - line.y) < _LEVEL * held.size and -3 < line.x - held.x_end < 4 * held.size
