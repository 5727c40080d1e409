"""The runs of one crawling process: planned, run one after the other in one reactor, closed in the store."""

import asyncio
import logging
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.dupefilters import RFPDupeFilter
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.reactor import install_reactor

from crawler.guard import Allowed
from crawler.health import RunLog, RunResult, Status
from crawler.imports import import_archives
from crawler.job import Archive, Job, Moment
from crawler.journal import Journal
from crawler.ledger import Ledger
from crawler.moments import moments_of
from crawler.progress import Report
from crawler.read.model import Dated, Entry
from crawler.readers import Readers
from crawler.run import Progress, Told
from crawler.settings import settings_for
from crawler.shapes import Shape, WatchRules
from crawler.source import Expect, Source
from crawler.spiders import KINDS
from crawler.warc import MAX_FILE_BYTES, repair
from crawler.watchdog import record_outcome
from store import db, logs, runs
from store import sources as cards
from store.clock import Clock, instant, utc_now
from store.held import known_losses
from store.home import Home
from store.model import Capture, Change

TELL_EVERY_S = 0.5
UNLOCK = "end the program that holds the database, or make room on its disk, then crawl again"
BEHIND = timedelta(days=1)  # how far a clock is followed that stepped back


def only_page(source: Source, page: str) -> Source:
    """The source as if it were this one page, watched: for an address that came by hand."""
    return source.model_copy(
        update={"shape": Shape.WATCH, "start": (page,), "expect": Expect(min_rows=1), "watch": WatchRules()}
    )


class AskedOnce(RFPDupeFilter):
    """Each address is asked for once in a run; where it leads (REDIRECT_MAX_TIMES steps at most) is its own affair.

    Many removed documents lead to one error page or front page, and each of them must hear so.
    """

    def request_seen(self, request: Request) -> bool:
        """Whether this very address was asked for before; an address that another led to counts for neither."""
        return not request.meta.get("redirect_urls") and super().request_seen(request)


