"""The schedule: APScheduler only decides when; each crawl is a child process with a row and a time limit of its own.

Its jobs outlive the process (schedule.sqlite). When it starts, every source gets the next turn that its file and its
last run say: a cadence changed in the file counts, and what was missed is caught up once.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
    JobSubmissionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from crawler import run, warm
from crawler.cadence import Cadence, cadence_of, due_at, is_open, next_slot
from crawler.due import AlreadyScheduled, at_once, crawl_slot, is_crawled, last_starts, scheduling
from crawler.guard import check_contact
from crawler.health import Status
from crawler.progress import line_of
from crawler.steps import chosen, declared, watch
from crawler.watchdog import LOOK_EVERY_S, missing
from store import health
from store.clock import instant
from store.db import connect, writing
from store.errors import ForPeople
from store.home import Home
from store.logs import say

if TYPE_CHECKING:
    from crawler.cluster.handing import Handing

__all__ = ["AlreadyScheduled"]
WATCHDOG, INGEST = "watchdog", "ingest"
BY = "coi schedule"
STOP_LIMIT_S = (
    10  # a crawl that was told to stop and still waits for an answer then is ended; nothing half done is kept
)
LOOK_S = 0.2
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # what is left out is said in our own words
_away: dict[str, "Handing"] = {}  # by home: who hands its runs to workers; jobs of APScheduler carry only plain values
_stopping = threading.Event()  # of this process: what still waits for its turn does not begin


class OnCadence(BaseTrigger):
    """Fires at every slot of a cadence."""

    __slots__ = ("cadence",)

    def __init__(self, cadence: Cadence) -> None:
        self.cadence = cadence

    def __getstate__(self) -> Cadence:
        return self.cadence

    def __setstate__(self, cadence: Cadence) -> None:
        self.cadence = cadence

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The first slot after the last one; a long absence is one turn, not thousands (`coalesce`)."""
        return next_slot(self.cadence, previous or now)


