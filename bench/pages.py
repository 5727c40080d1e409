"""Page times at size, over HTTP: python bench/pages.py [--passages N] [--folder DIR] [--only WORD].

Fills a home (bench/page_home.py), starts `coi serve` on it and, on the same file, Datasette without our plugin,
metadata and settings; asks every page over one kept connection as a person who signed in. Each address is asked once to
warm up, then --repeat times in turn. Printed: median and p95, what they are of the target, processor time of the server
for one page, size of the page. Then a new document comes in before each of some pages: what is computed anew then.
"""

import argparse
import http.client
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.assess_rows import PER_DOCUMENT, TODAY, documents, with_transaction
from bench.figures import Figure
from bench.measure import cpu_of
from bench.page_home import make
from bench.search import of, picked
from store.home import Home

ROOT = Path(__file__).resolve().parents[1]
OURS, TABLES = (200, 500), (400, 1000)  # milliseconds: median, p95
Kind = tuple[str, list[str], tuple[int, int]]
PAST = (TODAY - timedelta(days=272)).isoformat()
FACETS = {"documents": "source_id language state", "passages": "language", "evidence": "question_id answer directness",
          "verdicts": "question_id effective reading", "mentions": "kind value"}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Server:
    """A server process with one kept connection to it."""

    command: list[str]
    env: dict[str, str]
    cookie: str = ""
    process: subprocess.Popen[str] = field(init=False)
    line: http.client.HTTPConnection = field(init=False)

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.env,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.process.stdout
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", said)) or (
            "token=" not in said and not self._plain
        ):
            one = self.process.stdout.readline()
            if not one:
                raise SystemExit(f"{' '.join(self.command)} ended: {said}")
            said += one
        self.line = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=120)
        for _ in range(200):  # the address is said a little before it answers
            try:
                self.line.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        if token := re.search(r"(/-/auth-token\?token=\w+)", said):
            self.cookie = self.ask(token[1])[1].split(";")[0]
        return self

    @property
    def _plain(self) -> bool:
        return "datasette" in self.command

    def ask(self, path: str) -> tuple[int, str, int]:
        """Status, cookie that was set, size of the answer in bytes."""
        self.line.request("GET", path, headers={"cookie": self.cookie} if self.cookie else {})
        answer = self.line.getresponse()
        return answer.status, answer.getheader("set-cookie") or "", len(answer.read())

    def memory(self) -> tuple[int, int]:
        """Resident now and at most, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+)", status)[1]) // 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[index, return-value]

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def main() -> None:
    """Fill, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--evidence", type=int, default=12_500)
    parser.add_argument("--countries", type=int, default=5, help="each with 12 groups")
    parser.add_argument("--questions", type=int, default=12, help="of each group; the shipped register has 4 to 12")
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--folder", type=Path, help="keep the home here and go on with it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(asked.folder or Path(folder))
        conn = make(
            home, passages=asked.passages, answers=asked.evidence, countries=asked.countries, questions=asked.questions
        )
        size = home.database.stat().st_size / 1e9
        held = [conn.execute(f"select count(*) from {t}").fetchone()[0] for t in ("passages", "questions", "evidence")]
        print("{:,} passages, {:,} questions, {:,} pieces of evidence, {:.1f} GB".format(*held, size))
        random.seed(7)
        ours = [one for one in pages(conn, asked.passages) if asked.only in one[0]]
        with Server(
            command=[sys.executable, "-m", "coi", "serve", "--port", "0"], env={"COI_HOME": str(home.path)}
        ) as site:
            head("coi serve")
            for name, addresses, target in ours:
                row(site, name, addresses, asked.repeat, target)
            print(f"memory of the server: {site.memory()[0]} MB, at most {site.memory()[1]} MB")
            with Server(command=site.command, env=site.env) as fresh:
                told = ", ".join(f"{number}: {held} MB" for number, held in remembered(fresh, ours))
                print(f"resident memory of a fresh server after so many of these pages in turn: {told}")
            head("after a new document each time")
            for name, addresses, target in ours:
                if name in ("home", "matrix", "questions", "question", "search, 1 % of passages"):
                    row(site, name, addresses, 5, target, between=lambda: arrive(conn))
        with Server(
            command=[sys.executable, "-m", "datasette", "serve", str(home.database), "--port", "0"],
            env={"DATASETTE_LOAD_PLUGINS": ""},
        ) as bare:
            head("Datasette alone, same file")
            for name, addresses, target in plain(conn):
                if asked.only in name:
                    row(bare, name, addresses, 5, target)
            print(f"memory of the server: {bare.memory()[0]} MB, at most {bare.memory()[1]} MB")


