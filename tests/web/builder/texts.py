"""What a person wrote for the example: one file of pages per source, beside the declaration of that source."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from crawler.shapes import Shape
from crawler.source import Source
from store.declared import Closed, Declared

FETCHED_AT = time(6, 0, tzinfo=UTC)  # the example's crawler comes by at six in the morning, the day after

MARKS = {
    "en": "Reconstruction for the COI tracker's example archive: own words after dated public facts; "
    "not a publication of the body named.",
    "nl": "Reconstructie voor het voorbeeldarchief van de COI-tracker: eigen woorden naar gedateerde openbare feiten; "
    "geen publicatie van de genoemde instantie.",
    "ru": "Реконструкция для примера архива COI-трекера: собственные слова по датированным открытым фактам; "
    "не является публикацией названной организации.",
}


class Edit(Closed):
    """The page as it was changed in place: a new body, seen the day after `on`. `fact` as for a page."""

    on: date
    body: str
    title: str | None = None
    fact: str | None = None
    dates_move: bool = True  # false: the publisher changed the text and left every date as it was


class Paper(Closed):
    """A PDF that belongs to a page: `text` is a file of this folder, one section per sheet."""

    path: str
    text: str


class Page(Closed):
    """One page. `fact` names the row of the timeline that it retells; `after` a row that it only draws on."""

    path: str
    title: str
    published: str = Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")  # as precise as it is known
    body: str
    fact: str | None = None
    after: str | None = None
    shown: Literal["json-ld", "meta", "time", "text", "none"] = "time"  # how the page itself gives its date
    byline: str = ""
    paper: Paper | None = None
    edits: tuple[Edit, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)  # what only one shape needs (gazette numbers)

    @property
    def last_day(self) -> date:
        """The day of publication; of a month or year the last day."""
        parts = [int(part) for part in self.published.split("-")]
        year, month = parts[0], parts[1] if len(parts) > 1 else 12
        return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])

    @property
    def is_exact(self) -> bool:
        """Whether the day is known."""
        return len(self.published) == len("2022-06-29")


class Site(Declared):
    """One publisher's web: how its pages look, and the pages, oldest first."""

    skin: Literal["news", "plain", "office"] = "news"
    feed: Literal["rss", "atom"] | None = None
    rows: int = Field(default=10, ge=1)  # per feed, list page or search answer
    tagline: str = ""
    page: tuple[Page, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """A site with the declaration by which it is crawled."""

    site: Site
    source: Source

    @property
    def start(self) -> str:
        """The first start address."""
        return self.source.starts[0]

    @property
    def language(self) -> str:
        """ISO 639-1."""
        return self.source.language

    @property
    def mark(self) -> str:
        """The sentence that says that this is a reconstruction."""
        return MARKS[self.language]

    def url(self, page: Page) -> str:
        """The page's own address."""
        return urljoin(self.start, page.path)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that this site's pages, papers and start addresses live on."""
        urls = [*self.source.starts, *(self.url(p) for p in self.site.page)]
        urls += [urljoin(self.start, p.paper.path) for p in self.site.page if p.paper]
        return tuple(sorted({str(urlsplit(url).hostname) for url in urls}))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One page as it stood at some moment: after none or some of its edits."""

    page: Page
    title: str
    body: str
    changed_on: date  # the day of publication or of the last edit
    dated_on: date  # what the page itself says its last change was

    @property
    def known_from(self) -> datetime:
        """The moment from which the example's crawler could have seen this state."""
        return datetime.combine(self.changed_on + timedelta(days=1), FETCHED_AT)


def states(page: Page) -> tuple[State, ...]:
    """A page's states in order of time."""
    first = State(page=page, title=page.title, body=page.body, changed_on=page.last_day, dated_on=page.last_day)
    found = [first]
    for edit in page.edits:
        before = found[-1]
        dated_on = edit.on if edit.dates_move else before.dated_on
        found.append(
            State(page=page, title=edit.title or before.title, body=edit.body, changed_on=edit.on, dated_on=dated_on)
        )
    return tuple(found)


def state_at(page: Page, moment: datetime) -> State | None:
    """How the page stood at this moment; None before it was published."""
    known = [state for state in states(page) if state.known_from <= moment]
    return known[-1] if known else None


def load_sites(pages: Path, sources: Path) -> tuple[Web, ...]:
    """Every site with its source, by id; a site without a source (or the reverse) is an error."""
    sites, declared = Site.load_all([pages]), Source.load_all([sources])
    if odd := set(sites) ^ set(declared):
        raise ValueError(f"{', '.join(sorted(odd))}: needs both a file in {pages.name}/ and one in {sources.name}/")
    webs = tuple(Web(site=sites[name], source=declared[name]) for name in sorted(sites))
    for web in webs:
        if web.source.shape is Shape.MANUAL:
            raise ValueError(f"{web.source.id}: a source of shape manual has no pages to build")
    return webs
