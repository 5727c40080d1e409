"""How things stand on a day: what the status command prints, the site shows and the exports carry. Frozen records."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One of the three tests: pass, weak or fail, with its reason in words."""

    result: str
    reason: str
    reason_nl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of evidence as it counted: role is vote, weak voice, background, no vote, dissent or set aside."""

    evidence_id: int
    passage_id: int
    document_id: int
    origin: str
    origin_label: str
    role: str
    answer: str
    directness: str
    attributed_to: str
    facts_to: str | None
    published_on: str | None
    publisher: str
    source_id: str
    source_type: str
    grade: str
    decision: str
    place: str
    quote: str
    title: str
    page: int | None
    language: str | None
    facts_basis: str = "stated"  # what the day of its facts is read from: stated, period, ongoing, published
    facts_on: str | None = None  # that day
    speaker: str = ""  # the declared voice whose words the publisher hands on; "": its own
    machine: bool = False  # whoever decided on it read a machine translation only


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The newest approved sign-off on a question. Expired: `expired_on` is the first day on which it held no more."""

    status: str
    computed: str  # the effective status of the verdict that was signed
    proposed_by: str
    approved_by: str
    signed_on: date
    as_of: date  # of the verdict
    reason: str
    expires_on: date | None
    expired_on: date | None = None
    expired_why: str = ""
    expired_why_nl: str = ""
    dissents: tuple[str, ...] = ()

    @property
    def departs(self) -> bool:
        """Whether people signed another status than the one computed for the verdict that they signed."""
        return self.status != self.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A question of its own, made by a resolution that moved a side to another sub-group; the group takes the weaker.

    `evidence` are the method's ids of what was moved.
    """

    id: str
    status: str
    effective: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupStanding:
    """One sub-group: the weakest of the decisive questions that are asked about it, each on its own evidence."""

    id: str
    title: str
    title_nl: str
    status: str
    decisive_sufficient: int
    decisive_total: int
    weakest: tuple[str, ...]  # questions that hold it where it is


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionStanding:
    """The verdict on one question for one country, with everything needed to recompute it by hand."""

    id: str
    version: int
    country: str
    group: str | None
    wording: str
    wording_nl: str
    element: str
    scale: tuple[str, ...]
    window_days: int
    decisive: bool
    status: str  # insufficient, emerging, sufficient
    effective: str  # after the seven-day rule
    certainty: str
    fragile: bool
    fragile_origin: str | None
    stale_on: date | None
    falls_on: date | None
    agreement: float | None
    origins: int
    items: int
    tests: dict[str, TestResult]  # current, unambiguous, reliable
    gates: tuple[str, ...]  # ids of closed gates
    reasons: tuple[str, ...]
    reasons_nl: tuple[str, ...]
    watersheds: tuple[tuple[str, str], ...]  # (day, title) that list this question, up to the day
    evidence: tuple[Item, ...]
    inputs_digest: str
    one_origin_short: bool = False  # one more independent, direct origin that agrees would raise the status
    contradictions: tuple[str, ...] = ()  # origins that contradict the mode, unresolved, by their label
    reopened_on: date | None = None  # the watershed since which nobody has signed (method §8)
    reopened_by: str = ""
    sufficient_on: date | None = None  # with lapsed_on: first day of the last time it was sufficient, and its end
    lapsed_on: date | None = None
    announced: tuple[str, ...] = ()  # watersheds ahead, by day and name
    passed: tuple[str, ...] = ()  # only announced, and their day has come: they void nothing
    signed: Signed | None = None
    moved: tuple[Moved, ...] = ()
    next_on: date | None = None  # the first day on which it can differ though nothing new arrives
    absence: tuple[str, ...] = ()  # which of the four facts of method §6 hold where nothing votes in time
    absence_said: str = ""  # the same in one bounded sentence
    absence_said_nl: str = ""
    judged_on: date | None = None  # the day that the sentences speak of: a verdict that stands was judged earlier
    answers: int = 0  # pieces of evidence that the reading knew of; `evidence` is empty where a stored verdict is shown
    counts_as: str = ""  # the weaker of `effective` and the questions split off: what groups and moratoria take
    covered: bool = False  # whether its decisive sources were searched in the window
    by_subgroup: tuple[tuple[str, str], ...] = ()  # its status on what is said of each sub-group that it asks about


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStanding:
    country: str
    group: str
    title: str
    title_nl: str
    status: str
    decisive_sufficient: int
    decisive_total: int
    questions: tuple[QuestionStanding, ...]
    subgroups: tuple[SubgroupStanding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfStanding:
    """One clock of a moratorium: decisions or departures. `first_day` and `ends_on` are inclusive."""

    half: str
    ends_on: date | None  # None: no end was set, or none is known
    days_left: int | None  # negative: ended so many days ago
    confidence: str
    first_day: date | None = None
    state: str = "not known"  # not known, announced, running, ended, end not seen
    provisional: bool = False  # ends_on is the planned day
    stated_end: date | None = None  # the end as its publication names it
    regime: str | None = None  # None: no statutory period moves
    legal_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoratoriumStanding:
    id: str
    title: str
    state: str
    country: str
    phase: str  # running, announced, end not seen, ended, not known
    status: str  # the weakest of its deciding questions; not assessed where it has none
    deciding: tuple[str, ...]
    halves: tuple[HalfStanding, ...]
    groups_in: tuple[str, ...]
    groups_out: tuple[str, ...]
    advice: str
    advice_nl: str
    group: str = ""  # who is covered, in our words
    title_nl: str = ""  # "": only in English
    group_nl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything on one day, on one basis (public, held), in one reading (reviewed, provisional)."""

    as_of: date
    basis: str
    reading: str
    rules_version: str
    groups: tuple[GroupStanding, ...]
    moratoria: tuple[MoratoriumStanding, ...]
