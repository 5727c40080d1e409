"""Everything that goes into a pack, read once from one state of the database. Nothing is decided here."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from review import missed
from review.assess import Judged, judge_country, speakers_of
from review.collecting import until_of
from review.explain import Explained, explain
from review.method.model import Basis, Reading
from review.missed import Missed
from review.moratorium import fault_of, moratoria
from review.moratorium_register import Entry, entry
from review.pack.wanted import CannotPack, Scope, Wanted
from review.plugin import example
from review.showing import group_standings
from review.standing import GroupStanding, MoratoriumStanding, QuestionStanding
from store import grades, references, translations
from store.references import Reference
from store.translations import Translation

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question in full: its verdict as shown, and every step behind it."""

    standing: QuestionStanding
    explained: Explained
    deciding: bool
    """The moratorium of the pack, or a moratorium that the pack names, is decided by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A pack before it is written down. `full` are shown with their evidence, `groups` hold every status."""

    wanted: Wanted
    rules_version: str
    groups: tuple[GroupStanding, ...]
    full: tuple[Answered, ...]
    moratorium: MoratoriumStanding | None
    entry: Entry | None
    decides: tuple[str, ...]
    """Moratoria that the questions of a group or question pack decide."""
    references: Mapping[int, Reference]
    """By passage, of everything that is shown."""
    sources: Mapping[str, Row]
    speakers: Mapping[str, str]
    """The names of the declared official voices, by id."""
    titles: Mapping[str, Row]
    missed: tuple[Missed, ...]
    """Public by the day and not held then: documents that answer a question of the pack."""
    missed_others: int
    example: str
    translations: Mapping[int, Sequence[Translation]] = field(default_factory=dict)
    """By passage, of those that were decided on in machine translation only."""

    @property
    def captures(self) -> tuple[int, ...]:
        """The captures that the cited passages stand in, each once."""
        return tuple(sorted({ref.capture_id for ref in self.references.values() if ref.capture_id}))


def gather(conn: sqlite3.Connection, wanted: Wanted) -> Contents:
    """Judge what is asked for and collect what stands behind it, in one read transaction.

    Raises CannotPack for a day that has not come, and for a moratorium that nobody could know of on that day.
    """
    if wanted.as_of > wanted.today:
        raise CannotPack(
            "wrong.future", f"{wanted.as_of} has not come yet on {wanted.today}; nothing is known of it",
            day=wanted.as_of, today=wanted.today,
        )  # fmt: skip
    conn.execute("begin")
    try:
        return _gather(conn, wanted)
    finally:
        conn.execute("rollback")


def _gather(conn: sqlite3.Connection, wanted: Wanted) -> Contents:
    scope, day = wanted.scope, wanted.as_of
    speakers = speakers_of(conn)
    judged = judge_country(
        conn, scope.country, as_of=day, basis=Basis(wanted.basis), reading=Reading(wanted.reading), today=wanted.today,
        speakers=speakers, group=scope.group or None, question=scope.question or None,
    )  # fmt: skip
    every = group_standings(conn, scope.country, judged, day)
    shown = {one.id: one for group in every for one in group.questions}
    standing, held, inside = None, None, {scope.group}
    if scope.moratorium:
        standing, held = _moratorium(conn, wanted, shown)
        inside = {one.group for one in held.declared.scope if one.side == "in"}
        inside |= {shown[id_].group or "" for id_ in standing.deciding if id_ in shown}
    mine = [one for one in judged if one.asked.group in inside]
    decided_by = _decided_by(conn, wanted)
    deciding = set(standing.deciding) if standing else {q for ids in decided_by.values() for q in ids}
    full = [one for one in mine if _in_full(scope, one, deciding)]
    full.sort(key=lambda one: one.asked.question.id not in deciding)  # stable: then in their own order
    answered = tuple(
        Answered(standing=shown[id_], explained=explain(one), deciding=id_ in deciding)
        for one in full
        if (id_ := one.asked.question.id) in shown
    )
    refs = references.of_passages(conn, _passages(answered), day=day, until=until_of(day, Basis(wanted.basis)))
    late, others = _missed(conn, wanted, [one.asked.question.id for one in mine])
    asked = {one.asked.question.id for one in mine}
    return Contents(
        wanted=wanted,
        rules_version=str(full[0].outcome.rules_version) if full else "",
        groups=tuple(group for group in every if group.group in inside),
        full=answered,
        moratorium=standing,
        entry=held,
        decides=() if standing else tuple(id_ for id_, ids in decided_by.items() if asked.intersection(ids)),
        references=refs,
        sources=_sources(conn, until_of(day, Basis(wanted.basis))),
        speakers={id_: speaker.title for id_, speaker in speakers.items()},
        titles={row["id"]: dict(row) for row in conn.execute("select id, title, title_nl from target_groups")},
        missed=late,
        missed_others=others,
        example=example.banner(conn),
        translations=translations.of_passages(
            conn, _passages(answered, machine=True), until=until_of(day, Basis(wanted.basis))
        ),
    )


