"""What a query reads: asked of SQLite's own compiler, on an empty copy of the database, so that no spelling hides it.

A view over a closed table is closed, however many views stand in between and whatever they are called.
"""

import sqlite3
from functools import lru_cache
from pathlib import Path
from threading import Lock

from sqlite_utils import Database

from store import schema
from store.db import prepare

VIEWS = Path(__file__).with_name("views.sql")
NAMES = "select name from sqlite_master where type in ('table', 'view') union select name from sqlite_temp_master"
_lock = Lock()


@lru_cache(maxsize=1)
def _copy() -> sqlite3.Connection:
    """The tables and views of this release and of the site's own connections, without a row."""
    # No statement is kept: one that waits for a parameter would not be compiled a second time, and so name nothing.
    conn = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=0)
    prepare(conn)
    schema.apply(Database(conn))
    conn.executescript(VIEWS.read_text("utf-8"))
    return conn


def compiled(conn: sqlite3.Connection, sql: str) -> frozenset[str]:
    """The tables and views, in small letters, that one statement reads. Raises sqlite3.Error where it is no statement.

    Nothing is run: SQLite names each table to its authorizer while it compiles, also one behind a view.
    """
    found: set[str] = set()

    def note(action: int, table: str | None, _column: str | None, _database: str | None, inner: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            found.update(name.lower() for name in (table, inner) if name)
        return sqlite3.SQLITE_OK

    conn.set_authorizer(note)
    try:
        conn.execute(sql if sql.lstrip().lower().startswith("explain") else f"explain {sql}").close()
    except sqlite3.ProgrammingError as error:
        if "binding" not in str(error):  # compiled; only its parameters have no values here
            raise
    finally:
        conn.set_authorizer(None)
    return frozenset(found)


@lru_cache(maxsize=8)
def closure(closed: frozenset[str]) -> frozenset[str]:
    """The closed tables with every view that reads one of them."""
    with _lock:
        return over(_copy(), closed)


def over(conn: sqlite3.Connection, closed: frozenset[str]) -> frozenset[str]:
    """Return `closed` with the views of this database that read one of them, also through other views."""
    views = conn.execute(
        "select name from sqlite_master where type = 'view' union select name from sqlite_temp_master"
    ).fetchall()
    reading = {name.lower(): compiled(conn, f'select * from "{name}"') for (name,) in views}  # noqa: S608  our names
    return closed.union(name for name, read in reading.items() if read & closed)


def known(name: str) -> bool:
    """Whether a table or view is one of this release: what an operator added by hand nobody has looked at."""
    with _lock:
        return name.lower() in {found.lower() for (found,) in _copy().execute(NAMES)}


def reads_closed(sql: str, closed: frozenset[str]) -> bool:
    """Whether a query may show what is closed: it reads it; or SQLite cannot compile it here and it could."""
    everything = closure(closed)
    try:
        with _lock:
            return bool(compiled(_copy(), sql) & everything)
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:  # not a statement, or on a table that is not ours
        return "no such table" in str(error) or names(sql, everything)


def names(text: str, closed: frozenset[str]) -> bool:
    """Whether a piece of SQL that does not stand alone writes a closed name anywhere."""
    return any(name in text.lower() for name in closed)
