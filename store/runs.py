"""Runs: one row for each (source, slot). A run that was killed is taken over, never counted as done."""

import sqlite3
from dataclasses import asdict

from store.model import RunCounts

REPLAY = "replay:"


def start(conn: sqlite3.Connection, source_id: str, slot: str, *, origin: str, started_at: str) -> int | None:
    """Open the run of this slot and return its id; None where the slot has already ended.

    A row left 'running' or 'interrupted' by a killed process is taken over. The slot 'replay:<instant>' belongs to the
    moment at which an archive's pages were fetched; any other slot belongs to the moment it starts.
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
        "update runs set status = 'running', ended_at = null, started_at = ?, message = '' where id = ?",
        [started_at, row["id"]],
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
