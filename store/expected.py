"""Publications that are awaited: kept as somebody said it, and matched with the documents that came."""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum

from store.declared import DeclarationError

LONGEST_TITLE = 500  # characters of a title that a pattern is tried on


class Awaited(StrEnum):
    """How an awaited publication stands on a day."""

    EXPECTED = "expected"
    DUE = "due"  # its window has begun
    OVERDUE = "overdue"  # its window is over, and nothing came
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Somebody announced a publication. `sources` empty: any; `pattern` is searched in titles, case ignored."""

    key: str
    title: str
    country: str
    sources: tuple[str, ...]
    pattern: str
    first_day: str
    last_day: str
    reason: str
    reference: str = ""
    came_on: str | None = None  # the day it came out, where that is known whether or not it is held


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The first document that fits: its id, title, and the day on which it was published (or first seen)."""

    document_id: int
    title: str
    on_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An awaited publication with how it stands on a day, who awaits it and since when."""

    expectation: Expectation
    status: Awaited
    arrival: Arrival | None
    actor: str
    since: str


FIELDS = tuple(field.name for field in fields(Expectation))


def status(expectation: Expectation, arrival: Arrival | None, day: date) -> Awaited:
    """How an awaited publication stands on a day; both days of its window belong to it."""
    if arrival is not None and arrival.on_day <= day.isoformat():
        return Awaited.ARRIVED
    if expectation.came_on is not None and expectation.came_on <= day.isoformat():
        return Awaited.ARRIVED
    if day.isoformat() < expectation.first_day:
        return Awaited.EXPECTED
    return Awaited.DUE if day.isoformat() <= expectation.last_day else Awaited.OVERDUE


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern over titles; DeclarationError where it is no regular expression or fits every title."""
    try:
        found = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise DeclarationError(
            f"{pattern!r} is no regular expression: {error}; for plain words write them as they stand in the title"
        ) from error
    if found.search(""):
        raise DeclarationError(f"{pattern!r} fits every title; name words that only the awaited publication carries")
    return found


def standings(conn: sqlite3.Connection, day: date) -> list[Standing]:
    """Every awaited publication as it stands on a day: overdue and due first, then by the end of the window."""
    order = [Awaited.OVERDUE, Awaited.DUE, Awaited.EXPECTED, Awaited.ARRIVED]
    found = []
    for row in conn.execute("select * from current_expectations"):
        awaited = _expectation(row)
        arrival = arrived(conn, awaited)
        found.append(
            Standing(
                expectation=awaited,
                status=status(awaited, arrival, day),
                arrival=arrival if arrival and arrival.on_day <= day.isoformat() else None,
                actor=row["actor"],
                since=row["since"],
            )
        )
    return sorted(found, key=lambda one: (order.index(one.status), one.expectation.last_day, one.expectation.key))


def arrived(conn: sqlite3.Connection, awaited: Expectation) -> Arrival | None:
    """The first document of these sources, published on or after the window's first day, whose title fits."""
    pattern = compiled(awaited.pattern)
    rows = conn.execute(
        """select id, title, coalesce(published_on, substr(first_seen_at, 1, 10)) as on_day from documents
           where coalesce(published_on, substr(first_seen_at, 1, 10)) >= :first
             and (:sources = '[]' or source_id in (select value from json_each(:sources)))
           order by on_day, id""",
        {"first": awaited.first_day, "sources": json.dumps(awaited.sources)},
    )
    for row in rows:
        if pattern.search(row["title"][:LONGEST_TITLE]):
            return Arrival(document_id=row["id"], title=row["title"], on_day=row["on_day"])
    return None


def expect(conn: sqlite3.Connection, awaited: Expectation, *, actor: str, at: str) -> bool:
    """Keep that a publication is awaited; False where the newest word on it says the same. Caller's transaction."""
    compiled(awaited.pattern)
    row = _newest(conn, awaited.key)
    if row is not None and row["act"] == "expect" and _expectation(row) == awaited:
        return False
    _add(conn, awaited, act="expect", actor=actor, at=at)
    return True


