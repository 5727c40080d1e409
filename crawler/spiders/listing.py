"""Paged HTML lists: rows become documents; the walk ends at the last page, at max_pages, or when it goes in circles."""

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from crawler.items import As, address_key
from crawler.job import Job
from crawler.spiders.base import Found, SourceSpider


class ListingSpider(SourceSpider):
    """list page -> rows -> pages -> attachments, and on to the next list page."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._seen: set[str] = set()

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the rows of one list page, and the link to the next."""
        rules = self.job.source.listing
        if rules is None:
            raise ValueError(f"{self.job.source.id}: shape 'listing' without a table [listing]")
        self._seen.add(address_key(response.url))
        reading = await self.read_list("listing_page", response, rules, self.job.source.language)
        if reading is None:
            return
        for request in self.entry_requests(reading, As.PAGE, rules.attachments):
            yield request
        following = self._next(reading.next_url, response.url, rules.max_pages)
        if following:
            yield Request(following, callback=self.parse_start, errback=self.start_failed, dont_filter=True)

    def _next(self, url: str | None, here: str, max_pages: int) -> str | None:
        if url is None or len(self._seen) >= max_pages:
            return None
        if address_key(url) in self._seen:
            self.account.problem(here, f"its next page {url} has been read before: the list goes in circles",
                             "correct listing.next in the source file")  # fmt: skip
            return None
        return url
