"""Find declared words in one pass over a folded text, and say whether a rule holds around them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ahocorasick_rs import AhoCorasick, Implementation

from review.folding import Folded

Place = tuple[int, int]  # half-open, in characters of the folded text


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where the original text says it: half-open character offsets and the words themselves."""

    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One tag: what kind, which value, where in the text, which rule said so, how surely (0-1)."""

    kind: Literal["group", "country", "topic"]
    value: str
    spans: tuple[Span, ...]
    rule: str
    score: float
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A rule that holds: its id, its weight and the places that made it hold, the head first."""

    rule: str
    score: float
    places: tuple[Place, ...]


class Hits:
    """The places of every word class in one text, each list in order of its starts."""

    def __init__(self, places: Mapping[str, list[Place]]) -> None:
        self._places = places

    def of(self, name: str) -> Sequence[Place]:
        """Return the places of one class, in order; empty where it does not occur."""
        return self._places.get(name, ())

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def any_of(self, names: Iterable[str]) -> bool:
        """Say whether one of the classes occurs at all."""
        return any(name in self._places for name in names)

    def near(self, name: str, place: Place, within: int, order: str = "any") -> Place | None:
        """Return the closest place of the class within so many characters of `place` that does not overlap it."""
        spots = self._places.get(name)
        if not spots:
            return None
        start, end = place
        best, distance = None, within + 1
        at = bisect_left(spots, (start, start))
        if order != "before":
            for spot in spots[at : at + 8]:
                if spot[0] >= end:
                    if spot[0] - end < distance:
                        best, distance = spot, spot[0] - end
                    break
        if order != "after":
            for spot in spots[max(0, at - 8) : at][::-1]:
                if spot[1] <= start and start - spot[1] < distance:
                    best, distance = spot, start - spot[1]
        return best

    def overlaps(self, name: str, place: Place) -> bool:
        """Say whether a word of the class covers or cuts the place."""
        spots = self._places.get(name)
        if not spots:
            return False
        at = bisect_left(spots, (place[1], 0))
        return any(spot[1] > place[0] for spot in spots[max(0, at - 8) : at])


class Matcher:
    """One automaton for one language: `forms` maps a pattern of folded text to the classes it belongs to."""

    def __init__(self, forms: Mapping[str, tuple[str, ...]]) -> None:
        self._patterns = list(forms)
        self._names = list(forms.values())
        self._open = [(not form.startswith(" "), not form.endswith(" ")) for form in forms]

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._patterns, implementation=Implementation.ContiguousNFA)

    def collect(self, folded: Folded, into: dict[str, list[Place]]) -> None:
        """Add the places of all words to `into`; linear in the length of the text."""
        if not self._patterns:
            return
        text = folded.text
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            open_start, open_end = self._open[index]
            start = text.rfind(" ", 0, start) + 1 if open_start else start + 1
            end = text.find(" ", end) if open_end else end - 1
            for name in self._names[index]:
                into.setdefault(name, []).append((start, end))


def find(folded: Folded, matchers: Iterable[Matcher]) -> Hits:
    """Run the automata of a text's languages over it."""
    places: dict[str, list[Place]] = {}
    for matcher in matchers:
        matcher.collect(folded, places)
    return Hits({name: sorted(set(spots)) for name, spots in places.items()})


def to_spans(places: Iterable[Place], folded: Folded, text: str) -> tuple[Span, ...]:
    """Turn places of the folded text into spans of the original, in order, without repeats."""
    spans = (folded.origin(*place) for place in sorted(set(places)))
    return tuple(Span(start=start, end=end, surface=text[start:end]) for start, end in spans)
