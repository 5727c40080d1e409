"""The rows that the rules read: what was asked, who said what about which days, and what people decided."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from store.errors import ForPeople
from store.model import SourceType as SourceType

OFF_SCALE = frozenset({"unknown", "unclear", "mixed"})
"""Values that are shown and never vote (method §2)."""

STANCES = {"supports": "isolated", "refutes": "none"}
"""A stance without a stated extent, as a value of the extent scale (method §2)."""


class CaseError(ForPeople, ValueError):
    """A row contradicts itself or another row. The message names field, value and remedy."""


class Grade(StrEnum):
    """How far a source is trusted, given by a person; only A-C vote."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Kind(StrEnum):
    """What the scale of a question measures; LAW has rules of its own (method §5)."""

    EXTENT = "extent"
    LAW = "law"
    NUMBER = "number"
    PRACTICE = "practice"


class Directness(StrEnum):
    """Seen or gathered by the source itself, passed on from someone else, or said in general."""

    DIRECT = "direct"
    REPORTED = "reported"
    GENERAL = "general"


class Decision(StrEnum):
    """What a person decided about a piece of evidence; PROPOSED is the machine's."""

    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    UNSURE = "unsure"
    LATER = "later"
    REJECTED = "rejected"


class Reading(StrEnum):
    """REVIEWED counts what a person accepted; PROVISIONAL counts all that nobody rejected (method §1)."""

    REVIEWED = "reviewed"
    PROVISIONAL = "provisional"


class Basis(StrEnum):
    """PUBLIC: published by then. HELD: captured, coded and decided by then (method §1)."""

    PUBLIC = "public"
    HELD = "held"


class Resolved(StrEnum):
    """How people resolved a contradiction (method §4)."""

    OTHER_TIME = "other_time"
    OTHER_PLACE = "other_place"
    OTHER_SUBGROUP = "other_subgroup"
    OTHER_DEFINITION = "other_definition"
    PARTY_INTEREST = "party_interest"
    ERROR_CORRECTED = "error_corrected"
    GENUINE = "genuine"


class Side(StrEnum):
    """The side of a contradiction that is set aside."""

    A = "a"
    B = "b"


class Gate(StrEnum):
    """What caps a status at emerging (method §7)."""

    SOURCE_HEALTH = "source_health"
    COVERAGE = "coverage"
    UNREAD = "unread"
    DOUBLE_CODING = "double_coding"
    TRANSLATION = "translation"


REVIEWER_GATES = frozenset({Gate.UNREAD, Gate.DOUBLE_CODING, Gate.TRANSLATION})
"""Gates that cannot be measured without reviewers; the provisional reading does not close them."""


class Result(StrEnum):
    """The outcome of one of the three tests."""

    PASS = "pass"  # noqa: S105 - a test result
    WEAK = "weak"
    FAIL = "fail"


class Status(StrEnum):
    """Is there enough to decide? Never: is it safe."""

    INSUFFICIENT = "insufficient"
    EMERGING = "emerging"
    SUFFICIENT = "sufficient"

    @property
    def rank(self) -> int:
        """Return 0, 1 or 2: a higher number is more."""
        return _RANKS[self]


_RANKS = {Status.INSUFFICIENT: 0, Status.EMERGING: 1, Status.SUFFICIENT: 2}


class Certainty(StrEnum):
    """How firm the status stands, shown beside it (method §5)."""

    VERY_LOW = "very low"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its ordered scale and its window in days."""

    id: str
    scale: tuple[str, ...]
    window_days: int
    kind: Kind = Kind.EXTENT
    opposite: tuple[tuple[str, str], ...] = ()
    """Pairs of values that contradict each other however close they stand on the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watershed:
    """A dated event that lists this question and makes earlier evidence background."""

    on: date
    title: str = ""
    announced: bool = False
    """Only announced: shown by name, never cuts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The card of a publisher."""

    id: str
    grade: Grade
    type: SourceType
    owner: str
    """Owner group: publishers of one owner are one voice in RELIABLE."""
    party: bool = False
    regular_mandate: bool = False
    """Reports at regular intervals, so that its "no change up to D" renews what it said before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One passage's answer to the question. Month-only dates are already their last day (dates.last_day)."""

    id: str
    source: str
    origin: str | None
    """None: nobody is named; such items on one answer in one ISO week count as one origin (method §3)."""
    answer: str
    published_on: date
    directness: Directness
    decision: Decision
    facts_from: date | None = None
    facts_to: date | None = None
    period_to: date | None = None
    """End of the document's reference period; at normal confidence only with `whole_period`."""
    whole_period: bool = False
    ongoing: bool = False
    published_certain: bool = True
    """False: the publication date is inferred, so it never makes facts current."""
    no_change_to: date | None = None
    """The source says: no change up to this day (method §2)."""
    place: str | None = None
    subgroup: str | None = None
    against_interest: bool = False
    neighbour: bool = False
    """About a neighbouring group: shown, no vote."""
    promise: bool = False
    """About the future: shown, no vote."""
    merge_proposed: str | None = None
    """Origin with which a merge is proposed; made in the provisional reading."""
    known_on: date | None = None
    """The day from which it counts on the case's basis, when later than its publication."""
    official_text: bool = False
    """Law questions: this is the enacted text itself."""
    verified_on: date | None = None
    """Law questions: the day on which the text was checked to be in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What people decided about a contradiction between two sides of evidence ids."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    resolution: Resolved | None = None
    side: Side | None = None
    """The side set aside."""
    decided_on: date | None = None
    number: int | None = None
    actor: str = ""
    reason: str = ""
    """Shown beside, with the number of its row and who decided; no rule reads these three."""

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Return the evidence ids that this resolution sets aside; none for a genuine conflict or without a side."""
        if self.resolution in (None, Resolved.GENUINE) or self.side is None:
            return ()
        return self.a if self.side is Side.A else self.b


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a status is computed from, and nothing else."""

    as_of: date
    reading: Reading
    question: Question
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]
    watersheds: tuple[Watershed, ...] = ()
    """Those that list the question, past and announced."""
    resolutions: tuple[Resolution, ...] = ()
    gates_closed: frozenset[Gate] = frozenset()
    basis: Basis = Basis.PUBLIC
    known_gap: bool = False
    """The lack of information is itself documented."""
    full_coverage: bool = False
    """Every decisive source of the question was searched in the window."""
    reporting_bias: bool = False
    """The country is closed to those who would report."""
    week_before: Status | None = None
    """The status that was computed seven days before, where the rows of then were judged (held basis); None: judge the
    present rows on that day."""
