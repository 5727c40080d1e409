"""Kill -9 while alerts are raised, written and delivered to a real mail server."""

import signal
from datetime import datetime
from pathlib import Path

from store.home import Home
from tests.alerts_world import at, prepare, subscribe
from tests.faults.stage import Lost, Stage, Tally, holds, rows
from tests.faults.warm import Started

BEGUN, WHEN, LATER = "2022-06-20 05:00", "2022-08-30 06:00", "2022-08-30 06:10"
LETTERS = 4  # what the two people who subscribed must be told by WHEN


def desk(stage: Stage) -> Path:
    """A home with two people who are told of deadlines, before the first is due."""
    home = Home(stage.path("desk"))
    prepare(home, stage.box, at(BEGUN))
    for person in ("anna", "bert"):
        subscribe(home, person, "deadline")
    return home.path


def alerts(stage: Stage, home: Path, when: str = WHEN, clock: Path | None = None) -> Started:
    """Start `coi alerts` at an instant."""
    now = datetime.fromisoformat(f"{when}+00:00").strftime("%Y-%m-%dT%H:%M:%SZ")
    return stage.coi(home, "alerts", "--now", now, clock=clock)


def each_once(stage: Stage, home: Path, extra: int) -> None:
    """Raise Lost unless each message came, and none more often than crashes allow, under the same Message-ID."""
    box = stage.box
    if len(box.mailbox()) != LETTERS or len(box.taken) > LETTERS + extra:
        raise Lost(f"{len(box.mailbox())} messages in {len(box.taken)} deliveries, {LETTERS} due, {extra} crashes")
    for one in box.taken:
        first = next(mail for mail in box.taken if mail["Message-ID"] == one["Message-ID"])
        if one.get_body(("plain",)).get_content() != first.get_body(("plain",)).get_content():  # type: ignore[union-attr]
            raise Lost(f"{one['Message-ID']} came again with other words")
    if {state for (state,) in rows(home, "select state from letter_states")} != {"sent"}:
        raise Lost("a message is not noted as sent")


def _comes(stage: Stage, started: Started, whole_s: float) -> bool:
    """Wait for a random moment: any, or soon after a message was taken; whether the process runs then."""
    if stage.chance.random() < 0.4:
        return started.alive_after(stage.chance.uniform(0.01, whole_s))
    most = len(stage.box.taken) + stage.chance.randrange(1, LETTERS)
    while len(stage.box.taken) < most and started.alive_after(0.002):
        pass
    return started.alive_after(stage.chance.uniform(0, 0.02))


def deliver(stage: Stage, times: int) -> Tally:
    """`coi alerts`, killed once to five times, then undisturbed, then once more: nothing to do."""
    tally = Tally("kill -9 in alerts", "coi verify, each message came, one more only after a crash and with its own id")
    before = desk(stage)
    calm = stage.copy(before)
    whole_s, caught = stage.done(alerts(stage, calm)), 0
    each_once(stage, calm, 0)
    while tally.times < times:
        home, hits = stage.copy(before), 0
        wanted = min(stage.chance.choice((1, 3, 4, 5)), times - tally.times)
        stage.box.taken.clear()

        def shaken(home: Path = home, wanted: int = wanted) -> None:
            nonlocal hits, caught, whole_s
            for _ in range(wanted):
                started = alerts(stage, home)
                if _comes(stage, started, whole_s):
                    started.send(signal.SIGKILL, everyone=True)
                    hits += 1
                started.wait()
                holds(home)
                caught += rows(home, "select count(*) from letters")[0][0] > 0 and len(stage.box.mailbox()) < LETTERS
            whole_s = 0.7 * whole_s + 0.3 * stage.done(alerts(stage, home))
            stage.done(alerts(stage, home, LATER))
            holds(home)
            each_once(stage, home, hits)

        known = len(tally.lost)
        tally.one(shaken, faults=0)
        tally.times += hits
        tally.survived += hits if len(tally.lost) == known else 0
    tally.note = f"{caught} between the first letter and the last message"
    return tally
