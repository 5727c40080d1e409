"""How one home takes the place of another: alone, of a home that nobody has open, by two renames with a note between.

Not every file system lets two folders change places. So a note is brought to the disk before the first rename: while
the old home has gone and the new one has not come, commands refuse in words instead of making an empty home
(store.home), and the next restore puts the old one back first.
"""

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from os.path import samestat
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from store.errors import ForPeople
from store.files import sync
from store.home import Home, replace_file


class CannotRestore(ForPeople, RuntimeError):
    """Nothing was restored; the home is as it was. The message says why and what to do."""


def exchange(draft: Path, home: Home, aside: Path | None) -> None:
    """The home's name goes from the old folder to the new one. Raises CannotRestore, OSError; then it is as it was."""
    target = home.path
    if aside is not None:
        if aside.exists():
            raise CannotRestore(f"{aside} exists already; nothing was changed. Name a folder that is not there yet")
        aside.parent.mkdir(parents=True, exist_ok=True)
        replace_file(home.unfinished, json.dumps(str(aside)))
        try:
            target.rename(aside)
        except OSError as error:
            home.unfinished.unlink()
            if error.errno not in (errno.EXDEV, errno.EBUSY):
                raise
            raise CannotRestore(
                f"{target} cannot be moved to {aside}: {error.strerror}. Name a folder on the same file system; where "
                "the home is itself a mounted volume, make it a folder inside that volume (COI_HOME)"
            ) from error
        try:
            draft.rename(target)
        except OSError:
            put_back(home)
            raise
        sync(aside.parent)
    else:
        draft.rename(target)  # an empty folder may stand there
    sync(target.parent)
    home.unfinished.unlink(missing_ok=True)


def put_back(home: Home) -> None:
    """Undo the first half of an exchange that was killed there. Only for whoever holds `alone`."""
    if not home.unfinished.exists():
        return
    aside = home.moved_aside()
    if not home.database.exists() and aside.is_dir():
        aside.rename(home.path)
        sync(home.path.parent)
    home.unfinished.unlink()


def to_wal(database: Path) -> None:
    """Set the journal mode that every command of ours expects; a database that is broken stays as it is."""
    conn = sqlite3.connect(f"file:{quote(str(database))}?mode=rw", uri=True, isolation_level=None)
    try:
        conn.execute("pragma journal_mode = wal")
    except sqlite3.DatabaseError:
        pass
    finally:
        conn.close()


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """No other restore of this home at the same time. Raises CannotRestore."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(target.with_name(f".{target.name}.restore.lock"), timeout=0):
            yield
    except Timeout as error:
        raise CannotRestore(f"another restore of {target} is running; wait until it has ended") from error


@contextmanager
def unused(home: Home, aside: Path | None) -> Iterator[None]:
    """Hold the home's database so that nobody else has it open, or say that somebody has.

    SQLite leaves WAL mode only for whoever is alone with the file: that sees the site, crawls, the schedule, a
    replicator and a console alike. A database that is broken is in nobody's use. Afterwards it has the mode that
    it had, where it then lies: under its own name or as `aside`.
    """
    if not home.database.exists():
        yield
        return
    conn = sqlite3.connect(home.database, isolation_level=None, timeout=2)
    stat, left_wal = home.database.stat(), False
    try:
        was = conn.execute("pragma journal_mode").fetchone()[0]
        conn.execute("pragma journal_mode = delete")
        left_wal = was == "wal"
        conn.execute("begin exclusive")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            conn.close()
            raise CannotRestore(
                f"{home.database} is in use; nothing was changed. Stop the site, the schedule, every 'coi' command and "
                "a replicator (Litestream) of this home, then run the same command again"
            ) from error
    except sqlite3.DatabaseError:
        pass  # the very reason to restore
    try:
        yield
    finally:
        conn.close()
        for path in (home.database, aside) if left_wal else ():
            if path is not None and path.exists() and samestat(stat, path.stat()):
                to_wal(path)
