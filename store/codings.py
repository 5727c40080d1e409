"""What people say of a passage and a question: blind codings, and whether it bears on the question at all.

Both are only ever added, and each row is a link of the audit chain.
"""

import sqlite3
from dataclasses import dataclass

OFF_SCALE = ("mixed", "unclear", "not_relevant", "unsure")
"""Answers that a coder may give beside those of the scale; `unsure` is no answer and is measured as missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One coder's own answer. `blind`: the coder had not decided on this passage and question before."""

    passage_id: int
    question_id: str
    question_version: int
    country: str
    answer: str
    actor: str
    coded_at: str
    blind: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceDecision:
    """Whether a passage without proposed evidence bears on a question."""

    passage_id: int
    question_id: str
    country: str
    decision: str  # accept, reject, unsure, later; open: taken back
    actor: str
    decided_at: str
    reason: str = ""
    reason_code: str = ""
    carried_from: int | None = None
    undoes: int | None = None


class AlreadyCoded(ValueError):
    """This coder has answered this question for this passage before; the first answer counts."""


def code(conn: sqlite3.Connection, coding: Coding) -> int:
    """Keep a coding; return its id. Raises AlreadyCoded for a second answer of the same coder."""
    found = conn.execute(
        """insert into codings (passage_id, question_id, question_version, country, answer, blind, reason, actor,
             coded_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
        [
            coding.passage_id, coding.question_id, coding.question_version, coding.country, coding.answer,
            int(coding.blind), coding.reason, coding.actor, coding.coded_at,
        ],
    )  # fmt: skip
    if not found.rowcount:
        raise AlreadyCoded(f"{coding.actor} has coded passage {coding.passage_id} for {coding.question_id} before")
    return int(found.lastrowid or 0)


def judge(conn: sqlite3.Connection, decision: RelevanceDecision) -> int:
    """Add a person's word on whether a passage bears on a question; the newest is in force. Returns its id."""
    found = conn.execute(
        """insert into relevance_decisions (passage_id, question_id, country, decision, reason_code, reason, actor,
             decided_at, carried_from, undoes)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            decision.passage_id, decision.question_id, decision.country, decision.decision, decision.reason_code,
            decision.reason, decision.actor, decision.decided_at, decision.carried_from, decision.undoes,
        ],
    )  # fmt: skip
    return int(found.lastrowid or 0)


def undo(conn: sqlite3.Connection, passage_id: int, question_id: str, *, decision_id: int, actor: str, at: str) -> int:
    """Restore the state before a decision on relevance, by a further one. Returns its id.

    Raises LookupError where the decision is not one on this passage and question.
    """
    mine = conn.execute(
        "select country from relevance_decisions where id = ? and passage_id = ? and question_id = ?",
        [decision_id, passage_id, question_id],
    ).fetchone()
    if mine is None:
        raise LookupError(f"no decision {decision_id} on passage {passage_id} and {question_id}")
    before = conn.execute(
        """select decision, reason, reason_code from relevance_decisions
           where passage_id = ? and question_id = ? and country = ? and id < ? order by id desc limit 1""",
        [passage_id, question_id, mine["country"], decision_id],
    ).fetchone()
    return judge(
        conn,
        RelevanceDecision(
            passage_id=passage_id, question_id=question_id, country=mine["country"],
            decision=before["decision"] if before else "open", reason=before["reason"] if before else "",
            reason_code=before["reason_code"] if before else "undone", actor=actor, decided_at=at, undoes=decision_id,
        ),
    )  # fmt: skip
