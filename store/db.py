"""Connections. One writer at a time, WAL, short transactions; what is committed survives kill -9 and power cut."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from store import original, schema
from store.home import Home
from store.names import person
from store.upgrade import StoreError, refuse_newer, to_newest

BUSY_MS = 60_000
CACHE_KIB = 16_000  # a document touches some twenty indexes; with SQLite's own 2 MB they push one another out

__all__ = [
    "StoreError",
    "connect",
    "connect_memory",
    "connect_readonly",
    "home_of",
    "prepare",
    "stands_still",
    "writing",
]


def prepare(conn: sqlite3.Connection) -> None:
    """Give a connection what every writer of ours needs: foreign keys, patience, the audit chain's hash, one's name."""
    conn.execute("pragma foreign_keys = on")
    conn.execute(f"pragma busy_timeout = {BUSY_MS}")
    conn.create_function("coi_sha256", 1, lambda text: sha256(text.encode()).hexdigest(), deterministic=True)
    conn.create_function("coi_person", 1, person, deterministic=True)


def connect(home: Home) -> sqlite3.Connection:
    """Open the home's database for writing; make and migrate it where needed (store.upgrade).

    Raises StoreError when the file is not a database of ours, is of a newer program, is a copy, or cannot be written.
    """
    if home.database.with_name(f"{home.database.name}-txid").exists():
        raise StoreError(
            f"{home.database} is a read replica that Litestream follows; writing would break it. Use 'coi serve "
            "--replica', or write where the original is (set COI_HOME)"
        )
    home.create()
    try:
        conn = sqlite3.connect(home.database, isolation_level=None, timeout=BUSY_MS / 1000)
        prepare(conn)
        refuse_newer(conn, home.database)
        _refuse_copy(conn, home)
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = full")
        conn.execute(f"pragma cache_size = -{CACHE_KIB}")
        to_newest(conn, home.database)
        original.claim(conn, home)
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{home.database}: {error}; check the disk and the rights, or set COI_HOME elsewhere"
        ) from error
    conn.row_factory = sqlite3.Row
    return conn


def _refuse_copy(conn: sqlite3.Connection, home: Home) -> None:
    if not original.is_copy(conn, home):
        return
    conn.close()
    raise StoreError(
        f"{home.database} is a copy of another home's database (their {original.NAME} differs): what is kept here is "
        "lost with the next copy. To read it: 'coi serve --replica'. To write, set COI_HOME to the original. If that "
        f"is lost and {home.path} is to take its place, move the file out of it, then 'coi restore FILE'"
    )


def connect_memory() -> sqlite3.Connection:
    """An empty database of this release that nothing keeps: for questions that need no home."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    prepare(conn)
    schema.apply(Database(conn))
    conn.row_factory = sqlite3.Row
    return conn


def connect_readonly(home: Home) -> sqlite3.Connection:
    """Open the home's database for reading only. Raises StoreError where there is none yet, or a newer one."""
    home.refuse_half_restored()
    if not home.database.exists():
        raise StoreError(f"{home.database} does not exist; run 'coi demo' or 'coi crawl' first, or set COI_HOME")
    # On a disk that can only be read nobody writes, and SQLite cannot make the index of its write-ahead log.
    still = "&immutable=1" if stands_still(home) and not _has_log(home) else ""
    conn = sqlite3.connect(f"file:{home.database}?mode=ro{still}", uri=True, timeout=BUSY_MS / 1000)
    prepare(conn)
    conn.execute("pragma query_only = on")
    refuse_newer(conn, home.database)
    conn.row_factory = sqlite3.Row
    if home.database.stat().st_size == 0 and not conn.execute("select 1 from sqlite_master").fetchone():
        conn.close()
        raise StoreError(f"{home.database} is empty: what made it was stopped at once. Run that command again")
    return conn


def stands_still(home: Home) -> bool:
    """Whether this home lies where we may only read: a command that reads then leaves out what it would note first."""
    return home.database.exists() and not os.access(home.path, os.W_OK)


def _has_log(home: Home) -> bool:
    """Whether committed rows may stand in the write-ahead log only."""
    log = home.database.with_name(f"{home.database.name}-wal")
    return log.exists() and log.stat().st_size > 0


def wants_disk(error: BaseException) -> bool:
    """Whether SQLite failed for want of room, rights or a lock: the operator's to mend, and no fault of the tracker."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)


def home_of(conn: sqlite3.Connection) -> Home:
    """The home that a connection's database lies in."""
    rows = map(tuple, conn.execute("pragma database_list"))  # a statement: the site may not ask the table
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
