"""Crawls of a local site: declare a source, crawl it, see what was kept, crawl it again from its archive."""

from pathlib import Path
from typing import Any

from crawler.health import RunResult
from crawler.run import crawl
from crawler.source import Source, load_sources
from store import db
from store.home import Home

T1, T2, T3 = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
WAR = "Officers told conscripts that the war would be over by the autumn of that year."


def declare(home: Home, name: str, shape: str, starts: list[str], tables: str = "", min_rows: int = 1) -> Source:
    """A source of that name, declared in the home; `tables` are further lines of its file."""
    addresses = ", ".join(f'"{url}"' for url in starts)
    (home.declared / "sources" / f"{name}.toml").write_text(
        f"""title = "{name}"\npublisher = "Test"\nowner = "test"\ntype = "media"\ngrade = "C"
grade_reason = "a test source"\nlanguage = "en"\nterms = "own"\nevery = "6 hours"\nshape = "{shape}"
start = [{addresses}]\n{tables}\n[expect]\nmin_rows = {min_rows}\n"""
    )
    return load_sources([home.declared / "sources"])[name]


def go(home: Home, source: Source, now: str = T1, **more: Any) -> RunResult:
    """One live run, without waiting between requests."""
    return crawl(home, [source], now=now, local_delay_s=0, **more)[0]


def rows(home: Home, sql: str, *values: object) -> list[tuple]:
    """What a query finds in a home."""
    conn = db.connect_readonly(home)
    try:
        return [tuple(row) for row in conn.execute(sql, values)]
    finally:
        conn.close()


def second_home(home: Home, path: Path | None = None) -> Home:
    """An empty home with the same sources ("copy" beside the first)."""
    made = Home(path or home.path.parent / "copy")
    made.create()
    (made.declared / "sources").symlink_to(home.declared / "sources")
    return made


def replayed(home: Home, source: Source) -> list[RunResult]:
    """The same crawls, from their archive into a second home."""
    return crawl(second_home(home), [source], archives=sorted(home.archive.glob("*.warc.gz")))
