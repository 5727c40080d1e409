"""What stands side by side on a page: table rows stay rows, columns of text are read one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from crawler.read.clean import dehyphenated
from crawler.read.pdf_lines import Line

_SAME_X = 6.0  # points: lines that begin within these stand under each other
_APART = 20.0  # points: a cell begins at least so much further to the right than the one before
_MOST_CELL_LINES = 14  # a longer "cell" is a column
_FEWEST_COLUMN_LINES = 6
_FULL = 0.72  # of the longest line: lines of running text reach so far
_TALKATIVE = 24  # characters a line, from which a column is text and no list of figures


@dataclass(slots=True, kw_only=True)
class _Cell:
    x: float
    lines: list[Line] = field(default_factory=list)

    @property
    def top(self) -> float:
        return self.lines[0].y or 0.0

    @property
    def bottom(self) -> float:
        return self.lines[-1].y or 0.0


_Row = list[_Cell]


def in_reading_order(page: Sequence[Line], pitch: float | None) -> list[Line]:
    """The lines of a page: side-by-side columns one after the other, and each table row as one line with " | "."""
    if not pitch or (not any(line.cells for line in page) and not _jumps(page)):
        return list(page)
    rows = _rows([part for line in page for part in _parts(line)], pitch)
    ordered: list[Line] = []
    at = 0
    while at < len(rows):
        stretch = _stretch(rows, at)
        if len(stretch) == 1:
            ordered += _alone(stretch[0])
        elif _is_columns(stretch):
            ordered += [line for column in (0, 1) for row in stretch for line in row[column].lines]
        else:
            ordered += [_as_row(row) for row in stretch]
        at += len(stretch)
    return ordered


def _jumps(page: Sequence[Line]) -> bool:
    """Whether any line stands beside the one before it rather than below."""
    return any(
        a.y_end is not None and b.y is not None and a.x is not None and b.x is not None
        and b.y >= a.y_end - 1 and b.x > a.x + _APART
        for a, b in pairwise(page)
    )  # fmt: skip


def _parts(line: Line) -> list[Line]:
    """The line cut at its gaps; each part a line of its own at the same height."""
    if len(line.cells) < 2:
        return [line]
    return [
        Line(text=text, x=x, y=line.y, y_end=line.y, size=line.size, bold=line.bold)
        for x, text in line.cells
        if text.strip()
    ]


def _rows(parts: Iterable[Line], pitch: float) -> list[_Row]:
    """Lines gathered to cells (under each other) and cells to rows (beside each other, overlapping in height)."""
    rows: list[_Row] = []
    for line in parts:
        row = rows[-1] if rows else None
        if row is None or line.y is None or line.x is None or row[-1].lines[-1].y is None:
            rows.append([_Cell(x=line.x or 0.0, lines=[line])])
            continue
        cell = row[-1]
        step = cell.lines[-1].y - line.y if cell.lines[-1].y_end is None else cell.lines[-1].y_end - line.y  # type: ignore[operator]
        if abs(line.x - cell.x) <= _SAME_X and 0.5 * pitch < step < 1.6 * pitch and len(row) > 1:
            cell.lines.append(line)
        elif line.x >= cell.x + _APART and _overlaps(row, line.y, pitch):
            row.append(_Cell(x=line.x, lines=[line]))
        elif len(row) == 1 and abs(line.x - cell.x) <= _SAME_X and 0.5 * pitch < step < 1.6 * pitch:
            cell.lines.append(line)
        else:
            rows.append([_Cell(x=line.x, lines=[line])])
    return [part for row in rows for part in _parted(row, pitch)]


def _overlaps(row: _Row, y: float, pitch: float) -> bool:
    top, bottom = max(cell.top for cell in row), min(cell.bottom for cell in row)
    first = row[0]
    if len(row) == 1 and len(first.lines) > 1 and y < first.top - 0.5 * pitch:
        return y > first.bottom - 0.5 * pitch  # beside the last line of a paragraph: `_parted` looks at it again
    return bottom - 0.6 * pitch < y < top + _MOST_CELL_LINES * pitch


def _parted(row: _Row, pitch: float) -> list[_Row]:
    """Lines above the first cell's last line that have nothing beside them are a paragraph before the table."""
    if len(row) == 1 or len(row[0].lines) == 1:
        return [row]
    top = max(cell.top for cell in row[1:])
    above = [line for line in row[0].lines if (line.y or 0.0) > top + 0.6 * pitch]
    beside = [line for line in row[0].lines if (line.y or 0.0) <= top + 0.6 * pitch]
    if not above or not beside:
        return [row]
    return [[_Cell(x=row[0].x, lines=above)], [_Cell(x=row[0].x, lines=beside), *row[1:]]]


def _stretch(rows: Sequence[_Row], at: int) -> Sequence[_Row]:
    """The rows from here on that are of one table: two cells or more, and two of them under each other."""
    end = at + 1
    if len(rows[at]) >= 2:
        while end < len(rows) and len(rows[end]) >= 2 and _aligned(rows[end - 1], rows[end]):
            end += 1
    return rows[at:end]


def _aligned(one: _Row, other: _Row) -> bool:
    shared = sum(any(abs(a.x - b.x) <= 2.5 * _SAME_X for b in other) for a in one)
    return shared >= 2


def _alone(row: _Row) -> list[Line]:
    """A row without others: cells only where three of them have several lines and none is a column; else as it came."""
    if len(row) >= 3 and 1 < max(len(cell.lines) for cell in row) <= _MOST_CELL_LINES:
        return [_as_row(row)]
    lines: list[Line] = []
    for cell in row:
        for line in cell.lines:
            before = lines[-1] if lines else None
            if before and cell is not row[0] and len(row[0].lines) == len(cell.lines) == 1 and before.y == line.y:
                lines[-1] = Line(
                    text=f"{before.text} {line.text}", x=before.x, y=before.y, y_end=line.y_end, size=before.size,
                    bold=before.bold and line.bold,
                )  # fmt: skip
            else:
                lines.append(line)
    return lines


def _is_columns(rows: Sequence[_Row]) -> bool:
    """Whether two columns of running text stand side by side: long lines that fill their column, on both sides."""
    if any(len(row) != 2 for row in rows) or sum(len(row[0].lines) for row in rows) < _FEWEST_COLUMN_LINES:
        return False
    for column in (0, 1):
        lengths = [len(line.text) for row in rows for line in row[column].lines]
        if median(lengths) < _TALKATIVE or sum(n >= _FULL * max(lengths) for n in lengths) < 0.55 * len(lengths):
            return False
    return max(len(cell.lines) for row in rows for cell in row) > _MOST_CELL_LINES or all(
        len(cell.lines) == 1 for row in rows for cell in row
    )


def _as_row(row: _Row) -> Line:
    cells = [" ".join(dehyphenated("\n".join(line.text for line in cell.lines)).split()) for cell in row]
    first = row[0].lines[0]
    bottom = min(cell.bottom for cell in row)
    return Line(text=" | ".join(cells), x=first.x, y=max(c.top for c in row), y_end=bottom, size=first.size, row=True)
