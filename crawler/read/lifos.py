"""The feed of Lifos: an ordinary RSS whose items are told apart by the number in their address."""

import re
from dataclasses import replace

from crawler.read.feed import read_feed
from crawler.read.model import Entry, Reading, WrongShape
from crawler.read.safe_xml import root_name, seen

KEY = r"documentSummaryId=(\d+)"


def read_lifos(body: bytes, url: str | None, *, zone: str | None = None, media_type: str | None = None) -> Reading:
    """The items of the feed, keyed by documentSummaryId, as the search behind it keys them too.

    WrongShape for any root but rss: its error pages are well-formed XML and would pass for a feed without items.
    """
    if root_name(body) != "rss":
        raise WrongShape(
            f"{url or 'this body'}: {seen(body)} where RSS was promised ({len(body)} bytes); the address of the feed "
            "may have moved: look for the feeds on the site's front page and correct the source"
        )
    reading = read_feed(body, url, zone=zone, media_type=media_type)
    return replace(reading, entries=tuple(map(_keyed, reading.entries)))


def _keyed(entry: Entry) -> Entry:
    found = re.search(KEY, entry.url) or re.search(KEY, entry.key or "")
    return replace(entry, key=found[1]) if found else entry
