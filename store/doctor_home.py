"""`coi doctor` on a home: the database, the clock against what is recorded, steps, backups, logs."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from statistics import median
from urllib.parse import urlsplit

from store import health, operating
from store.archive_read import BytesLost, inside, read_record
from store.db import connect_readonly
from store.doctor import Finding, Level, found, size
from store.doctor_rights import locks, rights
from store.errors import ForPeople
from store.home import HalfRestored, Home

QUICK_BYTES = 200 * 1024**2  # a larger database is checked with --deep only
WAL_BYTES = 256 * 1024**2
AHEAD_S = 300  # rows later than that were made by a clock that was wrong
SKEW_S = 60
CAPTURES = 12
BACKUPS = "COI_BACKUPS"
BACKUP_LATE_S = 26 * 3600
NEWEST = {"runs": "started_at", "captures": "recorded_at", "alerts": "raised_at", "verdicts": "computed_at"}


def of_home(home: Home, now: datetime, *, deep: bool = False) -> Iterator[Finding]:
    """Everything that a home shows by itself."""
    try:
        home.refuse_half_restored()
    except HalfRestored as error:
        yield found("home", f"{home.path} is not there", str(error), level=Level.NOW)
        return
    if not home.path.is_dir():
        yield found("home", f"{home.path} does not exist", "set COI_HOME, or make it with 'coi demo' or 'coi crawl'")
        return
    yield from rights(home)
    yield from locks(home, now)
    try:
        conn = connect_readonly(home)
    except (ForPeople, sqlite3.Error) as error:
        yield found("database", f"{home.database}: cannot be opened", str(error), level=Level.NOW)
        return
    try:
        conn.execute("pragma busy_timeout = 5000")
        live = operating.ran_live(conn)
        for part in (_database(conn, home, deep), _clock(conn, home, now), _steps(conn, now, live)):
            yield from part
        yield from _backups(home, now, live)
    except sqlite3.Error as error:
        yield found(
            "database",
            f"{home.database}: {error}",
            "free disk space, end the program that holds it, or restore a backup; 'coi verify' says what does not hold",
            level=Level.NOW,
        )
    finally:
        conn.close()


def _database(conn: sqlite3.Connection, home: Home, deep: bool) -> Iterator[Finding]:
    sizes = operating.sizes(home)
    pending = operating.schema_pending(conn)
    yield found(
        "database.schema",
        "current" if not pending else f"lacks {', '.join(pending)}",
        "run any command that writes, e.g. 'coi assess': it brings the database up to date" if pending else "",
    )
    journal = conn.execute("pragma journal_mode").fetchone()[0]
    yield found(
        "database.journal",
        journal if journal == "wal" else f"journal mode {journal} instead of wal: readers wait for writers",
        ""
        if journal == "wal"
        else "run 'coi assess' once, which sets it; do not keep the home on a network file system",
    )
    wal = sizes["wal"]
    yield found(
        "database.wal",
        size(wal),
        "a program holds an old state of the database open: end long queries and old sites, then run 'coi assess'"
        if wal > WAL_BYTES
        else "",
    )
    if sizes["database"] > QUICK_BYTES and not deep:
        yield found(
            "database.whole", f"{size(sizes['database'])}: not checked; 'coi doctor --deep' does", level=Level.NOTE
        )
        return
    said = conn.execute("pragma quick_check(1)").fetchone()[0]
    well = said == "ok"
    yield found(
        "database.whole",
        f"{size(sizes['database'])}: {said}",
        "" if well else "stop all, keep a copy, restore the newest backup",
        level=None if well else Level.NOW,
    )


def _clock(conn: sqlite3.Connection, home: Home, now: datetime) -> Iterator[Finding]:
    newest = {}
    for table, column in NEWEST.items():
        row = conn.execute(f"select {column} from {table} order by id desc limit 1").fetchone()
        if row and row[0]:
            newest[table] = row[0]
    ahead = {table: at for table, at in newest.items() if (datetime.fromisoformat(at) - now).total_seconds() > AHEAD_S}
    if ahead:
        table, at = max(ahead.items(), key=lambda pair: pair[1])
        yield found(
            "clock.rows",
            f"{table} holds {at}, later than now ({now:%Y-%m-%dT%H:%M:%SZ})",
            "this clock is behind, or was ahead when that was written: correct it (NTP) before anything else runs",
            level=Level.NOW,
        )
    else:
        yield found("clock.rows", f"nothing is recorded later than now; newest {max(newest.values(), default='none')}")
    skews = _skews(conn, home)
    if len(skews) >= 3:
        by = median(skews)
        yield found(
            "clock.skew",
            f"{by:+.0f} s against the Date of {len(skews)} publishers' latest answers",
            "" if abs(by) <= SKEW_S else "correct this machine's clock (NTP)",
        )


def _skews(conn: sqlite3.Connection, home: Home) -> list[float]:
    """Our instant less the publisher's, of the latest captures from the network, one a host, in seconds.

    An answer out of a cache tells its age. One second is the grain of both.
    """
    run = conn.execute("select min(started_at) as at from (select * from rounds order by id desc limit 20)").fetchone()
    rows = conn.execute(
        "select url, fetched_at, warc_file, warc_offset from captures where fetched_at >= ? "
        "order by fetched_at desc limit 200",
        [run["at"] or "9999"],
    )
    found_: dict[str, float] = {}
    for row in rows:
        host = urlsplit(row["url"]).hostname or ""
        if host in found_ or len(found_) >= CAPTURES:
            continue
        try:
            record = read_record(inside(home.archive, row["warc_file"]), row["warc_offset"])
            said = {name.lower(): value for name, value in record.headers}
            theirs = parsedate_to_datetime(said["date"]).timestamp() + float(said.get("age", "0"))
        except (BytesLost, KeyError, ValueError, TypeError, OSError):
            continue
        found_[host] = datetime.fromisoformat(row["fetched_at"]).timestamp() - theirs
    return list(found_.values())


def _steps(conn: sqlite3.Connection, now: datetime, live: bool) -> Iterator[Finding]:
    beat = health.heartbeat(conn)
    state, _ = health.silence(beat, now)
    said = f"{state}{f', last look {beat.at} by {beat.by}' if beat else ''}"
    if state == "dead":
        yield found(
            "schedule",
            said,
            "start it again: systemctl start coi-schedule, or 'coi schedule', or cron; what was due is caught up once",
            level=Level.NOW,
        )
    elif state == "stopped":
        yield found("schedule", said, "nothing is crawled until 'coi schedule' runs again")
    elif state == "never":
        yield found(
            "schedule",
            "neither a schedule nor cron ever ran on this home: what is due is not crawled, nobody is told in time",
            "start one: systemctl start coi-schedule, or 'coi schedule', or 'coi update' by cron",
            level=_asked(live),
        )
    else:
        yield found("schedule", said)
    done = health.steps(conn)
    crawled = operating.last_crawl(conn)
    yield found("last.crawl", crawled or "never, from the live web", level=None if crawled else Level.NOTE)
    for step in health.STEPS:
        yield found(f"last.{step}", done.get(step, "never"), level=None if step in done else Level.NOTE)
    standing, _ = operating.assess_standing(conn, now)
    if standing == "stale":
        yield found(
            "assess",
            "verdicts are older than what came in, or than a day",
            "run 'coi assess'; see that the schedule or cron does so",
        )
    stuck = conn.execute(
        "select count(*) from runs where status = 'running' and started_at < strftime("
        "'%Y-%m-%dT%H:%M:%SZ', ?, '-7 hours')",
        [now.isoformat()],
    ).fetchone()[0]
    if stuck:
        yield found(
            "runs.open",
            f"{stuck} runs began more than seven hours ago and never ended",
            "the schedule or 'coi crawl --due' closes them at its next look",
        )


def _asked(live: bool) -> Level:
    """How much matters what a home in use must have and one that was only tried need not."""
    return Level.TODO if live else Level.NOTE


def _backups(home: Home, now: datetime, live: bool) -> Iterator[Finding]:
    folder = os.environ.get(BACKUPS, "").strip()
    if not folder:
        yield found(
            "backup",
            f"{BACKUPS} is not set here, so nobody can say whether one was ever made",
            "run 'coi backup FOLDER' each night, and set it to that folder; if the service has it set, run this with "
            "the environment of the service",
            level=_asked(live),
        )
        return
    last = operating.last_backup()
    if last is None:
        yield found(
            "backup", f"{folder} holds none", f"run 'coi backup {folder}'; deploy/coi-backup.timer does nightly"
        )
        return
    age_s = (now - datetime.fromisoformat(last).astimezone(UTC)).total_seconds()
    yield found(
        "backup",
        f"{last} in {folder}",
        ""
        if age_s <= BACKUP_LATE_S
        else "the nightly backup did not run: journalctl -u coi-backup, then run 'coi backup'",
    )
