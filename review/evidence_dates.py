"""When the facts of a passage happened: dates in its own words, resolved against its publication day (method §2)."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from review.evidence_calendar import DRAFTS, FUTURE, MONTHS, ONGOING, SEASONS, SINCE, SINCE_ACT, WHOLE, YEARS
from review.evidence_cues import compiled, fold
from review.evidence_periods import is_middle, linked, periods, range_start

_AFTER_PREPOSITION = re.compile(r"(?:in|since|until|by|of|early|late|last|mid) $")
_UNTIL = "to|until|till|and|through|tot|t/m|en|bis|und|au|à|jusqu'au|et|jusqu'à|по|до|и|і|й|та"
NEAR_DAYS = 31  # a day without a year that lies so close ahead is announced, not eleven months ago
_SPRING = 3
AHEAD_DAYS = 183  # so far ahead only where the sentence speaks of what is to come
Confidence = Literal["normal", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsDates:
    """Days of the facts, both inclusive; None where the text names none. Never later than the publication."""

    first: date | None
    last: date | None
    ongoing: bool
    whole_period: bool
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    first: date
    last: date
    guessed_year: bool
    since: bool
    at: tuple[int, int]


def facts_dates(
    text: str, lang: str, *, published_on: date | None, published_confidence: Confidence = "normal"
) -> FactsDates:
    """Read the dates of the facts out of `text` (one passage or its deciding clauses).

    A month-only date takes its last day, a date without a year the latest such day up to `published_on`, unless it is
    announced: a day close ahead, or a date of the coming half-year in a sentence about the future. A day after
    publication becomes the publication day. Facts described as ongoing have no last day: the caller takes publication.
    """
    folded = fold(text).text
    ongoing = _matches(ONGOING, lang, folded)
    whole = _matches(WHOLE, lang, folded)
    spans = _spans(folded, lang, published_on)
    if published_on is not None:
        spans = [s for s in spans if s.first <= published_on]
    if not spans:
        return FactsDates(
            first=None, last=None, ongoing=ongoing, whole_period=whole, confidence="normal" if ongoing else "low"
        )
    first = min(s.first for s in spans)
    closed = [s for s in spans if not s.since]
    last = max((s.last for s in closed), default=None)
    if last is not None and published_on is not None:
        last = min(last, published_on)
    since_only = last is None  # a closed date beats "still": it says until when the facts are known
    guessed = any(s.guessed_year for s in spans)
    confidence: Confidence = "low" if guessed and published_confidence == "low" else "normal"
    return FactsDates(first=first, last=last, ongoing=since_only, whole_period=whole, confidence=confidence)


def _matches(table: dict[str, tuple[str, ...]], lang: str, folded: str) -> bool:
    pattern = _compiled(table.get(lang, ()))
    return pattern is not None and pattern.search(folded) is not None


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return compiled(patterns)


def _spans(folded: str, lang: str, published_on: date | None) -> list[_Span]:
    """Every date of the text, the most exact reading of each place, in text order."""
    found: list[_Span] = []
    parts = (_Span(first=a, last=b, guessed_year=False, since=False, at=place) for a, b, place in periods(folded, lang))
    named = _ranged(_named(folded, lang, published_on), folded, lang)
    for span in (*_iso(folded), *named, *parts, *_seasons(folded, lang), *_years(folded, lang)):
        if not any(span.at[0] < other.at[1] and other.at[0] < span.at[1] for other in found):
            found.append(_with_since(span, folded, lang))
    return sorted(found, key=lambda s: s.at)


def _ranged(spans: list[_Span], folded: str, lang: str) -> list[_Span]:
    """Give the first month of a range the year of its last: "between March and October 2022"."""
    ordered = sorted(spans, key=lambda s: s.at)
    for n in range(len(ordered) - 2, -1, -1):
        span, after = ordered[n], ordered[n + 1]
        if span.guessed_year and linked(folded, span.at[1], after.at[0], lang):
            year = after.first.year - (span.first.month > after.first.month)
            first = _day(year, span.first.month, span.first.day)
            last = _day(year, span.last.month, min(span.last.day, monthrange(year, span.last.month)[1]))
            if first and last:
                ordered[n] = replace(span, first=first, last=last, guessed_year=after.guessed_year)
    return ordered


def _with_since(span: _Span, folded: str, lang: str) -> _Span:
    """Mark a date that only opens a period ("since March")."""
    words = "|".join(re.escape(word) for word in SINCE.get(lang, ()))
    before = folded[: span.at[0]].rstrip()
    since = bool(words) and re.search(rf"(?<!\w)(?:{words})(?:\s+the)?$", before) is not None
    if not since and (far := "|".join(SINCE_ACT.get(lang, ()))):
        since = re.search(rf"(?<!\w)(?:{far})(?:\s+\S+){{0,4}}$", before) is not None
    return replace(span, since=since and not re.search(rf"^\W*(?:{_UNTIL})(?!\w)", folded[span.at[1] :]))


def _iso(folded: str) -> list[_Span]:
    """2022-04-14 and 14.04.2022 (or 14/04/2022: day first, as in all six languages' COI)."""
    spans = []
    for match in re.finditer(r"(?<!\d)(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})[./](\d{1,2})[./](\d{4}))(?!\d)", folded):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        if exact := _day(int(year), int(month), int(day)):
            spans.append(_Span(first=exact, last=exact, guessed_year=False, since=False, at=match.span()))
    return spans


def _named(folded: str, lang: str, published_on: date | None) -> list[_Span]:
    """'14 April 2022', 'April 14', 'in the week of 14 April', 'March 2022', 'in March'."""
    spans = []
    for number, name in enumerate(MONTHS.get(lang, ()), start=1):
        pattern = (
            rf"(?<!\w)(?P<week>week (?:of|van|vom)(?: the)? |недел[еюя] )?"
            rf"(?:(?P<day>\d{{1,2}})(?:-?(?:st|nd|rd|th|го|е|er))?\.? (?:of )?)?(?P<month>{name})(?!\w)"
            rf"(?:,? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]))?(?:,? (?P<year>(?:19|20)\d\d))?(?!\w)"
        )
        for match in re.finditer(pattern, folded):
            bare = match["day"] is None and match["day2"] is None and match["year"] is None
            if bare and name == "may" and not _AFTER_PREPOSITION.search(folded[: match.start()]):
                continue  # mostly the verb
            ahead = _matches(FUTURE, lang, _sentence_around(folded, match.start()))
            span = _resolve(match, number, published_on, ahead=ahead)
            if span is not None:
                spans.append(_widened(span, match, folded, lang))
    return spans


def _widened(span: _Span, match: re.Match[str], folded: str, lang: str) -> _Span:
    """Open a range of days at its first ("between 11 and 14 January"); end "mid-June" on the fifteenth."""
    if match["day"] and not match["week"]:
        opening = range_start(folded, match.start("day"), lang)
        first = _day(span.first.year, span.first.month, opening) if opening else None
        return replace(span, first=first) if first and first <= span.first else span
    bare = match["day"] is None and match["day2"] is None
    return replace(span, last=span.first.replace(day=15)) if bare and is_middle(folded, match.start(), lang) else span


def _sentence_around(folded: str, at: int) -> str:
    """The sentence of a folded text that holds the position."""
    start = max(folded.rfind(stop, 0, at) for stop in (". ", "; ", "? ", "! ")) + 1
    ends = [end for stop in (". ", "; ", "? ", "! ") if (end := folded.find(stop, at)) >= 0]
    return folded[start : min(ends, default=len(folded))]


def _resolve(match: re.Match[str], month: int, published_on: date | None, *, ahead: bool) -> _Span | None:
    """Turn a matched month (with or without day and year) into a span; None where no year can be known."""
    day_text = match["day"] or match["day2"]
    day = int(day_text) if day_text else None
    guessed = match["year"] is None
    if not guessed:
        year = int(match["year"])
    elif published_on is None:
        return None
    else:
        start = _day(published_on.year, month, day or 1)
        year = published_on.year if start is not None and start <= published_on else published_on.year - 1
        coming = _day(published_on.year, month, day or 1) or published_on
        if coming <= published_on:
            coming = _day(published_on.year + 1, month, day or 1) or published_on
        days = (coming - published_on).days
        if 0 < days <= AHEAD_DAYS and (ahead or (day is not None and days <= NEAR_DAYS)):
            year = coming.year
    first = _day(year, month, day or 1)
    if first is None:
        return None
    last = first if day else date(year, month, monthrange(year, month)[1])
    if day and match["week"]:
        last = first + timedelta(days=6)
    return _Span(first=first, last=last, guessed_year=guessed, since=False, at=match.span())


def _seasons(folded: str, lang: str) -> list[_Span]:
    """'spring 2022', 'the autumn draft of 2022': only with a year, since drafts are named long before and after."""
    spans = []
    for words, start_month, end_month in SEASONS.get(lang, ()):
        for match in re.finditer(rf"(?<!\w)(?:{words})(?:\W+\w+){{0,2}}?\W+(?P<year>20\d\d)(?!\w)", folded):
            year = int(match["year"])
            first, last = date(year, start_month, 1), date(year, end_month, monthrange(year, end_month)[1])
            if re.search(DRAFTS.get(lang, "$^"), match.group()):  # the rounds of the call-up, as the law sets them
                first, last = (
                    (date(year, 4, 1), date(year, 7, 15))
                    if start_month == _SPRING
                    else (date(year, 10, 1), date(year, 12, 31))
                )
            spans.append(_Span(first=first, last=last, guessed_year=False, since=False, at=match.span()))
    return spans


def _years(folded: str, lang: str) -> list[_Span]:
    """'in 2023': the whole year."""
    words = YEARS.get(lang)
    if words is None:
        return []
    spans = []
    for match in re.finditer(rf"(?<!\w)(?:{words}) (?:20\d\d (?:bis|to|tot|t/m|tot en met|-) )?(20\d\d)(?!\w)", folded):
        year = int(match[1])
        opening = int(min(re.findall(r"20\d\d", match.group())))
        spans.append(
            _Span(first=date(opening, 1, 1), last=date(year, 12, 31), guessed_year=False, since=False, at=match.span(1))
        )
    return spans


def _day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none (31 June, month 14)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
