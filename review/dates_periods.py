"""Parts of a year that a text names, and years: "the first half of 2022", "the autumn draft of 2022", "in 2023"."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from review import cue_words as words
from review.cue_numerals import numeral_regex, numeral_value
from review.dates_said import YEAR_END, named_year, part_regex, said_part, year_regex
from review.dates_types import GUESSED, RELATIVE, YEAR, Said

_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_WINTER = _SEASONS["winter"]
# The rounds of the call-up as Russian law set them: 1 April to 15 July and 1 October to 31 December.
_ROUNDS = {"spring": ((4, 1), (7, 15)), "autumn": ((10, 1), (12, 31))}
_PERIODS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "h1": (1, 6), "h2": (7, 12)}


def periods_and_seasons(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """Yield the parts of a year that are named; `published_on` is what "last autumn" is counted from."""
    yield from _periods(folded, lang, published_on)
    yield from _seasons(folded, lang, published_on)


@lru_cache(maxsize=8)
def _period_regex(lang: str) -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in _PERIODS)
    first, months = words.any_of(lang, "first_n"), words.any_of(lang, "time_month")
    count = rf"(?:\d{{1,2}}|{numeral_regex(lang)})"
    after = words.any_of(lang, "first_n_after")
    counted = rf"{first} (?P<n>{count}) {months}|(?P<n_after>{count}) {after} {months}"
    return re.compile(
        rf"(?<!\w)(?:{kinds}|{counted})(?: (?:of|in|van|des|du|de|der)(?: the| het)?)?{year_regex(lang)}"
    )  # fmt: skip


def _periods(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """'the third quarter of 2022', 'eerste helft van 2023', 'за восемь месяцев 2023 года'."""
    for match in _period_regex(lang).finditer(folded):
        year = named_year(match, published_on)
        name = next((name for name in _PERIODS if match[name]), None)
        count = match["n"] or match["n_after"]
        last = _PERIODS[name][1] if name else int(count) if count.isdigit() else numeral_value(count, lang)
        if year is not None and 1 <= last <= 12:
            yield Said(start=match.start(), end=match.end(), rule="date:period", year=year, sure=YEAR,
                        months=_PERIODS[name] if name else (1, last), by_publication=not match["year"])  # fmt: skip


@lru_cache(maxsize=8)
def _season_regex(lang: str) -> re.Pattern[str]:
    names = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in _SEASONS)
    last, this = words.any_of(lang, "last_"), words.any_of(lang, "this_")
    filler = r"(?:[ ,]{1,2}(?!\d)[^\W\d][\w'-]*){0,2}?"
    year = year_regex(lang, slash=r"(?:[-/](?P<to_year>\d\d(?:\d\d)?)(?!\w))?")
    return re.compile(
        rf"(?<!\w){part_regex(lang)}(?:(?:(?P<last>{last})|(?P<this>{this})) )?(?:{names})"
        rf"(?:(?: (?P<post>{last}))|{filler}{year})?"
    )


_NEXT_WORD = re.compile(r" [^\W\d][\w-]*")


def _seasons(folded: str, lang: str, published_on: date | None) -> Iterator[Said]:
    """'the autumn draft of 2022', 'last autumn', 'осенью прошлого года'; a season alone is no date."""
    for match in _season_regex(lang).finditer(folded):
        name = next(name for name in _SEASONS if match[name])
        months = _SEASONS[name]
        year, sure = named_year(match, published_on), YEAR
        months = _to_season(match, lang) or months
        if year is not None and months == _WINTER:
            year, sure = (year, YEAR) if match["to_year"] else (year - 1, GUESSED)
        if year is None and published_on is not None and (match["last"] or match["post"] or match["this"]):
            year, sure = _season_year(months, published_on, this=bool(match["this"])), RELATIVE
        alone = year is None
        if (
            year is None
            and published_on is not None
            and words.ends_with(lang, "in_season").search(words.before(folded, match.start()))
        ):
            year, sure = _season_year(months, published_on, this=False), GUESSED
        if year is None or year < date.min.year:
            continue
        following = _NEXT_WORD.match(folded, match.end())
        around = match[0] + (following[0] if following else "")
        draft = not alone and not said_part(match) and name in _ROUNDS and words.standing(lang, "draft").search(around)
        days = (date(year, *_ROUNDS[name][0]), date(year, *_ROUNDS[name][1])) if draft else None
        yield Said(
            start=match.start(),
            end=match.end(),
            rule="date:draft" if draft else "date:season",
            months=months,
            days=days,
            year=year,
            part=said_part(match),
            by_publication=not match["year"],
            aside=alone,
            sure=sure,
        )


def _to_season(match: re.Match[str], lang: str) -> tuple[int, int] | None:
    """From the first to the last of two seasons of one year: "the summer or autumn of last year"."""
    said = [(found.start(), name) for name in _SEASONS for found in _season_word(lang, name).finditer(match[0])]
    months = [_SEASONS[name] for _, name in sorted(said)]
    if len(months) != 2 or _WINTER in months or months[0][0] > months[1][0]:
        return None
    return months[0][0], months[1][1]


@lru_cache(maxsize=32)
def _season_word(lang: str, name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){words.any_of(lang, name)}")


def _season_year(months: tuple[int, int], published_on: date, *, this: bool) -> int:
    """The year in which "this" or "last" autumn began, seen from the publication."""
    began = date(published_on.year, months[0], 1) <= published_on
    ended = months[0] <= months[1] and date(published_on.year, months[1], 28) < published_on
    if this:
        return published_on.year
    return published_on.year if began and ended else published_on.year - 1


@lru_cache(maxsize=8)
def _year_regex(lang: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?<!\d[.,/]){part_regex(lang)}(?P<year>(?:19[5-9]|20[0-4])\d){YEAR_END}"
        rf"(?P<after> ?{words.any_of(lang, 'year_after')})?(?!\w|[.,/]\d|-[^\W\d])"
    )


_OPENS_YEARS = re.compile(r" ?- ?(?:19|20)\d\d(?!\w)")

_CLOSES_YEARS = re.compile(r"(?<!\w)(?:19|20)\d\d ?- ?$")

_NAMES = re.compile(r"(?<!\w)(?:the|de|het|la|le|les|den|dem|der) $")  # "the 2002 Act"


def years(folded: str, lang: str) -> Iterator[Said]:
    """Yield 'in 2023', 'begin 2023', 'в 2023 году', '2022-2024'; the year of "the Act of 2002" aside."""
    for match in _year_regex(lang).finditer(folded):
        before = words.before(folded, match.start())
        ranged = _CLOSES_YEARS.search(before) or _OPENS_YEARS.match(folded, match.end())
        placed = words.ends_with(lang, "year_before").search(before) and not _NAMES.search(before)
        when = bool(said_part(match) or ranged or placed)
        if when or match["after"] or words.ends_with(lang, "year_of", "year_before").search(before):
            yield Said(start=match.start(), end=match.end(), rule="date:year", year=int(match["year"]),
                        part=said_part(match), aside=not when, sure=YEAR)  # fmt: skip
