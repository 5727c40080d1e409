"""Footnotes written out in plain text: marks in the body ("[3]", "³", "word.3"), and a list of notes at the end.

For texts that come without a reading of their own, as in `coi origins --jsonl`; documents of the store bring their
notes along.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from review.origins_types import OriginNote

LEAST_NOTES = 1
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LINE = re.compile(
    r"^[ \t]*(?:\[\^?(\d{1,4})\]:?|\((\d{1,4})\)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})|(\d{1,4})[.):]?)[ \t]+(?=\S)(.{6,})$", re.MULTILINE
)
_MARK = re.compile(r"[ \t]?\[\^?(\d{1,4})\]|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})|(?<=[^\W\d_][.,;:!?»”\")])(\d{1,4})(?=\s|$)|(?<=[^\W\d_])(\d{1,3})(?=[.,;]\s|\s+[A-ZА-ЯЁЇІЄҐ]|\s*$)", re.MULTILINE)  # fmt: skip  # noqa: E501
_HEADING = re.compile(
    r"\n[ \t]*(?:foot|end|voet|eind)?(?:notes|noten|notenapparaat|сноски|примечания|виноски|примітки|fußnoten"
    r"|references|sources|bronnen|источники|джерела|quellen|anmerkungen)[ \t]*+(?::[ \t]*+)?(?:\n[ \t]*+)?$",
    re.IGNORECASE,
)


def plain_notes(text: str) -> tuple[str, tuple[OriginNote, ...]]:
    """The text without its list of notes, and the notes in the order of their marks.

    The text as it is, and no notes, where no list at its end has the numbers that stand as marks above it.
    """
    found = list(_list(text))
    if len(found) < LEAST_NOTES:
        return text, ()
    body = text[: found[0][0]]
    said = {number: words for _, number, words in found}
    notes = tuple(_marks(body, said))
    if len({note.number for note in notes}) * 2 < len(said):
        return text, ()
    return _HEADING.sub("\n", body.rstrip() + "\n"), notes


def _list(text: str) -> Iterator[tuple[int, str, str]]:
    """The last run of numbered lines that ends the text: (offset, number, what the note says), counting up from 1."""
    lines = [(match.start(), _number(match.groups()[:4]), match.group(5)) for match in _LINE.finditer(text)]
    starts = [at for at, (_, number, _) in enumerate(lines) if number == "1"]
    if not starts:
        return
    run = lines[starts[-1] :]
    if any(int(b[1]) != int(a[1]) + 1 for a, b in pairwise(run)):
        return
    ends = [offset for offset, _, _ in run[1:]] + [len(text)]
    for (offset, number, _), end in zip(run, ends, strict=True):
        head = _LINE.match(text, offset)
        yield offset, number, text[head.start(5) if head else offset : end].strip()


def _marks(body: str, said: Mapping[str, str]) -> Iterator[OriginNote]:
    """Every mark in the body that has a note; the passage of a mark is its paragraph."""
    for match in _MARK.finditer(body):
        number = _number(match.groups())
        if number in said:
            since = body.rfind("\n", 0, match.start()) + 1
            yield OriginNote(number=number, text=said[number], since=since, at=match.start())


def _number(groups: tuple[str | None, ...]) -> str:
    return str(int(next(group for group in groups if group).translate(_SUPER)))
