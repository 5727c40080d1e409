"""How the fields of a decision on a moratorium are read from the sentences around it, each with its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from review.countries import country_classes, load_countries
from review.folding import fold
from review.matching import Matcher, find, to_spans
from review.notation import expand
from review.proposals_dates import date_regex, dates_after, day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of a state. `state`: ISO 3166-1 alpha-2 of who publishes."""

    title: str
    text: str
    language: str
    state: str
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A field with the words it was read from; offsets in the text, both 0 where counted or read in the title."""

    field: str
    value: str
    said: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The sentence that decides, what stands near it, and how its fields are read."""

    paper: Paper
    words: dict[str, Any]
    near: Sequence[Sentence]
    before: Sequence[Sentence]

    def group(self) -> Span | None:
        """The words that say whom it covers: in the deciding sentence, just before it, in the title, after it."""
        for start, text in self._places():
            hit = re.search(self.words["group"], text, re.IGNORECASE)
            if hit:
                at, end = (0, 0) if start is None else (start + place for place in hit.span("group"))
                return Span(field="group", value=hit["group"], said=hit["group"], start=at, end=end)
        return None

    def country(self) -> Span | None:
        """The country of origin: the first that the group's words name, else the deciding sentence, else the title."""
        group = self.group()
        places: list[tuple[int | None, str]] = [(group.start if group.end else None, group.said)] if group else []
        for start, text in [*places, *self._places()]:
            named = _countries(text, self.paper.language, self.paper.state)
            if named:
                code, at, end, said = named
                where = (0, 0) if start is None else (start + at, start + end)
                return Span(field="country", value=code, said=said, start=where[0], end=where[1])
        return None

    def _places(self) -> Iterator[tuple[int | None, str]]:
        yield self.near[0].start, self.near[0].text
        yield from ((one.start, one.text) for one in reversed(self.before))
        yield None, self.paper.title
        yield from ((one.start, one.text) for one in self.near[1:])

    def first_day(self, act: str) -> Span | None:
        for one in self.near:
            for day in dates_after(self.words["starts"], one.text, self.paper.language):
                return _span("first_day", day.on, one, day.start, day.end)
        if act == "extends":  # it goes on where the period before runs out: "to the 29th" ends on the 28th
            pattern = self.words["runs_out"].replace("{date}", date_regex(self.paper.language))
            for one in (*self.near, *self.before):
                hit = re.search(pattern, one.text, re.IGNORECASE)
                on = day_of(hit["day"], self.paper.language) if hit else None
                if hit and on:
                    return _span("first_day", on, one, hit.start(), hit.end())
        return None

    def last_day(self) -> Span | None:
        for one in (*self.near, *self.before):
            for words, less in ((self.words["inclusive"], 0), (self.words["exclusive"], 1)):
                for day in dates_after(words, one.text, self.paper.language):
                    if re.search(r"(?:terug|kracht)\s*$", one.text[: day.start], re.IGNORECASE):
                        continue  # "werkt terug tot en met" names the first day
                    return _span("last_day", day.on - timedelta(days=less), one, day.start, day.end)
        return None

    def months(self) -> Span | None:
        for one in self.near:
            hit = re.search(self.words["months"], one.text, re.IGNORECASE)
            if hit:
                number = self.words["numbers"].get(hit["n"].lower(), hit["n"])
                return Span(field="months", value=str(number), said=hit[0], start=one.start + hit.start(),
                            end=one.start + hit.end())  # fmt: skip
        return None

    def halves(self) -> tuple[str, ...]:
        """The halves that it names; where it names none, a freeze on decisions is meant."""
        said = " ".join([self.paper.title, *(one.text for one in (*self.before, *self.near))])
        found = [half for half in ("decisions", "departures") if re.search(self.words[half], said, re.IGNORECASE)]
        return tuple(found) or ("decisions",)

    def basis(self, text: str) -> Span | None:
        hit = re.search(self.words["basis"], text, re.IGNORECASE)
        return Span(field="legal_basis", value=hit[0], said=hit[0], start=hit.start(), end=hit.end()) if hit else None

    def decided(self, text: str) -> Span | None:
        """The day of the letter: after its place; else the day of publication."""
        pattern = self.words["place_day"].replace("{date}", date_regex(self.paper.language))
        hit = re.search(pattern, text, re.MULTILINE)
        on = day_of(hit["day"], self.paper.language) if hit else None
        if hit and on:
            return Span(field="decided", value=on.isoformat(), said=hit[0], start=hit.start(), end=hit.end())
        if self.paper.published_on:
            return Span(field="decided", value=self.paper.published_on.isoformat(), said="day of publication")
        return None


def _span(field: str, on: date, sentence: Sentence, start: int, end: int) -> Span:
    at = sentence.start
    return Span(field=field, value=on.isoformat(), said=sentence.text[start:end], start=at + start, end=at + end)


def _countries(text: str, lang: str, state: str) -> tuple[str, int, int, str] | None:
    """The first country that a text names, other than the state itself: code, span, words."""
    folded = fold(text)
    hits = find(folded, [_matcher(lang)])
    named = []
    for name in hits.names():
        code = name.removeprefix("country:")
        if code != state:
            span = to_spans(hits.of(name)[:1], folded, text)[0]
            if span.surface[:1].isupper():
                named.append((span.start, -span.end, code, span.surface))
    if not named:
        return None
    start, end, code, surface = min(named)
    return code, start, -end, surface


@lru_cache(maxsize=4)
def _matcher(lang: str) -> Matcher:
    """Names of countries and their people, in one language (see review.countries)."""
    forms: dict[str, dict[str, None]] = {}
    for name, words in country_classes(load_countries()).items():
        if name.startswith("country:"):
            for term in words.of(lang):
                for pattern in expand(term, {}, f"country {name}"):
                    forms.setdefault(pattern, {})[name] = None
    return Matcher({pattern: tuple(names) for pattern, names in forms.items()})
