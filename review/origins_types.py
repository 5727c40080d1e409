"""What the search for well-springs reads and what it finds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NEAR_DAYS = 14  # a story is cited, and a person goes the round of the papers, within two weeks
NEWS_CHARACTERS = 6000  # longer texts are carriers: what they quote, they quote in places
CARRIERS = frozenset({"official_country_report", "eu_agency", "international_organisation", "expert_body", "court"})


class Rule(StrEnum):
    """Why one thing is taken to come from another; the order is the order of preference when there are several."""

    PERSON = "person"  # somebody merged or confirmed it
    HYPERLINK = "hyperlink"
    TRANSLATION = "translation"
    ATTRIBUTION = "attribution"
    COPY = "copy"
    SOURCE_LINE = "source-line"
    NAMED = "named"
    WIRE = "wire"
    QUOTATION = "quotation"
    FOOTNOTE = "footnote"
    STATEMENT = "statement"
    SAME_OWNER = "same-owner"


class Certainty(StrEnum):
    """Merged counts at once; proposed waits for a person (and counts in the provisional reading)."""

    MERGED = "merged"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginNote:
    """A footnote: what it says, and the place of its mark in the document's text. `since`: where its passage begins."""

    number: str
    text: str
    since: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginDoc:
    """A document to place. `names` are the words by which others cite its publisher; links are absolute URLs."""

    id: str
    publisher: str
    owner: str
    text: str
    title: str = ""
    lang: str = "en"
    type: str = "media"
    names: tuple[str, ...] = ()
    url: str | None = None
    links: tuple[str, ...] = ()
    published_on: date | None = None
    notes: tuple[OriginNote, ...] = ()  # in the order of their marks

    @property
    def key(self) -> str:
        """The document as an origin."""
        return f"doc:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginLink:
    """One step up: child (a document's key) to parent (an origin's key).

    With start and end only that span of the child's text comes from there; without, the document as a whole does.
    `via` names the stations in between that the text itself mentions.
    """

    child: str
    parent: str
    label: str
    rule: Rule
    why: str
    certainty: Certainty = Certainty.MERGED
    start: int | None = None
    end: int | None = None
    via: tuple[str, ...] = ()
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wellspring:
    """Where a document ends up: the origin, the stations from child to origin, and why."""

    origin: str
    chain: tuple[str, ...]
    why: str
    circular: bool = False
    proposed: bool = False
