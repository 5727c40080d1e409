"""A disk that is full, and one that can only be read: real file systems in memory, where mounting is allowed.

Full: a command must end by itself and say so, never half done; what it cannot note it must not send. When there is
room again the same command goes on. Where nothing can be mounted, a limit on the size of files (RLIMIT_FSIZE) stands in
for a full disk, and the read-only disk is left out.
"""

import hashlib
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults import kills_mail
from tests.faults.kills_people import decisions
from tests.faults.site import Person, busy, kept_once, serve, soon
from tests.faults.stage import ASSESS, LIVE, Lost, Stage, Tally, counts, holds, live_rows, rows, same
from tests.faults.warm import Started

MB = 1024 * 1024
SIZE_MB = 48
READING = (
    "verify", "status", "search conscripts", "signoff list", "expect list", "moratoria", "sources list", "alerts list",
    "queue", "grades list", "searches", "searched list", "agreement", "schedule --print",
)  # fmt: skip
FILE = "database or disk is full", "No space left", "disk I/O error", "File too large", "disk is full"


@dataclass
class Disk:
    """A small file system of its own."""

    path: Path

    def fill(self, left_bytes: int) -> None:
        """Leave so many bytes free, or fewer where another fills the disk meanwhile."""
        free = shutil.disk_usage(self.path).free
        with suppress(OSError), (self.path / "ballast").open("wb", buffering=0) as out:
            out.write(bytes(max(free - left_bytes, 0)))

    def free(self) -> None:
        (self.path / "ballast").unlink()

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.path)], check=True)


@contextmanager
def mounted(path: Path) -> Iterator[Disk]:
    """A disk of SIZE_MB at a path."""
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "faults", str(path)], check=True)
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def can_mount(folder: Path) -> bool:
    """Whether disks can be mounted here: root, and not in a container that forbids it."""
    try:
        with mounted(folder / "tried"):
            return True
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False


@dataclass
class Step:
    """A command on a home, what the home is before, and what must hold in the end."""

    name: str
    before: Callable[[Stage], Path]
    start: Callable[..., Started]
    after: Callable[[Stage, Path], None]


def _live(stage: Stage, home: Path) -> None:
    one, other = live_rows(stage.crawled), live_rows(home)
    for name in LIVE:
        if name != "runs" and one[name] != other[name]:
            raise Lost(f"{name} not as undisturbed: {len(other[name])} rows, expected {len(one[name])}")


def _crawl(stage: Stage, home: Path, **more: int) -> Started:
    number = len(rows(home, "select 1 from runs")) if counts(home) else 0
    return stage.crawl(home, slot=f"s{number}", **more)


STEPS = (
    Step("crawl", lambda stage: stage.declared, _crawl, _live),
    Step("tag", lambda stage: stage.crawled, lambda stage, home, **more: stage.coi(home, "tag", **more),
         lambda stage, home: same(stage.tagged, home)),
    Step("assess", lambda stage: stage.tagged, lambda stage, home, **more: stage.coi(home, *ASSESS, **more),
         lambda stage, home: same(stage.judged, home)),
    Step("alerts", kills_mail.desk, lambda stage, home, **more: kills_mail.alerts(stage, home),
         lambda stage, home: kills_mail.each_once(stage, home, 1)),
)  # fmt: skip


