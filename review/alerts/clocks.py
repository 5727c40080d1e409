"""The clocks that alerts look at: halves of moratoria, reviews by law, sign-offs that expire; and whose day it is."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import get_global

from review.alerts.model import Clock, Review
from review.deadline_period import HalfPeriod, period_of
from review.deadlines import review_due
from review.declarations import SHIPPED
from review.declared_regime import Months, Regime
from review.moratorium import declared_as, half_on, sound
from review.regime_rules import load_regimes
from review.working_days import iso_state
from store import alerts as kept
from store.db import home_of
from store.declared import stamps_of

HALVES = ("decisions", "departures")


def day_in(state: str | None, now: datetime) -> date:
    """Return the day it is in a state, in UTC where none is named. A deadline is a day there, not here."""
    return now.astimezone(zone_of(state)).date() if state else now.astimezone(UTC).date()


@lru_cache(maxsize=64)
def zone_of(state: str) -> ZoneInfo:
    """Return the time zone of a state: of several the easternmost, where the day begins first. UTC for one unknown."""
    zones = [name for name, place in get_global("zone_territories").items() if place == iso_state(state)]
    known = sorted(zones, key=lambda name: (_east(name), name))
    return ZoneInfo(known[-1]) if known else ZoneInfo("UTC")


def _east(name: str) -> float:
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(name)).utcoffset()
    return offset.total_seconds() if offset else 0.0


def clocks(conn: sqlite3.Connection, now: datetime) -> Iterator[Clock]:
    """Yield each half of each moratorium that has an end, as known on the day in its own state."""
    for row in sound(conn, kept.moratoria(conn)):
        day = day_in(row["state"], now)
        for half in HALVES:
            found = half_on(conn, row["id"], half, day)
            if found.ends_on is not None:
                yield Clock(
                    moratorium=row["id"],
                    title=row["title"],
                    title_nl=row["title_nl"],
                    state=row["state"],
                    country=row["country"],
                    half=half,
                    ends_on=found.ends_on,
                    confidence=found.confidence,
                    groups=tuple(json.loads(row["groups"])),
                    deciding=tuple(json.loads(row["deciding"])),
                )


def stale_of(conn: sqlite3.Connection, clock: Clock, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield (question, what, day) for deciding questions that are stale, or fall, on or before the half's last day."""
    for question in clock.deciding:
        row = kept.newest_verdict(conn, clock.country, question, "provisional", day=now.date().isoformat())
        if row is None:
            continue
        for what, on in (("stale", row["stale_on"]), ("falls", row["falls_on"])):
            if on and on <= clock.ends_on.isoformat():
                yield question, what, on
                break


def reviews(conn: sqlite3.Connection, now: datetime, declared: Path | None, *, past: bool = False) -> Iterator[Review]:
    """Yield the reviews to come: of every decision half that runs, by its regime (law §6); and sign-offs that expire.

    `past`: also the last review of a half that ended, where it was due before that end. `declared` is the operator's
    folder of declarations, whose regimes add to the shipped ones; a half whose regime is broken has no review here
    (review.refusals names it).
    """
    for row, day, half, due_on, rule in _duties(conn, now, declared):
        end = half.freeze.last_day if half.freeze else None
        if half.running or (past and end is not None and due_on <= end < day):
            yield Review(
                what="duty",
                id=row["id"],
                title=row["title"],
                title_nl=row["title_nl"],
                state=row["state"],
                country=row["country"],
                due_on=due_on,
                confirmed=rule.confirmed,
                groups=tuple(json.loads(row["groups"])),
                deciding=tuple(json.loads(row["deciding"])),
            )
    yield from _signoffs(conn)


def reviews_gone(conn: sqlite3.Connection, now: datetime) -> dict[str, date]:
    """The day of each review by law that was still to come when its half ended, by moratorium."""
    found = {}
    for row, day, half, due_on, _ in _duties(conn, now, home_of(conn).declared):
        end = half.freeze.last_day if half.freeze else None
        if not half.running and end is not None and end < day and end < due_on:
            found[row["id"]] = due_on
    return found


def _duties(
    conn: sqlite3.Connection, now: datetime, declared: Path | None
) -> Iterator[tuple[sqlite3.Row, date, HalfPeriod, date, Months]]:
    """Yield each moratorium with the day in its state, its decision half, and when the last review in it is due."""
    folders = (SHIPPED / "regimes", *([declared / "regimes"] if declared else []))
    regimes = _regimes(folders, stamps_of(folders))
    for row in sound(conn, kept.moratoria(conn)):
        day = day_in(row["state"], now)
        half = period_of(declared_as(row["id"], row["declaration"]), "decisions", day)
        regime = regimes.get(half.regime or "")
        if regime and half.last_review and (found := review_due(regime, half.last_review, half.last_review)):
            yield row, day, half, *found


@lru_cache(maxsize=4)
def _regimes(folders: tuple[Path, ...], stamps: tuple[tuple[Path, int], ...]) -> dict[str, Regime]:
    return load_regimes(folders, refused=[])


def _signoffs(conn: sqlite3.Connection) -> Iterator[Review]:
    for row in kept.expiring_signoffs(conn):
        yield Review(
            what="signoff",
            id=f"{row['country']}:{row['question_id']}:{row['id']}",
            title=row["wording"] or row["question_id"],
            title_nl=row["wording_nl"] or "",
            state=None,
            country=row["country"],
            due_on=date.fromisoformat(row["expires_on"]),
            confirmed=True,
            groups=(row["group_id"],) if row["group_id"] else (),
            deciding=(row["question_id"],),
        )
