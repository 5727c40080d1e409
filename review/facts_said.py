"""What a passage says of time, as it says it: days, months, seasons, years, "three weeks ago", each with its span.

Months and seasons are those of the evidence (review.evidence_calendar). What the words mean on the day of publication
is found out in review.facts_dates.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from review import facts_words as words
from review.evidence_calendar import MONTHS, SEASONS
from review.evidence_cues import to_regex

FULL, MONTH, YEAR, RELATIVE, GUESSED, WEEKDAY = 0.95, 0.9, 0.85, 0.75, 0.7, 0.6

_WINTER_MONTHS = (12, 2)

_PARTS = ("early", "mid", "late")

_PERIODS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "h1": (1, 6), "h2": (7, 12)}

_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}  # days of one

_CENTURY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A date as it is said: months of a year, with a day or a part where named; or plain days where relative."""

    start: int
    end: int
    rule: str
    months: tuple[int, int] = (1, 12)
    day: int | None = None
    to_day: int | None = None
    year: int | None = None
    guess: bool = False  # the year is to be found out
    part: str | None = None
    days: tuple[date, date] | None = None
    sure: float = FULL


def said_in(folded: str, lang: str, published_on: date | None) -> list[Said]:
    """Every date said, the most exact reading of each place, in text order."""
    taken = bytearray(len(folded) + 1)
    kept = []
    for said in _said(folded, lang, published_on):
        if not any(taken[said.start : said.end]):
            taken[said.start : said.end] = b"\x01" * (said.end - said.start)
            kept.append(said)
    return sorted(kept, key=lambda one: one.start)


def _said(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    yield from _numeric(folded)
    yield from _months(folded, lang, published_on)
    yield from _periods(folded, lang, published_on)
    yield from _seasons(folded, lang, published_on)
    if published_on is not None:
        yield from _counted(folded, lang, published_on)
        yield from _relative(folded, lang, published_on)
    yield from _years(folded, lang)


_NUMERIC = re.compile(r"(?<![\w./-])(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})[./](\d{1,2})[./](\d{4}))(?![\w/]|[.-]\d)")


def _numeric(folded: str) -> Iterator[Said]:
    """2022-04-14 and 14.04.2022 (or 14/04/2022: day first, as in all six languages' COI)."""
    for match in _NUMERIC.finditer(folded):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        if day_of(int(year), int(month), int(day)):
            months = (int(month), int(month))
            yield Said(start=match.start(), end=match.end(), rule="date:numeric", months=months, day=int(day),
                        year=int(year))  # fmt: skip


# "April 14": only where nothing follows that the 14 could count.
_AFTER = r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?(?=[,.;)]|$| (?:19|20)\d\d| (?:and|to) )(?![.,]\d))?"


@lru_cache(maxsize=8)
def _month_regex(lang: str) -> re.Pattern[str]:
    names = "|".join(MONTHS[lang])
    short = "|".join(words.patterns(lang, "months_short"))
    ordinal = "|".join(re.escape(end) for end in words.patterns(lang, "ordinal"))
    number = rf"\d{{1,2}}(?:-?(?:{ordinal})(?!\w))?\.?"
    joint = rf"(?: ?- ?|, | (?:{words.any_of(lang, 'to')}|{words.any_of(lang, 'and_')}) )"
    after = r"(?P<after>(?!))?" if lang != "en" else _AFTER
    return re.compile(
        rf"(?<!\w)(?<!\d[.,]){_part(lang)}"
        rf"(?:(?P<week>(?:week (?:of|van|vom)(?: the)?|semaine du|недел[еюя]|тиждень) )?"
        rf"(?P<day>{number})(?:{joint}(?P<to_day>{number}))? (?:of |de )?)?"
        rf"(?:(?P<month>{names})(?!\w)|(?P<short>{short})(?!\w)\.?){after}{_year(lang)}?"
    )


def _part(lang: str) -> str:
    said = "|".join(f"(?P<{part}>{words.any_of(lang, f'part_{part}')})" for part in _PARTS)
    return rf"(?:(?:{said})[ -])?"


def _year(lang: str, *, slash: str = "") -> str:
    """What follows a month or season: a year, "of last year", "этого года"; `slash` is the rest of 2022/2023."""
    years = rf"(?P<year>(?:19|20)\d\d){slash}(?!\w|[.,]\d)(?: {words.any_of(lang, 'year_after')})?"
    last, this = words.any_of(lang, "last_year"), words.any_of(lang, "this_year")
    joint = r"(?:of |in |van |de |du |d')?"
    return rf"(?:,? {joint}{years}|(?: {joint}(?:(?P<last_year>{last})|(?P<this_year>{this}))))"


