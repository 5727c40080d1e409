"""People's decisions go along when a passage changes a little: in an edit, or when a newer reader cuts the text anew.

Each is written down again for the new passage, with the row it comes from (`carried_from`), and stands in the view
carried_decisions until somebody confirms or changes it. Nothing is dropped (design §3, rule 5).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher

from review.rows_evidence import LITTLE_CHANGED
from store import codings, evidence, tags, translations
from store.codings import RelevanceDecision
from store.evidence import EvidenceDecision, EvidenceRow
from store.tags import TagDecision

FEWEST_WORDS = 4  # a shorter text proves no overlap

# Passages that people decided on and that the newest version of their document no longer shows as they were.
_LEFT_BEHIND = """
with decided as (
  select passage_id from tag_decisions union select passage_id from relevance_decisions
  union select e.passage_id from evidence_decisions d join evidence e on e.id = d.evidence_id)
select p.id, p.document_id, p.text, v.id as version_id, v.cause
from decided d join passages p on p.id = d.passage_id
join versions v on v.id = (select w.id from versions w where w.document_id = p.document_id
                           order by w.seen_at desc, w.id desc limit 1)
where not exists (select 1 from version_passages vp where vp.version_id = v.id and vp.passage_id = p.id)
order by p.id
"""
# What the newest version shows instead: passages that never stood beside the old one.
_INSTEAD = """
select p.id, p.text from version_passages vp join passages p on p.id = vp.passage_id
where vp.version_id = :version and not exists (
  select 1 from version_passages a join version_passages b on b.version_id = a.version_id
  where a.passage_id = :passage and b.passage_id = p.id)
