"""What would saturate first: 10,000 sources and a million documents a day, from costs that are measured here.

python bench/limits.py [--documents 400] [--sources 10000] [--per-day 1000000] [--every-h 1]

Measures on this machine, in processor time: a worker's crawl (fetch, archive, read, journal; the local server's share
is in it), what the writer does for a shipment, memory of a source, the tags; and bytes of archive, database, journal
and messages. Then multiplies. Origins and assess depend on what a document is about, not only on how many there are:
their share is left to bench/origins.py and bench/assess.py.
"""

import argparse
import contextlib
import gzip
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from measure import measure

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scale import DECLARATION, Cpu, _site  # noqa: E402

from crawler import source as sources_module  # noqa: E402
from crawler import steps  # noqa: E402
from crawler.cluster.handing import Handing, job_of  # noqa: E402
from crawler.cluster.ingest import Ingest  # noqa: E402
from crawler.cluster.settings import Cluster  # noqa: E402
from crawler.cluster.worker import Worker  # noqa: E402
from store import handed, memory  # noqa: E402
from store.db import connect  # noqa: E402
from store.home import Home  # noqa: E402
from store.lemmas import lemmas_of  # noqa: E402
from tests.cluster import redis_server  # noqa: E402

DAY_S = 86_400
SMALL = 1  # documents of the source that shows what a run costs by itself


@dataclass
class Costs:
    """Of one run with so many documents: processor seconds and bytes."""

    documents: int
    worker_s: float = 0.0
    hand_s: float = 0.0
    ingest_s: float = 0.0
    again_hand_s: float = 0.0
    warc: int = 0
    database: int = 0
    journal: int = 0
    memory: int = 0
    redis_bytes: int = 0
    redis_ops: int = 0


def cpu_s() -> float:
    """Processor seconds of this process so far."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def run_of(pages: int, folder: Path, redis: str, port: int) -> Costs:
    """One run of one source, from hand-out to rows."""
    home, costs = Home(folder / "home"), Costs(documents=pages)
    home.create()
    (home.declared / "sources").mkdir()
    text = DECLARATION.format(number=0, port=port, pages=pages) + "[budget]\nrequests = 1000000\n"
    (home.declared / "sources" / "one.toml").write_text(text)
    os.environ |= {"COI_CONTACT": "bench@example.org", "COI_ALLOW_HOSTS": f"127.0.0.1:{port}"}
    handing = Handing(home, Cluster(redis, f"file://{folder}/shared"))
    known = steps.declared(home)
    client = handing.queue.client
    client.flushall()
    conn = connect(home)
    empty, ops = _pages(home), client.info("commandstats")
    began, used = cpu_s(), client.info("memory")["used_memory"]
    handing.hand_out(known["one"], datetime.now(UTC))
    costs.hand_s = cpu_s() - began
    costs.redis_bytes = client.info("memory")["used_memory"] - used
    worker = Worker(Home(folder / "w"), handing.cluster, at_once=1, local_delay_s=0)
    with worker.ready():
        used_s = Cpu()
        used_s.start()
        worker.do(job_of(handed.all_out(conn)[0]))
        used_s.over.set()
        used_s.join()
        costs.worker_s = used_s.total
    costs.redis_ops = _calls(client.info("commandstats")) - _calls(ops)
    inbox = list((folder / "shared" / "inbox").iterdir())
    costs.journal = sum(path.stat().st_size for path in inbox if path.read_bytes()[:2] == b"\x1f\x8b"
                        and b'["journal"' in gzip.decompress(path.read_bytes())[:20])  # fmt: skip
    began = cpu_s()
    (taken,) = Ingest(handing, known).run()
    costs.ingest_s = cpu_s() - began
    assert taken.counts.new == pages, taken
    costs.warc = sum(path.stat().st_size for path in home.archive.glob("*.warc.gz"))
    costs.database = _pages(home) - empty
    began = cpu_s()
    packed = gzip.compress("\n".join(memory.lines(conn, "one")).encode(), compresslevel=5)
    costs.again_hand_s, costs.memory = cpu_s() - began, len(packed)
    conn.close()
    return costs


def _pages(home: Home) -> int:
    conn = connect(home)
    try:
        return conn.execute("select page_count * page_size from pragma_page_count, pragma_page_size").fetchone()[0]
    finally:
        conn.close()


def _calls(stats: dict[str, dict[str, int]]) -> int:
    return sum(one["calls"] for one in stats.values())


def main() -> int:
    """Measure, multiply, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--per-day", type=int, default=1_000_000)
    parser.add_argument("--every-h", type=float, default=1)
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sources_module.SHIPPED = folder / "none"
        redis = stack.enter_context(redis_server(folder))
        costs = []
        lemmas_of("loads its dictionary once", "en")
        for number, pages in enumerate((SMALL, SMALL, given.documents)):  # the first loads what a worker keeps loaded
            (folder / str(number)).mkdir()
            costs.append(run_of(pages, folder / str(number), f"{redis}/0", _site(stack, pages)))
            print(costs[-1], file=sys.stderr, flush=True)
        report(costs[1], costs[2], _fsyncs_per_s(folder), given)
        home = str(folder / "2" / "home")
        tagging, _ = measure([sys.executable, str(PROJECT / "bench" / "tag_step.py"), home],
                             os.environ | {"COI_HOME": home, "PYTHONPATH": str(PROJECT)})  # fmt: skip
    tag_s = tagging.cpu_s / given.documents
    print(f"  tag                {tag_s * given.per_day / DAY_S:10.2f} processors of the writer "
          f"({tag_s * 1000:.1f} ms a document, its start included)")  # fmt: skip
    return 0