def _months(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """'14 April 2022', 'April 14', '14-16 March', 'early March', 'in March of last year', 'in March'."""
    for match in _month_regex(lang).finditer(folded):
        day = match["day"] or match["after"]
        year = _named_year(match, published_on)
        bare = day is None and year is None
        if bare and (match["short"] or not _is_month(folded, lang, match)):
            continue
        number = _month_number(match["month"] or match["short"], lang)
        first = _number(day)
        to_day = _number(match["to_day"])
        if match["week"] and first and to_day is None and year:
            start = day_of(year, number, first)
            if start:
                yield Said(start=match.start(), end=match.end(), rule="date:week", days=(start, start + timedelta(6)))
                continue
        yield Said(
            start=match.start(),
            end=match.end(),
            rule="date:day" if first else "date:month",
            months=(number, number),
            day=first,
            to_day=to_day if to_day and first and to_day > first else None,
            year=year,
            guess=year is None,
            part=_said_part(match),
            sure=FULL if first else MONTH,
        )


def _number(said: str | None) -> int | None:
    found = re.match(r"\d+", said) if said else None
    return int(found[0]) if found else None


def _is_month(folded: str, lang: str, match: re.Match[str]) -> bool:
    """Whether a bare name that is also another word ("may", "mars", "мая") stands as a month."""
    if _said_part(match) or not re.fullmatch(words.any_of(lang, "bare"), match["month"]):
        return True
    return words.ends_with(lang, "bare_before").search(words.before(folded, match.start())) is not None


@lru_cache(maxsize=512)
def _month_number(name: str, lang: str) -> int:
    for tables in (MONTHS[lang], words.patterns(lang, "months_short")):
        for number, pattern in enumerate(tables, 1):
            if re.fullmatch(pattern, name):
                return number
    raise ValueError(f"{name!r}: no month of {lang!r}")


def _named_year(match: re.Match[str], published_on: date | None) -> int | None:
    """The year that a date names, in figures or counted from the publication."""
    if match["year"]:
        return int(match["year"])
    if published_on is not None and match["last_year"]:
        return published_on.year - 1
    return published_on.year if published_on is not None and match["this_year"] else None


def _said_part(match: re.Match[str]) -> str | None:
    return next((part for part in _PARTS if match[part]), None)


@lru_cache(maxsize=8)
def _period_regex(lang: str) -> re.Pattern[str]:
    named = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in _PERIODS)
    return re.compile(rf"(?<!\w)(?:{named})(?: (?:of|in|van|des|du|de|der)(?: the| het)?)?{_year(lang)}")


