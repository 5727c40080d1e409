"""What the store holds that is newer than a day and is no evidence (yet): events, reports, edits, unread passages."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import date

from review.backtest import acts_of
from review.newer import OFFICIAL, Dealing, Entry
from review.relevance import PREDICTED
from store.signoffs import approved

UNREAD_SHOWN = 50  # passages of the highest predicted relevance; the queue has them all

ABOUT = """
select t.value from current_tags t
where t.kind = 'country' and t.decision <> 'reject' and t.passage_id in (select id from passages where document_id = ?)
group by t.value order by count(distinct t.passage_id) desc, t.value limit 1
"""
REPORTS = f"""
select d.id, d.title, coalesce(nullif(d.publisher, ''), s.publisher) as publisher, s.type,
  min(case when :held then max(v.public_on, substr(v.recorded_at, 1, 10)) else v.public_on end) as known
from documents d join sources s on s.id = d.source_id join versions v on v.document_id = d.id
where s.type in ({", ".join(f"'{name}'" for name in sorted(OFFICIAL))})
group by d.id having known > :on and known <= :until order by known, d.id
"""  # noqa: S608 - two names of ours
EDITS = """
select d.id, v.title, coalesce(nullif(d.publisher, ''), s.publisher) as publisher, s.type,
  min(case when :held then max(v.public_on, substr(v.recorded_at, 1, 10)) else v.public_on end) as known
from json_each(:documents) j join documents d on d.id = j.value join sources s on s.id = d.source_id
join versions v on v.document_id = d.id and v.cause = 'edited'
where case when :held then max(v.public_on, substr(v.recorded_at, 1, 10)) else v.public_on end > :on
  and case when :held then max(v.public_on, substr(v.recorded_at, 1, 10)) else v.public_on end <= :until
group by d.id order by known, d.id
"""
UNREAD = """
select r.passage_id, r.question_id, r.score, p.text, p.language, d.id, d.title, s.type,
  coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
  case when :held then max(r.public_on, substr(r.held_at, 1, 10)) else r.public_on end as known
from relevance r join passages p on p.id = r.passage_id join documents d on d.id = p.document_id
join sources s on s.id = d.source_id
where r.country = :country and r.question_id in (select value from json_each(:questions)) and r.score >= :least
  and known > :on and known <= :until
  and not exists (select 1 from answered a where a.passage_id = r.passage_id and a.question_id = r.question_id
                  and a.country = r.country and a.decision in ('accept', 'reject'))
  and not exists (select 1 from current_evidence e where e.passage_id = r.passage_id
                  and e.question_id = r.question_id and e.country = r.country)
order by r.score desc, r.question_id, r.passage_id limit :most
"""
EVENTS = """
select w.on_day, w.title, w.source, min(w.on_day, coalesce(w.announced_on, w.on_day)) as known, w.announced,
  json_group_array(q.question_id) as questions
from watersheds w join watershed_questions q on q.watershed_id = w.id
where w.country = :country and q.question_id in (select value from json_each(:questions))
group by w.id having known <= :until and w.on_day > :on order by w.on_day, w.id
"""


def reports(conn: sqlite3.Connection, country: str, on: date, until: date, *, held: bool) -> list[Entry]:
    """Official reports that are mostly about the country and became known after a day."""
    bound = {"held": held, "on": on.isoformat(), "until": until.isoformat()}
    found = []
    for row in conn.execute(REPORTS, bound).fetchall():
        about = conn.execute(ABOUT, [row["id"]]).fetchone()
        if about and about["value"] == country:
            found.append(_of_document(row, "report"))
    return found


def edits(conn: sqlite3.Connection, documents: Collection[int], on: date, until: date, *, held: bool) -> list[Entry]:
    """Those of some documents that their publishers changed after a day."""
    bound = {"held": held, "on": on.isoformat(), "until": until.isoformat(), "documents": json.dumps(sorted(documents))}
    return [_of_document(row, "edited") for row in conn.execute(EDITS, bound)]


def unread(
    conn: sqlite3.Connection, country: str, questions: Sequence[str], on: date, until: date, *, held: bool
) -> list[Entry]:
    """Passages predicted relevant that became known after a day and that nobody has settled."""
    bound = {
        "held": held, "on": on.isoformat(), "until": until.isoformat(), "country": country, "least": PREDICTED,
        "questions": json.dumps(questions), "most": UNREAD_SHOWN,
    }  # fmt: skip
    return [
        Entry(
            kind="unread",
            known_on=date.fromisoformat(row["known"]),
            questions=(row["question_id"],),
            title=row["title"],
            publisher=row["publisher"],
            source_type=row["type"],
            document_id=row["id"],
            passage_id=row["passage_id"],
            quote=row["text"],
            language=row["language"],
            score=row["score"],
        )
        for row in conn.execute(UNREAD, bound)
    ]


def events(
    conn: sqlite3.Connection, country: str, questions: Sequence[str], on: date, until: date
) -> list[tuple[Entry, date]]:
    """Events after a day that list these questions, known by the last one, each with the day on which it happens."""
    bound = {
        "country": country, "questions": json.dumps(questions), "on": on.isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    found = []
    for row in conn.execute(EVENTS, bound):
        happens, known = date.fromisoformat(row["on_day"]), date.fromisoformat(row["known"])
        if happens > until and known <= on:
            continue  # announced before the decision, and still ahead
        entry = Entry(
            kind="watershed",
            known_on=known if known > on else happens,
            questions=tuple(sorted(json.loads(row["questions"]))),
            title=row["title"],
            quote=row["source"],
        )
        found.append((entry, happens))
    return found


def dealings(conn: sqlite3.Connection, moratorium_id: str, country: str, on: date, until: date) -> list[Dealing]:
    """What dealt with newer information: acts of the state that said what it thought of it, and sign-offs.

    Only what lies between the two days: an act of the last day is what the list is made for.
    """
    found = [
        Dealing(on=act.on, said=act.kind)
        for act in acts_of(conn, moratorium_id)
        if act.group is None and act.said != "not seen"
    ]
    found += [
        Dealing(
            on=min(date.fromisoformat(row["as_of"]), date.fromisoformat(row["approved_at"][:10])),
            said="signed",
            question=row["question_id"],
        )
        for row in approved(conn, country, f"{until}T23:59:59Z")
    ]
    return [one for one in found if on < one.on < until]


def _of_document(row: sqlite3.Row, kind: str) -> Entry:
    return Entry(
        kind="report" if kind == "report" else "edited",
        known_on=date.fromisoformat(row["known"]),
        title=row["title"],
        publisher=row["publisher"],
        source_type=row["type"],
        document_id=row["id"],
    )
