"""The evidence on a country on a day, from the store's rows to what the method reads. Nothing is decided here.

Ids of evidence are made from what it is (source, document key, text, question, answer), never from row numbers, so that
the same inputs give the same digest on any machine.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from review.declarations import Speaker
from review.method.model import Decision, Directness, Evidence, Grade, Source, SourceType
from review.rows import Held, Row
from review.spoken import spoken, springs
from review.wellsprings import Origins, Spring
from store import grades
from store.clock import END_OF_TIME

DECIDED = {
    "accept": Decision.ACCEPTED,
    "reject": Decision.REJECTED,
    "unsure": Decision.UNSURE,
    "later": Decision.LATER,
    "proposed": Decision.PROPOSED,
}
LITTLE_CHANGED = 0.8  # share of words in order that an edited passage has in common with the one before
PUBLISHED = ("cause", "published_on", "published_confidence", "modified_on", "public_on", "period_to")
WRITTEN = ("proposed_by", "proposed_at", "facts_from", "facts_to", "attributed_to")  # one undone leaves the other's
DECIDED_ALIKE = ("decision", "reason_code", "machine")

# Each row looks up its own times and decisions by index, so that one country costs what it holds and no more.
EVIDENCE = """
with card as (select c.* from source_cards c where c.id = coalesce(
  (select max(n.id) from source_cards n where n.source_id = c.source_id and n.declared_at <= :until),
  (select min(n.id) from source_cards n where n.source_id = c.source_id)))
select e.*, coalesce(d.decision, 'proposed') as decision, d.decided_at, coalesce(d.reason_code, '') as reason_code,
       -- known in machine translation only: of who decided this since it was decided otherwise nobody read the original
       (d.id is not null and not exists (
          select 1 from evidence_decisions r where r.evidence_id = e.id and r.decision = d.decision and r.id <= d.id
            and r.decided_at <= :until and r.read_in <> 'machine'
            and not exists (select 1 from evidence_decisions u where u.undoes = r.id and u.decided_at <= :until)
            and not exists (select 1 from evidence_decisions b where b.evidence_id = e.id and b.id > r.id
                            and b.id < d.id and b.decided_at <= :until and b.decision <> d.decision))) as machine,
       p.text, p.text_sha256, p.language,
       p.document_id, doc.key, doc.source_id, v.title, doc.url,
       coalesce(nullif(doc.publisher, ''), s.publisher) as publisher, c.type, c.grade, c.owner,
       v.cause, v.published_on, v.published_confidence, v.modified_on, v.public_on, v.period_to,
       (select min(h.recorded_at) from versions h where h.document_id = p.document_id and exists (
          select 1 from version_passages x where x.passage_id = p.id and x.version_id = h.id)) as held_at,
       (select x.page from version_passages x where x.passage_id = p.id and x.version_id = v.id
        order by x.position limit 1) as page,
       exists (select 1 from linkings l where l.version_id = v.id) as linked
from evidence e
join passages p on p.id = e.passage_id
join documents doc on doc.id = p.document_id
join sources s on s.id = doc.source_id
join card c on c.source_id = s.id
-- the version that first made the passage public
join versions v on v.id = (
  select w.id from versions w where w.document_id = p.document_id and exists (
    select 1 from version_passages x where x.passage_id = p.id and x.version_id = w.id)
  order by w.public_on, w.id limit 1)
left join evidence_decisions d on d.decision <> 'open' -- taken back: nobody has decided
  and d.id = (select max(n.id) from evidence_decisions n where n.evidence_id = e.id and n.decided_at <= :until)
