"""Mentions (what the rules found), and what people decided about them. Both are only ever added."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow:
    """One span (or a whole passage: start and end None) that a rule gives a group, a country or a topic."""

    kind: str
    value: str
    rule: str
    score: float = 1.0
    start: int | None = None
    end: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagDecision:
    """What a person says of one tag of one passage."""

    passage_id: int
    kind: str
    value: str
    decision: str  # accept, reject, unsure, later, add; open: taken back, nobody has decided
    actor: str
    decided_at: str
    reason: str = ""
    reason_code: str = ""
    carried_from: int | None = None  # the decision on the text before a small change
    undoes: int | None = None  # the decision before which this one restores the state


@dataclass(frozen=True, slots=True, kw_only=True)
class ToExamine:
    passage_id: int
    text: str
    language: str | None
    document_id: int


def unexamined(
    conn: sqlite3.Connection, step: str, rules_version: str, *, limit: int, after: int = 0
) -> list[ToExamine]:
    """Passages with an id above `after` that this step has not looked at with these rules, oldest first."""
    rows = conn.execute(
        """select p.id, p.text, p.language, p.document_id from passages p
           where p.id > ? and not exists (select 1 from examinations x
                             where x.passage_id = p.id and x.step = ? and x.rules_version = ?)
           order by p.id limit ?""",
        [after, step, rules_version, limit],
    )
    return [
        ToExamine(passage_id=r["id"], text=r["text"], language=r["language"], document_id=r["document_id"])
        for r in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentContext:
    """What a passage's own document says around it. `about`: the country its source declares, where it does."""

    title: str
    opening: str
    language: str | None
    about: str | None


def context(conn: sqlite3.Connection, document_id: int, *, characters: int) -> DocumentContext:
    """The newest version's title and opening, and the country that the source is declared to be about."""
    row = conn.execute(
        """select v.title, substr(v.text, 1, ?) as opening, v.language, json_extract(s.declaration, '$.about') as about
           from current_versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
           where d.id = ?""",
        [characters, document_id],
    ).fetchone()
    return DocumentContext(title=row["title"], opening=row["opening"], language=row["language"], about=row["about"])


def examined(conn: sqlite3.Connection, passage_id: int, step: str, rules_version: str, *, at: str) -> int:
    """Record that a step has looked at a passage; return the examination's id."""
    found = conn.execute(
        "insert into examinations (passage_id, step, rules_version, examined_at) values (?, ?, ?, ?)",
        [passage_id, step, rules_version, at],
    )
    return int(found.lastrowid or 0)


def keep_mentions(conn: sqlite3.Connection, examination_id: int, passage_id: int, rows: Iterable[MentionRow]) -> None:
    """Keep what the rules found in one passage."""
    conn.executemany(
        """insert into mentions (examination_id, passage_id, kind, value, start, end, rule, score, attributes)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (examination_id, passage_id, m.kind, m.value, m.start, m.end, m.rule, m.score,
             json.dumps(dict(m.attributes), ensure_ascii=False))
            for m in rows
        ],
    )  # fmt: skip


def decide(conn: sqlite3.Connection, decision: TagDecision) -> int:
    """Add a person's decision; the newest one is in force, the earlier ones stay. Returns its id."""
    found = conn.execute(
        """insert into tag_decisions (passage_id, kind, value, decision, reason_code, reason, actor, decided_at,
             carried_from, undoes)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            decision.passage_id, decision.kind, decision.value, decision.decision, decision.reason_code,
            decision.reason, decision.actor, decision.decided_at, decision.carried_from, decision.undoes,
        ],
    )  # fmt: skip
    return int(found.lastrowid or 0)


def undo(
    conn: sqlite3.Connection, passage_id: int, kind: str, value: str, *, decision_id: int, actor: str, at: str
) -> int:
    """Restore the state before a decision, by a further one. Returns its id.

    Undoing an undo brings back what it took away. Raises LookupError where the decision is not one on this tag.
    """
    before = conn.execute(
        """select decision, reason, reason_code from tag_decisions
           where passage_id = ? and kind = ? and value = ? and id < ? order by id desc limit 1""",
        [passage_id, kind, value, decision_id],
    ).fetchone()
    mine = conn.execute(
        "select 1 from tag_decisions where id = ? and passage_id = ? and kind = ? and value = ?",
        [decision_id, passage_id, kind, value],
    ).fetchone()
    if mine is None:
        raise LookupError(f"no decision {decision_id} on {kind} {value} of passage {passage_id}")
    return decide(
        conn,
        TagDecision(
            passage_id=passage_id, kind=kind, value=value, decision=before["decision"] if before else "open",
            reason=before["reason"] if before else "", reason_code=before["reason_code"] if before else "undone",
            actor=actor, decided_at=at, undoes=decision_id,
        ),
    )  # fmt: skip


def tags_of(conn: sqlite3.Connection, passage_id: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The tags in force on a passage: (kind, value, attributes), without what people rejected."""
    rows = conn.execute(
        """select kind, value, attributes from current_tags where passage_id = ? and decision <> 'reject'
           order by kind, value""",
        [passage_id],
    )
    for row in rows:
        yield row["kind"], row["value"], json.loads(row["attributes"])
