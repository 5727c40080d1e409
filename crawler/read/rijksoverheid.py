"""The search of rijksoverheid.nl as RSS (sources §2b): its items say neither type nor ministry; the address does."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.read.feed import read_feed
from crawler.read.model import Reading

_TYPES = (
    (re.compile(r"^/actueel/nieuws/"), "nieuwsbericht"),
    (re.compile(r"^/actueel/weblogs/"), "weblog"),
    (re.compile(r"^/documenten/\d{4}/\d\d/\d\d/"), "document"),
)


def read_rijksoverheid(body: bytes, url: str, *, zone: str, media_type: str | None = None) -> Reading:
    """The items of one answer. Their stamps are local midnight written in UTC, so the day is that of `zone` (IANA).

    Raises WrongShape for what is no feed, as `read_feed` does.
    """
    reading = read_feed(body, url, zone=zone, media_type=media_type)
    return replace(
        reading, entries=tuple(replace(entry, document_type=type_of(entry.url)) for entry in reading.entries)
    )


def type_of(url: str) -> str | None:
    """The kind of publication that an address tells, or None.

    >>> type_of("https://www.rijksoverheid.nl/documenten/2022/06/29/voorbeeld")
    'document'
    """
    path = urlsplit(url).path
    return next((name for pattern, name in _TYPES if pattern.search(path)), None)
