"""What the reading processes do with the pages of lists: one reading function for each shape."""

from collections.abc import Callable

from crawler.items import ListToRead
from crawler.read import (
    ecoi,
    feed,
    gdelt,
    govuk,
    lifos,
    open_overheid,
    pages,
    reliefweb,
    rijksoverheid,
    sitemap,
    sparql,
    sru,
    tweedekamer,
    wordpress,
)
from crawler.read.model import Reading
from crawler.shapes import ListingRules, Shape, SitemapRules, WordpressRules


def list_page(task: ListToRead) -> Reading:
    """The entries of one page of a list, by its shape; WrongShape where the page is not what that shape promises."""
    return _LISTS[task.shape](task)


def _feed(task: ListToRead) -> Reading:
    return feed.read_feed(task.body, task.url, zone=task.zone, media_type=task.media_type)


def _listing(task: ListToRead) -> Reading:
    if not isinstance(task.rules, ListingRules):
        raise TypeError(f"{task.url}: a listing is read by ListingRules, not by {type(task.rules).__name__}")
    return pages.read_rows(task.body, task.url, reading_rules(task.rules, task.language))


def _sru(task: ListToRead) -> Reading:
    return sru.read_sru(task.body, task.url)


def _govuk(task: ListToRead) -> Reading:
    return govuk.read_govuk(task.body, task.url)


def _wordpress(task: ListToRead) -> Reading:
    rules = task.rules
    if not isinstance(rules, WordpressRules):
        raise TypeError(f"{task.url}: WordPress is read by WordpressRules, not by {type(rules).__name__}")
    return wordpress.read_wordpress(
        task.body, task.url, bodies=rules.body, document_date=rules.document_date, zone=task.zone
    )


def _sitemap(task: ListToRead) -> Reading:
    if not isinstance(task.rules, SitemapRules):
        raise TypeError(f"{task.url}: a sitemap is read by SitemapRules, not by {type(task.rules).__name__}")
    return sitemap.read_sitemap(task.body, task.url, only=task.rules.only, zone=task.zone)


_LISTS: dict[Shape, Callable[[ListToRead], Reading]] = {
    Shape.FEED: _feed,
    Shape.EUAA: _feed,
    Shape.LIFOS: lambda task: lifos.read_lifos(task.body, task.url, zone=task.zone, media_type=task.media_type),
    Shape.LISTING: _listing,
    Shape.SRU: _sru,
    Shape.GOVUK: _govuk,
    Shape.WORDPRESS: _wordpress,
    Shape.RELIEFWEB: lambda task: reliefweb.read_reliefweb(task.body, task.url),
    Shape.SPARQL: lambda task: sparql.read_sparql(task.body, task.url, zone=task.zone),
    Shape.SITEMAP: _sitemap,
    Shape.GDELT: lambda task: gdelt.read_gdelt(task.body, task.url),
    Shape.ECOI: lambda task: ecoi.read_ecoi(task.body, task.url),
    Shape.OPEN_OVERHEID: lambda task: open_overheid.read_open_overheid(task.body, task.url),
    Shape.TWEEDEKAMER: lambda task: tweedekamer.read_tweedekamer(task.body, task.url),
    Shape.RIJKSOVERHEID_RSS: lambda task: rijksoverheid.read_rijksoverheid(
        task.body, task.url, zone=task.zone, media_type=task.media_type
    ),
}


def reading_rules(rules: ListingRules, language: str) -> pages.ListingRules:
    """The declared selectors as the reading function takes them."""
    return pages.ListingRules(
        row=rules.row,
        link=rules.link,
        title=rules.title,
        date=rules.date,
        date_format=rules.date_format,
        date_language=language,
        key_from=rules.key,
        next=rules.next,
    )
