"""RSS and Atom: each entry is a document, read from its own page, or from the feed where that carries the text."""

from collections.abc import AsyncIterator, Iterator

from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Reading
from crawler.shapes import FeedRules
from crawler.spiders.base import Found, SourceSpider


class FeedSpider(SourceSpider):
    """feed -> entries -> article pages -> attachments."""

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow each entry, or keep its own text where the declaration says article = false."""
        reading = await self.read_list(response)
        if reading is None:
            return
        self.mind_the_gap(reading, response)
        for found in self.followed(reading, response):
            yield found

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """What follows from the entries: article pages, or the feed's own texts."""
        if self.job.source.rules_as(FeedRules).article:
            yield from super().follow(reading, response)
            return
        for entry in reading.entries:
            page = entry.url or response.url
            key = None if entry.key or entry.url else f"{response.url}#{entry.title}"
            yield self.fetched(response, As.ENTRY, entry=entry, page=page, key=key)
