"""What runs inside the reading processes: one function for each thing a spider or the pipeline wants read.

Only those processes import this module; the crawl itself stays free of trafilatura and its kin (memory, start-up).
Each function raises ReadError (what was seen, what to do) when a body cannot be read.
"""

from collections.abc import Callable
from dataclasses import fields

from crawler import source
from crawler.items import As, ListToRead, ReadResult, ToRead
from crawler.read import (
    docx,
    ecoi,
    feed,
    gazette,
    gdelt,
    govuk,
    html,
    lifos,
    ocr,
    open_overheid,
    pages,
    pdf,
    reliefweb,
    rijksoverheid,
    sitemap,
    sparql,
    sru,
    text,
    tweedekamer,
    wordpress,
)
from crawler.read import read as read_any
from crawler.read.language import language_of
from crawler.read.model import Entry, Kind, Reading
from crawler.read.passages import split
from crawler.shapes import ListingRules, Shape, SitemapRules, WordpressRules
from crawler.tongues import seems

LINK, CAN_OCR = "link/1", "ocr"
_TELLING = 200  # characters; below this the document's language is the better guess


def current_extractors() -> frozenset[str]:
    """Names of the extractors in use; what another one has read is read anew."""
    modules = (docx, feed, gazette, govuk, html, pages, pdf, sru, text)
    able = {CAN_OCR} if ocr.engine() else set()
    return frozenset(module.EXTRACTOR for module in modules) | {LINK, pdf.OCR_EXTRACTOR} | able


def document(task: ToRead) -> ReadResult:
    """Read one document, and tell the language of its passages."""
    reading = _document(task)
    return ReadResult(reading=reading, languages=passage_languages(reading))


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


def page_hints(article: source.Article | None, language: str) -> html.PageHints | None:
    """The selectors a source declares for its article pages; None where it declares none."""
    if article is None or not (article.main or article.title or article.date):
        return None
    names = {field.name for field in fields(html.PageHints)} & set(source.Article.model_fields)
    return html.PageHints(**{name: getattr(article, name) for name in names}, date_language=language)


def passage_languages(reading: Reading) -> tuple[str | None, ...]:
    """The language of each passage; None: the document's (which a short passage is taken to have too)."""
    return tuple(
        None if len(p.text) < _TELLING or seems(p.text, reading.language) else language_of(p.text)
        for p in reading.passages
    )


def _document(task: ToRead) -> Reading:
    if task.read_as is As.ENTRY and task.entry is not None:
        return entry_text(task.entry)
    if task.read_as is As.LINK and task.entry is not None:
        return entry_link(task.entry)
    if task.read_as is As.GOVUK:
        return govuk.read_govuk(task.body, task.url)
    if task.read_as is As.GAZETTE:
        return gazette.read_gazette(task.body, task.url, task.media_type)
    if task.read_as is As.PAGE and "html" in (task.media_type or "html"):
        return html.read_html(task.body, task.url, page_hints(task.article, task.language), task.media_type)
    return read_any(task.body, media_type=task.media_type, url=task.url)


def entry_text(entry: Entry) -> Reading:
    """An entry whose feed carries the whole text: that text as a document."""
    words = (entry.summary or "").strip()
    return Reading(
        kind=Kind.FEED,
        title=entry.title,
        published=entry.published,
        modified=entry.modified,
        language=entry.language or language_of(words),
        text=words,
        passages=split(words),
        warnings=() if words else ("the feed gives no text for this entry",),
        extractor=feed.EXTRACTOR,
    )


def entry_link(entry: Entry) -> Reading:
    """A document that may be linked but not stored: its title is its text, and there is no passage that could vote."""
    words = entry.title or entry.url
    return Reading(
        kind=Kind.FEED,
        title=words,
        published=entry.published,
        modified=entry.modified,
        language=entry.language or language_of(words),
        text=words,
        extractor=LINK,
    )
