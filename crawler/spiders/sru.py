"""The Dutch gazette's search service (KOOP SRU 2.0, sources §1a): a query, its pages of records, their publications."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from crawler.health import remedy
from crawler.items import As
from crawler.job import Job
from crawler.read.model import Entry
from crawler.source import Source, SruRules
from crawler.spiders.base import Found, SourceSpider


class SruSpider(SourceSpider):
    """query -> pages by nextRecordPosition -> the declared manifestation of each record."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._asked: set[str] = set()

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The query from the day of the last success (less the overlap) on; on the first run, from first_day on."""
        rules = _rules(source)
        since = (
            (date.fromisoformat(min(last_success[:10], day)) - timedelta(days=rules.overlap_days)).isoformat()
            if last_success
            else rules.first_day.isoformat()
        )
        return tuple(search_url(start, rules, since=since) for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """A captured search is a start when it is our query (from whatever day) at its first record."""
        head, since, tail = _rules(source).query.partition("{since}")
        asked = dict(parse_qsl(urlsplit(url).query))
        query = asked.get("query", "")
        ours = query.startswith(head) and query.endswith(tail) if since else query == head
        here = any(_endpoint(url) == _endpoint(start) for start in source.starts)
        return here and ours and asked.get("startRecord", "1") == "1"

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the records of one page of results, and the next page."""
        self._asked.add(response.url)
        reading = await self.read_list("sru_page", response)
        if reading is None:
            return
        rules = _rules(self.job.source)
        for entry in reading.entries:
            address = manifestation(entry, rules.manifestation)
            read_as = As.FILE if address.endswith(".pdf") else As.GAZETTE
            yield self.document(address, read_as, entry, page=entry.url)
        following = reading.attributes.get("next_record")
        if following and len(self._asked) < rules.max_pages:
            address = at_record(response.url, following)
            if address in self._asked:
                self.account.problem(
                    response.url, f"nextRecordPosition {following} has been read before", remedy("shape")
                )
                return
            yield Request(address, callback=self.parse_start, errback=self.start_failed, dont_filter=True)


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


def at_record(url: str, position: str) -> str:
    """The same search from another record on."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"startRecord": position}
    return urlunsplit(parts._replace(query=urlencode(asked)))


def manifestation(entry: Entry, kind: str) -> str:
    """The address of the declared form of a publication; else of any form there is; else its page."""
    fitting = [address for address in entry.attachments if address.endswith(f".{kind}") or f"/{kind}/" in address]
    return next(iter([*fitting, *entry.attachments]), entry.url)


def _rules(source: Source) -> SruRules:
    if source.sru is None:
        raise ValueError(f"{source.id}: shape 'sru' without a table [sru]")
    return source.sru


def _endpoint(url: str) -> str:
    return url.partition("?")[0].rstrip("/")
