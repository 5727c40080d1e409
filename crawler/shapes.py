"""The shapes of sites, and what a source declares for each: one closed table, named after the shape.

A new shape is three things: its table here, its spider in crawler/spiders, its pure reading in crawler/read.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, field_validator, model_validator

from store.declared import Closed


class Shape(StrEnum):
    FEED = "feed"
    LISTING = "listing"
    WATCH = "watch"
    SRU = "sru"
    GOVUK = "govuk"
    OPEN_OVERHEID = "open_overheid"
    TWEEDEKAMER = "tweedekamer"
    RIJKSOVERHEID_RSS = "rijksoverheid_rss"
    WORDPRESS = "wordpress"
    RELIEFWEB = "reliefweb"
    EUAA = "euaa"
    LIFOS = "lifos"
    ECOI = "ecoi"
    SPARQL = "sparql"
    SITEMAP = "sitemap"
    GDELT = "gdelt"
    MANUAL = "manual"  # never crawled: documents come by hand (coi add)


Css = Annotated[str, Field(min_length=1)]
Words = Annotated[str, Field(min_length=1)]
Pattern = Annotated[str, Field(min_length=1)]  # a regular expression


class Paged(Closed):
    """What every list of several pages declares.

    Newest first, a walk ends at the first page that holds nothing new, except once a week, when all is walked.
    """

    max_pages: int = Field(default=20, ge=1, le=1000)
    newest_first: bool = True


class FeedRules(Closed):
    """RSS or Atom. `article = false` keeps the feed's own text (no page behind it is fetched)."""

    article: bool = True
    attachments: Css | None = None  # links on the article page to fetch as documents of their own (PDF reports)


class ListingRules(Paged):
    """A paged HTML list; plain CSS. `key` is a regular expression with one group over the row's URL."""

    row: Css
    link: Css
    title: Css | None = None
    date: Css | None = None
    date_format: str | None = None
    next: Css | None = None
    key: Pattern | None = None
    attachments: Css | None = None

    @field_validator("key")
    @classmethod
    def one_group(cls, value: str | None) -> str | None:
        """A key pattern must compile and have exactly one group."""
        if value is not None and re.compile(value).groups != 1:
            raise ValueError("a regular expression with exactly one group, e.g. '/id/(\\d+)$'")
        return value


class WatchRules(Closed):
    """Pages that are edited in place; each start address is one document for ever."""

    attachments: Css | None = None


class Since(Paged):
    """Queries with a window: {since} stands for the last success less the overlap, at first for first_day."""

    newest_first: bool = False  # the window ends the walk
    first_day: date = date(1995, 1, 1)
    overlap_days: int = Field(default=3, ge=0)


class SruRules(Since):
    """KOOP SRU 2.0 (sources §1a): a CQL query with {since}."""

    query: Words
    page_size: int = Field(default=100, ge=1, le=500)
    manifestation: Literal["html", "xml", "pdf"] = "html"
    max_pages: int = Field(default=50, ge=1, le=1000)


class GovukRules(Closed):
    """GOV.UK Content API; each start address is a collection or a publication under /api/content/."""

    only: Pattern | None = None  # over the base path of the documents to follow
    files: bool = True  # fetch PDF attachments too


class OpenOverheidRules(Paged):
    """open.overheid.nl (sources §2a): released documents of one kind, last changed first."""

    documentsoort: Words | None = None
    informatiecategorie: Words | None = None
    thema: Words | None = None
    organisatie: Words | None = None
    text: Words | None = None
    first_day: date | None = None  # of release
    last_day: date | None = None
    page_size: Literal[10, 20, 50] = 50  # the service takes no other

    @model_validator(mode="after")
    def asks_for_something(self) -> Self:
        """Without any filter the list is everything that the Dutch state has released."""
        if not (self.documentsoort or self.informatiecategorie or self.thema or self.organisatie or self.text):
            raise ValueError("say what to look for: documentsoort, informatiecategorie, thema, organisatie or text")
        return self


class TweedeKamerRules(Since):
    """Dutch parliament (sources §1b): OData with a $filter that may hold {since}, or the SyncFeed of a category."""

    api: Literal["odata", "syncfeed"] = "odata"
    filter: Words | None = None
    category: Words = "Document"
    only: Pattern | None = None  # over kind; subject; title of a document: the SyncFeed's server cannot filter
    page_size: int = Field(default=250, ge=1, le=250)

    @model_validator(mode="after")
    def filter_belongs_to_odata(self) -> Self:
        """OData without a filter is every document of the parliament; a SyncFeed cannot be filtered."""
        if (self.api == "odata") != (self.filter is not None):
            raise ValueError("api 'odata' needs a filter, api 'syncfeed' takes none (use only)")
        if self.api == "syncfeed" and self.max_pages < 3:
            raise ValueError("a SyncFeed goes on at its last page but one, so max_pages must be at least 3")
        return self


