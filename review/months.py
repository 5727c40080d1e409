"""Whole calendar months on days, as deadlines count them (law, computable rules version 1). Pure; no clock."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from store.errors import ForPeople


class BeyondCalendar(ForPeople, ValueError):
    """A day that no calendar of this program has (after the year 9999)."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A length of time as people say it: calendar months first, then the days that are left over."""

    months: int
    days: int


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later; a day that month has not becomes its last day.

    Months are added at once, so that 31 August + 6 + 9 months is 31 August + 15 months. Raises BeyondCalendar.

    >>> add_months(date(2023, 8, 31), 6), add_months(date(2023, 8, 31), 15)
    (datetime.date(2024, 2, 29), datetime.date(2024, 11, 30))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise BeyondCalendar(f"{day} plus {months} months lies outside the years 1 to 9999; check the day")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, until: date) -> Span:
    """Return how long it is from one day to a later one, the later one not counted: most whole months, then days.

    >>> months_between(date(2024, 12, 14), date(2025, 6, 14)), months_between(date(2024, 1, 31), date(2024, 3, 1))
    (Span(months=6, days=0), Span(months=1, days=1))
    """
    if until < first:
        raise ValueError(f"{until} is before {first}")
    months = (until.year - first.year) * 12 + until.month - first.month
    if add_months(first, months) > until:
        months -= 1
    return Span(months, (until - add_months(first, months)).days)


def add_span(day: date, span: Span) -> date:
    """Add the months, then the days. Raises BeyondCalendar."""
    try:
        return add_months(day, span.months) + timedelta(days=span.days)
    except OverflowError as error:
        raise BeyondCalendar(f"{day} plus {span} lies after the year 9999; check the day") from error
