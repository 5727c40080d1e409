"""How everything stands today, from stored verdicts: only what came in since `coi assess` is judged here.

A stored verdict is shown only where the rules by which `coi assess` finds what to judge again (review.touched) name
nothing that bears on it, and no day has come on which it can turn. So a page shows what judging everything would, or
judges it: a status is never older than its inputs.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from review import marks, signing
from review.beside import subgroups_of
from review.collecting import collect, crawls_until, until_of
from review.declarations import Speaker
from review.gates import Crawled, crawled_everywhere
from review.judging import judge_all
from review.marks import Looked, Pair
from review.method.judge import week_before
from review.method.model import Basis, Reading
from review.method.thresholds import RULES
from review.rows import Asked, asked
from review.showing import question_standing
from review.standing import Moved, QuestionStanding, Signed, TestResult
from review.touched import touched


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What stored verdicts do not say any more, and the decisive sources by country as they stand."""

    touched: frozenset[Pair]
    sources: Mapping[str, tuple[Crawled, ...]]


def looked_at(conn: sqlite3.Connection, as_of: date, basis: Basis, today: date) -> list[Looked]:
    """The sources as they stood on each day that the verdicts look at: on the held basis also a week before."""
    found = []
    for day in (as_of, week_before(as_of)) if basis is Basis.HELD else (as_of,):
        until = until_of(day, basis)
        sources = crawled_everywhere(conn, as_of=day, until=until, later=crawls_until(day, basis, today))
        found.append(Looked(day=day, until=until, sources=sources))
    return found


def fresh(conn: sqlite3.Connection, *, as_of: date, basis: Basis, reading: Reading, today: date) -> Fresh | None:
    """What has to be judged beside the stored verdicts; None where none of them can be relied on.

    That is so on a day in the past, before the first `coi assess`, after an upgrade, and on a new day on the held
    basis: `coi assess` would judge everything too.
    """
    old = marks.read(conn, basis.value)
    if old is None or as_of != today:
        return None
    looked = looked_at(conn, as_of, basis, today)
    found = touched(conn, old, marks.now(conn, looked, old), basis.value)
    if found.everything:
        return None
    pairs = {*found.both, *(found.reviewed if reading is Reading.REVIEWED else ())}
    return Fresh(touched=frozenset(pairs), sources=looked[0].sources)


def questions(
    conn: sqlite3.Connection, country: str, *, as_of: date, basis: Basis, reading: Reading, today: date,
    speakers: Mapping[str, Speaker], with_: Fresh,
) -> list[QuestionStanding]:  # fmt: skip
    """The standing of every question about a country that has a group, in their order. Stored ones hold no evidence."""
    every = [one for one in asked(conn, country, as_of) if one.group]
    rows = {row["question_id"]: row for row in _newest(conn, country, basis, reading)}
    stored = {id_: row for id_, row in rows.items() if (country, id_) not in with_.touched and _holds(row, as_of)}
    signed = signing.in_force(conn, country, as_of, {one.question.id: one.watersheds for one in every})
    live = {
        one.id: one
        for one in _judged(
            conn, country, [one.question.id for one in every if one.question.id not in stored], as_of=as_of,
            basis=basis, reading=reading, today=today, speakers=speakers, sources=with_.sources.get(country, ()),
            signed=signed,
        )
    }  # fmt: skip
    return [
        live.get(one.question.id) or _standing(stored[one.question.id], one, signed.get(one.question.id), as_of)
        for one in every
    ]


def _judged(
    conn: sqlite3.Connection, country: str, ids: Sequence[str], *, as_of: date, basis: Basis, reading: Reading,
    today: date, speakers: Mapping[str, Speaker], sources: Collection[Crawled], signed: Mapping[str, Signed],
) -> Iterator[QuestionStanding]:  # fmt: skip
    if not ids:
        return
    found = collect(
        conn, country, as_of=as_of, basis=basis, today=today, speakers=speakers,
        reviewed=reading is Reading.REVIEWED, questions=ids, sources=tuple(sources),
    )  # fmt: skip
    about = subgroups_of(conn, country)
    for judged in judge_all(found, reading):
        id_ = judged.asked.question.id
        yield question_standing(judged, signed.get(id_), about.get(id_, ()))


def _newest(conn: sqlite3.Connection, country: str, basis: Basis, reading: Reading) -> list[sqlite3.Row]:
    return conn.execute(
        """select v.* from current_questions q join verdicts v on v.id = (
             select w.id from verdicts w where w.country = q.country and w.question_id = q.id and w.basis = ?
               and w.reading = ? order by w.as_of desc, w.id desc limit 1)
           where q.country = ? and q.group_id is not null""",
        [basis.value, reading.value, country],
    ).fetchall()


def _holds(row: sqlite3.Row, day: date) -> bool:
    """Whether a verdict of its day still speaks of this one."""
    on = day.isoformat()
    known = row["rules_version"] == str(RULES.rules_version) and row["as_of"] <= on
    return known and (row["next_on"] is None or row["next_on"] > on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _standing(row: sqlite3.Row, one: Asked, signed: Signed | None, as_of: date) -> QuestionStanding:
    said: dict[str, Any] = json.loads(row["outcome"])
    beside, absence = said["beside"], said["absence"]
    return QuestionStanding(
        id=one.question.id,
        version=one.version,
        country=one.country,
        group=one.group,
        wording=one.wording,
        wording_nl=one.wording_nl,
        element=one.element,
        scale=one.question.scale,
        window_days=one.question.window_days,
        decisive=one.decisive,
        status=row["status"],
        effective=row["effective"],
        certainty=row["certainty"],
        fragile=bool(row["fragile"]),
        fragile_origin=said["fragile_origin"],
        stale_on=_day(row["stale_on"]),
        falls_on=_day(row["falls_on"]),
        agreement=said["agreement"],
        origins=row["origins"],
        items=row["items"],
        tests={name: TestResult(**test) for name, test in said["tests"].items()},
        gates=tuple(said["gates"]),
        reasons=tuple(said["reasons"]),
        reasons_nl=tuple(said["reasons_nl"]),
        watersheds=tuple(
            (event.on.isoformat(), event.title) for event in one.watersheds if event.on <= as_of and not event.announced
        ),
        evidence=(),
        inputs_digest=row["inputs_digest"],
        one_origin_short=said["one_origin_short"],
        contradictions=tuple(said["contradictions"]),
        reopened_on=_day(beside["reopened_on"]),
        reopened_by=beside["reopened_by"],
        sufficient_on=_day(beside["sufficient_on"]),
        lapsed_on=_day(beside["lapsed_on"]),
        announced=tuple(beside["announced"]),
        signed=signed,
        moved=tuple(Moved(**(each | {"evidence": tuple(each["evidence"])})) for each in beside["moved"]),
        next_on=_day(row["next_on"]),
        absence=tuple(absence["facts"]),
        absence_said=absence["said"],
        absence_said_nl=absence["said_nl"],
        judged_on=_day(row["as_of"]),
        answers=len(said["evidence"]),
        counts_as=beside["counts_as"],
        covered=beside["covered"],
        by_subgroup=tuple((letter, status) for letter, status in beside["by_subgroup"]),
    )
