"""A simulated day: the shipped sources on local servers, crawled hour by hour as `coi crawl --due` would.

python -m tests.day            prints the day, then whether nothing was lost, doubled or passed over in silence

Clock and servers are ours; HTTP, processes, archive and store are real. Five sources break, each in its own way, and
two of them recover; one hour is killed with SIGKILL in its middle and run again.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawler.due import is_crawled, scheduling, turns
from crawler.source import SHIPPED, Source, load_sources
from crawler.states import BAD, State
from crawler.steps import watch
from crawler.watchdog import CRON
from store.clock import instant
from store.db import connect_readonly
from store.home import Home
from store.verify import database_problems
from tests import day_sites
from tests.day_sites import FIRST_NUMBER, LEFT_OUT, MARK, SIMULATED, Broken, Item, Publisher, open_for_the_day

MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)  # a Wednesday: what keeps office hours is open
SHORTENED_S = 8 * 3600  # what is asked once a day or a week is asked that often, so that the day sees it
TIMEOUT_S = 1.5  # of a whole answer; 120 on the live web
PROJECT = Path(__file__).resolve().parents[1]
SETTINGS = {"COI_CONTACT": "tests@example.org", "COI_RELIEFWEB_APPNAME": "example-tests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """How a source breaks and from when to when (hours after midnight); `says` must stand in the event's message."""

    source_id: str
    how: Callable[[Publisher, threading.Event], Broken]
    begins_h: float
    ends_h: float | None
    says: str

    @property
    def begins(self) -> datetime:
        return MIDNIGHT + timedelta(hours=self.begins_h)

    def is_on(self, now: datetime) -> bool:
        return self.begins <= now and (self.ends_h is None or now < MIDNIGHT + timedelta(hours=self.ends_h))


