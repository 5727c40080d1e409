"""What people declared about groups, questions, watersheds and moratoria, as rows that others can refer to."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from store.errors import ForPeople

DECLARED = "declaration"  # the actor of what a file states
# What makes two entries the same event; its wording and reference may be put better.
_SAME = ("kind", "on_day", "day_precision", "known_on", "half", "first_day", "last_day", "stated_end", "confidence",
         "end_confidence")  # fmt: skip


class ChangedWithoutVersion(ForPeople, ValueError):
    """A question says something else under the same version number; old verdicts would change their meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    id: str
    title: str
    title_nl: str
    definition: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """`declaration` is the whole declaration as JSON with sorted keys."""

    id: str
    version: int
    group_id: str | None
    wording: str
    wording_nl: str
    element: str
    scale_kind: str
    scale: tuple[str, ...]
    opposite: tuple[tuple[str, str], ...]
    window_days: int
    decisive: bool
    priority: int
    declaration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatershedRow:
    id: str
    country: str
    title: str
    on_day: str
    announced_on: str | None
    announced: bool
    confirmed: bool
    source: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRow:
    side: str
    group_id: str
    services: tuple[str, ...]
    valid_from: str | None
    reason: str
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One dated act; half None means both. `last_day` is inclusive; `known_on` None: known on the day itself."""

    kind: str
    on_day: str
    confidence: str
    day_precision: str = "day"
    known_on: str | None = None
    half: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    stated_end: str | None = None
    end_confidence: str | None = None  # how sure last_day is; None: as sure as the act
    wording: str = ""
    reference: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoratoriumRow:
    id: str
    state: str
    country: str
    title: str
    title_nl: str
    deciding: tuple[str, ...]
    declaration: str
    scopes: tuple[ScopeRow, ...]
    events: tuple[EventRow, ...]


def keep_groups(conn: sqlite3.Connection, rows: Iterable[GroupRow]) -> None:
    """Keep the target groups; a declaration replaces the row of its id."""
    conn.executemany(
        """insert into target_groups (id, title, title_nl, definition, version) values (?, ?, ?, ?, ?)
           on conflict (id) do update set title = excluded.title, title_nl = excluded.title_nl,
             definition = excluded.definition, version = excluded.version""",
        [(row.id, row.title, row.title_nl, row.definition, row.version) for row in rows],
    )


def keep_questions(conn: sqlite3.Connection, rows: Iterable[QuestionRow], *, declared_at: str) -> None:
    """Keep each question's version once. Raises ChangedWithoutVersion where a kept version now reads otherwise."""
    for row in rows:
        kept = conn.execute(
            "select declaration from questions where id = ? and version = ?", [row.id, row.version]
        ).fetchone()
        if kept and kept["declaration"] != row.declaration:
            raise ChangedWithoutVersion(
                f"question {row.id} version {row.version} was changed; raise its version to {row.version + 1}, "
                "so that old verdicts keep the wording they answered"
            )
        if kept is None:
            _insert_question(conn, row, declared_at)


