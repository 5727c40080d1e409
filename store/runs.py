"""Runs: one row for each (source, slot). A run that was killed is taken over, never counted as done."""

import sqlite3
from dataclasses import asdict, fields

from store.model import RunCounts

REPLAY = "replay:"


def start(conn: sqlite3.Connection, source_id: str, slot: str, *, origin: str, started_at: str) -> int | None:
    """Open the run of this slot and return its id; None where the slot has already ended.

    A row left 'running' or 'interrupted' by a killed process is taken over: its moment moves, but a live run keeps when
    it first began, so that one which never ends grows old. The slot 'replay:<instant>' belongs to the moment at which
    an archive's pages were fetched; any other slot belongs to the moment it starts.
    """
    row = conn.execute("select id, status from runs where source_id = ? and slot = ?", [source_id, slot]).fetchone()
    if row is None:
        found = conn.execute(
            "insert into runs (source_id, slot, origin, moment, started_at) values (?, ?, ?, ?, ?)",
            [source_id, slot, origin, slot.removeprefix(REPLAY) if slot.startswith(REPLAY) else started_at, started_at],
        )
        return int(found.lastrowid or 0)
    if row["status"] not in ("running", "interrupted"):
        return None
    conn.execute(
        """update runs set status = 'running', ended_at = null, message = '',
             started_at = case when origin = 'network' then min(started_at, :at) else :at end,
             moment = case when origin = 'network' then :at else moment end where id = :id""",
        {"at": started_at, "id": row["id"]},
    )
    return int(row["id"])


def problem(conn: sqlite3.Connection, run_id: int, url: str, what: str, remedy: str, *, seen_at: str) -> None:
    """Record one thing that went wrong in a run, with what to do about it."""
    conn.execute(
        "insert into run_problems (run_id, url, problem, remedy, seen_at) values (?, ?, ?, ?, ?)",
        [run_id, url, what, remedy, seen_at],
    )


def finish(
    conn: sqlite3.Connection, run_id: int, counts: RunCounts, status: str, message: str, *, ended_at: str
) -> None:
    """Close a run with what it found; status is ok, partial, failed or interrupted."""
    sets = ", ".join(f"{name} = ?" for name in asdict(counts))
    conn.execute(
        f"update runs set {sets}, status = ?, message = ?, ended_at = max(?, started_at) where id = ?",
        [*asdict(counts).values(), status, message, ended_at, run_id],
    )


def last_starts(conn: sqlite3.Connection, *, now: str) -> dict[str, str]:
    """When the newest round of each source began that came to an end; one that was stopped half-way is due again.

    A round later than `now` (instant) was made by a wrong clock and does not count.
    """
    rows = conn.execute(
        """select source_id, max(moment) as at from rounds
           where status in ('ok', 'partial', 'failed') and moment <= ? group by 1""",
        [now],
    )
    return {row["source_id"]: row["at"] for row in rows}


def last_begun(conn: sqlite3.Connection, source_id: str, *, now: str, running_since: str) -> str | None:
    """When the newest round of a source began that has ended, or that runs and first began after `running_since`.

    None where there is none; what is later than `now` was made by a wrong clock and does not count.
    """
    row = conn.execute(
        """select max(case status when 'running' then started_at else moment end) as at from rounds
           where source_id = :id and (
             (status in ('ok', 'partial', 'failed') and moment <= :now)
             or (status = 'running' and started_at > :since and started_at <= :now))""",
        {"id": source_id, "now": now, "since": running_since},
    ).fetchone()
    return str(row["at"]) if row["at"] else None


def open_slot(conn: sqlite3.Connection, source_id: str, prefix: str) -> str | None:
    """The newest slot of a source, named with this prefix, that was begun and did not end; None where there is none."""
    row = conn.execute(
        """select slot from rounds where source_id = ? and status in ('running', 'interrupted')
             and substr(slot, 1, length(?)) = ? order by id desc limit 1""",
        [source_id, prefix, prefix],
    ).fetchone()
    return row["slot"] if row else None


def open_run(conn: sqlite3.Connection, source_id: str, slot: str) -> int | None:
    """The run of a slot that was begun and did not end; None where there is none."""
    row = conn.execute(
        "select id from runs where source_id = ? and slot = ? and status in ('running', 'interrupted')",
        [source_id, slot],
    ).fetchone()
    return row["id"] if row else None


def counted(conn: sqlite3.Connection, run_id: int) -> RunCounts:
    """What stands counted in the row of a run."""
    row = conn.execute("select * from runs where id = ?", [run_id]).fetchone()
    return RunCounts(**{field.name: row[field.name] for field in fields(RunCounts)})


def interrupt_dead(conn: sqlite3.Connection, *, begun_before: str, at: str) -> int:
    """Close the runs whose process cannot live any more, as they began so long ago; return how many."""
    return conn.execute(
        """update runs set status = 'interrupted', ended_at = max(?, started_at),
             message = source_id || ': its process ended before the run did; the next run takes up what is left'
           where status = 'running' and case origin when 'network' then moment else started_at end < ?""",
        [at, begun_before],
    ).rowcount
