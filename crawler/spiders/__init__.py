"""One spider for each shape of site."""

from crawler.source import Shape
from crawler.spiders.base import SourceSpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.govuk import GovukSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.sru import SruSpider
from crawler.spiders.watch import WatchSpider

KINDS: dict[Shape, type[SourceSpider]] = {
    Shape.FEED: FeedSpider,
    Shape.LISTING: ListingSpider,
    Shape.WATCH: WatchSpider,
    Shape.SRU: SruSpider,
    Shape.GOVUK: GovukSpider,
}
