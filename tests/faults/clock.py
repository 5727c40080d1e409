"""The clock steps back: crawl, sign-off, alerts and sessions under libfaketime, whose offset a file names.

What must hold: nothing is lost, no message comes twice, a session that was ended stays ended, and no act counts as done
before what it rests on.
"""

from pathlib import Path

from tests.faults import kills_mail
from tests.faults.kills_people import decisions
from tests.faults.site import Person, kept_once, serve, soon
from tests.faults.stage import SAYS, Lost, Stage, Tally, holds, publish, rows

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


class Clock:
    """The file that says how far the clock is off."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set("+0")

    def set(self, offset: str) -> None:
        made = self.path.with_suffix(".new")
        made.write_text(f"{offset}\n")
        made.replace(self.path)


def back(stage: Stage, times: int) -> Tally:
    """One after the other: crawl, sessions, sign-off, alerts."""
    tally = Tally("clock stepping back", "nothing lost or doubled, no act before what it rests on, no message twice")
    if not LIBRARY.exists():
        tally.note = "left out: libfaketime is not installed"
        return tally
    clock = Clock(stage.folder / "clock")
    for does in (_crawl, _sessions, _signoff, _alerts)[:times]:
        clock.set("+0")
        tally.one(lambda does=does: does(stage, clock))  # type: ignore[misc]
    tally.note = "crawl, sessions, sign-off, alerts"
    return tally


def _crawl(stage: Stage, clock: Clock) -> None:
    """An edit that is fetched while the clock is five hours behind is kept, and shown when the clock is right."""
    home = stage.copy(stage.declared)
    stage.done(stage.crawl(home, "now", "1", clock=clock.path))
    stage.site.article("/a0", f"{SAYS[0].format(n=77, month='June')} A correction was added.")
    try:
        clock.set("-5h")
        stage.done(stage.crawl(home, "now", "2", clock=clock.path))
        holds(home)
        if rows(home, "select count(*) from versions v where text like '%A correction was added%'")[0][0] < 1:
            raise Lost("the edit was not kept")
        clock.set("+0")
        stage.done(stage.crawl(home, "now", "3", clock=clock.path))
    finally:
        publish(stage.site, stage.articles)
    holds(home)
    shown = rows(
        home, "select v.text from current_versions v join documents d on d.id = v.document_id where d.key = 'id-/a0'"
    )
    if "A correction was added" not in shown[0][0]:
        raise Lost("the edit is not shown")
    if twice := rows(home, "select document_id from versions group by document_id, text_sha256 having count(*) > 1"):
        raise Lost(f"the same text twice in documents {twice}")
    early = rows(home, "select id from versions where recorded_at < seen_at")
    if early:
        raise Lost(f"versions recorded before they were seen: {early}")


def _sessions(stage: Stage, clock: Clock) -> None:
    home = stage.copy(stage.judged)
    started, base = serve(stage, home, clock=clock.path)
    anna, ben = Person("anna", base), Person("ben", base)
    for person in (anna, ben):
        person.sign_in()
    forms = decisions(home, "clock")
    clock.set("-5h")
    if not anna.is_in():
        raise Lost("a session ended because the clock stepped back")
    anna.send(*next(forms))
    ended = dict(ben.client.cookies)
    ben.post("/-/logout", {})
    anna.send(*next(forms))
    clock.set("-9h")
    ben.client.cookies.update(ended)
    if ben.is_in():
        raise Lost("a session that was signed out holds again")
    started.send(15, everyone=True)
    started.wait()
    started, _ = serve(stage, home, int(base.rpartition(":")[2]), clock=clock.path)
    if ben.is_in() or not anna.is_in():
        raise Lost("after a start by the wrong clock, who is signed in is another")
    clock.set("+13h")
    if anna.is_in():
        raise Lost("a session holds longer than it may")
    started.send(15, everyone=True)
    started.wait()
    kept_once(home, "tag_decisions", [anna])
    if len(anna.acknowledged) != 2:
        raise Lost(f"refused: {anna.refused}")
    holds(home)


def _signoff(stage: Stage, clock: Clock) -> None:
    """Proposed today, approved when the clock says yesterday: it is not known yesterday."""
    home = stage.copy(stage.judged)
    propose = ("signoff", "propose", "RU", "G1.3", "--status", "insufficient", "--review-on", soon(), "--reason", "why",
               "--by", "anna")  # fmt: skip
    stage.done(stage.coi(home, *propose, clock=clock.path))
    clock.set("-26h")
    number = rows(home, "select id from signoffs")[0][0]
    answer = stage.coi(home, "signoff", "approve", str(number), "--reason", "fine", "--by", "ben", clock=clock.path)
    answer.wait()
    holds(home)
    acts = rows(home, "select id, signed_at from signoffs order by id")
    if answer.status == 0 and (len(acts) != 2 or acts[1][1] < acts[0][1]):
        raise Lost(f"approved before it was proposed: {acts}")
    if answer.status != 0:
        if len(acts) != 1 or "clock" not in answer.said:
            raise Lost(f"ended with {answer.status}: {answer.said[-500:]!r}")
        clock.set("+0")
        stage.done(stage.coi(home, "signoff", "approve", str(number), "--reason", "fine", "--by", "ben",
                             clock=clock.path))  # fmt: skip


def _alerts(stage: Stage, clock: Clock) -> None:
    stage.box.taken.clear()
    home = kills_mail.desk(stage)
    for when in ("2022-08-30 06:00", "2022-08-30 03:00", "2022-08-27 06:00", "2022-08-30 06:10"):
        clock.set(f"@{when}:00")
        started = stage.coi(home, "alerts", clock=clock.path)
        stage.done(started)
        holds(home)
    kills_mail.each_once(stage, home, 0)
