"""A source as a person declares it: one file in crawler/sources (or $COI_HOME/declared/sources), its name is its id.

The head comment of each file is its runbook: what breaks, and what to do then.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, field_validator, model_validator

from store.declared import Closed, Declared
from store.model import SourceCard, SourceType

SHIPPED = Path(__file__).parent / "sources"


class Shape(StrEnum):
    FEED = "feed"
    LISTING = "listing"
    WATCH = "watch"
    SRU = "sru"
    GOVUK = "govuk"
    MANUAL = "manual"  # never crawled: documents come by hand (coi add)


Css = Annotated[str, Field(min_length=1)]


class Article(Closed):
    """Where things stand on the publisher's own article page; what is not named is found by itself."""

    main: Css | None = None
    title: Css | None = None
    date: Css | None = None
    date_format: str | None = None


class FeedRules(Closed):
    """RSS or Atom. `article = false` keeps the feed's own text (no page behind it is fetched)."""

    article: bool = True
    attachments: Css | None = None  # links on the article page to fetch as documents of their own (PDF reports)


class ListingRules(Closed):
    """A paged HTML list; plain CSS. `key` is a regular expression with one group over the row's URL."""

    row: Css
    link: Css
    title: Css | None = None
    date: Css | None = None
    date_format: str | None = None
    next: Css | None = None
    max_pages: int = Field(default=20, ge=1, le=1000)
    key: str | None = None
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


class SruRules(Closed):
    """KOOP SRU 2.0: a CQL query; {since} stands for the last success less the overlap, at first for first_day."""

    query: str = Field(min_length=1)
    first_day: date = date(1995, 1, 1)
    page_size: int = Field(default=100, ge=1, le=500)
    overlap_days: int = Field(default=3, ge=0)
    manifestation: Literal["html", "xml", "pdf"] = "html"
    max_pages: int = Field(default=50, ge=1)


class GovukRules(Closed):
    """GOV.UK Content API; each start address is a collection or a publication under /api/content/."""

    only: str | None = None  # a regular expression over the base path of the documents to follow
    files: bool = True  # fetch PDF attachments too


class Expect(Closed):
    """What a healthy run finds. Less is a failed run, never 'nothing new'."""

    min_rows: int = Field(ge=1)
    min_characters: int = Field(default=0, ge=0)
    max_silence_days: int | None = Field(default=None, ge=1)


_EVERY = re.compile(r"^(\d+)\s*(minutes|hours|days|weeks)$")
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


class Source(Declared):
    """One source. Grade A-F is given by a person, with the reason (Admiralty code; method section 5)."""

    publisher: str = Field(min_length=1)
    owner: str = Field(min_length=1)  # owner group: who controls it; two titles of one owner are one voice
    type: SourceType
    grade: Literal["A", "B", "C", "D", "E", "F"]
    grade_reason: str = Field(min_length=10)
    graded_on: date | None = None
    interests: str = ""  # what the publisher wants to be believed, and why
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    zone: str = "UTC"  # IANA time zone in which the publisher's days run
    homepage: HttpUrl | None = None
    terms: str = Field(min_length=1)
    every: str | None = None  # "6 hours"; not for shape manual
    delay_s: float = Field(default=2.0, ge=1.0)
    verified_on: date | None = None  # the day an operator last probed the live site; empty: never
    about: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = (
        None  # country its pages are about where they name none
    )
    decisive_for: tuple[str, ...] = ()  # countries (ISO 3166-1 alpha-2) for which this source is decisive
    shape: Shape
    start: tuple[HttpUrl, ...] = ()
    article: Article = Article()
    feed: FeedRules | None = None
    listing: ListingRules | None = None
    watch: WatchRules | None = None
    sru: SruRules | None = None
    govuk: GovukRules | None = None
    expect: Expect | None = None

    @field_validator("every")
    @classmethod
    def a_cadence(cls, value: str | None) -> str | None:
        """A cadence is a whole number of minutes, hours, days or weeks."""
        if value is not None and not _EVERY.match(value):
            raise ValueError("say how often as '<number> minutes|hours|days|weeks', e.g. '6 hours'")
        return value

    @model_validator(mode="after")
    def shape_and_rules_agree(self) -> Self:
        """Exactly the table of the shape is there; a crawled source has start, cadence and [expect]."""
        tables = {"feed", "listing", "watch", "sru", "govuk"}
        given = {name for name in tables if getattr(self, name) is not None}
        if extra := given - {self.shape.value}:
            raise ValueError(f"shape is {self.shape.value!r}, so remove the table [{sorted(extra)[0]}]")
        if self.shape is Shape.MANUAL:
            return self
        if self.shape in (Shape.LISTING, Shape.SRU) and not given:
            raise ValueError(f"shape {self.shape.value!r} needs a table [{self.shape.value}]")
        for name in ("start", "every", "expect"):
            if not getattr(self, name):
                raise ValueError(f"a source of shape {self.shape.value!r} needs {name!r}")
        return self

    @property
    def every_s(self) -> int | None:
        """The cadence in seconds; None for a source that is not crawled."""
        found = _EVERY.match(self.every or "")
        return int(found[1]) * _SECONDS[found[2]] if found else None

    @property
    def card(self) -> SourceCard:
        """The source as the store knows it."""
        return SourceCard(
            id=self.id,
            title=self.title,
            publisher=self.publisher,
            owner=self.owner,
            type=self.type.value,
            grade=self.grade,
            grade_reason=self.grade_reason,
            interests=self.interests,
            language=self.language,
            shape=self.shape.value,
            every_s=self.every_s,
            terms=self.terms,
            homepage=str(self.homepage or ""),
            declaration=self.model_dump_json(),
        )

    @property
    def starts(self) -> tuple[str, ...]:
        """Start addresses as text."""
        return tuple(str(url) for url in self.start)


def load_sources(extra: Iterable[Path] = ()) -> dict[str, Source]:
    """Every shipped source plus those of the operator's folders (same id: the operator's wins), by id."""
    return Source.load_all([SHIPPED, *extra])
