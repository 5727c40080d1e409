"""From the store's rows to the cases that the method judges. Only reading; nothing is decided here.

Ids of evidence are made from what it is (source, document key, text, question, answer), never from row numbers, so that
the same inputs give the same digest on any machine.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from review.declarations import Speaker
from review.method.model import (
    Decision,
    Directness,
    Evidence,
    Grade,
    Kind,
    Question,
    Resolution,
    Resolved,
    Side,
    Source,
    SourceType,
    Watershed,
)
from review.wellsprings import Origins, Spring
from store import grades

DECIDED = {
    "accept": Decision.ACCEPTED,
    "reject": Decision.REJECTED,
    "unsure": Decision.UNSURE,
    "later": Decision.LATER,
    "proposed": Decision.PROPOSED,
}
Row = Mapping[str, Any]
LITTLE_CHANGED = 0.8  # share of words in order that an edited passage has in common with the one before
PUBLISHED = ("cause", "published_on", "published_confidence", "modified_on", "public_on", "period_to")
END_OF_TIME = "9999-12-31T23:59:59Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One version of a question with its watersheds, as the store keeps it."""

    question: Question
    version: int
    group: str | None
    wording: str
    wording_nl: str
    element: str
    decisive: bool
    country: str
    known_gap: bool
    search_in: tuple[str, ...]
    watersheds: tuple[Watershed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One piece of evidence with the facts that a page shows beside it. `item` is what the method reads.

    `linked`: whether any rules have looked for the well-springs of its document. `cited`: the origin that a footnote
    names, which `review.cited` reckons with.
    """

    item: Evidence
    source: Source
    question_id: str
    row: Row
    origin_label: str
    linked: bool
    withdrawn_on: date | None
    cited: Spring | None = None


def asked(conn: sqlite3.Connection, country: str, as_of: date) -> tuple[Asked, ...]:
    """Every question asked about a country, newest version, with the events that were known on a day."""
    cuts: dict[str, list[Watershed]] = defaultdict(list)
    rows = conn.execute(
        """select q.question_id, w.on_day, w.title, w.announced from watersheds w
           join watershed_questions q on q.watershed_id = w.id 
           where w.country = ? and min(w.on_day, coalesce(w.announced_on, w.on_day)) <= ? order by w.on_day, w.id""",
        [country, as_of.isoformat()],
    )
    for row in rows:
        event = Watershed(on=date.fromisoformat(row["on_day"]), title=row["title"], announced=bool(row["announced"]))
        cuts[row["question_id"]].append(event)
    found = []
    for row in conn.execute("select * from current_questions order by rowid"):
        declared = json.loads(row["declaration"])
        if declared["country"] == country:
            found.append(_asked(row, declared, tuple(cuts[row["id"]])))
    return tuple(found)


def _asked(row: sqlite3.Row, declared: dict[str, Any], watersheds: tuple[Watershed, ...]) -> Asked:
    question = Question(
        id=row["id"],
        scale=tuple(json.loads(row["scale"])),
        window_days=row["window_days"],
        kind=Kind(row["scale_kind"]),
        opposite=tuple((a, b) for a, b in json.loads(row["opposite"])),
    )
    return Asked(
        question=question,
        version=row["version"],
        group=row["group_id"],
        wording=row["wording"],
        wording_nl=row["wording_nl"],
        element=row["element"],
        decisive=bool(row["decisive"]),
        country=declared["country"],
        known_gap=bool(declared.get("known_gap")),
        search_in=tuple(declared.get("search_in", ())),
        watersheds=watersheds,
    )


EVIDENCE = """
with cut as (select :until as until),
looked as (select passage_id, max(id) as id from examinations, cut
           where step = 'evidence' and examined_at <= until group by passage_id),
decided as (select d.* from evidence_decisions d where d.id = (
  select max(n.id) from evidence_decisions n, cut where n.evidence_id = d.evidence_id and n.decided_at <= until)),
tagged as (select t.* from tag_decisions t where t.id = (
  select max(n.id) from tag_decisions n, cut where n.passage_id = t.passage_id and n.kind = t.kind
    and n.value = t.value and n.decided_at <= until)),
card as (select c.* from source_cards c where c.id = coalesce(
  (select max(n.id) from source_cards n, cut where n.source_id = c.source_id and n.declared_at <= until),
  (select min(n.id) from source_cards n where n.source_id = c.source_id))),
shown as (select vp.passage_id, min(v.public_on || '|' || printf('%012d', v.id)) as first,
                 min(v.recorded_at) as held_at
          from version_passages vp join versions v on v.id = vp.version_id group by vp.passage_id)
select e.*, coalesce(d.decision, 'proposed') as decision, d.decided_at, p.text, p.text_sha256, p.language,
       p.document_id, doc.key, doc.source_id, v.title, doc.url,
       coalesce(nullif(doc.publisher, ''), s.publisher) as publisher, c.type, c.grade, c.owner,
       v.cause, v.published_on, v.published_confidence, v.modified_on, v.public_on, v.period_to, shown.held_at,
       vp.page, exists (select 1 from linkings l where l.version_id = v.id) as linked
from evidence e
join passages p on p.id = e.passage_id
join documents doc on doc.id = p.document_id
join sources s on s.id = doc.source_id
join card c on c.source_id = s.id
join shown on shown.passage_id = p.id
join versions v on v.id = cast(substr(shown.first, 12) as integer)
join version_passages vp on vp.version_id = v.id and vp.passage_id = p.id
left join decided d on d.evidence_id = e.id and d.decision <> 'open' -- taken back: nobody has decided
where e.country = :country
  -- an answer to an earlier version of the question answers another question
  and e.question_version = (select max(q.version) from questions q where q.id = e.question_id)
  -- where a person says that the passage is not about the group or the country, it answers nothing about them
  and (d.decision = 'accept' or not exists (
    select 1 from tagged t where t.passage_id = e.passage_id and t.decision = 'reject'
      and ((t.kind = 'group' and t.value = e.group_id) or (t.kind = 'country' and t.value = e.country))))
  and (
  (e.examination_id is null and e.proposed_at <= :until) or d.id is not null
  or (e.examination_id in (select id from looked) and not exists (
    select 1 from evidence o join decided od on od.evidence_id = o.id and od.decision <> 'open'
    where o.passage_id = e.passage_id and o.question_id = e.question_id and o.country = e.country
      and o.subgroup = e.subgroup and o.examination_id is not e.examination_id
      and (od.decision = 'accept' or o.answer = e.answer))))
group by e.id order by e.id
"""
# What its publisher had taken back by the as-of day: a passage that neither the last edit nor a later reading of it
# shows, and every passage of a document that was withdrawn or gone.
WITHDRAWN = """
with edits as (
  select document_id, max(seen_at || '|' || printf('%012d', id)) as newest from versions
  where public_on <= :day and recorded_at <= :until and cause <> 'reread' group by document_id),
states as (
  select s.* from document_states s where s.id = (
    select n.id from document_states n where n.document_id = s.document_id
      and substr(n.seen_at, 1, 10) <= :day and n.seen_at <= :until order by n.seen_at desc, n.id desc limit 1))
select p.id, v.public_on from evidence e join passages p on p.id = e.passage_id
join edits n on n.document_id = p.document_id
join versions v on v.id = cast(substr(n.newest, 22) as integer)
where e.country = :country and not exists (
  select 1 from version_passages vp join versions w on w.id = vp.version_id
  where vp.passage_id = p.id and w.document_id = p.document_id and w.seen_at >= v.seen_at)
union
select p.id, substr(s.seen_at, 1, 10) from evidence e join passages p on p.id = e.passage_id
join states s on s.document_id = p.document_id
where e.country = :country and s.state in ('gone', 'withdrawn')
"""


def held_evidence(
    conn: sqlite3.Connection,
    country: str,
    *,
    as_of: date,
    held_basis: bool,
    origins: Origins,
    speakers: Mapping[str, Speaker],
) -> dict[str, list[Held]]:
    """All evidence on a country by question id.

    On the public basis everything counts from the day it was public, with people's decisions up to now; on the held
    basis only what was captured, examined and decided by the end of the as-of day (method section 1).
    """
    until = f"{as_of.isoformat()}T23:59:59Z" if held_basis else END_OF_TIME
    bound = {"country": country, "until": until, "day": as_of.isoformat()}
    withdrawn = {row["id"]: date.fromisoformat(row["public_on"]) for row in conn.execute(WITHDRAWN, bound)}
    found: dict[str, list[Held]] = defaultdict(list)
    counts = grades.in_force(conn, until)  # a better grade waits for a second person (method section 11)
    rows = [dict(row) | {"grade": counts[row["source_id"]]} for row in conn.execute(EVIDENCE, bound)]
    for row in inherited(rows):
        source = _card(row, speakers)
        origin = spring(row, origins, speakers)
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
            )
        )
    return found


def inherited(rows: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """A passage that an edit of its document changed but little is not news: it keeps its first publication day, and
    what a person decided about that answer (design section 3, rules 4 and 5).
    """
    earlier: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r["public_on"], r["id"])):
        place = (row["document_id"], row["question_id"], row["subgroup"])
        like = next(
            (old for old in earlier[place] if row["cause"] != "first" and _alike(old["text"], row["text"])), None
        )
        if like is not None:
            row |= {name: like[name] for name in PUBLISHED}
            if row["decision"] == "proposed" and like["answer"] == row["answer"]:
                row["decision"] = like["decision"]
        earlier[place].append(row)
        yield row


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= LITTLE_CHANGED


def spring(row: Row, origins: Origins, speakers: Mapping[str, Speaker]) -> Spring:
    """The origin of a piece of evidence. An official statement that no link has placed yet is one origin a day.

    One statement reported by several outlets is one origin, the statement (method section 3, rule 3).
    """
    found = origins.of(row)
    speaker = speakers.get(row["attributed_to"])
    if speaker is None or found.key.startswith("said:") or found.key != origins.documents[row["document_id"]]:
        return found
    day = row["facts_to"] or row["published_on"] or row["public_on"]
    return Spring(key=f"said:{speaker.id}:{day}", label=f"{speaker.title}, {day}", proposed=found.proposed)


def evidence_id(row: Row) -> str:
    """The id of a piece of evidence by what it is: 16 hexadecimal digits."""
    parts = (
        row["source_id"], row["key"], row["text_sha256"], row["question_id"], str(row["question_version"]),
        row["country"], row["subgroup"], row["answer"], str(row["start"]), str(row["end"]),
    )  # fmt: skip
    return sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _card(row: Row, speakers: Mapping[str, Speaker]) -> Source:
    """The card behind an item: the publisher's; for a declared speaker's words the speaker's, at the lower grade.

    An official voice stays what it is whoever repeats it: a denial by a party never becomes the vote of a newspaper.
    """
    own = Source(
        id=row["source_id"],
        grade=Grade(row["grade"]),
        type=SourceType(row["type"]),
        owner=row["owner"],
        party=row["type"] == SourceType.PARTY_TO_THE_CONFLICT,
    )
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


def resolutions(
    conn: sqlite3.Connection, country: str, *, as_of: date, held_basis: bool, ids: Mapping[int, str]
) -> dict[str, tuple[Resolution, ...]]:
    """People's resolutions of contradictions, by question; on the held basis only those decided by the day."""
    found: dict[str, list[Resolution]] = defaultdict(list)
    for row in conn.execute("select * from contradictions where country = ? order by id", [country]):
        decided_on = date.fromisoformat(row["decided_at"][:10])
        if held_basis and decided_on > as_of:
            continue
        found[row["question_id"]].append(
            Resolution(
                a=_known(json.loads(row["side_a"]), ids),
                b=_known(json.loads(row["side_b"]), ids),
                resolution=Resolved(row["resolution"]),
                side=Side(row["side"]) if row["side"] else None,
                decided_on=decided_on,
            )
        )
    return {question: tuple(rows) for question, rows in found.items()}


def _known(rows: Iterable[int], ids: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(ids[row] for row in rows if row in ids)
