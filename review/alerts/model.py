"""What an alert is about. Frozen records; the rules that make them are in `events` and `deadlines`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from review.method.words import Said


class Kind(StrEnum):
    """The events that people can subscribe to, each once by its key."""

    DEADLINE = "deadline"
    REVIEW_DUE = "review_due"
    STATUS_FELL = "status_fell"
    STATUS_ROSE = "status_rose"
    REOPENED = "reopened"
    FRAGILE = "fragile"
    STALE_BEFORE_END = "stale_before_end"
    OFFICIAL_REPORT = "official_report"
    CONTRADICTION = "contradiction"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    PUBLICATION_DUE = "publication_due"
    PUBLICATION_OVERDUE = "publication_overdue"
    PUBLICATION_ARRIVED = "publication_arrived"
    MORATORIUM_PROPOSED = "moratorium_proposed"
    SOURCE_BROKEN = "source_broken"
    SOURCE_RECOVERED = "source_recovered"
    REGISTER_BROKEN = "register_broken"
    SCHEDULER_SILENT = "scheduler_silent"
    DEAD_LETTER = "dead_letter"


# What may go at once and escalates (design §10: deadline stages, falls, broken decisive sources). A silent schedule
# asks no decisive source any more; a broken declaration may keep a deadline from being told. Of SOURCE_BROKEN only the
# decisive ones: see `Event.at_once`.
AT_ONCE = frozenset({Kind.DEADLINE, Kind.STATUS_FELL, Kind.SOURCE_BROKEN, Kind.REGISTER_BROKEN, Kind.SCHEDULER_SILENT})
STAGES = (120, 90, 60, 30, 14, 7, 1)
"""Days before an end at which its alert is due (method §9)."""
REVIEW_STAGES = (30, 7, 0)
"""Days before a review is due (law §6); the letters seen in practice came 3 to 20 days before (law §7)."""
MOST_PASSAGES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something happened that somebody must know.

    `key` names the happening for ever: found twice, it is one alert. `thread` joins stages of one deadline, or the
    troubles of one source. `facts` are codes, names and ISO days for the sentences of words.toml; `passages` are ids,
    the most telling first; `questions` are those whose gaps are told.
    """

    kind: Kind
    key: str
    thread: str = ""
    country: str | None = None
    groups: tuple[str, ...] = ()
    state: str | None = None
    decisive: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[Said, ...] = ()
    passages: tuple[int, ...] = ()
    questions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def at_once(self) -> bool:
        """Whether it may go at once, and escalates until somebody has seen it."""
        return self.kind in AT_ONCE and (self.kind is not Kind.SOURCE_BROKEN or self.decisive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One half of a moratorium as known on a day. `ends_on` is its last day, inclusive."""

    moratorium: str
    title: str
    state: str
    country: str
    half: str
    ends_on: date
    confidence: str
    groups: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()
    title_nl: str = ""  # "": only in English


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review that is due: of a moratorium by law, or of a sign-off that expires (`what`: duty, signoff)."""

    what: str
    id: str
    title: str
    state: str | None
    country: str
    due_on: date
    confirmed: bool
    groups: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()
    title_nl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A stored verdict, as far as a change of it is told."""

    country: str
    group: str | None
    question: str
    wording: str
    wording_nl: str
    reading: str
    as_of: str
    digest: str
    effective: str
    fragile: bool
    fragile_origin: str
    stale_on: str | None
    falls_on: str | None
    reasons: tuple[Said, ...]
    passages: tuple[int, ...]
    contradictions: frozenset[str]  # origins that contradict, by their label


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """A source event beside what the source is decisive for."""

    id: int
    source: str
    title: str
    before: str
    after: str
    message: str
    at: str
    countries: tuple[str, ...]
