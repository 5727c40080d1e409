"""A copy of a database as it stood at one instant, by SQLite's backup API, while others go on writing.

The reading side holds one read transaction: in WAL mode no writer waits for it, and the copy never begins anew because
somebody wrote. A copy of the file with `cp` would miss the write-ahead log, or cut a page in two.
"""

import os
import sqlite3
from pathlib import Path

from store.errors import ForPeople
from store.files import sync

STEP_PAGES = 2048  # 8 MB at SQLite's usual page size, after which other threads of this process have their turn
BUSY_S = 60.0


class CannotCopy(ForPeople, RuntimeError):
    """The copy could not be made; nothing stands under its name. The message says why and what to do."""


def copy_database(database: Path, to: Path, *, attempt: Path | None = None) -> int:
    """Copy a database to a file that does not exist yet; return its size in bytes.

    It is written under `attempt` (default: TO with .partial at its end, on the same file system), brought to the disk,
    and only then gets its name. The copy is one file without a log beside it. Raises CannotCopy.
    """
    draft = attempt or to.with_name(f"{to.name}.partial")
    if to.exists():
        raise CannotCopy(f"{to} exists already; nothing is overwritten. Give another name")
    try:
        _remove(draft)
        source = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None, timeout=BUSY_S)
        try:
            source.execute("begin")
            source.execute("select count(*) from sqlite_master").fetchone()  # the instant of the copy is now
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # never for others, not even half
            made = sqlite3.connect(draft, isolation_level=None)
            try:
                source.backup(made, pages=STEP_PAGES)
                made.execute("pragma journal_mode = delete")
            finally:
                made.close()
        finally:
            source.close()
        draft.chmod(0o600)
        sync(draft)
        draft.rename(to)
        sync(to.parent)
    except (sqlite3.Error, OSError) as error:
        _remove(draft)
        raise CannotCopy(
            f"{database} could not be copied to {to}: {error}. Nothing half done was kept. A copy needs as much free "
            f"space as {database.name}; free some, or choose another place"
        ) from error
    return to.stat().st_size


def _remove(draft: Path) -> None:
    for left in (draft, *(draft.with_name(f"{draft.name}{tail}") for tail in ("-journal", "-wal", "-shm"))):
        left.unlink(missing_ok=True)
