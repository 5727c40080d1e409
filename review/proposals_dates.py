"""Days in the texts of states, Dutch and English, and days counted in months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale

from review.months import add_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A day where the text names it."""

    on: date
    start: int
    end: int


@lru_cache(maxsize=4)
def date_regex(lang: str) -> str:
    """A day in words (29 juni 2022) or figures (2022-06-29, 29-06-2022), as an expression without names."""
    months = "|".join(_months(lang))
    return rf"(?:\d{{1,2}} (?:{months}) \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}-\d{{1,2}}-\d{{4}})"


@lru_cache(maxsize=4)
def _months(lang: str) -> dict[str, int]:
    return {str(name).lower(): number for number, name in Locale(lang).months["format"]["wide"].items()}


def day_of(text: str, lang: str) -> date | None:
    """The day that a text of `date_regex` names; None where the calendar has none."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        if re.fullmatch(r"\d{1,2}-\d{1,2}-\d{4}", text):
            day, month, year = text.split("-")
            return date(int(year), int(month), int(day))
        day, name, year = text.split(" ")
        return date(int(year), _months(lang)[name.lower()], int(day))
    except (ValueError, KeyError):
        return None


def dates_after(words: str, text: str, lang: str) -> Iterator[Dated]:
    """Days that stand right after one of the words (an expression)."""
    found = re.compile(rf"\b{words}\s+(?P<day>{date_regex(lang)})", re.IGNORECASE)
    for hit in found.finditer(text):
        on = day_of(hit["day"], lang)
        if on:
            yield Dated(on=on, start=hit.start(), end=hit.end())


def last_of(first: date, months: int) -> date:
    """The last day, inclusive, of a period of whole months; a missing day becomes the month's last (law.md section 6).

    >>> last_of(date(2022, 6, 29), 6), last_of(date(2022, 8, 31), 6)
    (datetime.date(2022, 12, 28), datetime.date(2023, 2, 27))
    """
    return add_months(first, months) - timedelta(days=1)
