"""GDELT DOC 2.0 (sources §12): an extra that finds what others miss. Links only; often busy, so nothing rests on it."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

from scrapy.http import Response

from crawler.shapes import GdeltRules
from crawler.source import Source
from crawler.spiders.asked import refusal, same_question
from crawler.spiders.base import Failure, Found, SourceSpider

_FREE = frozenset(["timespan", "maxrecords"])
_BUSY = (429, 503)


class GdeltSpider(SourceSpider):
    """query -> articles, kept as title, day and address; the articles themselves are other publishers'."""

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The declared query over the declared time span, newest first."""
        rules = source.rules_as(GdeltRules)
        question = {
            "query": rules.query,
            "mode": "artlist",
            "format": "json",
            "maxrecords": str(rules.max_records),
            "timespan": rules.timespan,
            "sort": "datedesc",
        }
        return tuple(f"{start}?{urlencode(question)}" for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """The declared query, over whatever time span."""
        ours = cls.starts(source, day="2000-01-01", last_success=None)
        return any(same_question(url, start, free=_FREE) for start in ours)

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
        refused = refusal(failure)
        if refused and refused.status in _BUSY:
            self.account.fail(refused.url, f"GDELT is busy ({refused.status}), as it often is",
                              "nothing to do: it is an extra, and the next run asks again")  # fmt: skip
            return
        super().start_failed(failure)
