"""sitemap.xml and indexes of several (sitemaps.org), plain or packed: the addresses that fit, newest first."""

import re
from collections.abc import Iterator
from datetime import date

from crawler.read.clean import one_line
from crawler.read.dates import stamped_day
from crawler.read.model import Dated, Entry, Kind, Reading, WrongShape
from crawler.read.safe_xml import Element, local, parse_xml
from crawler.read.sniff import unzipped
from crawler.read.walk import absolute

MAP = "sitemap"  # document type of an entry that is a sitemap itself
_ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}


def read_sitemap(body: bytes, url: str | None = None, *, only: str | None = None, zone: str | None = None) -> Reading:
    """The addresses that match `only` (a regular expression), newest lastmod first, those without one last.

    Of an index: its sitemaps, each with document type `sitemap`, whatever `only` says. `total` counts all that was
    there. Alternates in other languages are no entries of their own. Raises WrongShape for other XML and for pages,
    Broken for torn XML, for entity definitions and for a gzip bomb.
    """
    where = url or "this sitemap"
    root = parse_xml(unzipped(body, where), url, "a sitemap")
    name = local(root)
    if name not in _ROOTS:
        raise WrongShape(
            f"{where}: XML <{name}> where a sitemap was promised ({len(body)} bytes); open the address in a browser "
            "and correct the source's url or shape"
        )
    rows = [child for child in root if local(child) == _ROOTS[name]]
    found: dict[str, Entry] = {}
    for entry in _entries(rows, url, zone, is_index=name == "sitemapindex"):
        if entry.document_type == MAP or only is None or re.search(only, entry.url):
            found.setdefault(entry.url, entry)
    homeless = sum(1 for row in rows if _address(row, url) is None)
    return Reading(
        kind=Kind.FEED,
        entries=tuple(sorted(found.values(), key=_newest, reverse=True)),
        total=len(rows),
        warnings=(f"{homeless} rows without an http(s) address were left out",) if homeless else (),
    )


def _entries(rows: list[Element], url: str | None, zone: str | None, *, is_index: bool) -> Iterator[Entry]:
    for row in rows:
        address = _address(row, url)
        if address:
            day = stamped_day(_text(row, "lastmod") or "", zone)
            changed = Dated(day=day, origin="sitemap") if day else None
            yield Entry(url=address, modified=changed, document_type=MAP if is_index else None)


def _newest(entry: Entry) -> date:
    return entry.modified.day if entry.modified else date.min


def _address(row: Element, url: str | None) -> str | None:
    return absolute(_text(row, "loc"), url)


def _text(row: Element, name: str) -> str | None:
    return next((one_line(child.text) for child in row if local(child) == name), None)
