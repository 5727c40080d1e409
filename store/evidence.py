"""Evidence: one passage's answer to one question. Proposals and people's decisions are only ever added."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields


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
    decision: str  # accept, reject, unsure, later
    actor: str
    decided_at: str
    reason: str = ""
    reason_code: str = ""


_COLUMNS = tuple(field.name for field in fields(EvidenceRow))


def keep_all(conn: sqlite3.Connection, rows: Iterable[EvidenceRow]) -> None:
    """Keep proposals; SQLite refuses an answer that is not on its question's scale."""
    conn.executemany(
        f"insert into evidence ({', '.join(_COLUMNS)}) values ({', '.join('?' for _ in _COLUMNS)})",
        [tuple(getattr(row, name) for name in _COLUMNS) for row in rows],
    )


def decide(conn: sqlite3.Connection, decision: EvidenceDecision) -> int:
    """Add a person's decision on one piece of evidence; the newest is in force. Returns its id."""
    found = conn.execute(
        """insert into evidence_decisions (evidence_id, decision, reason_code, reason, actor, decided_at)
           values (?, ?, ?, ?, ?, ?)""",
        [
            decision.evidence_id, decision.decision, decision.reason_code, decision.reason, decision.actor,
            decision.decided_at,
        ],
    )  # fmt: skip
    return int(found.lastrowid or 0)
