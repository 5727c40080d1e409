"""Power cuts: what stood on the disk at a random moment must open, verify and go on.

All processes of a home are frozen (SIGSTOP), its files are copied, and they are let go. A frozen process has written
nothing half; what the copy lacks against a real cut is the loss of what was not yet brought to the disk, so that is
taken away as well:

* `PRAGMA synchronous = FULL` in WAL mode brings the write-ahead log to the disk at every commit, before the commit
  returns: a command prints, and the site answers, only after that. So every frame up to the newest commit frame stands;
  what lies behind it may be cut anywhere, or be rubbish (`cut`). Cut before it (`torn`: a disk that lied about fsync)
  SQLite finds the last whole transaction by the frames' checksums: what came later is gone, the rest is whole.
* The wal-index (-shm) is never brought to the disk: it is left out of every second copy.
* Archive files are synced before each commit that points to them: what lies behind the newest row may be cut anywhere,
  and the mark of an open file may be missing.
"""

import os
import shutil
import signal
import struct
import time
from collections.abc import Callable
from pathlib import Path

from store.db import connect
from store.home import Home
from tests.faults import kills_mail
from tests.faults.kills_people import decisions
from tests.faults.site import Person, busy, kept_once, serve
from tests.faults.stage import ASSESS, Lost, Stage, Tally, holds, live_rows, rows, same
from tests.faults.warm import Started

Step = tuple[str, Callable[[Path], Started], Path, Callable[[Path], None]]


def freeze(started: Started) -> bool:
    """Stop every process of a command's group, and wait until they stand; False where it has ended."""
    if not started.alive_after(0):
        return False
    started.send(signal.SIGSTOP, everyone=True)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        states = [_state(int(pid.name)) for pid in Path("/proc").iterdir() if pid.name.isdecimal() and
                  _group(int(pid.name)) == started.pid]  # fmt: skip
        if all(state in "TtZX" for state in states):
            return True
        time.sleep(0.005)
    raise Lost("the processes do not stand still")


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def committed(wal: Path) -> int:
    """Length in bytes of a write-ahead log up to its newest commit frame (SQLite file format, section 4)."""
    data = wal.read_bytes() if wal.exists() else b""
    if len(data) < 32:
        return 0
    page = struct.unpack(">I", data[8:12])[0]
    salts, end, at = data[16:24], 32, 32
    while at + 24 + page <= len(data) and data[at + 8 : at + 16] == salts:
        if struct.unpack(">I", data[at + 4 : at + 8])[0]:
            end = at + 24 + page
        at += 24 + page
    return end


def copy(stage: Stage, home: Path, *, lied: bool = False) -> Path:
    """A frozen home as a power cut leaves it on the disk; with `lied`, the log may be cut anywhere at all."""
    made = stage.path("cut")
    shutil.copytree(home, made, symlinks=True)
    shutil.rmtree(made / "locks", ignore_errors=True)
    if stage.chance.random() < 0.5 or lied:
        (made / "coi.db-shm").unlink(missing_ok=True)
    wal = made / "coi.db-wal"
    if wal.exists() and not (made / "coi.db-shm").exists():
        sure = 0 if lied else committed(wal)
        with wal.open("r+b") as out:
            out.truncate(stage.chance.randint(sure, max(sure, wal.stat().st_size)))
    if (made / "coi.db").exists():
        _cut_archives(stage, made, home)
    return made


def _cut_archives(stage: Stage, made: Path, home: Path) -> None:
    try:
        ends = dict(rows(home, "select warc_file, max(warc_offset + warc_length) from captures group by 1"))
    except Exception:
        return  # the database has no tables yet
    for mark in (made / "archive").glob("*.open"):
        file = mark.with_suffix("")
        if file.exists():
            with file.open("r+b") as out:
                size, sure = file.stat().st_size, min(ends.get(file.name, 0), file.stat().st_size)
                out.truncate(stage.chance.randint(sure, size))
        if stage.chance.random() < 0.3:
            mark.unlink()


def _steps(stage: Stage) -> list[Step]:
    def live(home: Path) -> None:
        one, other = live_rows(stage.crawled), live_rows(home)
        for name in ("documents", "versions", "passages", "captured"):
            if one[name] != other[name]:
                raise Lost(f"{name} not as undisturbed: {len(other[name])} rows, expected {len(one[name])}")

    return [
        ("crawl", stage.crawl, stage.declared, live),
        ("tag", lambda home: stage.coi(home, "tag"), stage.crawled, lambda home: same(stage.tagged, home)),
        ("assess", lambda home: stage.coi(home, *ASSESS), stage.tagged, lambda home: same(stage.judged, home)),
    ]


