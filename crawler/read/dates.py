"""Days out of text and out of machine time stamps. No clock in here: a date in the future is the caller's to judge."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.read.model import Confidence, Dated, Precision
from crawler.read.months import MONTHS

_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
POSSIBLE_YEARS = range(1800, 2200)  # of a publication; GOV.UK has notices of 1881
_OLDEST = 1990  # a stamp from before the web is an empty field
_REACH = 32  # characters before a year that may belong to its date ("the 3rd of September,")
_REACH_AFTER = 7  # characters after it ("-06-29", and one to see that the number ends there)

# One zone for publishers under a country's domain. Countries with several zones are left out.
_ZONES = {
    "nl": "Europe/Amsterdam", "be": "Europe/Brussels", "eu": "Europe/Brussels", "uk": "Europe/London",
    "ie": "Europe/Dublin", "de": "Europe/Berlin", "fr": "Europe/Paris", "ch": "Europe/Zurich", "at": "Europe/Vienna",
    "se": "Europe/Stockholm", "no": "Europe/Oslo", "dk": "Europe/Copenhagen", "fi": "Europe/Helsinki",
    "pl": "Europe/Warsaw", "ua": "Europe/Kyiv", "by": "Europe/Minsk", "ge": "Asia/Tbilisi", "tr": "Europe/Istanbul",
}  # fmt: skip
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}[a-z_]*/(https?://)?")
# Languages whose publishers live in one zone, for pages under .org and .com.
_ZONE_OF_LANGUAGE = {"nl": "Europe/Amsterdam", "de": "Europe/Berlin", "uk": "Europe/Kyiv", "pl": "Europe/Warsaw"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A date in a text: where it stands and which day it names."""

    start: int
    end: int
    dated: Dated


def find_date(text: str, languages: Sequence[str] | None = None) -> Dated | None:
    """The first date that the text names, or None; "early 2023" and a bare year are no dates.

    `languages` (ISO 639-1) limits the month names; without it all six are tried. "April 2022" gives the last day
    of that month with precision month. Day before month where only the order decides, then with low confidence
    if it is written with slashes (06/07/2022 is June in one country and July in the next).
    """
    return next((found.dated for found in find_dates(text, languages)), None)


def find_dates(text: str, languages: Sequence[str] | None = None) -> Iterator[Found]:
    """Every date in the text, in order; impossible ones (31 June) are passed over."""
    pattern = _pattern(tuple(languages) if languages else tuple(MONTHS))
    done = 0
    for year in _YEAR.finditer(text):  # every date has one; to try the month names at each word costs twenty times more
        if year.start() < done:
            continue
        for match in pattern.finditer(text, max(done, year.start() - _REACH), year.end() + _REACH_AFTER):
            done = match.end()
            dated = _dated(match.groupdict())
            if dated:
                yield Found(start=match.start(), end=match.end(), dated=dated)


@lru_cache(maxsize=32)
def _names(languages: tuple[str, ...]) -> dict[str, int]:
    unknown = [language for language in languages if language not in MONTHS]
    if unknown:
        raise ValueError(f"no month names for the language {unknown[0]!r}; known are {', '.join(MONTHS)}")
    return {name: number for language in languages for name, number in MONTHS[language].items()}


@lru_cache(maxsize=32)
def _pattern(languages: tuple[str, ...]) -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, _names(languages)), key=len, reverse=True))
    year = r"(?P<{}>(?:19|20|21)\d\d)(?!\d)"
    return re.compile(
        rf"(?<![\d-]){year.format('iso_y')}(?P<iso_s>[-/.])(?P<iso_m>\d\d?)(?P=iso_s)(?P<iso_d>\d\d?)(?![\d])"
        rf"|(?<![\d.,/-])(?P<n_d>\d\d?)(?P<n_s>[./-])(?P<n_m>\d\d?)(?P=n_s){year.format('n_y')}"
        rf"|(?<![\d.,/-])(?P<dmy_d>\d\d?)(?:\.|st|nd|rd|th|er|e|-?го)?[\s-]+(?:of\s+|de\s+)?(?P<dmy_m>{month})\b\.?,?"
        rf"[\s-]+{year.format('dmy_y')}"
        rf"|\b(?P<mdy_m>{month})\b\.?\s+(?P<mdy_d>\d\d?)(?:st|nd|rd|th)?,?\s+{year.format('mdy_y')}"
        rf"|\b(?P<my_m>{month})\b\.?,?\s+{year.format('my_y')}",
        re.IGNORECASE,
    )


_ALL_NAMES = {name: number for names in MONTHS.values() for name, number in names.items()}


