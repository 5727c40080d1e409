"""The Dutch gazette's search service (KOOP SRU 2.0, sources §1a): a query, its pages of records, their publications."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Entry, Reading
from crawler.shapes import SruRules
from crawler.source import Source
from crawler.spiders.base import Found
from crawler.spiders.paged import PagedSpider, since


class SruSpider(PagedSpider):
    """query -> pages by nextRecordPosition -> the declared manifestation of each record."""

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The query from the day of the last success (less the overlap) on; on the first run, from first_day on."""
        rules = source.rules_as(SruRules)
        first = since(rules, day=day, last_success=last_success)
        return tuple(search_url(start, rules, since=first) for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """A captured search is a start when it is our query (from whatever day) at its first record."""
        head, window, tail = source.rules_as(SruRules).query.partition("{since}")
        asked = dict(parse_qsl(urlsplit(url).query))
        query = asked.get("query", "")
        ours = query.startswith(head) and query.endswith(tail) if window else query == head
        here = any(_endpoint(url) == _endpoint(start) for start in source.starts)
        return here and ours and asked.get("startRecord", "1") == "1"

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The declared manifestation of each record."""
        kind = self.job.source.rules_as(SruRules).manifestation
        for entry in reading.entries:
            address = manifestation(entry, kind)
            read_as = As.FILE if address.endswith(".pdf") else As.GAZETTE
            yield self.document(address, read_as, entry, page=entry.url)


def search_url(endpoint: str, rules: SruRules, *, since: str) -> str:
    """The address of the first page of results; `since` (YYYY-MM-DD) stands in for {since} in the query."""
    asked = {
        "operation": "searchRetrieve",
        "version": "2.0",
        "query": rules.query.replace("{since}", since),
        "startRecord": "1",
        "maximumRecords": str(rules.page_size),
        "httpAccept": "application/xml",
        "recordSchema": "gzd",
    }
    return f"{endpoint}?{urlencode(asked)}"


def manifestation(entry: Entry, kind: str) -> str:
    """The address of the declared form of a publication; else of any form there is; else its page."""
    fitting = [address for address in entry.attachments if address.endswith(f".{kind}") or f"/{kind}/" in address]
    return next(iter([*fitting, *entry.attachments]), entry.url)


def _endpoint(url: str) -> str:
    return url.partition("?")[0].rstrip("/")