where e.country = :country and (:questions is null or e.question_id in (select value from json_each(:questions)))
  -- an answer to an earlier version of the question answers another question
  and e.question_version = (select max(q.version) from questions q where q.id = e.question_id)
  -- where a person says that the passage is not about the group or the country, it answers nothing about them
  and (d.decision = 'accept' or not exists (
    select 1 from tag_decisions t where t.passage_id = e.passage_id and t.decision = 'reject'
      and ((t.kind = 'group' and t.value = e.group_id) or (t.kind = 'country' and t.value = e.country))
      and t.id = (select max(n.id) from tag_decisions n where n.passage_id = t.passage_id and n.kind = t.kind
                  and n.value = t.value and n.decided_at <= :until)))
  and (
  (e.examination_id is null and e.proposed_at <= :until) or d.id is not null
  or (e.examination_id = (select max(x.id) from examinations x where x.passage_id = e.passage_id
                          and x.step = 'evidence' and x.examined_at <= :until)
    and not exists (
    select 1 from evidence o join evidence_decisions od on od.decision <> 'open' and od.id = (
      select max(n.id) from evidence_decisions n where n.evidence_id = o.id and n.decided_at <= :until)
    where o.passage_id = e.passage_id and o.question_id = e.question_id and o.country = e.country
      and o.subgroup = e.subgroup and o.examination_id is not e.examination_id
      and (od.decision = 'accept' or o.answer = e.answer))))
order by e.id
"""
# What its publisher had taken back by the as-of day: a passage that neither the last edit nor a later reading of it
# shows, and every passage of a document that was withdrawn or gone.
WITHDRAWN = """
with mine as (
  select distinct p.id, p.document_id from evidence e join passages p on p.id = e.passage_id
  where e.country = :country and (:questions is null or e.question_id in (select value from json_each(:questions))))
select m.id, v.public_on from mine m
join versions v on v.id = (
  select w.id from versions w where w.document_id = m.document_id and w.public_on <= :day and w.recorded_at <= :until
    and w.cause <> 'reread' order by w.seen_at desc, w.id desc limit 1)
where not exists (
  select 1 from version_passages vp join versions w on w.id = vp.version_id
  where vp.passage_id = m.id and w.document_id = m.document_id and w.seen_at >= v.seen_at)
union
select m.id, substr(s.seen_at, 1, 10) from mine m
join document_states s on s.id = (
  select n.id from document_states n where n.document_id = m.document_id
    and substr(n.seen_at, 1, 10) <= :day and n.seen_at <= :until order by n.seen_at desc, n.id desc limit 1)
