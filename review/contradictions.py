"""The open disagreements of a question, and a person's resolution of one: checked as in a scenario, then kept."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.assess import judge_country, speakers_of
from review.explain import explain
from review.judging import Judged
from review.method import resolving
from review.method.model import Basis, Reading, Resolution, Resolved, Side
from store import contradictions
from store.clock import utc_now
from store.contradictions import ContradictionError
from store.db import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """One origin that says otherwise than most do: side a; what it is said against: side b. Ids of evidence rows."""

    origin: str
    answers: tuple[str, ...]
    a: tuple[int, ...]
    mode: str
    b: tuple[int, ...]
    contradicts: bool
    """Two steps or more away, or opposite, about the same place and sub-group (method §4)."""


def judged_on(conn: sqlite3.Connection, country: str, question_id: str, reading: Reading, day: date) -> Judged:
    """The question as it stands on a day on the public basis."""
    (found,) = judge_country(
        conn, country, as_of=day, basis=Basis.PUBLIC, reading=reading, today=day, speakers=speakers_of(conn),
        question=question_id,
    )  # fmt: skip
    return found


def open_dissents(judged: Judged) -> tuple[Dissent, ...]:
    """Every vote for another value than the mode that no resolution has set aside; contradictions first."""
    tally, rows = explain(judged).weighed.tally, _rows(judged)
    holders = [vote for vote in tally.votes if tally.mode is not None and vote.answer == tally.mode]
    met = {one.origin: one for one in tally.contradictions}
    found = []
    for vote in tally.against:
        open_ = met.get(vote.origin)
        against = open_.holders if open_ else tuple(holder.entries[0].item.id for holder in holders)
        found.append(
            Dissent(
                origin=next((h.origin_label for h in judged.held if h.item.origin == vote.origin), vote.origin),
                answers=tuple(entry.item.answer for entry in vote.entries),
                a=tuple(sorted(rows[entry.item.id] for entry in vote.entries)),
                mode=str(tally.mode),
                b=tuple(sorted(rows[one] for one in against)),
                contradicts=open_ is not None,
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.contradicts, one.a)))


def resolve(
    conn: sqlite3.Connection,
    judged: Judged,
    evidence_id: int,
    *,
    resolution: str,
    side: str | None,
    reason: str,
    actor: str,
) -> int:
    """Keep a person's resolution of the dissent that a piece of evidence belongs to; return its number.

    Raises ContradictionError where it is no open dissent, or the resolution cannot be so.
    """
    asked, case = judged.asked, judged.case
    where = f"{asked.country} {asked.question.id}"
    found = open_dissents(judged)
    dissent = next((one for one in found if evidence_id in one.a), None)
    if dissent is None:
        known = ", ".join(str(name) for one in found for name in one.a)
        raise ContradictionError(
            f"evidence {evidence_id} is no open dissent on {where}; evidence that says otherwise than most: "
            f"{known or 'none'}"
        )
    if (resolution == Resolved.GENUINE) != (side is None):
        raise ContradictionError(
            f"resolution {resolution!r} with side {side!r}: a genuine conflict sets no side aside; any other names the "
            "side that it sets aside, a or b"
        )
    ids = {number: name for name, number in _rows(judged).items()}
    row = Resolution(
        a=tuple(ids[one] for one in dissent.a),
        b=tuple(ids[one] for one in dissent.b),
        resolution=Resolved(resolution),
        side=Side(side) if side else None,
    )
    evidence, sources = {one.id: one for one in case.evidence}, {one.id: one for one in case.sources}
    for field, why in resolving.problems(row, evidence, sources):
        raise ContradictionError(f"{where}: field {field!r}: {_with_numbers(why, _rows(judged))}")
    with writing(conn):
        return contradictions.record(
            conn,
            contradictions.Resolved(
                question_id=asked.question.id, country=asked.country, a=dissent.a, b=dissent.b, resolution=resolution,
                side=side, reason=reason, actor=actor, decided_at=utc_now(),
            ),
        )  # fmt: skip


def recorded(conn: sqlite3.Connection, judged: Judged) -> Iterable[sqlite3.Row]:
    """The resolutions that people recorded on a question, taken back or not, oldest first."""
    return contradictions.of_country(conn, judged.asked.country, question_id=judged.asked.question.id)


def _rows(judged: Judged) -> dict[str, int]:
    """Ids of the case -> row numbers of the evidence."""
    return {held.item.id: int(held.row["id"]) for held in judged.held}


def _with_numbers(text: str, rows: dict[str, int]) -> str:
    for name, number in rows.items():
        text = text.replace(repr(name), str(number))
    return text