def _insert_question(conn: sqlite3.Connection, row: QuestionRow, declared_at: str) -> None:
    conn.execute(
        """insert into questions (id, version, group_id, wording, wording_nl, element, scale_kind, scale, opposite,
             window_days, decisive, priority, declaration, declared_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            row.id, row.version, row.group_id, row.wording, row.wording_nl, row.element, row.scale_kind,
            json.dumps(row.scale), json.dumps(row.opposite), row.window_days, int(row.decisive), row.priority,
            row.declaration, declared_at,
        ],
    )  # fmt: skip


def keep_watersheds(conn: sqlite3.Connection, rows: Iterable[WatershedRow]) -> None:
    """Keep the watersheds and the questions each of them lists."""
    for row in rows:
        conn.execute(
            """insert into watersheds (id, country, title, on_day, announced_on, announced, confirmed, source)
               values (?, ?, ?, ?, ?, ?, ?, ?)
               on conflict (id) do update set country = excluded.country, title = excluded.title,
                 on_day = excluded.on_day, announced_on = excluded.announced_on, announced = excluded.announced,
                 confirmed = excluded.confirmed, source = excluded.source""",
            [
                row.id,
                row.country,
                row.title,
                row.on_day,
                row.announced_on,
                int(row.announced),
                int(row.confirmed),
                row.source,
            ],
        )
        conn.execute("delete from watershed_questions where watershed_id = ?", [row.id])
        conn.executemany(
            "insert into watershed_questions (watershed_id, question_id) values (?, ?)",
            [(row.id, question) for question in row.questions],
        )


def keep_moratoria(conn: sqlite3.Connection, rows: Iterable[MoratoriumRow], *, at: str) -> None:
    """Keep the moratoria. Their events are only ever added: one that a declaration no longer states is retracted."""
    for row in rows:
        conn.execute(
            """insert into moratoria (id, state, country, title, title_nl, deciding, declaration, declared_at)
               values (?, ?, ?, ?, ?, ?, ?, ?)
               on conflict (id) do update set state = excluded.state, country = excluded.country,
                 title = excluded.title, title_nl = excluded.title_nl, deciding = excluded.deciding,
                 declaration = excluded.declaration, declared_at = excluded.declared_at
               where (excluded.declaration, excluded.deciding, excluded.title_nl)
                 is not (moratoria.declaration, moratoria.deciding, moratoria.title_nl)""",
            [
                row.id,
                row.state,
                row.country,
                row.title,
                row.title_nl,
                json.dumps(row.deciding),
                row.declaration,
                at,
            ],
        )
        conn.execute("delete from moratorium_scopes where moratorium_id = ?", [row.id])
        conn.executemany(
            """insert into moratorium_scopes (moratorium_id, position, side, group_id, services, valid_from, reason,
                 passage) values (?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                (row.id, position, s.side, s.group_id, json.dumps(s.services), s.valid_from, s.reason, s.passage)
                for position, s in enumerate(row.scopes)
            ],
        )
        _keep_events(conn, row, at)


def _keep_events(conn: sqlite3.Connection, row: MoratoriumRow, at: str) -> None:
    """Add the declared events that are not kept yet; retract those kept from an earlier declaration only."""
    kept = conn.execute(
        f"select id, {', '.join(_SAME)} from standing_events where moratorium_id = ? and actor = ?",
        [row.id, DECLARED],
    ).fetchall()
    wanted = {tuple(getattr(event, name) for name in _SAME): event for event in row.events}
    for old in kept:
        if tuple(old[name] for name in _SAME) in wanted:
            del wanted[tuple(old[name] for name in _SAME)]
        else:
            retraction = EventRow(kind="retracted", on_day=old["on_day"], half=old["half"], confidence="verified")
            add_event(conn, row.id, retraction, actor=DECLARED, at=at, retracts=old["id"])
    for event in wanted.values():
        add_event(conn, row.id, event, actor=DECLARED, at=at)


def add_event(
    conn: sqlite3.Connection, moratorium_id: str, event: EventRow, *, actor: str, at: str, retracts: int | None = None
) -> int:
    """Add one event to the life of a moratorium; return its id. Each is a link of the audit chain."""
    found = conn.execute(
        """insert into moratorium_events (moratorium_id, kind, on_day, day_precision, known_on, half, first_day,
             last_day, stated_end, wording, reference, url, confidence, end_confidence, retracts, actor,
             recorded_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            moratorium_id, event.kind, event.on_day, event.day_precision, event.known_on, event.half, event.first_day,
            event.last_day, event.stated_end, event.wording, event.reference, event.url, event.confidence,
            event.end_confidence, retracts, actor, at,
        ],
    )  # fmt: skip
    return int(found.lastrowid or 0)
