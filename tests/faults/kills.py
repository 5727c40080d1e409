"""Kill -9 at random moments of the steps that fill a home: crawl, replay, tag, assess.

Every home is killed once to five times, then the same command runs undisturbed, and the home must hold what one holds
that was never disturbed. A kill counts only when the process was alive; it was "in the middle" when the rows that it
left are neither those before nor those at the end. Every second kill takes the whole process group, the others only
the parent: its crawl then runs on for a moment beside the next one.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.stage import ASSESS, ROWS, Lost, Stage, Tally, counts, holds, same
from tests.faults.warm import Started

CHECKED = "coi verify, no document or version twice, final rows as undisturbed"
MOST_TRIES = 4  # starts for each kill; a start whose process ended before its moment is not counted


@dataclass
class Kill:
    """One step: how it starts, the home before it, and what must hold when it came to its end."""

    name: str
    start: Callable[[Path], Started]
    before: Path
    after: Callable[[Path], None]
    whole_s: float = 0.0  # how long it takes undisturbed, as last seen

    def run(self, stage: Stage, times: int) -> Tally:
        """Kill it so many times."""
        tally = Tally(f"kill -9 in {self.name}", CHECKED)
        calm = stage.copy(self.before)
        self.whole_s = stage.done(self.start(calm))
        final, caught, tries = counts(calm), 0, 0
        while tally.times < times and tries < MOST_TRIES * times:
            home, hits = stage.copy(self.before), 0
            wanted = min(stage.chance.choice((1, 3, 4, 5)), times - tally.times)

            def shaken(home: Path = home, wanted: int = wanted) -> None:
                nonlocal hits, caught, tries
                for _ in range(wanted):
                    tries, seen = tries + 1, counts(home)
                    if not self._killed(stage, home, everyone=(tally.times + hits) % 2 == 0):
                        break  # it was done before its moment came
                    hits += 1
                    holds(home)
                    caught += counts(home) not in (seen, final)
                self.whole_s = 0.7 * self.whole_s + 0.3 * stage.done(self.start(home))
                holds(home)
                self.after(home)

            before = len(tally.lost)
            tally.one(shaken, faults=0)
            tally.times += hits
            tally.survived += hits if len(tally.lost) == before else 0
        tally.note = f"{caught} in the middle of its rows"
        return tally

    def _killed(self, stage: Stage, home: Path, *, everyone: bool) -> bool:
        started = self.start(home)
        if not started.alive_after(stage.chance.uniform(0.01, self.whole_s)):
            if started.status:
                raise Lost(f"ended with {started.status}: {started.said[-1500:]}")
            return False
        started.send(signal.SIGKILL, everyone=everyone)
        return started.wait() == -signal.SIGKILL


def crawl(stage: Stage, times: int) -> Tally:
    """A live crawl of the local site; the same slot takes it up."""
    calm = stage.crawled
    return Kill("a live crawl", stage.crawl, stage.declared, lambda home: same(calm, home, live=True)).run(stage, times)


def replay(stage: Stage, times: int) -> Tally:
    """Taking in and reading an archive with articles, a PDF and an edit."""
    files = [part for path in stage.archives for part in ("--from", str(path))]

    def start(home: Path) -> Started:
        return stage.coi(home, "crawl", "--source", "paper", *files)

    calm = stage.copy(stage.declared)
    stage.done(start(calm))
    return Kill("replay and reading", start, stage.declared, lambda home: same(calm, home)).run(stage, times)


def tag(stage: Stage, times: int) -> Tally:
    """Tagging, origins, evidence."""
    calm = stage.tagged
    return Kill("tag, origins, evidence", lambda home: stage.coi(home, "tag"), stage.crawled,
                lambda home: same(calm, home)).run(stage, times)  # fmt: skip


def assess(stage: Stage, times: int) -> Tally:
    """Judging a day; verdicts and their seals."""
    calm = stage.judged
    kept = [name for name in ROWS if name != "runs"]
    return Kill("assess", lambda home: stage.coi(home, *ASSESS), stage.tagged,
                lambda home: same(calm, home, kept)).run(stage, times)  # fmt: skip
