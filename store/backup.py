"""coi backup: everything of a home that cannot be made again, while crawls and the site go on.

First the database, as it stood at one instant; then the archive, as far as that database refers to it. Its files are on
the disk before any row points to them, so the copy never refers to bytes that are not there. A file of the archive that
an earlier backup in the same folder holds is linked, not copied: WARC files are only added to.

Left out: the keys that cookies and links are signed with (whoever holds a backup could sign in with them; restored, the
site makes new ones), the schedule's notes and `backtests/` (made anew), `logs/crawl.log`, `locks/`.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from store.archive_read import BytesLost, read_record
from store.clock import utc_now
from store.db import connect_readonly, prepare
from store.errors import ForPeople
from store.files import sync
from store.home import Home
from store.manifest import PARTIAL, BadBackup, Kept, Manifest, backups, copied, hashed
from store.snapshot import copy_database
from store.upgrade import applied
from store.verify import chain_head
from store.version import SOFTWARE

COUNTED = ("captures", "documents", "versions", "passages", "evidence", "verdicts", "audit")
_DRAFTS = (".open", ".draft")  # beside a WARC file that is being written; an import that is not taken yet


class CannotBackUp(ForPeople, RuntimeError):
    """No backup was made; nothing half done stands under a backup's name. The message says why and what to do."""


def back_up(home: Home, to: Path, *, keep: int | None = None) -> tuple[Path, Manifest, int]:
    """Make a dated backup of a home in the folder `to`; return it, what it says, and the bytes written for it.

    With `keep`, only so many of the newest backups stay. Raises CannotBackUp, StoreError (no database yet).
    """
    to = to.absolute()
    if to.resolve().is_relative_to(home.path.resolve()):
        raise CannotBackUp(f"{to} lies inside the home {home.path}: both are lost together. Name another disk")
    connect_readonly(home).close()
    lock = FileLock(to / ".lock", timeout=0)
    try:
        to.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock:
            _sweep(to)
            made, manifest, written = _make(home, to)
            for old in backups(to)[:-keep] if keep else ():
                _remove(old)
    except Timeout as error:
        raise CannotBackUp(f"another backup to {to} is being made; wait until it has ended") from error
    except OSError as error:
        _sweep(to)
        raise CannotBackUp(
            f"no backup was made in {to}: {error}. Nothing half done was kept; earlier backups are as they were. "
            "Free space there (--keep N removes the oldest), or name another folder"
        ) from error
    return made, manifest, written


def _make(home: Home, to: Path) -> tuple[Path, Manifest, int]:
    earlier = backups(to)
    at = utc_now()
    name = at.replace(":", "")
    number = 1
    while (to / name).exists():
        number += 1
        name = f"{at.replace(':', '')}-{number}"
    draft = to / f"{PARTIAL}{name}"
    draft.mkdir(mode=0o700)
    try:
        copy_database(home.database, draft / home.database.name)
        conn = open_copy(draft / home.database.name)
        try:
            size, digest = hashed(draft / home.database.name)
            files = [Kept(path=home.database.name, bytes=size, sha256=digest)]
            problems: list[str] = []
            last = _known_of(earlier[-1]) if earlier else {}
            written = files[0].bytes
            for path, limit in (*_archive(home, conn, problems), *_others(home)):
                one, fresh = _take(home, path, limit, draft, earlier[-1] if earlier else None, last)
                files.append(one)
                written += one.bytes if fresh else 0
            problems += _last_members(conn, draft)
            head = chain_head(conn)
            counts = {table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in COUNTED}
            manifest = Manifest(
                made_at=at, program=SOFTWARE, schema=tuple(applied(conn)), acts=head.acts, head=head.hash,
                counts=counts, problems=tuple(problems), files=tuple(files),
            )  # fmt: skip
        finally:
            conn.close()
        manifest.write(draft)
        for folder in sorted({draft, *(path.parent for path in draft.rglob("*"))}):
            sync(folder)
        draft.rename(to / name)
        sync(to)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return to / name, manifest, written


