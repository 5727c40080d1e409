"""When the place where decisions are kept last said that it lives: what a read replica tells its age by.

The pulse is a row of the database itself, so it comes to a replica on the way that everything else comes: a dead
writer and a dead replication both show as an age that grows.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from store.clock import utc_now
from store.db import connect, writing
from store.errors import ForPeople
from store.health import HEARTBEAT
from store.home import Home

KEY = "pulse"
EVERY_S = 300  # a write makes the site look at its pages anew, so not each second
TOO_OLD_S = 1200  # four pulses, and two looks of the schedule's watchdog


def beat(conn: sqlite3.Connection, *, at: str) -> None:
    """Say that the writer lives at this instant. Runs in the caller's transaction."""
    conn.execute(
        "insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
        [KEY, json.dumps({"at": at})],
    )


def as_of(conn: sqlite3.Connection) -> datetime | None:
    """The newest instant at which the writer is known to have lived: its pulse, or its schedule's heartbeat."""
    rows = conn.execute("select value from settings where key in (?, ?)", [KEY, HEARTBEAT]).fetchall()
    instants = [datetime.fromisoformat(json.loads(row[0])["at"]).astimezone(UTC) for row in rows]
    return max(instants, default=None)


@contextmanager
def pulsing(home: Home) -> Iterator[None]:
    """Beat at once and every five minutes, in a thread, as long as the block runs; a beat that fails is left out."""
    over = threading.Event()

    def beats() -> None:
        while True:
            try:
                conn = connect(home)
                try:
                    with writing(conn):
                        beat(conn, at=utc_now())
                finally:
                    conn.close()
            except (sqlite3.Error, ForPeople, OSError):
                pass  # a full disk or a long lock: the age that grows tells it
            if over.wait(EVERY_S):
                return

    thread = threading.Thread(target=beats, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