def _fsyncs_per_s(folder: Path) -> float:
    with (folder / "sync").open("wb") as out:
        began = time.perf_counter()
        for _ in range(50):
            out.write(b"x" * 4096)
            out.flush()
            os.fsync(out.fileno())
    return 50 / (time.perf_counter() - began)


def report(small: Costs, large: Costs, fsyncs: float, given: argparse.Namespace) -> None:
    """The costs of a run and of a document, and what they come to in a day."""
    more = large.documents - small.documents

    def each(name: str) -> float:
        return max(0.0, (getattr(large, name) - getattr(small, name)) / more)

    def base(name: str) -> float:
        return max(0.0, getattr(small, name) - each(name) * small.documents)

    runs, documents = given.sources * 24 / given.every_h, given.per_day
    held = documents * 365 / given.sources  # documents of one source after a year
    print(f"measured with {large.documents} documents of one source; {os.cpu_count()} processors; "
          f"disk: {fsyncs:.0f} fsync/s")  # fmt: skip
    print(f"{'cost':42} {'a run':>12} {'a document':>12} {'a day':>16}")
    rows = (
        ("worker: crawl, archive, read (CPU s)", "worker_s", 1.0, "s"),
        ("writer: hand out (CPU s)", "hand_s", 1.0, "s"),
        ("writer: check and ingest (CPU s)", "ingest_s", 1.0, "s"),
        ("archive, compressed (kB)", "warc", 1e3, "kB"),
        ("database with full text (kB)", "database", 1e3, "kB"),
        ("journal shipped (kB)", "journal", 1e3, "kB"),
        ("Redis commands", "redis_ops", 1.0, ""),
    )
    day = {}
    for said, name, unit, _ in rows:
        day[name] = runs * base(name) + documents * each(name)
        print(f"{said:42} {base(name) / unit:12.4f} {each(name) / unit:12.4f} {day[name] / unit:16,.0f}")
    print(f"{'memory of a source, packed (bytes)':42} {base('memory'):12.0f} {each('memory'):12.1f} "
          f"{runs * (base('memory') + each('memory') * held):16,.0f}   "
          f"after a year, {held:,.0f} documents a source")  # fmt: skip
    telling = runs * (base("again_hand_s") + each("again_hand_s") * held)
    print(f"{'writer: gather the memory (CPU s)':42} {base('again_hand_s'):12.4f} {each('again_hand_s'):12.6f} "
          f"{telling:16,.0f}   after a year")  # fmt: skip
    print(f"\n{given.sources:,} sources every {given.every_h:g} h, {documents:,} documents a day:")
    lists = 2 * runs  # robots.txt and one list
    print(f"  requests           {(documents + lists) / DAY_S:10.1f} a second")
    print(f"  runs               {runs / DAY_S:10.2f} a second, {runs:,.0f} a day")
    print(f"  worker processors  {day['worker_s'] / DAY_S:10.1f} (of these for the starts of runs alone "
          f"{runs * base('worker_s') / DAY_S:.1f})")  # fmt: skip
    print(f"  writer processors  {(day['hand_s'] + day['ingest_s']) / DAY_S:10.2f} to hand out and ingest, "
          f"{telling / DAY_S:.2f} to gather memories after a year")  # fmt: skip
    print(f"  Redis              {day['redis_ops'] / DAY_S:10.1f} commands a second, "
          f"{runs / 24 * large.redis_bytes / 1e6:.1f} MB for an hour's runs")  # fmt: skip
    print(f"  shared store       {runs * 5 / DAY_S:10.1f} writes a second (memory, journal, archive, list, copy)")
    print(f"  archive            {day['warc'] / 1e9:10.1f} GB a day, {day['warc'] * 365 / 1e12:.1f} TB a year")
    print(f"  database           {day['database'] / 1e9:10.1f} GB a day, {day['database'] * 365 / 1e12:.1f} TB a year")
    print(f"  commits            {runs * 3 / DAY_S:10.1f} a second, of {fsyncs:.0f}")


if __name__ == "__main__":
    sys.exit(main())
