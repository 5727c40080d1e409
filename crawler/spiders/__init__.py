"""One spider for each shape of site."""

from crawler.shapes import Shape
from crawler.spiders.base import SourceSpider
from crawler.spiders.ecoi import EcoiSpider
from crawler.spiders.euaa import EuaaSpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.gdelt import GdeltSpider
from crawler.spiders.govuk import GovukSpider
from crawler.spiders.lifos import LifosSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.open_overheid import OpenOverheidSpider
from crawler.spiders.reliefweb import ReliefwebSpider
from crawler.spiders.rijksoverheid_rss import RijksoverheidSpider
from crawler.spiders.sitemap import SitemapSpider
from crawler.spiders.sparql import SparqlSpider
from crawler.spiders.sru import SruSpider
from crawler.spiders.tweedekamer import TweedeKamerSpider
from crawler.spiders.watch import WatchSpider
from crawler.spiders.wordpress import WordpressSpider

KINDS: dict[Shape, type[SourceSpider]] = {
    Shape.FEED: FeedSpider,
    Shape.LISTING: ListingSpider,
    Shape.WATCH: WatchSpider,
    Shape.SRU: SruSpider,
    Shape.GOVUK: GovukSpider,
    Shape.OPEN_OVERHEID: OpenOverheidSpider,
    Shape.TWEEDEKAMER: TweedeKamerSpider,
    Shape.RIJKSOVERHEID_RSS: RijksoverheidSpider,
    Shape.ECOI: EcoiSpider,
    Shape.GDELT: GdeltSpider,
    Shape.RELIEFWEB: ReliefwebSpider,
    Shape.SITEMAP: SitemapSpider,
    Shape.SPARQL: SparqlSpider,
    Shape.WORDPRESS: WordpressSpider,
    Shape.EUAA: EuaaSpider,
    Shape.LIFOS: LifosSpider,
}
