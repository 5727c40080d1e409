"""Evidence: one passage's answer to one question. Proposals and people's decisions are only ever added."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from store import translations


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """An answer on its question's scale (or unknown, unclear, mixed), with when and where it was true."""

    passage_id: int
    question_id: str
    question_version: int
    country: str
    group_id: str
    answer: str
    directness: str
    start: int
    end: int
    rule: str
    proposed_by: str
    proposed_at: str
    examination_id: int | None = None
    subgroup: str = ""
    attributed_to: str = ""
    facts_from: str | None = None
    facts_to: str | None = None
    facts_confidence: str = "normal"
    ongoing: int = 0
    whole_period: int = 0
    place: str = ""
    against_interest: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDecision:
    evidence_id: int
    decision: str  # accept, reject, unsure, later; open: taken back, nobody has decided
    actor: str
    decided_at: str
    reason: str = ""
    reason_code: str = ""
    carried_from: int | None = None  # the decision on the text before a small change
    undoes: int | None = None  # the decision before which this one restores the state
    read_in: str = ""  # original, machine; "": not said, see `decide`


_COLUMNS = tuple(field.name for field in fields(EvidenceRow))


def keep_all(conn: sqlite3.Connection, rows: Iterable[EvidenceRow]) -> None:
    """Keep proposals; SQLite refuses an answer that is not on its question's scale."""
    conn.executemany(
        f"insert into evidence ({', '.join(_COLUMNS)}) values ({', '.join('?' for _ in _COLUMNS)})",
        [tuple(getattr(row, name) for name in _COLUMNS) for row in rows],
    )


def add(conn: sqlite3.Connection, row: EvidenceRow, decision: EvidenceDecision | None = None) -> int:
    """Keep evidence that a person wrote (a link of the audit chain), accepted by whoever wrote it. Returns its id.

    Raises sqlite3.IntegrityError for an answer that is not on its question's scale.
    """
    found = conn.execute(
        f"insert into evidence ({', '.join(_COLUMNS)}) values ({', '.join('?' for _ in _COLUMNS)})",
        [getattr(row, name) for name in _COLUMNS],
    )
    made = int(found.lastrowid or 0)
    accepted = decision or EvidenceDecision(
        evidence_id=made, decision="accept", actor=row.proposed_by, decided_at=row.proposed_at
    )
    decide(conn, replace(accepted, evidence_id=made))
    return made


def decide(conn: sqlite3.Connection, decision: EvidenceDecision) -> int:
    """Add a person's decision on one piece of evidence; the newest is in force. Returns its id.

    Where a machine translation of the passage is held and nobody says what was read, it was the translation: an answer
    that is known in machine translation only must not make a question sufficient (method section 7).
    """
    read_in = decision.read_in or (translations.MACHINE if translations.held_of(conn, decision.evidence_id) else "")
    found = conn.execute(
        """insert into evidence_decisions (evidence_id, decision, reason_code, reason, actor, decided_at,
             carried_from, undoes, read_in)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            decision.evidence_id, decision.decision, decision.reason_code, decision.reason, decision.actor,
            decision.decided_at, decision.carried_from, decision.undoes, read_in,
        ],
    )  # fmt: skip
    return int(found.lastrowid or 0)


def undo(conn: sqlite3.Connection, evidence_id: int, *, decision_id: int, actor: str, at: str) -> int:
    """Restore the state before a decision, by a further one. Returns its id.

    Before its first decision the rules' evidence is open again, and what a person wrote did not exist: it is rejected
    as undone. Undoing an undo brings back what it took away. Raises LookupError for a decision on something else.
    """
    own = conn.execute(
        """select e.examination_id is null as written from evidence_decisions d join evidence e on e.id = d.evidence_id
           where d.id = ? and e.id = ?""",
        [decision_id, evidence_id],
    ).fetchone()
    if own is None:
        raise LookupError(f"no decision {decision_id} on evidence {evidence_id}")
    before = conn.execute(
        """select decision, reason, reason_code, read_in from evidence_decisions where evidence_id = ? and id < ?
           order by id desc limit 1""",
        [evidence_id, decision_id],
    ).fetchone()
    first = "reject" if own["written"] else "open"
    return decide(
        conn,
        EvidenceDecision(
            evidence_id=evidence_id, decision=before["decision"] if before else first,
            reason=before["reason"] if before else "", reason_code=before["reason_code"] if before else "undone",
            actor=actor, decided_at=at, undoes=decision_id,
            read_in=(before["read_in"] if before else "") or translations.ORIGINAL,  # what was read then; nothing new
        ),
    )  # fmt: skip
