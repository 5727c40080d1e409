"""From a fetched document to a kept version: read in another process, dated, keyed, handed to the ledger in order."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Self

from crawler.health import remedy
from crawler.items import As, Fetched, ReadResult, ToRead, address_key, same_host
from crawler.job import Job
from crawler.ledger import HeldVersion
from crawler.read.model import Confidence, Dated, ReadError, Reading
from crawler.readers import ReaderDied
from store.model import Change, Kept, KeptPassage, NewVersion


class KeepPipeline:
    """Keeps documents in the order in which they came, whichever reader is done first."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._last: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        return cls(crawler.spider.job)

    async def process_item(self, item: Fetched) -> Fetched:
        """Read and keep one document; a problem with it is noted and costs no other."""
        before, mine = self._last, asyncio.get_running_loop().create_future()
        self._last = mine
        try:
            result = await self._read(item)
            if before is not None:
                await before
            if result is not None:
                self._keep(item, result)
        finally:
            mine.set_result(None)
        return item

    async def _read(self, item: Fetched) -> ReadResult | None:
        """The reading; None when the document is held as it is, or cannot be read (then a problem is noted)."""
        at = item.capture.fetched_at
        held = self.job.ledger.held(self.job.source.id, key=item.known_key, url=item.page, at=at)
        if held is not None and self._stands(item, held, await self.job.readers.extractors()):
            self.job.log.changes[Change.UNCHANGED] += 1
            self.job.ledger.seen(held.document_id, at)
            return None
        task = ToRead(
            body=b"" if item.read_as is As.ENTRY else item.body,
            url=item.url,
            media_type=item.media_type,
            read_as=item.read_as,
            language=self.job.source.language,
            article=self.job.source.article,
            entry=item.entry,
        )
        try:
            result: ReadResult = await self.job.readers.run("document", task, url=item.url)
        except (ReadError, ReaderDied) as error:
            self.job.log.problem(item.url, str(error), "the original is kept; correct the source or read it by hand",
                                 lost=True)  # fmt: skip
            return None
        return result

    def _stands(self, item: Fetched, held: HeldVersion, extractors: frozenset[str]) -> bool:
        """Whether the newest version rests on the very same bytes, read by an extractor still in use.

        A replay that was killed and runs again meets its own work: that is read anew, so that it counts again.
        """
        if item.read_as is As.ENTRY or held.extractor not in extractors or held.sha256 != item.capture.sha256:
            return False
        own = (held.warc_file, held.warc_offset) == (item.capture.warc_file, item.capture.warc_offset)
        return not (own and self._of_this_moment(item))

    def _of_this_moment(self, item: Fetched) -> bool:
        moment = self.job.moment
        return moment is not None and item.capture.fetched_at >= moment.at

    def _keep(self, item: Fetched, result: ReadResult) -> None:
        reading, log = result.reading, self.job.log
        key = self._key(item, reading)
        if (taken := self.job.claimed.setdefault(key, item.page)) != item.page:
            what = f"calls itself {key}, as {taken} does; only the first was kept"
            log.problem(item.page, what, "if they are two documents, give the source a key of its own", lost=True)
            return
        if not self._long_enough(item, reading):
            return
        version = self._version(item, result, key)
        log.dated(date.fromisoformat(version.published_on) if version.published_on else None)

        def done(kept: Kept, cause: Change, rests_here: bool) -> None:
            own = kept.change is Change.UNCHANGED and rests_here and self._of_this_moment(item)
            log.changes[cause if own else kept.change] += 1

        self.job.ledger.keep(version, item.capture, done, state="withdrawn" if reading.withdrawn else None)

    def _key(self, item: Fetched, reading: Reading) -> str:
        """Fixed key, else the publisher's identifier (page, then list), else the canonical address on its own host."""
        if item.key:
            return item.key
        if reading.key or (item.entry and item.entry.key):
            return str(reading.key or (item.entry and item.entry.key))
        canonical = reading.canonical_url
        if canonical and item.read_as is As.PAGE:
            if same_host(canonical, item.page):
                return address_key(canonical)
            self.job.log.problem(item.page, f"its canonical address {canonical} is on another host and was ignored",
                                 "if the page has moved there, correct the source")  # fmt: skip
        return address_key(item.page)

    def _long_enough(self, item: Fetched, reading: Reading) -> bool:
        """A page with (almost) no text is a fault of ours or theirs, and must not look like an edit."""
        expect = self.job.source.expect
        least = max(1, expect.min_characters if expect and item.read_as is As.PAGE else 1)
        if len(reading.text) >= least or reading.needs_ocr or reading.withdrawn:
            return True
        self.job.log.problem(item.page, f"{len(reading.text)} characters of text, at least {least} expected",
                             remedy("shape"), lost=True)  # fmt: skip
        return False

    def _version(self, item: Fetched, result: ReadResult, key: str) -> NewVersion:
        reading, entry = result.reading, item.entry
        published = self._published(item, reading)
        for warning in reading.warnings:
            self.job.log.problem(item.page, warning, "look at the page; the rest of it was read")
        if reading.needs_ocr:
            self.job.log.problem(item.page, "pages without text: this document needs OCR",
                                 "run OCR on it and add the result with coi add")  # fmt: skip
        modified = reading.modified or (entry.modified if entry else None)
        return NewVersion(
            source_id=self.job.source.id,
            key=key,
            url=item.page,
            title=reading.title or (entry.title if entry else None) or item.page,
            language=reading.language or (entry.language if entry else None) or self.job.source.language,
            text=reading.text,
            extractor=reading.extractor,
            passages=tuple(
                KeptPassage(
                    text=p.text, start=p.start, end=p.end, page=p.page, heading=p.heading or "", language=language
                )
                for p, language in zip(reading.passages, result.languages, strict=True)
            ),
            external_id=None,
            document_type=reading.document_type or (entry.document_type if entry else None) or "",
            published_on=published.day.isoformat() if published else None,
            published_precision=published.precision.value if published else None,
            published_from=published.origin if published else "",
            published_confidence=published.confidence.value if published else Confidence.LOW.value,
            modified_on=modified.day.isoformat() if modified else None,
            period_from=reading.period_from.isoformat() if reading.period_from else None,
            period_to=reading.period_to.isoformat() if reading.period_to else None,
            pages=reading.pages,
            needs_ocr=reading.needs_ocr,
            warnings=reading.warnings,
            links=reading.links,
        )

    def _published(self, item: Fetched, reading: Reading) -> Dated | None:
        """Declared selector, else the list's date, else the page's own; never a day after the page was fetched."""
        own, listed = reading.published, item.entry.published if item.entry else None
        sure = own if own and own.origin == "declared" else None
        found = sure or listed or own
        latest = datetime.fromisoformat(item.capture.fetched_at).date() + timedelta(days=1)
        if found and found.day > latest:
            self.job.log.problem(item.page, f"date in the future: {found.day} ({found.origin}), fetched on "
                                 f"{item.capture.fetched_at[:10]}; kept without a date",
                                 "check the page; correct article.date or listing.date")  # fmt: skip
            return None
        if found is None:
            self.job.log.problem(item.page, "no date found; kept without one, so it makes no question current",
                                 "declare article.date in the source file, or date it by hand")  # fmt: skip
        return found
