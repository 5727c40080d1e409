"""What all spiders share: they fetch, they follow, and they say what went wrong. They read lists, not documents."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.health import remedy
from crawler.items import As, Fetched, ListToRead, address_key, read_as_before
from crawler.job import Job
from crawler.middlewares import OverBudget
from crawler.probe import list_in_words
from crawler.read.model import Confidence, Dated, Entry, Kind, Precision, ReadError, Reading
from crawler.readers import ReaderDied
from crawler.shapes import Shape
from crawler.source import Source
from crawler.spiders.failures import Failure, explain, status_of
from store.declared import Closed
from store.held import HeldVersion, Unseen

Found: TypeAlias = Request | Fetched
GONE = (404, 410)


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
            else self.starts(job.source, day=job.day.isoformat(), last_success=job.searched_until)
        )
        for address in addresses:
            yield Request(address, callback=self.parse_start, errback=self.start_failed, dont_filter=True)
        for request in self.rechecks():
            yield request

    def rechecks(self) -> Iterator[Request]:
        """Requests for documents that no list has shown for long: edited, moved or gone, somebody must notice."""
        job, days = self.job, self.job.source.recheck_days
        if job.replay or job.given or days == 0 or job.probe:
            return
        for unseen in job.ledger.unseen(job.source.id, now=job.now, recheck_days=days):
            request = self.document(
                unseen.address, read_as_before(unseen.extractor), known_of(unseen), key=unseen.key, page=unseen.page
            )
            yield self._noting(request, unseen.document_id).replace(priority=-10)  # what the lists say goes first

    def _noting(self, request: Request, document_id: int) -> Request:
        """The same request, which also notes that its document was asked for, whatever comes of it.

        What the budget left unasked is not noted: it comes first in the next run.
        """
        answered: Any = request.callback
        failed: Any = request.errback

        def on_answer(response: Response, **more: Any) -> Any:  # noqa: ANN401 (what the callback gives)
            self._asked(document_id, response)
            return answered(response, **more)

        def on_failure(failure: Failure) -> Any:  # noqa: ANN401
            if not failure.check(OverBudget):
                self._asked(document_id, failure.value.response if failure.check(HttpError) else None)
            return failed(failure)

        return request.replace(callback=on_answer, errback=on_failure)

    def _asked(self, document_id: int, response: Response | None) -> None:
        """Note the question under the instant of its answer, so that it can be told from one that was in vain."""
        job, capture = self.job, response.meta.get("capture") if response is not None else None
        job.ledger.asked(document_id, capture.fetched_at if capture else job.clock())

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Turn a start page into documents and requests."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its start page is read")
        yield  # makes this an asynchronous generator, as the subclasses are

    async def read_list(
        self, response: Response, *, shape: Shape | None = None, rules: Closed | None = None, counted: bool = True
    ) -> Reading | None:
        """Read one page of a list; None after noting that the run has failed.

        `shape` and `rules` where it is not a list of the source's own shape; `counted` where its entries are rows of
        the source (a second list behind a row is not).
        """
        source = self.job.source
        task = ListToRead(
            body=response.body,
            url=response.url,
            media_type=media_type_of(response),
            shape=shape or source.shape,
            rules=rules or source.rules_as(Closed),
            language=source.language,
            zone=source.zone,
        )
        try:
            reading: Reading = await self.job.readers.run("list_page", task, url=response.url)
        except (ReadError, ReaderDied) as error:
            self.account.fail(response.url, str(error), remedy("shape"))
            return None
        warnings = () if reading.kind is Kind.GOVUK else reading.warnings  # a collection has no text of its own
        for warning in warnings:
            self.account.problem(response.url, warning, "look at the page; the rest of it was read")
        if counted:
            self.account.listed(reading.entries)
        if self.job.probe:
            self.account.saw.extend(list_in_words(response.url, reading))
            self.account.fetched.append(response.url)
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
        redirects = response.meta.get("redirect_reasons") or []
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        return Fetched(
            capture=response.meta["capture"],
            url=response.url,
            page=page or response.url,
            asked=asked,
            permanent=bool(redirects) and set(redirects) <= {301, 308},
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

    def holds_news(self, reading: Reading) -> bool:
        """Whether any entry of a list is news."""
        return any(self.is_news(entry) for entry in reading.entries)

    def is_news(self, entry: Entry) -> bool:
        """Whether an entry is not held yet, or is said to have changed since."""
        held = self.held(entry)
        if held is None or entry.modified is None:
            return held is None
        return entry.modified.day.isoformat() > (held.modified_on or held.seen_at[:10])

    def held(self, entry: Entry) -> HeldVersion | None:
        """What is held of an entry at this moment."""
        address = address_key(entry.url) if entry.url else ""
        return self.job.ledger.held(self.job.source.id, key=entry.key, address=address, at=self.job.now)

    def shows_nothing_held(self, reading: Reading) -> bool:
        """Whether a list shows entries and none of them is held."""
        return bool(reading.entries) and all(self.held(entry) is None for entry in reading.entries)

    def mind_the_gap(self, reading: Reading, response: Response) -> None:
        """A list that rolls on and shows nothing we hold has lost sight of what came in between."""
        job = self.job
        if not job.replay and job.last_success is not None and self.shows_nothing_held(reading):
            self.account.problem(response.url, f"none of its {len(reading.entries)} entries was held before: what was "
                                 "published between this run and the last may be missing",
                                 "crawl oftener (every), or add what is missing by hand (coi add)",
                                 lost=True)  # fmt: skip

    def followed(self, reading: Reading, response: Response) -> Iterator[Found]:
        """What comes of the entries of a list: mere links where the publisher's terms allow no copy."""
        metadata = self.job.source.keep == "metadata"
        return self.links_only(response, reading) if metadata else self.follow(reading, response)

    def links_only(self, response: Response, reading: Reading) -> Iterator[Fetched]:
        """The entries themselves: title, day and address."""
        for entry in reading.entries:
            yield self.fetched(response, As.LINK, entry=entry, page=entry.url)

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """What follows from the entries of a list: the page behind each, unless a subclass knows better."""
        attachments = getattr(self.job.source.rules_as(Closed), "attachments", None)
        for entry in sorted(reading.entries, key=lambda one: self.held(one) is not None):  # a budget goes to the new
            if is_web(entry.url):
                yield self.document(entry.url, As.PAGE, entry, attachments=attachments)
            else:
                what = f"entry {entry.title!r} has no web address"
                do = "nothing to fetch; if all entries lack it, set article = false"
                self.account.problem(entry.url or "(no address)", what, do, lost=True)

    def start_failed(self, failure: Failure) -> None:
        """A start page did not come: the run has failed. A watched page that is gone is noted as such."""
        self._absent(failure)
        url, what, do = explain(failure)
        self.account.fail(url, what, do)

    def document_failed(self, failure: Failure) -> None:
        """A document did not come. Where it was held and the server says there is none, that is noted, and no fault."""
        if failure.check(OverBudget):
            self.account.leave(failure.request.url, str(failure.value))
        elif not self._absent(failure):
            url, what, do = explain(failure)
            self.account.problem(url, what, do, lost=True)

    def _absent(self, failure: Failure) -> bool:
        """Note the absence of a held document; False where it is another kind of failure, or nothing was held."""
        if status_of(failure) not in GONE:
            return False
        response, job = failure.value.response, self.job
        at = response.meta["capture"].fetched_at
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        held = job.ledger.held(job.source.id, key=None, address=address_key(asked), at=at)
        if held is not None:
            job.ledger.absent(held.document_id, f"{asked} answered {response.status}", at, self.account.absence)
        return held is not None


def known_of(unseen: Unseen) -> Entry:
    """What is known of a held document, as the list that once led to it said it."""
    published = None
    if unseen.published_on and unseen.published_precision:
        published = Dated(
            day=date.fromisoformat(unseen.published_on),
            precision=Precision(unseen.published_precision),
            origin=unseen.published_from,
            confidence=Confidence(unseen.published_confidence),
        )
    return Entry(url=unseen.page, published=published)


def media_type_of(response: Response) -> str | None:
    """The Content-Type header, or None where the server sent none."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1") or None


def is_web(url: str) -> bool:
    """True for an absolute http(s) address."""
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.hostname)
