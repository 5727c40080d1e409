"""SIGTERM to everything that runs long, two schedulers on one home, and a run that takes longer than its cadence."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tests.faults.stage import Lost, Stage, Tally, holds, live_rows, rows
from tests.faults.warm import Cold, Started
from tests.local_site import Page

STOP_S = 40.0


def _only(stage: Stage, home: Path, *command: str, every_s: int = 0) -> Started:
    """A coi command that knows the home's own sources only."""
    return Cold("tests.faults.only", [str(every_s), *command], home=home, env=stage.env, out=stage.path("said"))


def _until(what: Callable[[], bool], started: Started, limit_s: float = 60.0) -> None:
    """Wait until something is so, while a command runs."""
    until = time.monotonic() + limit_s
    while not what():
        if not started.alive_after(0.05):
            raise Lost(f"ended with {started.status}: {started.said[-800:]}")
        if time.monotonic() > until:
            raise Lost(f"does not come to it: {started.said[-800:]}")


def _states(home: Path) -> list[str]:
    try:
        return [state for (state,) in rows(home, "select status from runs order by id")]
    except Exception:
        return []


@contextmanager
def slow(stage: Stage, seconds: float) -> Iterator[None]:
    """Let every page of the site wait so long."""
    page_content = Page.content

    def content(self: Page) -> bytes:
        time.sleep(seconds)
        return page_content.fget(self)  # type: ignore[attr-defined, no-any-return]

    Page.content = property(content)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Page.content = page_content  # type: ignore[method-assign]


def sigterm(stage: Stage, times: int) -> Tally:
    """Each command in the middle of a crawl (serve: idle): it ends soon, its run is noted, the same again goes on."""
    tally = Tally("SIGTERM", "ends by itself within seconds, run noted as interrupted, slot taken up, coi verify")
    commands = {
        "crawl": lambda home: stage.crawl(home, slot="due:x", delay_s=0.3),
        "update": lambda home: _only(stage, home, "update"),
        "schedule": lambda home: _only(stage, home, "schedule"),
        "up": lambda home: _only(stage, home, "up", "--port", "0"),
        "serve": lambda home: _only(stage, home, "serve", "--port", "0"),
    }
    for name, start in list(commands.items())[:times]:
        tally.one(lambda name=name, start=start: _stopped(stage, name, start))  # type: ignore[misc]
    tally.note = ", ".join(list(commands)[:times])
    return tally


def _stopped(stage: Stage, name: str, start: Callable[[Path], Started]) -> None:
    home = stage.copy(stage.crawled if name == "serve" else stage.declared)
    asked = len(stage.site.asked)
    started = start(home)
    if name == "serve":
        _until(lambda: "The site:" in started.said, started)
    else:
        _until(lambda: len(stage.site.asked) > asked + 2, started)
    began = time.monotonic()
    started.send(signal.SIGTERM, everyone=False)
    status = started.wait(STOP_S)
    took_s = time.monotonic() - began
    if "Traceback" in started.said:
        raise Lost(f"{name}: {started.said[-800:]}")
    if not started.group_gone():
        raise Lost(f"{name}: left processes behind")
    holds(home)
    if name == "serve":
        return
    if "running" in (states := _states(home)) and name in ("schedule", "up"):
        raise Lost(f"{name} ended with {status} after {took_s:.0f} s; runs are {states}")
    if (name in ("schedule", "up")) and not rows(home, "select 1 from settings where key like '%beat%' or 1"):
        raise Lost("no beat")
    slot = rows(home, "select slot from runs")[0][0]
    stage.done(stage.crawl(home, "now", slot))
    holds(home)
    if _states(home) != ["ok"]:
        raise Lost(f"{name}: the slot was not taken up: {_states(home)}")
    one, other = live_rows(stage.crawled), live_rows(home)
    if any(one[table] != other[table] for table in ("documents", "versions", "passages")):
        raise Lost(f"{name}: not as undisturbed")


def two_schedulers(stage: Stage, times: int) -> Tally:
    """A second scheduler (schedule, then up) is refused; the first goes on; killed, the next one starts at once."""
    tally = Tally("two schedulers", "the second says so and ends, the first goes on, after kill -9 the next one starts")
    for command in (("schedule",), ("up", "--port", "0"))[:times]:
        tally.one(lambda command=command: _two(stage, command))  # type: ignore[misc]
    return tally


def _two(stage: Stage, command: tuple[str, ...]) -> None:
    home = stage.copy(stage.declared)
    first = _only(stage, home, "schedule")
    _until(lambda: bool(_states(home)), first)
    second = _only(stage, home, *command)
    if second.wait(60) != 1 or "already schedules" not in second.said or "Traceback" in second.said:
        raise Lost(f"the second ended with {second.status}: {second.said[-600:]}")
    if not first.alive_after(0):
        raise Lost("the first ended")
    first.send(signal.SIGKILL, everyone=False)
    first.wait()
    third = _only(stage, home, *command)
    asked = len(stage.site.asked)
    _until(lambda: len(stage.site.asked) > asked + 1, third)
    third.send(signal.SIGTERM, everyone=False)
    third.wait(STOP_S)
    holds(home)
    slots = rows(home, "select slot from runs")
    if len(slots) != len(set(slots)):
        raise Lost(f"a slot twice: {slots}")


def slow_run(stage: Stage, times: int) -> Tally:
    """A source every 5 s whose run takes longer: never two runs at once, no turn passed over in silence."""
    tally = Tally("run longer than its cadence", "no two runs at once, each slot once, what is skipped is said")
    for _ in range(times):
        tally.one(lambda: _slow(stage, tally))
    return tally


def _slow(stage: Stage, tally: Tally) -> None:
    home = stage.copy(stage.declared)
    with slow(stage, 1.0):
        started = _only(stage, home, "schedule", every_s=5)
        _until(lambda: len([state for state in _states(home) if state != "running"]) >= 2, started, 180)
        started.send(signal.SIGTERM, everyone=False)
        started.wait(STOP_S + 30)
    holds(home)
    runs = rows(home, "select slot, started_at, ended_at, status from runs order by started_at")
    ended = [(start, end) for _, start, end, _ in runs]
    if any(later[0] < sooner[1] for sooner, later in pairwise(ended) if sooner[1]):
        raise Lost(f"two at once: {runs}")
    if len({slot for slot, *_ in runs}) != len(runs):
        raise Lost(f"a slot twice: {runs}")
    if "paper" not in started.said or "still runs" not in started.said:
        raise Lost(f"skipped turns are not said: {started.said[-600:]!r}")
    tally.note = f"{len(runs)} runs"
