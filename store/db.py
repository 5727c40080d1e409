"""Connections. One writer at a time, WAL, short transactions; what is committed survives kill -9 and power cut."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from store import schema
from store.errors import ForPeople
from store.home import Home
from store.names import person

BUSY_MS = 60_000


class StoreError(ForPeople, RuntimeError):
    """The database cannot be used as it is. The message names the file and what to do."""


def prepare(conn: sqlite3.Connection) -> None:
    """Give a connection what every writer of ours needs: foreign keys, patience, the audit chain's hash, one's name."""
    conn.execute("pragma foreign_keys = on")
    conn.execute(f"pragma busy_timeout = {BUSY_MS}")
    conn.create_function("coi_sha256", 1, lambda text: sha256(text.encode()).hexdigest(), deterministic=True)
    conn.create_function("coi_person", 1, person, deterministic=True)


def connect(home: Home) -> sqlite3.Connection:
    """Open the home's database for writing; make and migrate it where needed.

    Raises StoreError when the file is not a database of ours or cannot be written.
    """
    home.create()
    try:
        conn = sqlite3.connect(home.database, isolation_level=None, timeout=BUSY_MS / 1000)
        prepare(conn)
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = full")
        schema.apply(Database(conn))
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{home.database}: {error}; check the disk and the rights, or set COI_HOME elsewhere"
        ) from error
    conn.row_factory = sqlite3.Row
    return conn


def connect_memory() -> sqlite3.Connection:
    """An empty database of this release that nothing keeps: for questions that need no home."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    prepare(conn)
    schema.apply(Database(conn))
    conn.row_factory = sqlite3.Row
    return conn


def connect_readonly(home: Home) -> sqlite3.Connection:
    """Open the home's database for reading only. Raises StoreError where there is none yet."""
    if not home.database.exists():
        raise StoreError(f"{home.database} does not exist; run 'coi demo' or 'coi crawl' first, or set COI_HOME")
    conn = sqlite3.connect(f"file:{home.database}?mode=ro", uri=True, timeout=BUSY_MS / 1000)
    prepare(conn)
    conn.execute("pragma query_only = on")
    conn.row_factory = sqlite3.Row
    return conn


def home_of(conn: sqlite3.Connection) -> Home:
    """The home that a connection's database lies in."""
    rows = map(
        tuple, conn.execute("pragma database_list")
    )  # as a statement: queries of the site may not ask the table of that name
    return Home(Path(next(file for _, name, file in rows if name == "main")).parent)


@contextmanager
def writing(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction that takes the write lock at once; commits at the end, rolls back on any error."""
    conn.execute("begin immediate")
    try:
        yield conn
    except BaseException:
        if conn.in_transaction:
            conn.execute("rollback")
        raise
    conn.execute("commit")
