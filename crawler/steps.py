"""Crawling as the commands do it: from an archive, what is due, one address."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

from crawler.due import AlreadyScheduled, Turn, at_once, crawl_slot, is_crawled, is_example, scheduling
from crawler.due import turns as turns_of
from crawler.expected import Expected, load_expected
from crawler.health import RunResult, Status
from crawler.progress import bar, line_of
from crawler.run import CrawlDied, Told, crawl
from crawler.source import Source, load_sources
from crawler.watchdog import CRON, look
from store.clock import utc_now
from store.db import connect, writing
from store.declared import DeclarationError
from store.home import Home
from store.logs import say

__all__ = ["is_crawled", "is_example"]  # known here to the commands


def declared(home: Home) -> dict[str, Source]:
    """Every declared source: the shipped ones and those of the home's own folder."""
    return load_sources([home.declared / "sources"])


def chosen(home: Home, ids: Iterable[str]) -> list[Source]:
    """The sources of these ids; an unknown id is an error that names what there is."""
    known = declared(home)
    for source_id in ids:
        if source_id not in known:
            close = get_close_matches(source_id, known, n=5, cutoff=0.4)
            like = f"alike are: {', '.join(close)}; " if close else ""
            raise DeclarationError(
                f"no source {source_id!r} is declared; {like}'coi sources list' shows all {len(known)}"
            )
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
    """Crawl the live sources now, several at once; one that dies costs no other."""
    home.create()
    slot = f"crawl:{utc_now()}"
    with bar() as tell, ThreadPoolExecutor(at_once()) as pool:
        results = list(pool.map(lambda source: _one(home, source, slot, tell), sources))
    _sum(results)
    return results


def _one(home: Home, source: Source, slot: str, tell: Told) -> RunResult:
    try:
        return crawl(home, [source], slot=slot, tell=tell)[0]
    except CrawlDied as error:
        return RunResult(source_id=source.id, slot=slot, status=Status.FAILED, message=f"{source.id}: {error}")


def fetch_page(home: Home, source: Source, address: str, published: date | None) -> bool:
    """Fetch one address that came by hand and keep it as a document of a source; return whether that went well."""
    results = _told(home, [source], (), page=address, published=published)
    return all(result.status in (Status.OK, Status.PARTIAL) for result in results)


def crawl_due(home: Home, now: datetime | None = None) -> int:
    """Look what is due (for cron), crawl that, several sources at once; return how many failed.

    Where the schedule runs, it does that already: then nothing is done, and said.
    """
    now = now or datetime.now(UTC)
    try:
        with scheduling(home):
            sources = declared(home)
            watch(home, now, by=CRON, sources=sources)
            turns = [turn for turn in due(home, now, sources) if turn.is_due]
            if not turns:
                say("crawl: nothing is due")
                return 0
            with bar() as tell, ThreadPoolExecutor(at_once()) as pool:
                results = list(pool.map(lambda turn: crawl_slot(home, turn.source, now=now, tell=tell), turns))
            _sum(results)
            return sum(result.status is Status.FAILED for result in results)
    except AlreadyScheduled:
        say(f"crawl: {home.path} is scheduled by another process, which crawls what is due; nothing was done here")
        return 0


def due(home: Home, now: datetime | None = None, sources: Mapping[str, Source] | None = None) -> list[Turn]:
    """When each crawled source is asked next; those whose turn has come say `is_due`."""
    return turns_of(home, declared(home) if sources is None else sources, now or datetime.now(UTC))


def watch(home: Home, now: datetime, *, by: str, sources: Mapping[str, Source] | None = None) -> None:
    """Look once whether all goes as it should (crawler.watchdog); say on standard error what does not."""
    known = declared(home) if sources is None else sources
    awaited = expected(home, known)
    conn = connect(home)
    try:
        with writing(conn):
            crawled = {name: source for name, source in known.items() if is_crawled(source)}
            seen = look(conn, crawled, awaited.values(), now=now, by=by)
    finally:
        conn.close()
    for said in seen.messages:
        say(said, err=True)


def expected(home: Home, sources: Mapping[str, Source] | None = None) -> dict[str, Expected]:
    """Every declared expectation of a publication: the shipped ones and those of the home's own folder."""
    return load_expected([home.declared / "expected"], sources if sources is not None else declared(home))


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
    _sum(results)
    return results


def _sum(results: Sequence[RunResult]) -> None:
    """Say what did not go well on standard error, and the whole in one line."""
    for result in results:
        if result.status not in (Status.OK, Status.SKIPPED):
            say(line_of(result), err=True)
    done = [result for result in results if result.status not in (Status.SKIPPED, Status.NOT_CONFIGURED)]
    skipped = sum(result.status is Status.SKIPPED for result in results)
    counts = [result.counts for result in done]
    failed = sum(result.status is Status.FAILED for result in done)
    say(
        f"crawl: {len(done)} runs, {failed} failed ({skipped} had been done before); "
        f"{sum(c.new for c in counts)} new, {sum(c.changed for c in counts)} changed, "
        f"{sum(c.unchanged for c in counts)} unchanged, {sum(c.failed for c in counts)} lost"
    )
