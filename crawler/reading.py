"""What the reading processes do with documents: by what the crawl knows of a body, the reader that fits.

Only those processes import this module; the crawl itself stays free of trafilatura and its kin (memory, start-up).
Raises ReadError (what was seen, what to do) where a body cannot be read.
"""

from dataclasses import fields

from crawler import source
from crawler.items import As, ReadResult, ToRead, spoken_in
from crawler.read import extractors, gazette, govuk, html
from crawler.read import read as read_any
from crawler.read.language import language_of
from crawler.read.model import Entry, Kind, Reading
from crawler.read.passages import split
from crawler.tongues import seems
from store.lemmas import lemmas_of

_TELLING = 200  # characters; below this the document's language is the better guess


def document(task: ToRead) -> ReadResult:
    """Read one document, and tell the language of its passages and the lemmas of their words.

    The lemmas are the index's, not the reader's; they are made here because the one writer waits for nobody.
    """
    reading = _document(task)
    languages, whole = passage_languages(reading), spoken_in(reading, task.entry, task.language)
    lemmas = (lemmas_of(p.text, own or whole) for p, own in zip(reading.passages, languages, strict=True))
    return ReadResult(reading=reading, languages=languages, lemmas=tuple(lemmas))


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
        extractor=extractors.FEED,
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
        extractor=extractors.LINK,
    )
