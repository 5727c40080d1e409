"""A feed that rolls on, and a listing behind it: what the feed shows no longer, the listing still does."""

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from crawler.health import remedy
from crawler.items import address_key
from crawler.read.model import Reading
from crawler.shapes import ListingRules, Shape
from crawler.spiders.base import Found
from crawler.spiders.paged import PagedSpider


class RollingSpider(PagedSpider):
    """feed -> entries; the listing is walked at first, once a week, and when the feed shows nothing that is held.

    Subclasses say where the listing begins, how it is read, which entries are wanted and what follows from them.
    """

    def listing(self) -> tuple[str, ListingRules] | None:
        """Address of the listing's first page and how its rows are read; None where the source declares none."""
        raise NotImplementedError(f"{type(self).__name__} does not say where its listing is")

    def wanted(self, reading: Reading) -> Reading:
        """The reading with those entries only that this source is about."""
        return reading

    def turned(self, reading: Reading, response: Response) -> Reading:
        """A page of the listing with the address of the next one."""
        return reading

    async def parse_start(self, response: Response) -> AsyncIterator[Found]:
        """Follow the entries of the feed; then the listing, where that is due."""
        reading = await self.read_list(response)
        if reading is None:
            return
        wanted = self.wanted(reading)
        for found in self.followed(wanted, response):
            yield found
        if (request := self._behind(wanted, response)) is not None:
            yield request

    async def parse_listing(self, response: Response) -> AsyncIterator[Found]:
        """Follow the rows of one page of the listing, then the next page, until what is held is met."""
        begun, self._walked = bool(self._walked), self._walked | {address_key(response.url)}
        listing = self.listing()
        rules = listing[1] if listing else None
        reading = await self.read_list(response, shape=Shape.LISTING, rules=rules, counted=False)
        if reading is None:
            return
        if not (begun or reading.entries):
            what = f"no row at {rules.row!r}: the listing behind the feed cannot be walked" if rules else "no listing"
            self.account.problem(response.url, what, remedy("shape"), lost=True)
        wanted = self.wanted(reading)
        for found in self.followed(wanted, response):
            yield found
        news = self.holds_news(wanted) or (bool(reading.entries) and not wanted.entries)
        following = self.following(self.turned(reading, response), response, news=news)
        if following:
            yield self._page(following)

    def _behind(self, reading: Reading, response: Response) -> Request | None:
        """The listing's first page, where it must be walked. Without a listing a gap can only be named."""
        listing, job = self.listing(), self.job
        if listing is None:
            self.mind_the_gap(reading, response)
            return None
        if job.moment is not None:  # from an archive: where this moment's crawl has walked it
            found = job.ledger.latest(listing[0], at=job.moment.until)
            walked = found is not None and found[1].fetched_at >= job.moment.at
            return self._page(listing[0]) if walked else None
        due = (job.full or self.shows_nothing_held(reading)) and not job.probe
        return self._page(listing[0]) if due else None

    def _page(self, url: str) -> Request:
        """A page of the listing. One that does not come costs what stands there; the feed's own part is kept."""
        return Request(url, callback=self.parse_listing, errback=self.document_failed, dont_filter=True)
