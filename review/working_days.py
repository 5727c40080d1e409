"""Working days of the deciding states: Monday to Friday, less public holidays of the whole country.

Holidays come from the package `holidays`, national ones only: a holiday of one German state or canton is a working
day here. The European Union has no holidays of its own: weekends only. Pure; no clock.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from store.errors import ForPeople

if TYPE_CHECKING:
    from holidays import HolidayBase

OTHER_NAMES = {"UK": "GB"}
"""Names of states that people write instead of ISO 3166-1 alpha-2."""


class UnknownState(ForPeople, ValueError):
    """No holidays are known for this state."""


def iso_state(name: str) -> str:
    """Return a state as ISO 3166-1 alpha-2 in capitals; UK becomes GB, EU stays.

    >>> iso_state("uk"), iso_state("NL")
    ('GB', 'NL')
    """
    return OTHER_NAMES.get(name.upper(), name.upper())


def is_working_day(day: date, state: str) -> bool:
    """Whether offices of the state work on that day. Raises UnknownState."""
    return _is_working(day, iso_state(state))


def next_working_day(day: date, state: str) -> date:
    """Return the day itself where it is a working day, else the first one after it. Raises UnknownState."""
    iso = iso_state(state)
    while not _is_working(day, iso):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, number: int, state: str) -> date:
    """Return the working day that is so many working days after a day, which itself does not count (0: the next one).

    Friday 3 working days on is Wednesday. Raises UnknownState; ValueError below 0.
    """
    if number < 0:
        raise ValueError(f"{number} working days: write 0 or more")
    if number == 0:
        return next_working_day(day, state)
    for _ in range(number):
        day = next_working_day(day + timedelta(days=1), state)
    return day


def holiday_name(day: date, state: str) -> str | None:
    """Return what the holiday is called, in English; None on any other day and for the EU. Raises UnknownState."""
    found = _holidays(iso_state(state))
    return None if found is None else found.get(day)


def _is_working(day: date, iso: str) -> bool:
    known = _holidays(iso)  # before the weekend: an unknown state is an error on every day of the week
    return day.weekday() < 5 and (known is None or day not in known)


@lru_cache(maxsize=32)
def _holidays(iso: str) -> "HolidayBase | None":
    """The calendar of a state, loaded once; years fill themselves as they are asked for. None: weekends only."""
    if iso == "EU":
        return None
    import holidays  # here, because a tenth of a second of loading is for those who ask

    try:
        return holidays.country_holidays(iso, language="en_US")
    except NotImplementedError as error:
        raise UnknownState(
            f"no holidays are known for state {iso!r}; write ISO 3166-1 alpha-2, e.g. NL, or EU for weekends only"
        ) from error
