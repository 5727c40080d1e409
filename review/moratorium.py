"""Where a moratorium stands on a day: its clocks as known then, its own status, and the advice line."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from review.gates import Coverage
from review.method.model import Status
from review.method.rollup import advice, roll_up
from review.standing import HalfStanding, MoratoriumStanding

HALVES = ("decisions", "departures")


class Judged(Protocol):
    """What this needs of a judged question."""

    @property
    def effective(self) -> Status: ...
    @property
    def coverage(self) -> Coverage: ...


def moratoria(
    conn: sqlite3.Connection, country: str, as_of: date, judged: Mapping[str, Judged]
) -> list[MoratoriumStanding]:
    """Every moratorium on a country that had been decided by the day, with its status by its deciding questions."""
    rows = conn.execute(
        """select m.* from moratoria m where m.country = ? and exists (
             select 1 from moratorium_events e where e.moratorium_id = m.id and e.on_day <= ?) order by m.id""",
        [country, as_of.isoformat()],
    )
    return [_standing(conn, row, as_of, judged) for row in rows]


def _standing(
    conn: sqlite3.Connection, row: sqlite3.Row, as_of: date, judged: Mapping[str, Judged]
) -> MoratoriumStanding:
    deciding = tuple(json.loads(row["deciding"]))
    rolled = roll_up({q: judged[q].effective if q in judged else Status.INSUFFICIENT for q in deciding})
    halves = tuple(half_on(conn, row["id"], half, as_of) for half in HALVES)
    running = any(half.days_left is not None and half.days_left >= 0 for half in halves)
    covered = all(q in judged and judged[q].coverage.full for q in deciding)
    said = advice(rolled, full_coverage=covered, report_expected=False)
    return MoratoriumStanding(
        id=row["id"],
        title=row["title"],
        state=row["state"],
        country=row["country"],
        phase="running" if running else "ended",
        status=rolled.status.value,
        deciding=deciding,
        halves=halves,
        groups_in=_groups(conn, row["id"], "in", as_of),
        groups_out=_groups(conn, row["id"], "out", as_of),
        advice=said.en,
        advice_nl=said.nl,
    )


# An annulled or ended clock stops that day, unless the moratorium was revived afterwards.
STOPPED = """
select max(e.on_day) as on_day from moratorium_events e
where e.moratorium_id = ? and (e.half = ? or e.half is null) and e.kind in ('annulled', 'ended') and e.on_day <= ?
  and not exists (select 1 from moratorium_events r where r.moratorium_id = e.moratorium_id and r.kind = 'revived'
                    and r.on_day > e.on_day)
"""


def half_on(conn: sqlite3.Connection, moratorium_id: str, half: str, as_of: date) -> HalfStanding:
    """One clock as its events read on a day: an extension counts from the day it was decided, a correction at once.

    `ends_on` is the last day, inclusive; days_left is 0 on that day and negative after it.
    """
    row = conn.execute(
        """select last_day, confidence from moratorium_events
           where moratorium_id = ? and (half = ? or half is null) and last_day is not null and on_day <= ?
           order by on_day desc, id desc limit 1""",
        [moratorium_id, half, as_of.isoformat()],
    ).fetchone()
    if row is None:
        return HalfStanding(half=half, ends_on=None, days_left=None, confidence="unverified")
    ends_on = date.fromisoformat(row["last_day"])
    stopped = conn.execute(STOPPED, [moratorium_id, half, as_of.isoformat()]).fetchone()
    if stopped["on_day"]:
        ends_on = min(ends_on, date.fromisoformat(stopped["on_day"]))
    return HalfStanding(half=half, ends_on=ends_on, days_left=(ends_on - as_of).days, confidence=row["confidence"])


def _groups(conn: sqlite3.Connection, moratorium_id: str, side: str, as_of: date) -> tuple[str, ...]:
    """Groups on one side of the scope, with the kind of service where that decides, e.g. 'deserters (contract)'."""
    rows = conn.execute(
        """select group_id, services from moratorium_scopes where moratorium_id = ? and side = ?
             and (valid_from is null or valid_from <= ?) order by position""",
        [moratorium_id, side, as_of.isoformat()],
    )
    found = []
    for row in rows:
        services = ", ".join(json.loads(row["services"]))
        found.append(f"{row['group_id']} ({services})" if services else row["group_id"])
    return tuple(found)
