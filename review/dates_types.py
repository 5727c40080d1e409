"""A date as a text says it, and as the day of publication resolves it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Edge = Literal["since", "until"]
FULL, MONTH, YEAR, RELATIVE, GUESSED, WEEKDAY = 0.95, 0.9, 0.85, 0.75, 0.7, 0.6  # how sure a reading is


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A date as it is said: months of a year, with a day or a part where named; or plain days where counted."""

    start: int
    end: int
    rule: str
    months: tuple[int, int] = (1, 12)
    day: int | None = None
    to_day: int | None = None
    week: bool = False  # the seven days from `day` on
    year: int | None = None
    guess: bool = False  # the year is to be found out
    part: str | None = None
    days: tuple[date, date] | None = None
    by_publication: bool = False  # the year or the days are counted from the publication
    aside: bool = False  # seldom the time of what is told: "the Act of 2002", "today", "ten years ago", "on Sunday"
    sure: float = FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date of the text: its span in the folded text, the first and last day it names, both inclusive.

    `edge` says that it only opens a period ("since March") or closes one ("until March"): the other side is open.
    `by_publication`: a wrong day of publication makes it wrong. `aside`: it is seldom the time of what is told.
    """

    start: int
    end: int
    first: date
    last: date
    edge: Edge | None = None
    by_publication: bool
    aside: bool = False
    confidence: float
    rule: str


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none (31 June, month 14)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