where s.state in ('gone', 'withdrawn')
"""


def held_evidence(
    conn: sqlite3.Connection,
    country: str,
    *,
    as_of: date,
    held_basis: bool,
    origins: Origins,
    speakers: Mapping[str, Speaker],
    questions: Sequence[str] | None = None,
) -> dict[str, list[Held]]:
    """All evidence on a country by question id; `questions` narrows it. Four statements, however much there is.

    On the public basis everything counts from the day it was public, with people's decisions up to now; on the held
    basis only what was captured, examined and decided by the end of the as-of day (method section 1).
    """
    until = f"{as_of.isoformat()}T23:59:59Z" if held_basis else END_OF_TIME
    asked = None if questions is None else json.dumps(list(questions))
    bound = {"country": country, "until": until, "day": as_of.isoformat(), "questions": asked}
    withdrawn = {row["id"]: date.fromisoformat(row["public_on"]) for row in conn.execute(WITHDRAWN, bound)}
    found: dict[str, list[Held]] = defaultdict(list)
    counts = grades.in_force(conn, until)  # a better grade waits for a second person (method section 11)
    read = [dict(row) | {"grade": counts[row["source_id"]]} for row in conn.execute(EVIDENCE, bound)]
    rows = list(inherited(read, as_of))
    for row, origin in zip(rows, springs(rows, origins, speakers), strict=True):
        source = _card(row, speakers)
        item = _item(row, source, origin, held_basis)
        found[row["question_id"]].append(
            Held(
                item=item,
                source=source,
                question_id=row["question_id"],
                row=row,
                origin_label=origin.label,
                linked=bool(row["linked"]),
                withdrawn_on=withdrawn.get(row["passage_id"]),
                cited=None if origin.key.startswith("said:") else origins.cited(row),
                speaker=speakers[row["attributed_to"]].title if source.id != row["source_id"] else "",
                machine=bool(row["machine"]),
            )
        )
    return {question: spoken(rows, as_of) for question, rows in found.items()}


def inherited(rows: Sequence[dict[str, Any]], as_of: date) -> Iterator[Row]:
    """A passage that an edit of its document changed but little is not news: it keeps its first publication day, and
    what a person decided about that answer (design section 3, rules 4 and 5). Before the edit nobody knew its words.
    """
    earlier: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r["public_on"], r["id"])):
        place = (row["document_id"], row["question_id"], row["subgroup"])
        like = next(
            (old for old in earlier[place] if row["cause"] != "first" and _alike(old["text"], row["text"])), None
        )
        if like is not None and row["public_on"] <= as_of.isoformat():
            row |= {name: like[name] for name in PUBLISHED}
            if row["decision"] == "proposed" and like["answer"] == row["answer"]:
                row |= {name: like[name] for name in DECIDED_ALIKE}
        earlier[place].append(row)
        yield row


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= LITTLE_CHANGED


def evidence_id(row: Row) -> str:
    """The id of a piece of evidence by what it is: 16 hexadecimal digits."""
    parts = (
        row["source_id"], row["key"], row["text_sha256"], row["question_id"], str(row["question_version"]),
        row["country"], row["subgroup"], row["answer"], str(row["start"]), str(row["end"]),
    )  # fmt: skip
    written = [str(row[name]) for name in WRITTEN] if row["examination_id"] is None else []
    return sha256("\x1f".join([*parts, *written]).encode()).hexdigest()[:16]


def _card(row: Row, speakers: Mapping[str, Speaker]) -> Source:
    """The card behind an item: the publisher's; for a declared speaker's words the speaker's, at the lower grade.

    An official voice stays what it is whoever repeats it: a denial by a party never becomes the vote of a newspaper.
    """
    own = Source(
        id=row["source_id"], grade=Grade(row["grade"]), type=SourceType(row["type"]), owner=row["owner"],
        party=row["type"] == SourceType.PARTY_TO_THE_CONFLICT,
    )  # fmt: skip
    speaker = speakers.get(row["attributed_to"])
    if speaker is None:
        return own
    grade = max(own.grade, Grade(speaker.grade), key=lambda g: g.value)
    if own.owner == speaker.owner and own.party == speaker.is_party and own.grade == grade:
        return own
    return Source(
        id=f"{speaker.id} in {row['source_id']}",
        grade=grade,
        type=SourceType(speaker.kind),
        owner=speaker.owner,
        party=speaker.is_party,
    )


def _item(row: Row, source: Source, origin: Spring, held_basis: bool) -> Evidence:
    published, certain = _published(row)
    known = row["public_on"]
    if held_basis:
        known = max(known, row["held_at"][:10], row["proposed_at"][:10])
    low = row["facts_confidence"] == "low"
    return Evidence(
        id=evidence_id(row),
        source=source.id,
        origin=origin.key,
        merge_proposed=origin.proposed,
        answer=row["answer"],
        published_on=published,
        published_certain=certain,
        known_on=date.fromisoformat(known),
        directness=Directness(row["directness"]),
        decision=DECIDED[row["decision"]],
        # A day of facts that is only guessed never makes a question current: it is left to the publication date.
        facts_from=_day(row["facts_from"]) if not low else None,
        facts_to=_day(row["facts_to"]) if not low else None,
        period_to=_day(row["period_to"]),
        whole_period=bool(row["whole_period"]),
        ongoing=bool(row["ongoing"]),
        place=row["place"] or None,
        subgroup=row["subgroup"] or None,
        against_interest=bool(row["against_interest"]),
    )


def _published(row: Row) -> tuple[date, bool]:
    """From which day anyone could know the passage, and whether that day is sure rather than the day we saw it."""
    if row["cause"] == "edited":
        return date.fromisoformat(row["public_on"]), row["modified_on"] == row["public_on"]
    sure = row["published_confidence"] == "normal" and row["published_on"] is not None
    return date.fromisoformat(row["public_on"]), sure


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
