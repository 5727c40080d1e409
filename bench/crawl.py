"""Pages per second of the whole crawl against bare Scrapy and against Scrapy with trafilatura, side by side.

python bench/crawl.py [--pages 2000] [--repeat 3] [--after rules|tag|nothing]

All three fetch the same pages from the same local server, one after the other, repetition by repetition; a command is
timed from its start to its end. Ours archives (WARC), reads, stores (SQLite with full text) and tags; the peer writes
JSON lines. --after rules tags by the rules alone; --after tag with the trained head too, whose encoder reads every
passage that holds a word of the vocabulary (here all: the words are drawn at random). Wall time means something on a
quiet machine only, processor time on any. Carry over the ratios, not the rates.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, table
from bench.measure import Measured, measure

PROJECT = Path(__file__).resolve().parents[1]
BENCH = PROJECT / "bench"
TARGET = 1.0  # pages a second, ours against trafilatura
MEMORY_MB = 150.0  # of the crawling process; its reading processes apart
AFTER = {"rules": ", tag by rules", "tag": ", tag", "nothing": ""}

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

    def each(self, what: str) -> tuple[float, ...]:
        return tuple(getattr(run, what) for run in self.runs)


def ours(home: Path, url: str, host: str, pages: int, after: str) -> Measured:
    """The full pipeline into a fresh home, as 'coi update' goes through it."""
    (home / "declared" / "sources").mkdir(parents=True)
    (home / "declared" / "sources" / "bench.toml").write_text(DECLARATION.format(url=url, pages=pages))
    env = os.environ | {"COI_CONTACT": "bench@example.org", "COI_ALLOW_HOSTS": host, "COI_HOME": str(home),
                        "PYTHONPATH": str(PROJECT)}  # fmt: skip
    taken, said = measure([sys.executable, str(BENCH / "crawl_step.py"), str(home), "bench", after], env)
    did = json.loads(said.splitlines()[-1])
    if (did["status"], did["new"]) != ("ok", pages) or (did["tagged"] < pages and after != "nothing"):
        raise SystemExit(f"our crawl did not keep and tag every page: {said}")
    return replace(taken, own_peak_mb=did["peak_mb"])


def peer(kind: str, url: str, folder: Path, pages: int) -> Measured:
    """One of bench/peers.py."""
    taken, said = measure([sys.executable, str(BENCH / "peers.py"), kind, url, str(folder / f"{kind}.jsonl")],
                          dict(os.environ))  # fmt: skip
    if said.strip() != str(pages):
        raise SystemExit(f"{kind} fetched {said.strip()} of {pages} pages")
    return taken


def figures(*, quick: bool) -> Iterator[Figure]:
    """Rates, processor time and memory; with the head on fewer pages, for there the encoder is the measure."""
    if quick:
        yield from side_by_side(300, 1, "rules")
        return
    yield from side_by_side(2000, 3, "rules")
    yield from side_by_side(100, 1, "tag")


def side_by_side(pages: int, repeat: int, after: str) -> Iterator[Figure]:
    """All three, one after the other, so many times."""
    bare, text, full = Contender("bare Scrapy"), Contender("Scrapy + trafilatura"), Contender("coi")
    with subprocess.Popen([sys.executable, str(BENCH / "site.py"), str(pages)], stdout=subprocess.PIPE,
                          text=True) as server:  # fmt: skip
        try:
            port, _ = server.stdout.readline().split() if server.stdout else ("", "")
            url, host = f"http://127.0.0.1:{port}/list/1", f"127.0.0.1:{port}"
            for _ in range(repeat):
                with tempfile.TemporaryDirectory() as folder:
                    bare.runs.append(peer("bare", url, Path(folder), pages))
                    text.runs.append(peer("trafilatura", url, Path(folder), pages))
                    full.runs.append(ours(Path(folder) / "home", url, host, pages, after))
        finally:
            server.terminate()
    yield from told(bare, text, full, pages, after)


def told(bare: Contender, text: Contender, full: Contender, pages: int, after: str) -> Iterator[Figure]:
    """The figures of finished runs."""
    did = f"crawl, archive, read, store{AFTER[after]}"
    about = {"bench": "crawl", "size": pages, "of": "pages"}
    for other, target in ((text, TARGET), (bare, None)):
        rates, theirs = (tuple(pages / s for s in one.each("wall_s")) for one in (full, other))
        yield Figure(what=f"{did}, by the clock", unit="pages/s", ours=rates, beside=other.name, theirs=theirs,
                     target=target, **about)  # fmt: skip
        spent, theirs = (tuple(1000 * s / pages for s in one.each("cpu_s")) for one in (full, other))
        yield Figure(what=f"{did}, all processes", unit="CPU ms/page", ours=spent, beside=other.name, theirs=theirs,
                     **about)  # fmt: skip
    yield Figure(what="memory of the crawling process", unit="MB", ours=full.each("own_peak_mb"), beside="limit",
                 theirs=(MEMORY_MB,), target=1.0, **about)  # fmt: skip
    yield Figure(what="memory with its reading processes", unit="MB", ours=full.each("peak_mb"), **about)


def main() -> int:
    """Measure and print; 0 when every target is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--after", choices=tuple(AFTER), default="rules", help="what follows our crawl")
    given = parser.parse_args()
    found = list(side_by_side(given.pages, given.repeat, given.after))
    print(table(found))
    return int(any(one.met is False for one in found))


if __name__ == "__main__":
    sys.exit(main())
