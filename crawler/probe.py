"""A look at a live source without keeping anything: its start pages, and the first of whatever follows from them."""

from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request
from scrapy.http import Response

from crawler.items import Fetched
from crawler.job import Job
from crawler.read.model import Reading


class ProbeMiddleware:
    """In a probe, lets the first request of each kind through (the first document, the first detail), and one item."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._let: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        return cls(crawler.spider.job)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass everything on, unless this is a probe: then only the first of each kind."""
        async for found in result:
            if not self.job.probe or self._is_first(found):
                yield found

    def _is_first(self, found: Request | Fetched) -> bool:
        kind = getattr(found.callback, "__name__", "") if isinstance(found, Request) else "item"
        if kind == "parse_start" or kind in self._let:
            return False  # the next page of the list, or one more of the same
        self._let.add(kind)
        return True


def list_in_words(url: str, reading: Reading) -> list[str]:
    """What one page of a list shows, for the person who probes it."""
    said = [f"{url}: {len(reading.entries)} rows" + (f" of {reading.total}" if reading.total else "")]
    for entry in reading.entries[:3]:
        said.append(f"  {entry.published.day if entry.published else 'no date'}  {entry.title or '(no title)'}")
    return said


def document_in_words(url: str, reading: Reading) -> list[str]:
    """What one document says of itself."""
    dated = f"{reading.published.day} ({reading.published.origin})" if reading.published else "no date"
    said = [f"{url}: {reading.title or '(no title)'}", f"  {dated}, {reading.language or 'language unknown'}, "
            f"{len(reading.text)} characters, {len(reading.passages)} passages"]  # fmt: skip
    return said + [f"  ! {warning}" for warning in reading.warnings]
