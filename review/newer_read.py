"""What is newer than a decision, read from the store: verdicts of both days, the frozen list, what came since."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from review.assess import Judged, judge_country, question_standing, speakers_of
from review.method.model import Basis, Reading, Status
from review.method.rollup import roll_up
from review.method.thresholds import RULES
from review.moratorium import NOT_ASSESSED
from review.newer import dealt_with, digest, ranked
from review.newer_effects import Weighing
from review.newer_entries import gap_of, merged, of_question, others, rows_of
from review.newer_rows import dealings
from review.newer_types import Frozen, Newer, Told
from review.newer_words import why
from store.errors import ForPeople

DECIDING_ACTS = ("decided", "paused", "extended", "revived")
FIRST_ACTS = ("announced", "in_force")  # where no decision itself was seen


class NewerError(ForPeople, LookupError):
    """No such moratorium, or no list can be made for these days. `key`: words of the site; `values` fill them."""

    def __init__(self, message: str, key: str, **values: object) -> None:
        super().__init__(message)
        self.key, self.values = key, values


def newer(
    conn: sqlite3.Connection,
    moratorium_id: str,
    *,
    on: date | None,
    until: date,
    basis: str,
    reading: str,
    today: date,
) -> Newer:
    """The whole page of one moratorium. `on` None: its newest decision known by `until`. Raises NewerError."""
    row = conn.execute("select * from moratoria where id = ?", [moratorium_id]).fetchone()
    if row is None:
        known = ", ".join(r["id"] for r in conn.execute("select id from moratoria order by id"))
        raise NewerError(
            f"no moratorium {moratorium_id!r}; known: {known or 'none'}", "missing.moratorium", id=moratorium_id[:40]
        )
    decisions = _decisions(conn, moratorium_id, until)
    on = _day(moratorium_id, decisions, on, until, today)
    asked, deciding = _asked(conn, row, on)

    def judged(day: date, way: str) -> dict[str, Judged]:
        return _judged(conn, row["country"], day, way, reading, today, asked)

    then, now = judged(on, basis), judged(until, basis)
    public, held = (then if basis == way else judged(on, way) for way in ("public", "held"))
    weighed = [Weighing.of(then[name], now[name]) for name in asked if name in now]
    rows = tuple(known for one in weighed for known in rows_of(one.then, one.frozen, merged(one.then)))
    dealt = dealings(conn, moratorium_id, row["country"], on, until)
    entries = [entry for one in weighed for entry in of_question(one, dealt, on)]
    entries += others(conn, row["country"], weighed, rows, entries, (on, until), held=basis == "held")
    entries = [replace(one, deciding=bool(set(one.questions) & set(deciding))) for one in entries]
    entries = [replace(one, dealt_with=one.dealt_with or dealt_with(one, dealt)) for one in entries]
    since, past = ranked(e for e in entries if not e.dealt_with), ranked(e for e in entries if e.dealt_with)
    gap = ranked(entry for name in asked if name in now for entry in gap_of(public[name], held[name], deciding))
    newest = max((one for one in decisions if one[1] <= on), key=lambda one: one[1])
    return Newer(
        moratorium_id=moratorium_id,
        title=row["title"],
        title_nl=row["title_nl"],
        country=row["country"],
        on=on,
        decision=f"{newest[0]} {newest[1]}",
        until=until,
        basis=basis,
        reading=reading,
        rules_version=str(RULES.rules_version),
        deciding=deciding,
        asked=tuple(asked),
        decisions=decisions,
        frozen=Frozen(
            rows=rows,
            digest=digest(rows),
            status=_status(deciding, then),
            questions=tuple(question_standing(then[name]) for name in asked if name in then),
        ),
        unsearched=tuple(sorted({source for one in now.values() for source in one.coverage.not_searched})),
        status_until=_status(deciding, now),
        now=tuple((name, now[name].effective.value) for name in asked if name in now),
        gap=tuple(Told(entry=one, why=why(one, on, until, frozen=True)) for one in gap),
        since=tuple(Told(entry=one, why=why(one, on, until)) for one in since),
        dealt=tuple(Told(entry=one, why=why(one, on, until)) for one in past),
    )


def _decisions(conn: sqlite3.Connection, moratorium_id: str, until: date) -> tuple[tuple[str, date], ...]:
    """The acts that decided, known by a day, oldest first; where none was seen, announcement or entry into force."""
    rows = conn.execute(
        "select distinct kind, on_day from standing_events where moratorium_id = ? and known_day <= ? and on_day <= ?"
        " order by on_day, kind",
        [moratorium_id, until.isoformat(), until.isoformat()],
    ).fetchall()
    for kinds in (DECIDING_ACTS, FIRST_ACTS):
        if found := tuple((r["kind"], date.fromisoformat(r["on_day"])) for r in rows if r["kind"] in kinds):
            return found
    return ()


def _day(name: str, decisions: Sequence[tuple[str, date]], on: date | None, until: date, today: date) -> date:
    """The decision day, or NewerError with what is wrong with the days."""
    for day in (until, on):
        if day is not None and day > today:
            raise NewerError(
                f"{day} has not come yet; choose today, {today}, or an earlier day", "wrong.newer_future", day=day,
                today=today,
            )  # fmt: skip
    if on is not None and until < on:
        raise NewerError(
            f"--until {until} is before --on {on}; give as --until the decision day or a later one",
            "wrong.newer_order", on=on, until=until,
        )  # fmt: skip
    if not decisions:
        raise NewerError(
            f"moratorium {name}: no decision was known by {until}; give a later --until, or see coi moratoria",
            "wrong.newer_none", id=name, until=until,
        )  # fmt: skip
    if on is not None and on < decisions[0][1]:
        raise NewerError(
            f"moratorium {name}: nothing was decided by {on}; its first decision is of {decisions[0][1]}",
            "wrong.newer_before", id=name, on=on, first=decisions[0][1],
        )  # fmt: skip
    return on or decisions[-1][1]


def _asked(conn: sqlite3.Connection, row: sqlite3.Row, on: date) -> tuple[list[str], tuple[str, ...]]:
    """The questions to look at: deciding, then the other decisive ones of the groups in; and the deciding alone."""
    have = conn.execute(
        """select q.id, q.group_id, q.decisive from current_questions q
           where q.country = ? order by q.rowid""",
        [row["country"]],
    ).fetchall()
    ids = {one["id"] for one in have}
    deciding = tuple(
        one["value"] for one in conn.execute("select value from json_each(?)", [row["deciding"]]) if one["value"] in ids
    )
    groups = [
        one["group_id"]
        for one in conn.execute(
            """select distinct group_id from moratorium_scopes where moratorium_id = ? and side = 'in'
                 and (valid_from is null or valid_from <= ?)""",
            [row["id"], on.isoformat()],
        )
    ]
    others = [q["id"] for q in have if q["decisive"] and q["group_id"] in groups and q["id"] not in deciding]
    return [*deciding, *others], deciding


def _judged(
    conn: sqlite3.Connection, country: str, day: date, basis: str, reading: str, today: date, asked: Sequence[str]
) -> dict[str, Judged]:
    """The questions of a country judged on a day, by id."""
    if not asked:
        return {}
    found = judge_country(
        conn, country, as_of=day, basis=Basis(basis), reading=Reading(reading), today=today, speakers=speakers_of(conn)
    )
    return {one.asked.question.id: one for one in found if one.asked.question.id in set(asked)}


def _status(deciding: Sequence[str], judged: Mapping[str, Judged]) -> str:
    if not deciding:
        return NOT_ASSESSED
    return roll_up({q: judged[q].effective if q in judged else Status.INSUFFICIENT for q in deciding}).status.value
