"""Bring what people declared (groups, questions, watersheds, moratoria) into the store."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from review.declarations import Declarations, Moratorium, Question, Watershed, load
from review.vocabulary import load_groups
from store import register
from store.register import EventRow, GroupRow, MoratoriumRow, QuestionRow, ScopeRow, WatershedRow

# An event's reference for each step of a moratorium's life is the publication it names.
_STARTS = ("in_force", "extended")


def sync(conn: sqlite3.Connection, extra: Path | None, *, at: str) -> Declarations:
    """Load and check every declaration (shipped, and the operator's in `extra`), keep them, return them.

    Runs in the caller's transaction. Raises DeclarationError or ChangedWithoutVersion; then nothing is kept.
    """
    declared = load(extra)
    groups = load_groups([extra / "groups"] if extra else [])
    register.keep_groups(
        conn,
        (
            GroupRow(id=g.id, title=g.title, title_nl=g.title_nl, definition=g.definition, version=g.version)
            for g in groups.values()
        ),
    )
    register.keep_questions(conn, map(question_row, declared.questions.values()), declared_at=at)
    register.keep_watersheds(conn, (watershed_row(declared, w) for w in declared.watersheds.values()))
    register.keep_moratoria(conn, map(moratorium_row, declared.moratoria.values()), at=at)
    return declared


def question_row(question: Question) -> QuestionRow:
    """A declared question as the store keeps it."""
    return QuestionRow(
        id=question.id,
        version=question.version,
        group_id=question.group_id,
        wording=question.wording.en,
        wording_nl=question.wording.nl,
        element=" ".join(question.elements),
        scale_kind=question.scale.value,
        scale=question.scale_values,
        opposite=question.opposites,
        window_days=question.window_days,
        decisive=question.decisive and question.group_id is not None,
        priority=int(question.priority),
        declaration=_json(question),
    )


def watershed_row(declared: Declarations, watershed: Watershed) -> WatershedRow:
    """A declared watershed with the questions its patterns name."""
    return WatershedRow(
        id=watershed.id,
        country=watershed.country,
        title=watershed.title,
        on_day=watershed.on.isoformat(),
        announced_on=watershed.announced_on.isoformat() if watershed.announced_on else None,
        announced=watershed.effect == "announcement",
        confirmed=watershed.confirmed,
        source=watershed.source,
        questions=declared.touched(watershed),
    )


def moratorium_row(moratorium: Moratorium) -> MoratoriumRow:
    """A declared moratorium with its scopes and events."""
    return MoratoriumRow(
        id=moratorium.id,
        state=moratorium.freezing_state,
        country=moratorium.country,
        title=moratorium.title,
        deciding=moratorium.deciding_ids,
        declaration=_json(moratorium),
        scopes=tuple(
            ScopeRow(
                side=s.side,
                group_id=s.group,
                services=s.services,
                valid_from=s.valid_from.isoformat() if s.valid_from else None,
                reason=s.reason,
                passage=s.passage,
            )
            for s in moratorium.scope
        ),
        events=tuple(_events(moratorium)),
    )


def _events(moratorium: Moratorium) -> Iterator[EventRow]:
    """Each declared event; entry into force and extensions carry the period that they open, in order."""
    periods = iter(sorted(moratorium.periods, key=lambda period: period.number))
    for event in sorted(moratorium.events, key=lambda e: e.on):
        period = next(periods, None) if event.kind in _STARTS else None
        yield EventRow(
            kind=event.kind,
            on_day=event.on.isoformat(),
            confidence=event.confidence,
            first_day=period.first_day.isoformat() if period else None,
            last_day=period.last_day.isoformat() if period else None,
            wording=period.wording if period else "",
            reference=event.source,
        )


def _json(declaration: Question | Moratorium) -> str:
    return json.dumps(declaration.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
