"""Pages per second of the whole crawl against bare Scrapy and against Scrapy with trafilatura, side by side.

python bench/crawl.py [--pages 2000] [--repeat 3] [--after tag|nothing|all]

All three fetch the same pages from the same local server, one after the other, repetition by repetition; a command is
timed from its start to its end. Ours archives (WARC), reads, stores (SQLite with full text) and then tags; the peer
writes JSON lines. --after all adds evidence and origins (coi tag). Carry over the ratios, not the rates.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from measure import Measured, measure

PROJECT = Path(__file__).resolve().parents[1]
BENCH = PROJECT / "bench"
TARGET = 0.8  # ours against trafilatura

DECLARATION = """
title = "Benchmark"
publisher = "The Daily Example"
owner = "bench"
type = "media"
grade = "C"
grade_reason = "a site made for measuring"
language = "en"
terms = "own"
every = "1 days"
shape = "listing"
start = ["{url}"]
[listing]
row = "li.row"
link = "a"
next = "a[rel=next]"
max_pages = 1000
[expect]
min_rows = {pages}
min_characters = 500
[budget]
requests = 1000000
"""


@dataclass
class Contender:
    name: str
    runs: list[Measured] = field(default_factory=list)

    def median(self, what: str) -> float:
        return statistics.median(getattr(run, what) for run in self.runs)


def ours(home: Path, url: str, host: str, pages: int, after: str) -> Measured:
    """The full pipeline into a fresh home; processor time and wall time of crawl and tagging together."""
    (home / "declared" / "sources").mkdir(parents=True)
    (home / "declared" / "sources" / "bench.toml").write_text(DECLARATION.format(url=url, pages=pages))
    env = os.environ | {"COI_CONTACT": "bench@example.org", "COI_ALLOW_HOSTS": host, "COI_HOME": str(home),
                        "PYTHONPATH": str(PROJECT)}  # fmt: skip
    crawl, said = measure([sys.executable, "-m", "crawler", "--home", str(home), "--source", "bench",
                           "--local-delay-s", "0"], env)  # fmt: skip
    if f" {pages} new" not in said or ": ok," not in said:
        raise SystemExit(f"our crawl did not keep every page: {said}")
    if after == "nothing":
        return crawl
    step = [str(BENCH / "tag_step.py"), str(home)] if after == "tag" else [str(PROJECT / "coi.py"), "tag"]
    tagging, _ = measure([sys.executable, *step], env)
    return Measured(
        wall_s=crawl.wall_s + tagging.wall_s,
        cpu_s=crawl.cpu_s + tagging.cpu_s,
        peak_mb=max(crawl.peak_mb, tagging.peak_mb),
    )


def peer(kind: str, url: str, folder: Path, pages: int) -> Measured:
    """One of bench/peers.py."""
    taken, said = measure([sys.executable, str(BENCH / "peers.py"), kind, url, str(folder / f"{kind}.jsonl")],
                          dict(os.environ))  # fmt: skip
    if said.strip() != str(pages):
        raise SystemExit(f"{kind} fetched {said.strip()} of {pages} pages")
    return taken


def main() -> int:
    """Measure and print; 0 when the target is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--after", choices=("tag", "nothing", "all"), default="tag", help="what follows our crawl")
    given = parser.parse_args()
    bare, text, full = Contender("bare Scrapy"), Contender("Scrapy + trafilatura"), Contender("coi: full pipeline")
    with subprocess.Popen([sys.executable, str(BENCH / "site.py"), str(given.pages)], stdout=subprocess.PIPE,
                          text=True) as server:  # fmt: skip
        try:
            port, size = server.stdout.readline().split() if server.stdout else ("", "")
            url, host = f"http://127.0.0.1:{port}/list/1", f"127.0.0.1:{port}"
            print(f"{given.pages} pages of {size} bytes, {given.repeat} repetitions, after our crawl: {given.after}")
            for _ in range(given.repeat):
                with tempfile.TemporaryDirectory() as folder:
                    bare.runs.append(peer("bare", url, Path(folder), given.pages))
                    text.runs.append(peer("trafilatura", url, Path(folder), given.pages))
                    full.runs.append(ours(Path(folder) / "home", url, host, given.pages, given.after))
        finally:
            server.terminate()
    return report(bare, text, full, given.pages)


def report(bare: Contender, text: Contender, full: Contender, pages: int) -> int:
    """The table, medians, and whether the target is met."""
    print(f"{'':22} {'pages/s':>8} {'CPU s':>7} {'vs bare':>8} {'vs trafilatura':>15} {'peak MB':>8}   each run")
    for one in (bare, text, full):
        rate = pages / one.median("wall_s")
        each = " / ".join(f"{pages / run.wall_s:.0f}" for run in one.runs)
        print(
            f"{one.name:22} {rate:8.1f} {one.median('cpu_s'):7.1f} {bare.median('wall_s') / one.median('wall_s'):8.2f} "
            f"{text.median('wall_s') / one.median('wall_s'):15.2f} {one.median('peak_mb'):8.0f}   {each}"
        )
    ratio = text.median("wall_s") / full.median("wall_s")
    print(f"ratio of the full pipeline to Scrapy + trafilatura: {ratio:.2f} (target {TARGET}: "
          f"{'met' if ratio >= TARGET else 'MISSED'})")  # fmt: skip
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
