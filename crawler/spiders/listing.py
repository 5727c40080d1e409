"""Paged HTML lists: rows become documents."""

from crawler.spiders.paged import PagedSpider


class ListingSpider(PagedSpider):
    """list page -> rows -> pages -> attachments, and on to the next list page."""
