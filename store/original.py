"""Whether a home is where its database belongs. A copy of the database alone (a snapshot, a file out of a backup) is no
place for decisions: they would be lost with the next copy.

The home and its database share an id: a small file beside, a row inside. A copy of the whole folder is a home of its
own, a copy of the database without the file is a copy. The first command that writes gives one to a database without.
"""

import secrets
import sqlite3
from pathlib import Path

from store.home import Home, replace_file

KEY, NAME = "home", "home-id"


def is_copy(conn: sqlite3.Connection, home: Home) -> bool:
    """Whether the database in this home was made in another one."""
    inside = _inside(conn)
    return inside is not None and inside != _beside(home)


def claim(conn: sqlite3.Connection, home: Home) -> None:
    """Give a database that has no id that of its home. The file comes first: a kill between leaves no copy behind."""
    if _inside(conn) is not None:
        return
    conn.execute("begin immediate")  # one process at a time
    try:
        if _inside(conn) is None:
            _write(conn, home, _beside(home) or secrets.token_hex(16))
        conn.execute("commit")
    except BaseException:
        conn.execute("rollback")
        raise


def adopt(database: Path, home: Home) -> None:
    """Make a database that was restored the home's own; one that is broken stays as it is."""
    conn = sqlite3.connect(database)
    try:
        with conn:
            _write(conn, home, _beside(home) or _inside(conn) or secrets.token_hex(16))
    except sqlite3.DatabaseError:
        pass
    finally:
        conn.close()


def _write(conn: sqlite3.Connection, home: Home, name: str) -> None:
    if _beside(home) != name:
        replace_file(home.path / NAME, f"{name}\n")
    conn.execute("insert or replace into settings (key, value) values (?, ?)", [KEY, name])


def _inside(conn: sqlite3.Connection) -> str | None:
    if not conn.execute("select 1 from sqlite_master where name = 'settings'").fetchone():
        return None
    row = conn.execute("select value from settings where key = ?", [KEY]).fetchone()
    return row[0] if row else None


def _beside(home: Home) -> str | None:
    path = home.path / NAME
    return (path.read_text("ascii", errors="ignore").strip() or None) if path.is_file() else None
