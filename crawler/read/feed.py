"""RSS, RDF, Atom and CDF by feedparser, JSON Feed beside it; what is no feed is refused and never looks empty."""

import calendar
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

import feedparser
from lxml import html
from lxml.etree import ParserError

from crawler.read import extractors
from crawler.read.clean import clean, one_line
from crawler.read.dates import POSSIBLE_YEARS, find_date, local_day, stamped_day, zone_of
from crawler.read.language import known_language
from crawler.read.model import Broken, Dated, Entry, Kind, Reading, WrongShape
from crawler.read.safe_xml import root_name, seen
from crawler.read.sniff import is_json_feed
from crawler.read.surrogates import whole_characters
from crawler.read.walk import HTML, absolute, blocks_of

Parsed: TypeAlias = Any  # feedparser's dictionaries; it ships no types

LEAST = 40  # bytes; RFE/RL has answered 200 with 11 bytes (sources §0.5)
_ROOTS = frozenset(["rss", "rdf", "feed", "channel", "entry", "newlocation"])
_SAFE_VALUE = 32  # characters an entity may stand for; a chain of them cannot then grow a feed more than tenfold
_ENTITY = re.compile(
    rb"<!ENTITY(?:\s+(%\s+)?([\w.:-]+)\s++(?:(?:SYSTEM|PUBLIC)\s++)?((?:\s*+(?:\"[^\"]*\"|'[^']*')){0,2})[^<>]*+>)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-]\d\d:?\d\d)\s*$")


def read_feed(
    body: bytes, url: str | None = None, *, zone: str | None = None, media_type: str | None = None
) -> Reading:
    """The entries of a feed in its own order, with title, address, publisher's id, day and plain summary.

    `zone` (IANA name) is the publisher's: an instant written in UTC becomes a day there; without it the country
    of the address decides, else UTC. Raises WrongShape for what is no feed; a feed that is torn is read as far as
    it goes and says so in `warnings`.
    """
    where = url or "this body"
    if len(body) < LEAST:
        raise WrongShape(f"{where}: {len(body)} bytes where a feed was promised ({body!r}); {_REMEDY}")
    if is_json_feed(body):
        from crawler.read.json_feed import read_json_feed

        return read_json_feed(body, url, zone=zone)
    root = root_name(body)
    if seen(body) in ("JSON", "a PDF", "a zip archive") or (root is not None and root not in _ROOTS):
        raise WrongShape(f"{where}: {seen(body)} where a feed was promised ({len(body)} bytes); {_REMEDY}")
    safe, dropped = without_entities(whole_characters(body))
    parsed = _parsed(safe, url, media_type)
    if not parsed.version and not parsed.entries and root is None:
        raise WrongShape(f"{where}: {seen(body)} where a feed was promised ({len(body)} bytes); {_REMEDY}")
    zone = zone or zone_of(url)
    language = known_language(parsed.feed.get("language"))
    entries = tuple(_entry(raw, zone, language, url) for raw in parsed.entries)
    return Reading(
        kind=Kind.FEED,
        title=one_line(plain(parsed.feed.get("title"))),
        modified=_day(parsed.feed, "updated", zone),
        language=language,
        entries=entries,
        canonical_url=absolute(parsed.feed.get("link"), url),
        next_url=next((absolute(k.get("href"), url) for k in _links(parsed.feed, "next")), None),
        warnings=tuple(_warnings(parsed, entries, dropped)),
        extractor=extractors.FEED,
        attributes={"version": parsed.version} if parsed.version else {},
    )


def _parsed(body: bytes, url: str | None, media_type: str | None) -> Parsed:
    """What feedparser makes of it. Broken for a feed whose items it cannot find: that must not look like no news.

    Two faults are mended first: a torn XML declaration, and elements prefixed with the name of their root.
    """
    parsed = _tried(body, url, media_type)
    items = 0 if parsed.entries or not parsed.bozo else len(_ITEM.findall(_without_asides(body, cdata=True)))
    if not items:
        return parsed
    mended = _PREFIX.sub(rb"\1", _DECLARATION.sub(b"", _without_asides(body), count=1))
    again = _tried(mended, url, media_type)
    if len(again.entries) < items:
        raise Broken(
            f"{url or 'this body'}: a feed of {items} items of which {len(again.entries)} can be read "
            f"({one_line(str(parsed.get('bozo_exception')))}); tell the publisher, or take the site's list instead"
        )
    again.update(bozo=parsed.bozo, bozo_exception=parsed.get("bozo_exception"))
    return again


def _tried(body: bytes, url: str | None, media_type: str | None) -> Parsed:
    """Broken where feedparser itself stumbles, which it does over some things that are no XML."""
    try:
        return feedparser.parse(io.BytesIO(body), response_headers=_headers(body, url, media_type))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError) as error:
        said = one_line(f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode())
        raise Broken(f"{url or 'this body'}: a feed that cannot be taken apart ({said}), {len(body)} bytes; "
                     "tell the publisher, or take the site's list instead") from error  # fmt: skip


def _without_asides(body: bytes, *, cdata: bool = False) -> bytes:
    """A body without its comments (`cdata`: and CDATA sections), in one pass: openings without an end cost nothing."""
    kept, at, begins = bytearray(), 0, 0
    endless: set[bytes] = set()
    while found := _ASIDE.search(body, begins):
        ending = _ENDS[found[0]]
        end = -1 if found[0] in endless else body.find(ending, found.end())
        if end < 0:
            endless.add(found[0])
            begins = found.end()
            continue
        begins = end + len(ending)
        if cdata or found[0] == b"<!--":
            kept += body[at : found.start()]
            at = begins
    return bytes(kept) + body[at:]


