"""What all spiders share: they fetch, they follow, and they say what went wrong. They read lists, not documents."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.archive import NotInArchive
from crawler.health import remedy
from crawler.items import As, Fetched, address_key
from crawler.job import Job
from crawler.middlewares import RefusedAddress
from crawler.read.model import Entry, Kind, ReadError, Reading
from crawler.readers import ReaderDied
from crawler.source import Source

Failure: TypeAlias = Any  # twisted.python.failure.Failure
Found: TypeAlias = Request | Fetched
_GONE = (404, 410)


class SourceSpider(scrapy.Spider):
    """Collect one source at one moment. Subclasses say how a start page is read and what follows from it."""

    name = "source"

    def __init__(self, job: Job) -> None:
        super().__init__(name=job.source.id)
        self.job = job
        self.account = job.log

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The start addresses of a live run on a day (YYYY-MM-DD)."""
        return source.starts

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """Whether a captured address is one of this source's start pages (archives know nothing of sources)."""
        return address_key(url) in {address_key(start) for start in source.starts}

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the start pages: the archive's own at this moment, else the declared ones."""
        job = self.job
        addresses = (
            job.moment.starts
            if job.moment
            else self.starts(job.source, day=job.day.isoformat(), last_success=job.ledger.last_success(job.source.id))
        )
        for address in addresses:
            yield Request(address, callback=self.parse_start, errback=self.start_failed, dont_filter=True)

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Turn a start page into documents and requests."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its start page is read")
        yield  # makes this an asynchronous generator, as the subclasses are

    async def read_list(self, work: str, response: Response, *args: object) -> Reading | None:
        """Read a list by the named function of crawler.reading; None after noting that the run has failed."""
        try:
            reading: Reading = await self.job.readers.run(work, response.body, response.url, *args, url=response.url)
        except (ReadError, ReaderDied) as error:
            self.account.fail(response.url, str(error), remedy("shape"))
            return None
        warnings = () if reading.kind is Kind.GOVUK else reading.warnings  # a collection has no text of its own
        for warning in warnings:
            self.account.problem(response.url, warning, "look at the page; the rest of it was read")
        self.account.rows += len(reading.entries)
        for entry in reading.entries:
            self.account.dated(entry.published.day if entry.published else None)
        return reading

    def document(self, url: str, read_as: As, entry: Entry | None = None, **more: Any) -> Request:  # noqa: ANN401
        """A request whose answer is a document. `more`: key, page, attachments (a CSS selector to follow)."""
        return Request(
            url,
            callback=self.parse_document,
            errback=self.document_failed,
            cb_kwargs={"read_as": read_as, "entry": entry, **more},
        )

    def parse_document(
        self,
        response: Response,
        read_as: As,
        entry: Entry | None = None,
        key: str | None = None,
        page: str | None = None,
        attachments: str | None = None,
    ) -> Iterator[Found]:
        """Hand one answer to the pipeline, and follow its attachments."""
        yield self.fetched(response, read_as, entry=entry, key=key, page=page)
        if attachments and hasattr(response, "css"):
            yield from self.attachments(response, attachments)

    def fetched(
        self,
        response: Response,
        read_as: As,
        *,
        entry: Entry | None = None,
        key: str | None = None,
        page: str | None = None,
    ) -> Fetched:
        """An answer as an item for the pipeline."""
        return Fetched(
            capture=response.meta["capture"],
            url=response.url,
            page=page or response.url,
            body=response.body,
            media_type=media_type_of(response) or "",
            read_as=read_as,
            entry=entry,
            key=key,
        )

    def attachments(self, response: Response, selector: str) -> Iterator[Request]:
        """Requests for the files that a page links to; each becomes a document of its own."""
        for link in response.css(selector):
            address = urljoin(response.url, link.attrib.get("href", ""))
            if is_web(address):
                yield self.document(address, As.FILE)

    def entry_requests(self, reading: Reading, read_as: As, attachments: str | None) -> Iterator[Request]:
        """One request for each entry that has an address."""
        for entry in reading.entries:
            if is_web(entry.url):
                yield self.document(entry.url, read_as, entry, attachments=attachments)
            else:
                what = f"entry {entry.title!r} has no web address"
                do = "nothing to fetch; if all entries lack it, set article = false"
                self.account.problem(entry.url or "(no address)", what, do, lost=True)

    def start_failed(self, failure: Failure) -> None:
        """A start page did not come: the run has failed, unless an archive simply holds another start page."""
        url, what, do = _explain(failure)
        self.account.fail(url, what, do)

    def document_failed(self, failure: Failure) -> None:
        """A document did not come. Where it was held before and the server says it is gone, that is recorded."""
        url, what, do = _explain(failure)
        if failure.check(HttpError) and failure.value.response.status in _GONE:
            at = failure.value.response.meta["capture"].fetched_at
            held = self.job.ledger.held(self.job.source.id, key=None, url=failure.request.url, at=at)
            if held is not None:
                self.job.ledger.mark(held.document_id, "gone", self.job.now)
                self.account.gone += 1
                return
        self.account.problem(url, what, do, lost=True)


def media_type_of(response: Response) -> str | None:
    """The Content-Type header, or None where the server sent none."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1") or None


def is_web(url: str) -> bool:
    """True for an absolute http(s) address."""
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _explain(failure: Failure) -> tuple[str, str, str]:
    """(address, what was seen, what to do) of a failed request."""
    url = failure.request.url
    error = failure.value
    if isinstance(error, HttpError):
        waits = failure.request.meta.get("asked_wait_s")
        asked = f" and asks us to come back in {waits:.0f} s" if waits else ""
        return url, f"the server answered {error.response.status}{asked}", remedy("http")
    if isinstance(error, NotInArchive):
        return url, "the archive has no capture of it at this moment", remedy("archive")
    if isinstance(error, RefusedAddress):
        return url, str(error), "nothing was fetched"
    if isinstance(error, IgnoreRequest):
        if "robots.txt" in str(error):
            return url, "robots.txt forbids it", remedy("robots")
        return url, str(error) or "refused by a limit (size or decompression)", remedy("http")
    return url, f"{type(error).__name__}: {error}", remedy("network")
