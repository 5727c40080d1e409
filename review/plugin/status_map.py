"""The status of every question of a country month by month: what was stored or replayed, and the visitor's day."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TypeAlias

from review.backtest_kept import kept
from review.standing import GroupStanding, QuestionStanding, Standing

MONTHS = 12
# Every status that was stored up to a day, with how long it stands when nothing new comes.
STORED = """
select question_id, as_of, effective, next_on from verdicts
where country = ?1 and question_id in (select value from json_each(?2)) and basis = ?3 and reading = ?4 and as_of <= ?5
order by as_of, id
"""
StatusOn = Callable[[str, date], str]
Change: TypeAlias = tuple[date, str, date | None]  # since when, which status, until when it stands unasked (exclusive)
Replayed: TypeAlias = Sequence[tuple[date, Mapping[str, str]]]  # days with the status of each question


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Months in a row with one status ('': not stored); `until` is the last day that it speaks of."""

    status: str
    months: int
    first: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    question: QuestionStanding
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMap:
    """`ends` are the days that the columns speak of: the last of each month, and the visitor's day."""

    ends: tuple[date, ...]
    groups: tuple[tuple[GroupStanding, tuple[Row, ...]], ...]
    replayed: tuple[str, ...]  # moratoria whose kept replays fill in what was not stored


def draw(conn: sqlite3.Connection, standing: Standing, country: str) -> StatusMap | None:
    """Lay the statuses of a country out by month; None where nothing before the visitor's month is known."""
    groups = [group for group in standing.groups if group.country == country]
    asked = [q for group in groups for q in group.questions if q.country == country]
    ends = month_ends(standing.as_of)
    stored = _stored(conn, standing, country, [q.id for q in asked])
    replayed = _replayed(conn, standing, country)

    def status(question: str, day: date) -> str:
        return _stands(stored.get(question, ()), day) or _played(replayed.values(), question, day)

    before = [end for end in ends[:-1] if any(status(q.id, end) for q in asked)]
    if not before:
        return None
    ends = [end for end in ends if end >= before[0]]
    used = [id_ for id_, points in replayed.items() if any(_played([points], q.id, end) for q in asked for end in ends)]
    laid = [(group, tuple(_rows(group, ends, status))) for group in groups]
    return StatusMap(
        ends=tuple(ends),
        groups=tuple((group, rows) for group, rows in laid if rows),
        replayed=tuple(used),
    )


def month_ends(day: date, months: int = MONTHS) -> list[date]:
    """The last days of the months before a day, the oldest first, and the day itself: so many, as far as there are."""
    ends = [day]
    while len(ends) < months and (ends[-1].year, ends[-1].month) > (1, 1):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def _rows(group: GroupStanding, ends: Sequence[date], status: StatusOn) -> Iterator[Row]:
    """The questions of which anything earlier is known."""
    for question in group.questions:
        if any(status(question.id, end) for end in ends[:-1]):
            yield Row(question=question, cells=_cells(question, ends, status))


def _cells(question: QuestionStanding, ends: Sequence[date], status: StatusOn) -> tuple[Cell, ...]:
    """The newest column is how the question stands as the visitor looks."""
    by_month = [(end, status(question.id, end)) for end in ends[:-1]] + [(ends[-1], question.effective)]
    runs = [(named, [end for end, _ in run]) for named, run in groupby(by_month, key=lambda one: one[1])]
    return tuple(Cell(status=named, months=len(days), first=days[0], until=days[-1]) for named, days in runs)


def _stored(conn: sqlite3.Connection, standing: Standing, country: str, asked: list[str]) -> dict[str, list[Change]]:
    values = [country, json.dumps(asked), standing.basis, standing.reading, standing.as_of.isoformat()]
    found: dict[str, list[Change]] = {}
    for row in conn.execute(STORED, values):
        ends = date.fromisoformat(row["next_on"]) if row["next_on"] else None
        found.setdefault(row["question_id"], []).append((date.fromisoformat(row["as_of"]), row["effective"], ends))
    return found


def _replayed(conn: sqlite3.Connection, standing: Standing, country: str) -> dict[str, Replayed]:
    """Kept replays of the country's moratoria, as far as the visitor's day."""
    found: dict[str, Replayed] = {}
    for one in standing.moratoria:
        if one.country == country and one.deciding:
            replay = kept(conn, one.id, basis=standing.basis, reading=standing.reading)
            if replay:
                points = replay.replay.points
                found[one.id] = [(p.as_of, p.questions) for p in points if p.as_of <= standing.as_of]
    return found


def _stands(changes: Sequence[Change], day: date) -> str:
    """The last status stored by a day; '' where there is none, or an earlier month's that no longer stood."""
    last = next((one for one in reversed(changes) if one[0] <= day), None)
    stands = last and (last[2] is None or day < last[2] or last[0] >= day.replace(day=1))
    return last[1] if last and stands else ""


def _played(replays: Iterable[Replayed], question: str, day: date) -> str:
    """The status of the last day replayed in a month up to its end; '' where none was."""
    for points in replays:
        month = [named for on, named in points if day.replace(day=1) <= on <= day and question in named]
        if month:
            return month[-1][question]
    return ""