def open_copy(database: Path) -> sqlite3.Connection:
    """Open a database that nobody writes to any more, leaving no file beside it, also on a read-only disk."""
    conn = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    prepare(conn)
    conn.row_factory = sqlite3.Row
    return conn


def _archive(home: Home, conn: sqlite3.Connection, problems: list[str]) -> Iterator[tuple[Path, int | None]]:
    """The files of the archive, each with the offset up to which the copied database knows it (None: all of it)."""
    rows = conn.execute("select warc_file, max(warc_offset + warc_length) from captures group by warc_file")
    known = {row[0]: row[1] for row in rows}
    for name in sorted(known):
        if not (home.archive / name).is_file():
            problems.append(f"archive/{name} is missing in the home, and captures refer to it")
    for path in sorted(home.archive.iterdir()):
        if not path.is_file() or path.suffix in _DRAFTS:
            continue
        if path.with_name(f"{path.name}.open").exists():  # being written, or left by a killed crawl: what rows know
            if path.name in known:
                yield path, known[path.name]
        else:
            yield path, None


def _others(home: Home) -> Iterator[tuple[Path, None]]:
    """What people wrote or must be able to prove: declarations, the log of sign-ins, sessions that were ended."""
    for folder, _, names in os.walk(home.declared, followlinks=True):
        for name in sorted(names):
            yield Path(folder) / name, None
    for path in (*sorted(home.logs.glob("sign-ins.log*")), home.path / "ended-sessions"):
        if path.is_file():
            yield path, None


def _take(
    home: Home, path: Path, limit: int | None, draft: Path, earlier: Path | None, last: dict[str, Kept]
) -> tuple[Kept, bool]:
    """Bring one file into the backup; whether it had to be copied. One of the archive that did not change is linked."""
    name = path.relative_to(home.path).as_posix()
    stat, to, mtime = path.stat(), draft / name, path.stat().st_mtime_ns
    before, in_archive = last.get(name), path.parent == home.archive
    same = in_archive and before is not None and before.bytes == stat.st_size and limit in (None, stat.st_size)
    unchanged = same and before is not None and (before.source_mtime_ns == mtime or hashed(path)[1] == before.sha256)
    if earlier and before and unchanged and _holds_still(earlier / name, before):
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(earlier / name, to)
        except OSError:
            pass  # a file system without hard links, or the earlier backup lost it: then it is copied
        else:
            return Kept(path=name, bytes=before.bytes, sha256=before.sha256, source_mtime_ns=mtime), False
    size, digest = copied(path, to, limit)
    whole = limit is None and in_archive
    return Kept(path=name, bytes=size, sha256=digest, source_mtime_ns=mtime if whole else None), True


def _holds_still(path: Path, noted: Kept) -> bool:
    """Whether a file of an earlier backup is still what it was: a bad one linked on would spoil every later backup."""
    try:
        return hashed(path) == (noted.bytes, noted.sha256)
    except OSError:
        return False


def _last_members(conn: sqlite3.Connection, draft: Path) -> Iterator[str]:
    """Each archive file must hold the last record that the copied database knows of it, to its end."""
    for row in conn.execute("select warc_file, max(warc_offset) as last from captures group by warc_file").fetchall():
        path = draft / "archive" / row["warc_file"]
        if path.is_file():
            try:
                read_record(path, row["last"])
            except BytesLost as error:
                yield f"archive/{row['warc_file']}: {error}"


def _known_of(folder: Path) -> dict[str, Kept]:
    try:
        return {one.path: one for one in Manifest.read(folder).files}
    except BadBackup:
        return {}


def _sweep(to: Path) -> None:
    """Remove what killed backups left; nobody else writes here (the lock)."""
    for left in to.glob(f"{PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)


def _remove(old: Path) -> None:
    """Take a backup away: first its name, so that half of one never looks whole."""
    gone = old.with_name(f"{PARTIAL}{old.name}")
    old.rename(gone)
    shutil.rmtree(gone)
