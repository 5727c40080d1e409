"""Passages that are predicted relevant and that nobody has read: what the gate unread counts (method §7)."""

import json
import sqlite3
from collections.abc import Sequence

from review.relevance import PREDICTED


def unread(
    conn: sqlite3.Connection, question_id: str, country: str, *, known_by: str, decided_by: str, held: bool
) -> int:
    """How many passages predicted relevant nobody has read for a question; see `unread_of`."""
    asked = [question_id]
    found = unread_of(conn, country, asked, known_by=known_by, decided_by=decided_by, held=held)
    return found.get(question_id, 0)


def unread_of(
    conn: sqlite3.Connection, country: str, questions: Sequence[str], *, known_by: str, decided_by: str, held: bool
) -> dict[str, int]:
    """How many passages predicted relevant nobody has read, by question where there are any (gate unread, method §7).

    Counted are passages that were public (`held`: that we held) by the day `known_by`, without a decision up to the
    instant `decided_by`. Somebody who is unsure has read it; `later` is still unread. One statement.
    """
    since = "substr(v.recorded_at, 1, 10)" if held else "v.public_on"
    rows = conn.execute(
        f"""select r.question_id, count(*) as waiting from json_each(:only) o
            join relevance r on r.question_id = o.value and r.country = :country and r.score >= :least
            where exists (select 1 from version_passages vp join versions v on v.id = vp.version_id
                          where vp.passage_id = r.passage_id and {since} <= :day)
              and not exists (select 1 from last_tag_decisions t where t.passage_id = r.passage_id
                              and t.decision = 'reject' and t.decided_at <= :until
                              and ((t.kind = 'country' and t.value = :country) or (t.kind = 'group' and t.value =
                                (select q.group_id from current_questions q where q.id = r.question_id))))
              and not exists (select 1 from answered a where a.passage_id = r.passage_id
                and a.question_id = r.question_id and a.country = :country
                and a.decision in ('accept', 'reject', 'unsure') and a.decided_at <= :until)
            group by r.question_id""",  # noqa: S608 - one of two column names of ours
        {
            "only": json.dumps(list(questions)),
            "country": country,
            "least": PREDICTED,
            "day": known_by,
            "until": decided_by,
        },
    )
    return {row["question_id"]: int(row["waiting"]) for row in rows}
