"""Running headers and footers, and page numbers: lines at the edges of pages that return from page to page."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from crawler.read.pdf_lines import Line

_NUMBER = re.compile(r"\d{1,6}")
_EDGE_LINES = 3  # lines at the top and at the bottom of a page that may be a running header or footer
_PAGE_NUMBER = re.compile(
    r"^[\s–—|-]*+(?:(?:page|pagina|blz\.?|стр\.?|стор\.?|с\.|seite|s\.)\s*)?(\d{1,4})"
    r"(?:\s*(?:/|of|van|из|з|von|sur)\s*\d+)?(?:\s*+(?:\|\s*+)?(?:page|pagina|p\s*a\s*g\s*e))?[\s–—|-]*$",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"^[\s–—-]*[ivxl]{1,7}[\s–—-]*$")
_COVERS = 30  # pages by which printed numbers may lag behind
_FEWEST_PAGES = 4  # below this nothing can be called running
_RETURNS = 3  # times, on this page and the next or the next but one, and it is running: also on odd pages only
_CHANGING = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d\d:\d\d|\b\d{1,2}\s+[^\W\d_]{3,10}\s+(?:19|20)\d\d\b")


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without page numbers and without the lines at their edges that return on at least three pages.

    The same line, at the same height, on pages that follow each other or the next but one (odd and even pages may
    differ, and chapters). Numbers that run with the pages, and dates of printing, may change.
    """
    pages = [_without_number(page, number) for number, page in enumerate(pages, start=1)]
    if len(pages) < _FEWEST_PAGES:
        return [list(page) for page in pages]
    edges = [[(line, _shapes(line, number)) for line in _edges(page)] for number, page in enumerate(pages, start=1)]
    seen: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(edges, start=1):
        for shape in {shape for _, shapes in found for shape in shapes}:
            seen[shape].append(number)
    running = {shape for shape, numbers in seen.items() if _returns(numbers)}
    kept = []
    for page, found in zip(pages, edges, strict=True):
        out = {id(line) for line, shapes in found if running & shapes}
        kept.append([line for line in page if id(line) not in out])
    return kept


def _returns(numbers: Iterable[int]) -> bool:
    run = 1
    for before, after in pairwise(numbers):
        run = run + 1 if after - before <= 2 else 1
        if run >= _RETURNS:
            return True
    return False


def _without_number(page: Sequence[Line], number: int) -> list[Line]:
    """The page without a line at its top or bottom that holds its number and nothing else."""
    shown = [line for line in page if line.text.strip()]
    by_height = sorted(shown, key=lambda line: -(line.y or 0))
    for line in {id(line): line for line in by_height[:1] + by_height[-1:] + shown[:1] + shown[-1:]}.values():
        found = _PAGE_NUMBER.match(line.text)
        numbered = found and abs(int(found[1]) - number) <= _COVERS
        if numbered or _ROMAN.match(line.text):
            shown = [other for other in shown if other is not line]
    return shown


def _edges(page: Sequence[Line]) -> list[Line]:
    """The lines that may be a header or footer: the highest and the lowest, or where unknown the first and last."""
    shown = sorted(page, key=lambda line: -(line.y or 0))
    return shown[:_EDGE_LINES] + shown[_EDGE_LINES:][-_EDGE_LINES:]


def _shapes(line: Line, page: int) -> set[str]:
    """The line, and the line with its first or last number counted from the page's: "Page 3 of 90", "Report 2022 | 3".

    Its height is a part of it. A number that does not run with the pages is a part of what is said ("2.1 Deployment",
    "2.2 Deployment"), unless it belongs to a date of printing.
    """
    text = f"{round((line.y or 0) / 4)}\t{' '.join(line.text.split())}".casefold()
    numbers = list(_NUMBER.finditer(text, text.index("\t")))
    ends = {numbers[0], numbers[-1]} if numbers else set()
    shapes = {text} | {f"{text[: n.start()]}#{int(n[0]) - page}{text[n.end() :]}" for n in ends}
    changed = _CHANGING.sub("@", line.text)
    if changed != line.text and len(line.text) < 80:
        shapes |= {f"{round((line.y or 0) / 4)}@{_NUMBER.sub('#', changed)}"}
    return shapes