class Crawls:
    """The runs of one process, sharing connection, ledger and reading processes.

    `--now` names the instant at which the process was asked; the clock of its runs starts `waited_s` seconds later,
    when it holds its hosts: nothing is fetched before.
    """

    def __init__(
        self,
        given: Any,  # noqa: ANN401
        home: Home,
        conn: sqlite3.Connection,
        contact: str,
        tell: Told,
        *,
        waited_s: float = 0.0,
    ) -> None:
        self.given, self.home, self.conn, self.contact, self.tell = given, home, conn, contact, tell
        self.allowed = os.environ.get("COI_ALLOW_HOSTS", "")
        self.now: str = given.now or utc_now()
        self.clock = Clock(self._not_before(instant(datetime.fromisoformat(self.now) + timedelta(seconds=waited_s))))
        self.journal = Journal(given.journal) if given.journal else None
        self.ledger, self.readers = Ledger(conn, clock=self.clock, journal=self.journal), Readers()
        self.stopped = False
        self._current: Crawler | None = None

    def _not_before(self, now: str) -> str:
        """When the clock of this process starts: now, but not before the newest capture where the clock stepped back.

        Else what is fetched now would count as older than what was fetched before it. A capture more than BEHIND ahead
        is of a clock that was wrong then: nobody waits for that.
        """
        row = self.conn.execute("select recorded_at from captures order by id desc limit 1").fetchone()
        newest = str(row["recorded_at"]) if row else now
        if not now < newest <= instant(datetime.fromisoformat(now) + BEHIND):
            return now
        self.tell(
            Progress(
                event="message",
                text=f"the clock says {now}, but a capture was kept at {newest}: what comes now is dated from there "
                "on. Set the clock of this machine right",
            )
        )
        return newest

    def plan(self, chosen: list[Source]) -> Iterator[Job]:
        """Every run to do, archives taken in first: sources in the given order, moments in time order."""
        with db.writing(self.conn):
            cards.sync(self.conn, [source.card for source in chosen], declared_at=self.now)
        for said in repair(self.home.archive):
            self.tell(Progress(event="message", text=said))
        if self.given.page:
            slot = f"page:{self.given.page} {self.now}"
            yield from (self._job(only_page(source, self.given.page), slot, None) for source in chosen)
            return
        crawled = [source for source in chosen if source.shape is not Shape.MANUAL]
        if not self.given.archives:
            yield from (self._job(source, self.given.slot or f"crawl:{self.now}", None) for source in crawled)
            return
        taken = import_archives(self.conn, self.home, tuple(self.given.archives), recorded_at=self.clock())
        for said in taken.problems:
            self.tell(Progress(event="message", text=said))
        for source in crawled:
            moments = moments_of(KINDS[source.shape], source, taken.captures)
            if not moments:
                said = f"{source.id}: the archives hold none of its start pages ({', '.join(source.starts)})"
                self.tell(Progress(event="message", source_id=source.id, text=said))
            yield from (self._job(source, f"replay:{moment.at}", moment) for moment in moments)

    def _job(self, source: Source, slot: str, moment: Moment | None) -> Job:
        now = moment.at if moment else self.now
        return Job(
            source=source,
            slot=slot,
            now=now,
            log=RunLog(
                source=source, day=datetime.fromisoformat(now).date(), known_losses=known_losses(self.conn, source.id)
            ),
            ledger=self.ledger,
            readers=self.readers,
            given=self._given(),
            clock=self.clock,
            probe=self.given.probe,
            archive=Archive(
                folder=self.home.archive, source_id=source.id, now=now, max_bytes=MAX_FILE_BYTES, bring=self._bring()
            ),
            moment=moment,
        )

    def _bring(self) -> Callable[[Capture], None] | None:
        if self.given.shared is None:
            return None
        from crawler.cluster.bring import bringer  # only now: it needs the extra cluster

        return bringer(self.home.archive, self.given.shared)

    def _given(self) -> Entry | None:
        """What a person says of a page that came by hand; it goes before what the page says itself."""
        if self.given.published is None:
            return None
        return Entry(url=self.given.page, published=Dated(day=self.given.published, origin="declared"))

    def run(self, planned: list[Job], report: Report) -> None:
        """Run the jobs in one reactor, until done or told to stop (SIGTERM, SIGINT); report each result."""
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        from twisted.internet import reactor  # only now: importing it earlier would install another one

        from crawler.resolver import GuardedResolver

        GuardedResolver(reactor, Allowed.parse(self.allowed)).install_on_reactor()
        loop: Any = reactor  # Twisted decides only now which kind it is
        failures: list[Any] = []

        def start() -> None:
            done = deferred_from_coro(self._all(planned, report))
            done.addErrback(failures.append)
            done.addBoth(lambda _: loop.stop())

        loop.callWhenRunning(start)
        loop.run(installSignalHandlers=False)
        self.readers.close(wait=True)
        if failures:
            failures[0].raiseException()

    async def _all(self, planned: list[Job], report: Report) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        for done, job in enumerate(planned):
            if self.stopped:
                return
            self.tell(
                Progress(event="began", source_id=job.source.id, slot=job.slot, done=done, total=len(planned))
            )  # fmt: skip
            report(await self._one(job))
            self.tell(
                Progress(event="ended", source_id=job.source.id, slot=job.slot, done=done + 1, total=len(planned))
            )

    def _stop(self) -> None:
        self.stopped = True
        if self._current is not None:
            self._current.spider.job.log.interrupted = True  # type: ignore[union-attr]
            asyncio.ensure_future(self._current.stop_async())  # noqa: RUF006 (the crawl's own task waits for it)

    async def _one(self, job: Job) -> RunResult:
        if job.probe:
            await self._crawled(job)
            return job.log.result(job.slot)
        run_id = runs.start(
            self.conn, job.source.id, job.slot, origin="archive" if job.replay else "network", started_at=self.clock()
        )
        if run_id is None:
            said = f"{job.source.id}: {job.slot} has been run before; nothing was done"
            return RunResult(source_id=job.source.id, slot=job.slot, status=Status.SKIPPED, message=said)
        with logs.bound(source=job.source.id, slot=job.slot, crawl=run_id):
            with logs.timed("crawl"):
                await self._crawled(job)
            self._refused(job)
            result = self._closed(job, run_id)
            level = logging.WARNING if result.status is Status.FAILED else logging.INFO
            logs.event("crawled", result.message, level=level, echoed=True, status=result.status.value,
                       **asdict(result.counts))  # fmt: skip
        return result

    def _refused(self, job: Job) -> None:
        """A run is no success when the database refused a batch: what was being read then may be missing."""
        if self.ledger.refused:
            said = f"{self.home.database}: {self.ledger.refused}, while pages were being kept; some of them are missing"
            job.log.fail(job.source.id, said, UNLOCK)
            self.ledger.refused = ""

    async def _crawled(self, job: Job) -> None:
        settings = settings_for(
            job.source,
            contact=self.contact,
            allowed=self.allowed,
            replay=job.replay,
            local_delay_s=self.given.local_delay_s,
        )
        settings["DUPEFILTER_CLASS"] = AskedOnce
        self._current = crawler = Crawler(KINDS[job.source.shape], Settings(settings))
        for broken in (signals.spider_error, signals.item_error):
            crawler.signals.connect(_fault_of(job), signal=broken, weak=False)
        watching = [asyncio.ensure_future(self._going_on(job, crawler))]
        if not job.replay and self.given.limit_s is not None:
            watching.append(asyncio.ensure_future(_limited(job, crawler, self.given.limit_s)))
        try:
            await crawler.crawl_async(job=job)
        finally:
            for task in watching:
                task.cancel()
            self._current = None
            job.ledger.close_files()

    async def _going_on(self, job: Job, crawler: Crawler) -> None:
        """Say twice a second how the run goes."""
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            self.tell(going_on(job, crawler))

    def _closed(self, job: Job, run_id: int) -> RunResult:
        result, now = job.log.result(job.slot), self.clock()
        with db.writing(self.conn):
            for problem in () if job.log.interrupted else result.problems:
                runs.problem(self.conn, run_id, problem.url, problem.what, problem.remedy, seen_at=now)
            runs.finish(self.conn, run_id, result.counts, result.status.value, result.message, ended_at=now)
            if not job.replay:
                record_outcome(self.conn, job.source, run_id, at=now)
        if self.journal is not None:
            self.journal.end(self.conn, run_id, result.problems, now)
        return result


