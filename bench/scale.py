"""Does crawling grow with workers, and does anything get lost when they die? A real Redis, workers as processes.

python bench/scale.py [--sources 16] [--pages 8] [--delay-s 0.5] [--workers 1,2,4,8] [--kill-every-s 10] [--shared s3://...]

Every source has a server of its own on this machine and may be asked once in --delay-s, so that a run takes about
pages * delay however fast the machine is: what limits is politeness, and more workers help until the processors are
full. Where there are several, one is killed with SIGKILL every --kill-every-s seconds and started again. Checked at
the end: every document is there exactly once, every run came back, 'coi verify' finds nothing.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from measure import cpu_of

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from crawler import source as sources_module  # noqa: E402
from crawler import steps  # noqa: E402
from crawler.cluster.handing import Handing  # noqa: E402
from crawler.cluster.ingest import Ingest  # noqa: E402
from crawler.cluster.settings import Cluster  # noqa: E402
from store.captures_check import capture_problems  # noqa: E402
from store.db import connect  # noqa: E402
from store.home import Home  # noqa: E402
from store.verify import database_problems  # noqa: E402
from tests.cluster import redis_server  # noqa: E402

DECLARATION = """
title = "Source {number}"
publisher = "The Daily Example"
owner = "bench"
type = "media"
grade = "C"
grade_reason = "a site made for measuring"
language = "en"
terms = "own"
every = "1 hours"
shape = "listing"
start = ["http://127.0.0.1:{port}/list/1"]
[listing]
row = "li.row"
link = "a"
next = "a[rel=next]"
[expect]
min_rows = {pages}
"""


@dataclass
class Outcome:
    """What one number of workers came to."""

    workers: int
    wall_s: float
    documents: int
    cpu_s: float
    ingest_s: float
    kills: int
    twice: int
    missing: int
    redelivered: int
    problems: int


def crawl_with(number: int, given: argparse.Namespace, folder: Path, redis: str, ports: list[int]) -> Outcome:
    """A fresh home, all sources due, so many workers, one of them killed again and again."""
    home = Home(folder / "home")
    home.create()
    (home.declared / "sources").mkdir()
    for index, port in enumerate(ports):
        text = DECLARATION.format(number=index, port=port, pages=given.pages)
        (home.declared / "sources" / f"s{index:03}.toml").write_text(text)
    sources_module.SHIPPED = folder / "none"
    os.environ |= {"COI_CONTACT": "bench@example.org", "COI_WORKER_LOST_S": "5",
                   "COI_ALLOW_HOSTS": ",".join(f"127.0.0.1:{port}" for port in ports)}  # fmt: skip
    cluster = Cluster.of(redis, f"{given.shared}/{number}" if given.shared else f"file://{folder}/shared")
    handing, known = Handing(home, cluster), steps.declared(home)
    handing.queue.client.flushdb()
    workers = {name: _worker(name, given, folder, cluster) for name in range(number)}
    _wait_ready(folder, number)
    cpu, began = Cpu(), time.perf_counter()
    cpu.start()
    for source in known.values():
        handing.hand_out(source, datetime.now(UTC))
    killed, kills, taken, ingest_s = time.monotonic(), 0, 0, 0.0
    try:
        while taken < len(ports) and time.perf_counter() - began < given.most_s:
            before = time.process_time()
            taken += sum(one.outcome == "ingested" for one in Ingest(handing, known).run())
            ingest_s += time.process_time() - before
            if number > 1 and given.kill_every_s and time.monotonic() - killed > given.kill_every_s:
                victim = random.choice(list(workers))
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = _worker(victim, given, folder, cluster)
                killed, kills = time.monotonic(), kills + 1
            time.sleep(0.2)
        wall = time.perf_counter() - began
        cpu.over.set()
        cpu.join()
    finally:
        for one in workers.values():
            one.terminate()
        for one in workers.values():
            one.wait()
    began_runs = sum(path.read_text().count(": begins, job ") for path in folder.glob("worker*.log"))
    conn = connect(home)
    found = [row[0] for row in conn.execute("select count(*) from documents group by source_id")]
    keys = conn.execute("select count(distinct source_id || key) from documents").fetchone()[0]
    versions = conn.execute("select count(*) from versions").fetchone()[0]
    problems = [*database_problems(conn), *capture_problems(conn, home.archive)]
    for said in problems[:5]:
        print("!", said)
    conn.close()
    return Outcome(number, wall, sum(found), cpu.total, ingest_s, kills, max(sum(found) - keys, versions - keys),
                   len(ports) * given.pages - keys, began_runs - len(ports), len(problems))  # fmt: skip


class Cpu(threading.Thread):
    """Processor seconds from now on of this process and all that it started, ended ones as last seen."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self._first, self._last = _cpu_now(), {}
        self._looking_s = 0.0

    def run(self) -> None:
        while not self.over.wait(0.05):  # a short crawl lasts less than a second
            self._last |= _cpu_now()
        self._last |= _cpu_now()
        self._looking_s = time.thread_time()

    @property
    def total(self) -> float:
        """Without what the looking itself took."""
        return sum(used - self._first.get(pid, 0.0) for pid, used in self._last.items()) - self._looking_s


