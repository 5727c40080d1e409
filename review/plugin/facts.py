"""The facts of a passage as its page shows them: the words of the text, and how they were read."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from review.facts import Fact, facts_of
from review.plugin.words import Words

_facts = lru_cache(maxsize=2048)(facts_of)  # a page is opened more than once, its text stays the same


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFact:
    """What the text says, and when, where or how many that is."""

    said: str
    read: str


def shown_facts(
    text: str, lang: str | None, words: Words, *, published_on: str | None, country: str | None
) -> tuple[ShownFact, ...]:
    """The facts of one passage in the visitor's language, each reading once; none for a text of unknown language."""
    day = date.fromisoformat(published_on) if published_on else None
    found = _facts(text, lang, published_on=day, country=country) if lang else ()
    shown = {(text[f.start : f.end], _read(f, words)): None for f in found}
    return tuple(ShownFact(said=said, read=read) for said, read in shown)


def _read(fact: Fact, words: Words) -> str:
    """A fact in words: '1 September 2022 to 30 November 2022', 'at least 200 cases', 'in the war zone'."""
    if fact.soil is not None:
        return words.code("soil", fact.soil)
    if fact.unit is not None:
        return _amount(fact, words)
    if fact.first is None or fact.last is None:
        return words(
            "fact.until" if fact.last else "fact.since", first=words.day(fact.first), last=words.day(fact.last)
        )
    if fact.first == fact.last:
        return words.day(fact.first)
    return words("fact.stretch", first=words.day(fact.first), last=words.day(fact.last))


def _amount(fact: Fact, words: Words) -> str:
    unit = words.code("unit", fact.unit)
    if fact.high is None:
        return words("fact.least", low=words.number(fact.low or 0), unit=unit)
    high = words.number(fact.high)
    if fact.low is None:
        return words("fact.most", high=high, unit=unit)
    key = "fact.exactly" if fact.low == fact.high else "fact.between"
    return words(key, low=words.number(fact.low), high=high, unit=unit)
