"""What a state said of the information on a moratorium's groups, by day; and on which days a replay looks."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from review.backtest_types import Act, Verdict

SAID_BY: Mapping[str, Verdict] = {  # what an act of the state says of the information; other acts say nothing of it
    "decided": "not enough",
    "extended": "not enough",
    "revived": "not enough",
    "ended": "enough",
    "policy_letter": "not seen",
    "annulled": "not seen",
}
BEFORE = AFTER = timedelta(weeks=4)


def days(acts: Sequence[Act], *, every_days: int, today: date) -> list[date]:
    """The days to judge: every so many, and the days of the acts; four weeks before the first to four after the last.

    No day lies ahead of `today`.
    """
    first, last = min(act.on for act in acts) - BEFORE, min(max(act.on for act in acts) + AFTER, today)
    regular = {first + timedelta(days=n) for n in range(0, (last - first).days + 1, every_days)}
    return sorted(regular | {act.on for act in acts if act.on <= last})


def acts_of(conn: sqlite3.Connection, moratorium_id: str) -> list[Act]:
    """What the state said of the information, in order: of the deciding questions, and of groups it left out."""
    found: list[Act] = []
    events = conn.execute(
        f"""select * from moratorium_events e where moratorium_id = ? and kind in ({", ".join("?" * len(SAID_BY))})
              and not exists (select 1 from moratorium_events r where r.retracts = e.id) order by on_day, id""",  # noqa: S608 - ours
        [moratorium_id, *SAID_BY],
    ).fetchall()
    for row in events:
        act = Act(
            on=date.fromisoformat(row["on_day"]),
            kind=row["kind"],
            said=SAID_BY[row["kind"]] if row["confidence"] == "verified" else "not seen",
            group=None,
            reason=row["reference"],
            confidence=row["confidence"],
        )
        if not any((one.on, one.kind) == (act.on, act.kind) for one in found):  # two halves, one decision
            found.append(act)
    opened = next((act.on for act in found if act.said == "not enough"), None)
    scopes = conn.execute(
        """select group_id, services, valid_from, reason from moratorium_scopes
           where moratorium_id = ? and side = 'out' order by position""",
        [moratorium_id],
    )
    for row in scopes:
        on = date.fromisoformat(row["valid_from"]) if row["valid_from"] else opened
        if on and row["services"] == "[]":  # one kind of service alone has no status of its own
            found.append(
                Act(on=on, kind="left out", said="enough", group=row["group_id"], reason=row["reason"], confidence="")
            )
    return sorted(found, key=lambda act: (act.on, act.group or ""))


def subjects(conn: sqlite3.Connection, row: sqlite3.Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The deciding questions and the groups of a moratorium that questions of its country exist for."""
    asked = conn.execute("select id, group_id from current_questions where country = ?", [row["country"]]).fetchall()
    have, of = {one["id"] for one in asked}, {one["group_id"] for one in asked}
    listed = conn.execute("select value from json_each(?)", [row["deciding"]])
    deciding = tuple(one["value"] for one in listed if one["value"] in have)
    scopes = conn.execute(
        "select distinct group_id from moratorium_scopes where moratorium_id = ? order by position", [row["id"]]
    )
    return deciding, tuple(one["group_id"] for one in scopes if one["group_id"] in of)
