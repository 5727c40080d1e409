"""A Redis of the test's own, and a small cluster around it: a writer's home, a shared folder, workers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler import steps
from crawler.cluster.handing import Handing, job_of
from crawler.cluster.ingest import Ingest, Taken
from crawler.cluster.settings import Cluster
from crawler.cluster.worker import Worker
from crawler.source import Source
from store import db, handed
from store.home import Home

PROJECT = Path(__file__).resolve().parents[1]
LOST_AFTER_S = 5


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A real Redis on a free port of this machine; gives its address."""
    program = shutil.which("redis-server")
    assert program, "redis-server is not installed"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
               "--dir", str(folder)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            until(lambda: not socket.socket().connect_ex(("127.0.0.1", port)), "Redis did not start")
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()


def until(true: Callable[[], object], said: str, most_s: float = 60) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + most_s
    while not true():
        assert time.monotonic() < ends, said
        time.sleep(0.02)


@dataclass
class World:
    """A writer with its shared folder; `work` does every job that waits, in this process."""

    home: Home
    cluster: Cluster
    handing: Handing = field(init=False)

    def __post_init__(self) -> None:
        self.handing = Handing(self.home, self.cluster)
        self.handing.queue.client.flushdb()

    def hand_out(self, *sources: Source, hours_ago: float = 0) -> list[bool]:
        """Hand out the slot in which these sources stood some hours ago."""
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours_ago)
        return [self.handing.hand_out(source, now) for source in sources]

    def work(self) -> None:
        """What a worker does with each run that is out, without Redis between."""
        worker = Worker(Home(self.home.path.parent / "w"), self.cluster, at_once=1, local_delay_s=0)
        conn = db.connect(self.home)
        runs = handed.all_out(conn)
        conn.close()
        with worker.ready():
            for run in runs:
                worker.do(job_of(run))

    def ingest(self) -> list[Taken]:
        """Take in the inbox."""
        return Ingest(self.handing, steps.declared(self.home)).run()

    @property
    def inbox(self) -> Path:
        return Path(self.cluster.shared.removeprefix("file://")) / "inbox"

    def worker(self, name: str, *more: str) -> "subprocess.Popen[str]":
        """A real worker process, in a session of its own."""
        env = os.environ | {"COI_HOME": str(self.home.path.parent / name), "COI_REDIS": self.cluster.redis,
                            "COI_SHARED": self.cluster.shared, "COI_WORKER_LOST_S": str(LOST_AFTER_S),
                            "PYTHONPATH": str(PROJECT)}  # fmt: skip
        command = [sys.executable, str(PROJECT / "coi.py"), "worker", "--at-once", "1", *more]
        log = (self.home.path.parent / f"{name}.log").open("a")
        return subprocess.Popen(command, env=env, stdout=log, stderr=log, text=True)


def end(workers: Sequence["subprocess.Popen[str]"], number: int = signal.SIGTERM) -> None:
    """End worker processes that a test started."""
    for one in workers:
        if one.poll() is None:
            one.send_signal(number)
    for one in workers:
        one.wait(timeout=60)
