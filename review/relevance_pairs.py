"""What is scored for relevance: each passage about a group with each decisive question of it; what people said."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from review.relevance_model import Pair
from store.reason_codes import STILL_RELEVANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A decisive question: what passages are scored for."""

    question_id: str
    country: str
    group: str
    words: frozenset[str]  # the beginnings of the words that its declaration uses


def targets(conn: sqlite3.Connection) -> list[Target]:
    """Every decisive question of a group, in the order of its declaration."""
    rows = conn.execute("select * from current_questions where decisive = 1 and group_id is not null order by rowid")
    found = []
    for row in rows:
        declared = json.loads(row["declaration"])
        text = " ".join((row["wording"], row["wording_nl"], *declared.get("examples_in", ())))
        found.append(
            Target(question_id=row["id"], country=declared["country"], group=row["group_id"], words=beginnings(text))
        )
    return found


def beginnings(text: str) -> frozenset[str]:
    """The first six letters of every word of six letters and more, lower-cased: what a question is about.

    >>> sorted(beginnings("Are conscripts deployed?"))
    ['conscr', 'deploy']
    """
    words = ("".join(c for c in word if c.isalpha()).casefold() for word in text.split())
    return frozenset(word[:6] for word in words if len(word) >= 6)


def draw_of(text_sha256: str, document_key: str, question_id: str) -> float:
    """Where a pair stands in the random order, 0 to 1: the same on every machine, whatever the scores say.

    >>> 0 <= draw_of("a", "b", "G1.3") < 1
    True
    """
    digest = sha256(f"{question_id}\x1f{document_key}\x1f{text_sha256}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def label(decision: str, reason_code: str) -> int | None:
    """What one act says: 1 it bears on the question, 0 it does not, None nobody knows yet.

    >>> label("accept", ""), label("reject", "wrong_dates"), label("reject", "out_of_scope"), label("unsure", "")
    (1, 1, 0, None)
    """
    if decision == "accept":
        return 1
    if decision == "reject":
        return int(reason_code in STILL_RELEVANT)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people said of one passage and question, and when first."""

    at: str
    relevant: int


def labels(conn: sqlite3.Connection, question_id: str, country: str) -> dict[int, Label]:
    """What people said of each passage they settled for a question; one word that it does bear on it is enough."""
    rows = conn.execute(
        """select passage_id, decision, reason_code, decided_at from answered
           where question_id = ? and country = ? order by decided_at, decision_id""",
        [question_id, country],
    )
    found: dict[int, Label] = {}
    for row in rows:
        said = label(row["decision"], row["reason_code"])
        if said is not None:
            before = found.get(row["passage_id"], Label(at=row["decided_at"], relevant=0))
            found[row["passage_id"]] = Label(at=before.at, relevant=max(said, before.relevant))
    return found


# Passages about a group and a country, in the newest version of their document, with what the rules saw.
_PAIRS = """
with tagged as materialized (
  select m.passage_id, max(m.score) as tag, count(*) as spans from mentions m
  where m.kind = 'group' and m.value = :group and {only}
    and m.examination_id = (select max(x.id) from examinations x where x.passage_id = m.passage_id and x.step = 'tag')
  group by m.passage_id
  union all
  select d.passage_id, 1.0, 0 from last_tag_decisions d
  where d.kind = 'group' and d.value = :group and d.decision in ('add', 'accept') and {only_d}
),
about as (select passage_id, max(tag) as tag, max(spans) as spans from tagged group by passage_id)
select p.id, p.text, p.text_sha256, doc.key, doc.source_id, s.grade, a.tag, a.spans,
  (select min(v.public_on) from version_passages vp join versions v on v.id = vp.version_id
   where vp.passage_id = p.id) as public_on,
  (select min(v.recorded_at) from version_passages vp join versions v on v.id = vp.version_id
   where vp.passage_id = p.id) as held_at,
  (select max(x.id) from examinations x where x.passage_id = p.id) as examination,
  (select json_group_array(json_array(e.question_id, e.answer in ('unknown', 'unclear', 'mixed')))
   from current_evidence e where e.passage_id = p.id and e.country = :country and e.decision <> 'reject') as evidence
from about a join passages p on p.id = a.passage_id
join documents doc on doc.id = p.document_id join sources s on s.id = doc.source_id
where not exists (select 1 from last_tag_decisions d where d.passage_id = p.id and d.decision = 'reject'
                  and ((d.kind = 'group' and d.value = :group) or (d.kind = 'country' and d.value = :country)))
  and (exists (select 1 from last_tag_decisions d where d.passage_id = p.id and d.kind = 'country'
                 and d.value = :country and d.decision in ('add', 'accept'))
       or exists (select 1 from mentions c where c.passage_id = p.id and c.kind = 'country' and c.value = :country
         and c.examination_id = (select max(x.id) from examinations x where x.passage_id = p.id and x.step = 'tag')))
  and exists (select 1 from version_passages vp where vp.passage_id = p.id and vp.version_id = (
    select v.id from versions v where v.document_id = p.document_id order by v.seen_at desc, v.id desc limit 1))
order by p.id
"""


def pairs_of(
    conn: sqlite3.Connection, group: str, country: str, asked: Sequence[Target], passages: Sequence[int] | None = None
) -> Iterator[tuple[Target, Pair]]:
    """Every passage about a group and a country with every question of the group; `passages` narrows it."""
    bound: dict[str, object] = {"group": group, "country": country}
    only = only_d = "1"
    if passages is not None:
        bound["ids"] = json.dumps(list(passages))
        only = "m.passage_id in (select value from json_each(:ids))"
        only_d = "d.passage_id in (select value from json_each(:ids))"
    for row in conn.execute(_PAIRS.format(only=only, only_d=only_d), bound):
        given = {question: bool(off) for question, off in json.loads(row["evidence"])}
        words = beginnings(row["text"])
        for target in asked:
            off = given.get(target.question_id)
            yield (
                target,
                Pair(
                    passage_id=row["id"],
                    public_on=row["public_on"],
                    held_at=row["held_at"],
                    examination=row["examination"] or 0,
                    draw=draw_of(row["text_sha256"], f"{row['source_id']}:{row['key']}", target.question_id),
                    features=(
                        float(off is False),
                        float(off is True),
                        float(bool(given.keys() - {target.question_id})),
                        float(row["tag"]),
                        min(row["spans"], 5) / 5,
                        1 - "ABCDEF".index(row["grade"]) / 5,
                        min(len(words & target.words), 4) / 4,
                    ),
                ),
            )
