"""Which passages a coder answers next, without seeing what others or the rules said of them."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.names import person

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer to a passage and a question, shown after one's own: whose, and how it came about."""

    who: str
    answer: str
    kind: str  # coding, rules, decision
    note: str = ""


# Half coded first, so that pairs come about; then what was accepted, which the gate asks about; then in random order.
_NEXT = """
select x.passage_id, max(x.accepted) as accepted, coalesce(max(r.draw), 1.0) as draw,
  (select count(*) from codings c where c.passage_id = x.passage_id and c.question_id = :question
     and c.country = :country and c.question_version = :version) as coders
from (select passage_id, decision = 'accept' as accepted from current_evidence
      where question_id = :question and country = :country and question_version = :version
      union all select passage_id, 0 from (
        select passage_id from relevance where question_id = :question and country = :country
        order by draw limit :most + (select count(*) from codings where question_id = :question))) x
left join relevance r on r.passage_id = x.passage_id and r.question_id = :question and r.country = :country
where not exists (select 1 from codings c where c.passage_id = x.passage_id and c.question_id = :question
                  and c.country = :country and c.question_version = :version
                  and coi_person(c.actor) = coi_person(:actor))
  and not exists (select 1 from answered a where a.passage_id = x.passage_id and a.question_id = :question
                  and a.country = :country and a.about <> 'coding' and coi_person(a.actor) = coi_person(:actor))
group by x.passage_id having coders < 2
order by coders = 1 desc, accepted desc, draw, x.passage_id limit :most
"""


def to_code(conn: sqlite3.Connection, question: str, version: int, country: str, *, actor: str) -> list[int]:
    """Passages this person can still code blind for a question, the most useful first; at most MOST."""
    bound = {"question": question, "version": version, "country": country, "actor": actor, "most": MOST}
    return [row["passage_id"] for row in conn.execute(_NEXT, bound)]


def waiting(conn: sqlite3.Connection, asked: Iterable[tuple[str, int, str]], *, actor: str) -> dict[str, int]:
    """How many passages this person can still code of each question (id, version, country): as many as `to_code` gives.

    What people said and what is in force is read once for all of them.
    """
    me = person(actor)
    coders: Counter[tuple[str, int, str, int]] = Counter()
    codings: Counter[str] = Counter()
    mine: set[tuple[str, int, str, int]] = set()
    for row in conn.execute("select question_id, question_version, country, passage_id, actor from codings"):
        coders[row[:4]] += 1
        codings[row[0]] += 1
        if person(row[4]) == me:
            mine.add(row[:4])
    out: dict[tuple[str, int, str], set[int]] = {}
    for unit in mine | {unit for unit, number in coders.items() if number >= 2}:
        out.setdefault(unit[:3], set()).add(unit[3])
    decided: dict[tuple[str, str], set[int]] = {}
    for row in conn.execute("select question_id, country, passage_id, actor from answered where about <> 'coding'"):
        if person(row[3]) == me:
            decided.setdefault((row[0], row[1]), set()).add(row[2])
    proposed: dict[tuple[str, int, str], set[int]] = {}
    for row in conn.execute("select question_id, question_version, country, passage_id from evidence"):
        proposed.setdefault(row[:3], set()).add(row[3])
    found = {}
    for one in asked:
        question, version, country = one
        gone = out.get(one, set()) | decided.get((question, country), set())
        drawn = conn.execute(
            "select passage_id from relevance where question_id = ? and country = ? order by draw limit ?",
            [question, country, MOST + codings[question]],
        )
        left = {row[0] for row in drawn} - gone
        if len(left) < MOST and not proposed.get(one, gone) <= left | gone:  # is the rest in force? That costs more
            left |= {row[0] for row in conn.execute(_IN_FORCE, [question, country, version])} - gone
        found[question] = min(MOST, len(left))
    return found


_IN_FORCE = "select passage_id from current_evidence where question_id = ? and country = ? and question_version = ?"


def is_blind(conn: sqlite3.Connection, passage_id: int, question: str, country: str, *, actor: str) -> bool:
    """Whether this person has not decided on the passage and the question yet, and so answers without having seen."""
    seen = conn.execute(
        """select 1 from answered where passage_id = ? and question_id = ? and country = ? and about <> 'coding'
             and coi_person(actor) = coi_person(?)""",
        [passage_id, question, country, actor],
    ).fetchone()
    return seen is None


def others(conn: sqlite3.Connection, passage_id: int, question: str, country: str, *, actor: str) -> Sequence[Said]:
    """What the rules and other people said; nothing before this person has coded."""
    mine = conn.execute(
        """select 1 from codings where passage_id = ? and question_id = ? and country = ?
             and coi_person(actor) = coi_person(?)""",
        [passage_id, question, country, actor],
    ).fetchone()
    if mine is None:
        return ()
    found = [
        Said(who=row["actor"], answer=row["answer"], kind="coding", note=row["reason"])
        for row in conn.execute(
            "select * from codings where passage_id = ? and question_id = ? and country = ? order by id",
            [passage_id, question, country],
        )
    ]
    rows = conn.execute(
        "select * from current_evidence where passage_id = ? and question_id = ? and country = ? order by id",
        [passage_id, question, country],
    )
    return (
        *found,
        *(
            Said(
                who=row["decided_by"] or row["proposed_by"],
                answer=row["answer"],
                kind="decision" if row["decided_by"] else "rules",
                note=row["decision"],
            )
            for row in rows
        ),
    )
