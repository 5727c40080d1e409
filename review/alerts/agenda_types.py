"""An entry of the calendar, and a moratorium as its entries look at it."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from review.alerts.say import Words
from review.standing import HalfStanding
from store import agenda as rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: whole days `first` to `last`, both inclusive, local to the deciding state; `path` is its page.

    `cancelled`: what it told of no longer stands; it says so under its old UID, since an entry that only vanishes stays
    in the calendars that have it (RFC 5545 §3.8.1.11).
    """

    uid: str
    kind: str  # end, review, lapse, publication
    first: date
    last: date
    summary: str
    lines: tuple[str, ...]
    path: str
    sequence: int
    changed: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A moratorium on the day it is in its state, with the clocks that have a last day."""

    row: sqlite3.Row
    day: date
    halves: tuple[HalfStanding, ...]

    @property
    def last_day(self) -> date | None:
        """The day on which the last of its halves ends."""
        return max((half.ends_on for half in self.halves if half.ends_on), default=None)

    def moves(self, conn: sqlite3.Connection, half: str) -> tuple[int, datetime]:
        """How many acts can have moved a half, and when the newest of them counted."""
        found = rows.moves(conn, self.row["id"], half, self.day.isoformat())
        return found["n"], datetime.fromisoformat(found["at"])

    def names(self, words: Words) -> dict[str, str]:
        """State and country in words."""
        return {"state": words.country(self.row["state"]), "country": words.country(self.row["country"])}


def turns(found: list[sqlite3.Row], column: str) -> tuple[int, str]:
    """How often the day changed from one verdict to the next, and when last: more verdicts, never fewer turns."""
    number, since, before = 0, found[0]["computed_at"], None
    for row in found:
        if row[column] != before:
            number, since, before = number + 1, max(since, row["computed_at"]), row[column]
    return number, since
