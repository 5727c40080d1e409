"""EU Agency for Asylum (sources §5): what its press releases announce, down to the reports themselves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.items import As, same_host
from crawler.read.model import Entry, Reading
from crawler.shapes import EuaaRules, ListingRules
from crawler.spiders.base import Found, is_web
from crawler.spiders.rolling import RollingSpider

_UPLOADED = re.compile(r"/publications/(\d{4})-(\d{2})/")
_NO_REPORT = re.compile(r"^/(?:publications|news-events|sites)/|\.pdf$", re.IGNORECASE)
MOST_CHAPTERS = 60  # of one HTML report


class EuaaSpider(RollingSpider):
    """feed or listing -> release -> publication page -> PDF and HTML reports, chapter by chapter.

    The release is a document (an announcement), and so is each report, under its address; a publication page is one
    only where nothing is attached to it.
    """

    def listing(self) -> tuple[str, ListingRules] | None:
        """The list of press releases, which goes further back than the feed."""
        rules = self.job.source.rules_as(EuaaRules)
        return (str(rules.listing), rules.rows) if rules.listing else None

    def wanted(self, reading: Reading) -> Reading:
        """The releases that announce country information, by the declared words."""
        only = self.job.source.rules_as(EuaaRules).only
        kept = (e for e in reading.entries if only is None or re.search(only, f"{e.title} {e.url} {e.summary}"))
        return replace(reading, entries=tuple(kept))

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The releases."""
        for entry in reading.entries:
            if is_web(entry.url):
                yield self._next(entry.url, entry, self.parse_release)

    def parse_release(self, response: Response, entry: Entry) -> Iterator[Found]:
        """Keep the release; follow the reports it links to, directly or through their publication pages."""
        yield self.fetched(response, As.PAGE, entry=entry)
        yield from self._reports(response, entry)
        for address in _links(response, self.job.source.rules_as(EuaaRules).publication):
            if same_host(address, response.url):
                yield self._next(address, entry, self.parse_publication)

    def parse_publication(self, response: Response, entry: Entry) -> Iterator[Found]:
        """Follow what is attached to a publication page; one without anything is itself the document."""
        reports = list(self._reports(response, entry))
        yield from reports
        if not reports:
            yield self.fetched(response, As.PAGE, entry=announced(entry, response.url))

    def parse_report(self, response: Response, entry: Entry) -> Iterator[Found]:
        """Keep the page of an HTML report, and follow its chapters."""
        yield self.fetched(response, As.PAGE, entry=entry)
        root = report_root(urlsplit(response.url).path)
        chapters = [
            address
            for address in _links(response, "a[href]")
            if same_host(address, response.url) and urlsplit(address).path.startswith(f"{root}/")
        ]
        for address in chapters[:MOST_CHAPTERS]:
            yield self.document(address, As.PAGE, replace(entry, url=address))

    def _reports(self, response: Response, entry: Entry) -> Iterator[Request]:
        rules = self.job.source.rules_as(EuaaRules)
        for address in _links(response, rules.files):
            yield self.document(address, As.FILE, announced(entry, address))
        for address in _links(response, rules.reports) if rules.reports else ():
            if same_host(address, response.url) and not _NO_REPORT.search(urlsplit(address).path):
                yield self._next(address, announced(entry, address), self.parse_report)

    def _next(self, url: str, entry: Entry, callback: Callable[[Response, Entry], Iterator[Found]]) -> Request:
        return Request(url, callback=callback, errback=self.document_failed, cb_kwargs={"entry": entry})


def announced(entry: Entry, address: str) -> Entry:
    """What a release says of a report at an address: its title and day.

    An address that names another month of upload than about the release's is an older report that is merely mentioned:
    it keeps its own day.
    """
    published, found = entry.published, _UPLOADED.search(address)
    if published and found:
        months = (published.day.year - int(found[1])) * 12 + published.day.month - int(found[2])
        published = published if abs(months) <= 1 else None
    published = replace(published, origin="release") if published else None  # a report's own day goes before it
    return Entry(url=address, title=entry.title, published=published, language=entry.language)


def report_root(path: str) -> str:
    """The path under which the chapters of an HTML report stand, of the path of one of its pages.

    >>> report_root("/coi/russia/2025/country-focus"), report_root("/russia-country-focus/methodology")
    ('/coi/russia/2025/country-focus', '/russia-country-focus')
    """
    page = path.rstrip("/")
    parent = page.rpartition("/")[0]
    least = 4 if page.startswith("/coi/") else 1
    return parent if parent.count("/") >= least else page


def _links(response: Response, selector: str) -> tuple[str, ...]:
    """The web addresses that a page links to by a selector, each once, without fragments."""
    if not hasattr(response, "css"):
        return ()
    found = (urldefrag(urljoin(response.url, link.attrib.get("href", ""))).url for link in response.css(selector))
    return tuple(dict.fromkeys(address for address in found if is_web(address)))
