"""coi restore: a backup becomes a home again. Nothing is deleted: what stood there is moved aside, whole.

Everything is brought beside the home first, with every hash checked and the checks of `coi verify` run on it; the
exchange is two renames. A restore that is killed, or finds the disk full, leaves the home as it was; one that is killed
between the two renames leaves a note, which every command respects and the next restore begins from (store.exchange).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from store.backup import COUNTED, open_copy
from store.captures_check import capture_problems
from store.exchange import CannotRestore, alone, exchange, put_back, to_wal, unused
from store.files import sync
from store.home import Home
from store.lost import lost
from store.manifest import Manifest, copied, wrong_files
from store.original import adopt
from store.snapshot import CannotCopy, copy_database
from store.upgrade import refuse_newer
from store.verify import chain_head, database_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: what does not hold in the restored home (only where that was accepted), what it lacks."""

    problems: tuple[str, ...]
    lacks: tuple[str, ...]
    aside: Path | None


def backup_problems(folder: Path) -> Iterator[str]:
    """Say what does not hold in a backup, without writing anything: its files, then all that `coi verify` looks at.

    Raises BadBackup where the folder is none, StoreError where a newer program made it.
    """
    manifest = Manifest.read(folder)
    yield from manifest.problems
    wrong = list(wrong_files(folder, manifest))
    yield from wrong
    if not wrong:
        yield from _held(folder, manifest)


def restore(folder: Path, home: Home, *, aside: Path | None = None, damaged: bool = False) -> Restored:
    """Make the home what a backup holds. What stands there is moved to `aside`, which must not exist.

    Raises CannotRestore, BadBackup, StoreError; then the home is as it was.
    """
    manifest = Manifest.read(folder)
    folder, target = folder.absolute(), home.path
    draft = target.with_name(f".{target.name}.restoring")
    with alone(target):
        put_back(home)
        occupied = target.exists() and any(target.iterdir())
        if occupied and aside is None:
            raise CannotRestore(
                f"{target} is not empty; nothing was changed. Say where to put what is there: --aside FOLDER "
                "(on the same file system, not there yet), or set COI_HOME to another folder"
            )
        if folder.resolve().is_relative_to(target.resolve()):
            raise CannotRestore(f"the backup {folder} lies inside the home {target}; move it out first")
        with unused(home, aside / home.database.name) if occupied and aside else nullcontext():
            problems, lacks = _exchanged(folder, manifest, home, draft, aside if occupied else None, damaged=damaged)
    return Restored(problems=problems, lacks=lacks, aside=aside if occupied else None)


def _exchanged(
    folder: Path, manifest: Manifest, home: Home, draft: Path, aside: Path | None, *, damaged: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make the new home beside the old one and exchange them; what does not hold in it, and what it lacks."""
    target = home.path
    try:
        shutil.rmtree(draft, ignore_errors=True)  # of a restore that was killed
        draft.mkdir(parents=True, mode=0o700)
        _bring(folder, manifest, draft)
        problems = tuple(_held(draft, manifest))
        if problems and not damaged:
            raise CannotRestore("\n".join(
                [*problems[:20], f"{len(problems)} problem(s) in the backup {folder}; nothing was restored. Take "
                 "another backup, or --damaged to restore it as it is"]))  # fmt: skip
        lacks = tuple(lost(home, draft / home.database.name)) if aside else ()
        Home(draft).create()
        adopt(draft / home.database.name, Home(draft))
        to_wal(draft / home.database.name)
        for path in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
            sync(path)
        exchange(draft, home, aside)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise CannotRestore(
            f"{folder} could not be restored to {target}: {error}; the home is as it was, nothing half done was "
            "kept. Free space on that disk, or set COI_HOME to a folder on another"
        ) from error
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return problems, lacks


def restore_database(file: Path, home: Home, instant: str, *, damaged: bool = False) -> Restored:
    """Put a copy of a database in the place of the home's; the archive stays as it is.

    It is one that was kept before an upgrade, or a snapshot that is to become the original. The database that was there
    is moved aside in the home, named by the instant. Raises CannotRestore, StoreError.
    """
    aside = home.path / f"{home.database.name}.replaced-{instant.replace(':', '').replace('-', '')}"
    with alone(home.path), unused(home, aside):
        conn = open_copy(file)
        try:
            refuse_newer(conn, file)
            problems = [*database_problems(conn), *capture_problems(conn, home.archive)]
        except sqlite3.DatabaseError as error:
            raise CannotRestore(f"{file}: {error}; it is no whole database of ours. Nothing was changed") from error
        finally:
            conn.close()
        if problems and not damaged:
            raise CannotRestore("\n".join(
                [*problems[:20], f"{len(problems)} problem(s) in {file}; nothing was changed. --damaged takes it as it "
                 "is"]))  # fmt: skip
        home.create()
        lacks = tuple(lost(home, file)) if home.database.exists() else ()
        draft = home.path / f"{home.database.name}.restoring"
        draft.unlink(missing_ok=True)
        try:
            copy_database(file, draft)
        except CannotCopy as error:
            raise CannotRestore(f"{error} The home is as it was") from error
        for tail in ("-wal", "-shm"):  # of a database that nobody could open; of a good one they are empty and gone
            left = home.database.with_name(f"{home.database.name}{tail}")
            if left.exists():
                left.rename(aside.with_name(f"{aside.name}{tail}"))
        if home.database.exists():
            try:
                os.link(home.database, aside)  # so that at no instant there is no database of that name
            except OSError:  # a file system without hard links
                shutil.copy2(home.database, aside)
                sync(aside)
        adopt(draft, home)
        to_wal(draft)
        draft.rename(home.database)
        sync(home.path)
    return Restored(problems=tuple(problems), lacks=lacks, aside=aside if aside.exists() else None)


def _held(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What `coi verify` finds in a folder that nobody writes to, and what is otherwise than its manifest noted."""
    database = Home(folder).database
    conn = open_copy(database)
    try:
        refuse_newer(conn, database)
        yield from database_problems(conn)
        yield from capture_problems(conn, folder / "archive")
        yield from _otherwise(conn, manifest)
    except sqlite3.DatabaseError as error:
        yield f"{database.name}: {error}; take another backup"
    finally:
        conn.close()


def _otherwise(conn: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    """What a database holds otherwise than its manifest noted when it was copied."""
    for table in COUNTED:
        found = conn.execute(f"select count(*) from {table}").fetchone()[0]
        if found != manifest.counts.get(table, found):
            yield f"{table}: {found} rows, but the manifest counted {manifest.counts[table]}"
    head = chain_head(conn)
    if (head.acts, head.hash) != (manifest.acts, manifest.head):
        yield (
            f"the audit chain ends after {head.acts} acts with {head.hash[:16]}..., but the manifest noted "
            f"{manifest.acts} acts and {manifest.head[:16]}..."
        )


def _bring(folder: Path, manifest: Manifest, draft: Path) -> None:
    """Copy every file of a backup, its hash compared with the manifest. Raises CannotRestore naming the bad one."""
    for one in manifest.files:
        if not (folder / one.path).is_file():
            raise CannotRestore(f"{folder / one.path} is missing; the home is as it was. Take another backup")
        if copied(folder / one.path, draft / one.path) != (one.bytes, one.sha256):
            raise CannotRestore(
                f"{folder / one.path} is not as the manifest says (SHA-256 differs); the home is as it was. "
                "Take another backup"
            )
