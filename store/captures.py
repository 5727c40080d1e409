"""The index of the archive: one row for each stored response. Rows are added, never changed."""

import sqlite3
from dataclasses import fields

from store.model import Capture

COLUMNS = tuple(field.name for field in fields(Capture))
_NAMES = ", ".join(COLUMNS)


def record(conn: sqlite3.Connection, capture: Capture, *, recorded_at: str) -> int:
    """Index one WARC record and return its id; the same (file, offset) again returns the same id.

    Call it only after the record's bytes are on disk.
    """
    marks = ", ".join("?" for _ in COLUMNS)
    conn.execute(
        f"""insert into captures ({_NAMES}, recorded_at) values ({marks}, ?)
            on conflict (warc_file, warc_offset) do nothing""",
        [*(getattr(capture, name) for name in COLUMNS), max(recorded_at, capture.fetched_at)],
    )
    row = conn.execute(
        "select id from captures where warc_file = ? and warc_offset = ?", [capture.warc_file, capture.warc_offset]
    ).fetchone()
    return int(row["id"])


def latest(conn: sqlite3.Connection, url: str, *, at: str | None = None) -> tuple[int, Capture] | None:
    """Return the newest capture of a URL fetched at or before an instant (None: the newest of all)."""
    row = conn.execute(
        f"""select id, {_NAMES} from captures where url = ? and (? is null or fetched_at <= ?)
            order by fetched_at desc, id desc limit 1""",
        [url, at, at],
    ).fetchone()
    return (row["id"], _capture(row)) if row else None


def get(conn: sqlite3.Connection, capture_id: int) -> Capture:
    """Return one capture; KeyError names an id that does not exist."""
    row = conn.execute(f"select {_NAMES} from captures where id = ?", [capture_id]).fetchone()
    if row is None:
        raise KeyError(f"no capture {capture_id}")
    return _capture(row)


def held(conn: sqlite3.Connection, url: str, fetched_at: str, digest: str) -> int | None:
    """Return the id of the capture with this URL, instant and body, where it is already held."""
    row = conn.execute(
        "select id from captures where url = ? and fetched_at = ? and sha256 = ?", [url, fetched_at, digest]
    ).fetchone()
    return int(row["id"]) if row else None


def _capture(row: sqlite3.Row) -> Capture:
    return Capture(**{name: row[name] for name in COLUMNS})
