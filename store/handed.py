"""Runs that were handed to workers: at most one out of each source, and none that never comes back is forgotten."""

import sqlite3
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """One run of one source that was handed to a worker. Instants are UTC text; `limit_s` in seconds."""

    job: str  # 32 random hex digits
    source_id: str
    slot: str
    handed_at: str
    lease_until: str
    limit_s: int
    memory: str  # SHA-256 of what the worker is told of the source
    state: str = "out"


_NAMES = ", ".join(field.name for field in fields(HandedOut))


def hand_out(conn: sqlite3.Connection, run: HandedOut) -> bool:
    """Note a run as out; False where one of its source is out already. Runs in the caller's transaction."""
    if out(conn, run.source_id):
        return False
    values = [getattr(run, field.name) for field in fields(HandedOut)]
    conn.execute(f"insert into handed_out ({_NAMES}) values ({', '.join('?' for _ in values)})", values)
    return True


def out(conn: sqlite3.Connection, source_id: str) -> HandedOut | None:
    """The run of a source that is out now."""
    row = conn.execute(f"select {_NAMES} from handed_out where source_id = ? and state = 'out'", [source_id]).fetchone()
    return HandedOut(**row) if row else None


def all_out(conn: sqlite3.Connection) -> list[HandedOut]:
    """Every run that is out, the oldest first."""
    return [
        HandedOut(**row) for row in conn.execute(f"select {_NAMES} from handed_out where state = 'out' order by id")
    ]


def by_job(conn: sqlite3.Connection, job: str) -> HandedOut | None:
    """The run of this job, whatever became of it; None where no such job was ever handed out."""
    row = conn.execute(f"select {_NAMES} from handed_out where job = ?", [job]).fetchone()
    return HandedOut(**row) if row else None


def end(
    conn: sqlite3.Connection, job: str, state: str, *, at: str, message: str = "", shipment: str | None = None
) -> None:
    """Close a run that was out: ingested, refused, lost (it never came back) or unsent (it never left)."""
    conn.execute(
        "update handed_out set state = ?, ended_at = ?, message = ?, shipment = ? where job = ? and state = 'out'",
        [state, at, message, shipment, job],
    )


def memory_in_use(conn: sqlite3.Connection, digest: str) -> bool:
    """Whether a run that is out still needs this memory."""
    return conn.execute("select 1 from handed_out where memory = ? and state = 'out'", [digest]).fetchone() is not None


def share(conn: sqlite3.Connection, warc_file: str, digest: str, *, at: str) -> None:
    """Note that workers can read an archive file in the shared store."""
    conn.execute(
        "insert into shared_files values (?, ?, ?) on conflict (warc_file) do nothing", [warc_file, digest, at]
    )


def refuse(conn: sqlite3.Connection, name: str, digest: str, why: str, *, at: str) -> None:
    """Note a shipment that could not be believed; the same one again adds nothing."""
    conn.execute(
        """insert into refused_shipments (name, sha256, why, refused_at) values (?, ?, ?, ?)
           on conflict (name, sha256) do nothing""",
        [name, digest, why, at],
    )
