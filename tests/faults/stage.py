"""What every fault is done to: small homes at each stage of the work, commands, and what must hold after a fault."""

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from store.captures_check import capture_problems
from store.clock import instant
from store.db import connect_readonly
from store.home import Home
from store.verify import database_problems
from tests.alerts_world import Mailbox
from tests.conftest import new_home
from tests.faults.homes import ROWS, differences, rows_of
from tests.faults.warm import Started, Warm
from tests.local_crawl import declare
from tests.local_site import Page, Site
from tests.test_bad_input import report

T1, T2, T3 = "2026-01-05T06:00:00Z", "2026-01-05T12:00:00Z", "2026-01-06T06:00:00Z"
AS_OF = "2026-01-07"
SAYS = (
    "Conscripts of the spring call-up were sent to the front in Ukraine in {month} 2025, officers of unit {n} say.",
    "According to Russian law conscripts may not be sent abroad, the ministry said in answer {n}.",
    "A court in Pskov sentenced {n} men who refused to fight to prison in {month} 2025.",
)
ARTICLES = 10
# What two crawls of one site must have in common, whenever they were.
LIVE = {
    "documents": "select source_id, key, title, language, published_on, state from documents",
    "versions": """select d.key, v.text_sha256, v.extractor, v.cause
      from versions v join documents d on d.id = v.document_id""",
    "passages": """select d.key, p.text_sha256, vp.position from version_passages vp
      join passages p on p.id = vp.passage_id join versions v on v.id = vp.version_id
      join documents d on d.id = v.document_id""",
    "captured": "select distinct url, sha256 from captures where url not like '%robots.txt'",
    "runs": "select source_id, slot, status from runs",
}  # fmt: skip


class Lost(AssertionError):
    """Something did not survive a fault. The message says what."""


@dataclass
class Tally:
    """One line of the table: a fault, how often it was done, how often all of it held, and what was looked at."""

    fault: str
    checked: str
    times: int = 0
    survived: int = 0
    note: str = ""
    lost: list[str] = field(default_factory=list)

    def one(self, does: Callable[[], object], *, faults: int = 1) -> None:
        """Do a fault (or several on one home) and what must hold after it; what does not is kept with its reason."""
        self.times += faults
        try:
            does()
            self.survived += faults
        except Exception as error:
            self.lost.append(f"{self.fault}: {type(error).__name__}: {error}")


@dataclass
class Stage:
    """A folder, chance, a local site with a feed of articles, a mail server, and the process that forks commands."""

    folder: Path
    chance: random.Random
    site: Site
    box: Mailbox
    articles: int = ARTICLES
    short: bool = False  # as `make test` runs it: everything as small as it can be
    _made: int = 0
    _crawls: int = 0
    _warm: dict[str, Warm] = field(default_factory=dict)

    def __post_init__(self) -> None:
        publish(self.site, self.articles)

    @property
    def warm(self) -> Warm:
        return self._warm.setdefault("now", None) or self._new("now", None)  # type: ignore[arg-type]

    def warm_by(self, clock: Path) -> Warm:
        """The process whose clock is the one in this file."""
        return self._warm.get(str(clock)) or self._new(str(clock), clock)

    def _new(self, name: str, clock: Path | None) -> Warm:
        made = self._warm[name] = Warm(self.folder / f"said-{len(self._warm)}", clock)
        return made

    def close(self) -> None:
        for warm in self._warm.values():
            if warm is not None:
                warm.close()

    @property
    def env(self) -> dict[str, str]:
        return {"COI_CONTACT": "tests@example.org", "COI_ALLOW_HOSTS": self.site.host}

    def path(self, name: str) -> Path:
        """A new path for a home."""
        self._made += 1
        return self.folder / f"{self._made:04}-{name}"

    def copy(self, of: Path) -> Path:
        """A copy of a home that nothing uses."""
        made = self.path(of.name.partition("-")[2] or of.name)
        shutil.copytree(of, made, symlinks=True)
        return made

    def coi(self, home: Path, *arguments: str, env: Mapping[str, str] | None = None, file_limit: int = 0,
            clock: Path | None = None) -> Started:  # fmt: skip
        """Start a coi command on a home."""
        warm = self.warm_by(clock) if clock else self.warm
        return warm.start("coi", arguments, home=home, env=self.env | dict(env or {}), file_limit=file_limit)

    def crawl(
        self, home: Path, now: str = "", slot: str = "s", delay_s: float = 0.01, source: str = "paper",
        file_limit: int = 0, clock: Path | None = None,
    ) -> Started:  # fmt: skip
        """Start a live crawl of the local site, a minute later than the one before unless `now` is given."""
        self._crawls += 1
        now = now or instant(datetime.fromisoformat(T1) + timedelta(minutes=self._crawls))
        warm = self.warm_by(clock) if clock else self.warm
        return warm.start("tests.faults.crawling", [source, now, slot, str(delay_s)], home=home, env=self.env,
                          file_limit=file_limit)  # fmt: skip

    def done(self, started: Started, status: int = 0) -> float:
        """Wait for a command that must end with this status; return how long that took. Raises Lost."""
        began = time.monotonic()
        ended = started.wait()
        if ended != status:
            raise Lost(f"ended with {ended}, expected {status}: {started.said[-1500:]}")
        return time.monotonic() - began

    @cached_property
    def declared(self) -> Path:
        """A home that knows one source and holds nothing."""
        home = new_home(self.path("declared"))
        declare(home, "paper", "feed", [f"{self.site.url}/feed"])
        return home.path

    @cached_property
    def crawled(self) -> Path:
        """... that crawled it once, undisturbed."""
        home = self.copy(self.declared)
        self.done(self.crawl(home))
        return home.rename(self.path("crawled"))

    @cached_property
    def archives(self) -> list[Path]:
        """The archive of an undisturbed crawl, and of a second one after an edit."""
        home = self.copy(self.crawled)
        self.site.article("/a0", f"{SAYS[0].format(n=77, month='June')} A correction was added.")
        self.done(self.crawl(home, T3, "t"))
        publish(self.site, self.articles)
        return sorted((home / "archive").glob("*.warc.gz"))

    @cached_property
    def tagged(self) -> Path:
        """... that tagged, proposed evidence and found origins."""
        home = self.copy(self.crawled)
        self.done(self.coi(home, "tag"))
        return home.rename(self.path("tagged"))

    @cached_property
    def judged(self) -> Path:
        """... that judged a day."""
        home = self.copy(self.tagged)
        self.done(self.coi(home, *ASSESS))
        return home.rename(self.path("judged"))


