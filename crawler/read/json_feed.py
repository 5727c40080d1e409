"""JSON Feed (jsonfeed.org, versions 1 and 1.1), the one feed that is no XML."""

from typing import TypeAlias

from crawler.read import extractors
from crawler.read.clean import one_line
from crawler.read.dates import stamp, zone_of
from crawler.read.feed import plain
from crawler.read.language import known_language
from crawler.read.model import Broken, Entry, Kind, Reading
from crawler.read.safe_json import loads
from crawler.read.text import decode
from crawler.read.walk import absolute

Fields: TypeAlias = dict[str, object]


def read_json_feed(body: bytes, url: str | None = None, *, zone: str | None = None) -> Reading:
    """The items of a JSON Feed, as read_feed gives those of any other. Broken where it is torn or has no items."""
    where = url or "this body"
    try:
        said = loads(decode(body)[0])
    except (ValueError, RecursionError) as error:
        raise Broken(
            f"{where}: a JSON feed that cannot be parsed ({error}), {len(body)} bytes; fetch it again"
        ) from error
    feed: Fields = said if isinstance(said, dict) else {}
    items = feed.get("items")
    if not isinstance(items, list):
        raise Broken(f"{where}: a JSON feed without a list of items ({len(body)} bytes); tell the publisher")
    zone, language = zone or zone_of(url), known_language(_text(feed, "language"))
    entries = tuple(_entry(item, zone, language, url) for item in items if isinstance(item, dict))
    lost = len(items) - len(entries)
    homeless = sum(1 for entry in entries if not entry.url)
    return Reading(
        kind=Kind.FEED,
        title=one_line(_text(feed, "title")),
        language=language,
        entries=entries,
        canonical_url=absolute(_text(feed, "home_page_url"), url),
        next_url=absolute(_text(feed, "next_url"), url),
        warnings=(
            *((f"items that are no objects: {lost}",) if lost else ()),
            *((f"entries without an address: {homeless}",) if homeless else ()),
        ),
        extractor=extractors.FEED,
        attributes={"version": "json"},
    )


def _entry(item: Fields, zone: str | None, language: str | None, url: str | None) -> Entry:
    published = stamp(_text(item, "date_published"), zone, "feed")
    modified = stamp(_text(item, "date_modified"), zone, "feed")
    summary = plain(_text(item, "content_html")) or _text(item, "content_text") or plain(_text(item, "summary"))
    attached = item.get("attachments")
    files = [one for one in attached if isinstance(one, dict)] if isinstance(attached, list) else []
    return Entry(
        url=absolute(_text(item, "url") or _text(item, "external_url"), url) or "",
        key=one_line(_text(item, "id")),
        title=one_line(plain(_text(item, "title"))),
        published=published or modified,
        modified=modified,
        summary=summary,
        language=known_language(_text(item, "language")) or language,
        attachments=tuple(address for one in files if (address := absolute(_text(one, "url"), url))),
    )


def _text(fields: Fields, name: str) -> str | None:
    """A value as text; numbers stand for themselves (some publishers number their ids), anything else is nothing."""
    value = fields.get(name)
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
