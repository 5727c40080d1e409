"""Another process holds the database's write lock: for less than our patience (60 s), and for longer.

Less: whoever writes waits and then goes on. Longer: it ends and says who must let go, or the site says so on a page;
nothing half done is kept, and the same again works. All are done side by side, each on a home of its own.
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import kills_mail
from tests.faults.kills_people import decisions
from tests.faults.site import Person, kept_once, serve
from tests.faults.stage import ASSESS, Lost, Stage, Tally, holds, live_rows, rows, same

PATIENCE_S = 60
HOLD = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
conn.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(home: Path) -> Iterator[Callable[[], None]]:
    """Another process holds the write lock of a home, until the yielded function is called."""
    command = [sys.executable, "-c", HOLD, str(home / "coi.db")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdin and holder.stdout

    def let_go() -> None:
        if holder.poll() is None:
            holder.communicate()

    assert holder.stdout.readline() == b"held\n"
    try:
        yield let_go
    finally:
        let_go()


def all_at_once(stage: Stage, times: int) -> Tally:
    """A crawl, a judgement, alerts, a decision on the site: each for 50 s; and all but alerts until they give up.

    Nobody gives up before PATIENCE_S have passed since they first asked, which on a busy machine may be late.
    """
    tally = Tally("database locked for a minute", "waits and goes on; longer: says so, and the same again works")
    short, long = (2.0, None) if stage.short else (50.0, PATIENCE_S + 180.0)
    jobs: list[Callable[[], None]] = [
        lambda: _assess(stage, short, waits=True), lambda: _site(stage, short, waits=True),
        lambda: _crawl(stage, short, waits=True), lambda: _alerts(stage, short, waits=True),
    ]  # fmt: skip
    if long is not None:
        jobs += [lambda: _assess(stage, long, waits=False), lambda: _site(stage, long, waits=False),
                 lambda: _crawl(stage, long, waits=False)]  # fmt: skip
    _ = stage.judged, stage.archives  # made before, and not by several threads
    threads = [threading.Thread(target=tally.one, args=(job,)) for job in jobs[: times + 1]]
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    tally.note = f"held for {short:.0f} s" + (", and until they give up" if long else "")
    return tally


def _assess(stage: Stage, hold_s: float, *, waits: bool) -> None:
    home = stage.copy(stage.tagged)
    with held(home) as let_go:
        started = stage.coi(home, *ASSESS)
        _ended_or_not(started.alive_after(hold_s), started, waits)
        let_go()
        started.wait()
    holds(home)
    if not waits:
        stage.done(stage.coi(home, *ASSESS))
    elif started.status != 0:
        raise Lost(started.said[-800:])
    same(stage.judged, home)


def _ended_or_not(alive: bool, started, waits: bool) -> None:
    if alive != waits:
        raise Lost(f"{'runs' if alive else 'ended'} where it should not: {started.said[-800:]!r}")
    if not waits and (started.status != 1 or "lock" not in started.said or "Traceback" in started.said):
        raise Lost(f"ended with {started.status}: {started.said[-800:]!r}")


def _crawl(stage: Stage, hold_s: float, *, waits: bool) -> None:
    home = stage.copy(stage.declared)
    started = stage.crawl(home, delay_s=0.2)
    while not (home / "coi.db").exists() or not _begun(home):
        if not started.alive_after(0.05):
            raise Lost(f"ended early: {started.said[-500:]}")
    with held(home) as let_go:
        alive = started.alive_after(hold_s)
        if waits and not alive:
            raise Lost(f"did not wait: {started.said[-800:]!r}")
        let_go()
        started.wait()
    holds(home)
    if waits and started.status != 0:
        raise Lost(started.said[-800:])
    if not waits:
        ended = rows(home, "select status, message from runs")
        if started.status != 1 or "lock" not in started.said or ended[0][0] in ("ok", "partial"):
            raise Lost(f"ended with {started.status} as {ended}: {started.said[-1200:]!r}")
        stage.done(stage.crawl(home, slot="t"))
    one, other = live_rows(stage.crawled), live_rows(home)
    for name in ("documents", "versions", "passages", "captured"):
        if one[name] != other[name]:
            raise Lost(f"{name} not as undisturbed: {len(other[name])} rows, expected {len(one[name])}")


def _begun(home: Path) -> bool:
    try:
        return bool(rows(home, "select 1 from runs"))
    except Exception:
        return False


def _alerts(stage: Stage, hold_s: float, *, waits: bool) -> None:
    stage.box.taken.clear()
    home = kills_mail.desk(stage)
    with held(home) as let_go:
        started = kills_mail.alerts(stage, home)
        _ended_or_not(started.alive_after(hold_s), started, waits)
        let_go()
        started.wait()
    holds(home)
    stage.done(kills_mail.alerts(stage, home, kills_mail.LATER))
    kills_mail.each_once(stage, home, 0)


def _site(stage: Stage, hold_s: float, *, waits: bool) -> None:
    home = stage.copy(stage.judged)
    started, base = serve(stage, home)
    anna = Person("anna", base)
    anna.sign_in()
    forms = decisions(home, "locked")
    path, fields = next(forms)
    with held(home) as let_go:
        sending = threading.Thread(target=anna.send, args=(path, fields))
        sending.start()
        reading = anna.client.get("/", timeout=30).status_code  # people go on reading
        sending.join(hold_s)
        if sending.is_alive() != waits or reading != 200:
            raise Lost(f"answered: {not sending.is_alive()}; reading {reading}; {anna.refused} {anna.acknowledged}")
        let_go()
        sending.join()
    if not waits:
        (said,) = anna.refused.values()
        if (
            not said.startswith("503")
            or "locked" not in said
            or anna.acknowledged
            or rows(home, "select 1 from tag_decisions")
        ):
            raise Lost(f"{said}; {anna.acknowledged}")
        anna.send(path, fields)
    if len(anna.acknowledged) != 1:
        raise Lost(f"not taken: {anna.refused}")
    kept_once(home, "tag_decisions", [anna])
    started.send(signal.SIGTERM, everyone=True)
    started.wait()
    holds(home)
