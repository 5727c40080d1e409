"""A source as a person declares it: one file in crawler/sources (or $COI_HOME/declared/sources), its name is its id.

The head comment of each file is its runbook: what breaks, and what to do then.
"""

import builtins
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, HttpUrl, field_validator, model_validator

from crawler.shapes import (
    RULES,
    Css,
    EcoiRules,
    EuaaRules,
    FeedRules,
    GdeltRules,
    GovukRules,
    LifosRules,
    ListingRules,
    OpenOverheidRules,
    ReliefwebRules,
    RijksoverheidRules,
    Shape,
    SitemapRules,
    SparqlRules,
    SruRules,
    TweedeKamerRules,
    WatchRules,
    WordpressRules,
)
from store.declared import Closed, Declared
from store.model import SourceCard, SourceType

SHIPPED = Path(__file__).parent / "sources"
R = TypeVar("R", bound=Closed)


class Article(Closed):
    """Where things stand on the publisher's own article page; what is not named is found by itself."""

    main: Css | None = None
    title: Css | None = None
    date: Css | None = None
    date_format: str | None = None


Share = Annotated[float, Field(gt=0, le=1)]


class Expect(Closed):
    """What a healthy run finds. Less is a failed run, never 'nothing new'. `fill`: least share of rows with a field."""

    min_rows: int = Field(ge=1)
    min_characters: int = Field(default=0, ge=0)
    max_silence_days: int | None = Field(default=None, ge=1)
    fill: dict[Literal["title", "url", "published"], Share] = Field(default_factory=dict)


_OF_THE_TRACKER = re.compile(
    r"COI_(PERSON|TOKEN)_|COI_(REDIS|SHARED|HOME|CONTACT|SITE|BACKUPS|REPLICA|LOG|RUN|CHROMIUM|AT_ONCE|ALLOW_HOSTS|"
    r"WORKER_LOST_S)$"
)


class Needs(Closed):
    """What an operator must set before a source can be crawled; without it the source is *not configured*."""

    setting: Annotated[str, Field(pattern=r"^COI_[A-Z_]+$")]  # name of an environment variable
    how: str = Field(min_length=10)  # how to get it

    @field_validator("setting")
    @classmethod
    def _is_the_sources_own(cls, name: str) -> str:
        """What a source needs is sent to its publisher: never what opens our own Redis, site or store."""
        if _OF_THE_TRACKER.match(name):
            raise ValueError(f"{name} is a setting of the tracker itself and is told no publisher; name another")
        return name


class Budget(Closed):
    """The most that one run may ask of a publisher; what is left over waits for the next run."""

    requests: int = Field(default=2000, ge=1)
    megabytes: int = Field(default=2000, ge=1)


_DAY, _HOUR = "(Mo|Tu|We|Th|Fr|Sa|Su)", r"([01]\d|2[0-3]):([0-5]\d)"
_WINDOW = re.compile(f"^{_DAY}-{_DAY} {_HOUR}-{_HOUR}$")
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
    window: str | None = None  # working days and hours in `zone`, "Mo-Fr 06:00-20:00"; empty: always
    delay_s: float = Field(default=2.0, ge=1.0)
    budget: Budget = Budget()
    keep: Literal["all", "metadata"] = "all"  # metadata: the terms allow a link, so title, date and address only
    recheck_days: int = Field(default=30, ge=0)  # ask again for what no list shows any more; 0: never
    render: bool = False  # pages need JavaScript: fetched through a browser (extra `render`)
    optional: bool = False  # nice to have: its failures are shown, and alarm nobody
    needs: Needs | None = None
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
    open_overheid: OpenOverheidRules | None = None
    tweedekamer: TweedeKamerRules | None = None
    rijksoverheid_rss: RijksoverheidRules | None = None
    wordpress: WordpressRules | None = None
    reliefweb: ReliefwebRules | None = None
    euaa: EuaaRules | None = None
    lifos: LifosRules | None = None
    ecoi: EcoiRules | None = None
    sparql: SparqlRules | None = None
    sitemap: SitemapRules | None = None
    gdelt: GdeltRules | None = None
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
        given = {shape.value for shape in RULES if getattr(self, shape.value) is not None}
        if extra := given - {self.shape.value}:
            raise ValueError(f"shape is {self.shape.value!r}, so remove the table [{sorted(extra)[0]}]")
        if self.keep == "metadata" and self.shape in (Shape.WATCH, Shape.GOVUK):
            raise ValueError(f"shape {self.shape.value!r} keeps whole pages; keep = 'metadata' needs a list of links")
        if self.shape is Shape.MANUAL:
            return self
        if not given and any(field.is_required() for field in RULES[self.shape].model_fields.values()):
            raise ValueError(f"shape {self.shape.value!r} needs a table [{self.shape.value}]")
        for name in ("start", "every", "expect"):
            if not getattr(self, name):
                raise ValueError(f"a source of shape {self.shape.value!r} needs {name!r}")
        return self

    @field_validator("zone")
    @classmethod
    def a_zone(cls, value: str) -> str:
        """A zone is a name of the IANA database."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("the name of a time zone, e.g. 'Europe/Amsterdam' or 'UTC'") from error
        return value

    @field_validator("window")
    @classmethod
    def a_window(cls, value: str | None) -> str | None:
        """A window names days and hours of one day."""
        if value is not None and not (found := _WINDOW.match(value)):
            raise ValueError("say when as 'Mo-Fr 06:00-20:00' (days, then hours of the source's zone)")
        if value is not None and found and found.group(3, 4) >= found.group(5, 6):
            raise ValueError("the window must begin before it ends, on one day")
        return value

    def rules_as(self, kind: builtins.type[R]) -> R:
        """The table of the shape, as the class it is; TypeError for a source of another shape."""
        rules = getattr(self, self.shape.value) or RULES[self.shape]()
        if not isinstance(rules, kind):
            raise TypeError(f"{self.id}: shape {self.shape.value!r} has no {kind.__name__}")
        return rules

    @property
    def every_s(self) -> int | None:
        """The cadence in seconds; None for a source that is not crawled."""
        found = _EVERY.match(self.every or "")
        return int(found[1]) * _SECONDS[found[2]] if found else None

    @property
    def often(self) -> str:
        """The cadence in words, after "every": "6 hours", "week"; '' for a source that is not crawled."""
        number, _, unit = (self.every or "").partition(" ")
        return unit.strip().removesuffix("s") if number == "1" else self.every or ""

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
