"""Papers as PDF: one section per sheet, so that what stands on which page is decided by the text and not by a font.

A section is divided from the next by a line of three dashes. Only the fonts that every PDF reader has are used, nothing
is compressed and no clock is read: the same text gives the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

_LEFT, _TOP, _BOTTOM, _WIDTH = 72.0, 760.0, 96.0, 451.0  # points; A4 is 595 x 842
_FONT, _BOLD, _SIZE, _LEADING = "Times-Roman", "Times-Bold", 11.5, 16.0
_VOWELS = "aeiouyë"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line on paper; `gap` is the white space before it in lines."""

    text: str
    font: str = _FONT
    size: float = _SIZE
    gap: float = 0.0


def paper_pdf(text: Path, *, title: str, author: str, published: date, mark: str) -> bytes:
    """The PDF of one text file; raise ValueError when a section does not fit on its sheet."""
    sections = [part.strip() for part in text.read_text("utf-8").split("\n---\n")]
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=0, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject(mark)
    canvas.setDateFormatter(lambda *_: f"D:{published:%Y%m%d}100000+00'00'")
    for number, section in enumerate(sections, start=1):
        _frame(canvas, title, mark, number, len(sections))
        if _draw(canvas, section) < _BOTTOM:
            raise ValueError(f"{text.name}: section {number} ({section[:40]!r}) does not fit on one sheet; shorten it")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _frame(canvas: Canvas, title: str, mark: str, number: int, last: int) -> None:
    """Running header and footer, with the mark on every sheet."""
    canvas.setFont("Helvetica", 8)
    canvas.drawString(_LEFT, 800, title)
    canvas.line(_LEFT, 794, _LEFT + _WIDTH, 794)
    canvas.drawRightString(_LEFT + _WIDTH, 60, f"Page {number} of {last}")
    canvas.setFont("Helvetica", 6.5)
    canvas.drawString(_LEFT, 46, mark)


def _draw(canvas: Canvas, section: str) -> float:
    """Draw one section; return how far down the sheet it came, in points."""
    at = _TOP
    for line in _lines(section):
        at -= line.gap * _LEADING
        canvas.setFont(line.font, line.size)
        canvas.drawString(_LEFT, at, line.text)
        at -= _LEADING
    return at


def _lines(section: str) -> Iterator[Line]:
    """Headings ('# ', '## '), list items ('- '), lines kept apart ('| ') and wrapped paragraphs."""
    for block in section.split("\n\n"):
        if block.startswith("# "):
            yield from _wrapped(block[2:], _BOLD, 15.0, gap=0.3)
        elif block.startswith("## "):
            yield from _wrapped(block[3:], _BOLD, 12.0, gap=0.8)
        elif block.startswith("| "):
            yield from (Line(text=row.removeprefix("| "), gap=0.1) for row in block.split("\n"))
        elif block.startswith("- "):
            for row in block.split("\n- "):
                yield from _wrapped(f"- {row.removeprefix('- ')}", _FONT, _SIZE, gap=0.15)
        else:
            yield from _wrapped(block, _FONT, _SIZE, gap=0.6)


def _wrapped(text: str, font: str, size: float, *, gap: float) -> Iterator[Line]:
    """The words on lines of the given width; a long word at the end of a line is broken with a hyphen."""
    row = ""
    for word in text.split():
        trial = f"{row} {word}".strip()
        if stringWidth(trial, font, size) <= _WIDTH:
            row = trial
            continue
        head = _hyphenate(word, _WIDTH - stringWidth(f"{row} -", font, size), font, size)
        yield Line(text=f"{row} {head}-" if head else row, font=font, size=size, gap=gap)
        row, gap = word[len(head) :], 0.0
    yield Line(text=row, font=font, size=size, gap=gap)


def _hyphenate(word: str, room: float, font: str, size: float) -> str:
    """The longest head of a long plain word that fits and ends on vowel + consonant; '' when there is none."""
    if len(word) < 9 or not word.isalpha():
        return ""
    for cut in range(len(word) - 4, 3, -1):
        ends_well = word[cut - 2] in _VOWELS and word[cut - 1] not in _VOWELS and word[cut] not in _VOWELS
        if ends_well and stringWidth(word[:cut], font, size) <= room:
            return word[:cut]
    return ""
