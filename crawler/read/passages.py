"""Cutting a text into passages: the citable pieces that tags, evidence and decisions hang on.

A passage must survive an edit elsewhere in its document (design §3.4). So every cut is decided by what stands next to
it, and where pieces have to be grouped, the groups end at pieces chosen by their own content and fall back into step.
"""

import re
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.read.clean import clean, normalised
from crawler.read.marks import FoundNote, resolved, taken_out, with_notes
from crawler.read.model import ReadPassage

__all__ = ["Block", "compose", "normalised", "split"]

SHORT = 40  # characters; a paragraph below this says too little to be judged alone
RUN = 120  # characters; so many short lines together are a passage (a list) of their own
LIMIT = 1200  # characters; above this a reader can no longer see at a glance what a tag refers to
LEAST = 300  # characters; a piece of a long paragraph does not end before this
HEADING_LIMIT = 200  # characters; "headings" above this are paragraphs in a large font

WRAP_LIMIT = 140  # characters; people and mail programs wrap their lines before this

_BLANK_LINE = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*)+")
_SENTENCE_END = re.compile(r"(?<![.!?…؟۔])[.!?…؟۔]+[\"»”’')\]]*\s+")
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")
_RUNS_ON = re.compile(r"[\w,-]$")  # a line that ends in the middle of a sentence
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]{1,2}|art|nos?|mrs?|mss?|drs?|prof|gen|col|lt|mevr|dhr|jl|abs|bzw|resp|vgl|etc|jr|sr|"
    r"стр|рис|руб|тыс|млн|ред|див|ред|грн|inc|ltd|vol|fig)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, list item, table row or heading, as a reader of some format found it."""

    text: str
    heading: bool = False
    page: int | None = None  # 1-based


@dataclass(frozen=True, slots=True)
class _Span:
    """A block's place in the whole text."""

    start: int
    end: int
    heading: bool = False
    page: int | None = None

    @property
    def size(self) -> int:
        return self.end - self.start


def compose(
    blocks: Iterable[Block], notes: Mapping[str, FoundNote] | None = None
) -> tuple[str, tuple[ReadPassage, ...]]:
    """Blocks as one text, a blank line between them, and the passages as slices of that text.

    Marks in the blocks (`marks.mark`) are taken out; a passage gets the notes that its marks lead to.
    """
    parts: list[str] = []
    spans: list[_Span] = []
    cited: list[tuple[int, FoundNote]] = []
    at = 0
    for block in blocks:
        marked, marks = taken_out(resolved(block.text, notes or {}))
        text = clean(marked).strip() if not marks else marked.rstrip()
        if not text:
            continue
        heading = block.heading and len(text) <= HEADING_LIMIT
        spans.append(_Span(at, at + len(text), heading, block.page))
        cited += [(at + min(offset, len(text)), (notes or {})[key]) for offset, key in marks]
        parts.append(text)
        at += len(text) + 2
    text = "\n\n".join(parts)
    return text, tuple(with_notes(_passages(text, spans), cited))


def split(text: str, page: int | None = None) -> tuple[ReadPassage, ...]:
    """Passages of a plain text whose paragraphs stand apart by blank lines, or are one long line each.

    `text[start:end] == passage.text` always. Every non-space character is in exactly one passage or is a
    heading of one. Same text, same passages.
    """
    spans = [_Span(start, end, page=page) for start, end in _paragraphs(text)]
    return tuple(_passages(text, [_as_heading(text, spans, index) for index in range(len(spans))]))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end, following in [(m.start(), m.end()) for m in _BLANK_LINE.finditer(text)] + [(len(text), len(text))]:
        yield from _lines_or_whole(text, start, end)
        start = following


