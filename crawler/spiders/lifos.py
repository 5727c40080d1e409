"""Lifos, the Swedish library of country information (sources §10): a feed of five items, a search behind it."""

from collections.abc import Iterator
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from crawler.items import As
from crawler.read.answers import asked_number, asking
from crawler.read.lifos import KEY
from crawler.read.model import Entry, Reading
from crawler.shapes import LifosRules, ListingRules
from crawler.spiders.base import Found, is_web
from crawler.spiders.rolling import RollingSpider


class LifosSpider(RollingSpider):
    """feed, or pages of the search -> the page of each document -> the files attached to it."""

    def listing(self) -> tuple[str, ListingRules] | None:
        """The search sorted by date of entry, from its first page on."""
        rules = self.job.source.rules_as(LifosRules)
        if rules.listing is None:
            return None
        first = asking(str(rules.listing), **{rules.page_parameter: str(rules.first_page)})
        return first, ListingRules(row=rules.row, link=":scope", key=KEY)

    def turned(self, reading: Reading, response: Response) -> Reading:
        """The search says nowhere where it ends: a page without rows is behind the last."""
        rules = self.job.source.rules_as(LifosRules)
        page = asked_number(response.url, rules.page_parameter, -1)
        if not reading.entries or page < 0:
            return replace(reading, next_url=None)
        return replace(reading, next_url=asking(response.url, **{rules.page_parameter: str(page + 1)}))

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The page of each document: what the library says of it, often with a summary."""
        for entry in reading.entries:
            if is_web(entry.url):
                known = {"entry": entry}
                yield Request(entry.url, callback=self.parse_record, errback=self.document_failed, cb_kwargs=known)

    def parse_record(self, response: Response, entry: Entry) -> Iterator[Found]:
        """Keep the page, and each file attached to it as a document with the page's title and day."""
        selector = self.job.source.rules_as(LifosRules).attachments
        yield self.fetched(response, As.PAGE, entry=entry)
        if selector and hasattr(response, "css"):
            for request in self.attachments(response, selector):
                attached = replace(entry, url=request.url, key=None)
                yield request.replace(cb_kwargs={"read_as": As.FILE, "entry": attached})
