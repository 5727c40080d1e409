"""Crawling as the commands do it: from an archive, what is due, one address."""

import shutil
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from crawler.health import RunResult, Status
from crawler.progress import bar, line_of
from crawler.run import crawl
from crawler.source import Shape, Source, load_sources
from store.clock import utc_now
from store.db import connect_readonly
from store.declared import DeclarationError
from store.home import Home


def declared(home: Home) -> dict[str, Source]:
    """Every declared source: the shipped ones and those of the home's own folder."""
    return load_sources([home.declared / "sources"])


def chosen(home: Home, ids: Iterable[str]) -> list[Source]:
    """The sources of these ids; an unknown id is an error that names what there is."""
    known = declared(home)
    for source_id in ids:
        if source_id not in known:
            raise DeclarationError(f"no source {source_id!r} is declared; there are: {', '.join(sorted(known))}")
    return [known[source_id] for source_id in ids]


def install_example(home: Home, folder: Path) -> None:
    """Put the example's own sources beside the shipped ones, in the home's folder."""
    target = home.declared / "sources"
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.toml")):
        shutil.copyfile(path, target / path.name)


def replay(home: Home, archives: Sequence[Path], ids: Sequence[str]) -> list[RunResult]:
    """Crawl from archive files; say how it went. Runs that were done before are not done again."""
    return _told(home, chosen(home, ids), archives)


def crawl_live(home: Home, sources: Sequence[Source]) -> list[RunResult]:
    """Crawl the live sources now."""
    return _told(home, sources, ())


def fetch_page(home: Home, source: Source, address: str, published: date | None) -> bool:
    """Fetch one address that came by hand and keep it as a document of a source; return whether that went well."""
    results = _told(home, [source], (), page=address, published=published)
    return all(result.status in (Status.OK, Status.PARTIAL) for result in results)


def crawl_due(home: Home) -> int:
    """Crawl every source whose cadence has passed since its last run; return how many failed."""
    sources = due(home)
    if not sources:
        click.echo("crawl: nothing is due")
        return 0
    return sum(result.status is Status.FAILED for result in crawl_live(home, sources))


def due(home: Home) -> list[Source]:
    """Sources whose cadence has passed since their last live run began."""
    last: dict[str, str] = {}
    if home.database.exists():
        conn = connect_readonly(home)
        rows = conn.execute("select source_id, max(started_at) as at from runs where origin = 'network' group by 1")
        last = {row["source_id"]: row["at"] for row in rows}
        conn.close()
    now = utc_now()
    return [source for source in declared(home).values() if _is_due(source, last.get(source.id), now)]


def _is_due(source: Source, last: str | None, now: str) -> bool:
    if source.shape is Shape.MANUAL or source.every_s is None or is_example(source):
        return False
    if last is None:
        return True
    return (datetime.fromisoformat(now) - datetime.fromisoformat(last)).total_seconds() >= source.every_s


def is_example(source: Source) -> bool:
    """A source of the example archive lives on a host under .example, which does not exist on the live web."""
    return any(url.split("/")[2].split(":")[0].endswith(".example") for url in source.starts)


def _told(
    home: Home,
    sources: Sequence[Source],
    archives: Sequence[Path],
    page: str | None = None,
    published: date | None = None,
) -> list[RunResult]:
    home.create()
    with bar() as tell:
        results = crawl(home, sources, archives=archives, page=page, published=published, tell=tell)
    for result in results:
        if result.status not in (Status.OK, Status.SKIPPED):
            click.echo(line_of(result), err=True)
    done = [result for result in results if result.status is not Status.SKIPPED]
    counts = [result.counts for result in done]
    click.echo(
        f"crawl: {len(done)} runs ({len(results) - len(done)} had been done before), "
        f"{sum(c.new for c in counts)} new, {sum(c.changed for c in counts)} changed, "
        f"{sum(c.unchanged for c in counts)} unchanged, {sum(c.failed for c in counts)} failed"
    )
    return results
