"""The golden back-test: what the method must make of the Russian chronology, checked on what a home holds (§10)."""

import json
import sqlite3
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from review import assess
from review.backtest_compare import interested
from review.method.model import SourceType, Status
from review.standing import Item, QuestionStanding, Standing
from store.declared import Closed

TABLE = Path(__file__).with_name("golden.toml")
OFFICIAL = (SourceType.OFFICIAL_COUNTRY_REPORT, SourceType.EU_AGENCY)
Check = Literal[
    "not_sufficient", "insufficient", "reopened", "interested", "background", "weak_voice", "official_report",
    "group_version",
]  # fmt: skip


class Expected(Closed):
    """One expectation of one day. `says` and `state` are what a reader sees; `check` and `value` what is computed."""

    on: date
    check: Check
    subject: str
    value: str = ""
    says: str
    state: str


class Golden(Closed):
    """The file as declared: the country, what the chronology's column is about, the expectations."""

    country: str
    questions: tuple[str, ...] = Field(min_length=1)
    column: str
    left_out: str
    left_out_on: tuple[date, ...]
    expect: tuple[Expected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An expectation with what was computed. `holds` None: what it is about is not held here, so it is not scored."""

    expected: Expected
    computed: str
    holds: bool | None


@cache
def golden() -> Golden:
    """What is declared; ValidationError names a field that is wrong."""
    return Golden.model_validate(tomllib.loads(TABLE.read_text("utf-8")))


def check(
    conn: sqlite3.Connection, *, today: date, basis: str = "public", reading: str = "provisional"
) -> list[Checked]:
    """Judge the country on each day and check what is expected of it."""
    found: dict[date, Standing] = {}
    for on in sorted({one.on for one in golden().expect}):
        found[on] = assess.standing(
            conn, as_of=on, basis=basis, reading=reading, country=golden().country, today=today, look_ahead=False
        )
    return [_checked(conn, one, found[one.on]) for one in golden().expect]


def _checked(conn: sqlite3.Connection, one: Expected, standing: Standing) -> Checked:
    if one.check == "group_version":
        return _group_version(conn, one)
    statuses = {group.group: group.status for group in standing.groups}
    questions = {q.id: q for group in standing.groups for q in group.questions}
    question = questions.get(one.subject)
    status = question.effective if question else statuses.get(one.subject)
    if status is None:
        return Checked(expected=one, computed="not asked", holds=None)
    if one.check in ("not_sufficient", "insufficient"):
        holds = status != Status.SUFFICIENT if one.check == "not_sufficient" else status == Status.INSUFFICIENT
        return Checked(expected=one, computed=f"{one.subject} {status}", holds=holds)
    if one.check == "reopened":
        group = next(group for group in standing.groups if group.group == one.subject)
        reopened = [q.id for q in group.questions if q.reopened_on == one.on]
        return Checked(expected=one, computed=f"reopened: {', '.join(reopened) or 'none'}", holds=bool(reopened))
    return _OF_QUESTION[one.check](one, question) if question else Checked(expected=one, computed="-", holds=False)


def _interested(one: Expected, question: QuestionStanding) -> Checked:
    said = interested(question)
    computed = f"{question.id} {question.effective}; " + ("; ".join(each.en for each in said) or "no party's claim")
    return Checked(expected=one, computed=computed, holds=bool(said) and question.effective != Status.SUFFICIENT)


def _role(role: str) -> Callable[[Expected, QuestionStanding], Checked]:
    def found(one: Expected, question: QuestionStanding) -> Checked:
        of_day = [item for item in question.evidence if item.published_on == one.value]
        if not of_day:
            return Checked(expected=one, computed=f"nothing of {one.value} is held", holds=None)
        told = sorted({(_by(item), item.role) for item in of_day})
        return Checked(
            expected=one,
            computed="; ".join(f"{who}: {part}" for who, part in told),
            holds=all(item.role == role for item in of_day),
        )

    return found


def _official(one: Expected, question: QuestionStanding) -> Checked:
    held = [q for q in question.evidence if q.published_on == one.value and q.source_type in OFFICIAL]
    if not held:
        return Checked(
            expected=one, computed=f"{question.id} {question.effective}; no report of {one.value} is held", holds=None
        )
    votes = any(item.role == "vote" for item in held)
    computed = f"{question.id} {question.status} ({'it votes' if votes else 'it does not vote'})"
    return Checked(expected=one, computed=computed, holds=votes and question.status != Status.INSUFFICIENT)


def _group_version(conn: sqlite3.Connection, one: Expected) -> Checked:
    row = conn.execute("select declaration from moratoria where id = ?", [one.subject]).fetchone()
    versions = json.loads(row["declaration"])["group_versions"] if row else []
    in_force = [v["wording"] for v in versions if v["valid_from"] == one.on.isoformat()]
    return Checked(expected=one, computed=", ".join(in_force) or "no new version", holds=one.value in in_force)


def _by(item: Item) -> str:
    return f"{item.publisher} ({item.answer})"


_OF_QUESTION: Mapping[str, Callable[[Expected, QuestionStanding], Checked]] = {
    "interested": _interested,
    "background": _role("background"),
    "weak_voice": _role("weak voice"),
    "official_report": _official,
}
