"""Highlighting: a passage cut into pieces, each with the marks that cover it. Text goes in, the same text comes out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span of a passage (characters, end exclusive): what was found there, and in words."""

    start: int
    end: int
    kind: str  # group, country, topic, evidence
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text under the same marks; `opening` are those that begin here (to be announced once)."""

    text: str
    marks: tuple[Mark, ...] = ()
    opening: tuple[Mark, ...] = ()

    @property
    def kinds(self) -> str:
        """Class names for the style sheet."""
        return " ".join(sorted({f"m-{mark.kind}" for mark in self.marks}))

    @property
    def title(self) -> str:
        """What the marks say, once each."""
        return "; ".join(dict.fromkeys(mark.label for mark in self.marks))


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Cut a text at every edge of its marks. Marks may overlap; what lies outside the text is left out."""
    inside = [m for m in marks if 0 <= m.start < m.end <= len(text)]
    if not inside:  # most passages of a long document
        return (Piece(text=text),) if text else ()
    edges = sorted({0, len(text), *(m.start for m in inside), *(m.end for m in inside)})
    return tuple(
        Piece(
            text=text[start:end],
            marks=tuple(m for m in inside if m.start <= start and end <= m.end),
            opening=tuple(m for m in inside if m.start == start),
        )
        for start, end in pairwise(edges)
    )


def words_in(text: str, quote: str) -> tuple[int, int] | None:
    """Where quoted words stand in a text (characters, end exclusive); spaces and line breaks count as the same.

    >>> words_in("He was sent\\nacross the border.", "sent  across"), words_in("He was sent.", "was shot")
    ((7, 18), None)
    """
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return found.span() if found else None


def snippet(marked: str, opening: str, closing: str) -> tuple[tuple[str, bool], ...]:
    """A search snippet as (text, is a hit) pairs; `opening` and `closing` enclose the hits."""
    found: list[tuple[str, bool]] = []
    for index, part in enumerate(marked.split(opening)):
        hit, mark, rest = part.partition(closing)
        found += [(hit, True), (rest, False)] if index and mark else [(part, False)]
    return tuple((text, is_hit) for text, is_hit in found if text)
