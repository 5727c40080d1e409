"""Who watches the sources: what a round makes of its source, what was due and did not happen, what is overdue.

`record_outcome` is called when a run closes; `look` by the schedule every ten minutes and by `coi crawl --due`.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.cadence import LONGEST_RUN_S, cadence_of, is_open, limit_s, next_slot
from crawler.expected import DECLARATION, Expected
from crawler.source import Needs, Source
from crawler.states import Change, Ran, after_missing, after_run, after_setting, is_late, span
from store import expected, health, runs, sources
from store.clock import instant
from store.health import Heartbeat, SourceEvent

LOOK_EVERY_S = 600
DEAD_AFTER_S = 3 * LOOK_EVERY_S  # three looks missed are no busy machine
CRON = "coi crawl --due"  # who looks as often as cron lets it, so a gap says nothing
SETTLE_S = 2 * 3600
SLACK_S = 15 * 60  # a run that is told to stop at its limit has ended by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look found, in sentences for people; and the heartbeat it left."""

    messages: tuple[str, ...]
    heartbeat: Heartbeat


def missing(source: Source) -> Needs | None:
    """What an operator must still set before this source can be crawled; None where nothing is missing."""
    return source.needs if source.needs and not os.environ.get(source.needs.setting, "").strip() else None


def record_outcome(conn: sqlite3.Connection, source: Source, run_id: int, *, at: str) -> SourceEvent | None:
    """Keep what a run that has just closed makes of its source; None where there is nothing new to tell.

    Replays of archives, single pages and runs that were stopped say nothing about a source. Runs in the caller's
    transaction, after store.runs.finish.
    """
    row = conn.execute("select status, message, failed from rounds where id = ?", [run_id]).fetchone()
    if row is None or row["status"] not in ("ok", "partial", "failed") or source.every_s is None:
        return None
    change = after_run(
        health.condition(conn, source.id),
        Ran(success=row["status"] != "failed", lost=row["failed"], message=row["message"]),
        every_s=source.every_s,
        optional=source.optional,
        now_s=datetime.fromisoformat(at).timestamp(),
    )
    return _keep(conn, source.id, change, kind="run", at=at, run_id=run_id) if change else None


def look(
    conn: sqlite3.Connection,
    crawled: Mapping[str, Source],
    awaited: Iterable[Expected],
    *,
    now: datetime,
    by: str,
) -> Seen:
    """Look once: which source is not configured, which due run did not happen, which publication is overdue.

    Keeps an event for each, says that somebody looked (the heartbeat), and brings the declared sources and
    expectations into the store, so that also what never ran is seen. Runs in the caller's transaction.
    """
    at = instant(now)
    sources.sync(conn, [source.card for source in crawled.values()], declared_at=at)
    runs.interrupt_dead(conn, begun_before=instant(now - timedelta(seconds=LONGEST_RUN_S + SLACK_S)), at=at)
    expected.declare(conn, [one.expectation for one in awaited], actor=DECLARATION, at=at)
    gap = _gap(health.heartbeat(conn), now)
    alive = health.beat(conn, at=at, by=by)
    events = [event for source in crawled.values() if (event := _setting(conn, source, at))]
    known = {row["id"]: row["declared_at"] for row in conn.execute("select id, declared_at from sources")}
    for source in crawled.values():
        if missing(source) is None and (event := _late(conn, source, known[source.id], now, alive.interval_s)):
            events.append(event)
    said = [gap] if gap else []
    said += [f"{event.source_id}: {event.message}" for event in events]
    said += expected.keep_changes(conn, expected.standings(conn, now.date()), at=at)
    return Seen(messages=tuple(said), heartbeat=alive)


def _gap(last: Heartbeat | None, now: datetime) -> str:
    """Say that the schedule was dead: its last heartbeat is old, and it was not told to stop; '' where it was not."""
    if last is None or last.stopped_at or last.by == CRON:
        return ""
    gap_s = (now - datetime.fromisoformat(last.at)).total_seconds()
    if gap_s <= DEAD_AFTER_S:
        return ""
    return (
        f"the schedule was dead for {span(gap_s)}, since {last.at} (killed, or the machine was off or asleep); "
        "what was due then is caught up once"
    )