_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ASIDE = re.compile(rb"<!--|<!\[CDATA\[")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_DECLARATION = re.compile(rb"<\?xml[^>]*>\s*")
_PREFIX = re.compile(rb"(</?|\s)(?:rss|rdf|atom|feed):(?=[a-z])", re.IGNORECASE)
_REMEDY = "open the address in a browser and correct the source's url or shape"


def without_entities(body: bytes) -> tuple[bytes, int]:
    """The feed without entity definitions that could grow or reach outside, and how many were taken out.

    Kept are definitions of a few plain characters, which old feeds use for accents; none may use another.
    """
    if b"\x00" in body[:400]:  # UTF-16 and -32: looked at as characters
        return _without_entities_wide(body)
    if b"<!entity" not in body.lower():
        return body, 0
    dropped = 0

    def judge(match: re.Match[bytes]) -> bytes:
        nonlocal dropped
        if match[2] is None:  # torn; feedparser would look for its end to the end of the feed, once for each of many
            dropped += 1
            return b""
        value = match[3].strip()[1:-1]
        reference = re.fullmatch(rb"&#\w+;", value)
        harmless = not match[1] and len(value) <= _SAFE_VALUE and (reference or not re.search(rb"[&%<]", value))
        if harmless and not re.search(rb"(?i)\b(?:SYSTEM|PUBLIC)\b", match[0]):
            return match[0]
        dropped += 1
        return b""

    return _ENTITY.sub(judge, body), dropped


def _without_entities_wide(body: bytes) -> tuple[bytes, int]:
    from crawler.read.text import decode

    text, _ = decode(body)
    if "<!entity" not in text.lower():
        return body, 0
    narrow = re.sub(r"(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", text, count=1)
    return without_entities(narrow.encode("utf-8"))


def _headers(body: bytes, url: str | None, media_type: str | None) -> dict[str, str]:
    """Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever is claimed. Else the transport's word counts where it
    names an encoding; a bare text/xml would make feedparser take the feed for ASCII."""
    headers = {"content-location": url} if url else {}
    if _is_utf8(body):
        headers["content-type"] = "application/xml; charset=utf-8"
    elif media_type and "charset" in media_type.lower():
        headers["content-type"] = media_type
    return headers


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _entry(raw: Parsed, zone: str | None, language: str | None, url: str | None) -> Entry:
    key = one_line(raw.get("id"))
    link = absolute(raw.get("link"), url) or absolute(key, None)
    enclosures = (absolute(link.get("href"), url) for link in _links(raw, "enclosure"))
    detail = raw.get("title_detail") or {}
    return Entry(
        url=link or "",
        key=key,
        title=one_line(plain(raw.get("title"))),
        published=_day(raw, "published", zone) or _day(raw, "updated", zone),
        modified=_day(raw, "updated", zone),
        summary=max(plain(raw.get("summary")), _content(raw), key=lambda text: len(text or "")),
        language=known_language(detail.get("language")) or language,
        attachments=tuple(dict.fromkeys(a for a in enclosures if a)),
    )


def _links(raw: Parsed, relation: str) -> list[Parsed]:
    return [link for link in raw.get("links", []) if link.get("rel") == relation]


def _content(raw: Parsed) -> str | None:
    return next((plain(part.get("value")) for part in raw.get("content", []) if part.get("value")), None)


def _day(raw: Parsed, name: str, zone: str | None) -> Dated | None:
    """The publisher's day of a stamp: as written where it carries an offset, converted where it is in UTC."""
    written = (dict.get(raw, name) or "").strip()  # past feedparser's own stand-ins of one date for another
    moment = dict.get(raw, f"{name}_parsed")
    if not written:
        return None
    if moment is None:
        day, found = stamped_day(written, zone), find_date(written)
        return Dated(day=day, origin="feed") if day else found and replace(found, origin="feed")
    try:
        instant = datetime.fromtimestamp(calendar.timegm(moment), UTC)
    except (ValueError, OverflowError):
        return None
    if instant.year not in POSSIBLE_YEARS:
        return None
    if len(written) <= 10:  # a day without time
        return Dated(day=instant.date(), origin="feed")
    offset = _OFFSET.search(written)
    if offset and offset[1].strip("+-0:"):
        sign = 1 if offset[1][0] == "+" else -1
        digits = offset[1][1:].replace(":", "")
        shift = sign * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)
        return Dated(day=datetime.fromtimestamp(instant.timestamp() + shift, UTC).date(), origin="feed")
    return Dated(day=local_day(instant, zone) if zone else instant.date(), origin="feed")


def plain(markup: str | None) -> str | None:
    """A title or summary without its HTML."""
    text = clean(markup or "").strip()
    if not text:
        return None
    if "<" not in text and "&" not in text:
        return text
    try:
        tree = html.fragment_fromstring(text, create_parent="div")
    except (ParserError, ValueError):
        return text
    return "\n".join(block.text for block in blocks_of(tree, HTML)) or None


def _warnings(parsed: Parsed, entries: tuple[Entry, ...], dropped: int) -> Iterator[str]:
    if dropped:
        yield f"{dropped} entity definitions were taken out unread"
    # We keep a media type without a charset from feedparser (see _headers): that it misses it says nothing of the feed.
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if parsed.bozo and not isinstance(parsed.get("bozo_exception"), harmless):
        yield f"the feed is not well-formed ({one_line(str(parsed.get('bozo_exception')))}); read as far as it goes"
    homeless = sum(1 for entry in entries if not entry.url)
    if homeless:
        yield f"entries without an address: {homeless}"
