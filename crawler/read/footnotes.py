"""Footnotes and endnotes of a paged document: taken out of the running text, and kept by the mark that cites them.

A note counts only where a raised figure in the text cites its number. Small print that nobody cites stays in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from crawler.read.clean import dehyphenated
from crawler.read.marks import FoundNote, bare, keys
from crawler.read.pdf_lines import Line

_SMALL = 0.96  # of the usual size
_STARTS = re.compile("^\\s*(?:\ufdd0(?:\\d+:)?(\\d{1,3})\ufdd1|\\[?(\\d{1,3})\\]?[.)]?(?=\\s+\\S))\\s*")
_MARKED_START = re.compile("^\\s*\ufdd0")
# An address that a line end broke: it ends with a sign that no address ends with, or goes on like one.
_BROKEN_ADDRESS = re.compile(
    r"(https?://[!-~]*[/\-_=&?.%#])\s+(?!https?:)(?=[\w%~])([!-~]*(?:[/_=&%]|[a-z]-|-[a-z]|\.html?)[!-~]*)(?=\s|$)"
)
_AFTER_YEAR = re.compile(r"(?:19|20)\d\d$")
_DIGIT = re.compile(r"\d$")
_HEADING = re.compile(
    r"^(?:\d+\.?\s+)?(?:(?:foot|end)?notes|references|sources(?:\s+and\s+notes)?|bibliography|(?:voet|eind)?noten|"
    r"bronnen(?:lijst)?|literatuurlijst|примечани[яе]|сноски|ссылки|источники|примітки|посилання|виноски|джерела|"
    r"anmerkungen|endnoten|fußnoten|quellen|notes(?:\s+de\s+fin)?|références)\s*:?$",
    re.IGNORECASE,
)
_FEWEST_ENDNOTES = 3
_LONGEST_NOTE = 16  # lines
_TIED_SHARE = 0.5  # of a list of endnotes that marks in the text must cite

Notes = dict[str, FoundNote]


def footnotes_out(pages: Sequence[Sequence[Line]], usual: float | None) -> tuple[list[list[Line]], Notes]:
    """The pages without the footnotes at their ends, and those notes by "PAGE:NUMBER"."""
    notes: Notes = {}
    kept: list[list[Line]] = []
    last: str | None = None  # the note that may go on over the page
    for number, page in enumerate(pages, start=1):
        text, zone, below = _divided(page, usual)
        kept.append(text)
        if not zone:
            last = None
            continue
        if below and last:
            notes[last] = replace(notes[last], text=_note_text([notes[last].text, *(line.text for line in below)]))
        else:
            kept[-1] = text + below
        for found, lines in _numbered(line.text for line in zone):
            last = f"{number}:{found}"
            notes[last] = FoundNote(number=found, text=_note_text(lines))
    return kept, notes


def _divided(page: Sequence[Line], usual: float | None) -> tuple[list[Line], list[Line], list[Line]]:
    """Text, footnotes, and small print above the first footnote, which is the end of a note of the page before."""
    whole = list(page)
    first = _first_note(page, usual) if usual else None
    if first is None or first.y is None:
        return whole, [], []
    top = first.y + 0.3 * (usual or 0)
    zone = [line for line in page if line.y is not None and line.y <= top]
    begins = next(at for at, line in enumerate(zone) if line is first)
    zone = zone[begins:] + zone[:begins]  # what the file wrote before the first note belongs to the last
    inside = {id(line) for line in zone}
    text = [line for line in page if id(line) not in inside]
    floor = min((line.y for line in text if line.y is not None and not _small(line, usual)), default=top)
    below = [line for line in text if line.y is not None and line.y < floor and _small(line, usual)]
    out = {id(line) for line in below}
    return [line for line in text if id(line) not in out], zone, below


def _first_note(page: Sequence[Line], usual: float | None) -> Line | None:
    """The highest line that begins with a number which the text above cites, with nothing but small print below."""
    placed = sorted((line for line in page if line.y is not None), key=lambda line: -(line.y or 0.0))
    cited: set[str] = set()
    for at, line in enumerate(placed):
        start = _STARTS.match(line.text)
        number = start and (start[1] or start[2])
        small = all(_small(other, usual) for other in placed[at:])
        if number in cited and (small or _MARKED_START.match(line.text)):
            return line
        cited |= {key.rpartition(":")[2] for key in keys(line.text) if not _is_power(line.text, key)}
    return None


def _small(line: Line, usual: float | None) -> bool:
    return bool(usual and line.size and line.size <= _SMALL * usual)


def _is_power(text: str, key: str) -> bool:
    """A raised figure behind a figure that is no year is an article or a power ("58¹", "m²" has no figure before)."""
    before = bare(text.partition(f"\ufdd0{key}\ufdd1")[0])
    return bool(_DIGIT.search(before)) and not _AFTER_YEAR.search(before)


def _numbered(lines: Iterator[str] | Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines gathered to notes: each begins with the number after the last one's, or with a raised figure."""
    number, held = None, list[str]()
    for line in lines:
        start = _STARTS.match(line)
        found = start and (start[1] or start[2])
        if start and found and (number is None or start[1] or int(found) == int(number) + 1):
            if number:
                yield number, held
            number, held = found, [line[start.end() :]]
        else:
            held.append(line)
    if number:
        yield number, held