def full(stage: Stage, times: int) -> Tally:
    """Each step, and decisions on the site, on a disk that fills up at a random point."""
    tally = Tally("full disk", "ends by itself and says so, coi verify, final rows as undisturbed once there is room")
    said: list[int] = []
    for number in range(times):
        step = STEPS[number % len(STEPS)]
        if step.name == "alerts" and not stage.mounts:
            continue
        tally.one(lambda step=step: _full(stage, step, said) if stage.mounts else _limited(stage, step, said))  # type: ignore[misc]
    if stage.mounts:
        for _ in range(max(times // 4, 1)):
            tally.one(lambda: _full_site(stage))
            tally.one(lambda: _limited(stage, STEPS[0], said))
    tally.note = f"{len(said)} commands ended for want of room" + ("" if stage.mounts else "; files limited, no disk")
    return tally


def _full(stage: Stage, step: Step, said: list[int]) -> None:
    stage.box.taken.clear()
    before = step.before(stage)
    with mounted(stage.path("disk")) as disk:
        home = disk.path / "home"
        shutil.copytree(before, home)
        disk.fill(stage.chance.randrange(4096, MB))
        _ends(step.start(stage, home), said)
        holds(home)
        disk.free()
        ended = step.start(stage, home)
        stage.done(ended)
        holds(home)
        step.after(stage, home)


def _limited(stage: Stage, step: Step, said: list[int]) -> None:
    home = stage.copy(step.before(stage))
    database = home / "coi.db"
    held = database.stat().st_size if database.exists() else 0
    _ends(step.start(stage, home, file_limit=held + stage.chance.randrange(4096, MB)), said)
    holds(home)
    stage.done(step.start(stage, home))
    holds(home)
    step.after(stage, home)


def _ends(started: Started, said: list[int]) -> None:
    """Wait for a command that may fail for want of room, and then must say so in one message."""
    if started.wait() == 0:
        return
    said.append(started.status or 0)
    if started.status != 1 or "Traceback" in started.said or not any(words in started.said for words in FILE):
        raise Lost(f"ended with {started.status} and said {started.said[-1200:]!r}")


def _full_site(stage: Stage) -> None:
    """Decisions while the disk fills up: refused, not lost; the site goes on, and takes them when there is room."""
    with mounted(stage.path("disk")) as disk:
        home = disk.path / "home"
        shutil.copytree(stage.judged, home)
        started, base = serve(stage, home)
        anna = Person("anna", base)
        anna.sign_in()
        with busy((anna, decisions(home, "filling"))):
            started.alive_after(0.5)
            disk.fill(stage.chance.randrange(4096, 256 * 1024))
            started.alive_after(2.0)
        if anna.unanswered or not started.alive_after(0):
            raise Lost(f"the site did not answer: {started.said[-800:]}")
        holds(home)
        kept_once(home, "tag_decisions", [anna])
        disk.free()
        before = len(anna.acknowledged)
        with busy((anna, decisions(home, "again"))):
            started.alive_after(1.0)
        if len(anna.acknowledged) == before:
            raise Lost(f"nothing is taken again: {list(anna.refused.items())[-1:]} {started.said[-500:]}")
        kept_once(home, "tag_decisions", [anna])
        started.send(signal.SIGTERM, everyone=True)
        started.wait()
        holds(home)


def read_only(stage: Stage, times: int) -> Tally:
    """Every step on a disk that can only be read: refused in words, nothing changed; what reads goes on reading."""
    tally = Tally("read-only disk", "says so, changes nothing, reading works; writes go on once it can be written")
    if not stage.mounts:
        tally.note = "left out: only root may mount a disk"
        return tally

    def writes(name: str, start: Callable[[Path], Started], before: Path) -> None:
        with mounted(stage.path("disk")) as disk:
            home = disk.path / "home"
            shutil.copytree(before, home)
            disk.remount("ro")
            held = _bytes(home)
            started = start(home)
            status = started.wait()
            if status != 1 or "Traceback" in started.said or len(started.said) < 40:
                raise Lost(f"{name} ended with {status} and said {started.said[-1200:]!r}")
            holds(home)
            if (home / "coi.db").exists():
                for words in ("verify", *stage.chance.sample(READING[1:], 4)):
                    _reads(stage, home, words)
            if _bytes(home) != held:
                raise Lost(f"{name} changed files on a disk that is read-only")
            disk.remount("rw")
            stage.done(start(home))
            holds(home)

    one = {
        "crawl": (_starts(stage, _crawl), stage.crawled),
        "tag": (lambda home: stage.coi(home, "tag"), stage.crawled),
        "assess": (lambda home: stage.coi(home, *ASSESS), stage.tagged),
        "signoff": (lambda home: stage.coi(home, "signoff", "propose", "RU", "G1.3", "--status", "insufficient",
                                           "--review-on", soon(), "--reason", "why", "--by", "anna"), stage.judged),
        "alerts": (lambda home: kills_mail.alerts(stage, home), kills_mail.desk(stage)),
        "expect": (lambda home: stage.coi(home, "expect", "add", "--title", "R.", "--country", "RU", "--pattern",
                                          "report", "--from", "2026-01-01", "--to", "2026-02-01",
                                          "--reason", "as planned", "--by", "anna"), stage.judged),
    }  # fmt: skip
    for name, (start, before) in list(one.items())[:times]:
        tally.one(lambda name=name, start=start, before=before: writes(name, start, before))  # type: ignore[misc]
    return tally


def _reads(stage: Stage, home: Path, words: str) -> None:
    """One command that reads; only a status is refused in words where declarations wait that could void it."""
    started = stage.coi(home, *words.split())
    if started.wait() and not (words == "status" and "what is declared by now" in started.said):
        raise Lost(f"coi {words} ended with {started.status}: {started.said[-800:]!r}")


def _starts(stage: Stage, start: Callable[..., Started]) -> Callable[[Path], Started]:
    return lambda home: start(stage, home)


def _bytes(home: Path) -> dict[str, str]:
    """The hash of every file of a home."""
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