order by vp.position
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A passage that could have taken the place of another, with how much they share."""

    passage_id: int
    text: str
    likeness: float


def carry(conn: sqlite3.Connection, *, at: str) -> int:
    """Carry every decision that a small change left behind; return how many were written. Running it again adds none.

    Runs in the caller's transaction. A passage that has no successor keeps its decisions, where they were made.
    """
    written = 0
    for old in conn.execute(_LEFT_BEHIND).fetchall():
        rows = conn.execute(_INSTEAD, {"version": old["version_id"], "passage": old["id"]}).fetchall()
        places = [
            _Place(passage_id=row["id"], text=row["text"], likeness=share)
            for row in rows
            if (share := likeness(old["text"], row["text"], reread=old["cause"] == "reread")) >= LITTLE_CHANGED
        ]
        if not places:
            continue
        best = max(places, key=lambda place: (place.likeness, -place.passage_id))
        written += sum(1 for _ in _tags(conn, old["id"], best, at))
        written += sum(1 for _ in _relevance(conn, old["id"], best, at))
        written += sum(1 for _ in _evidence(conn, old, places, best, at))
    return written


def likeness(old: str, new: str, *, reread: bool) -> float:
    """The share of words in order that two texts have in common, 0 to 1; of the longer, or for a reread the shorter.

    An edit must leave the text as it was; a newer reader may cut one paragraph in two, or join two.

    >>> likeness("They were sent to the front.", "They were not sent home.", reread=False) < 0.8
    True
    >>> likeness("They were sent to the front.", "On 3 May they said: They were sent to the front.", reread=True)
    1.0
    """
    one, other = old.split(), new.split()
    common = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    shorter, longer = sorted((len(one), len(other)))
    if reread and shorter >= FEWEST_WORDS:
        return common / shorter
    return 2 * common / (shorter + longer) if longer else 0.0


def _tags(conn: sqlite3.Connection, old: int, place: _Place, at: str) -> Iterator[int]:
    for row in conn.execute("select * from last_tag_decisions where passage_id = ?", [old]).fetchall():
        if (
            row["decision"] == "open"
            or conn.execute(
                "select 1 from tag_decisions where passage_id = ? and kind = ? and value = ?",
                [place.passage_id, row["kind"], row["value"]],
            ).fetchone()
        ):
            continue
        yield tags.decide(
            conn,
            TagDecision(
                passage_id=place.passage_id, kind=row["kind"], value=row["value"], decision=row["decision"],
                reason=row["reason"], reason_code=row["reason_code"], actor=row["actor"], decided_at=at,
                carried_from=row["id"],
            ),
        )  # fmt: skip


def _relevance(conn: sqlite3.Connection, old: int, place: _Place, at: str) -> Iterator[int]:
    for row in conn.execute("select * from last_relevance_decisions where passage_id = ?", [old]).fetchall():
        if (
            row["decision"] == "open"
            or conn.execute(
                "select 1 from relevance_decisions where passage_id = ? and question_id = ? and country = ?",
                [place.passage_id, row["question_id"], row["country"]],
            ).fetchone()
        ):
            continue
        yield codings.judge(
            conn,
            RelevanceDecision(
                passage_id=place.passage_id, question_id=row["question_id"], country=row["country"],
                decision=row["decision"], reason=row["reason"], reason_code=row["reason_code"], actor=row["actor"],
                decided_at=at, carried_from=row["id"],
            ),
        )  # fmt: skip


def _evidence(
    conn: sqlite3.Connection, old: sqlite3.Row, places: Sequence[_Place], best: _Place, at: str
) -> Iterator[int]:
    """Carry decisions on evidence: onto the same answer where the rules give it again, else onto a copy of it."""
    rows = conn.execute(
        """select e.*, d.id as decision_id, d.decision, d.reason, d.reason_code, d.actor, d.read_in
           from evidence e join last_evidence_decisions d on d.evidence_id = e.id
           where e.passage_id = ? and d.decision <> 'open' order by e.id""",
        [old["id"]],
    ).fetchall()
    for row in rows:
        quote = old["text"][row["start"] : row["end"]]
        place = max(places, key=lambda place: (_shared(quote, place.text), place is best))
        key = [place.passage_id, row["question_id"], row["country"], row["subgroup"], row["answer"]]
        same = """passage_id = ? and question_id = ? and country = ? and subgroup = ? and answer = ?"""
        if conn.execute(
            f"""select 1 from evidence e join evidence_decisions d on d.evidence_id = e.id
                where e.{same.replace(" and ", " and e.")}""",  # noqa: S608 - our own column names
            key,
        ).fetchone():
            continue
        decision = EvidenceDecision(
            evidence_id=0, decision=row["decision"], reason=row["reason"], reason_code=row["reason_code"],
            actor=row["actor"], decided_at=at, carried_from=row["decision_id"],
            read_in=row["read_in"] or translations.ORIGINAL,  # what was read then
        )  # fmt: skip
        again = conn.execute(
            f"select max(id) as id from current_evidence where {same}",  # noqa: S608 - our own column names
            key,
        ).fetchone()["id"]
        if again:
            yield evidence.decide(conn, replace(decision, evidence_id=again))
        else:
            yield evidence.add(conn, _copy(row, quote, place, at), decision)


def _copy(row: sqlite3.Row, quote: str, place: _Place, at: str) -> EvidenceRow:
    """The same answer on the new passage, at the words that the old one rested on."""
    start, end = where(quote, place.text)
    kept = {field.name: row[field.name] for field in fields(EvidenceRow)}
    return EvidenceRow(
        **kept
        | {
            "passage_id": place.passage_id,
            "examination_id": None,
            "start": start,
            "end": end,
            "rule": "carried",
            "why": f"carried from evidence {row['id']}, whose passage changed a little: {row['why']}".rstrip(": "),
            "proposed_at": at,
        }
    )


def _shared(quote: str, text: str) -> float:
    words = quote.split()
    blocks = SequenceMatcher(None, words, text.split(), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(words) if words else 0.0


def where(quote: str, text: str) -> tuple[int, int]:
    """Where a quotation stands in a text, as near as its words tell; the whole text where they do not.

    >>> where("sent to  the front", "They were sent to the front in May.")
    (10, 27)
    """
    if quote and (start := text.find(quote)) >= 0:
        return start, start + len(quote)
    spans, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    words = quote.split()
    blocks = SequenceMatcher(None, words, text.split(), autojunk=False).get_matching_blocks()[:-1]
    if not words or sum(block.size for block in blocks) < LITTLE_CHANGED * len(words):
        return 0, len(text)
    return spans[blocks[0].b][0], spans[blocks[-1].b + blocks[-1].size - 1][1]
