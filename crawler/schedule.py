"""When to crawl. APScheduler only decides when; each crawl is a child process with a row of its own."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout

from crawler.guard import check_contact
from crawler.health import Status
from crawler.progress import line_of
from crawler.run import crawl
from crawler.source import Shape, Source
from crawler.steps import chosen, declared, is_example
from store.clock import instant
from store.errors import ForPeople
from store.home import Home

MISFIRE_GRACE_S = 3600
AT_ONCE = 1  # crawls of one home go one after another (crawler.alone)
JITTER_SHARE = 0.05


class AlreadyScheduled(ForPeople, RuntimeError):
    """Another process schedules this home."""


@contextmanager
def scheduler(home: Home, *, after: Callable[[], None]) -> Iterator[BackgroundScheduler]:
    """Run the schedule of a home in the background; `after` is called when a crawl brought something, one at a time.

    One process at a time (a file lock). Jobs outlive the process; what was missed is caught up once. Raises
    AlreadyScheduled where another process holds the lock, guard.Refused where nobody says who crawls (COI_CONTACT).
    """
    check_contact(os.environ.get("COI_CONTACT", ""))
    home.create()
    lock = FileLock(home.path / "schedule.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AlreadyScheduled(f"another process already schedules {home.path}; stop it first") from error
    store = SQLAlchemyJobStore(url=f"sqlite:///{home.path / 'schedule.sqlite'}")
    running = BackgroundScheduler(
        jobstores={"default": store},
        executors={"default": ThreadPoolExecutor(AT_ONCE)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE_S},
        timezone=UTC,
    )
    one_at_a_time = threading.Lock()

    def ended(event: JobExecutionEvent) -> None:
        if event.retval:
            with one_at_a_time:
                after()

    running.add_listener(ended, EVENT_JOB_EXECUTED)
    try:
        running.start(paused=True)
        plan(running, home)
        running.resume()
        yield running
    finally:
        running.shutdown(wait=True)
        lock.release()


def plan(running: BackgroundScheduler, home: Home) -> None:
    """Give every crawled source its job, and take away the jobs of sources that are declared no more."""
    wanted = {source.id: source for source in declared(home).values() if is_crawled(source)}
    for job in running.get_jobs():
        if job.id not in wanted:
            running.remove_job(job.id)
    known = {job.id for job in running.get_jobs()}
    for source in wanted.values():
        every_s = source.every_s or 0
        if source.id in known:
            running.modify_job(source.id, args=[str(home.path), source.id])
            continue
        running.add_job(
            crawl_one, "interval", id=source.id, args=[str(home.path), source.id], seconds=every_s,
            jitter=max(1, int(every_s * JITTER_SHARE)), next_run_time=datetime.now(UTC),
        )  # fmt: skip


def is_crawled(source: Source) -> bool:
    """Whether a source is collected from the live web on a schedule."""
    return source.shape is not Shape.MANUAL and source.every_s is not None and not is_example(source)


def crawl_one(home_path: str, source_id: str) -> int:
    """One scheduled crawl; the slot of its cadence is never run twice. Returns how many documents are new or changed.

    A failed run says so on standard error and in its own row; the schedule goes on.
    """
    home = Home(Path(home_path))
    now = datetime.now(UTC)
    try:
        source = chosen(home, [source_id])[0]
        slot = f"every-{source.every_s}s:{int(now.timestamp()) // (source.every_s or 1)}"
        results = crawl(home, [source], slot=slot, now=instant(now))
    except ForPeople as error:
        click.echo(f"{source_id}: {error}", err=True)
        return 0
    for result in results:
        if result.status is Status.FAILED:
            click.echo(line_of(result), err=True)
    return sum(result.counts.new + result.counts.changed for result in results)
