"""Which grade of a source counts: a worse one at once, a better one only once a second person approved it.

A change of grade that raises a status needs a second person (method §11). Grades stand in declarations, which one
person can edit; every card a source ever had is kept in `source_cards`. Walking them in order, a grade that is not
better than the one in force takes its place at once; a better one waits for an approval of the card that gives it.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from store.clock import END_OF_TIME
from store.errors import ForPeople
from store.names import same_name


class GradeError(ForPeople, ValueError):
    """A decision on a grade cannot be kept. The message names the source, what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A better grade that counts for nothing yet: the newest card that gives it, and the grade in force meanwhile."""

    card_id: int
    source_id: str
    counts: str
    declared: str
    declared_at: str
    refused: str = ""
    """Why a person refused it; empty while nobody has decided."""


def in_force(conn: sqlite3.Connection, until: str = END_OF_TIME) -> dict[str, str]:
    """The grade that counts by source, of the cards declared and the decisions made up to an instant."""
    return {source: grade for source, (grade, _) in _walk(conn, until).items()}


def waiting(conn: sqlite3.Connection) -> list[Raise]:
    """Every declared grade that is better than the one in force, by source."""
    return [found for _, (_, found) in sorted(_walk(conn, END_OF_TIME).items()) if found]


def decide(
    conn: sqlite3.Connection, source_id: str, *, decision: str, graded_by: str, reason: str, actor: str, at: str
) -> Raise:
    """Keep a person's word (approve, refuse) on a waiting grade; return what was decided. Caller's transaction.

    Raise GradeError where no better grade of this source waits, or where the person who gave it decides on it.
    """
    found = next((one for one in waiting(conn) if one.source_id == source_id), None)
    if found is None:
        names = ", ".join(one.source_id for one in waiting(conn)) or "none"
        raise GradeError(f"source {source_id!r}: no better grade waits for a second person; waiting are: {names}")
    if not reason.strip() or not actor.strip() or not graded_by.strip():
        raise GradeError(f"source {source_id!r}: say who gave the grade, who decides on it, and why")
    if same_name(graded_by, actor):
        raise GradeError(
            f"source {source_id!r}: {actor!r} gave the grade {found.declared} and cannot decide on it as well; "
            "a second person must"
        )
    conn.execute(
        """insert into grade_decisions (card_id, decision, graded_by, reason, actor, decided_at)
           values (?, ?, ?, ?, ?, ?)""",
        [found.card_id, decision, graded_by.strip(), reason.strip(), actor.strip(), at],
    )
    return found


def _walk(conn: sqlite3.Connection, until: str) -> dict[str, tuple[str, Raise | None]]:
    decided = _decisions(conn, until)
    found: dict[str, tuple[str, Raise | None]] = {}
    for card in conn.execute("select id, source_id, grade, declared_at from source_cards order by source_id, id"):
        known = found.get(card["source_id"])
        if known is None:  # the first card counts from the start: there is nothing it raises
            found[card["source_id"]] = (card["grade"], None)
            continue
        if card["declared_at"] > until:
            continue
        counts = known[0]
        decision, why = decided.get(card["id"], ("", ""))
        if card["grade"] >= counts or decision == "approve":
            found[card["source_id"]] = (card["grade"], None)
            continue
        waits = Raise(
            card_id=card["id"], source_id=card["source_id"], counts=counts, declared=card["grade"],
            declared_at=card["declared_at"], refused=why if decision == "refuse" else "",
        )  # fmt: skip
        found[card["source_id"]] = (counts, waits)
    return found


def _decisions(conn: sqlite3.Connection, until: str) -> Mapping[int, tuple[str, str]]:
    """The newest decision on each card, with its reason."""
    rows = conn.execute(
        "select card_id, decision, reason from grade_decisions where decided_at <= ? order by id", [until]
    )
    return {row["card_id"]: (row["decision"], row["reason"]) for row in rows}
