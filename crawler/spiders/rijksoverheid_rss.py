"""The search of rijksoverheid.nl as RSS (sources §2b): some twenty items, no paging; a full answer is cut short.

So an answer of exactly `cap` items is asked for again in two halves of its period, down to `least_minutes`.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response

from crawler.job import Job
from crawler.read.dates import stamped_day
from crawler.read.model import Entry, Reading
from crawler.shapes import RijksoverheidRules
from crawler.source import Source
from crawler.spiders.base import Found, SourceSpider
from store.clock import instant

_DAY = timedelta(days=1)
_PART = " (part)"  # in the free title of a search: so that a replay does not take halves for start pages
_OVERLAP_DAYS = 1  # what is stamped with a day may appear on the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What one request asks for: a search term in a period."""

    term: str
    begins: datetime
    ends: datetime
    part: bool = False  # a half of a longer period, asked for because that was cut short


class RijksoverheidSpider(SourceSpider):
    """term x period -> items, or halves of the period -> pages. An item found twice is one document."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.rules = job.source.rules_as(RijksoverheidRules)
        self._seen: set[str] = set()
        self._echoed: set[str] = set()  # full answers that one half of their period has given again
        self._deaf: set[str] = set()  # terms for which the service gives the same, whatever the period

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """One search for each term, over whole days of the publisher's zone.

        It ends with the local day after `day` (late in the evening, that one has begun there) and begins window_hours
        before, or with the day before the last success where that is longer ago.
        """
        rules = source.rules_as(RijksoverheidRules)
        zone = ZoneInfo(source.zone)
        last = date.fromisoformat(day) + _DAY
        first = (datetime.combine(last, time()) - timedelta(hours=rules.window_hours)).date()
        if last_success is not None:
            heard = stamped_day(last_success, source.zone) or last
            first = min(first, heard - timedelta(days=_OVERLAP_DAYS))
        begins, ends = (datetime.combine(at, time(), zone) for at in (first, last + _DAY))
        return tuple(
            search_url(start, rules, Slice(term=term, begins=begins, ends=ends))
            for start in source.starts
            for term in rules.terms
        )

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """A captured search for one of our terms over a whole period, of whatever day."""
        here = any(url.partition("?")[0] == start.partition("?")[0] for start in source.starts)
        asked = slice_of(url) if here else None
        return asked is not None and not asked.part and asked.term in source.rules_as(RijksoverheidRules).terms

    async def parse_start(
        self, response: Response, whole: str = "", held: frozenset[str] = frozenset()
    ) -> AsyncIterator[Found]:
        """Follow the items not met before in this run; where the answer is full, ask for both halves of its period.

        Of a half: `whole` is the address of the full answer to its whole period, `held` names the items of that.
        """
        reading = await self.read_list(response, counted=False)
        if reading is None:
            return
        fresh = replace(reading, entries=tuple(self._fresh(reading)))
        self.account.listed(fresh.entries)
        for found in self.followed(fresh, response):
            yield found
        names = frozenset(_name(entry) for entry in reading.entries)
        if names and names == held and whole in self._echoed:
            self._stop_halving(response, len(names))
            return
        self._echoed |= {whole} if names == held else set()
        if len(reading.entries) >= self.rules.cap:
            for request in self._halves(response, names):
                yield request

    def _fresh(self, reading: Reading) -> Iterator[Entry]:
        for entry in reading.entries:
            if (name := _name(entry)) not in self._seen:
                self._seen.add(name)
                yield entry

    def _stop_halving(self, response: Response, items: int) -> None:
        """All items of a period can stand in one of its halves, but not in both: the service does not heed it."""
        asked = slice_of(response.url)
        self._deaf |= {asked.term} if asked else set()
        what = (
            f"the same {items} items for both halves of a period as for the whole: the service does not heed the "
            "period, and what stands beyond them is not seen"
        )
        self.account.fail(response.url, what, "compare the address with what the site's own search asks")

    def _halves(self, response: Response, names: frozenset[str]) -> Iterator[Request]:
        """Requests for both halves; where a period cannot be halved any more, the run has not seen all and failed."""
        asked, items = slice_of(response.url), len(names)
        if asked is None:
            self.account.fail(response.url, f"{items} items, the most there are in one answer, and no period in the "
                              "address to halve", "correct start in the source file")  # fmt: skip
            return
        if asked.term in self._deaf:
            return
        zone, least = ZoneInfo(self.job.source.zone), timedelta(minutes=self.rules.least_minutes)
        if (asked.ends - asked.begins) / 2 < least:
            what = (
                f"{items} items for {asked.term!r} between {instant(asked.begins)} and {instant(asked.ends)}: the "
                "answer is cut short, and the period too short to halve"
            )
            self.account.fail(response.url, what, "declare a narrower term, topic or content_type")
            return
        middle = middle_of(asked.begins, asked.ends, zone)
        endpoint = response.url.partition("?")[0]
        for begins, ends in ((asked.begins, middle), (middle, asked.ends)):
            half = replace(asked, begins=begins, ends=ends, part=True)
            more = {"whole": response.url, "held": names}
            yield Request(search_url(endpoint, self.rules, half), callback=self.parse_start,
                          errback=self.start_failed, cb_kwargs=more, dont_filter=True)  # fmt: skip


def _name(entry: Entry) -> str:
    return entry.key or entry.url


def search_url(endpoint: str, rules: RijksoverheidRules, asked: Slice) -> str:
    """The address of a search. Its period is written in full instants: a mere day is answered with HTTP 500."""
    filters = [
        {"field": field, "values": values, "type": "all"}
        for field, values in (
            ("content_type", list(rules.content_type)),
            ("topic", [rules.topic] if rules.topic else []),
            ("sort_date", [{"name": "period", "from": instant(asked.begins), "to": instant(asked.ends)}]),
        )
        if values
    ]
    title = asked.term + (_PART if asked.part else "")
    query = {"filters": filters, "resultSearchTerm": asked.term, "pageTitle": title}
    return f"{endpoint}?{urlencode({'query': json.dumps(query, ensure_ascii=False)}, quote_via=quote)}"


def slice_of(url: str) -> Slice | None:
    """What an address of a search asks for; None where it is none, or names no period."""
    try:
        query = json.loads(dict(parse_qsl(urlsplit(url).query)).get("query", ""))
        [period] = next(part["values"] for part in query["filters"] if part["field"] == "sort_date")
        begins, ends = (datetime.fromisoformat(period[name]) for name in ("from", "to"))
        term = str(query["resultSearchTerm"])
    except (ValueError, KeyError, TypeError, StopIteration):
        return None
    if begins.tzinfo is None or ends.tzinfo is None or ends <= begins:
        return None
    return Slice(term=term, begins=begins, ends=ends, part=str(query.get("pageTitle", "")).endswith(_PART))


def middle_of(begins: datetime, ends: datetime, zone: ZoneInfo) -> datetime:
    """Where to halve: at a local noon where there is one inside, because documents are stamped with local midnight.

    Both halves hold the middle itself, so that it does not matter whether the service counts the end of a period in;
    at noon nothing stands in both.
    """
    middle = begins + (ends - begins) / 2
    local = middle.astimezone(zone).date()
    noons = (datetime.combine(local + shift, time(12), zone).astimezone(UTC) for shift in (-_DAY, timedelta(), _DAY))
    inside = [noon for noon in noons if begins < noon < ends]
    return min(inside, key=lambda noon: abs(noon - middle), default=middle.replace(microsecond=0))
