"""Footnote marks inside a text that is still being laid out: invisible pairs around a key, taken out at the end.

Non-characters frame them, which `clean` removes from anything that comes from outside, so no document can forge one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.read.model import Note, ReadPassage

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"[ \u00a0]?{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNote:
    """A note as a reader of some format found it: the number or sign it is cited by, and what it says."""

    number: str
    text: str


def mark(key: str) -> str:
    """The mark that cites the note with this key."""
    return f"{_OPEN}{key}{_CLOSE}"


def bare(text: str) -> str:
    """The text without its marks."""
    return _MARK.sub("", text) if _OPEN in text else text


def keys(text: str) -> list[str]:
    """Keys of the notes that the text cites, in order."""
    return _MARK.findall(text) if _OPEN in text else []


def taken_out(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The text without marks, and for each mark the offset it stood at with its key."""
    if _OPEN not in text:
        return text, ()
    parts, found, at, length = [], [], 0, 0
    for match in _MARK.finditer(text):
        parts.append(text[at : match.start()])
        length += match.start() - at
        found.append((length, match[1]))
        at = match.end()
    parts.append(text[at:])
    return "".join(parts), tuple(found)


def resolved(text: str, notes: Mapping[str, FoundNote]) -> str:
    """The text with the marks of known notes; what cites no note is shown as it was printed, as a raised figure."""
    if _OPEN not in text:
        return text
    return _MARK.sub(lambda m: m[0] if m[1] in notes else m[1].rpartition(":")[2].translate(_RAISED), text)


def with_notes(passages: Iterable[ReadPassage], cited: Sequence[tuple[int, FoundNote]]) -> Iterator[ReadPassage]:
    """The passages with the notes that were cited at these places of the text (in order).

    A mark stands behind what it belongs to: at the end of a passage it is that one's, not the next one's.
    """
    places = [place for place, _ in cited]
    begin = 0
    for passage in passages:
        begin = max(begin, bisect_left(places, passage.start))
        end = bisect_left(places, passage.end + 1)
        found = [
            Note(number=note.number, text=note.text, at=max(place - passage.start, 0))
            for place, note in cited[begin:end]
        ]
        begin = max(begin, end)
        yield replace(passage, notes=tuple(found)) if found else passage
