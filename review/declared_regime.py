"""The regime as declared: the law under which a state decides on asylum claims, or lets people stay, on a lodging day.

Every value carries its article, the address where it was read, and whether it is confirmed. Nothing here is a constant.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, Self, TypeVar, get_args

from pydantic import Field, model_validator

from review import regime_rules
from review.declared_parts import Country, Text
from review.months import Span, add_span
from store.declared import Closed, Declared

ModelName = Literal["fixed_year", "until_21", "suspension"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
MOST_MONTHS = 60  # no asylum law is known that sets more than 21; a longer one is a slip of the pen


class Words(Closed):
    """A sentence that stands in the explanation, in both languages of the interface."""

    en: Text
    nl: Text


class Dated(Closed):
    """What holds for lodging days from valid_from to valid_to, both inclusive; without them, as long as the regime.

    (For departures the day on which the moratorium came into force counts instead.) A confirmed value names its source.
    """

    valid_from: date | None = None
    valid_to: date | None = None
    confirmed: bool
    source: str = Field(default="", pattern=r"^(https?://\S+)?$")
    note: Words | None = None

    def holds(self, day: date) -> bool:
        """Whether this is the value for that day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}; exchange them")
        if self.confirmed and not self.source:
            raise ValueError("confirmed = true needs the source, an address where it was read; or write false")
        return self


class Months(Dated):
    """A number of months and the article that sets it."""

    months: int = Field(gt=0, le=MOST_MONTHS)
    article: Text


class Rejected(Closed):
    """Lodging days for which courts did not accept an extension, or the state withdrew it."""

    lodged_from: date
    lodged_to: date
    source: str = Field(pattern=r"^https?://\S+$")
    note: Words

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.lodged_to < self.lodged_from:
            raise ValueError(f"lodged_to {self.lodged_to} is before lodged_from {self.lodged_from}; exchange them")
        return self


class Extension(Months):
    """Months that can come on top of the period; with `on_top_of`, only after the extension of so many months."""

    on_top_of: int | None = None
    rejected: tuple[Rejected, ...] = ()


class Model(Dated):
    """A way of counting the deadline of an application that a moratorium covers; `months` belongs to fixed_year."""

    model: ModelName
    months: int | None = Field(default=None, gt=0, le=MOST_MONTHS)
    article: Text

    @model_validator(mode="after")
    def _months_fit(self) -> Self:
        if (self.model == "fixed_year") != (self.months is not None):
            raise ValueError(f"months belongs to model 'fixed_year', which needs it; model {self.model!r}")
        return self


class DefaultModel(Closed):
    """The model that counts where nobody chooses one, and why."""

    model: ModelName
    why: Words


class Roll(Dated):
    """Whether a deadline on a weekend or holiday moves to the next working day."""

    on: bool


class Regime(Declared):
    """The law of one state, or of the Union, on one half of a moratorium: decisions or departures.

    `valid_*` say which lodging days it is for; between `certain_from` and `certain_to` that is beyond doubt, outside
    them `confirmed` of every result is false. `missing` says in words what nobody found.
    """

    title_nl: Text
    states: tuple[Country, ...] = Field(min_length=1)  # ISO 3166-1 alpha-2, and EU
    suspends: Literal["decisions", "departures"]
    legal_basis: Words
    confirmed: bool  # false: nothing that rests on this regime is confirmed
    valid_from: date | None = None
    valid_to: date | None = None
    certain_from: date | None = None
    certain_to: date | None = None
    note: Words | None = None  # why its days are not certain, or what else a reader must know
    period: tuple[Months, ...] = ()
    extensions: tuple[Extension, ...] = ()
    cap: tuple[Months, ...] = ()
    review: tuple[Months, ...] = ()
    models: tuple[Model, ...] = ()
    default_model: DefaultModel | None = None
    overdue: Dated | None = None  # that a moratorium also covers what was overdue on its first day
    roll_to_working_day: tuple[Roll, ...] = ()
    missing: Words | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if problems := list(regime_rules.problems(self)):
            raise ValueError("; ".join(problems))
        return self

    def holds(self, day: date) -> bool:
        """Whether an application lodged on that day falls under it."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def is_certain(self, day: date) -> bool:
        """Whether it is beyond doubt that the day falls under it."""
        return self.holds(day) and (self.certain_from or date.min) <= day <= (self.certain_to or date.max)


SomeDated = TypeVar("SomeDated", bound=Dated)


def on_day(values: Iterable[SomeDated], day: date) -> SomeDated | None:
    """Return the value that holds on a day; at most one can (checked when the file is read)."""
    return next((value for value in values if value.holds(day)), None)


def day_after(day: date) -> date:
    """Return the next day. Raises BeyondCalendar for the last day of the year 9999."""
    return add_span(day, Span(0, 1))


def for_state(regimes: Iterable[Regime], state: str, half: str, day: date) -> Regime | None:
    """Return the regime of a state (ISO code, or EU) on one half for a lodging day, if one is declared."""
    return next((r for r in regimes if state in r.states and r.suspends == half and r.holds(day)), None)


def states_of(regimes: Sequence[Regime]) -> tuple[str, ...]:
    """Return the states that have a regime, in alphabetical order."""
    return tuple(sorted({state for regime in regimes for state in regime.states}))
