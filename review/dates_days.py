"""Days and months that a text names: "14 April 2022", "14.04.2022", "the week of 14 April", "in early March"."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from review import cue_words as words
from review.dates_said import named_year, part_regex, said_part, year_regex
from review.dates_types import FULL, MONTH, Said, day_of

_ARTICLE = "(?:the |de |het |le |den |dem )?"


def days_and_months(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """Yield the days and months that are named, those in figures first.

    `published_on` is what "of last year" is counted from.
    """
    yield from _numeric(folded, lang)
    yield from _months(folded, lang, published_on)


@lru_cache(maxsize=8)
def _numeric_regex(lang: str) -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w./])(?<!(?<!\.\d{4})-)(?:(\d{4})-(\d\d)-(\d\d)(?:t\d\d:[\d:.]+z?)?|(\d{1,2})[./](\d{1,2})[./](\d{4}))"
        rf"(?: ?{words.any_of(lang, 'year_after')})?(?![\w/]|\.\d|-\d(?!\d?[./]))"
    )


def _numeric(folded: str, lang: str) -> Iterator[Said]:
    """2022-04-14 and 14.04.2022 (or 14/04/2022: day first, as in all six languages' COI)."""
    for match in _numeric_regex(lang).finditer(folded):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        if day_of(int(year), int(month), int(day)):
            months = (int(month), int(month))
            yield Said(start=match.start(), end=match.end(), rule="date:numeric", months=months, day=int(day),
                        year=int(year))  # fmt: skip


# "April 14": after "on" always, else only where nothing follows that the 14 could count.
_AFTER = (
    r"(?:,? (?P<after>\d{1,2})(?:st|nd|rd|th)?"
    r"(?(on)(?![\w:%]|[.,]\d)|(?=[,.;)]|$| (?:19|20)\d\d(?!\w)| (?:and|to) )(?![.,]\d)))?"
)


@lru_cache(maxsize=8)
def _month_regex(lang: str) -> re.Pattern[str]:
    ordinal = "|".join(re.escape(end) for end in words.patterns(lang, "ordinal"))
    number = rf"\d{{1,2}}(?:-?(?:{ordinal})(?!\w))?\.?"
    joint = rf"(?: ?- ?|, | {words.any_of(lang, 'to', 'and_')} {_ARTICLE})"
    after = _AFTER if lang == "en" else r"(?P<after>(?!))?"
    return re.compile(
        rf"(?<!\w)(?<!\d[.,])(?P<on>(?<=on ))?{part_regex(lang)}"
        rf"(?:(?:(?P<week>{words.any_of(lang, 'week_of')}) )?"
        rf"(?P<day>{number})(?:{joint}(?P<to_day>{number}))? (?:of |de )?)?"
        rf"(?:(?P<month>{words.any_of(lang, 'months')})|(?P<short>{words.any_of(lang, 'months_short')})\.?)"
        rf"{after}{year_regex(lang)}?"
    )


def _months(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """'14 April 2022', 'April 14', '14-16 March', 'the week of 14 April', 'early March', 'March of last year'."""
    end = 0
    for match in _month_regex(lang).finditer(folded):
        day = match["day"] or match["after"]
        year = named_year(match, published_on)
        if day is None and year is None and (match["short"] or not _is_month(folded, lang, match, since=end)):
            continue
        end = match.end()
        number = _month_numbers(lang)[match["month"] or match["short"]]
        first, to_day = _number(day), _number(match["to_day"])
        week = bool(match["week"] and first and to_day is None)
        yield Said(
            start=match.start(),
            end=match.end(),
            rule="date:week" if week else "date:day" if first else "date:month",
            months=(number, number),
            day=first,
            to_day=to_day if to_day and first and to_day > first else None,
            week=week,
            year=year,
            guess=year is None,
            part=said_part(match),
            by_publication=not match["year"],
            sure=FULL if first else MONTH,
        )


def _number(said: str | None) -> int | None:
    found = re.match(r"\d+", said) if said else None
    return int(found[0]) if found else None


def _is_month(folded: str, lang: str, match: re.Match[str], *, since: int) -> bool:
    """Whether a bare name that is also another word ("may", "mars", "мая") stands as a month.

    Beside another month it does ("from May to July"); `since` is where the month before it ended.
    """
    if said_part(match) or not re.fullmatch(words.any_of(lang, "bare"), match["month"]):
        return True
    beside = _beside_regex(lang)
    if beside.fullmatch(folded, since, match.start()) or beside.match(folded, match.end()):
        return True
    return words.ends_with(lang, "bare_before").search(words.before(folded, match.start())) is not None


@lru_cache(maxsize=8)
def _beside_regex(lang: str) -> re.Pattern[str]:
    """What stands between two months, and the second where it is still to come."""
    return re.compile(
        rf" (?:-|{words.any_of(lang, 'to', 'and_')}) (?:$|(?:\d{{1,2}}\.? )?{words.any_of(lang, 'months')})"
    )


@lru_cache(maxsize=8)
def _month_numbers(lang: str) -> dict[str, int]:
    """Every form of a month's name -> 1 to 12."""
    return {
        form: number
        for kind in ("months_short", "months")
        for number, pattern in enumerate(words.patterns(lang, kind), 1)
        for form in pattern.split("|")
    }
