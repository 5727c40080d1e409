"""When an HTML page was published and last changed: every place that may say it, best first."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from crawler.read.dates import stamp, url_date, zone_of, zone_of_language
from crawler.read.json_ld import Linked, linked
from crawler.read.marked_dates import classed_elements, picture_date, time_elements
from crawler.read.model import Confidence, Dated, Precision
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
# Some part of every label of a change that spoken_dates knows, case folded: plain searches, for an expression that
# ignores case took a fifth of the whole reading of a page.
_SAYS_UPDATED = (
    "updat", "modif", "reviewed", "bijgewerkt", "gewijzigd", "wijziging", "обновл", "изменено", "оновл", "aktualis",
    "zuletzt", "stand", "à jour", "edited", "geändert",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDates:
    """What a page says of its age."""

    published: Dated | None = None
    modified: Dated | None = None


def page_dates(
    tree: Element, main: Element, visible: Callable[[], str], url: str | None, said: Linked | None = None
) -> PageDates:
    """Publication and last change of a page: JSON-LD, then meta, <time>, the visible words, classes, then addresses.

    `visible` gives the words of `main` line by line, to search for "Last update: ...". That is another walk over the
    page, so where a machine gives the publication it is asked only if `main` speaks of a change at all. When only a
    last change is known it also stands as publication: as it is from the visible sentence, with low confidence from
    a machine stamp (those move by themselves). `said` is the page's JSON-LD, where the caller has read it.
    """
    zone = zone_of(url) or zone_of_language(tree.get("lang"))
    metas = meta_values(tree)
    said = said or linked(tree, url)
    stated, changed = _of_document(said, zone), stamp(said.modified, zone, "json-ld")
    published = stated or _from_meta(metas, _PUBLISHED, zone) or _itemprop(tree, "datePublished", zone)
    modified = changed or _from_meta(metas, _MODIFIED, zone) or _itemprop(tree, "dateModified", zone)
    if published and modified:
        return PageDates(published=published, modified=modified)
    spoken = Spoken() if published and not _says_updated(main) else spoken_dates(visible())
    article = next(iter(tree.xpath("//article|//main")), tree)
    marked, remarked = time_elements(article, zone)
    classed, reclassed = (None, None) if published and (modified or spoken.modified) else classed_elements(article)
    published = published or marked or _best(spoken.published, classed)
    modified = modified or spoken.modified or remarked or reclassed
    published = published or spoken.modified
    if published is None and modified:
        published = Dated(day=modified.day, origin=modified.origin, confidence=Confidence.LOW)
    by_address = url_date(url)
    return PageDates(published=_confirmed(published, by_address) or by_address or picture_date(tree), modified=modified)


def _says_updated(main: Element) -> bool:
    words = " ".join(main.xpath("string()").casefold().split())
    return any(part in words for part in _SAYS_UPDATED)


def _of_document(said: Linked, zone: str | None) -> Dated | None:
    """The JSON-LD publication; a guess where the page describes several documents, none of them by its address."""
    found = stamp(said.published, zone, "json-ld")
    return replace(found, confidence=Confidence.LOW) if found and said.several else found


def _confirmed(found: Dated | None, by_address: Dated | None) -> Dated | None:
    """A guess that the address bears out to the day is none any more."""
    if found and by_address and by_address.precision is Precision.DAY and found.day == by_address.day:
        return replace(found, confidence=Confidence.NORMAL)
    return found


def _best(spoken: Dated | None, classed: Dated | None) -> Dated | None:
    """The sure one of two dates in the text, the spoken one before the marked one."""
    sure = (found for found in (spoken, classed) if found and found.confidence is Confidence.NORMAL)
    return next(sure, spoken or classed)


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
        dated = stamp(metas.get(name), zone, "meta")
        if dated:
            return dated
    return None


def _itemprop(tree: Element, name: str, zone: str | None) -> Dated | None:
    """A date that microdata gives outside the comments."""
    for element in tree.xpath(f".//*[@itemprop='{name}'][not(ancestor::*[contains(@itemtype, '/Comment')])]"):
        written = element.get("content") or element.get("datetime") or "".join(element.itertext())
        dated = stamp(written, zone, "meta")
        if dated:
            return dated
    return None
