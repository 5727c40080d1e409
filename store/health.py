"""How sources are doing: their events (append-only), their condition as the runs tell it, the schedule's heartbeat."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime

HEARTBEAT = "schedule"  # key of the heartbeat among the settings
STEP = "step:"  # key of when a step was last done, before its name
STEPS = ("tag", "assess", "alerts")
DEAD_AFTER_S = 1800  # a schedule looks every ten minutes
CRON_LATE_AFTER_S = 86_400  # cron as often as somebody set it to


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEvent:
    """A change of state, a recovery, or a due run that did not happen. `kind`: run, late or setting."""

    source_id: str
    at: str
    kind: str
    before: str
    after: str
    message: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the events and rounds of a source say. Times in seconds since 1970; None where there is none."""

    state: str  # after the newest event; never_run without any
    failures: int  # failed rounds in a row, up to the newest
    first_run_s: float | None
    last_success_s: float | None
    last_success_before_s: float | None = None  # the success before the newest round, where that is one
    bad_since_s: float | None = None  # since when it has not been well


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When the schedule (or cron's `coi crawl --due`) last looked whether anything is due, and how often it does."""

    at: str
    by: str
    interval_s: int = 0  # between its last two looks; 0 at the first
    stopped_at: str | None = None  # it was told to stop, and did


def condition(conn: sqlite3.Connection, source_id: str) -> Condition:
    """The condition of a source by its rounds (live, scheduled or by hand; no replays, no single pages)."""
    event = conn.execute(
        "select after from source_events where source_id = ? order by id desc limit 1", [source_id]
    ).fetchone()
    ended = conn.execute(
        """select id, status, started_at, ended_at from rounds
           where source_id = ? and status in ('ok', 'partial', 'failed') order by id desc""",
        [source_id],
    )
    failures, good, first = 0, [], None
    for row in ended:
        first = row["started_at"]
        if row["status"] != "failed":
            good.append(row["ended_at"])
            if len(good) == 2:
                break
        elif not good:
            failures += 1
    began = conn.execute("select min(started_at) as at from rounds where source_id = ?", [source_id]).fetchone()["at"]
    return Condition(
        state=event["after"] if event else "never_run",
        failures=failures,
        first_run_s=_seconds(began or first),
        last_success_s=_seconds(good[0]) if good else None,
        last_success_before_s=_seconds(good[1]) if len(good) > 1 else None,
        bad_since_s=_seconds(_bad_since(conn, source_id)),
    )


def _bad_since(conn: sqlite3.Connection, source_id: str) -> str | None:
    """The instant of the first event since which the source has not been well."""
    row = conn.execute(
        """select min(at) as at from source_events where source_id = :id and after in ('suspect', 'failing', 'broken')
             and id > coalesce((select max(id) from source_events where source_id = :id
                                and after not in ('suspect', 'failing', 'broken')), 0)""",
        {"id": source_id},
    ).fetchone()
    return row["at"] if row else None


def keep_event(conn: sqlite3.Connection, event: SourceEvent) -> int:
    """Keep an event and return its id. Runs in the caller's transaction."""
    fields = asdict(event)
    found = conn.execute(
        f"insert into source_events ({', '.join(fields)}) values ({', '.join('?' for _ in fields)})",
        list(fields.values()),
    )
    return int(found.lastrowid or 0)


def heartbeat(conn: sqlite3.Connection) -> Heartbeat | None:
    """The newest heartbeat; None where nothing ever looked."""
    row = conn.execute("select value from settings where key = ?", [HEARTBEAT]).fetchone()
    return Heartbeat(**json.loads(row["value"])) if row else None


def beat(conn: sqlite3.Connection, *, at: str, by: str, stopped: bool = False) -> Heartbeat:
    """Say that the schedule lives (or that it stops as it was told). Runs in the caller's transaction."""
    last = heartbeat(conn)
    interval_s = 0
    if last and last.by == by and last.stopped_at is None and not stopped:
        interval_s = max(0, int((_seconds(at) or 0) - (_seconds(last.at) or 0)))
    now = Heartbeat(at=at, by=by, interval_s=interval_s, stopped_at=at if stopped else None)
    conn.execute(
        "insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
        [HEARTBEAT, json.dumps(asdict(now))],
    )
    return now


def silence(beat: Heartbeat | None, now: datetime) -> tuple[str, float | None]:
    """How the schedule is (never, stopped, alive, dead), and the seconds since it last looked (None: never).

    Cron counts as dead after a day, or two of its own intervals where these are longer.
    """
    if beat is None:
        return "never", None
    age_s = (now - datetime.fromisoformat(beat.at)).total_seconds()
    if beat.stopped_at is not None:
        return "stopped", age_s
    allowed_s = max(CRON_LATE_AFTER_S, 2 * beat.interval_s) if "--due" in beat.by else DEAD_AFTER_S
    return ("dead" if age_s > allowed_s else "alive"), age_s


def note_step(conn: sqlite3.Connection, step: str, *, at: str) -> None:
    """Keep when a step (tag, assess, alerts ...) was last done to its end. Runs in the caller's transaction."""
    conn.execute(
        "insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
        [STEP + step, at],
    )


def steps(conn: sqlite3.Connection) -> dict[str, str]:
    """When each step was last done to its end (instant); a step that never was is not in it."""
    rows = conn.execute("select key, value from settings where substr(key, 1, ?) = ?", [len(STEP), STEP])
    return {row[0].removeprefix(STEP): row[1] for row in rows}


def _seconds(at: str | None) -> float | None:
    return datetime.fromisoformat(at).timestamp() if at else None
