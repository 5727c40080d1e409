"""SPARQL endpoints (sources §12, Cellar): one question, its rows, and the documents that they name."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Entry, Reading
from crawler.shapes import SparqlRules
from crawler.source import Source
from crawler.spiders.asked import AskedSpider
from crawler.spiders.base import Found

_CUT_SHORT = "X-SQL-State"  # Virtuoso sends what it found until its time was up, with status 200


class SparqlSpider(AskedSpider):
    """query -> rows -> the file of each (else its item), under the address that people open."""

    free = frozenset(["format"])

    @classmethod
    def question(cls, source: Source, *, day: str, last_success: str | None) -> list[tuple[str, str]]:
        """The declared query, as it is."""
        query = " ".join(source.rules_as(SparqlRules).query.split())
        return [("query", query), ("format", "application/sparql-results+json")]

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the rows, and say where they are not all."""
        reading = await self.read_list(response)
        if reading is None:
            return
        if response.headers.get(_CUT_SHORT):
            self.account.problem(response.url, "the endpoint ran out of time: these are not all rows",
                                 "the next run asks again; if that fails too, narrow the query", lost=True)  # fmt: skip
        for found in self.followed(reading, response):
            yield found

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The file of each row, else its item; links where the declaration wants no more."""
        if not self.job.source.rules_as(SparqlRules).follow:
            yield from self.links_only(response, reading)
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