def _cpu_now() -> dict[int, float]:
    found = {}
    for pid in _family(os.getpid()):
        with contextlib.suppress(OSError):
            found[pid] = cpu_of(pid)
    return found


def _family(root: int) -> set[int]:
    """A process and all that it started."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _worker(name: int, given: argparse.Namespace, folder: Path, cluster: Cluster) -> "subprocess.Popen[bytes]":
    env = os.environ | {"COI_HOME": str(folder / f"w{name}"), "COI_REDIS": cluster.redis, "COI_SHARED": cluster.shared,
                        "PYTHONPATH": str(PROJECT)}  # fmt: skip
    command = [sys.executable, str(PROJECT / "coi.py"), "worker", "--at-once", "1", "--local-delay-s",
               str(given.delay_s)]  # fmt: skip
    with (folder / f"worker{name}.log").open("ab") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log)


def _wait_ready(folder: Path, number: int) -> None:
    """Start-up is not what is measured."""
    while sum("runs at a time" in path.read_text() for path in folder.glob("worker*.log")) < number:
        time.sleep(0.1)


def main() -> int:
    """Measure and print; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=16)
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--delay-s", type=float, default=0.5)
    parser.add_argument("--workers", default="1,2,4,8")
    parser.add_argument("--kill-every-s", type=float, default=10)
    parser.add_argument("--shared", help="an S3 or other store instead of a folder (empty it before)")
    parser.add_argument("--most-s", type=float, default=600)
    given = parser.parse_args()
    outcomes: list[Outcome] = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(redis_server(folder))
        ports = [_site(stack, given.pages) for _ in range(given.sources)]
        print(f"{given.sources} sources of {given.pages} documents, {given.delay_s} s between requests to one host, "
              f"a worker killed every {given.kill_every_s} s; {os.cpu_count()} processors")  # fmt: skip
        print(f"{'workers':>7} {'wall s':>7} {'docs/s':>7} {'x one':>6} {'CPU s':>6} {'CPU ms/doc':>10} {'busy':>5} "
              f"{'writer ms/doc':>13} {'kills':>5} {'redelivered':>11} {'missing':>7} {'twice':>5} "
              f"{'verify':>6}")  # fmt: skip
        for number in map(int, given.workers.split(",")):
            (folder / str(number)).mkdir()
            one = crawl_with(number, given, folder / str(number), f"{redis}/0", ports)
            outcomes.append(one)
            rate = one.documents / one.wall_s
            first = outcomes[0].documents / outcomes[0].wall_s
            verified = one.problems or "clean"
            print(f"{number:7} {one.wall_s:7.1f} {rate:7.2f} {rate / first:6.2f} {one.cpu_s:6.1f} "
                  f"{1000 * one.cpu_s / max(1, one.documents):10.0f} "
                  f"{one.cpu_s / one.wall_s / (os.cpu_count() or 1):5.0%} "
                  f"{1000 * one.ingest_s / max(1, one.documents):13.1f} {one.kills:5} {one.redelivered:11} "
                  f"{one.missing:7} {one.twice:5} {verified:>6}", flush=True)  # fmt: skip
    return 1 if any(one.missing or one.twice or one.problems for one in outcomes) else 0


def _site(stack: contextlib.ExitStack, pages: int) -> int:
    server = subprocess.Popen([sys.executable, "-S", str(PROJECT / "bench" / "site.py"), str(pages)],
                              stdout=subprocess.PIPE, text=True)  # fmt: skip
    stack.callback(server.wait)
    stack.callback(server.terminate)
    return int(server.stdout.readline().split()[0]) if server.stdout else 0


if __name__ == "__main__":
    sys.exit(main())
