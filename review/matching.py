"""Find declared words in one pass over a folded text, and say whether a rule holds around them."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
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
        self._present = places.keys()

    def of(self, name: str) -> Sequence[Place]:
        """Return the places of one class, in order; empty where it does not occur."""
        return self._places.get(name, ())

    def names(self) -> Set[str]:
        """Return the names of the classes that occur."""
        return self._present

    def any_of(self, names: Iterable[str]) -> bool:
        """Say whether one of the classes occurs at all."""
        return not self._present.isdisjoint(names)

    def some_of_each(self, entries: Iterable[Iterable[str]]) -> bool:
        """Say whether of every entry one of its classes occurs somewhere."""
        return not any(map(self._present.isdisjoint, entries))

    def nearest(self, names: Sequence[str], place: Place, within: int, order: str = "any") -> Place | None:
        """Return the closest place of any of the classes, as `near` does for one; None where there is none."""
        if len(names) == 1:
            return self.near(names[0], place, within, order)
        best, distance = None, within + 1
        for name in names:
            if name in self._places and (spot := self.near(name, place, within, order)) is not None:
                gap = max(spot[0] - place[1], place[0] - spot[1])
                if gap < distance:
                    best, distance = spot, gap
        return best

    def near(self, name: str, place: Place, within: int, order: str = "any") -> Place | None:
        """Return the closest place of the class within so many characters that reaches beyond `place`."""
        spots = self._places.get(name)
        if not spots:
            return None
        start, end = place
        best, distance = None, within + 1
        at = bisect_left(spots, (start, 0)) if len(spots) > 1 else int(spots[0][0] < start)
        if order != "before":
            for index in range(at, min(at + 8, len(spots))):
                spot = spots[index]
                if spot[0] > start and spot[1] > end:
                    if spot[0] - end < distance:
                        best, distance = spot, max(0, spot[0] - end)
                    break
        if order != "after":
            for index in range(at - 1, max(-1, at - 9), -1):
                spot = spots[index]
                if spot[1] < end and start - spot[1] < distance:
                    best, distance = spot, max(0, start - spot[1])
        return best

    def overlaps(self, name: str, place: Place) -> bool:
        """Say whether a word of the class covers or cuts the place."""
        spots = self._places.get(name)
        if not spots:
            return False
        at = bisect_left(spots, (place[1], 0))
        return any(spot[1] > place[0] for spot in spots[max(0, at - 8) : at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A declared rule with full class names; each entry of `near` is met by any of its classes."""

    id: str
    any: tuple[str, ...]
    near: tuple[tuple[str, ...], ...]
    within: int
    order: Literal["any", "before", "after"]
    unless: tuple[str, ...]
    unless_within: int
    score: float

    def fire(self, hits: Hits, *, limit: int, counts: Callable[[Place], bool] = lambda _: True) -> list[Firing]:
        """Return up to `limit` places where the rule holds; `counts` says whether a head may count at all."""
        fired: list[Firing] = []
        unless = [name for name in self.unless if hits.of(name)]
        for name in self.any:
            for head in hits.of(name):
                places = self._around(hits, head) if self.near else ()
                if places is None or (unless and self._undone(hits, head, unless)) or not counts(head):
                    continue
                fired.append(Firing(rule=self.id, score=self.score, places=(head, *places)))
                if len(fired) >= limit:
                    return fired
        return fired

    def _around(self, hits: Hits, head: Place) -> list[Place] | None:
        """Return one near place for each entry of `near`, or None if one is missing."""
        found: list[Place] = []
        for entry in self.near:
            closest = hits.nearest(entry, head, self.within, self.order)
            if closest is None:
                return None
            found.append(closest)
        return found

    def _undone(self, hits: Hits, head: Place, unless: Iterable[str]) -> bool:
        return any(hits.near(name, head, self.unless_within) or hits.overlaps(name, head) for name in unless)


class Rulebook:
    """The rules of groups or topics, looked up by the words that occur, so that silent rules cost nothing."""

    def __init__(self, rules: Mapping[str, Sequence[Ruling]]) -> None:
        self._by_head: dict[str, list[tuple[str, Ruling]]] = {}
        for owner, rulings in rules.items():
            for ruling in rulings:
                for name in ruling.any:
                    self._by_head.setdefault(name, []).append((owner, ruling))

    def candidates(self, hits: Hits) -> dict[str, list[Ruling]]:
        """Return by owner the rules whose head and near words all occur somewhere, in no special order."""
        found: dict[str, dict[str, Ruling]] = {}
        for name in hits.names():
            for owner, ruling in self._by_head.get(name, ()):
                if hits.some_of_each(ruling.near):
                    found.setdefault(owner, {})[ruling.id] = ruling
        return {owner: list(rulings.values()) for owner, rulings in found.items()}


class Matcher:
    """One automaton for one language: `forms` maps a pattern of folded text to the classes it belongs to.

    A `*` inside a pattern is the rest of a word: the automaton finds what stands before it, the rest is compared.
    """

    def __init__(self, forms: Mapping[str, tuple[str, ...]]) -> None:
        endings: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        numbers: dict[tuple[str, ...], int] = {}  # of the sets of classes: many forms share one
        for form, names in forms.items():
            head, *rest = form.split("*")
            endings.setdefault(head, []).append((tuple(rest), numbers.setdefault(names, len(numbers))))
        self._heads = list(endings)
        self._endings = list(endings.values())
        self._names = list(numbers)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._heads, implementation=Implementation.ContiguousNFA)

    def collect(self, folded: Folded, into: dict[str, list[Place]]) -> None:
        """Add the places of all words to `into`; linear in the length of the text."""
        text = folded.text
        endings = self._endings
        found: dict[int, list[Place]] = {}
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True) if self._heads else ()
        for index, first, last in matches:
            start = first + 1 if text[first] == " " else text.rfind(" ", 0, first) + 1
            for rest, number in endings[index]:
                if end := _end(text, last, rest):
                    if number in found:
                        found[number].append((start, end))
                    else:
                        found[number] = [(start, end)]
        for number, places in found.items():
            for name in self._names[number]:
                into.setdefault(name, []).extend(places)


def _end(text: str, position: int, rest: tuple[str, ...]) -> int:
    """Return where a match ends that stands up to `position` and must go on with `rest`; 0 if it does not."""
    for part in rest:
        position = text.find(" ", position)
        if not text.startswith(part, position):
            return 0
        position += len(part)
    return position - 1 if text[position - 1] == " " else text.find(" ", position)


def find(folded: Folded, matchers: Iterable[Matcher]) -> Hits:
    """Run the automata of a text's languages over it."""
    places: dict[str, list[Place]] = {}
    for matcher in matchers:
        matcher.collect(folded, places)
    for name, spots in places.items():
        if len(spots) > 1:
            places[name] = sorted(set(spots))
    return Hits(places)


def to_spans(places: Iterable[Place], folded: Folded, text: str) -> tuple[Span, ...]:
    """Turn places of the folded text into spans of the original, in order, without repeats."""
    spans = (folded.origin(*place) for place in sorted(set(places)))
    return tuple(Span(start=start, end=end, surface=text[start:end]) for start, end in spans)
