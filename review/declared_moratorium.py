"""The moratorium as declared: whom it covers, when it runs, which questions it waits for."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from review.declared_parts import Confidence, Country, Text
from store.declared import Closed, Declared


class Scope(Closed):
    """One group inside or outside a moratorium, with the reason its decision gives and where it stands."""

    side: Literal["in", "out"]
    group: str
    services: tuple[Literal["contract", "conscript", "mobilised", "unknown"], ...] = ()
    valid_from: date | None = None
    reason: Text
    passage: Text


class AgeText(Closed):
    """How one publication words the ages; texts differ and are kept apart."""

    wording: Text
    min_age: int
    max_age: int
    upper: Literal["inclusive", "exclusive", "unclear"]
    who: Text
    valid_from: date
    source: Text


class Period(Closed):
    """One period, first and last day both inclusive, beside the publication's own wording."""

    number: int = Field(ge=1)
    first_day: date
    last_day: date
    wording: Text
    confidence: Confidence
    other_last_day: date | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} is before first_day {self.first_day}")
        return self


class Half(Closed):
    """One of the two clocks: decisions or departures. ends_on is the last day, inclusive."""

    half: Literal["decisions", "departures"]
    legal_basis: Text
    regime: str
    ends_on: date
    max_months: int | None = Field(default=None, gt=0)
    confidence: Confidence


class MoratoriumEvent(Closed):
    """A dated step in the life of a moratorium."""

    kind: Literal[
        "decided", "published", "in_force", "extended", "extension_published", "policy_letter", "annulled", "ended"
    ]
    on: date
    confidence: Confidence
    source: Text


class Deciding(Closed):
    """A question whose gap the moratorium's own decision states, with the reason in our words (method §8)."""

    question: str
    reason: Text
    passage: Text


class Reference(Closed):
    """A publication by number and address."""

    number: Text
    title: Text
    url: Annotated[str, Field(pattern=r"^https?://")]


class Unverified(Closed):
    """A field that rests on inference, and why."""

    field: Text
    why: Text


class Moratorium(Declared):
    """A freeze on decisions and departures: whom it covers, when it runs, and which questions it waits for."""

    freezing_state: Country
    country: Country
    wording_of_gap: Text
    scope: tuple[Scope, ...] = Field(min_length=1)
    age_texts: tuple[AgeText, ...] = ()
    periods: tuple[Period, ...] = Field(min_length=1)
    halves: tuple[Half, ...] = Field(min_length=1, max_length=2)
    events: tuple[MoratoriumEvent, ...] = Field(min_length=1)
    deciding: tuple[Deciding, ...] = Field(min_length=1)
    references: tuple[Reference, ...] = Field(min_length=1)
    unverified: tuple[Unverified, ...] = ()

    @property
    def deciding_ids(self) -> tuple[str, ...]:
        """Ids of the questions that carry the moratorium's own status."""
        return tuple(item.question for item in self.deciding)

    @property
    def groups_in(self) -> tuple[str, ...]:
        """Groups in scope, each once."""
        return tuple(dict.fromkeys(item.group for item in self.scope if item.side == "in"))

    @model_validator(mode="after")
    def _periods_do_not_overlap(self) -> Self:
        for before, after in zip(self.periods, self.periods[1:], strict=False):
            if after.first_day <= before.last_day:
                raise ValueError(f"period {after.number} starts on {after.first_day}, before the one ahead of it ended")
        return self
