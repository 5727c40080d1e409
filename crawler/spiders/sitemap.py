"""Sitemaps: the addresses that fit, newest first; those that are held and not said to have changed are let be."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

from scrapy import Request
from scrapy.http import Response

from crawler.items import address_key
from crawler.job import Job
from crawler.read.model import Entry, Reading
from crawler.read.sitemap import MAP
from crawler.shapes import SitemapRules
from crawler.spiders.base import Found, SourceSpider

_STALE = timedelta(days=2)  # a part of an index that is older than the last success by this much holds nothing new


class SitemapSpider(SourceSpider):
    """sitemap, or index -> sitemaps -> pages -> attachments."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.rules = job.source.rules_as(SitemapRules)
        self._walked: set[str] = set()
        self._room = self.rules.max_items

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the addresses of a sitemap, or the parts of an index."""
        self._walked.add(address_key(response.url))
        reading = await self.read_list(response, counted=False)
        if reading is None:
            return
        pages = [entry for entry in reading.entries if entry.document_type != MAP]
        self.account.listed(pages)
        taken = self._taken(tuple(filter(self._is_wanted, pages)), response)
        for found in self.followed(replace(reading, entries=taken), response):
            yield found
        for part in self._parts(reading, response):
            yield part

    def _taken(self, wanted: tuple[Entry, ...], response: Response) -> tuple[Entry, ...]:
        """As many as this run still has room for."""
        taken = wanted[: self._room]
        self._room -= len(taken)
        if waiting := len(wanted) - len(taken):
            self.account.problem(response.url, f"{waiting} addresses wait for the next run (max_items = "
                                 f"{self.rules.max_items})", "nothing is lost; or raise max_items")  # fmt: skip
        return taken

    def _parts(self, reading: Reading, response: Response) -> Iterator[Request]:
        """The sitemaps of an index, newest first; each once, and no more than max_pages in all."""
        for part in reading.entries:
            key = address_key(part.url)
            if part.document_type != MAP or key in self._walked:
                continue
            if self._is_stale(part):
                self.account.listed([part])  # stands for what it held when it was read; once a week it is read again
                continue
            if len(self._walked) >= self.rules.max_pages:
                self.account.problem(response.url, f"more than {self.rules.max_pages} sitemaps; the rest was not read",
                                     "raise max_pages, or start at the sitemap that is meant", lost=True)  # fmt: skip
                return
            self._walked.add(key)
            yield Request(part.url, callback=self.parse_start, errback=self.start_failed, dont_filter=True)

    def _is_wanted(self, entry: Entry) -> bool:
        """Not held, or said to have changed; where the site says nothing of changes, all are asked for once a week."""
        if entry.modified is None:
            return self.job.full or self.is_news(entry)
        days = self.rules.newer_than_days
        recent = days is None or entry.modified.day >= self.job.day - timedelta(days=days)
        return recent and self.is_news(entry)

    def _is_stale(self, part: Entry) -> bool:
        last = self.job.last_success
        if part.modified is None or last is None or self.job.full:
            return False
        return (part.modified.day + _STALE).isoformat() < last[:10]
