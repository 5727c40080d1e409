"""Dates that a text counts from the day it is published: "yesterday", "on Monday", "last week", "three weeks ago"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from review import cue_words as words
from review.cue_numerals import numeral_regex, numeral_value
from review.dates_types import RELATIVE, WEEKDAY, Said
from review.evidence_cues import to_regex

_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}  # days of one
_CENTURY = 100


def counted(folded: str, lang: str, published_on: date) -> Iterator[Said]:
    """Yield the dates that are counted from the publication, "three weeks ago" before "last week".

    Within a century of either end of the calendar nothing is counted: no such day can be a publication's.
    """
    if not date.min.year + _CENTURY < published_on.year < date.max.year - _CENTURY:
        return
    yield from _counted(folded, lang, published_on)
    yield from _relative(folded, lang, published_on)


@lru_cache(maxsize=8)
def _relative_regex(lang: str) -> re.Pattern[str]:
    names = [*words.kinds(lang, "rel_"), "last_year", "this_year"]
    named = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in names)
    days = "|".join(f"(?P<w{i}>{words.any_of_one(lang, 'weekdays', i)})" for i in range(7))
    return re.compile(rf"(?<!\w)(?:{named}|{days})(?!-là)")


@lru_cache(maxsize=8)
def _other_regex(lang: str) -> re.Pattern[str]:
    """What after a weekday says that it is another one: "on Monday, 14 April", "on Monday last week", or every one."""
    article = "(?:the |de |le |den |dem )?"
    named = rf"\d{{1,2}}(?!\w*:)|{words.any_of(lang, 'months', 'rel_last_week')}"
    return re.compile(rf",? {article}(?:{named})| {words.any_of(lang, 'each_after')}")


def _relative(folded: str, lang: str, published_on: date) -> Iterator[Said]:
    """'yesterday', 'last week', 'this month', 'last year', 'on Monday'."""
    for match in _relative_regex(lang).finditer(folded):
        name = match.lastgroup or ""
        if weekday := re.fullmatch(r"w(\d)", name):
            every = words.ends_with(lang, "each").search(words.before(folded, match.start()))
            if every or _other_regex(lang).match(folded, match.end()):
                continue
        days = _weekday(int(weekday[1]), published_on) if weekday else _relative_days(name, published_on)
        yield Said(start=match.start(), end=match.end(), rule="date:relative", days=days, by_publication=True,
                    aside=bool(weekday) or name == "rel_today", sure=WEEKDAY if weekday else RELATIVE)  # fmt: skip


def _weekday(number: int, published_on: date) -> tuple[date, date]:
    day = published_on - timedelta((published_on.weekday() - number) % 7)
    return day, day


def _relative_days(name: str, today: date) -> tuple[date, date]:
    """First and last day of a named stretch, seen from the publication."""
    monday = today - timedelta(today.weekday())
    first_of_month = today.replace(day=1)
    match name.removeprefix("rel_"):
        case "yesterday":
            return today - timedelta(1), today - timedelta(1)
        case "last_week":
            return monday - timedelta(7), monday - timedelta(1)
        case "this_week":
            return monday, today
        case "last_month":
            before = first_of_month - timedelta(1)
            return before.replace(day=1), before
        case "this_month":
            return first_of_month, today
        case "next_month":
            after = (first_of_month + timedelta(32)).replace(day=1)
            return after, after.replace(day=monthrange(after.year, after.month)[1])
        case "next_year":
            return date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)
        case "last_year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case "this_year":
            return date(today.year, 1, 1), today
        case _:
            return today, today


@lru_cache(maxsize=8)
def _counted_regex(lang: str) -> re.Pattern[str]:
    units = "|".join(f"(?P<{unit}>{words.any_of(lang, f'time_{unit}')})" for unit in _UNITS)
    past, ago = words.any_of(lang, "past"), words.any_of(lang, "ago")
    return re.compile(
        rf"(?<!\w)(?<!\d[.,])(?P<past>{past} )?(?:(?P<n>\d{{1,3}}(?!\w)|{numeral_regex(lang)}) )?"
        rf"(?P<past_mid>{past} )?(?:{units})(?P<ago> {ago})?"
    )


def _counted(folded: str, lang: str, published_on: date) -> Iterator[Said]:
    """'three weeks ago', 'vor zwei Monaten', 'за последние три месяца', 'ces trois derniers mois'."""
    for match in _counted_regex(lang).finditer(folded):
        past = match["past"] or match["past_mid"]
        ago = match["ago"] or words.ends_with(lang, "ago_before").search(words.before(folded, match.start()))
        if not ago and not (past and match["n"]):
            continue
        n = 1 if not match["n"] else int(match["n"]) if match["n"].isdigit() else numeral_value(match["n"], lang)
        unit = next(unit for unit in _UNITS if match[unit])
        if not match["n"] and not re.fullmatch(_singular(lang, unit), match[unit]):
            continue  # "years ago" says nothing
        if n == 0 or n * _UNITS[unit] > _CENTURY * 365:
            continue
        then = published_on - timedelta(n * _UNITS[unit])
        yield Said(start=match.start(), end=match.end(), rule="date:ago" if ago else "date:past", by_publication=True,
                    days=_about(then, unit) if ago else (then, published_on), aside=bool(ago) and unit == "year",
                    sure=RELATIVE)  # fmt: skip


def _singular(lang: str, unit: str) -> str:
    """An expression for the first declared form of a unit of time."""
    return to_regex(words.patterns(lang, f"time_{unit}")[0].split("|")[0])


def _about(day: date, unit: str) -> tuple[date, date]:
    """How exactly "three weeks ago" says a day: to the week, "two months ago" to the month."""
    if unit == "week":
        return day - timedelta(3), day + timedelta(3)
    if unit == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return (date(day.year, 1, 1), date(day.year, 12, 31)) if unit == "year" else (day, day)
