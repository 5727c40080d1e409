"""Runs as messages of dramatiq on Redis: acknowledged when shipped, given to another worker when one dies.

A message names the run and carries nothing secret. Delivery is at least once: who takes a job in first wins, and a lock
for each host keeps two workers from asking one publisher at a time.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from crawler.cadence import LONGEST_RUN_S
from crawler.cluster.settings import Cluster, ClusterError
from store.logs import event
from store.printable import printable
from store.version import VERSION

if TYPE_CHECKING:
    import dramatiq

QUEUE, ACTOR, NAMESPACE = "crawl", "crawl", "coi"
MAINTENANCE_CHANCE = 100_000  # of a million commands: dead workers are looked for with every tenth
BUSY_AGAIN_MS = 2000  # a job whose host is being asked comes again so much later
_FORMS = {
    "job": r"[0-9a-f]{32}",
    "source_id": r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
    "slot": r"[A-Za-z0-9][A-Za-z0-9:.+_-]{0,199}",  # it stands in logs, on terminals, in a command line
    "memory": r"[0-9a-f]{64}",
    "lease_until": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "release": r".{1,50}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one source, for a worker."""

    job: str
    source_id: str
    slot: str
    memory: str
    limit_s: int
    lease_until: str
    release: str = VERSION

    def __post_init__(self) -> None:
        """Raises ValueError for what no writer sends: names become folders and files of the worker's machine."""
        for name, form in _FORMS.items():
            value = getattr(self, name)
            if not (isinstance(value, str) and re.fullmatch(form, value, re.ASCII)):
                raise ValueError(f"{name} is {str(value)[:100]!r}")
        if not (isinstance(self.limit_s, int) and 0 < self.limit_s <= LONGEST_RUN_S):
            raise ValueError(f"limit_s is {str(self.limit_s)[:100]!r}")


class HostBusy(RuntimeError):
    """Another worker asks one of the hosts of this job."""


class Queue:
    """The queue of runs. Raises ClusterError where Redis cannot be reached or does not let us in."""

    def __init__(self, cluster: Cluster) -> None:
        import redis
        from dramatiq.brokers.redis import RedisBroker
        from dramatiq.middleware import Retries

        self.cluster = cluster
        with self.reached():
            self.client: Any = redis.Redis.from_url(cluster.redis, socket_timeout=10, socket_connect_timeout=5)
            self.client.ping()
        self.broker: RedisBroker = RedisBroker(
            client=self.client,
            middleware=[Retries(max_retries=None, min_backoff=1000, max_backoff=60_000)],  # type: ignore[arg-type]
            namespace=NAMESPACE,
            heartbeat_timeout=cluster.lost_after_s * 1000,
            maintenance_chance=MAINTENANCE_CHANCE,
        )
        self.broker.declare_queue(QUEUE)

    def send(self, job: Job) -> None:
        """Put a job at the end of the queue."""
        import dramatiq

        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=QUEUE, actor_name=ACTOR, args=(), kwargs=asdict(job), options={}
        )
        with self.reached():
            self.broker.enqueue(message)

    def length(self) -> int:
        """How many jobs wait or run."""
        with self.reached():
            return int(self.broker.do_qsize(QUEUE))

    def worker(self, do: Callable[[Job], None], *, at_once: int) -> "dramatiq.Worker":
        """A worker that does jobs, so many at a time, and holds no others back from its colleagues."""
        import dramatiq
        from dramatiq.common import dq_name

        def crawl(**fields: Any) -> None:  # noqa: ANN401 (the fields of a Job)
            try:
                job = Job(**fields)
            except (TypeError, ValueError) as error:  # not sent by a writer: never done, by nobody
                event("message", f"no job: {printable(str(error))}", level=logging.WARNING)
                return
            do(job)

        dramatiq.Actor(crawl, broker=self.broker, actor_name=ACTOR, queue_name=QUEUE, priority=0, options={})
        # Said in our own words, once (Worker._wait): dramatiq says it every few seconds, and not what to do.
        for queue in (QUEUE, dq_name(QUEUE)):
            logging.getLogger(f"dramatiq.worker.ConsumerThread({queue})").addFilter(_is_not_away)
        worker = dramatiq.Worker(self.broker, worker_threads=at_once)
        worker.queue_prefetch = at_once
        return worker

    @contextmanager
    def hosts(self, names: Sequence[str], lost: threading.Event) -> Iterator[None]:
        """Hold the locks of these hosts; `lost` is set where they cannot be held any longer. Raises HostBusy."""
        from redis.exceptions import RedisError

        after_s = self.cluster.lost_after_s
        locks = [self.client.lock(f"{NAMESPACE}:host:{name}", timeout=after_s, thread_local=False) for name in names]
        over = threading.Event()

        def keep() -> None:
            held = time.monotonic()
            while not over.wait(after_s / 5):
                try:
                    for lock in locks:
                        lock.reacquire()
                    held = time.monotonic()
                except RedisError as error:  # a lock that is another's now is a LockError, which is one of these
                    if type(error).__name__.startswith("Lock") or time.monotonic() - held > after_s / 2:
                        lost.set()
                        return

        taken: list[Any] = []
        try:
            for name, lock in zip(names, locks, strict=True):
                if not lock.acquire(blocking=False):
                    raise HostBusy(name)
                taken.append(lock)
            keeper = threading.Thread(target=keep, daemon=True)
            keeper.start()
            yield
        finally:
            over.set()
            for lock in taken:
                with suppress(RedisError):
                    lock.release()

    @contextmanager
    def reached(self) -> Iterator[None]:
        """What Redis raises, as a ClusterError without its password."""
        from redis.exceptions import RedisError

        try:
            yield
        except (RedisError, OSError, ValueError) as error:
            raise ClusterError(f"Redis at {self.cluster.where}: {_said(error, self.cluster)}") from error


def _is_not_away(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Consumer encountered a connection error")


def _said(error: Exception, cluster: Cluster) -> str:
    """What Redis or the way to it said, and what to do. Redis tells whoever brings no password to say HELLO."""
    what = str(error).replace(cluster.redis, cluster.where).rstrip(". ")
    if "HELLO must be called" in what or what.startswith("Authentication required"):
        return "it asks for a password, and COI_REDIS has none; write redis://:PASSWORD@host:port/0"
    if what.startswith(("invalid username-password", "AUTH <password> called", "WRONGPASS")):
        return f"{what}; correct the password in COI_REDIS"
    return f"{what}; see whether it runs there, and whether it speaks TLS (rediss://) or not (redis://)"