def _moratorium(
    conn: sqlite3.Connection, wanted: Wanted, shown: Mapping[str, QuestionStanding]
) -> tuple[MoratoriumStanding, Entry]:
    scope = wanted.scope
    row = conn.execute("select * from moratoria where id = ?", [scope.moratorium]).fetchone()
    if fault := fault_of(conn, row):
        raise CannotPack("broken.moratorium", fault, id=scope.moratorium, said=fault)
    found = next((m for m in moratoria(conn, scope.country, wanted.as_of, shown) if m.id == scope.moratorium), None)
    if found is None:
        raise CannotPack(
            "missing.pack_day",
            f"nobody could know of {scope.moratorium} on {wanted.as_of}; give a later --as-of",
            id=scope.moratorium, day=wanted.as_of,
        )  # fmt: skip
    return found, entry(conn, row, wanted.as_of)


def _decided_by(conn: sqlite3.Connection, wanted: Wanted) -> dict[str, list[str]]:
    """The moratoria on the country that were known by the day, each with the questions that decide it."""
    rows = conn.execute(
        """select m.id, m.deciding from moratoria m where m.country = ? and m.deciding <> '[]' and exists (
             select 1 from standing_events e where e.moratorium_id = m.id and e.known_day <= ?) order by m.id""",
        [wanted.scope.country, wanted.as_of.isoformat()],
    )
    return {row["id"]: json.loads(row["deciding"]) for row in rows}


def _in_full(scope: Scope, one: Judged, deciding: set[str]) -> bool:
    """A question with its evidence: the one asked for, the deciding ones, and decisive ones that anything answers."""
    if scope.question:
        return True
    return one.asked.question.id in deciding or (one.asked.decisive and bool(one.outcome.used))


def _sources(conn: sqlite3.Connection, until: str) -> dict[str, Row]:
    """Every source with the card and the grade that counted by an instant; a better grade waits for a second person."""
    counts = grades.in_force(conn, until)
    rows = conn.execute(
        """select s.*, c.type as card_type, c.owner as card_owner, c.declaration as card from sources s
           join source_cards c on c.id = coalesce(
             (select max(n.id) from source_cards n where n.source_id = s.id and n.declared_at <= :until),
             (select min(n.id) from source_cards n where n.source_id = s.id)) order by s.id""",
        {"until": until},
    )
    found: dict[str, Row] = {}
    for row in rows:
        then = json.loads(row["card"])
        said = {name: then.get(name, row[name]) for name in ("grade_reason", "interests")}
        found[row["id"]] = dict(row) | said | {
            "grade": counts.get(row["id"], row["grade"]), "type": row["card_type"], "owner": row["card_owner"],
        }  # fmt: skip
    return found


def _passages(answered: Iterable[Answered], *, machine: bool = False) -> list[int]:
    """The passages of the evidence; `machine`: those that were decided on in machine translation only."""
    return [item.passage_id for one in answered for item in one.standing.evidence if item.machine or not machine]


def _missed(conn: sqlite3.Connection, wanted: Wanted, questions: Sequence[str]) -> tuple[tuple[Missed, ...], int]:
    """What was public by the day and held only later: with an answer to the pack's questions, and how many others."""
    rows = conn.execute(
        """select distinct p.document_id from current_evidence e join passages p on p.id = e.passage_id
           where e.country = ? and e.decision <> 'reject' and e.question_id in (select value from json_each(?))""",
        [wanted.scope.country, json.dumps(list(questions))],
    )
    about = {row["document_id"] for row in rows}
    late = missed.missed(conn, wanted.as_of)
    mine = tuple(
        Missed(source_id=one.source_id, title=one.title, documents=kept)
        for one in late
        if (kept := tuple(document for document in one.documents if document.document_id in about))
    )
    every = sum(len(one.documents) for one in late)
    return mine, every - sum(len(one.documents) for one in mine)