def cancel(conn: sqlite3.Connection, key: str, *, reason: str, actor: str, at: str) -> None:
    """Keep that a publication is awaited no more. DeclarationError names a key that nobody awaits."""
    row = _newest(conn, key)
    if row is None or row["act"] == "cancel":
        known = [found["key"] for found in conn.execute("select key from current_expectations order by key")]
        raise DeclarationError(f"nobody awaits {key!r}; awaited are: {', '.join(known) or 'nothing'}")
    taken_back = Expectation(**asdict(_expectation(row)) | {"reason": reason})
    _add(conn, taken_back, act="cancel", actor=actor, at=at)


def declare(conn: sqlite3.Connection, declared: Iterable[Expectation], *, actor: str, at: str) -> int:
    """Bring what files declare into the store; what is declared no more is taken back. Return how many changed.

    What a person cancelled stays cancelled until the file says something new.
    """
    wanted = {awaited.key: awaited for awaited in declared}
    changed = 0
    for key, awaited in wanted.items():
        row = _newest(conn, key)
        if row is not None and row["act"] == "cancel" and row["actor"] != actor and _same_but_reason(row, awaited):
            continue
        changed += expect(conn, awaited, actor=actor, at=at)
    for row in conn.execute("select key from current_expectations where actor = ?", [actor]).fetchall():
        if row["key"] not in wanted:
            cancel(conn, row["key"], reason="its file is no longer there", actor=actor, at=at)
            changed += 1
    return changed


def keep_changes(conn: sqlite3.Connection, found: Sequence[Standing], *, at: str) -> list[str]:
    """Keep an event for each publication whose status differs from the last one kept; return them in words."""
    said = []
    for one in found:
        awaited = one.expectation
        last = conn.execute(
            "select after from expectation_events where key = ? order by id desc limit 1", [awaited.key]
        ).fetchone()
        before = last["after"] if last else ""
        if before == one.status:
            continue
        message = in_words(one)
        conn.execute(
            """insert into expectation_events (key, at, before, after, message, document_id)
               values (?, ?, ?, ?, ?, ?)""",
            [awaited.key, at, before, one.status, message, one.arrival and one.arrival.document_id],
        )
        if one.status is not Awaited.EXPECTED:
            said.append(message)
    return said


def in_words(one: Standing) -> str:
    """How an awaited publication stands, as one sentence for people."""
    awaited = one.expectation
    said = f"{awaited.key}: {awaited.title}: {one.status}, {awaited.first_day} to {awaited.last_day}"
    if one.arrival:
        return f"{said}; document {one.arrival.document_id} of {one.arrival.on_day}, {one.arrival.title!r}"
    return f"{said}; it came out on {awaited.came_on} and is not held" if one.status is Awaited.ARRIVED else said


def _expectation(row: sqlite3.Row) -> Expectation:
    return Expectation(**{name: row[name] for name in FIELDS} | {"sources": tuple(json.loads(row["sources"]))})


def _newest(conn: sqlite3.Connection, key: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = conn.execute(
        "select * from expectations where key = ? order by id desc limit 1", [key]
    ).fetchone()
    return found


def _same_but_reason(row: sqlite3.Row, awaited: Expectation) -> bool:
    return asdict(_expectation(row)) | {"reason": ""} == asdict(awaited) | {"reason": ""}


def _add(conn: sqlite3.Connection, awaited: Expectation, *, act: str, actor: str, at: str) -> None:
    values = asdict(awaited) | {"sources": json.dumps(awaited.sources), "act": act, "actor": actor, "recorded_at": at}
    conn.execute(
        f"insert into expectations ({', '.join(values)}) values ({', '.join('?' for _ in values)})",
        list(values.values()),
    )