ASSESS = ("assess", "--as-of", AS_OF, "--basis", "held")


def publish(site: Site, articles: int) -> None:
    """Put the articles, a report as PDF and the feed that lists them on the site."""
    for n in range(articles):
        site.article(f"/a{n}", SAYS[n % 3].format(n=n + 11, month=("March", "April", "May")[n % 3]))
    site.pages["/report.pdf"] = Page(_pdf(), "application/pdf")
    site.feed("/feed", *(f"/a{n}" for n in range(articles)), "/report.pdf")


_PDF: list[bytes] = []


def _pdf() -> bytes:
    if not _PDF:
        _PDF.append(report())
    return _PDF[0]


def problems(home: Path) -> list[str]:
    """What `coi verify` would say, without its process."""
    conn = connect_readonly(Home(home))
    try:
        return [*database_problems(conn), *capture_problems(conn, home / "archive")]
    finally:
        conn.close()


def holds(home: Path) -> None:
    """Raise Lost unless `coi verify` finds nothing, no document is there twice, and no version came twice."""
    if not counts(home):
        return  # nothing was committed yet
    if found := problems(home):
        raise Lost(f"coi verify: {found[:3]}")
    twice = rows(home, """select source_id, url, count(*) from documents group by source_id, url having count(*) > 1
                          union all select d.source_id, d.key, count(*) from versions v
                          join documents d on d.id = v.document_id
                          group by d.id, v.text_sha256, v.extractor, v.seen_at having count(*) > 1""")  # fmt: skip
    if twice:
        raise Lost(f"twice: {twice[:3]}")


def same(calm: Path, shaken: Path, tables: Iterable[str] = tuple(ROWS), live: bool = False) -> None:
    """Raise Lost unless both homes hold the same rows. `live`: but for the times of two crawls."""
    one, other = (live_rows(calm), live_rows(shaken)) if live else (rows_of(calm), rows_of(shaken))
    names = list(one) if live else [name for name in tables if name in one]
    said = differences({name: one[name] for name in names}, {name: other[name] for name in names})
    if said:
        raise Lost("not as in an undisturbed run: " + "; ".join(said)[:1500])


def live_rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """What two live crawls of one site have in common."""
    return {name: sorted(map(repr, rows(home, sql))) for name, sql in LIVE.items()}  # type: ignore[misc]


def rows(home: Path, sql: str, *values: object) -> list[tuple]:
    """What a query finds in a home."""
    conn = sqlite3.connect(f"file:{home / 'coi.db'}?mode=ro", uri=True, timeout=60)
    try:
        return [tuple(row) for row in conn.execute(sql, values)]
    finally:
        conn.close()


_GROW = ("captures", "documents", "versions", "examinations", "mentions", "vectors", "linkings", "origin_keys",
         "evidence", "relevance", "verdicts", "run_problems", "signoffs", "alerts", "letters",
         "deliveries")  # fmt: skip
_GROWN = " union all ".join(f"select count(*) from {name}" for name in _GROW)


def counts(home: Path) -> tuple[object, ...]:
    """How far a home has come: the sizes of the tables that its work fills; () where there is no database."""
    try:
        return tuple(rows(home, _GROWN)) if (home / "coi.db").exists() else ()
    except sqlite3.OperationalError:
        return ()  # killed before the first commit


def is_root() -> bool:
    """Whether disks can be mounted here."""
    return os.geteuid() == 0