def _dated(part: dict[str, str | None]) -> Dated | None:
    """The date that one match of the pattern means, or None when there is no such day."""
    if part["iso_y"]:
        return _on_day(part["iso_y"], part["iso_m"], part["iso_d"])
    if part["n_y"]:
        return _numeric(part["n_y"], str(part["n_m"]), str(part["n_d"]), str(part["n_s"]))
    for kind in ("dmy", "mdy"):
        if part[f"{kind}_y"]:
            return _on_day(part[f"{kind}_y"], _ALL_NAMES[str(part[f"{kind}_m"]).lower()], part[f"{kind}_d"])
    return end_of_month(int(str(part["my_y"])), _ALL_NAMES[str(part["my_m"]).lower()])


def _numeric(year: str, month: str, day: str, separator: str) -> Dated | None:
    if int(month) > 12 >= int(day):  # month first is the only way to read it
        return _on_day(year, day, month)
    either = separator == "/" and int(day) <= 12 and day != month
    return _on_day(year, month, day, Confidence.LOW if either else Confidence.NORMAL)


def _on_day(
    year: str | int | None, month: str | int | None, day: str | int | None, confidence: Confidence = Confidence.NORMAL
) -> Dated | None:
    if year is None or month is None or day is None:
        return None
    try:
        return Dated(day=date(int(year), int(month), int(day)), origin="text", confidence=confidence)
    except ValueError:
        return None


def end_of_month(year: int, month: int, origin: str = "text") -> Dated:
    """A date that is known to the month: its last day, because until then it may not have been published."""
    last = calendar.monthrange(year, month)[1]
    return Dated(day=date(year, month, last), precision=Precision.MONTH, origin=origin)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day at the publisher's place: 2022-12-12T23:00Z is 13 December in Europe/Amsterdam.

    Raises ValueError for an instant without an offset and for a zone that this machine does not know.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no offset: attach one before asking for the local day")
    try:
        return instant.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, OverflowError) as error:
        raise ValueError(f"no local day of {instant.isoformat()} in {zone!r}: {error}; is tzdata installed?") from error


def zone_of(url: str | None) -> str | None:
    """The time zone of the publisher as its country's domain tells (nl, uk, de ...), or None."""
    host = _split(url).hostname if url else None
    return _ZONES.get(host.rsplit(".", 1)[-1]) if host else None


def zone_of_language(tag: str | None) -> str | None:
    """The time zone where a page's declared language is spoken, for those that live in one zone; else None."""
    return _ZONE_OF_LANGUAGE.get((tag or "").strip().lower().replace("_", "-").split("-")[0])


def _split(url: str) -> SplitResult:
    """The parts of the page's own address; of what stands behind the Wayback Machine's, none where it is no address."""
    try:
        return urlsplit(_original(url))
    except ValueError:
        return urlsplit("")


def _original(url: str) -> str:
    """The address of a page that the Wayback Machine has kept: it stands behind the moment at which it was kept."""
    kept = _ARCHIVED.match(url)
    return url if kept is None else f"{kept[1] or 'http://'}{url[kept.end() :]}"


def stamped_day(stamp: str, zone: str | None = None) -> date | None:
    """The day of a machine time stamp: ISO 8601 in any of its usual forms, or None.

    A day without time is taken as written, and so is the day of a time with an offset: that is the publisher's clock.
    An instant in UTC becomes a day in `zone`, where one is given. A time without offset is local already. A year
    before 1800 or after 2199 ("0001-01-01" of a database) is no date.
    """
    text = stamp.strip()
    try:
        day = date.fromisoformat(text[:10]) if len(text) <= 10 else _instant_day(datetime.fromisoformat(text), zone)
        return day if day.year in POSSIBLE_YEARS else None
    except (ValueError, OverflowError):  # the last hours of the calendar have no day in another zone
        found = re.match(r"((?:19|20|21)\d\d)-(\d\d)-(\d\d)(?!\d)", text)
        dated = _on_day(found[1], found[2], found[3]) if found else None
        return dated.day if dated else None


def stamp(value: str | None, zone: str | None, origin: str) -> Dated | None:
    """A machine stamp or, failing that, a date in words, as `origin` says it; None for anything else."""
    if not value or not value.strip():
        return None
    day = stamped_day(value, zone)
    if day and day.year >= _OLDEST:
        return Dated(day=day, origin=origin)
    found = find_date(value)
    return replace(found, origin=origin) if found and found.day.year >= _OLDEST else None


def _instant_day(instant: datetime, zone: str | None) -> date:
    if zone is None or instant.utcoffset() != timedelta(0):  # None for a time without an offset
        return instant.date()
    return local_day(instant, zone)


def url_date(url: str | None) -> Dated | None:
    """A day that stands in an address (/2022/06/29/, 20220629, 2022-06-29): always low confidence."""
    path = _split(url).path if url else ""
    found = re.search(r"(?<!\d)(20\d\d)([/-]?)([01]\d)\2([0-3]\d)(?!\d)", path)
    dated = _on_day(found[1], found[3], found[4]) if found else None
    if dated is None and (month := re.search(r"/(20\d\d)/(0[1-9]|1[0-2])/", path)):
        dated = end_of_month(int(month[1]), int(month[2]))
    return replace(dated, origin="url", confidence=Confidence.LOW) if dated else None
