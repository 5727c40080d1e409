"""Figures of a running installation, for the health page, the metrics and `coi doctor`: small reads by index.

Nothing here is secret but what `Figures` names sources and moratoria by; who may see it is decided where it is shown.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from store import health, schema
from store.clock import instant
from store.home import Home

STALE_AFTER_S = 26 * 3600  # once a day, and two hours for a day that takes longer
WAITING_AFTER_S = 2 * 3600  # what a crawl brought is judged right after it
LOW_SHARE, LOW_BYTES = 0.05, 1024**3  # free space below which an operator must act
FULL_BYTES = 64 * 1024**2  # below it a decision could be refused by the disk
LAPSE_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One source as its events and runs say it."""

    id: str
    state: str
    last_success_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A half of a moratorium that runs; its last day is inclusive."""

    moratorium: str
    half: str
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that is measured at one instant. Times are instants; counts are of rows."""

    sources: tuple[SourceState, ...]
    runs_last_day: Mapping[str, int]  # by status
    halves: tuple[Half, ...]
    verdicts: Mapping[tuple[str, str], int]  # by reading and effective status
    lapsing: Mapping[str, int]  # by reading: statuses above insufficient that fall within LAPSE_DAYS
    outbox_waiting: int  # in no letter yet
    letters: Mapping[str, int]  # by state: waiting, claimed, sent, failed, dead, retry
    alerts_open: int  # that ask to be acknowledged and are not
    proposals_open: int
    rows: Mapping[str, int]  # by table, of those whose number grows: the newest row's number
    schedule: str
    heartbeat_age_s: float | None
    steps: Mapping[str, str]
    last_crawl_at: str | None


def figures(conn: sqlite3.Connection, now: datetime) -> Figures:
    """Read them all. Costs some tens of milliseconds with 36,000 questions: whoever asks often keeps them a while."""
    schedule, age_s = health.silence(health.heartbeat(conn), now)
    verdicts, lapsing = _verdicts(conn, now.date())
    return Figures(
        sources=tuple(
            SourceState(id=row["id"], state=row["state"], last_success_at=row["last_success_at"])
            for row in conn.execute("select id, state, last_success_at from source_health order by id")
        ),
        runs_last_day=_runs(conn, instant(now - timedelta(days=1))),
        halves=running_halves(conn, now.date()),
        verdicts=verdicts,
        lapsing=lapsing,
        outbox_waiting=_one(
            conn, "select count(*) from outbox o where not exists (select 1 from letter_alerts where outbox_id = o.id)"
        ),
        letters=dict(conn.execute("select state, count(*) from letter_states group by 1").fetchall()),
        alerts_open=_one(conn, "select count(*) from unacknowledged_alerts"),
        proposals_open=_one(conn, "select count(*) from open_moratorium_proposals"),
        rows={
            table: _one(conn, f"select coalesce(max(id), 0) from {table}")
            for table in ("captures", "documents", "passages", "evidence", "verdicts", "runs", "alerts", "audit")
        },
        schedule=schedule,
        heartbeat_age_s=age_s,
        steps=health.steps(conn),
        last_crawl_at=last_crawl(conn),
    )  # fmt: skip


def _one(conn: sqlite3.Connection, sql: str) -> int:
    return int(conn.execute(sql).fetchone()[0])


def ran_live(conn: sqlite3.Connection) -> bool:
    """Whether anything was ever crawled from the live web: then somebody relies on this home, and it is no trial."""
    return conn.execute("select 1 from rounds limit 1").fetchone() is not None


def last_crawl(conn: sqlite3.Connection) -> str | None:
    """When the newest live round ended; None where none did."""
    row = conn.execute("select ended_at from rounds where ended_at is not null order by id desc limit 1").fetchone()
    return row["ended_at"] if row else None


def _runs(conn: sqlite3.Connection, since: str) -> dict[str, int]:
    """How the runs of a day ended, from the newest row back to the first that is older and has ended."""
    found: dict[str, int] = {}
    for row in conn.execute("select status, started_at from runs order by id desc limit 100000"):
        if row["started_at"] < since and row["status"] != "running":
            break
        found[row["status"]] = found.get(row["status"], 0) + 1
    return found


