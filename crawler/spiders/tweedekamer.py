"""The Dutch parliament (sources §1b): a filtered query with a window (OData), or all changes in order (SyncFeed)."""

import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.health import remedy
from crawler.items import As, same_host
from crawler.read.model import Entry, Reading
from crawler.read.tweedekamer import REMOVED
from crawler.shapes import TweedeKamerRules
from crawler.source import Source
from crawler.spiders.base import Found
from crawler.spiders.paged import since
from crawler.spiders.stamped import StampedSpider


class TweedeKamerSpider(StampedSpider):
    """query or feed -> files. What the parliament has taken back is marked as withdrawn."""

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """OData: the query from its window on. SyncFeed: the declared place; a run goes on where the last one ended."""
        rules = source.rules_as(TweedeKamerRules)
        if rules.api == "syncfeed":
            return tuple(feed_url(start, rules) for start in source.starts)
        first = since(rules, day=day, last_success=last_success)
        return tuple(odata_url(start, rules, since=first) for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """A captured query of whatever day, at its first row; of a SyncFeed any page of our category."""
        rules = source.rules_as(TweedeKamerRules)
        asked = dict(parse_qsl(urlsplit(url).query))
        if not any(url.partition("?")[0] == start.partition("?")[0] for start in source.starts):
            return False
        if rules.api == "syncfeed":
            return asked.get("category") == rules.category
        head, window, tail = (rules.filter or "").partition("{since}")
        query = asked.get("$filter", "")
        ours = query.startswith(head) and query.endswith(tail) if window else query == head
        return ours and "$skip" not in asked and "$skiptoken" not in asked

    async def start(self) -> AsyncIterator[Request]:
        """As all spiders; a SyncFeed goes on where the last successful run ended."""
        resumed = self._resumed() if self._syncfeed else None
        if resumed is None:
            async for request in super().start():
                yield request
            return
        yield Request(resumed, callback=self.parse_start, errback=self.start_failed, dont_filter=True)
        for request in self.rechecks():
            yield request

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The file of each document that fits and is new or has changed."""
        for entry in reading.entries:
            if entry.document_type == REMOVED:
                self.note_withdrawn(entry)
        for entry in self.to_ask_for(reading):
            if entry.document_type == REMOVED or not self._fits(entry):
                continue
            if entry.url:
                yield self.document(entry.url, As.FILE, entry, page=entry.url)

    def following(self, reading: Reading, response: Response, *, news: bool) -> str | None:
        """The next page, on the parliament's own host only; a SyncFeed that is cut short goes on with the next run."""
        url = reading.next_url
        if url is not None and not same_host(url, response.url):
            self.account.fail(response.url, f"its next page {url} is on another host and was not followed",
                              remedy("shape"))  # fmt: skip
            return None
        if self._syncfeed and (len(self._walked) >= self.rules.max_pages or self._beyond(url)):
            return None
        return super().following(reading, response, news=news)

    def _fits(self, entry: Entry) -> bool:
        only = self.job.source.rules_as(TweedeKamerRules).only
        words = f"{entry.document_type}; {entry.title}; {entry.summary}"
        return only is None or re.search(only, words) is not None

    @property
    def _syncfeed(self) -> bool:
        return self.job.source.rules_as(TweedeKamerRules).api == "syncfeed"

    def _beyond(self, url: str | None) -> bool:
        """Whether a page was not walked at the archive's moment."""
        return self.job.moment is not None and url not in self.job.moment.starts

    def _resumed(self) -> str | None:
        """The last page but one of the SyncFeed that was fetched before the end of the last successful run, or None.

        But one, because the very last page is often an empty one, which could not be told from a broken feed. What a
        failed or killed run has walked is walked again, so that nothing on the way is lost. In an archive's moment
        all its pages are starts; the walk begins at the first of them.
        """
        source, moment = self.job.source, self.job.moment
        if moment is not None:
            return min(moment.starts, key=_place)
        rows = self.job.ledger.conn.execute(
            """select url from captures where status in (200, 304) and instr(url, ?) = 1 and fetched_at <= (
                 select max(ended_at) from rounds where source_id = ? and status in ('ok', 'partial') and failed = 0)
               group by url order by max(fetched_at) desc, max(id) desc""",
            [f"{source.starts[0].partition('?')[0]}?", source.id],
        )
        walked = [row["url"] for row in rows if self.is_start(source, row["url"])]
        return next(iter(walked[1:] or walked), None)


def odata_url(endpoint: str, rules: TweedeKamerRules, *, since: str) -> str:
    """The first page of a query; `since` (YYYY-MM-DD) stands in for {since} in the filter."""
    asked = {
        "$filter": (rules.filter or "").replace("{since}", since),
        "$orderby": "DatumRegistratie desc",
        "$expand": "DocumentVersie",
        "$top": str(rules.page_size),
        "$format": "json",
    }
    query = urlencode(asked, quote_via=quote, safe="$,()")
    return f"{endpoint}?{query}"


def _place(url: str) -> int:
    """How far on in the SyncFeed a page stands."""
    token = dict(parse_qsl(urlsplit(url).query)).get("skiptoken", "0")
    return int(token) if token.isdigit() else 0


def feed_url(start: str, rules: TweedeKamerRules) -> str:
    """The declared place in the SyncFeed, in our category."""
    base, _, query = start.partition("?")
    return f"{base}?{urlencode(dict(parse_qsl(query)) | {'category': rules.category})}"
