"""What goes into the evidence rules and what comes out."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

# Types of source that find out by office, or are the well-spring of their own words; all others hand on what is known
# elsewhere unless they say that they saw, counted or checked it (method §3 rule 5).
FINDS_OUT = frozenset(
    {
        "official_country_report",
        "eu_agency",
        "international_organisation",
        "court",
        "government_statement",
        "party_to_the_conflict",
    }
)


class Directness(StrEnum):
    """How a passage knows what it says (method §1)."""

    DIRECT = "direct"
    REPORTED = "reported"
    GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageIn:
    """A passage with what is known about it. Dates are days; `services` are the deserters' kinds of service."""

    text: str
    lang: str
    country: str | None
    groups: frozenset[str]
    services: frozenset[str] = field(default_factory=frozenset)
    published_on: date | None = None
    published_confidence: Literal["normal", "low"] = "normal"
    period_from: date | None = None
    period_to: date | None = None
    source_type: str = "media"
    source_country_party: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposed answer. The span [start, end) points into the passage's own text.

    `attributed_to` is a speaker's id or a free name. Without `facts_to` the method finds the day (§2).
    """

    question_id: str
    group_id: str
    country: str
    answer: str
    directness: Directness
    attributed_to: str | None
    facts_from: date | None
    facts_to: date | None
    facts_confidence: Literal["normal", "low"]
    ongoing: bool
    whole_period: bool
    place: str | None
    subgroup: str | None
    against_interest: bool
    start: int
    end: int
    rule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer on a question's scale, with the span it rests on, before dates and voices are added."""

    question_id: str
    value: str
    rule: str
    why: str
    start: int
    end: int
    place: str | None = None
    spans: tuple[tuple[int, int], ...] = ()  # the clauses it rests on; the whole span where empty
    denied: bool = False  # somebody denies it: a party's denial is never the source's own
