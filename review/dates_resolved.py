"""The days that a date as it is said stands for, reckoned from the day of publication."""

from calendar import monthrange
from datetime import date, timedelta

from review.dates_types import Said, day_of


def resolved(said: Said, published_on: date | None, *, far: int, closes: bool) -> tuple[date, date] | None:
    """First and last day; None where the calendar has no such day. `far`: days that a year not said may lie ahead."""
    if said.days:
        return said.days
    try:
        return _resolved(said, published_on, far=far, closes=closes)
    except (OverflowError, ValueError):  # before the first or after the last day of the calendar
        return None


def _resolved(said: Said, published_on: date | None, *, far: int, closes: bool) -> tuple[date, date] | None:
    year = said.year
    if year is None:
        year = _guessed_year(said, published_on, far=far) if published_on else None
    if year is None:
        return None
    opening, closing = said.months
    first = day_of(year, opening, said.day or 1)
    if first is None:
        return None
    if said.day:
        last = day_of(year, opening, said.to_day) if said.to_day else first + timedelta(6) if said.week else first
        return (first, last) if last else None
    year += closing < opening
    return _part_of(first, date(year, closing, monthrange(year, closing)[1]), said.part, closes=closes)


def _guessed_year(said: Said, published_on: date, *, far: int) -> int:
    """The latest year in which the day had come by the publication; the coming one where that is not so far ahead."""
    month, day = said.months[0], said.day or 1
    start = day_of(published_on.year, month, day)
    past = published_on.year if start is not None and start <= published_on else published_on.year - 1
    coming = day_of(past + 1, month, day)
    return past + 1 if coming is not None and 0 < (coming - published_on).days <= far else past


def _part_of(first: date, last: date, part: str | None, *, closes: bool) -> tuple[date, date]:
    """The early, middle or late third of a stretch; a period that ends in its middle ends on the middle day."""
    third = timedelta((last - first).days // 3)
    match part:
        case "early":
            return first, first + third
        case "mid" if closes:
            return first + third, first + timedelta(((last - first).days - 1) // 2)
        case "mid":
            return first + third, last - third
        case "late":
            return last - third, last
        case _:
            return first, last