def breaks(first_h: float, last_h: float) -> tuple[Break, ...]:
    """The five breaks between two hours; two of them end in between. They begin just after a tick: the worst moment."""
    middle = first_h + (last_h - first_h) * 0.4
    return (
        Break(source_id="koop_kamerstukken_19637", how=lambda *_: day_sites.diagnostics, begins_h=first_h,
              ends_h=middle, says="info:srw/diagnostic/1/2"),
        Break(source_id="rferl", how=lambda *_: day_sites.eleven_bytes, begins_h=first_h, ends_h=None, says="11 bytes"),
        Break(source_id="tweedekamer_brieven", how=lambda *_: day_sites.maintenance_page, begins_h=first_h,
              ends_h=middle, says="HTML ('"),
        Break(source_id="dutchnews", how=lambda _, end: day_sites.silence(end), begins_h=first_h, ends_h=None,
              says="Timeout"),
        Break(source_id="rijksoverheid_moratorium", how=lambda site, _: day_sites.always_full(site), begins_h=first_h,
              ends_h=None, says="20 items"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which hours are crawled, what breaks, which hour is killed, and cadences (seconds) other than the declared."""

    hours: Sequence[int]
    breaks: tuple[Break, ...]
    killed_h: int
    killed_after: int  # requests
    every_s: Mapping[str, int] = field(default_factory=dict)
    left_out: frozenset[str] = LEFT_OUT


_SHIPPED = load_sources()
_BROKEN = frozenset(one.source_id for one in breaks(0, 1))
WHOLE = Plan(hours=range(24), breaks=breaks(7.05, 20.05), killed_h=14, killed_after=40)
SHORT = Plan(  # without the longest feeds; the others once, then those that break, once an hour
    hours=range(6, 11), breaks=breaks(6.05, 10.05), killed_h=7, killed_after=12,
    every_s=dict.fromkeys(_SHIPPED, 12 * 3600) | dict.fromkeys(_BROKEN, 3600),
    left_out=LEFT_OUT | {name for name, one in _SHIPPED.items() if one.expect and one.expect.min_rows > 6} - _BROKEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What one hour came to."""

    now: datetime
    results: tuple[dict[str, object], ...]
    events: tuple[sqlite3.Row, ...]
    took_s: float

    def counted(self, name: str) -> int:
        return sum(result["counts"][name] for result in self.results)  # type: ignore[index]


class Day:
    """The servers, the home, and the hours one after the other."""

    def __init__(self, home: Home, plan: Plan) -> None:
        self.home, self.plan = home, plan
        self.ticks: list[Tick] = []
        self.half = 0  # runs that the kill cut off
        crawled = {name: one for name, one in _SHIPPED.items() if is_crawled(one) and name not in plan.left_out}
        self.publishers = {name: Publisher(one) for name, one in crawled.items() if one.shape in SIMULATED}
        self.over, self.requests = threading.Event(), threading.Semaphore(0)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Declare the sources at their local servers, and serve them."""
        before = dict(os.environ)
        with open_for_the_day(self.publishers.values()):
            self.home.create()
            folder = self.home.declared / "sources"
            folder.mkdir(exist_ok=True)
            for name, publisher in self.publishers.items():
                (folder / f"{name}.toml").write_text(self._declaration(name, publisher), "utf-8")
            declared = load_sources([folder])
            self.sources: dict[str, Source] = {name: declared[name] for name in self.publishers}
            for name, publisher in self.publishers.items():
                publisher.source = declared[name]
                publisher.items = list(_items(declared[name]))
                publisher.on_asked = self.requests.release
            hosts = ",".join(urlsplit(publisher.url).netloc for publisher in self.publishers.values())
            os.environ.update(SETTINGS | {"COI_ALLOW_HOSTS": hosts, "COI_HOME": str(self.home.path)})
            try:
                yield
            finally:
                self.over.set()
                os.environ.clear()
                os.environ.update(before)

    def _declaration(self, name: str, publisher: Publisher) -> str:
        """The shipped file, with its addresses led to the local server; of what is rare, the cadence shortened."""
        text = (SHIPPED / f"{name}.toml").read_text("utf-8")
        text = re.sub(r"(?m)^(?:start|listing)\s*=.*", lambda line: re.sub(
            r"https?://[^/\"]+", publisher.url, line[0]), text)  # fmt: skip
        every_s = self.plan.every_s.get(name, min(publisher.source.every_s or 0, SHORTENED_S))
        return re.sub(r"(?m)^every\s*=.*", f'every = "{every_s // 60} minutes"', text)

    def run(self, say: Callable[[Tick], None] = lambda tick: None) -> None:
        """Every hour of the plan."""
        for hour in self.plan.hours:
            now = MIDNIGHT + timedelta(hours=hour)
            for publisher in self.publishers.values():
                publisher.now, publisher.broken = now, None
            for one in self.plan.breaks:
                if one.is_on(now):
                    publisher = self.publishers[one.source_id]
                    publisher.broken = one.how(publisher, self.over)
            if hour == self.plan.killed_h:
                self.killed(now)
            self.ticks.append(self.tick(self.home, now))
            say(self.ticks[-1])

    def killed(self, now: datetime) -> None:
        """Begin the hour and kill it in its middle; beforehand, let a copy of the home have the hour in peace."""
        calm = Home(self.home.path.with_name("calm"))
        shutil.copytree(self.home.path, calm.path)
        self.tick(calm, now)
        while self.requests.acquire(blocking=False):
            pass
        process = self._start(self.home, now, self._due(self.home, now))
        try:
            for _ in range(self.plan.killed_after):
                assert self.requests.acquire(timeout=20), "the crawl asked too little to be killed in its middle"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        self.half = _all(self.home, "select count(*) as n from runs where status = 'running'")[0]["n"]

    def tick(self, home: Home, now: datetime) -> Tick:
        """One hour, as cron's `coi crawl --due` does it; its crawls share one process, for speed."""
        began = time.monotonic()
        known = _all(home, "select max(id) as id from source_events")[0]["id"] or 0 if home.database.exists() else 0
        with scheduling(home):
            due = self._due(home, now)
            process = self._start(home, now, due)
            said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, f"the crawl of {now:%H:%M} ended with {process.returncode}"
        results = tuple(heard for line in said.splitlines() if (heard := json.loads(line))["event"] == "result")
        events = tuple(_all(home, "select * from source_events where id > ? order by id", known))
        return Tick(now=now, results=results, events=events, took_s=time.monotonic() - began)

    def _due(self, home: Home, now: datetime) -> list[str]:
        watch(home, now, by=CRON, sources=self.sources)
        return [turn.source.id for turn in turns(home, self.sources, now) if turn.is_due]

    def _start(self, home: Home, now: datetime, due: Sequence[str]) -> subprocess.Popen[str]:
        chosen = [part for name in due for part in ("--source", name)]
        at = instant(now)
        command = [sys.executable, "-m", "tests.day", "crawl", "--home", str(home.path), "--slot", f"due:{at}",
                   "--now", at, "--local-delay-s", "0", "--json", *chosen]  # fmt: skip
        return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True)

    # what must be true at the end --------------------------------------------------------------------------------

    def problems(self) -> Iterator[str]:
        """Every way in which the day was not as it should be, in words."""
        broken = {one.source_id: one for one in self.plan.breaks}
        for name, publisher in self.publishers.items():
            yield from self._documents(publisher)
            states = [(row["kind"], row["after"]) for row in self.events(name)]
            if name not in broken and states != [("run", State.OK)]:
                yield f"{name} was not disturbed, and its events are {states}"
        for one in self.plan.breaks:
            yield from self._noticed(one)
        with closing(connect_readonly(self.home)) as conn:
            yield from database_problems(conn)
        calm, here = (self._kept(home) for home in (Home(self.home.path.with_name("calm")), self.home))
        if calm - here:
            yield f"the killed hour has lost {list(calm - here)[:3]}"

    def events(self, name: str) -> list[sqlite3.Row]:
        return _all(self.home, "select * from source_events where source_id = ? order by id", name)

    def _documents(self, publisher: Publisher) -> Iterator[str]:
        """Each item that was listed is one document, and says what its page said; nothing else is held."""
        name = publisher.source.id
        held = _all(self.home, """select d.title, d.url, v.text from documents d join current_versions v
            on v.document_id = d.id where d.source_id = ?""", name)  # fmt: skip
        if not publisher.items:
            if len(held) != len(publisher.source.starts):
                yield f"{name}: {len(held)} documents of {len(publisher.source.starts)} watched pages"
            return
        marks = Counter(_number(row["title"], row["url"]) for row in held)
        if lost := publisher.listed - set(marks):
            yield f"{name}: lost {sorted(lost)} of {len(publisher.listed)}"
        if more := {mark: n for mark, n in marks.items() if n > 1 or mark not in publisher.listed}:
            yield f"{name}: doubled or never listed: {more}"
        for row in held:
            if (found := MARK.search(row["text"])) and int(found[1]) != _number(row["title"], row["url"]):
                yield f"{name}: {row['title']} ({row['url']}) holds the text of {found[0]}"

    def _noticed(self, one: Break) -> Iterator[str]:
        """A break is an event within a cadence, no run of it looks well, and its end is an event."""
        name, source, events = one.source_id, self.sources[one.source_id], self.events(one.source_id)
        within = instant(one.begins + timedelta(seconds=source.every_s or 0))
        told = (row for row in events if row["kind"] == "run" and row["after"] in BAD)
        first = next((row for row in told if row["at"] >= instant(one.begins)), None)
        if first is None or first["at"] > within:
            yield f"{name}: broke at {one.begins:%H:%M}, told {first['at'] if first else 'never'}"
        elif one.says not in first["message"]:
            yield f"{name}: the event does not say {one.says!r}: {first['message']}"
        rounds = _all(self.home, "select * from runs where source_id = ? order by started_at", name)
        during = [row for row in rounds if one.is_on(datetime.fromisoformat(row["started_at"]))]
        if not during or {row["status"] for row in during} != {"failed"}:
            yield f"{name}: while it was broken its runs were {[row['status'] for row in during]}"
        last = events[-1]
        if one.ends_h is not None and (last["after"] != State.OK or "answers again" not in last["message"]):
            yield f"{name}: its recovery is no event, but {last['after']}: {last['message']}"
        if one.ends_h is None and last["after"] not in BAD:
            yield f"{name}: it never recovered, and its state is {last['after']}"

    def _kept(self, home: Home) -> set[tuple[object, ...]]:
        return {tuple(row) for row in _all(home, """
            select d.source_id, d.key, d.title, v.text_sha256 from versions v join documents d on d.id = v.document_id
            union all select source_id, before, after, kind from source_events""")}  # fmt: skip


def _number(title: str, url: str) -> int:
    """Which item a document is: by its title, or where a file has one of its own, by its address; 0 for neither."""
    found = MARK.search(title) or re.search(r"(9\d{5})", url)
    return int(found[1]) if found else 0


def _items(source: Source) -> Iterator[Item]:
    """What a publisher brings out: some before the day, then one a cadence (of hourly ones: one in two hours)."""
    if source.shape.value == "watch":
        return
    before = max(source.expect.min_rows if source.expect else 1, 3) + 1
    apart = timedelta(days=2) if source.shape.value == "rijksoverheid_rss" else timedelta(hours=1)
    before = 25 if source.shape.value == "rijksoverheid_rss" else before  # more than one answer holds
    for number in range(before):
        yield Item(number=FIRST_NUMBER + number, at=MIDNIGHT - (before - number) * apart)
    step = timedelta(seconds=max(source.every_s or 0, 7200))
    at, number = MIDNIGHT + timedelta(minutes=20), before
    while at < MIDNIGHT + timedelta(days=1):
        yield Item(number=FIRST_NUMBER + number, at=at)
        at, number = at + step, number + 1


def _all(home: Home, sql: str, *values: object) -> list[sqlite3.Row]:
    with closing(connect_readonly(home)) as conn:
        return conn.execute(sql, values).fetchall()


def crawl(arguments: list[str]) -> int:
    """A crawling process whose requests time out soon; everything else is the crawler's own."""
    from crawler import settings  # Scrapy is loaded only here
    from crawler.child import main as child

    settings._COMMON["DOWNLOAD_TIMEOUT"] = TIMEOUT_S
    return child(arguments)


def line_of(tick: Tick) -> str:
    """An hour in one line, and a line for each event but the first success."""
    bad = Counter(str(result["status"]) for result in tick.results)
    more = ", ".join(f"{n} {status}" for status, n in sorted(bad.items()) if status != "ok")
    first = sum(row["before"] == "never_run" and row["after"] == "ok" for row in tick.events)
    lines = [f"{tick.now:%H:%M} {len(tick.results):5} {tick.counted('new'):5} {tick.counted('changed'):8} "
             f"{tick.counted('unchanged'):10} {tick.took_s:7.1f}  {more}"]  # fmt: skip
    lines += [f"        {first} sources answer for the first time"] if first else []
    lines += [
        f"        {row['source_id']}: {row['before']} -> {row['after']}: {_short(row)}"
        for row in tick.events
        if row["before"] != "never_run" or row["after"] != "ok"
    ]
    return "\n".join(lines)


def _short(row: sqlite3.Row) -> str:
    """What an event says, without the addresses."""
    return re.sub(r"https?://\S+: |" + re.escape(f"{row['source_id']}: "), "", row["message"])[:130]


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Home(Path(folder) / "home"), SHORT if "--short" in sys.argv else WHOLE)
        print(f"{len(day.publishers)} sources, {day.plan.killed_h}:00 is killed and run again")
        print("hour   runs   new  changed  unchanged  seconds")
        with day.open():
            day.run(lambda tick: print(line_of(tick), flush=True))
            problems = list(day.problems())
        held = sum(len(publisher.listed) for publisher in day.publishers.values())
        runs = sum(len(tick.results) for tick in day.ticks)
    print("\n".join(problems) or f"{held} items listed, each held once; 5 breaks told in time, 2 recoveries told; "
          f"{day.half} run cut off by the kill and taken up again")  # fmt: skip
    print(f"{runs} runs in {time.monotonic() - began:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(crawl(sys.argv[2:]) if sys.argv[1:2] == ["crawl"] else main())
