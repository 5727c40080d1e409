"""The moratorium as declared: whom it covers, when it runs, which questions it waits for, and how sure each part is."""

import calendar
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from review import moratorium_rules
from review.declared_parts import Confidence, Country, Text
from review.moratorium_clock import End
from store.declared import Closed, Declared

HalfName = Literal["decisions", "departures"]
Precision = Literal["day", "month", "by"]  # by: on this day at the latest, the day itself was not seen


def _last_of_month(value: Any) -> Any:  # noqa: ANN401  what TOML gave: a date, or a text
    """A month alone ("2006-07") stands for its last day (method §1)."""
    if isinstance(value, str) and len(value) == len("2006-07"):
        year, month = int(value[:4]), int(value[5:])
        return date(year, month, calendar.monthrange(year, month)[1])
    return value


Day = Annotated[date, BeforeValidator(_last_of_month)]


class Scope(Closed):
    """One group inside or outside a moratorium, with the reason its decision gives and where it stands."""

    side: Literal["in", "out"]
    group: str
    services: tuple[Literal["contract", "conscript", "mobilised", "unknown"], ...] = ()
    valid_from: date | None = None
    reason: Text
    passage: Text


class GroupVersion(Closed):
    """How one text words the group's bounds. Texts differ and are kept apart; a version without a day is refused.

    `by` law: the country of origin moved the bound, whatever the decision says.
    """

    version: int = Field(ge=1)
    wording: Text
    min_age: int | None = None
    max_age: int | None = None
    upper: Literal["inclusive", "exclusive", "unclear"] | None = None
    who: Text
    valid_from: date
    by: Literal["decision", "notice", "law"] = "decision"
    source: Text

    @model_validator(mode="before")
    @classmethod
    def _has_a_day(cls, given: Any) -> Any:  # noqa: ANN401  the table as TOML gave it
        if isinstance(given, dict) and not given.get("valid_from"):
            raise ValueError(
                f"group version {given.get('version', '?')} ({given.get('wording', 'no wording')!r}) has no "
                "valid_from; write the first day on which it applied"
            )
        return given


class Period(Closed):
    """One period, first and last day both inclusive, beside the publication's own wording.

    `stated_end` is the end as the publication names it ("to 29 December"), which may be the day after the last one.
    first_day None: not seen. last_day None: no end was set.
    """

    number: int = Field(ge=1)
    half: HalfName | None = None  # None: both
    first_day: date | None = None
    last_day: Day | None = None
    stated_end: Day | None = None
    precision: Precision = "day"
    wording: Text
    confidence: Confidence
    note: str | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"period {self.number}: last_day {self.last_day} is before first_day {self.first_day}")
        return self


class Half(Closed):
    """One of the two clocks: decisions or departures. first_day and ends_on are inclusive.

    regime None: no statutory period moves (an informal pause). `end`: see review.moratorium_clock.read.
    """

    half: HalfName
    legal_basis: Text
    regime: str | None = None
    first_day: date | None = None
    ends_on: Day | None = None
    stated_end: Day | None = None
    end: End = "seen"
    end_after: date | None = None
    max_months: int | None = Field(default=None, gt=0)
    confidence: Confidence


class MoratoriumEvent(Closed):
    """A dated step in the life of a moratorium.

    `known_on`: the day from which the public could know of it, where that is later. `period`: the number of the period
    that it opens. `late`: why an extension counts although the period before had run out.
    """

    kind: Literal[
        "announced", "decided", "published", "in_force", "paused", "extended", "extension_published", "policy_letter",
        "judgment", "annulled", "ended", "revived",
    ]  # fmt: skip
    on: Day
    precision: Precision = "day"
    known_on: date | None = None
    half: HalfName | None = None
    period: int | None = None
    stated_end: Day | None = None
    late: str | None = None
    confidence: Confidence
    source: Text

    @property
    def known(self) -> date:
        """The day from which the public could know of it."""
        return self.known_on or self.on


class Deciding(Closed):
    """A question whose gap the moratorium's own decision states, with the reason in our words (method §8)."""

    question: str
    reason: Text
    passage: Text


class Reference(Closed):
    """A publication by number, address, or both."""

    title: Text
    number: str = ""
    url: Annotated[str, Field(pattern=r"^(https?://.+)?$")] = ""

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.number or self.url):
            raise ValueError(f"reference {self.title!r} has neither a number nor a url")
        return self


class Unverified(Closed):
    """A field that nobody read in a publication: inferred from others, or not verified at all; and why."""

    field: moratorium_rules.FieldName
    confidence: Literal["inferred", "unverified"]
    why: Text


class Moratorium(Declared):
    """A freeze on decisions and departures: whom it covers, when it runs, and which questions it waits for."""

    freezing_state: Country
    country: Country
    origin: Text  # the country or part of it as the publications name it
    group: Text  # who is covered, in our words
    title_nl: str = ""  # "": no Dutch was written; the English stands, marked as English
    group_nl: str = ""
    exclusions: tuple[Text, ...] = ()
    wording_of_gap: str = ""  # "": not seen
    planned_months: int | None = Field(default=None, gt=0)
    planned_end: Day | None = None  # where what is planned is known from a later text than the first period's
    planned_said: str = ""
    planned_known_on: date | None = None  # the day from which the three could be known; None: from the start
    end_mode: Text
    ended_by: str = ""  # the information or event that ended it; "": not seen
    checked: Literal["verified", "unverified"] = "verified"  # whether the facts were read at the addresses below
    scope: tuple[Scope, ...] = ()
    group_versions: tuple[GroupVersion, ...] = ()
    periods: tuple[Period, ...] = ()
    halves: tuple[Half, ...] = Field(min_length=1, max_length=2)
    events: tuple[MoratoriumEvent, ...] = Field(min_length=1)
    deciding: tuple[Deciding, ...] = ()
    references: tuple[Reference, ...] = Field(min_length=1)
    unverified: tuple[Unverified, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def deciding_ids(self) -> tuple[str, ...]:
        """Ids of the questions that carry the moratorium's own status."""
        return tuple(item.question for item in self.deciding)

    @property
    def groups_in(self) -> tuple[str, ...]:
        """Groups in scope, each once."""
        return tuple(dict.fromkeys(item.group for item in self.scope if item.side == "in"))

    @property
    def planned_expiry(self) -> date | None:
        """The planned end: as a later text describes it, else as the first period's own publication names it."""
        if self.planned_end:
            return self.planned_end
        first = next(iter(self.periods), None)
        return (first.stated_end or first.last_day) if first else None

    def confidence_of(self) -> dict[str, str | None]:
        """How sure each field is: verified, inferred, unverified; None where nothing is known of it."""
        return moratorium_rules.confidence_of(self)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if problems := list(moratorium_rules.problems(self)):
            raise ValueError("; ".join(problems))
        return self
