"""GDELT DOC 2.0 (sources §12): an extra that finds what others miss. Links only; often busy, so nothing rests on it."""

from collections.abc import AsyncIterator

from scrapy.http import Response

from crawler.shapes import GdeltRules
from crawler.source import Source
from crawler.spiders.asked import AskedSpider
from crawler.spiders.base import Found
from crawler.spiders.failures import Failure, status_of

_BUSY = (429, 503)


class GdeltSpider(AskedSpider):
    """query -> articles, kept as title, day and address; the articles themselves are other publishers'."""

    free = frozenset(["timespan", "maxrecords"])

    @classmethod
    def question(cls, source: Source, *, day: str, last_success: str | None) -> list[tuple[str, str]]:
        """The declared query over the declared time span, newest first."""
        rules = source.rules_as(GdeltRules)
        return [
            ("query", rules.query),
            ("mode", "artlist"),
            ("format", "json"),
            ("maxrecords", str(rules.max_records)),
            ("timespan", rules.timespan),
            ("sort", "datedesc"),
        ]

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Keep what was found as links. A full answer has been cut off."""
        reading = await self.read_list(response)
        if reading is None:
            return
        most = self.job.source.rules_as(GdeltRules).max_records
        if len(reading.entries) >= most:
            self.account.problem(response.url, f"{most} articles, as many as one answer holds: there may be more",
                                 "make the query narrower, or timespan shorter and every more often")  # fmt: skip
        for link in self.links_only(response, reading):
            yield link

    def start_failed(self, failure: Failure) -> None:
        """Busy is how GDELT usually is; that is said calmly."""
        if (status := status_of(failure)) in _BUSY:
            self.account.fail(failure.request.url, f"GDELT is busy ({status}), as it often is",
                              "nothing to do: it is an extra, and the next run asks again")  # fmt: skip
        else:
            super().start_failed(failure)
