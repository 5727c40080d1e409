"""What an unchanged crawl costs beside the first one: processor time, requests, and what was read anew.

python bench/recrawl.py [--pages 1000] [--repeat 3] [--limit 0.10]

One site of pages of about 15 kB, crawled for the first time, then again with nothing changed: from a server that sends
ETags (304), from one that sends none (the same bytes with 200), and a month later, when most pages have been found
unchanged so often that they are asked for once a week. Carry over the ratios.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.crawl import BENCH, DECLARATION, PROJECT
from bench.figures import Figure, table
from bench.measure import Measured, measure

LIMIT = 0.10
ROUNDS = (("again, 304", "2026-01-01T06:00:00Z"), ("a month later", "2026-02-02T06:00:00Z"))
SOON = "2026-02-02T12:00:00Z"  # six hours after the round of the month


def crawl(home: Path, host: str, now: str) -> Measured:
    """One crawl of the declared source at an instant; the run must be ok."""
    env = os.environ | {"COI_CONTACT": "bench@example.org", "COI_ALLOW_HOSTS": host, "PYTHONPATH": str(PROJECT)}
    taken, said = measure([sys.executable, "-m", "crawler", "--home", str(home), "--source", "bench", "--now", now,
                           "--local-delay-s", "0"], env)  # fmt: skip
    if ": ok," not in said:
        raise SystemExit(f"the crawl did not go well: {said}")
    return taken


def last_run(home: Path) -> tuple[int, int, int]:
    """(requests, new, changed) of the newest run."""
    conn = sqlite3.connect(home / "coi.db")
    row = conn.execute("select requests, new, changed from runs order by id desc limit 1").fetchone()
    conn.close()
    return tuple(row)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Processor time of each kind of second crawl, against the first."""
    yield from rounds(*((200, 1) if quick else (2000, 3)), LIMIT)


def rounds(pages: int, repeat: int, limit: float) -> Iterator[Figure]:
    """So many times: first crawl and what follows, of a server with validators and of one without."""
    found: dict[str, list[tuple[float, tuple[int, int, int]]]] = {}
    for _ in range(repeat):
        for tags in ("etag", "plain"):
            one_site(tags, pages, found)
    first = tuple(cpu for cpu, _ in found.pop("first"))
    for name, runs in found.items():
        requests, new, changed = runs[-1][1]
        yield Figure(bench="recrawl", what=name, size=pages, of="pages", unit="CPU s", beside="the first crawl",
                     ours=tuple(cpu for cpu, _ in runs), theirs=first, target=limit,
                     note=f"{requests} requests, {new} new, {changed} changed")  # fmt: skip


def main() -> int:
    """Measure and print; 0 when the limit is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=LIMIT)
    given = parser.parse_args()
    found = list(rounds(given.pages, given.repeat, given.limit))
    print(table(found))
    return int(not found[0].met)


def one_site(tags: str, pages: int, found: dict[str, list[tuple[float, tuple[int, int, int]]]]) -> None:
    """First crawl and what follows, of one server."""
    command = [sys.executable, str(BENCH / "site.py"), str(pages), *(["--etag"] if tags == "etag" else [])]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            port, _ = server.stdout.readline().split() if server.stdout else ("", "")
            home, url, host = Path(folder) / "home", f"http://127.0.0.1:{port}/list/1", f"127.0.0.1:{port}"
            (home / "declared" / "sources").mkdir(parents=True)
            (home / "declared" / "sources" / "bench.toml").write_text(
                DECLARATION.format(url=url, pages=pages).replace("max_pages", "newest_first = false\nmax_pages")
            )
            rounds = [("first", "2026-01-01T00:00:00Z")]
            rounds += ROUNDS if tags == "etag" else [("again, no validators", ROUNDS[0][1])]
            rounds += [("a month and six hours later", SOON)] if tags == "etag" else []
            for name, now in rounds:
                cpu = crawl(home, host, now).cpu_s
                found.setdefault(name, []).append((cpu, last_run(home)))
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
