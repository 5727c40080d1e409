"""Replay a moratorium's life: what the method says week by week, against what the state decided, and why they differ.

A difference is no failure: the state weighs more than information, and the method more than the state said it did. Only
what a decision was seen to say is compared; a letter whose conclusion nobody read is shown and never scored.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from review import assess
from review.method.model import SourceType, Status
from review.method.words import STATUS_NL, Said
from review.standing import GroupStanding, QuestionStanding, Standing
from store.errors import ForPeople

Verdict = Literal["not enough", "enough", "not seen"]
SAID_BY: Mapping[str, Verdict] = {  # what an act of the state says of the information; other acts say nothing of it
    "decided": "not enough",
    "extended": "not enough",
    "revived": "not enough",
    "ended": "enough",
    "policy_letter": "not seen",
    "annulled": "not seen",
}
BEFORE = AFTER = timedelta(weeks=4)
REASONS = 4  # reasons of one question that a difference quotes


class BacktestError(ForPeople, LookupError):
    """There is no such moratorium, or nothing of it can be replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that the state said of the information. `group` None: of the deciding questions."""

    on: date
    kind: str
    said: Verdict
    group: str | None
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The effective statuses of one day, by question id and by group id."""

    as_of: date
    questions: Mapping[str, str]
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One act beside what the method said that day. `agrees` None: not scored."""

    act: Act
    subject: str  # a question id, or a group id
    computed: str
    agrees: bool | None
    said: Said
    reasons: tuple[str, ...]
    reasons_nl: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One moratorium from four weeks before its first act to four weeks after its last."""

    moratorium_id: str
    title: str
    country: str
    basis: str
    reading: str
    deciding: tuple[str, ...]
    groups: tuple[str, ...]
    acts: tuple[Act, ...]
    points: tuple[Point, ...]
    compared: tuple[Compared, ...]


def replay(
    conn: sqlite3.Connection,
    moratorium_id: str,
    *,
    basis: str,
    reading: str,
    today: date,
    every_days: int = 7,
    progress: Callable[[date], object] = lambda day: None,
) -> Replay:
    """Judge a moratorium's country every so many days and on each day of an act. Raises BacktestError."""
    row = conn.execute("select * from moratoria where id = ?", [moratorium_id]).fetchone()
    if row is None:
        known = [r["id"] for r in conn.execute("select id from moratoria order by id")]
        raise BacktestError(f"no moratorium {moratorium_id!r}; known: {', '.join(known) or 'none'}")
    deciding, groups = _subjects(conn, row)
    acts = acts_of(conn, moratorium_id)
    if not acts or not (deciding or groups):
        raise BacktestError(
            f"moratorium {moratorium_id}: no question or group is declared for {row['country']}, so there is nothing "
            "to replay; docs/add-a-group.md says how one is added"
        )
    marked = {act.on for act in acts if act.on <= today}
    points, on_acts = [], {}
    for day in days(acts, every_days=every_days, today=today):
        progress(day)
        standing = assess.standing(
            conn, as_of=day, basis=basis, reading=reading, country=row["country"], look_ahead=day in marked, today=today
        )
        points.append(_point(standing, deciding, groups))
        if day in marked:
            on_acts[day] = standing
    return Replay(
        moratorium_id=moratorium_id,
        title=row["title"],
        country=row["country"],
        basis=basis,
        reading=reading,
        deciding=deciding,
        groups=groups,
        acts=tuple(acts),
        points=tuple(points),
        compared=tuple(c for act in acts if act.on in on_acts for c in compare(act, on_acts[act.on], deciding)),
    )


def replayable(conn: sqlite3.Connection) -> list[str]:
    """The moratoria on countries about which questions are asked."""
    rows = conn.execute(
        """select m.id from moratoria m where exists (select 1 from current_questions q
             where q.country = m.country) order by m.id"""
    )
    return [row["id"] for row in rows]


def days(acts: Sequence[Act], *, every_days: int, today: date) -> list[date]:
    """The days to judge: every so many, and the days of the acts; four weeks before the first to four after the last.

    No day lies ahead of `today`.
    """
    first, last = min(act.on for act in acts) - BEFORE, min(max(act.on for act in acts) + AFTER, today)
    regular = {first + timedelta(days=n) for n in range(0, (last - first).days + 1, every_days)}
    return sorted(regular | {act.on for act in acts if act.on <= last})


def acts_of(conn: sqlite3.Connection, moratorium_id: str) -> list[Act]:
    """What the state said of the information, in order: of the deciding questions, and of groups it left out."""
    found: list[Act] = []
    events = conn.execute(
        f"""select * from moratorium_events e where moratorium_id = ? and kind in ({", ".join("?" * len(SAID_BY))})
              and not exists (select 1 from moratorium_events r where r.retracts = e.id) order by on_day, id""",  # noqa: S608
        [moratorium_id, *SAID_BY],
    ).fetchall()
    for row in events:
        act = Act(
            on=date.fromisoformat(row["on_day"]),
            kind=row["kind"],
            said=SAID_BY[row["kind"]] if row["confidence"] == "verified" else "not seen",
            group=None,
            reason=row["reference"],
            confidence=row["confidence"],
        )
        if not any((one.on, one.kind) == (act.on, act.kind) for one in found):  # two halves, one decision
            found.append(act)
    opened = next((act.on for act in found if act.said == "not enough"), None)
    scopes = conn.execute(
        """select group_id, services, valid_from, reason from moratorium_scopes
           where moratorium_id = ? and side = 'out' order by position""",
        [moratorium_id],
    )
    for row in scopes:
        on = date.fromisoformat(row["valid_from"]) if row["valid_from"] else opened
        if on and row["services"] == "[]":  # one kind of service alone has no status of its own
            found.append(
                Act(on=on, kind="left out", said="enough", group=row["group_id"], reason=row["reason"], confidence="")
            )
    return sorted(found, key=lambda act: (act.on, act.group or ""))


