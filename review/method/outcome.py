"""What judging a case gives: everything a verdict stores."""

from dataclasses import dataclass
from datetime import date

from review.method.credibility import Credibility
from review.method.forecast import Lapse
from review.method.model import Certainty, Gate, Reading, Result, SourceType, Status
from review.method.unambiguous import Contradiction


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One of the three tests with its reason in both languages."""

    result: Result
    reason: str
    reason_nl: str

    __test__ = False  # not a test class, whatever pytest makes of the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A vote as a page shows it: who, what, on which day of facts, and whether it is in time."""

    origin: str
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    facts_to: date
    in_time: bool
    owner: str
    type: SourceType
    party: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything that a verdict stores: the tests, the status, what it hangs on, and why, in words."""

    question: str
    as_of: date
    reading: Reading
    rules_version: int
    current: Test
    unambiguous: Test
    reliable: Test
    status: Status
    """As computed on the day."""
    effective: Status
    """The lower of the status on the day and seven days before."""
    status_week_before: Status
    certainty: Certainty
    certainty_steps: tuple[str, ...]
    mode: str | None
    agreement: float | None
    origins: int
    """Voting origins in time."""
    items: int
    """Items in time, of any grade and answer, not set aside."""
    votes: tuple[Cast, ...]
    contradictions: tuple[Contradiction, ...]
    credibility: tuple[Credibility, ...]
    background: tuple[str, ...]
    """Evidence ids with facts before the watershed."""
    weak: tuple[str, ...]
    """Evidence ids without a vote because of their grade."""
    off_scale: tuple[str, ...]
    """Evidence ids whose value never votes."""
    struck: tuple[str, ...]
    """Evidence ids set aside by a resolution."""
    used: tuple[str, ...]
    """Every evidence id that the reading counts and that was known on the day."""
    gates_closed: tuple[Gate, ...]
    gates_not_measured: tuple[Gate, ...]
    fragile: bool
    fragile_origins: tuple[str, ...]
    stale_on: date | None
    falls_on: date | None
    announced: tuple[str, ...]
    """Watersheds ahead of the day, by day and name."""
    passed: tuple[str, ...]
    """Events that were only announced and whose day has come: they void nothing."""
    lapse: Lapse | None
    one_origin_short: bool
    """One more independent, direct origin that agrees would raise the status."""
    reasons: tuple[str, ...]
    reasons_nl: tuple[str, ...]

    @property
    def fragile_origin(self) -> str | None:
        """Return the first origin, by id as text, without which the status would differ."""
        return self.fragile_origins[0] if self.fragile_origins else None
