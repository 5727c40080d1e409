"""A worker: takes a run, crawls it as every run is crawled, in a home of its own, and ships what it brought.

It keeps nothing: what it must know comes with the job, what it found goes to the shared store, and the job is
acknowledged after that. It can be killed at any instant; its crawl ends with it, its job goes to another.
"""

import os
import shutil
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from filelock import FileLock, Timeout

from crawler import run, warm
from crawler.alone import names_of
from crawler.cluster.brought import is_whole, own_files, say_failed
from crawler.cluster.jobs import BUSY_AGAIN_MS, HostBusy, Job, Queue
from crawler.cluster.settings import Cluster, ClusterError
from crawler.cluster.shared import Shared
from crawler.cluster.shipping import get_memory, list_name, ship
from crawler.guard import check_contact
from crawler.health import RunResult, Status
from crawler.progress import line_of
from crawler.run import CrawlDied, crawl
from crawler.source import Source, load_sources
from crawler.warm import Crawling
from store import memory, original
from store.clock import utc_now
from store.db import connect
from store.errors import ForPeople
from store.home import Home
from store.lemmas import LANGUAGES
from store.logs import say
from store.version import VERSION

LOOK_S = 0.2
REDIS_LOOK_S = 5.0
SHIP_TRIES, SHIP_AGAIN_S = 20, 15.0  # five minutes: longer than a store is usually away


