"""What the page of a moratorium adds to its register entry: a timeline, what is missing, the forecast, sign-offs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.backtest_kept import kept
from review.moratorium_register import Entry
from review.plugin.moratorium_chart import Chart, Happened, draw
from review.plugin.page import Page
from review.signoff_list import EXPIRED, IN_FORCE, OPEN, Signoff, listed
from review.standing import GroupStanding, MoratoriumStanding, QuestionStanding, Standing

MOST = 200  # publications on the axis

# Documents that answer a deciding question, with the day from which anybody, or this home, could know them, and the
# title that they had by then: a publisher may have written over it since.
PUBLICATIONS = """
select d.id, coalesce((select v.title from versions v where v.document_id = d.id and {version} <= ?3
                       order by v.id desc limit 1), '') as title, d.language, s.publisher,
  min(t.public_on) as public_on,
  substr(max(min(d.first_seen_at), min(e.proposed_at)), 1, 10) as held_on
from current_evidence e join passages p on p.id = e.passage_id join documents d on d.id = p.document_id
join sources s on s.id = d.source_id join version_passages vp on vp.passage_id = p.id
join versions t on t.id = vp.version_id
where e.country = ?1 and e.question_id in (select value from json_each(?2)) and e.decision <> 'reject'
group by d.id having {day} <= ?3 order by {day} desc limit ?4
"""
KNOWN = {"public": ("public_on", "v.public_on"), "held": ("held_on", "substr(v.recorded_at, 1, 10)")}
STATUSES = """
select question_id, as_of, effective from verdicts v where country = ? and basis = ? and reading = ? and as_of <= ?
  and question_id in (select value from json_each(?))
  and id = (select max(w.id) from verdicts w where w.country = v.country and w.question_id = v.question_id
              and w.basis = v.basis and w.reading = v.reading and w.as_of = v.as_of)
order by as_of
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A deciding question with its sign-offs. `before` is how many days before the next end its status falls."""

    question: QuestionStanding
    signed: Signoff | None
    open: tuple[Signoff, ...]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows of one moratorium on the visitor's day."""

    happened: tuple[Happened, ...]
    chart: Chart | None
    replayed: bool  # the status over time is that of a replay; else of stored verdicts
    deciding: tuple[Deciding, ...]
    groups: tuple[GroupStanding, ...]


async def shown(page: Page, standing: Standing, m: MoratoriumStanding | None, entry: Entry) -> Shown:
    """Read everything that the page adds. Nothing after the visitor's day is read."""
    country, id_ = entry.declared.country, entry.declared.id
    ids = [one.question for one in entry.declared.deciding]
    look, words = page.look, page.words
    day, version = KNOWN[look.basis]

    def read(
        conn: sqlite3.Connection,
    ) -> tuple[list[sqlite3.Row], dict[str, list[tuple[date, str]]], bool, list[Signoff]]:
        rows = conn.execute(
            PUBLICATIONS.format(day=day, version=version), [country, json.dumps(ids), look.until, MOST]
        ).fetchall()  # fmt: skip
        found = kept(conn, id_, basis=look.basis, reading=look.reading)
        over: dict[str, list[tuple[date, str]]] = {name: [] for name in ids}
        if found:
            for point in found.replay.points:
                for name in ids:
                    if point.as_of <= look.as_of and name in point.questions:
                        over[name].append((point.as_of, point.questions[name]))
        else:
            for row in conn.execute(STATUSES, [country, look.basis, look.reading, look.until, json.dumps(ids)]):
                over[row["question_id"]].append((date.fromisoformat(row["as_of"]), row["effective"]))
        return rows, over, found is not None, listed(conn, look.as_of, country=country)

    publications, over, replayed, signoffs = await page.read(read) if ids else ([], {}, False, [])
    questions = {q.id: q for group in standing.groups if group.country == country for q in group.questions}
    happened = [*_events(page, entry), *_cuts(questions[name] for name in ids if name in questions)]
    happened += [
        Happened(
            on=date.fromisoformat(row[day]),
            kind="publication",
            text=f"{row['publisher']}: {row['title'] or words('doc.untitled')}",
            lang=row["language"] or "",
            link=f"/documents/{row['id']}",
        )
        for row in publications
    ]
    ends = [half.ends_on for half in (m.halves if m else ()) if half.ends_on and half.ends_on >= look.as_of]
    if m:
        happened += [
            Happened(on=half.ends_on, kind="ahead", text=words("mor.ahead", half=words.code("half", half.half)))
            for half in m.halves
            if half.ends_on and half.ends_on > look.as_of
        ]
    happened.sort(key=lambda one: one.on)
    named = {"event": words("mor.row_events"), "publication": words("mor.row_publications")}
    return Shown(
        happened=tuple(happened),
        chart=draw(happened, over, look.as_of, named),
        replayed=replayed,
        deciding=tuple(
            _deciding(questions[name], signoffs, min(ends, default=None)) for name in ids if name in questions
        ),
        groups=tuple(g for g in standing.groups if g.country == country and m and g.group in m.groups_in),
    )


def _deciding(question: QuestionStanding, signoffs: list[Signoff], end: date | None) -> Deciding:
    mine = [one for one in signoffs if one.row["question_id"] == question.id]
    falls = question.falls_on or question.stale_on
    return Deciding(
        question=question,
        signed=next((one for one in reversed(mine) if one.state in (IN_FORCE, EXPIRED)), None),
        open=tuple(one for one in mine if one.state == OPEN),
        before=(end - falls).days if end and falls and falls <= end else None,
    )


def _events(page: Page, entry: Entry) -> Iterable[Happened]:
    for row in entry.events:
        half = f" ({page.words.code('half', row['half'])})" if row["half"] else ""
        yield Happened(
            on=date.fromisoformat(row["on_day"]), kind="event", text=f"{page.words.code('event', row['kind'])}{half}"
        )


def _cuts(questions: Iterable[QuestionStanding]) -> Iterable[Happened]:
    cuts = {cut for question in questions for cut in question.watersheds}
    for on, title in sorted(cuts):
        yield Happened(on=date.fromisoformat(on), kind="watershed", text=title, lang="en")