def _lines_or_whole(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The chunk as one paragraph where it was wrapped by hand; else each of its lines is one."""
    chunk = text[start:end]
    lines = chunk.split("\n")
    if _is_wrapped(lines):
        lines = [chunk]
    for line in lines:
        inner = line.strip()
        if inner:
            offset = start + len(line) - len(line.lstrip())
            yield offset, offset + len(inner)
        start += len(line) + 1


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines are pieces of one paragraph: all are short, or most run on into the next.

    The length alone does not tell: an address or a word made whole again can stretch one line of a wrapped paragraph.
    """
    if max(map(len, lines)) <= WRAP_LIMIT:
        return True
    shown = [line.strip() for line in lines if line.strip()]
    running = sum(_RUNS_ON.search(line) is not None and after[0].islower() for line, after in pairwise(shown))
    return running > 0 and 2 * running >= len(shown) - 1


def _as_heading(text: str, spans: Sequence[_Span], index: int) -> _Span:
    """In plain text a heading is a short single line without a full stop or colon, with a paragraph after it."""
    span = spans[index]
    line = text[span.start : span.end]
    alike = (
        span.size <= 100
        and "\n" not in line
        and ":" not in line
        and 2 <= len(line.split()) <= 14
        and (line[0].isupper() or line[0].isdigit())
        and (line[-1].isalnum() or line[-1] in "?)’'\"”»")
    )
    followed = index + 1 < len(spans)
    return _Span(span.start, span.end, True, span.page) if alike and followed else span


def _passages(text: str, spans: Sequence[_Span]) -> Iterator[ReadPassage]:
    for heading, body in _sections(text, spans):
        for group in _groups(body):
            for start, end in _pieces(text, group[0].start, group[-1].end):
                yield ReadPassage(text=text[start:end], start=start, end=end, page=group[0].page, heading=heading)


def _sections(text: str, spans: Sequence[_Span]) -> Iterator[tuple[str | None, list[_Span]]]:
    """Each heading (or several in a row, joined) with what follows it; headings that nothing follows are body."""
    headings: list[_Span] = []
    body: list[_Span] = []
    for span in spans:
        if span.heading and body:
            yield _joined(text, headings), body
            headings, body = [], []
        (headings if span.heading else body).append(span)
    if body:
        yield _joined(text, headings), body
    elif headings:
        yield None, headings


def _joined(text: str, headings: Sequence[_Span]) -> str | None:
    return " / ".join(" ".join(text[h.start : h.end].split()) for h in headings) or None


def _groups(body: Sequence[_Span]) -> Iterator[list[_Span]]:
    """Long paragraphs alone; a few short lines go with the next one (or the last); many are a list of their own."""
    run: list[_Span] = []
    waiting: list[_Span] = []  # the last long paragraph, which may still take a short line from below
    for span in body:
        if span.size < SHORT:
            if run and run[-1].page != span.page:  # what a page ends with does not go with the next page
                waiting, run = (yield from _settle(waiting, run)), []
            run.append(span)
            continue
        if run and run[-1].page != span.page:
            waiting, run = (yield from _settle(waiting, run)), []
        if waiting:
            yield waiting
        if sum(s.size for s in run) > RUN:
            yield run
            run = []
        waiting, run = [*run, span], []
    waiting = yield from _settle(waiting, run)
    if waiting:
        yield waiting


def _settle(waiting: list[_Span], run: list[_Span]) -> Generator[list[_Span], None, list[_Span]]:
    """A run that nothing follows: to the paragraph above if it is short and on the same page; else on its own."""
    if run and waiting and sum(s.size for s in run) <= RUN and waiting[0].page == run[0].page:
        return [*waiting, *run]
    if waiting:
        yield waiting
    if run:
        yield run
    return []


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch whole, or where it is too long in pieces of whole sentences."""
    if end - start <= LIMIT:
        yield start, end
        return
    first: int | None = None
    last = start
    for s, e in _sentences(text, start, end):
        if first is not None and e - first > LIMIT:
            yield first, last
            first = None
        first, last = s if first is None else first, e
        if last - first >= LEAST and end - last >= SHORT and zlib.crc32(text[s:e].encode("utf-8", "replace")) % 3 == 0:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of text[start:end] without the space between them; one without an end is cut at spaces."""
    at = start
    for match in _SENTENCE_END.finditer(text, start, end):
        following = text[match.end() : match.end() + 1]
        if following.islower() or following.isdigit():
            continue
        if _ABBREVIATION.search(text, max(at, match.start() - 6), match.start() + 1) and "\n" not in match.group():
            continue
        yield from _cut(text, at, match.start() + len(match.group().rstrip()))
        at = match.end()
    if at < end:
        yield from _cut(text, at, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence that is itself too long (a table, a list without stops) cut at line ends, or else at spaces."""
    while end - start > LIMIT:
        window = text[start : start + LIMIT]
        at = max(window.rfind("\n", LEAST), -1)
        at = at if at > 0 else _last_space(window)
        stop = start + len(text[start : start + at].rstrip())
        yield start, stop
        start += at
        start += len(text[start:end]) - len(text[start:end].lstrip())
    if start < end:
        yield start, end


def _last_space(window: str) -> int:
    found = _LAST_SPACE.search(window, LEAST)
    return found.start() if found else LIMIT
