"""What is due, and doing it: one slot of one source at a time, in a child process with a time limit.

The schedule and cron's `coi crawl --due` share all of this, so that either can replace the other.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filelock import FileLock, Timeout

from crawler.cadence import (
    AHEAD,
    SLOT,
    Cadence,
    cadence_of,
    due_at,
    is_open,
    limit_s,
    slot_at,
    slot_name,
    slots_between,
)
from crawler.health import RunResult, Status
from crawler.run import CrawlDied, Told, crawl
from crawler.shapes import Shape
from crawler.source import Source
from crawler.states import span
from crawler.watchdog import missing, record_outcome
from store import runs
from store.clock import instant
from store.db import connect, connect_readonly, writing
from store.errors import ForPeople
from store.home import Home

AT_ONCE = 4  # crawls at a time; two of one host wait for each other (crawler.alone)


class AlreadyScheduled(ForPeople, RuntimeError):
    """Another process schedules this home."""


class WrongSetting(ForPeople, ValueError):
    """An environment variable cannot be used as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When one source is asked next, and how often in the time looked at. Instants are aware, UTC."""

    source: Source
    cadence: Cadence
    next_at: datetime
    runs: tuple[datetime, ...]  # every slot of the time looked at, a missed one that is caught up included
    is_due: bool
    is_open: bool
    needs: str  # what an operator must set first, and how to get it; '' where nothing is missing


def at_once() -> int:
    """How many crawls run at a time: $COI_AT_ONCE, else AT_ONCE. WrongSetting where it is no number from 1 to 64."""
    said = os.environ.get("COI_AT_ONCE", "").strip()
    if not said:
        return AT_ONCE
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:4]) <= 64):
        raise WrongSetting(f"COI_AT_ONCE is {said!r}; set it to a number of crawls from 1 to 64, or unset it")
    return int(said)


@contextmanager
def scheduling(home: Home) -> Iterator[None]:
    """Be the one process that decides what is due in this home. Raises AlreadyScheduled where another is."""
    home.create()
    lock = FileLock(home.path / "schedule.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AlreadyScheduled(f"another process already schedules {home.path}; stop it first") from error
    try:
        yield
    finally:
        lock.release()


def is_crawled(source: Source) -> bool:
    """Whether a source is collected from the live web on a schedule."""
    return source.shape is not Shape.MANUAL and source.every_s is not None and not is_example(source)


def is_example(source: Source) -> bool:
    """A source of the example archive lives on a host under .example, which does not exist on the live web."""
    return any(url.split("/")[2].split(":")[0].endswith(".example") for url in source.starts)


def last_starts(home: Home, now: datetime | None = None) -> dict[str, datetime]:
    """When the newest round of each source began that came to an end; empty where there is no database yet.

    Rounds later than `now` (else the present), by AHEAD, do not count: the clock was wrong when they ran.
    """
    if not home.database.exists():
        return {}
    conn = connect_readonly(home)
    try:
        found = runs.last_starts(conn, now=instant((now or datetime.now(UTC)) + AHEAD))
    except sqlite3.OperationalError:  # made by an older release; the next command that writes renews it
        found = {}
    finally:
        conn.close()
    return {source_id: datetime.fromisoformat(at) for source_id, at in found.items()}


def turns(home: Home, sources: Mapping[str, Source], now: datetime, *, hours: int = 24) -> list[Turn]:
    """When each crawled source is asked next, as seen from `now` and for so many hours; the earliest first."""
    last = last_starts(home, now)
    found = [_turn(source, last.get(source.id), now, hours) for source in sources.values() if is_crawled(source)]
    return sorted(found, key=lambda turn: (bool(turn.needs), turn.next_at, turn.source.id))


def _turn(source: Source, last: datetime | None, now: datetime, hours: int) -> Turn:
    cadence, needs = cadence_of(source), missing(source)
    next_at = due_at(cadence, last, now)
    end = now + timedelta(hours=hours)
    planned = (next_at, *slots_between(cadence, next_at, end)) if next_at <= end else ()
    return Turn(
        source=source,
        cadence=cadence,
        next_at=next_at,
        runs=() if needs else planned,
        is_due=next_at <= now and not needs,
        is_open=is_open(cadence, now),
        needs=f"set {needs.setting}: {needs.how}" if needs else "",
    )


def crawl_slot(
    home: Home,
    source: Source,
    *,
    now: datetime | None = None,
    tell: Told | None = None,
    stopping: threading.Event | None = None,
) -> RunResult:
    """Crawl the slot in which a source stands; a slot that was begun and not ended is taken up again.

    A run that has to be stopped at its time limit, or whose process dies, has failed: nobody else would say so. Not so
    while the schedule is `stopping`: then it was interrupted, and its slot stays open. Raises guard.Refused where
    nobody says who crawls, CrawlDied where nothing could be begun at all.
    """
    now = now or datetime.now(UTC)
    cadence = cadence_of(source)
    slot = _open_slot(home, source) or slot_name(slot_at(cadence, now))
    limit = limit_s(cadence)
    began = datetime.now(UTC)
    try:
        result = crawl(home, [source], slot=slot, now=instant(now), limit_s=limit, tell=tell)[0]
    except CrawlDied as error:
        told = stopping is not None and stopping.is_set()
        if closed := _closed(home, source, slot, Status.INTERRUPTED if told else Status.FAILED, str(error), now):
            return closed
        raise
    taken_s = (datetime.now(UTC) - began).total_seconds()
    if result.status is Status.INTERRUPTED and taken_s >= limit:
        why = (
            f"stopped after {span(limit)}, its time limit; what it found is kept, and the next run goes on from there. "
            f"See what is slow with 'coi sources check {source.id}'"
        )
        return _closed(home, source, slot, Status.FAILED, why, now) or result
    return result


def _open_slot(home: Home, source: Source) -> str | None:
    if not home.database.exists():
        return None
    conn = connect(home)
    try:
        return runs.open_slot(conn, source.id, SLOT)
    finally:
        conn.close()


def _closed(home: Home, source: Source, slot: str, status: Status, why: str, now: datetime) -> RunResult | None:
    """Close the run of this slot in its process's stead; None where no such run is open."""
    conn, at, message = connect(home), instant(now), f"{source.id}: {why}"
    try:
        with writing(conn):
            run_id = runs.open_run(conn, source.id, slot)
            if run_id is None:
                return None
            runs.finish(conn, run_id, runs.counted(conn, run_id), status.value, message, ended_at=at)
            record_outcome(conn, source, run_id, at=at)
    finally:
        conn.close()
    return RunResult(source_id=source.id, slot=slot, status=status, message=message)