def going_on(job: Job, crawler: Crawler) -> Progress:
    """How a run goes at this moment."""
    log, slot = job.log, getattr(crawler.engine, "_slot", None)
    waiting = len(slot.scheduler) + len(slot.inprogress) if slot and slot.scheduler else 0
    return Progress(
        event="went on",
        source_id=job.source.id,
        slot=job.slot,
        pages=log.requests,
        new=log.changes[Change.NEW],
        changed=log.changes[Change.CHANGED],
        waiting=waiting,
    )


async def _limited(job: Job, crawler: Crawler, limit_s: float) -> None:
    """End a run that takes longer than its source may: that is a failure, and what it brought is kept."""
    await asyncio.sleep(limit_s)
    job.log.fail(job.source.id, f"was not done after {limit_s:.0f} s",
                 "look whether the site is slow; raise every or delay_s, or split the source")  # fmt: skip
    await crawler.stop_async()


def _fault_of(job: Job) -> Any:  # noqa: ANN401 (a signal handler; Scrapy passes what it names)
    def fault(failure: Any, response: Any = None, **_: Any) -> None:  # noqa: ANN401
        where = response.url if response is not None else job.source.id
        remedy = UNLOCK if db.wants_disk(failure.value) else "a fault of the tracker: report it with logs/crawl.log"
        job.log.fail(where, f"{type(failure.value).__name__}: {failure.value}", remedy)
        logging.error("%s: %s", where, failure.getTraceback())

    return fault
