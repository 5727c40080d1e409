"""What people resolved about contradictions: rows that are only added, and taken back by a further row."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from store.errors import ForPeople


class ContradictionError(ForPeople, ValueError):
    """A resolution cannot be kept. The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """One resolution: two sides of evidence ids, what it is said to be, and the side set aside (None: genuine)."""

    question_id: str
    country: str
    a: tuple[int, ...]
    b: tuple[int, ...]
    resolution: str
    side: str | None
    reason: str
    actor: str
    decided_at: str


def record(conn: sqlite3.Connection, found: Resolved) -> int:
    """Keep a resolution; return its number. Runs in the caller's transaction. Raises ContradictionError."""
    try:
        row = conn.execute(
            """insert into contradictions (question_id, country, side_a, side_b, resolution, side, reason, actor,
                 decided_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [found.question_id, found.country, json.dumps(sorted(found.a)), json.dumps(sorted(found.b)),
             found.resolution, found.side, found.reason.strip(), found.actor.strip(), found.decided_at],
        )  # fmt: skip
    except sqlite3.IntegrityError as error:
        raise ContradictionError(
            f"resolution {found.resolution!r} of {found.country} {found.question_id}, side {found.side!r}, by "
            f"{found.actor!r} with the reason {found.reason!r} is not kept: {error}"
        ) from error
    return int(row.lastrowid or 0)


def undo(conn: sqlite3.Connection, number: int, *, reason: str, actor: str, at: str) -> int:
    """Take a resolution back, from now on; return the id of the event. Raises ContradictionError."""
    row = conn.execute("select id from contradictions where id = ?", [number]).fetchone()
    if row is None:
        known = ", ".join(str(one["id"]) for one in conn.execute("select id from contradictions order by id"))
        raise ContradictionError(f"no resolution has the number {number}; resolutions are: {known or 'none'}")
    try:
        event = conn.execute(
            """insert into contradiction_events (contradiction_id, event, reason, actor, at)
               values (?, 'undone', ?, ?, ?)""",
            [number, reason.strip(), actor.strip(), at],
        )
    except sqlite3.IntegrityError as error:
        raise ContradictionError(
            f"resolution {number} is not taken back by {actor!r} with the reason {reason!r}: {error}; each is taken "
            "back once, with a name and a reason"
        ) from error
    return int(event.lastrowid or 0)


def of_country(conn: sqlite3.Connection, country: str, *, question_id: str | None = None) -> Iterable[sqlite3.Row]:
    """Every resolution on a country (of one question), oldest first, with when, by whom and why it was taken back."""
    return conn.execute(
        """select c.*, e.at as undone_at, e.actor as undone_by, e.reason as undone_reason
           from contradictions c left join contradiction_events e on e.contradiction_id = c.id
           where c.country = ? and (? is null or c.question_id = ?) order by c.id""",
        [country, question_id, question_id],
    ).fetchall()