def _note_text(lines: Sequence[str]) -> str:
    """The lines of a note as one, with addresses that a line end broke made whole."""
    text = " ".join(dehyphenated("\n".join(bare(line).replace("↩", " ") for line in lines)).split())
    while (whole := _BROKEN_ADDRESS.sub(r"\1\2", text)) != text:
        text = whole
    return text


def endnotes_out(pages: Sequence[Sequence[Line]], known: Notes) -> tuple[list[list[Line]], Notes]:
    """The pages without a list of notes at the end, and the known notes with those that marks in the text cite.

    A list counts where at least half of its numbers, which run from 1, are cited by marks, and those stand before it.
    """
    lines = [(number, line) for number, page in enumerate(pages, start=1) for line in page]
    cited: dict[str, list[tuple[int, str]]] = {}
    for at, (_, line) in enumerate(lines):
        for key in keys(line.text):
            if key not in known and not _is_power(line.text, key):
                cited.setdefault(key.rpartition(":")[2], []).append((at, key))
    first = min((at for places in cited.values() for at, _ in places), default=0)
    for begin in _list_begins([line for _, line in lines], first) if len(cited) >= _FEWEST_ENDNOTES else ():
        listed, end = _listed(lines, begin)
        tied = {key: n for n in listed for at, key in cited.get(n, ()) if at < begin}
        if len(listed) >= _FEWEST_ENDNOTES and len(set(tied.values())) >= _TIED_SHARE * len(listed):
            headed = _HEADING.match(lines[begin - 1][1].text.strip()) is not None
            out = {id(line) for _, line in lines[begin - headed : end]}
            found = {key: FoundNote(number=n, text=_note_text(listed[n])) for key, n in tied.items()}
            return [[line for line in page if id(line) not in out] for page in pages], {**known, **found}
    return [list(page) for page in pages], known


def _list_begins(lines: Sequence[Line], first: int) -> Iterator[int]:
    """Where a list of notes may begin: lines numbered 1 below the first mark, the last such first."""
    for at in range(len(lines) - 1, first, -1):
        if _number(lines[at].text) == 1:
            yield at


def _number(text: str) -> int | None:
    start = _STARTS.match(text)
    return int(start[1] or start[2]) if start else None


def _listed(lines: Sequence[tuple[int, Line]], begin: int) -> tuple[dict[str, list[str]], int]:
    """The numbered notes from here on, and where the list ends: where no further number follows, with its paragraph."""
    starts = [begin]
    while following := next(
        (at for at in range(starts[-1] + 1, min(starts[-1] + _LONGEST_NOTE, len(lines)))
         if _number(lines[at][1].text) == len(starts) + 1), None,
    ):  # fmt: skip
        starts.append(following)
    end = starts[-1] + 1
    while end < len(lines) and end < starts[-1] + _LONGEST_NOTE and _same_paragraph(lines[end - 1], lines[end]):
        end += 1
    bounds = [*starts, end]
    listed = {}
    for number, (at, until) in enumerate(pairwise(bounds), start=1):
        text = lines[at][1].text
        start = _STARTS.match(text)
        listed[str(number)] = [text[start.end() if start else 0 :], *(line.text for _, line in lines[at + 1 : until])]
    return listed, end


def _same_paragraph(one: tuple[int, Line], other: tuple[int, Line]) -> bool:
    (page, above), (next_page, below) = one, other
    if page != next_page or above.y_end is None or below.y is None or not below.size or not above.size:
        return False
    return 0 < above.y_end - below.y < 1.5 * below.size and below.size <= 1.1 * above.size
