"""GOV.UK Content API (sources §4): collection -> publication -> notes, as HTML attachments and as PDF."""

import re
from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Entry, Reading
from crawler.shapes import GovukRules
from crawler.spiders.base import Found, SourceSpider

_API = "/api/content"


class GovukSpider(SourceSpider):
    """Two steps at most: what a collection lists, and what a publication has attached."""

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the publications of a collection, or take a publication's attachments."""
        reading = await self.read_list(response)
        if reading is None:
            return
        for found in self._attached(reading):
            yield found
        rules = self.job.source.rules_as(GovukRules)
        for entry in reading.entries:
            if not _is_attachment(entry) and (rules.only is None or re.search(rules.only, entry.url)):
                yield Request(entry.url, callback=self.parse_publication, errback=self.document_failed)
        if not reading.entries:
            yield self.fetched(response, As.GOVUK, page=page_of(response.url))

    async def parse_publication(self, response: Response) -> AsyncIterator[Found]:
        """Take the attachments of one publication; a page without any is the document itself."""
        reading = await self.read_list(response, counted=False)
        if reading is None:
            return
        found = list(self._attached(reading))
        for request in found:
            yield request
        if not found:
            yield self.fetched(response, As.GOVUK, page=page_of(response.url))

    def _attached(self, reading: Reading) -> Iterator[Request]:
        rules = self.job.source.rules_as(GovukRules)
        for entry in reading.entries:
            if entry.document_type == "html attachment":
                yield self.document(entry.url, As.GOVUK, entry, page=page_of(entry.url))
            elif entry.document_type == "file attachment" and rules.files and entry.url.lower().endswith(".pdf"):
                yield self.document(entry.url, As.FILE, entry)


def page_of(url: str) -> str:
    """The page that people open, of a Content API address."""
    return url.replace(_API, "", 1)


def _is_attachment(entry: Entry) -> bool:
    return (entry.document_type or "").endswith("attachment")