def running_halves(conn: sqlite3.Connection, day: date) -> tuple[Half, ...]:
    """The halves of moratoria that have not ended by a day, the nearest end first."""
    rows = conn.execute(
        "select id, half, last_day from moratorium_status where ended is null and last_day >= ? order by last_day, id",
        [day.isoformat()],
    )
    return tuple(
        Half(moratorium=row["id"], half=row["half"], days_left=(date.fromisoformat(row["last_day"]) - day).days)
        for row in rows
    )


def _verdicts(conn: sqlite3.Connection, day: date) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Questions by reading and effective status, and those that fall soon: one look into the index for each question,
    however long their history is (the view current_verdicts asks every verdict ever made).
    """
    counts: dict[tuple[str, str], int] = {}
    lapsing: dict[str, int] = {}
    for row in conn.execute(
        """select v.reading, v.effective, count(*) as number, total(v.effective <> 'insufficient'
             and v.falls_on between :day and :until) as lapsing
           from (select distinct country, id from questions where group_id is not null) q
           cross join (select 'reviewed' as reading union all select 'provisional') r
           cross join verdicts v on v.id = (
             select w.id from verdicts w where w.country = q.country and w.question_id = q.id and w.basis = 'held'
               and w.reading = r.reading and w.as_of <= :day order by w.as_of desc, w.id desc limit 1)
           group by 1, 2""",
        {"day": day.isoformat(), "until": (day + timedelta(days=LAPSE_DAYS)).isoformat()},
    ):
        counts[row["reading"], row["effective"]] = row["number"]
        lapsing[row["reading"]] = lapsing.get(row["reading"], 0) + int(row["lapsing"])
    return counts, lapsing


def last_backup() -> str | None:
    """When the newest backup in the folder $COI_BACKUPS was made (instant); None where there is none, or no folder."""
    folder = os.environ.get("COI_BACKUPS", "").strip()
    made = []
    for file in Path(folder).glob("[0-9]*/manifest.json") if folder else ():
        try:
            made.append(instant(datetime.fromisoformat(json.loads(file.read_text("utf-8"))["made_at"])))
        except (OSError, ValueError, KeyError, TypeError):  # half made, or of something else
            continue
    return max(made, default=None)


def sizes(home: Home) -> dict[str, int]:
    """Bytes of the database, its write-ahead log, the archive, the logs."""
    return {
        "database": _bytes(home.database),
        "wal": _bytes(Path(f"{home.database}-wal")),
        "archive": folder_bytes(str(home.archive)),
        "logs": folder_bytes(str(home.logs)),
    }


def folder_bytes(path: str) -> int:
    """Bytes of the files in a folder (not below it); 0 where there is none."""
    try:
        with os.scandir(path) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries if entry.is_file())
    except OSError:
        return 0


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def schema_pending(conn: sqlite3.Connection) -> list[str]:
    """Steps of the schema that this database lacks, or 'views' where its views are not this release's; empty: none."""
    found = [step.name for step in schema.schema.pending(Database(conn))]
    return found or ([] if schema.views_are_current(conn) else ["views"])


def disk_standing(home: Home) -> tuple[str, int, int]:
    """Free space of the home as ok, low or full; free and all bytes."""
    usage = shutil.disk_usage(home.path)
    if usage.free < FULL_BYTES:
        return "full", usage.free, usage.total
    return ("low" if usage.free < min(LOW_BYTES, LOW_SHARE * usage.total) else "ok"), usage.free, usage.total


def assess_standing(conn: sqlite3.Connection, now: datetime) -> tuple[str, float | None]:
    """Whether the verdicts follow what came in (ok, stale, never), and the seconds since they were last made.

    Stale: a day without, or a crawl that brought something two hours ago and was not judged since.
    """
    last = health.steps(conn).get("assess")
    if last is None:
        return "never", None
    age_s = (now - datetime.fromisoformat(last)).total_seconds()
    brought = conn.execute(
        """select 1 from (select * from runs order by id desc limit 500) where new + changed > 0 and ended_at > ?
             and ended_at < ?""",
        [last, instant(now - timedelta(seconds=WAITING_AFTER_S))],
    ).fetchone()
    return ("stale" if age_s > STALE_AFTER_S or brought else "ok"), age_s
