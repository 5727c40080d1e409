"""Replay a moratorium's life: what the method says week by week, against what the state decided, and why they differ.

A difference is no failure: the state weighs more than information, and the method more than the state said it did. Only
what a decision was seen to say is compared; a letter whose conclusion nobody read is shown and never scored.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date

from review import assess
from review.backtest_acts import acts_of, days, subjects
from review.backtest_compare import compare
from review.backtest_types import BacktestError, Point, Replay
from review.standing import Standing

__all__ = ["BacktestError", "Replay", "replay", "replayable"]


def replay(
    conn: sqlite3.Connection,
    moratorium_id: str,
    *,
    basis: str,
    reading: str,
    today: date,
    every_days: int = 7,
    progress: Callable[[date], object] = lambda day: None,
) -> Replay:
    """Judge a moratorium's country every so many days and on each day of an act. Raises BacktestError."""
    row = conn.execute("select * from moratoria where id = ?", [moratorium_id]).fetchone()
    if row is None:
        known = [r["id"] for r in conn.execute("select id from moratoria order by id")]
        raise BacktestError(f"no moratorium {moratorium_id!r}; known: {', '.join(known) or 'none'}")
    deciding, groups = subjects(conn, row)
    acts = acts_of(conn, moratorium_id)
    if not acts or not (deciding or groups):
        raise BacktestError(
            f"moratorium {moratorium_id}: no question or group is declared for {row['country']}, so there is nothing "
            "to replay; docs/add-a-group.md says how one is added"
        )
    marked = {act.on for act in acts if act.on <= today}
    points, on_acts = [], {}
    for day in days(acts, every_days=every_days, today=today):
        progress(day)
        standing = assess.standing(
            conn, as_of=day, basis=basis, reading=reading, country=row["country"], look_ahead=day in marked, today=today
        )
        points.append(_point(standing, deciding, groups))
        if day in marked:
            on_acts[day] = standing
    return Replay(
        moratorium_id=moratorium_id,
        title=row["title"],
        title_nl=row["title_nl"],
        country=row["country"],
        basis=basis,
        reading=reading,
        deciding=deciding,
        groups=groups,
        acts=tuple(acts),
        points=tuple(points),
        compared=tuple(c for act in acts if act.on in on_acts for c in compare(act, on_acts[act.on], deciding)),
    )


def replayable(conn: sqlite3.Connection) -> list[str]:
    """The moratoria on countries about which questions are asked."""
    rows = conn.execute(
        """select m.id from moratoria m where exists (select 1 from current_questions q
             where q.country = m.country) order by m.id"""
    )
    return [row["id"] for row in rows]


def _point(standing: Standing, deciding: Sequence[str], groups: Sequence[str]) -> Point:
    return Point(
        as_of=standing.as_of,
        questions={q.id: q.effective for g in standing.groups for q in g.questions if q.id in deciding},
        groups={g.group: g.status for g in standing.groups if g.group in groups},
    )