class Worker:
    """The runs of one worker process; scratch lies in the home's folder worker/, emptied at every start."""

    def __init__(self, home: Home, cluster: Cluster, *, at_once: int, local_delay_s: float | None = None) -> None:
        check_contact(os.environ.get("COI_CONTACT", ""))
        self.cluster, self.at_once, self.local_delay_s = cluster, at_once, local_delay_s
        self.shared, self.queue = Shared(cluster.shared), Queue(cluster)
        self.shared.has(list_name("-"))  # now: with a store that cannot be reached every run would be crawled in vain
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.root = home.path / "worker"
        self.stopping = threading.Event()
        self.scratch = Path()

    def run_until(self, stop: threading.Event) -> None:
        """Do jobs until told to stop; what runs then is ended and goes back into the queue."""
        with self.ready():
            warm.ready(LANGUAGES)
            worker = self.queue.worker(self.do, at_once=self.at_once)
            worker.start()
            click.echo(f"worker {self.name}: {self.at_once} runs at a time, jobs from {self.cluster.where}")
            try:
                self._wait(stop)
            finally:
                self.stopping.set()
                worker.stop()
        click.echo(f"worker {self.name}: stopped")

    def _wait(self, stop: threading.Event) -> None:
        """Until told to stop; a Redis that is away is said once, and so is its return."""
        away = False
        while not stop.wait(REDIS_LOOK_S):
            try:
                self.queue.length()
            except ClusterError as error:
                if not away:
                    say(f"worker {self.name}: {error}. It waits and tries on", err=True)
                away = True
            else:
                if away:
                    say(f"worker {self.name}: Redis at {self.cluster.where} answers again")
                away = False

    @contextmanager
    def ready(self) -> Iterator[None]:
        """With an empty scratch folder of its own and an empty database to copy for each job."""
        with _folder(self.root) as self.scratch:
            _empty(self.scratch / "empty")
            yield

    def do(self, job: Job) -> None:
        """One job, from message to shipment. Raises Retry where it must be done later, or by another."""
        from dramatiq.errors import Retry

        if job.release != VERSION:
            raise Retry(f"made by release {job.release}, this is {VERSION}", delay=BUSY_AGAIN_MS * 5)
        if job.lease_until < utc_now() or self.shared.has(list_name(job.job)):
            return  # nobody waits for it any more; or it was shipped, and only the word of it was lost
        home = Home(self.scratch / job.job)
        try:
            source = self._told(home, job)
            lost = threading.Event()
            with self.queue.hosts(names_of([source], replay=False), lost):
                click.echo(f"{job.source_id} {job.slot}: begins, job {job.job}")
                result = self._crawled(home, job, source, lost)
            if result.status is Status.INTERRUPTED:
                raise Retry("stopped before it was done", delay=1000)
            self._ship(home, job, result)
            click.echo(line_of(result))
        except HostBusy as error:
            raise Retry(f"{error} is being asked", delay=BUSY_AGAIN_MS) from error
        except ClusterError as error:
            say(f"{job.source_id}: {error}; job {job.job} goes back into the queue", err=True)
            raise Retry(str(error), delay=BUSY_AGAIN_MS * 5) from error
        finally:
            shutil.rmtree(home.path, ignore_errors=True)

    def _told(self, home: Home, job: Job) -> Source:
        """As `_prepared`. Raises ClusterError for whatever is wrong with what the store says of the source."""
        try:
            return self._prepared(home, job)
        except ClusterError:
            raise
        except KeyError as error:
            raise ClusterError(
                f"{self.cluster.shared} does not hold {error.args[0]}, which the writer put into its own shared store; "
                "set COI_SHARED to the same place on every machine"
            ) from error
        except (ForPeople, ValueError, TypeError, OSError, sqlite3.Error) as error:
            raise ClusterError(
                f"what {self.cluster.shared} says of this source cannot be used ({type(error).__name__}: {error}); see "
                "who else writes there, and whether every machine runs the same release"
            ) from error

    def _prepared(self, home: Home, job: Job) -> Source:
        """A home that knows of this source what the writer knows."""
        shutil.rmtree(home.path, ignore_errors=True)
        home.create()
        declaration, lines = get_memory(self.shared, job.memory)
        folder = home.declared / "sources"
        folder.mkdir()
        (folder / f"{job.source_id}.toml").write_text(declaration, "utf-8")
        for name in ("coi.db", original.NAME):
            shutil.copyfile(self.scratch / "empty" / name, home.path / name)
        conn = connect(home)
        try:
            memory.load(conn, lines)
        finally:
            conn.close()
        return load_sources([folder])[job.source_id]

    def _crawled(self, home: Home, job: Job, source: Source, lost: threading.Event) -> RunResult:
        """The run, in a process of its own, ended early where we stop or hold its hosts no longer."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(LOOK_S):
                if self.stopping.is_set() or lost.is_set():
                    for child in [one for one in run.CHILDREN if _is_of(one, home)]:
                        child.terminate()
                    return

        threading.Thread(target=watch, daemon=True).start()
        try:
            return crawl(
                home, [source], slot=job.slot, limit_s=job.limit_s, local_delay_s=self.local_delay_s,
                journal=home.path / "journal.gz", shared=self.cluster.shared,
            )[0]  # fmt: skip
        except CrawlDied as error:
            told = self.stopping.is_set() or lost.is_set()
            status = Status.INTERRUPTED if told else Status.FAILED
            return RunResult(source_id=source.id, slot=job.slot, status=status, message=f"{source.id}: {error}")
        finally:
            done.set()

    def _ship(self, home: Home, job: Job, result: RunResult) -> None:
        journal = home.path / "journal.gz"
        if not is_whole(journal):  # the process died, or a setting is missing here: that is what the run came to
            say_failed(journal, result)
        warcs = [home.archive / name for name in own_files(journal)]
        for left in range(SHIP_TRIES, 0, -1):
            try:
                ship(self.shared, job.job, job.source_id, self.name, journal, warcs)
                return
            except ClusterError as error:
                if left == 1 or self.stopping.wait(SHIP_AGAIN_S):
                    raise
                click.echo(f"{job.source_id}: {error}; trying again", err=True)


def until_stopped(worker: Worker) -> None:
    """Run a worker until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run_until(stop)


@contextmanager
def _folder(root: Path) -> Iterator[Path]:
    """A folder that no other worker process of this home uses; what a killed one left in it is removed."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = 0
    while True:
        lock = FileLock(root / f"{number}.lock")
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            number += 1
    folder = root / str(number)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _empty(path: Path) -> None:
    """An empty database of this release, made once and copied for each job."""
    conn = connect(Home(path))
    conn.execute("pragma wal_checkpoint(truncate)")
    conn.close()


def _is_of(child: Crawling, home: Home) -> bool:
    return str(home.path) in [str(part) for part in child.args]
