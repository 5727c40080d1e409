"""A simulated year: one moratorium from decision to end, with a real mail server and a web hook that receive.

python -m tests.year [SEED]     prints every message that arrived, then whether each due one came exactly once

The clock is ours; register, method, store, processes and servers are real. What happens is in `HAPPENINGS`, what must
arrive, and when, stands in `tests.year_due` and was worked out by hand from the calendar. Two runs are killed with
SIGKILL at random moments, and for a day the mail server refuses everything.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

from review import assess as assessing
from review.alerts.desk import run
from review.alerts.seen import use_link
from store.db import connect, writing
from store.home import Home
from tests import year_world
from tests.alerts_world import HOOK, Hook, Mailbox, hook_server, mail_server, prepare, subscribe
from tests.year_due import Due, due

PROJECT = Path(__file__).resolve().parents[1]
HOURS = (time(0, 10), time(6, 40), time(16, 0))  # UTC: what the schedule does every ten minutes
EVENT = re.compile(r"^(?:Event|Gebeurtenis): (\S+)\r?$", re.MULTILINE)
LINK = re.compile(r"token=(\S+)")
WHOLE_RUN = 2000  # lines of ours in a run that sends two messages; a kill comes at a random one of them
REFUSED = date(2022, 10, 29)  # the day of the sixty-days stage
CRASHES = (date(2023, 2, 28), date(2023, 6, 21))  # stages of 120 and 7 days
UNSEEN = (date(2022, 12, 22), date(2023, 3, 30))  # what Anna does not acknowledge: before Christmas, before Easter


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message as it came: when (by our clock), to whom, by what, its subject and the events in it."""

    at: datetime
    to: str
    via: str
    subject: str
    keys: tuple[str, ...]


@dataclass
class Year:
    """The home, the servers, and the days one after the other."""

    home: Home
    box: Mailbox
    hook: Hook
    seed: int
    first: date = date(2022, 6, 20)
    last: date = date(2023, 7, 3)
    crashes: tuple[date, ...] = CRASHES
    arrived: list[Arrived] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    _mails: set[str] = field(default_factory=set)
    _posts: int = 0

    @property
    def environ(self) -> dict[str, str]:
        return {HOOK: self.hook.url}

    def live(self) -> None:
        """Every day of it."""
        dice = random.Random(self.seed)
        prepare(self.home, self.box, datetime.combine(self.first, time(5), UTC))
        subscribe(self.home, "anna", "deadline", "review_due", "status_fell", "source_broken")
        subscribe(self.home, "bert", "status_rose", "official_report", "evidence_withdrawn", "publication_due",
                  "publication_overdue", "publication_arrived", "source_recovered", channel="hook",
                  environ=self.environ)  # fmt: skip
        day = self.first
        while day <= self.last:
            for hour in HOURS:
                now = datetime.combine(day, hour, UTC)
                self.box.refuse = "451 try again later" if day == REFUSED else ""
                if hour == HOURS[1]:
                    self.happen(day)
                if hour == HOURS[0] and day in self.crashes:
                    self.crash(now, dice.randrange(1, WHOLE_RUN))
                run(self.home, now=now, environ=self.environ)
                self.collect(now)
            day += timedelta(days=1)

    def happen(self, day: date) -> None:
        """What the world does on a day, then the verdicts of that day."""
        with closing(connect(self.home)) as conn:
            acts: Mapping[date, Callable] = year_world.HAPPENINGS
            with writing(conn):
                if day == self.first:
                    year_world.begin(conn, f"{day}T04:00:00Z")
                if act := acts.get(day):
                    act(conn, f"{day}T05:00:00Z")
                year_world.every_day(conn, day)
            if day in acts:
                year_world.tag_new(conn, f"{day}T05:10:00Z")
            if year_world.is_judged(day):
                found = assessing.standing(
                    conn, as_of=day, basis="held", reading="provisional", country="RU", question="G1.3", today=day
                )
                with writing(conn):
                    assessing.keep(conn, found, at=f"{day}T05:30:00Z")

    def crash(self, now: datetime, lines: int) -> None:
        """One run in a process of its own that kills itself at a line."""
        environ = os.environ | self.environ | {"COI_HOME": str(self.home.path)}
        command = [sys.executable, "-m", "tests.alerts_run", now.isoformat(), f"run:{lines}"]
        ended = subprocess.run(command, cwd=PROJECT, env=environ, check=False).returncode
        self.killed.append(f"{now:%Y-%m-%d %H:%M} at line {lines}: " + ("killed" if ended == -9 else "had finished"))

    def collect(self, now: datetime) -> None:
        """Take note of what came since the last look; Anna acknowledges at once, but for what she leaves."""
        for mail in self.box.mailbox():
            name = str(mail["Message-ID"])
            if name in self._mails:
                continue
            self._mails.add(name)
            text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
            to = str(mail["To"]).split("@")[0].rsplit("<")[-1]
            self.arrived.append(Arrived(at=now, to=to, via="mail", subject=_subject(mail),
                                        keys=tuple(EVENT.findall(text))))  # fmt: skip
            if to == "anna" and now.date() not in UNSEEN:
                with closing(connect(self.home)) as conn, writing(conn):
                    for token in LINK.findall(text):
                        assert use_link(conn, self.home, token, now).new
        for post in self.hook.posted[self._posts :]:
            self.arrived.append(Arrived(at=now, to="bert", via="hook", subject=post["title"],
                                        keys=tuple(EVENT.findall(post["message"]))))  # fmt: skip
        self._posts = len(self.hook.posted)

    def faults(self) -> list[str]:
        """What should have come and did not, came twice, or on another day."""
        found = []
        came = [(one.at.date(), one.to, key, one.subject) for one in self.arrived for key in one.keys]
        for wanted in (one for one in due() if self.first <= one.on <= self.last):
            fits = [one for one in came if _fits(wanted, one)]
            if len(fits) != wanted.times:
                found.append(f"due {wanted}: came {len(fits)} times")
            came = [one for one in came if one not in fits]
        return found + [f"not due: {one}" for one in came]


def _fits(wanted: Due, one: tuple[date, str, str, str]) -> bool:
    day, to, key, subject = one
    return (day, to) == (wanted.on, wanted.to) and key.startswith(wanted.key) and wanted.subject in subject


def _subject(mail: EmailMessage) -> str:
    return " ".join(str(mail["Subject"]).split())


def main() -> int:
    """Live the year, print it, say what is wrong with it; 0 where nothing is."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory() as folder, mail_server() as box, hook_server() as hook:
        year = Year(Home(Path(folder) / "home"), box, hook, seed)
        year.live()
        for one in year.arrived:
            print(f"{one.at:%Y-%m-%d %H:%M}  {one.via:4} {one.to:5}  {one.subject}")
            for key in one.keys:
                print(f"                              {key}")
        copies = {name: times for name, times in box.times().items() if times > 1}
        faults = year.faults()
        events = sum(len(one.keys) for one in year.arrived)
        print(f"\nseed {seed}: {len(year.arrived)} messages, {events} events; {box.refused} refused on {REFUSED}")
        print("crashes: " + "; ".join(year.killed))
        print(f"sent again under the same Message-ID after a crash: {len(copies)}")
        print(
            "\n".join(faults)
            if faults
            else f"each of {sum(one.times for one in due())} due came exactly once, on its day"
        )
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