def cut(stage: Stage, times: int) -> Tally:
    """Power cuts during crawl, tag, assess, alerts and decisions on the site."""
    tally = Tally("power cut", "the copy opens, verifies and goes on to the same rows, as the original; no act lost")
    steps, hits = _steps(stage), 0

    def one(step: Step) -> None:
        nonlocal hits
        hits += _step(stage, step, lied=False)

    for number in range(times):
        kind = number % 5
        if kind < 3:
            tally.one(lambda step=steps[kind]: one(step))  # type: ignore[misc]
        else:
            tally.one(lambda kind=kind: (_alerts, _site)[kind - 3](stage))  # type: ignore[misc]
    tally.note = f"{hits} during crawl, tag or assess, the others during alerts and decisions"
    return tally


def torn(stage: Stage, times: int) -> Tally:
    """The log cut at any offset, also before its newest commit."""
    tally = Tally("torn write-ahead log", "opens, verifies, audit chain whole; goes on to the same rows")
    steps, hits = _steps(stage), 0

    def one(step: Step) -> None:
        nonlocal hits
        hits += _step(stage, step, lied=True)

    for number in range(times):
        step = steps[number % 3]
        tally.one(lambda step=step: one(step))  # type: ignore[misc]
    tally.note = f"{hits} while the command ran"
    return tally


_TOOK: dict[str, float] = {}


def _step(stage: Stage, step: Step, *, lied: bool) -> bool:
    name, start, before, after = step
    if name not in _TOOK:
        _TOOK[name] = stage.done(start(stage.copy(before)))
    home = stage.copy(before)
    if (home / "coi.db").exists():
        connect(Home(home)).close()  # what stood before is in the database itself, and its log is empty
    started = start(home)
    started.alive_after(stage.chance.uniform(0.05, _TOOK[name]))
    froze = freeze(started)
    made = copy(stage, home, lied=lied)
    started.send(signal.SIGCONT, everyone=True)
    holds(made)
    stage.done(start(made))
    holds(made)
    after(made)
    stage.done(started)
    holds(home)
    after(home)
    return froze


def _alerts(stage: Stage) -> None:
    """Cut while messages go out: the copy sends what it had not noted, under the same Message-ID."""
    stage.box.taken.clear()
    home = kills_mail.desk(stage)
    started = kills_mail.alerts(stage, home)
    some = stage.chance.randrange(0, kills_mail.LETTERS)
    while len(stage.box.taken) < some and started.alive_after(0.002):
        pass
    freeze(started)
    made = copy(stage, home)
    started.send(signal.SIGKILL, everyone=True)  # the machine has no power
    started.wait()
    holds(made)
    stage.done(kills_mail.alerts(stage, made))
    stage.done(kills_mail.alerts(stage, made, kills_mail.LATER))
    holds(made)
    kills_mail.each_once(stage, made, 1)


def _site(stage: Stage) -> None:
    """Cut while people decide: what the site had answered stands in the copy."""
    home = stage.copy(stage.judged)
    started, base = serve(stage, home)
    people = [Person(name, base) for name in ("anna", "ben")]
    for person in people:
        person.sign_in()
    forms = [decisions(home, f"cut {p.name}", mine=n, of=2) for n, p in enumerate(people)]
    with busy(*zip(people, forms, strict=True)):
        started.alive_after(stage.chance.uniform(0.3, 1.5))
        freeze(started)
        answered = [set(person.acknowledged) for person in people]
        made = copy(stage, home)
        started.send(signal.SIGCONT, everyone=True)
    holds(made)
    held = {reason for (reason,) in rows(made, "select reason from tag_decisions")}
    if missing := set().union(*answered) - held:
        raise Lost(f"answered and not in the copy: {sorted(missing)[:3]}")
    kept_once(home, "tag_decisions", people)
    started.send(signal.SIGTERM, everyone=True)
    started.wait()
    again, _ = serve(stage, made)
    again.send(signal.SIGTERM, everyone=True)
    again.wait()
    holds(made)
