"""`coi doctor`: what a look at an installation found, and what the machine under it is like. No network."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.home import Home
from store.operating import disk_standing, folder_bytes
from store.secrets_hidden import without_secrets

LEAST_MEMORY_BYTES = 512 * 1024**2
LEAST_INODES = 20_000
FEW_DAYS = 30
MANY_DAYS = 3650  # beyond it the growth of one week says nothing
WEEK_S = 7 * 86_400


class Level(StrEnum):
    """How much a finding matters. TODO and NOW make `coi doctor` end with 1."""

    OK = "ok"
    NOTE = "note"  # worth knowing, nothing to do
    TODO = "todo"
    NOW = "now"


ASKS = frozenset({Level.TODO, Level.NOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: its name (area.what), what it is, and what to do where something is."""

    name: str
    level: Level
    value: str
    remedy: str = ""


def found(name: str, value: str, remedy: str = "", *, level: Level | None = None) -> Finding:
    """A finding: well without a remedy, something to do with one, unless `level` says otherwise."""
    return Finding(name=name, level=level or (Level.TODO if remedy else Level.OK), value=value, remedy=remedy)


def as_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """For scripts."""
    return [asdict(one) | {"level": one.level.value} for one in findings]


def safely(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, and one more where looking itself failed: what breaks one part hides no other."""
    try:
        yield from findings
    except Exception as error:  # a home can be broken in any way
        yield found("doctor", f"a part could not be looked at: {type(error).__name__}: {without_secrets(str(error))}",
                    "correct what it names; if it stays, report it")  # fmt: skip


def line(one: Finding) -> str:
    """A finding as a line for people."""
    hint = f" ({one.remedy})" if one.level is Level.NOTE and one.remedy else ""
    return f"{one.level.value:5} {one.name:24} {one.value}{hint}"


def size(number: float) -> str:
    """Bytes for people.

    >>> size(512), size(3 * 1024**3)
    ('512 B', '3.0 GB')
    """
    for unit in ("B", "KB", "MB", "GB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} TB"


def machine(home: Home) -> Iterator[Finding]:
    """Disk, memory, and what keeps the clock; versions: store.doctor_versions."""
    yield from _disk(home)
    yield from _memory()
    yield from _zones()
    yield from _ntp()


def growth_bytes_a_day(home: Home, now_s: float) -> float:
    """How fast the home grows: what the archive got in the last seven days, and the database in proportion."""
    recent = whole = 0
    try:
        with os.scandir(home.archive) as entries:
            for entry in entries:
                stat = entry.stat(follow_symlinks=False)
                whole += stat.st_size
                recent += stat.st_size if stat.st_mtime > now_s - WEEK_S else 0
    except OSError:
        return 0.0
    database = home.database.stat().st_size if home.database.exists() else 0
    return recent * (1 + database / whole) / 7 if whole else 0.0


def _disk(home: Home) -> Iterator[Finding]:
    place = home.path
    while not place.exists():
        place = place.parent
    state, free, total = disk_standing(Home(place))
    said = f"{size(free)} of {size(total)} free at {place}"
    if state != "ok":
        level = Level.NOW if state == "full" else Level.TODO
        yield found(
            "disk.free",
            said,
            "free space or move the home to a larger disk; until then crawls and decisions "
            "can be refused, and nothing half done is kept",
            level=level,
        )
    else:
        yield found("disk.free", said)
    grows = growth_bytes_a_day(home, time.time())
    holds = f"archive {size(folder_bytes(str(home.archive)))}, grows {size(grows)} a day"
    if grows:
        days = free / grows
        remedy = "plan for a larger disk" if days < FEW_DAYS else ""
        left = f"{days:,.0f} days left" if days < MANY_DAYS else "more than ten years left"
        yield found("disk.days", f"{left}; {holds}", remedy)
    else:
        yield found("disk.days", holds)
    asked = os.statvfs(place)
    if asked.f_files:
        few = asked.f_favail < LEAST_INODES
        yield found(
            "disk.inodes",
            f"{asked.f_favail:,} of {asked.f_files:,} free",
            "remove small files on this disk: without inodes no file can be made" if few else "",
        )


def _memory() -> Iterator[Finding]:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return
    said = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith("kB")}
    if "MemAvailable" in said:
        free = said["MemAvailable"]
        yield found(
            "memory",
            f"{size(free)} of {size(said.get('MemTotal', 0))} available",
            "end other programs or add memory: tagging needs some 500 MB" if free < LEAST_MEMORY_BYTES else "",
        )


def _zones() -> Iterator[Finding]:
    try:
        ZoneInfo("Europe/Amsterdam")
        yield found("clock.zones", f"time zone data {version('tzdata')}")
    except (ZoneInfoNotFoundError, PackageNotFoundError):
        yield found("clock.zones", "no time zone data", "install the package tzdata", level=Level.NOW)


def _ntp() -> Iterator[Finding]:
    """Whether the machine's clock is kept right, where systemd knows."""
    program = shutil.which("timedatectl")
    said = ""
    if program:
        try:
            asked = [program, "show", "--property=NTPSynchronized", "--value"]
            said = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
        except (OSError, subprocess.TimeoutExpired):
            said = ""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if said == "no":
        yield found(
            "clock.ntp",
            f"{now}; not synchronised",
            "let the machine keep its clock by NTP (systemd-timesyncd, chrony): deadlines and embargoes run by it",
        )
    else:
        yield found(
            "clock.ntp",
            f"{now}; {'synchronised' if said == 'yes' else 'nobody here says whether by NTP'}",
            level=Level.OK if said == "yes" else Level.NOTE,
        )