def _periods(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """'the third quarter of 2022', 'eerste helft van 2023', 'в первом полугодии 2023 года'."""
    for match in _period_regex(lang).finditer(folded):
        year = _named_year(match, published_on)
        name = next(name for name in _PERIODS if match[name])
        if year is not None:
            yield Said(start=match.start(), end=match.end(), rule="date:period", months=_PERIODS[name], year=year,
                        sure=YEAR)  # fmt: skip


@lru_cache(maxsize=8)
def _season_regex(lang: str) -> re.Pattern[str]:
    rest = r"\w*(?!\w)" if lang == "de" else r"(?!\w)"  # Herbsteinberufung
    names = [rf"(?P<s{i}>(?:{said}){rest})" for i, (said, _, _) in enumerate(SEASONS[lang])]
    winter = f"(?P<s3>{words.any_of(lang, 'winter')})"
    last, this = words.any_of(lang, "last_"), words.any_of(lang, "this_")
    filler = r"(?:[ ,]{1,2}(?!\d)[^\W\d][\w'-]*){0,2}?"
    year = _year(lang, slash=r"(?:[-/](?P<to_year>\d\d(?:\d\d)?)(?!\w))?")
    return re.compile(
        rf"(?<!\w){_part(lang)}(?:(?:(?P<last>{last})|(?P<this>{this})) )?(?:{'|'.join([*names, winter])})"
        rf"(?:(?: (?P<post>{last}))|{filler}{year})?"
    )


def _seasons(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """'the autumn draft of 2022', 'last autumn', 'осенью прошлого года'; a season alone is no date."""
    for match in _season_regex(lang).finditer(folded):
        index = next(i for i in range(4) if match[f"s{i}"])
        months = SEASONS[lang][index][1:] if index < len(SEASONS[lang]) else _WINTER_MONTHS
        year, sure = _named_year(match, published_on), YEAR
        if year is not None and months == _WINTER_MONTHS:
            year, sure = (year, YEAR) if match["to_year"] else (year - 1, GUESSED)
        if year is None and published_on is not None and (match["last"] or match["post"] or match["this"]):
            year, sure = _season_year(months, published_on, this=bool(match["this"])), RELATIVE
        if year is not None:
            yield Said(start=match.start(), end=match.end(), rule="date:season", months=months, year=year,
                        part=_said_part(match), sure=sure)  # fmt: skip


def _season_year(months: tuple[int, int], published_on: date, *, this: bool) -> int:
    """The year in which "this" or "last" autumn began, seen from the publication."""
    began = date(published_on.year, months[0], 1) <= published_on
    ended = months[0] <= months[1] and date(published_on.year, months[1], 28) < published_on
    if this:
        return published_on.year
    return published_on.year if began and ended else published_on.year - 1


@lru_cache(maxsize=8)
def _relative_regex(lang: str) -> re.Pattern[str]:
    names = [*words.kinds(lang, "rel_"), "last_year", "this_year"]
    named = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in names)
    days = "|".join(f"(?P<w{i}>{words.any_of_one(lang, 'weekdays', i)})" for i in range(7))
    return re.compile(rf"(?<!\w)(?:{named}|{days})")


def _relative(folded: str, lang: str, published_on: date) -> Iterator[Said]:
    """'yesterday', 'last week', 'this month', 'last year', 'on Monday'."""
    for match in _relative_regex(lang).finditer(folded):
        name = match.lastgroup or ""
        days = (
            _weekday(int(name[1]), published_on) if re.fullmatch(r"w\d", name) else _relative_days(name, published_on)
        )
        sure = WEEKDAY if name[0] == "w" else RELATIVE
        yield Said(start=match.start(), end=match.end(), rule="date:relative", days=days, sure=sure)


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
        rf"(?<!\w)(?<!\d[.,])(?P<past>{past} )?(?:(?P<n>\d{{1,3}}(?!\w)|{words.numeral_regex(lang)}) )?"
        rf"(?P<past_mid>{past} )?(?:{units})(?P<ago> {ago})?"
    )


def _counted(folded: str, lang: str, published_on: date) -> Iterator[Said]:
    """'three weeks ago', 'vor zwei Monaten', 'за последние три месяца', 'ces trois derniers mois'."""
    for match in _counted_regex(lang).finditer(folded):
        past = match["past"] or match["past_mid"]
        ago = match["ago"] or words.ends_with(lang, "ago_before").search(words.before(folded, match.start()))
        if not ago and not (past and match["n"]):
            continue
        n = 1 if not match["n"] else int(match["n"]) if match["n"].isdigit() else words.numeral_value(match["n"], lang)
        unit = next(unit for unit in _UNITS if match[unit])
        if not match["n"] and not re.fullmatch(_singular(lang, unit), match[unit]):
            continue  # "years ago" says nothing
        if n == 0 or n * _UNITS[unit] > _CENTURY * 365:
            continue
        then = published_on - timedelta(n * _UNITS[unit])
        yield Said(start=match.start(), end=match.end(), rule="date:ago" if ago else "date:past",
                    days=_about(then, unit) if ago else (then, published_on), sure=RELATIVE)  # fmt: skip


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


@lru_cache(maxsize=8)
def _year_regex(lang: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?<!\d[.,/]){_part(lang)}(?P<year>(?:19[5-9]|20[0-4])\d)(?!\w|[.,/]\d|-[^\W\d])"
        rf"(?P<after> {words.any_of(lang, 'year_after')})?"
    )


_OPENS_YEARS = re.compile(r" ?- ?(?:19|20)\d\d(?!\w)")

_CLOSES_YEARS = re.compile(r"(?<!\w)(?:19|20)\d\d ?- ?$")


def _years(folded: str, lang: str) -> Iterator[Said]:
    """'in 2023', 'begin 2023', 'в 2023 году', '2022-2024'."""
    for match in _year_regex(lang).finditer(folded):
        said = _said_part(match) or match["after"]
        if not said and not _CLOSES_YEARS.search(words.before(folded, match.start())):
            opens = _OPENS_YEARS.match(folded, match.end())
            if not opens and not words.ends_with(lang, "year_before").search(words.before(folded, match.start())):
                continue
        yield Said(start=match.start(), end=match.end(), rule="date:year", year=int(match["year"]),
                    part=_said_part(match), sure=YEAR)  # fmt: skip


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none (31 June, month 14)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
