"""When an HTML page was published and last changed: every place that may say it, best first."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from crawler.read.dates import find_date, stamped_day, url_date, zone_of
from crawler.read.model import Confidence, Dated
from crawler.read.safe_xml import Element
from crawler.read.spoken_dates import Spoken, spoken_dates

# Names of <meta> in the order of trust. Dublin Core "date" is the publication unless something better stands there.
_PUBLISHED = (
    "article:published_time", "og:published_time", "dcterms.available", "dcterms.issued", "dc.date.issued",
    "overheidop.datumpublicatie", "citation_publication_date", "datepublished", "publish_date", "publishdate",
    "publication_date", "date.published", "parsely-pub-date", "sailthru.date", "pubdate", "dcterms.date", "dc.date",
    "dcterms.created", "dc.date.created", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "datemodified", "last-modified",
    "revised", "lastmod",
)  # fmt: skip
_PUBLICATION = re.compile(r"publi|gepubl|опубл|veröff|posted|dateline|entry-date", re.IGNORECASE)
_UPDATED = re.compile(r"updat|modif|bijgewerkt|gewijzigd|обновл|оновл|aktualis|mis(?:e)?.à.jour", re.IGNORECASE)
# Some word of every label of a change that spoken_dates knows.
_SAYS_UPDATED = re.compile(
    r"updat|modif|reviewed|bijgewerkt|gewijzigd|wijziging|обновл|изменено|оновл|aktualis|zuletzt|stand|mise?\s+à\s+jour",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDates:
    """What a page says of its age."""

    published: Dated | None = None
    modified: Dated | None = None


def page_dates(tree: Element, main: Element, visible: Callable[[], str], url: str | None) -> PageDates:
    """Publication and last change of a page: JSON-LD, then meta, then <time>, then the visible words, then the address.

    `visible` gives the words of `main` line by line, to search for "Last update: ...". That is another walk over the
    page, so where a machine gives the publication it is asked only if `main` speaks of a change at all. When only a
    last change is known it also stands as publication: as it is from the visible sentence, with low confidence from
    a machine stamp (those move by themselves).
    """
    zone = zone_of(url)
    metas = meta_values(tree)
    linked = _json_ld(tree, zone)
    published = linked.published or _from_meta(metas, _PUBLISHED, zone) or _itemprop(tree, zone)
    modified = linked.modified or _from_meta(metas, _MODIFIED, zone)
    if published and modified:
        return PageDates(published=published, modified=modified)
    spoken = Spoken() if published and not _SAYS_UPDATED.search(main.xpath("string()")) else spoken_dates(visible())
    marked, remarked = _time_elements(tree, zone)
    published = published or marked or spoken.published
    modified = modified or spoken.modified or remarked
    if published is None and spoken.modified:
        published = spoken.modified
    if published is None and modified:
        published = Dated(day=modified.day, origin=modified.origin, confidence=Confidence.LOW)
    return PageDates(published=published or url_date(url), modified=modified)


def meta_values(tree: Element) -> dict[str, str]:
    """First non-empty content of each <meta> name or property, keys in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
    return found


def _from_meta(metas: dict[str, str], names: tuple[str, ...], zone: str | None) -> Dated | None:
    for name in names:
        dated = _stamp(metas.get(name), zone, "meta")
        if dated:
            return dated
    return None


def _stamp(value: object, zone: str | None, origin: str) -> Dated | None:
    """A machine stamp or, failing that, a date in words; None for anything else."""
    if not isinstance(value, str) or not value.strip():
        return None
    day = stamped_day(value, zone)
    if day and day.year >= 1990:
        return Dated(day=day, origin=origin)
    found = find_date(value)
    return replace(found, origin=origin) if found else None


def _json_ld(tree: Element, zone: str | None) -> PageDates:
    published = modified = None
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        for node in _nodes(script.text or ""):
            published = published or _stamp(node.get("datePublished"), zone, "json-ld")
            modified = modified or _stamp(node.get("dateModified"), zone, "json-ld")
    return PageDates(published=published, modified=modified)


def _nodes(source: str) -> Iterator[dict[str, object]]:
    """Every object of a JSON-LD script, outermost first; a script that is no JSON says nothing."""
    try:
        waiting: list[object] = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))


def _time_elements(tree: Element, zone: str | None) -> tuple[Dated | None, Dated | None]:
    """First <time> that marks publication and first that marks a change, by its words and classes."""
    published: list[Dated] = []
    modified: list[Dated] = []
    main = next(iter(tree.xpath("//article|//main")), tree)
    for element in main.iter("time"):
        dated = _stamp(element.get("datetime") or "".join(element.itertext()), zone, "time-element")
        if dated is None:
            continue
        about = " ".join([element.get("class") or "", element.get("itemprop") or "", _before(element)])
        if _PUBLICATION.search(about) or element.get("pubdate") is not None:
            published.insert(0, dated)
            break
        (modified if _UPDATED.search(about) else published).append(dated)
    first = published[0] if published else None
    if (
        first and len({dated.day for dated in published}) > 3
    ):  # a page of many dates: a list or comments, not an article
        first = replace(first, confidence=Confidence.LOW)
    return first, modified[0] if modified else None


def _before(element: Element) -> str:
    """The words just before an element: its older sibling's or its parent's text."""
    previous = element.getprevious()
    parent = element.getparent()
    words = (previous.tail or previous.text) if previous is not None else (parent.text if parent is not None else "")
    return (words or "")[-40:] if isinstance(words, str) else ""


def _itemprop(tree: Element, zone: str | None) -> Dated | None:
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        dated = _stamp(element.get("content") or "".join(element.itertext()), zone, "meta")
        if dated:
            return dated
    return None
