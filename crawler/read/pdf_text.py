"""What pdfium knows of one page: its lines with their places, raised figures, wide gaps, and the addresses it links to.

Runs in the child process. Each call into pdfium costs about a microsecond, so a line is asked for its two ends and
its size, a short one for its font, and single characters only where a footnote mark or the gap between two cells may
stand.
"""

import ctypes
import re
from typing import Any

# A figure right after a letter, a stop or a quotation mark, or at the beginning of a line; and numbers ("2022³").
_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?…»”\"’'\)\]%])\d{1,3}(?!\w)|^\s*\d{1,3}(?!\d)")
_NUMBER = re.compile(r"(?<![\d.,])\d{2,7}(?!\d)")
_BREAK = "\ufffe"  # where pdfium joined a word that a line end had broken
_RAISED = 0.15  # of the size: a mark stands so much higher than what stands beside it
_SMALLER = 0.9  # of the size
_GAP = 1.0  # ems between two words of different cells or columns; a space of a justified line stays below
_MOST_PARTS = 16  # of a line; more are single words or letters, each placed by the file
_AIRY = 0.6  # mean advance in ems above which a line has room for a gap; running text has 0.45 to 0.58
_SPACE = re.compile(r"(?<=\S)\s+(?=\S)")
_HEADING = 110  # characters; longer lines are not asked whether they are bold
_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx|sfbx|-bd", re.IGNORECASE)  # as fonts are named; their weights lie

_DRAWN = 60  # shapes on a page without text: more are letters that were drawn

Row = list[Any]


def text_lines(page: Any) -> list[Row]:  # noqa: ANN401 - pypdfium2 ships no types
    """[text, x, y, x_end, y_end, size, bold, marks, gaps] of each line of the page, in the order of the file.

    x, y: where its first character stands (points, from below); x_end, y_end: its last, lower where a broken word was
    joined. bold: a short line that begins and ends in bold type. marks: [start, end] of small raised figures; gaps:
    [offset, x] of words that begin after a wide gap.
    [text] alone on a page that is turned, where "below" is not the next line.
    """
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
        if page.get_rotation() != 0:
            return [[line] for line in text.split("\r\n") if line.strip()]
        return _Page(textpage, text).lines()
    finally:
        textpage.close()


def is_blank(page: Any) -> bool:  # noqa: ANN401
    """Whether nothing is painted on the page but a few lines: no picture, no letters drawn as shapes."""
    import pypdfium2.raw as raw

    shapes = 0
    for number in range(raw.FPDFPage_CountObjects(page)):
        kind = raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, number))
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_SHADING):
            return False
        shapes += kind == raw.FPDF_PAGEOBJ_PATH
    return shapes < _DRAWN


def links_of(document: Any, page: Any) -> list[str]:  # noqa: ANN401
    """The addresses that the page's link annotations lead to."""
    import pypdfium2.raw as raw

    at, link, found = ctypes.c_int(0), raw.FPDF_LINK(), []
    while raw.FPDFLink_Enumerate(page, at, link):
        action = raw.FPDFLink_GetAction(link)
        length = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        if length > 1:
            buffer = ctypes.create_string_buffer(length)
            raw.FPDFAction_GetURIPath(document, action, buffer, length)
            found.append(buffer.raw[: length - 1].decode("utf-8", "replace"))
    return found


