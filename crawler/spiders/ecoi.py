"""ecoi.net document search (sources §7): what was published in a window, kept as links and never as texts."""

import re
from collections.abc import Iterator
from dataclasses import replace

from scrapy.http import Response

from crawler.items import Fetched
from crawler.job import Job
from crawler.read.model import Entry, Reading
from crawler.shapes import EcoiRules
from crawler.source import Source
from crawler.spiders.asked import AskedSpider
from crawler.spiders.base import Found
from crawler.spiders.paged import PagedSpider, since

_FROM, _TO = "lower_origPublicationDate", "upper_origPublicationDate"


class EcoiSpider(AskedSpider, PagedSpider):
    """window -> pages of results -> links to ecoi.net's document pages."""

    free = frozenset([_FROM, _TO])

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._seen = 0

    @classmethod
    def question(cls, source: Source, *, day: str, last_success: str | None) -> list[tuple[str, str]]:
        """What was published from the last success (less the overlap) to this day, its first page."""
        rules = source.rules_as(EcoiRules)
        first = since(rules, day=day, last_success=last_success)
        return [*rules.query, (_FROM, first), (_TO, day), ("page", "1")]

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """Links only, whatever keep says: the documents are others', and are read where those publish them."""
        yield from self.links_only(response, reading)

    def links_only(self, response: Response, reading: Reading) -> Iterator[Fetched]:
        """The results whose words fit `only`; the others were counted, and are let be."""
        yield from super().links_only(response, replace(reading, entries=tuple(filter(self._fits, reading.entries))))

    def following(self, reading: Reading, response: Response, *, news: bool) -> str | None:
        """The next page; on the last, what was announced must have been found."""
        url = super().following(reading, response, news=news)
        self._seen += len(reading.entries)
        if reading.next_url is None and reading.total is not None and self._seen < reading.total:
            self.account.problem(response.url, f"{reading.total} hits announced, {self._seen} found",
                                 "compare the page with the saved case: some look different", lost=True)  # fmt: skip
        return url

    def _fits(self, entry: Entry) -> bool:
        only = self.job.source.rules_as(EcoiRules).only
        return only is None or re.search(only, f"{entry.title or ''} {entry.summary or ''}") is not None
