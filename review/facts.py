"""The facts of a passage: when, where and how many of whom, each with its span, its reading and how sure it is.

Dates are resolved against the day of publication, places are seen from the country of origin (questions.md, G1.3), and
a vague number is a range. Facts are read anew wherever they are shown: the same words of two versions with two days of
publication say two things, so they are not kept with the passage.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from review.cue_words import fold
from review.dates import dates_in
from review.dates_types import FoundDate
from review.evidence_cues import Folded
from review.facts_numbers import FoundNumber, numbers_in
from review.facts_places import Soil, places_in

Kind = Literal["date", "place", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact. `start` and `end` are half-open character offsets in the text; `confidence` is 0-1.

    A date has `first` and `last` (both inclusive, None where that side is open), a number `low` and `high` (None: open)
    with its `unit` and the words that name it, a place its `soil` and its name as it stands in the text.
    """

    kind: Kind
    value: str
    start: int
    end: int
    confidence: float
    rule: str
    first: date | None = None
    last: date | None = None
    low: int | None = None
    high: int | None = None
    unit: str | None = None
    whom: str | None = None
    soil: Soil | None = None
    name: str | None = None

    def as_json(self) -> dict[str, object]:
        """The fact as `coi tag --jsonl` writes it: `from` and `to` of a date, `low`, `high` and `unit` of a number."""
        by_kind: dict[str, dict[str, object]] = {
            "date": {"from": _iso(self.first), "to": _iso(self.last)},
            "number": {"low": self.low, "high": self.high, "unit": self.unit, "whom": self.whom},
            "place": {"soil": self.soil and str(self.soil), "name": self.name},
        }
        head = {"kind": self.kind, "value": self.value, "start": self.start, "end": self.end}
        return {**head, **by_kind[self.kind], "confidence": self.confidence, "rule": self.rule}


def facts_of(text: str, lang: str, *, published_on: date | None = None, country: str | None = None) -> tuple[Fact, ...]:
    """Return the facts of a passage in the order of the text; none for a language other than en nl ru uk de fr.

    `published_on` resolves "since March" and "last autumn": without it only dates that name their year are read. No day
    lies after it unless its sentence looks ahead. `country` (ISO 3166-1 alpha-2) is the country of origin that places
    are seen from. Time is linear in the length of the text.
    """
    folded = fold(text)
    dates = list(dates_in(folded.text, lang, published_on=published_on))
    numbers = numbers_in(folded.text, lang, [(found.start, found.end) for found in dates])
    facts = [
        *(_date(found, folded, published_on) for found in dates),
        *(_number(found, folded) for found in numbers),
        *_places(text, folded, lang, country),
    ]
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end)))


def _date(found: FoundDate, folded: Folded, published_on: date | None) -> Fact:
    """A date; what is open at one side is known up to the publication, or not known from when on."""
    start, end = folded.original(found.start, found.end)
    first = None if found.edge == "until" else found.first
    last = published_on if found.edge == "since" else found.last
    return Fact(
        kind="date",
        value=_stretch(first, last),
        start=start,
        end=end,
        confidence=found.confidence,
        rule=found.rule,
        first=first,
        last=last,
    )


def _stretch(first: date | None, last: date | None) -> str:
    """The days in words: '2022-04-14', '2022-09-01 to 2022-11-30', 'since 2014-01-01', 'until 2022-03-31'."""
    if first is None:
        return f"until {last}"
    if last is None:
        return f"since {first}"
    return str(first) if first == last else f"{first} to {last}"


def _number(found: FoundNumber, folded: Folded) -> Fact:
    start, end = folded.original(found.start, found.end)
    return Fact(
        kind="number",
        value=f"{_amount(found.low, found.high)} {found.unit}",
        start=start,
        end=end,
        confidence=found.confidence,
        rule=found.rule,
        low=found.low,
        high=found.high,
        unit=found.unit,
        whom=found.whom,
    )


def _amount(low: int | None, high: int | None) -> str:
    """The count in words: '41', '900 to 1100', 'at least 200', 'at most 30'."""
    if low is None:
        return f"at most {high}"
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def _places(text: str, folded: Folded, lang: str, country: str | None) -> Iterator[Fact]:
    """Each place once for each kind of soil: a report that names Belgorod fifty times says one where."""
    said: set[tuple[Soil, str]] = set()
    for found in places_in(text, folded, lang, country=country):
        start, end = folded.original(found.start, found.end)
        key = (found.soil, folded.text[found.start : found.end])
        if key in said:
            continue
        said.add(key)
        name = " ".join(text[start:end].split())
        value = f"{str(found.soil).replace('_', ' ')}: {name}"
        yield Fact(kind="place", value=value, start=start, end=end, confidence=found.confidence, rule=found.rule,
                   soil=found.soil, name=name)  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