@contextmanager
def scheduler(
    home: Home,
    *,
    after: Callable[[], None],
    tick: Callable[[], None] = lambda: None,
    away: "Handing | None" = None,
) -> Iterator[BackgroundScheduler]:
    """Run the schedule of a home in the background; `after` is called when a crawl brought something, one at a time,
    `tick` at the start and after each look of the watchdog. With `away`, runs are handed to workers on other machines,
    and what they ship is taken in.

    One process at a time (a file lock). At the end every crawl is told to stop and waited for; SIGTERM ends the process
    through here. Raises AlreadyScheduled where another process schedules, guard.Refused where nobody says who crawls
    (COI_CONTACT).
    """
    check_contact(os.environ.get("COI_CONTACT", ""))
    with scheduling(home):
        watch(home, datetime.now(UTC), by=BY)
        tick()
        running = _made(home)
        if away is not None:
            from crawler.cluster.scheduled import prepare  # only now: it needs the extra cluster

            prepare(running, away, WATCHDOG)
            _away[str(home.path)] = away
        else:
            warm.ready(source.language for source in declared(home).values() if is_crawled(source))
        running.add_listener(_listening(after, tick), EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        running.add_listener(_say_still_running, EVENT_JOB_MAX_INSTANCES)
        with _sigterm_ends():
            try:
                running.start(paused=True)
                plan(running, home)
                running.resume()
                yield running
            finally:
                _away.pop(str(home.path), None)
                _stop(running)
                _rest(home)


def run_until_stopped(
    home: Home,
    *,
    after: Callable[[], None],
    tick: Callable[[], None] = lambda: None,
    away: "Handing | None" = None,
) -> None:
    """Schedule until SIGTERM or SIGINT, then stop cleanly."""
    stop = threading.Event()
    with scheduler(home, after=after, tick=tick, away=away) as running:
        before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        sources = len(running.get_jobs(jobstore="default"))
        where = f"runs go to workers through {away.cluster.where}" if away else f"{at_once()} crawls at a time"
        say(f"schedule: {sources} sources, {where}; stop with Ctrl-C or SIGTERM")
        try:
            stop.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        say("schedule: stopping; waiting for the crawls that run")
    say("schedule: stopped")


def plan(running: BackgroundScheduler, home: Home, now: datetime | None = None) -> None:
    """Give every crawled source its job and next turn, as file and last run say; take away what is crawled no more.

    A source that waits for a setting has no job: the setting comes with a new start.
    """
    now = now or datetime.now(UTC)
    wanted = {source.id: source for source in declared(home).values() if is_crawled(source) and missing(source) is None}
    for job in running.get_jobs(jobstore="default"):
        if job.id not in wanted:
            running.remove_job(job.id, jobstore="default")
    last = last_starts(home)
    for source in wanted.values():
        cadence = cadence_of(source)
        running.add_job(
            crawl_one, OnCadence(cadence), id=source.id, args=[str(home.path), source.id], replace_existing=True,
            next_run_time=due_at(cadence, last.get(source.id), now),
            misfire_grace_time=cadence.every_s,  # later than that its next turn has come
        )  # fmt: skip


def crawl_one(home_path: str, source_id: str, now: datetime | None = None) -> int:
    """One scheduled crawl, in the slot of its cadence; returns how many documents are new or changed.

    A failed run says so on standard error and in its own row; the schedule goes on.
    """
    home, now = Home(Path(home_path)), now or datetime.now(UTC)
    try:
        source = chosen(home, [source_id])[0]
        if _stopping.is_set() or not is_open(cadence_of(source), now):
            return 0  # it waited too long: its next turn is in the job store
        if away := _away.get(home_path):
            away.hand_out(source, now)
            return 0  # what it brings, the ingest tells
        result = crawl_slot(home, source, now=now, stopping=_stopping)
    except ForPeople as error:
        if not _stopping.is_set():
            say(f"{source_id}: {error}", err=True)
        return 0
    if result.status is Status.FAILED:
        say(line_of(result), err=True)
    return result.counts.new + result.counts.changed


def look_after(home_path: str) -> None:
    """The watchdog's turn; what is wrong with a declaration is said, and the schedule goes on."""
    try:
        watch(Home(Path(home_path)), datetime.now(UTC), by=BY)
    except ForPeople as error:
        say(f"{WATCHDOG}: {error}", err=True)


def _made(home: Home) -> BackgroundScheduler:
    store = SQLAlchemyJobStore(url=f"sqlite:///{home.path / 'schedule.sqlite'}")
    made = BackgroundScheduler(
        jobstores={"default": store, WATCHDOG: MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(at_once()), WATCHDOG: ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1},
        timezone=UTC,
    )
    made.add_job(
        look_after, "interval", seconds=LOOK_EVERY_S, id=WATCHDOG, args=[str(home.path)], jobstore=WATCHDOG,
        executor=WATCHDOG, misfire_grace_time=LOOK_EVERY_S,
    )  # fmt: skip
    return made


def _listening(after: Callable[[], None], tick: Callable[[], None]) -> Callable[[JobExecutionEvent], None]:
    one_at_a_time = threading.Lock()

    def heard(event: JobExecutionEvent) -> None:
        if event.code == EVENT_JOB_MISSED:
            say(f"{event.job_id}: its turn of {event.scheduled_run_time} was missed; the next one comes", err=True)
        elif event.code == EVENT_JOB_ERROR:
            say(f"{event.job_id}: a fault of the tracker: {event.exception!r}\n{event.traceback}", err=True)
        elif event.job_id == WATCHDOG and not _stopping.is_set():
            tick()
        elif event.retval and not _stopping.is_set():
            with one_at_a_time:
                try:
                    after()
                except ForPeople as error:
                    say(f"after {event.job_id}: {error}", err=True)

    return heard


def _say_still_running(event: JobSubmissionEvent) -> None:
    """A turn that comes while the run before it goes on is left out: two would ask one host at once."""
    if event.job_id not in (WATCHDOG, INGEST) and not _stopping.is_set():  # INGEST: understanding what came is slower
        at = instant(event.scheduled_run_times[-1])
        say(
            f"{event.job_id}: still runs; its turn of {at} is left out, the next one comes. Raise 'every' in its file "
            "if that happens often",
            err=True,
        )


def _stop(running: BackgroundScheduler) -> None:
    """End the scheduler: nothing new begins, what runs is told to stop and waited for."""
    _stopping.set()
    ending = threading.Thread(target=running.shutdown, kwargs={"wait": True})
    ending.start()
    told: dict[Any, float] = {}
    try:
        while ending.is_alive():
            for child in set(run.CHILDREN):
                if child not in told:
                    child.terminate()
                told[child] = told.get(child, 0) + LOOK_S
                if told[child] > STOP_LIMIT_S:
                    child.kill()
            ending.join(LOOK_S)
    finally:
        _stopping.clear()


def _rest(home: Home) -> None:
    """Leave word that the schedule stopped as it was told to."""
    conn = connect(home)
    try:
        with writing(conn):
            health.beat(conn, at=instant(datetime.now(UTC)), by=BY, stopped=True)
    finally:
        conn.close()


@contextmanager
def _sigterm_ends() -> Iterator[None]:
    """Let SIGTERM end the process as Ctrl-C does, through every `finally`; only possible in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
