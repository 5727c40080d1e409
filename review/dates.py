"""The dates of a text as days: what it says of time, resolved against the day of its publication (method §2).

The one reader of dates, for the facts of a passage (review.facts) and for its evidence (review.evidence_dates). The
year of a date that names none is the latest such day up to the publication, unless the sentence announces it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain

from review import cue_words as words
from review.dates_counted import counted
from review.dates_days import days_and_months
from review.dates_periods import periods_and_seasons, years
from review.dates_resolved import resolved
from review.dates_types import GUESSED, FoundDate, Said
from review.evidence_cues import LANGUAGES

NEAR_DAYS = 31  # a day without a year that lies so close ahead is announced, not eleven months ago
AHEAD_DAYS = 183  # so far ahead only where the sentence speaks of what is to come
_JOINT = 24  # characters of the words that join two dates to one stretch
_ACT = 64  # characters that the act of "since the amendment of" takes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One text as its dates are read."""

    folded: str
    lang: str
    published_on: date | None
    sentences: words.Sentences

    def says(self, at: int, kind: str) -> bool:
        """Whether the sentence there holds a word of this kind."""
        return self.sentences.meets(at, kind, [words.standing(self.lang, kind)])

    def before(self, at: int) -> str:
        """What stands right before a place."""
        return words.before(self.folded, at)


def dates_in(folded: str, lang: str, *, published_on: date | None) -> Iterator[FoundDate]:
    """Yield the dates of a folded text in its order; nothing lies after `published_on` unless its sentence looks ahead.

    A date that names no year, and all that counts from today, needs the publication date: without it, none is yielded.
    """
    if lang not in LANGUAGES:
        return
    said = _same_years(_said(folded, lang, published_on), folded, lang)
    reading = _Reading(folded=folded, lang=lang, published_on=published_on, sentences=words.Sentences(folded))
    at = 0
    while at < len(said):
        found = _range(reading, said[at : at + 2])
        step = 2 if found else 1
        found = found or _single(reading, said[at], since=said[at - 1].end if at else 0)
        if found is not None:
            yield found
        at += step


def _said(folded: str, lang: str, published_on: date | None) -> list[Said]:
    """Every date said, the most exact reading of each place, in text order."""
    taken = bytearray(len(folded) + 1)
    kept = []
    kinds = (
        days_and_months(folded, lang, published_on),
        periods_and_seasons(folded, lang, published_on),
        counted(folded, lang, published_on) if published_on is not None else (),
        years(folded, lang),
    )
    for said in chain.from_iterable(kinds):
        if not any(taken[said.start : said.end]) and not _of_birth(said, folded, lang):
            taken[said.start : said.end] = b"\x01" * (said.end - said.start)
            kept.append(said)
    return sorted(kept, key=lambda one: one.start)


def _of_birth(said: Said, folded: str, lang: str) -> bool:
    """Whether a date is one of birth ("2004 року народження", "born in 2004"): it dates no facts."""
    return (
        words.ends_with(lang, "born").search(words.before(folded, said.start)) is not None
        or _born_regex(lang).match(folded, said.end) is not None
    )


@lru_cache(maxsize=8)
def _born_regex(lang: str) -> re.Pattern[str]:
    return re.compile(rf"\.? {words.any_of(lang, 'born')}")


def _same_years(said: list[Said], folded: str, lang: str) -> list[Said]:
    """The year of one end of a stretch holds for the other: 'from November to March 2023' began in 2022.

    So does the year that closes a list: 'in September and October 2022'.
    """
    for at in range(len(said) - 2, -1, -1):
        first, last = said[at : at + 2]
        joint = folded[first.end : last.start].strip() if last.start - first.end <= _JOINT else "."
        to = _to_regex(lang).fullmatch(joint)
        if first.guess and last.year is not None and (to or _list_regex(lang).fullmatch(joint)):
            over = first.months[0] > last.months[0]
            said[at] = replace(first, guess=False, year=last.year - over, by_publication=last.by_publication)
        elif to and not to["and_"] and last.guess and first.year is not None:
            over = last.months[0] < first.months[0]
            said[at + 1] = replace(last, guess=False, year=first.year + over, by_publication=first.by_publication)
    return said


@lru_cache(maxsize=8)
def _to_regex(lang: str) -> re.Pattern[str]:
    and_, to = words.any_of(lang, "and_"), words.any_of(lang, "to")
    return re.compile(rf"-|(?P<and_>{and_} )?{to}(?: the| de| het| le| la)?")


@lru_cache(maxsize=8)
def _list_regex(lang: str) -> re.Pattern[str]:
    return re.compile(rf",|(?:, )?{words.any_of(lang, 'and_')}(?: the| le| la)?")


