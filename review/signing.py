"""The signed status beside the computed one: what is in force on a day, until when, and what ended it (method §9)."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from review.method.model import Watershed
from review.standing import QuestionStanding, Signed, Standing
from store import signoffs

ENDS = """
select min(e.known_day) as on_day from standing_events e join moratoria m on m.id = e.moratorium_id
where m.country = ? and e.kind in ('ended', 'annulled') and e.known_day > ? and e.known_day <= ?
  and exists (select 1 from json_each(m.deciding) where value = ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A day on which a sign-off holds no more, and why."""

    on: date
    why: str
    why_nl: str


def in_force(
    conn: sqlite3.Connection, country: str, as_of: date, watersheds: Mapping[str, Iterable[Watershed]]
) -> dict[str, Signed]:
    """The newest approved sign-off of each question by the end of a day; also one that has expired since, marked so.

    `watersheds` are those known on the day, by question.
    """
    until = f"{as_of.isoformat()}T23:59:59Z"
    found = {}
    for row in signoffs.approved(conn, country, until):
        end = ended(conn, row, as_of, watersheds.get(row["question_id"], ()))
        found[row["question_id"]] = Signed(
            status=row["status"],
            computed=row["effective"],
            proposed_by=row["actor"],
            approved_by=row["approved_by"],
            signed_on=date.fromisoformat(row["approved_at"][:10]),
            as_of=date.fromisoformat(_judged(row)),
            reason=row["reason"],
            expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
            expired_on=end.on if end else None,
            expired_why=end.why if end else "",
            expired_why_nl=end.why_nl if end else "",
            dissents=tuple(
                f"{one['actor']}: {one['status']}; {one['reason']}" for one in signoffs.dissents(conn, row["id"], until)
            ),
        )
    return found


def expiry(question: QuestionStanding, standing: Standing, review_on: date) -> list[End]:
    """Every day on which a sign-off on this verdict ends, as known now, soonest first (method §9).

    The review date, the days CURRENT or the status lapse, the end of a moratorium that the question decides. An
    announced watershed ends it on its day, which `in_force` sees when it comes.
    """
    ends = [End(on=review_on, why="its review date", why_nl="de herzieningsdatum")]
    if question.stale_on:
        ends.append(End(on=question.stale_on, why="no longer current", why_nl="niet meer actueel"))
    if question.falls_on:
        ends.append(End(on=question.falls_on, why="the status falls", why_nl="de status daalt"))
    for moratorium in standing.moratoria:
        if moratorium.country != question.country or question.id not in moratorium.deciding:
            continue
        for half in moratorium.halves:
            if half.ends_on and half.ends_on >= standing.as_of and half.ends_on < date.max:
                ends.append(
                    End(
                        on=half.ends_on + timedelta(days=1),
                        why=f"{moratorium.id} ends ({half.half})",
                        why_nl=f"{moratorium.id} eindigt ({half.half})",
                    )
                )
    return sorted(ends, key=lambda end: (end.on, end.why))


def ended(
    conn: sqlite3.Connection, row: Mapping[str, Any] | sqlite3.Row, as_of: date, events: Iterable[Watershed]
) -> End | None:
    """What ended a proposal first, by a day, whether it was approved or not; None while nothing has."""
    return min(_ends(conn, row, as_of, events), key=lambda one: one.on, default=None)


def _ends(
    conn: sqlite3.Connection, row: Mapping[str, Any] | sqlite3.Row, as_of: date, events: Iterable[Watershed]
) -> Iterable[End]:
    """What has ended a sign-off by a day: its own last day, a later watershed, a moratorium ended or annulled."""
    if row["expires_on"] and row["expires_on"] <= as_of.isoformat():
        yield End(on=date.fromisoformat(row["expires_on"]), why="its own last day", why_nl="de eigen einddatum")
    for event in events:
        if not event.announced and _judged(row) < event.on.isoformat() <= as_of.isoformat():
            yield End(on=event.on, why=f"watershed: {event.title}", why_nl=f"cesuur: {event.title}")
    over = conn.execute(
        ENDS, [row["country"], (row["approved_at"] or row["signed_at"])[:10], as_of.isoformat(), row["question_id"]]
    ).fetchone()["on_day"]
    if over:
        yield End(on=date.fromisoformat(over), why="the moratorium ended", why_nl="het moratorium is geëindigd")


def _judged(row: Mapping[str, Any] | sqlite3.Row) -> str:
    """The last day that a sign-off can have judged: the verdict's, and none after the signature (a clock ran ahead)."""
    return str(min(row["as_of"], (row["approved_at"] or row["signed_at"])[:10]))