class _Page:
    """One text page and the numbers that calls into pdfium fill in."""

    def __init__(self, textpage: Any, text: str) -> None:  # noqa: ANN401
        import pypdfium2.raw as raw

        self.raw, self.handle, self.text = raw, textpage.raw, text
        self.counted = textpage.count_chars() == len(text)  # else characters are numbered otherwise than the text
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.rect = tuple(ctypes.c_double() for _ in range(4))  # left, top, right, bottom
        self.matrix = raw.FS_MATRIX()
        self.name, self.flags = ctypes.create_string_buffer(128), ctypes.c_int()

    def lines(self) -> list[Row]:
        at, found = 0, []
        for line in self.text.split("\r\n"):
            if line.strip():
                found += self._rows(line, at)
            at += len(line) + 2
        return found

    def _rows(self, line: str, at: int) -> list[Row]:
        """One row for the line; more where pdfium put things that stand at different heights on one line."""
        first, last = at + len(line) - len(line.lstrip()), at + len(line.rstrip()) - 1
        if not (begin := self._origin(first)) or not (end := self._origin(last)):
            return [[line]]
        size = self._size(first)
        step = end[1] - begin[1]
        if step > _SMALLER * size or (step < -_SMALLER * size and _BREAK not in line):
            cut = self._cut(line, at, begin[1], size)
            if cut:
                return [*self._rows(line[:cut], at), *self._rows(line[cut:], at + cut)]
        marks, gaps = self._inside(line, at, begin[1], size)
        bold = len(line) < _HEADING and self._bold(first) and self._bold(last)
        places = (*begin, *end, size)
        return [[line, *(round(number, 1) for number in places), bold, marks, gaps]]

    def _inside(self, line: str, at: int, y: float, size: float) -> tuple[list[list[int]], list[list[float]]]:
        """Raised figures and wide gaps; a line that the file writes in one go has neither."""
        first = self._index(at)
        count = self._index(at + len(line) - 1) - first + 1
        parts = self.raw.FPDFText_CountRects(self.handle, first, count)
        if parts < 2:
            return [], []
        marks = [[m.start(), m.end()] for m in _MARK.finditer(line) if self._is_mark(line, at, m)]
        ends = (self._raised_end(m, at) for m in _NUMBER.finditer(line))
        marks = sorted([*marks, *(end for end in ends if end)])
        if parts <= _MOST_PARTS:
            return marks, self._gaps(line, at, y, size, parts)
        left, right = self._edge(at + len(line) - len(line.lstrip()), 0), self._edge(at + len(line.rstrip()) - 1, 1)
        airy = right - left > _AIRY * size * len(line)
        return marks, self._gaps_by_words(line, at, size) if airy else []

    def _bold(self, at: int) -> bool:
        length = self.raw.FPDFText_GetFontInfo(self.handle, self._index(at), self.name, len(self.name), self.flags)
        return length > 1 and _BOLD.search(self.name.raw[: length - 1]) is not None

    def _index(self, at: int) -> int:
        return at if self.counted else self.raw.FPDFText_GetCharIndexFromTextIndex(self.handle, at)

    def _origin(self, at: int) -> tuple[float, float] | None:
        known = self.raw.FPDFText_GetCharOrigin(self.handle, self._index(at), self.x, self.y)
        return (self.x.value, self.y.value) if known else None

    def _size(self, at: int) -> float:
        """The size of a character in points: the font's, scaled as the page scales it."""
        index = self._index(at)
        size = self.raw.FPDFText_GetFontSize(self.handle, index)
        if self.raw.FPDFText_GetMatrix(self.handle, index, self.matrix):
            size *= abs(self.matrix.d) or abs(self.matrix.b) or 1
        return float(size)

    def _cut(self, line: str, at: int, y: float, size: float) -> int | None:
        """Offset of the first word that stands at another height than the line begins at."""
        for word in re.finditer(r"\S+", line):
            place = self._origin(at + word.start())
            if word.start() and place and abs(place[1] - y) > _SMALLER * size:
                return word.start()
        return None

    def _is_mark(self, line: str, at: int, found: re.Match[str]) -> bool:
        """Whether the figure is smaller and higher than its neighbour: before it, or after it at a line's beginning."""
        first = found.start() + len(found[0]) - len(found[0].lstrip())
        if line[:first].strip():
            beside = first - 1
        else:
            rest = line[found.end() :]
            if not rest.strip():
                return False  # alone on its line; who lays out the page compares it with the line before
            beside = found.end() + len(rest) - len(rest.lstrip())
        size = self._size(at + beside)
        mark, other = self._origin(at + first), self._origin(at + beside)
        if self._size(at + first) > _SMALLER * size or not mark or not other:
            return False
        return _RAISED * size < mark[1] - other[1] < 0.9 * size

    def _raised_end(self, number: re.Match[str], at: int) -> list[int] | None:
        """The raised end of a number: the 3 of "2022" with a mark, or of an article 280 (1)."""
        font_size = self.raw.FPDFText_GetFontSize
        size = font_size(self.handle, self._index(at + number.start()))
        if font_size(self.handle, self._index(at + number.end() - 1)) > _SMALLER * size:
            return None
        size = self._size(at + number.start())
        small = next((n for n in range(number.start(), number.end()) if self._size(at + n) <= _SMALLER * size), None)
        level, high = self._origin(at + number.start()), self._origin(at + small) if small else None
        return [small, number.end()] if small and level and high and high[1] - level[1] > _RAISED * size else None

    def _gaps(self, line: str, at: int, y: float, size: float, parts: int) -> list[list[float]]:
        """Where words begin after a gap far wider than a space, between the parts that the file writes the line in."""
        gaps: list[list[float]] = []
        right: float | None = None
        words = [space.end() for space in _SPACE.finditer(line)]
        for number in range(parts):
            if not self.raw.FPDFText_GetRect(self.handle, number, *self.rect):
                continue
            left = self.rect[0].value
            if right is not None and left - right > _GAP * size:
                while words and (self._origin(at + words[0]) or (left, y))[0] < left - 0.5 * size:
                    del words[0]
                if words:
                    gaps.append([words[0], round(left, 1)])
            right = max(right or 0.0, self.rect[2].value)
        return gaps

    def _gaps_by_words(self, line: str, at: int, size: float) -> list[list[float]]:
        """The same for a line of which the file places each letter, from the places of its words."""
        edges = [
            (self._edge(at + s.start() - 1, 1), self._edge(at + s.end(), 0), s.end()) for s in _SPACE.finditer(line)
        ]
        return [[offset, round(left, 1)] for right, left, offset in edges if left - right > _GAP * size]

    def _edge(self, at: int, side: int) -> float:
        """The left (0) or right (1) edge of a character."""
        known = self.raw.FPDFText_GetCharBox(self.handle, self._index(at), *self.rect)
        return self.rect[side].value if known else 0.0
