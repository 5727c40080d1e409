"""`coi doctor` on the files of a home: rights, owners, locks."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from store.doctor import Finding, Level, found
from store.home import Home

PRIVATE = ("site-secret", "ended-sessions", "coi.db", "alerts-secret")
LONG_HELD_S = 6.5 * 3600  # longer than any crawl may take


def rights(home: Home) -> Iterator[Finding]:
    """Who can read the home, whose its files are, whether it can be written."""
    mode, owner = stat.S_IMODE(home.path.stat().st_mode), home.path.stat().st_uid
    if mode & 0o077:
        yield found(
            "rights.home",
            f"{home.path} has mode {mode:04o}: others on this machine can read it",
            f"chmod 700 {home.path}",
            level=Level.NOW,
        )
    else:
        yield found("rights.home", f"{home.path}, mode {mode:04o}")
    files = [path for path in (*home.path.iterdir(), *_inside(home.archive), *_inside(home.logs)) if path.exists()]
    foreign = [path for path in files if path.stat().st_uid != owner]
    if foreign:
        yield found(
            "rights.owner",
            f"{len(foreign)} files are not of the home's owner, e.g. {foreign[0]}",
            f"as root: chown -R {owner} {home.path}; run every command as that user",
        )
    elif os.geteuid() != owner:
        yield found("rights.owner", f"the home is of user {owner}, you are {os.geteuid()}", level=Level.NOTE)
    else:
        yield found("rights.owner", f"{len(files)} files, all of user {owner}")
    openly = [path for path in files if path.name in PRIVATE and path.stat().st_mode & 0o077]
    if openly and mode & 0o077:
        yield found(
            "rights.secrets",
            f"{', '.join(path.name for path in openly)}: readable by others",
            f"chmod 600 {' '.join(map(str, openly))}",
            level=Level.NOW,
        )
    closed = [
        path for path in (home.path, home.archive, home.database) if path.exists() and not os.access(path, os.W_OK)
    ]
    if closed or os.statvfs(home.path).f_flag & os.ST_RDONLY:
        yield found(
            "rights.write",
            f"{(closed or [home.path])[0]} cannot be written",
            "mount it for writing, or run as its owner: nothing can be crawled or decided",
            level=Level.NOW,
        )


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def locks(home: Home, now: datetime) -> Iterator[Finding]:
    """Who holds the schedule's lock and those of hosts; what a process left that is gone."""
    held = _holders()
    for file in sorted([home.path / "schedule.lock", *home.locks.glob("*")]):
        if file.suffix == ".txt" or not file.exists():
            continue
        name, label = unquote(file.stem), file.with_suffix(".txt")
        said = label.read_text("utf-8", "replace") if label.exists() else ""
        pids = held.get(file.stat().st_ino, [])
        if pids:
            age_s = now.timestamp() - (label if label.exists() else file).stat().st_mtime
            long = file.parent == home.locks and label.exists() and age_s > LONG_HELD_S
            yield found(
                f"lock.{name}",
                f"held by process {', '.join(map(str, pids))}{': ' + said if said else ''}",
                "longer than any crawl may take: look what that process does, and end it" if long else "",
            )
        elif said:
            yield found(f"lock.{name}", f"left by a process that is gone ({said}); nobody holds it", level=Level.NOTE)
    if not held.get(_inode(home.path / "schedule.lock")):
        yield found("lock.schedule", "no process schedules this home just now", level=Level.NOTE)


def _inode(path: Path) -> int:
    return path.stat().st_ino if path.exists() else -1


def _holders() -> dict[int, list[int]]:
    """Which processes hold a lock of which inode, as Linux says it; empty elsewhere. Nothing is locked by looking."""
    held: dict[int, list[int]] = {}
    try:
        lines = Path("/proc/locks").read_text("ascii").splitlines()
    except OSError:
        return {}
    for line in lines:
        words = [word for word in line.split() if word != "->"]
        if len(words) >= 6:
            held.setdefault(int(words[5].rpartition(":")[2]), []).append(int(words[4]))
    return held
