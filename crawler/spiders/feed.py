"""RSS and Atom: each entry is a document, read from its own page, or from the feed where that carries the text."""

from collections.abc import AsyncIterator

from scrapy.http import Response

from crawler.items import As
from crawler.source import FeedRules
from crawler.spiders.base import Found, SourceSpider, media_type_of


class FeedSpider(SourceSpider):
    """feed -> entries -> article pages -> attachments."""

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow each entry, or keep its own text where the declaration says article = false."""
        reading = await self.read_list("feed_page", response, self.job.source.zone, media_type_of(response))
        if reading is None:
            return
        rules = self.job.source.feed or FeedRules()
        if rules.article:
            for request in self.entry_requests(reading, As.PAGE, rules.attachments):
                yield request
            return
        for entry in reading.entries:
            page = entry.url or response.url
            key = None if entry.key or entry.url else f"{response.url}#{entry.title}"
            yield self.fetched(response, As.ENTRY, entry=entry, page=page, key=key)