PLAIN = ("home", "matrix", "questions", "question", "document", "document, 3,000 passages",
         "document, a third of 3,000 tagged", "passage",
         "search, a rare term", "search, 1 % of passages", "search, the commonest", "queue", "coding", "moratoria",
         "sources", "moratorium", "tables and queries", "table passages, its facets")  # fmt: skip
MEMORY_MB = 600.0


def figures(*, quick: bool) -> Iterator[Figure]:
    """The pages that people open, at each size, beside the limit; and the memory of the server after them."""
    for size in (10_000,) if quick else (10_000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder))
            conn = make(home, passages=size, answers=min(12_500, size // 4), countries=5, questions=12)
            random.seed(7)
            with Server(
                command=[sys.executable, "-m", "coi", "serve", "--port", "0"], env={"COI_HOME": folder}
            ) as site:
                for name, addresses, target in pages(conn, size):
                    if name in PLAIN:
                        yield row(site, name, addresses, 3 if quick else 10, target, size=size)
                yield Figure(bench="pages", what="memory of the server", size=size, of="passages", unit="MB",
                             ours=(site.memory()[1],), beside="limit", theirs=(MEMORY_MB,), target=1.0)  # fmt: skip
            with Server(command=site.command, env=site.env) as fresh:
                few, many = remembered(fresh, [one for one in pages(conn, size) if one[0] in PLAIN])[-2:]
                yield Figure(bench="pages", what=f"memory after {many[0]} pages, beside {few[0]}", size=size, unit="MB",
                             of="passages", ours=(many[1],), beside="after the first", theirs=(few[1],))  # fmt: skip


def remembered(site: Server, kinds: list[Kind]) -> list[tuple[int, int]]:
    """Resident memory (MB) at the start, after 200 and after 400 requests of these pages in turn."""
    found = [(0, site.memory()[0])]
    turns = cycle([one for _, addresses, _ in kinds for one in addresses[:10]])
    for number in (200, 400):
        for _ in range(200):
            site.ask(next(turns))
        found.append((number, site.memory()[0]))
    return found


def head(what: str) -> None:
    print(f"\n{what:<44}{'p50 ms':>8}{'p95':>8}{'of target':>11}{'':>7}{'cpu ms':>8}{'kB':>7}  status")


def row(
    server: Server,
    name: str,
    addresses: list[str],
    repeat: int,
    target: tuple[int, int],
    *,
    between: Callable[[], None] | None = None,
    size: int = 0,
) -> Figure:
    """Ask each address once, then in turn; print what it took, and return it."""
    for one in addresses[:repeat]:
        server.ask(one)
    taken, cpu, sizes, statuses = [], 0.0, [], set()
    for n in range(repeat):
        if between:
            between()
        before, begin = cpu_of(server.process.pid), time.perf_counter()
        status, _, length = server.ask(addresses[n % len(addresses)])
        taken.append(time.perf_counter() - begin)
        cpu += cpu_of(server.process.pid) - before
        sizes.append(length)
        statuses.add(status)
    p50, p95 = (1000 * value for value in of(taken))
    print(
        f"{name:<44}{p50:>8.0f}{p95:>8.0f}{p50 / target[0]:>11.2f}{p95 / target[1]:>7.2f}{1000 * cpu / repeat:>8.0f}"
        f"{statistics.median(sizes) / 1000:>7.0f}  {' '.join(map(str, sorted(statuses)))}", flush=True,
    )  # fmt: skip
    note = f"p95 {p95:.0f} ms, CPU {1000 * cpu / repeat:.0f} ms, {statistics.median(sizes) / 1000:.0f} kB"
    return Figure(bench="pages", what=name, size=size, of="passages", unit="ms", note=note, beside="limit",
                  ours=tuple(1000 * one for one in taken), theirs=(float(target[0]),), target=1.0)  # fmt: skip


def arrive(conn: sqlite3.Connection) -> None:
    """One more document, as a crawl brings it."""
    after = conn.execute("select max(id) from passages").fetchone()[0] // PER_DOCUMENT + 1
    with_transaction(conn, lambda: documents(conn, range(after, after + 1)))


def pages(conn: sqlite3.Connection, passages: int) -> Iterator[Kind]:
    """(name, addresses, target) of our pages and of Datasette's in our clothes."""

    def some(sql: str, form: str, many: int = 20) -> list[str]:
        found = [quote(str(row[0]), safe=",") for row in conn.execute(sql).fetchall()]
        return [form.format(one) for one in random.sample(found, min(many, len(found)))]

    questions = some("select id from questions where country <> 'RU'", "/questions/{}")
    busiest = conn.execute("select passage_id from evidence group by passage_id order by count(*) desc limit 1")
    answered = some("select passage_id from evidence limit 5000", "{}")
    rare, one, hot, _, pairs, phrases = ([quote(word) for word in words] for words in picked(conn, 20, passages))
    yield "home", ["/"], OURS
    yield "home, a past day", [f"/?as_of={PAST}"], OURS
    yield "matrix", some("select distinct country from questions", "/matrix/{}"), OURS
    yield "matrix, a past day", some("select distinct country from questions", f"/matrix/{{}}?as_of={PAST}"), OURS
    yield "questions", ["/questions"], OURS
    yield "question", questions, OURS
    yield "question, a past day", [f"{one}?as_of={PAST}" for one in questions], OURS
    yield "question, everything about it", [f"{one}?reading=reviewed" for one in questions], OURS
    yield "document", some("select id from documents where source_id like 's%' limit 40000", "/documents/{}"), OURS
    yield "document, a past day", [f"{one}?as_of={PAST}" for one in some(
        f"select document_id from versions where public_on < '{PAST}' limit 9000", "/documents/{}")], OURS  # fmt: skip
    yield "document, 3,000 passages", some("select id from documents where source_id = 'large'", "/documents/{}"), OURS
    yield "document, a third of 3,000 tagged", some("select id from documents where source_id = 'tagged'",
                                                    "/documents/{}"), OURS  # fmt: skip
    yield "document of the busiest passage", [f"/documents/{(busiest.fetchone()[0] - 1) // 20 + 1}"], OURS
    yield "passage", [f"/passages/{one}" for one in answered], OURS
    yield "add evidence to a passage", [f"/passages/{one}/evidence" for one in answered], OURS
    for name, words in (("a rare term", rare), ("1 % of passages", one), ("the commonest", hot), ("two terms", pairs)):
        yield f"search, {name}", [f"/search?q={word}" for word in words], OURS
    yield "search, a phrase", [f"/search?q={word}" for word in phrases], OURS
    yield "search, 1 %, group and language", [f"/search?q={word}&group=g03&language=nl" for word in one], OURS
    yield "queue", ["/queue", "/queue?group=g03", "/queue?n=3"], OURS
    yield "several, by group", ["/queue/several?group=g03", "/queue/several?group=g07"], OURS
    yield "several, by question", [f"/queue/several?question={one.rpartition('/')[2]}" for one in questions], OURS
    yield "comments", some("select id from documents limit 9000", "/comments?document={}"), OURS
    for name in ("coding", "moratoria", "sources", "alerts", "signoffs", "method"):
        yield name, [f"/{name}"], OURS
    yield "source", some("select id from sources", "/sources/{}"), OURS
    yield "moratorium", some("select id from moratoria", "/moratoria/{}"), OURS
    yield "moratorium, a past day", some("select id from moratoria", f"/moratoria/{{}}?as_of={PAST}"), OURS
    yield "tables and queries", ["/coi"], TABLES
    for table in FACETS:
        yield f"table {table}, its facets", [f"/coi/{table}"], TABLES
    yield "table documents, filtered", [f"/coi/documents?source_id=s{n}" for n in range(20)], TABLES
    yield "table passages, filtered", [f"/coi/passages?language={code}" for code in ("nl", "ru", "uk")], TABLES
    yield "table passages, searched", [f"/coi/passages?_search={word}" for word in one], TABLES
    yield "row of a document", some("select id from documents limit 9000", "/coi/documents/{}"), TABLES
    yield "row of a passage", some("select id from passages limit 9000", "/coi/passages/{}"), TABLES
    yield "row of a question", some("select id || ',' || version from questions", "/coi/questions/{}"), TABLES
    yield "row of a source", some("select id from sources", "/coi/sources/{}"), TABLES
    for view in sorted(row[0] for row in conn.execute("select name from sqlite_master where type = 'view'")):
        yield f"view {view}", [f"/coi/{view}"], TABLES
    for query in sorted(queries()):
        yield f"query {query}", [f"/coi/{query}"], TABLES


def queries() -> list[str]:
    """The prepared queries, as the metadata declares them."""
    told = json.loads((ROOT / "datasette-metadata.json").read_text("utf-8"))
    return list(told["databases"]["coi"]["queries"])


def plain(conn: sqlite3.Connection) -> Iterator[Kind]:
    """The same tables and facets in Datasette as it comes."""
    for table, facets in FACETS.items():
        yield f"table {table}", [f"/coi/{table}"], TABLES
        yield (
            f"table {table}, the same facets",
            [f"/coi/{table}?" + "&".join(f"_facet={column}" for column in facets.split())],
            TABLES,
        )
    yield "table documents, filtered", [f"/coi/documents?source_id=s{n}&_facet=language" for n in range(5)], TABLES
    for table in ("documents", "passages"):
        ids = [row[0] for row in conn.execute(f"select id from {table} where id % 977 = 1 limit 5")]
        yield f"row of {table}", [f"/coi/{table}/{one}" for one in ids], TABLES


if __name__ == "__main__":
    main()
