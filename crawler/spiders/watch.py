"""Pages that are edited in place: each start address is one document for ever."""

from collections.abc import AsyncIterator

from scrapy.http import Response

from crawler.items import As, address_key
from crawler.shapes import WatchRules
from crawler.spiders.base import Found, SourceSpider


class WatchSpider(SourceSpider):
    """start address -> document, keyed by that address whatever the page says of itself."""

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Keep the page under the address that was asked for (before redirects), and follow its attachments."""
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        self.account.rows += 1
        rules = self.job.source.rules_as(WatchRules)
        for found in self.parse_document(
            response, As.PAGE, self.job.given, key=address_key(asked), page=asked, attachments=rules.attachments
        ):
            yield found