def compare(act: Act, standing: Standing, deciding: Sequence[str]) -> list[Compared]:
    """One act beside the statuses of its day: each deciding question, or the group it left out."""
    if act.group is not None:
        return [_of_group(act, group) for group in standing.groups if group.group == act.group]
    questions = {one.id: one for group in standing.groups for one in group.questions}
    return [_of_question(act, questions[name]) for name in deciding if name in questions]


def agrees(said: Verdict, status: str) -> bool | None:
    """Whether a status says what the state said: only *sufficient* is enough. None where its words were not seen.

    >>> agrees("not enough", "emerging"), agrees("enough", "emerging"), agrees("not seen", "sufficient")
    (True, False, None)
    """
    return None if said == "not seen" else (status == Status.SUFFICIENT) == (said == "enough")


def _of_question(act: Act, one: QuestionStanding) -> Compared:
    return Compared(
        act=act,
        subject=one.id,
        computed=one.effective,
        agrees=agrees(act.said, one.effective),
        said=_beside(act, one.id, one.effective),
        reasons=(*one.reasons[:REASONS], *(said.en for said in interested(one))),
        reasons_nl=(*one.reasons_nl[:REASONS], *(said.nl for said in interested(one))),
    )


def _of_group(act: Act, group: GroupStanding) -> Compared:
    """A group is its weakest decisive question: the questions with evidence say why, the others are counted."""
    decisive = [one for one in group.questions if one.decisive]
    told = [one for one in decisive if one.evidence]
    silent = len(decisive) - len(told)
    none = Said(en=f"{silent} decisive questions without any evidence", nl=f"{silent} beslissende vragen zonder bewijs")
    return Compared(
        act=act,
        subject=group.group,
        computed=group.status,
        agrees=agrees(act.said, group.status),
        said=_beside(act, group.group, group.status),
        reasons=(
            *(f"{q.id}: {said.en}" for q in told for said in interested(q)),
            *(f"{q.id}: {text}" for q in told for text in _holding(q, q.reasons)),
            none.en,
        ),
        reasons_nl=(
            *(f"{q.id}: {said.nl}" for q in told for said in interested(q)),
            *(f"{q.id}: {text}" for q in told for text in _holding(q, q.reasons_nl)),
            none.nl,
        ),
    )


def interested(one: QuestionStanding) -> list[Said]:
    """What only a party to the conflict says, in a sentence for each answer; it carries no question (method §5)."""
    voted = {item.answer for item in one.evidence if item.role in ("vote", "dissent", "out of time")}
    said: dict[str, tuple[str, str]] = {}
    for item in one.evidence:
        if item.source_type == SourceType.PARTY_TO_THE_CONFLICT and item.answer not in voted:
            said[item.answer] = (item.publisher, item.published_on or "")
    return [
        Said(
            en=f"'{answer}' rests on an interested party ({who}, {when}), which carries no question alone",
            nl=f"'{answer}' berust op een belanghebbende partij ({who}, {when}), die geen vraag alleen kan dragen",
        )
        for answer, (who, when) in said.items()
    ]


def _holding(one: QuestionStanding, reasons: Iterable[str]) -> tuple[str, ...]:
    """The reasons of the tests that a question does not pass."""
    open_tests = tuple(name.upper() for name, test in one.tests.items() if test.result != "pass")
    return tuple(text for text in reasons if text.startswith(open_tests)) if open_tests else ()


_ACT_NL = {
    "decided": "besloten", "extended": "verlengd", "revived": "herleefd", "ended": "beëindigd",
    "policy_letter": "beleidsbrief", "annulled": "vernietigd", "left out": "buiten de groep gelaten",
}  # fmt: skip
_SAID_NL = {"not enough": "niet genoeg", "enough": "genoeg", "not seen": "niet gezien"}


def _beside(act: Act, subject: str, status: str) -> Said:
    status_nl = STATUS_NL[Status(status)]
    kind = act.kind.replace("_", " ")
    return Said(
        en=f"{act.on}: the state ({kind}) said: {act.said}; computed {subject}: {status}",
        nl=f"{act.on}: de staat ({_ACT_NL[act.kind]}) zei: {_SAID_NL[act.said]}; berekend {subject}: {status_nl}",
    )


def _subjects(conn: sqlite3.Connection, row: sqlite3.Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The deciding questions and the groups of a moratorium that questions of its country exist for."""
    asked = conn.execute("select id, group_id from current_questions where country = ?", [row["country"]]).fetchall()
    have, of = {one["id"] for one in asked}, {one["group_id"] for one in asked}
    listed = conn.execute("select value from json_each(?)", [row["deciding"]])
    deciding = tuple(one["value"] for one in listed if one["value"] in have)
    scopes = conn.execute(
        "select distinct group_id from moratorium_scopes where moratorium_id = ? order by position", [row["id"]]
    )
    return deciding, tuple(one["group_id"] for one in scopes if one["group_id"] in of)


def _point(standing: Standing, deciding: Sequence[str], groups: Sequence[str]) -> Point:
    return Point(
        as_of=standing.as_of,
        questions={q.id: q.effective for g in standing.groups for q in g.questions if q.id in deciding},
        groups={g.group: g.status for g in standing.groups if g.group in groups},
    )
