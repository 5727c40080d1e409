"""Two dates with a word between them as a stretch of days: "1 January - 30 June 2022", "april 2021 t/m maart 2023"."""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from crawler.read.months import MONTHS

_MONTHS = {name: number for names in MONTHS.values() for name, number in names.items()}
_SEPARATOR = (
    r"(?:\s*[-–—−]\s*|\s+(?:(?:up\s+)?(?:to|until|till|through|and)(?:\s+and\s+including)?(?:\s+the\s+end\s+of)?|"
    r"(?:tot(?:\s+en\s+met)?|t/m|en)(?:\s+eind)?|по|до|и|до\s+конца|і|й|та|до\s+кінця|"
    r"bis(?:\s+(?:einschließlich|zum|ende))?|und|(?:jusqu['’])?(?:à|au|en|et)(?:\s+(?:la\s+)?fin)?)\s+(?:the\s+|le\s+|d['’])?)"
)
_YEAR_MARK = r"(?:\s*(?:года|году|год|року|році|рік|г\.|р\.))?"
_LONGEST_YEARS = 40  # a longer "period" is history, or a slip


def _point(name: str) -> str:
    """One end of a range; each of its parts named after the end."""
    month = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
    year = r"(?:19|20)\d\d(?!\d)"
    return (
        rf"(?:(?P<{name}_iy>{year})-(?P<{name}_im>\d\d)-(?P<{name}_id>\d\d)(?!\d)"
        rf"|(?P<{name}_nd>\d\d?)(?P<{name}_s>[./-])(?P<{name}_nm>\d\d?)(?P={name}_s)(?P<{name}_ny>{year})"
        rf"|(?P<{name}_um>{month})\.?\s+(?P<{name}_ud>\d\d?)(?:st|nd|rd|th)?(?:,?\s+(?P<{name}_uy>{year}))?(?!\d)"
        rf"|(?:(?P<{name}_d>\d\d?)(?:\.|st|nd|rd|th|er|e|-?го)?\s+(?:of\s+)?)?(?P<{name}_m>{month})\b\.?"
        rf"(?:,?\s+(?P<{name}_y>{year}){_YEAR_MARK})?"
        rf"|(?P<{name}_b>{year}){_YEAR_MARK})"
    )


@cache
def range_pattern() -> re.Pattern[str]:
    """A whole range; the first end may be a bare day ("1 - 31 March 2022")."""
    first = rf"(?:{_point('a')}|(?P<a_day>\d\d?)(?:\.|st|nd|rd|th|er)?)"
    return re.compile(rf"(?<![\d./-]){first}{_SEPARATOR}{_point('b')}(?![\d/]|-\d)", re.IGNORECASE)


def range_at(text: str, at: int) -> tuple[date, date] | None:
    """First and last day of the range that begins at this place of the text, or None."""
    found = range_pattern().match(text, at)
    return _days(found.groupdict()) if found else None


def ranges_in(text: str) -> Iterator[tuple[int, int, tuple[date, date]]]:
    """Every range in the text with its place."""
    for found in range_pattern().finditer(text):
        period = _days(found.groupdict())
        if period:
            yield found.start(), found.end(), period


_Parts = tuple[int | None, int | None, int | None]  # year, month, day


def _days(groups: Mapping[str, str | None]) -> tuple[date, date] | None:
    begin, end = _parts(groups, "a"), _parts(groups, "b")
    if begin is None or end is None or end[0] is None:
        return None
    if begin[1] is None and begin[2] is None and (end[1] is not None or begin[0] is None):
        return None  # "2021 to March 2023": where it begins nobody says
    year, month, day = begin
    if month is None and day is not None:  # a bare day borrows the month
        if end[2] is None:
            return None
        month = end[1]
    if year is None and day is None and end[2] is not None:
        return None  # "March to 31 May 2022": one of them is about something else
    first = _day(year or end[0], month or 1, day or 1)
    last = _day(end[0], end[1] or 12, end[2] or calendar.monthrange(end[0], end[1] or 12)[1])
    if first is None or last is None or first > last or last.year - first.year > _LONGEST_YEARS:
        return None
    return first, last


def _parts(groups: Mapping[str, str | None], name: str) -> _Parts | None:
    """Year, month and day of one end; None for 06/07/2022, which is June in one country and July in the next."""
    got = {key[len(name) + 1 :]: value for key, value in groups.items() if key.startswith(f"{name}_") and value}
    if "iy" in got:
        return int(got["iy"]), int(got["im"]), int(got["id"])
    if "ny" in got:
        day, month = int(got["nd"]), int(got["nm"])
        if got["s"] == "/" and day != month and max(day, month) <= 12:
            return None
        return int(got["ny"]), *((day, month) if month > 12 >= day else (month, day))
    if "um" in got:
        return _number(got.get("uy")), _MONTHS[got["um"].lower()], int(got["ud"])
    if "m" in got:
        return _number(got.get("y")), _MONTHS[got["m"].lower()], _number(got.get("d"))
    if "b" in got:
        return int(got["b"]), None, None
    return None, None, int(got["day"])


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # there is no 31 June, and no period that begins on it
