"""Bring a home's database to the newest schema: all or nothing, one process at a time, a copy of it kept before.

A database of a newer program is refused before anything is written: an older program would not know its rules.
"""

import sqlite3
import sys
from pathlib import Path

from sqlite_utils import Database

from store import schema
from store.errors import ForPeople
from store.snapshot import copy_database
from store.version import VERSION


class StoreError(ForPeople, RuntimeError):
    """The database cannot be used as it is. The message names the file and what to do."""


def applied(conn: sqlite3.Connection) -> list[str]:
    """The steps of our schema that a database has taken, in order; none of a file that is not ours or empty."""
    try:
        rows = conn.execute("select name from _sqlite_migrations where migration_set = 'coi' order by rowid").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    return [row[0] for row in rows]


def pending(conn: sqlite3.Connection) -> list[str]:
    """The steps that this program knows and the database has not taken yet."""
    taken = set(applied(conn))
    return [name for name in schema.steps() if name not in taken]


def refuse_newer(conn: sqlite3.Connection, database: Path) -> None:
    """Raise StoreError where a newer program made or upgraded the database; the connection is closed then."""
    unknown = [name for name in applied(conn) if name not in schema.steps()]
    if unknown:
        conn.close()
        raise StoreError(
            f"{database} belongs to a newer program: its schema has the step {', '.join(unknown)}, which this one "
            f"({VERSION}) does not know. Nothing was changed. Use the newer program; or, to stay with this one, "
            f"restore the copy that was kept before the upgrade: coi restore {database}.before-{unknown[0]}-..."
        )


def to_newest(conn: sqlite3.Connection, database: Path) -> None:
    """Bring the database to the newest schema and its views to those of this release.

    The first step of an existing database makes a copy beside it and says so on standard error. All steps are one
    transaction under the write lock: whoever comes second waits, and finds it done; a step that fails, a kill or a
    power cut leaves the database as it was. Raises StoreError.
    """
    if not pending(conn) and schema.views_are_current(conn):
        return
    conn.execute("begin immediate")
    step = "views"
    try:
        waiting = pending(conn)
        if waiting and applied(conn):
            step = waiting[0]
            kept = _keep(database, step)
            print(
                f"{database.name}: upgrading by {', '.join(waiting)}. A copy as it was: {kept}. Keep it until the new "
                "version has proved itself; to go back see docs/operations.md",
                file=sys.stderr,
            )
        schema.apply(Database(conn))
        conn.execute("commit")
    except BaseException as error:
        if conn.in_transaction:
            conn.execute("rollback")
        if isinstance(error, sqlite3.Error) and step != "views":
            raise StoreError(
                f"{database}: the upgrade ({step}) failed: {error}. The database is as it was before and works with "
                "the program that you had; use that one, and report this message"
            ) from error
        raise


def _keep(database: Path, step: str) -> Path:
    """Copy the database beside itself before this step. Of attempts that failed only the newest copy stays: the
    database has not been changed since by any step, and rows are only added.
    """
    from store.clock import utc_now

    instant = utc_now().replace(":", "").replace("-", "")
    before = f"{database.name}.before-{step}-"
    kept = database.with_name(f"{before}{instant}")
    older = [path for path in database.parent.glob(f"{before}*") if path != kept]
    if not kept.exists():
        copy_database(database, kept, attempt=database.with_name(f"{before}copy.partial"))
    for path in older:
        path.unlink(missing_ok=True)
    return kept
