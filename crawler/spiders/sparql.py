"""SPARQL endpoints (sources §12, Cellar): one question, its rows, and the documents that they name."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Entry
from crawler.shapes import SparqlRules
from crawler.source import Source
from crawler.spiders.asked import same_question
from crawler.spiders.base import Found, SourceSpider

_FREE = frozenset(["format"])
_CUT_SHORT = "X-SQL-State"  # Virtuoso sends what it found until its time was up, with status 200


class SparqlSpider(SourceSpider):
    """query -> rows -> the file of each (else its item), under the address that people open."""

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The declared query, as it is, at each endpoint."""
        query = " ".join(source.rules_as(SparqlRules).query.split())
        question = {"query": query, "format": "application/sparql-results+json"}
        return tuple(f"{start}?{urlencode(question)}" for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """The declared query, at one of the endpoints."""
        return any(
            same_question(url, start, free=_FREE) for start in cls.starts(source, day="2000-01-01", last_success=None)
        )

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow each row, or keep title, date and address only."""
        reading = await self.read_list(response)
        if reading is None:
            return
        if response.headers.get(_CUT_SHORT):
            self.account.problem(response.url, "the endpoint ran out of time: these are not all rows",
                                 "the next run asks again; if that fails too, narrow the query", lost=True)  # fmt: skip
        if not self.job.source.rules_as(SparqlRules).follow or self.job.source.keep == "metadata":
            for link in self.links_only(response, reading):
                yield link
            return
        for entry in reading.entries:
            address = entry.attachments[0] if entry.attachments else entry.url
            yield self.document(address, As.PAGE, entry, page=entry.url)

    def document(self, url: str, read_as: As, entry: Entry | None = None, **more: Any) -> Request:  # noqa: ANN401
        """A request that says which form and language it wants, where the source declares them."""
        rules = self.job.source.rules_as(SparqlRules)
        wanted = {"Accept": rules.accept, "Accept-Language": rules.accept_language}
        return (
            super()
            .document(url, read_as, entry, **more)
            .replace(headers={name: value for name, value in wanted.items() if value})
        )
