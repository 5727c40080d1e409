"""Paged HTML listings: rows become entries, by the CSS selectors that a source declares."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from crawler.read import extractors
from crawler.read.clean import one_line
from crawler.read.dates import find_date, stamped_day, zone_of
from crawler.read.html_tree import parse_html
from crawler.read.language import known_language
from crawler.read.listing_dates import day_written_as
from crawler.read.model import Dated, Entry, Kind, Reading, WrongShape
from crawler.read.text import decode
from crawler.read.walk import absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRules:
    """Selectors for one listing; those below `row` are looked up inside each row."""

    row: str
    link: str = "a[href]"
    title: str | None = None  # without it the link's own words
    date: str | None = None
    date_format: str | None = None  # strptime format; without it the date is looked for in words
    date_language: str | None = None  # ISO 639-1 of the month names
    summary: str | None = None
    document_type: str | None = None
    key_from: str | None = None  # regular expression on the address; its first group is the publisher's identifier
    next: str | None = None


def read_rows(body: bytes, url: str | None, rules: ListingRules, media_type: str | None = None) -> Reading:
    """The rows of one page as entries, and the address of the next page.

    A page without rows is a reading without entries (the source's [expect] judges it). A row without a link, or
    a date that is not written as declared, raises WrongShape with the row's words: the page has changed.
    """
    parse_html(body, url, media_type)  # refuses what is no HTML
    soup = BeautifulSoup(decode(body, media_type)[0], "lxml")
    base = _base(soup, url)
    entries: dict[str, Entry] = {}
    rows = soup.select(rules.row)
    for row in rows:
        entry = _entry(row, base, rules, url)
        entries.setdefault(entry.url, entry)
    repeated = len(rows) - len(entries)
    page = soup.find("html")
    return Reading(
        kind=Kind.HTML,
        title=one_line(soup.title.get_text(" ")) if soup.title else None,
        language=known_language(str(page.get("lang"))) if isinstance(page, Tag) else None,
        entries=tuple(entries.values()),
        next_url=_next(soup, base, rules),
        warnings=(f"{repeated} rows repeat an address and were left out",) if repeated else (),
        extractor=extractors.LISTING,
    )


def _entry(row: Tag, base: str | None, rules: ListingRules, url: str | None) -> Entry:
    link = row if rules.link == ":scope" else row.select_one(rules.link)
    address = absolute(str(link.get("href") or ""), base) if link else None
    if link is None or address is None:
        words = (one_line(row.get_text(" ")) or "")[:80]
        raise WrongShape(
            f"{url or 'this listing'}: a row of {rules.row!r} has no link at {rules.link!r} ({words!r}); "
            "the page has changed: correct [listing] in the source file"
        )
    title = row.select_one(rules.title) if rules.title else link
    return Entry(
        url=address,
        key=_key(address, rules),
        title=one_line(title.get_text(" ")) if title else None,
        published=_date(row, rules, url),
        summary=_words(row, rules.summary),
        document_type=_words(row, rules.document_type),
    )


def _words(row: Tag, selector: str | None) -> str | None:
    found = row.select_one(selector) if selector else None
    return one_line(found.get_text(" ")) if found else None


def _key(address: str, rules: ListingRules) -> str | None:
    found = re.search(rules.key_from, address) if rules.key_from else None
    return (found[1] if found.groups() else found[0]) if found else None


def _date(row: Tag, rules: ListingRules, url: str | None) -> Dated | None:
    """The row's date; a row may have none, but a date that cannot be read is an error."""
    element = row.select_one(rules.date) if rules.date else None
    written = (one_line(str(element.get("datetime") or element.get_text(" "))) or "") if element else ""
    if not written:
        return None
    if rules.date_format:
        return day_written_as(written, rules.date_format, rules.date_language, url)
    stamped = stamped_day(written, zone_of(url))
    found = find_date(written, [rules.date_language] if rules.date_language else None)
    if stamped is None and found is None:
        raise WrongShape(
            f"{url or 'this listing'}: no date in {written[:80]!r}, which date = {rules.date!r} selects; "
            "correct the selector or give date_format in the source file"
        )
    return Dated(day=stamped, origin="time-element") if stamped else found


def _next(soup: BeautifulSoup, base: str | None, rules: ListingRules) -> str | None:
    found = soup.select_one(rules.next) if rules.next else None
    address = absolute(str(found.get("href") or ""), base) if found else None
    return address if address != base else None


def _base(soup: BeautifulSoup, url: str | None) -> str | None:
    found = soup.select_one("base[href]")
    return (absolute(str(found["href"]), url) if found else None) or url