class RijksoverheidRules(Closed):
    """Search as RSS of rijksoverheid.nl (sources §2b). Exactly `cap` items mean truncated: the window is halved."""

    terms: tuple[Words, ...] = Field(min_length=1)
    content_type: tuple[Words, ...] = ()
    topic: Words | None = None
    window_hours: int = Field(default=48, ge=1)
    cap: int = Field(default=20, ge=1)
    least_minutes: int = Field(default=60, ge=1)  # a window is not halved below this; a full one then is a problem
    attachments: Css | None = None


class WordpressRules(Since):
    """WordPress REST (/wp-json/wp/v2/<type>). `article = true` reads the page behind instead of the API's text.

    Last changed first, the walk ends where nothing is new; `newest_first = false` asks for a window instead.
    """

    newest_first: bool = True
    article: bool = False
    query: tuple[tuple[Words, Words], ...] = ()  # more parameters, e.g. [["search", "russia"]]
    page_size: int = Field(default=50, ge=1, le=100)
    first_day: date = date(2020, 1, 1)
    body: tuple[Words, ...] = ("content.rendered",)  # where the text stands, dotted; several are joined
    document_date: Words | None = None  # where the publication day stands, if not in `date` (acf.document_date)
    attachments: Css | None = None


class ReliefwebRules(Since):
    """ReliefWeb v2 (sources §9): reports on a primary country."""

    country: Annotated[str, Field(pattern=r"^[a-z]{3}$")]  # ISO 3166-1 alpha-3, lower case
    text: Words | None = None
    files: bool = True  # fetch the files of a report too, each a document of its own
    page_size: int = Field(default=100, ge=1, le=1000)
    first_day: date = date(2022, 1, 1)


class EuaaRules(Paged):
    """EUAA (sources §5): press feed -> release -> publication page -> PDF and HTML reports."""

    only: Pattern | None = None  # over title, address and summary: which releases announce country information
    publication: Css = "main a[href*='/publications/']:not([href*='/sites/default/files/'])"
    files: Css = "main a[href*='/sites/default/files/'][href$='.pdf']"
    # HTML reports: two forms of path have been seen, and more may come
    reports: Css | None = (
        "main a[href*='/coi/'], main a[href*='/coi-report-'], main a[href*='-country-focus/'], "
        "main a[href*='-security-situation/']"
    )
    listing: HttpUrl | None = None  # of releases: walked at first, once a week, and when the feed has rolled too far
    rows: ListingRules = ListingRules(
        row=".views-row",
        link="a[href*='/news-events/']",
        title=".field--name-title",
        date="time[datetime]",
        next="li.pager__item--next a, a[rel=next]",
    )
    max_pages: int = Field(default=5, ge=1, le=1000)


class LifosRules(Paged):
    """Swedish Lifos (sources §10): a feed of five items; the listing closes the gaps (first run, and once a week)."""

    listing: HttpUrl | None = None
    row: Css = "a[href*='documentSummaryId=']"
    attachments: Css | None = "a[href*='documentAttachmentId='], a[href$='.pdf']"
    page_parameter: Words = "page"
    first_page: int = Field(default=1, ge=0)


class EcoiRules(Since):
    """ecoi.net search (sources §7): an index; what it names is linked, never stored."""

    only: Pattern | None = None  # over the words of a result; the country parameter of the search is not known
    query: tuple[tuple[Words, Words], ...] = ()  # more parameters, once a browser has shown them
    overlap_days: int = Field(default=2, ge=0)
    first_day: date = date(2024, 1, 1)


class SparqlRules(Closed):
    """A SELECT query with the columns item and title; where known date, page (for people), file (to be fetched), key,
    type and language. `follow = false` keeps title, date and address only."""

    query: Words
    follow: bool = True
    accept: Words | None = None  # header of the requests for documents, where addresses negotiate
    accept_language: Words | None = None


class SitemapRules(Paged):
    """sitemap.xml, or an index of several: addresses that fit, newest lastmod first."""

    only: Pattern
    newer_than_days: int | None = Field(default=None, ge=1)
    attachments: Css | None = None
    max_items: int = Field(default=500, ge=1)  # addresses followed in one run


class GdeltRules(Closed):
    """GDELT DOC 2.0 (sources §12): optional; finds what others miss, and is often busy."""

    query: Words
    timespan: Annotated[str, Field(pattern=r"^\d+(h|d|w)$")] = "1d"
    max_records: int = Field(default=250, ge=1, le=250)


RULES: dict[Shape, type[Closed]] = {
    Shape.FEED: FeedRules,
    Shape.LISTING: ListingRules,
    Shape.WATCH: WatchRules,
    Shape.SRU: SruRules,
    Shape.GOVUK: GovukRules,
    Shape.OPEN_OVERHEID: OpenOverheidRules,
    Shape.TWEEDEKAMER: TweedeKamerRules,
    Shape.RIJKSOVERHEID_RSS: RijksoverheidRules,
    Shape.WORDPRESS: WordpressRules,
    Shape.RELIEFWEB: ReliefwebRules,
    Shape.EUAA: EuaaRules,
    Shape.LIFOS: LifosRules,
    Shape.ECOI: EcoiRules,
    Shape.SPARQL: SparqlRules,
    Shape.SITEMAP: SitemapRules,
    Shape.GDELT: GdeltRules,
}