def _setting(conn: sqlite3.Connection, source: Source, at: str) -> SourceEvent | None:
    """Tell once that a source waits for a setting, and once that it has it."""
    if source.needs is None:
        return None
    needs = missing(source)
    said = f"set {needs.setting}: {needs.how}" if needs else ""
    change = after_setting(health.condition(conn, source.id), missing=said)
    return _keep(conn, source.id, change, kind="setting", at=at) if change else None


def _late(
    conn: sqlite3.Connection, source: Source, declared_at: str, now: datetime, rhythm_s: int
) -> SourceEvent | None:
    """Tell once that a due run did not happen; `rhythm_s` is how often anybody looks (cron may be slow)."""
    since = _known_since(conn, source, declared_at, now)
    said = _unknown(conn, source) if since is None else _missed(source, datetime.fromisoformat(since), now, rhythm_s)
    if not said or _told(conn, source.id, since or "", now):
        return None
    change = after_missing(health.condition(conn, source.id), said)
    return _keep(conn, source.id, change, kind="late", at=instant(now))


def _known_since(conn: sqlite3.Connection, source: Source, declared_at: str, now: datetime) -> str | None:
    """From when on the next run is awaited: the newest round that ended or can still run, else the declaration.

    None where all of these are later than now: the clock was wrong, and nobody knows. A run that is killed and taken up
    again and again counts only until its first beginning is longer ago than a run may take.
    """
    began = now - timedelta(seconds=limit_s(cadence_of(source)) + SLACK_S)
    found = runs.last_begun(conn, source.id, now=instant(now), running_since=instant(began))
    return found or (declared_at if declared_at <= instant(now) else None)


def _missed(source: Source, since: datetime, now: datetime, rhythm_s: int) -> str:
    """That the run due after an instant did not happen, in words; '' where it still may."""
    cadence = cadence_of(source)
    due = next_slot(cadence, since)
    allowed_s = max(cadence.every_s, rhythm_s)
    if not is_late(due_s=due.timestamp(), now_s=now.timestamp(), allowed_s=allowed_s):
        return ""
    settle = timedelta(seconds=min(allowed_s, SETTLE_S))  # what waited for the window needs a turn in it first
    if not (is_open(cadence, now) and is_open(cadence, now - settle)):
        return ""
    return (
        f"the run due at {instant(due)} did not happen (expected every {source.often}), or never came to its end; see "
        "whether 'coi schedule' or cron runs 'coi update' as often as that, then logs/crawl.log"
    )


def _unknown(conn: sqlite3.Connection, source: Source) -> str:
    """That nobody knows when a source last ran, in words."""
    newest = conn.execute("select max(moment) as at from rounds where source_id = ?", [source.id]).fetchone()["at"]
    what = f"its newest run is dated {newest}" if newest else "it was declared at an instant"
    return (
        f"{what}, later than now: the clock of this machine was wrong, so nobody knows when it last ran; it counts as "
        "due. Correct the clock (NTP) if it is wrong still"
    )


def _told(conn: sqlite3.Connection, source_id: str, since: str, now: datetime) -> bool:
    """Whether that was told since an instant; what a wrong clock told later than now does not count."""
    row = conn.execute(
        "select 1 from source_events where source_id = ? and kind = 'late' and at > ? and at <= ? limit 1",
        [source_id, since, instant(now)],
    ).fetchone()
    return row is not None


def _keep(
    conn: sqlite3.Connection, source_id: str, change: Change, *, kind: str, at: str, run_id: int | None = None
) -> SourceEvent:
    event = SourceEvent(
        source_id=source_id,
        at=at,
        kind=kind,
        before=change.before,
        after=change.after,
        message=change.message,
        run_id=run_id,
    )
    health.keep_event(conn, event)
    return event