def _range(reading: _Reading, pair: Sequence[Said]) -> FoundDate | None:
    """Two dates that a text joins to one stretch: 'from March to May', '24.02.2022 - 01.04.2022', 'между ... и'."""
    if len(pair) < 2 or pair[1].start - pair[0].end > _JOINT:
        return None
    first, last = pair
    lang = reading.lang
    joint = reading.folded[first.end : last.start].strip()
    if not _to_regex(lang).fullmatch(joint):
        between = words.ends_with(lang, "between").search(reading.before(first.start))
        if not between or not _list_regex(lang).fullmatch(joint):
            return None
    closing = _days_of(reading, last, at=first.start, closes=True)
    if first.guess and last.guess and closing:  # neither names its year: the stretch ends in the latest that fits
        first = replace(first, guess=False, year=closing.first.year - (first.months[0] > last.months[0]))
    opening = _days_of(reading, first, at=first.start)
    if opening is None or closing is None or opening.first > closing.last:
        return None
    return FoundDate(
        start=first.start,
        end=last.end,
        first=opening.first,
        last=closing.last,
        by_publication=opening.by_publication or closing.by_publication,
        rule="date:range",
        confidence=min(opening.confidence, closing.confidence),
    )


def _single(reading: _Reading, said: Said, *, since: int) -> FoundDate | None:
    """The days of one date that stands alone, with the word before it that opens or closes a period.

    `since` is where the date before it ended: no word before that belongs to this one.
    """
    limit = words.ends_with(reading.lang, "until", "before").search(reading.before(said.start)) is not None
    # "between the decree of 24 September and mid-December" ends in the middle, too
    closes = limit or words.ends_with(reading.lang, "and_").search(reading.before(said.start)) is not None
    found = _days_of(reading, said, at=said.start, closes=closes, limit=limit)
    counted_back = said.rule in ("date:ago", "date:past") or said.to_day is not None
    return found if found is None or counted_back else _edged(reading, found, since=since)


def _days_of(reading: _Reading, said: Said, *, at: int, closes: bool = False, limit: bool = False) -> FoundDate | None:
    """The days of one date; None where its year cannot be known or it lies ahead of a text that looks back.

    A `limit` ("until", "by") may lie ahead of any text: as far as its year says, or near where it says none.
    """
    published_on = reading.published_on
    if said.guess and (published_on is None or reading.says(at, "habit")):
        return None
    ahead = reading.says(at, "ahead")
    near = limit or said.day is not None
    days = resolved(said, published_on, far=AHEAD_DAYS if ahead else NEAR_DAYS if near else 0, closes=closes)
    if days is None:
        return None
    first, last = days
    announced = said.guess and published_on is not None and first > published_on
    # "From 1 January 2024 the age rises": a period that a year says begins later is announced, whatever the verb
    opens = said.year is not None and words.ends_with(reading.lang, "since").search(reading.before(said.start))
    if published_on is not None and not (ahead or limit or announced or opens):
        if first > published_on:
            return None
        last = min(last, published_on)
    sure = min(said.sure, GUESSED) if said.guess else said.sure
    return FoundDate(start=said.start, end=said.end, first=first, last=last, by_publication=said.by_publication,
                     aside=said.aside, confidence=sure, rule=said.rule)  # fmt: skip


def _edged(reading: _Reading, found: FoundDate, *, since: int) -> FoundDate:
    """'since March' is open after, 'until March' before; the word belongs to the span."""
    lang, before, published_on = reading.lang, reading.before(found.start), reading.published_on
    start = found.start - len(before)
    if until := words.ends_with(lang, "until", "before").search(before):
        last = found.first if words.ends_with(lang, "before").search(before) else found.last
        return replace(found, start=start + until.start(), last=last, edge="until", rule=f"{found.rule}, until")
    if (published_on is not None and found.first > published_on) or _till_regex(lang).match(reading.folded, found.end):
        return found
    if opens := words.ends_with(lang, "since").search(before):
        first = found.last if words.ends_with(lang, "after").search(before) else found.first
        return replace(found, start=start + opens.start(), first=first, edge="since", rule=f"{found.rule}, since")
    reach = max(since, found.start - _ACT)
    if act := _act_regex(lang).search(reading.folded[reach : found.start]):
        return replace(found, start=reach + act.start(), edge="since", rule=f"{found.rule}, since")
    return found


@lru_cache(maxsize=8)
def _till_regex(lang: str) -> re.Pattern[str]:
    """What closes a period that "since" opened, unless it lasts until now."""
    till, now = words.any_of(lang, "till"), words.any_of(lang, "now", "rel_today")
    return re.compile(rf",? {till} (?!(?:the |het |le )?{now})")


@lru_cache(maxsize=8)
def _act_regex(lang: str) -> re.Pattern[str]:
    """'since the amendment of' before its day: the act between opens the period."""
    return re.compile(rf"(?<!\w){words.any_of(lang, 'since_act')}(?: [^\s,;:.!?]+){{1,4}} $")
