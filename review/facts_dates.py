"""The dates of a passage as days: what it says of time (review.facts_said), resolved against its publication.

The year of a date that names none is found as for the evidence (method §2): the latest such day up to the publication,
unless the sentence announces it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from review import facts_words as words
from review.evidence_calendar import FUTURE, SINCE
from review.evidence_cues import LANGUAGES, compiled
from review.evidence_dates import AHEAD_DAYS, NEAR_DAYS
from review.facts_said import GUESSED, Said, day_of, said_in

_JOINT = 24  # characters of the words that join two dates to one stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date of the text: its span in the folded text, its first and last day (None where a side is open)."""

    start: int
    end: int
    first: date | None
    last: date | None
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One text as its dates are read."""

    folded: str
    lang: str
    published_on: date | None
    sentences: words.Sentences

    def looks_ahead(self, at: int) -> bool:
        """Whether the sentence there speaks of what is to come."""
        tables = (FUTURE[self.lang], words.patterns(self.lang, "ahead"))
        return self.sentences.meets(at, "ahead", map(_compiled, tables))

    def is_habit(self, at: int) -> bool:
        """Whether the sentence there speaks of every year."""
        return self.sentences.meets(at, "habit", [_compiled(words.patterns(self.lang, "habit"))])

    def before(self, at: int) -> str:
        """What stands right before a place."""
        return words.before(self.folded, at)


def dates_in(folded: str, lang: str, *, published_on: date | None) -> Iterator[FoundDate]:
    """Yield the dates of a folded text in its order; nothing lies after `published_on` unless its sentence looks ahead.

    A date that names no year, and all that counts from today, needs the publication date: without it, none is yielded.
    """
    if lang not in LANGUAGES:
        return
    said = said_in(folded, lang, published_on)
    reading = _Reading(folded=folded, lang=lang, published_on=published_on, sentences=words.Sentences(folded))
    at = 0
    while at < len(said):
        found = _range(reading, said[at : at + 2])
        if found is not None:
            yield found
            at += 2
            continue
        single = _single(reading, said[at])
        if single is not None:
            yield single
        at += 1


def _range(reading: _Reading, pair: list[Said]) -> FoundDate | None:
    """Two dates that a text joins to one stretch: 'from March to May', '24.02.2022 - 01.04.2022', 'между ... и'."""
    if len(pair) < 2 or pair[1].start - pair[0].end > _JOINT:
        return None
    first, last = pair
    lang = reading.lang
    joint = reading.folded[first.end : last.start].strip()
    if not _to_regex(lang).fullmatch(joint):
        if not re.fullmatch(words.any_of(lang, "and_"), joint):
            return None
        if not words.ends_with(lang, "between").search(reading.before(first.start)):
            return None
    first, last = _same_year(first, last)
    opening, closing = (_single(reading, one, at=first.start, alone=False) for one in (first, last))
    if opening is None or closing is None or opening.first is None or closing.last is None:
        return None
    if opening.first > closing.last:
        return None
    return FoundDate(
        start=first.start,
        end=last.end,
        first=opening.first,
        last=closing.last,
        rule="date:range",
        confidence=min(opening.confidence, closing.confidence),
    )


@lru_cache(maxsize=8)
def _to_regex(lang: str) -> re.Pattern[str]:
    return re.compile(rf"-|{words.any_of(lang, 'to')}(?: the| de| het| le)?")


def _same_year(first: Said, last: Said) -> tuple[Said, Said]:
    """The year of one end of a stretch holds for the other: 'from November to March 2023' began in 2022."""
    if first.guess and last.year is not None:
        over = first.months[0] > last.months[0]
        return replace(first, guess=False, year=last.year - over), last
    if last.guess and first.year is not None:
        over = last.months[0] < first.months[0]
        return first, replace(last, guess=False, year=first.year + over)
    return first, last


def _single(reading: _Reading, said: Said, *, at: int | None = None, alone: bool = True) -> FoundDate | None:
    """The days of one date; None where its year cannot be known or it lies ahead of a text that looks back."""
    published_on, at = reading.published_on, said.start if at is None else at
    if said.guess and (published_on is None or reading.is_habit(at)):
        return None
    limit = alone and words.ends_with(reading.lang, "until").search(reading.before(said.start)) is not None
    ahead = limit or reading.looks_ahead(at)
    days = _days(said, published_on, ahead=ahead)
    if days is None:
        return None
    first, last = days
    announced = said.guess and published_on is not None and first > published_on
    if published_on is not None and not ahead and not announced:
        if first > published_on:
            return None
        last = min(last, published_on)
    sure = min(said.sure, GUESSED) if said.guess else said.sure
    found = FoundDate(start=said.start, end=said.end, first=first, last=last, confidence=sure, rule=said.rule)
    counted = said.rule in ("date:ago", "date:past") or said.to_day is not None
    return _opened(reading, found, limit=limit) if alone and not counted else found


def _opened(reading: _Reading, found: FoundDate, *, limit: bool) -> FoundDate:
    """'since March' is open to the publication, 'until March' open before; the word belongs to the span."""
    before, published_on = reading.before(found.start), reading.published_on
    start = found.start - len(before)
    until = words.ends_with(reading.lang, "until").search(before) if limit else None
    if until:
        return replace(found, start=start + until.start(), first=None, rule=f"{found.rule}, until")
    since = _since(SINCE.get(reading.lang, ())).search(before)
    if since and (published_on is None or found.first is None or found.first <= published_on):
        after = words.ends_with(reading.lang, "after").search(before)  # after the summer is from its last day on
        first = found.last if after else found.first
        return replace(found, start=start + since.start(), first=first, last=published_on, rule=f"{found.rule}, since")
    return found


@lru_cache(maxsize=8)
def _since(opening: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in opening)})(?: the)? $")


@lru_cache(maxsize=64)
def _compiled(declared: tuple[str, ...]) -> re.Pattern[str]:
    return compiled(declared) or re.compile(words.NOTHING)


def _days(said: Said, published_on: date | None, *, ahead: bool) -> tuple[date, date] | None:
    """First and last day, the year found out where it is not said; None where the calendar has no such day."""
    if said.days:
        return said.days
    year = said.year
    if year is None:
        year = _guessed_year(said, published_on, ahead=ahead) if published_on else None
    if year is None:
        return None
    opening, closing = said.months
    first = day_of(year, opening, said.day or 1)
    if first is None:
        return None
    if said.day:
        last = day_of(year, opening, said.to_day) if said.to_day else first
        return (first, last) if last else None
    year += closing < opening
    return _part_of(first, date(year, closing, monthrange(year, closing)[1]), said.part)


def _guessed_year(said: Said, published_on: date, *, ahead: bool) -> int | None:
    """The latest year in which the day had come by the publication, or the coming one where it is announced."""
    month, day = said.months[0], said.day or 1
    start = day_of(published_on.year, month, day)
    past = published_on.year if start is not None and start <= published_on else published_on.year - 1
    coming = day_of(past + 1, month, day)
    if coming is not None:
        days = (coming - published_on).days
        if 0 < days <= AHEAD_DAYS and (ahead or (said.day is not None and days <= NEAR_DAYS)):
            return coming.year
    return past


def _part_of(first: date, last: date, part: str | None) -> tuple[date, date]:
    """The early, middle or late third of a stretch."""
    third = timedelta((last - first).days // 3)
    match part:
        case "early":
            return first, first + third
        case "mid":
            return first + third, last - third
        case "late":
            return last - third, last
        case _:
            return first, last
