"""Lists of several pages: each page is read, its entries are followed, and the walk goes on as long as it should."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

from scrapy import Request
from scrapy.http import Response

from crawler.items import address_key
from crawler.job import Job
from crawler.read.model import Reading
from crawler.shapes import Paged, Since
from crawler.spiders.base import Found, SourceSpider


class PagedSpider(SourceSpider):
    """start -> page of entries -> next page. Subclasses say what follows from an entry, seldom more."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.rules = job.source.rules_as(Paged)
        self._walked: set[str] = set()

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the entries of one page, then the next page."""
        self._walked.add(address_key(response.url))
        reading = await self.read_list(response)
        if reading is None:
            return
        news = self.holds_news(reading)
        for found in self.followed(reading, response):
            yield found
        following = self.following(reading, response, news=news)
        if following:
            yield Request(following, callback=self.parse_start, errback=self.start_failed, dont_filter=True)

    def following(self, reading: Reading, response: Response, *, news: bool) -> str | None:
        """The next page, or None where the walk ends: no more, enough, too many, or in circles."""
        url = reading.next_url
        if url is None:
            return None
        if self.rules.newest_first and not news and not self.job.full:
            return None
        if len(self._walked) >= self.rules.max_pages:
            if news and (self.job.last_success is not None or not self.rules.newest_first):
                self.account.problem(response.url, f"page {len(self._walked)} is the last that max_pages allows, and "
                                     "it still holds what is new", "raise max_pages or crawl more often",
                                     lost=True)  # fmt: skip
            return None
        if address_key(url) in self._walked:
            self.account.problem(response.url, f"its next page {url} has been read before: the list goes in circles",
                                 "correct how the source finds the next page")  # fmt: skip
            return None
        return url


def since(rules: Since, *, day: str, last_success: str | None) -> str:
    """The first day (YYYY-MM-DD) of a query's window: the last success less the overlap; at first, first_day."""
    if last_success is None:
        return rules.first_day.isoformat()
    return (date.fromisoformat(min(last_success[:10], day)) - timedelta(days=rules.overlap_days)).isoformat()
