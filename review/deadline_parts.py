"""What a deadline is computed from, and what comes out: the application, the freeze, the outcome, the steps so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from review.declared_regime import ModelName, Words
from store.errors import ForPeople

Roll = Callable[[date], date]
"""Moves a day that is no working day to the next one; others stay (review.working_days)."""


class DeadlineError(ForPeople, ValueError):
    """No deadline can be computed from this; the message names value and remedy, `nl` the same in Dutch."""

    def __init__(self, en: str, nl: str = "") -> None:
        super().__init__(en)
        self.nl = nl or en


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One application. `extended`: the extensions that hold for it, in months. Without `decided` it is pending."""

    lodged: date
    decided: date | None = None
    extended: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """The decision half of a moratorium, both days inclusive; last_day None: no end was published.

    `provisional`: the end is a planned one. `annulled`: it ran until the judgment, and a person must look at it.
    """

    first_day: date
    last_day: date | None
    provisional: bool = False
    annulled: bool = False

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise DeadlineError(
                f"the period ends on {self.last_day}, before it begins on {self.first_day}; exchange the two days",
                f"de periode eindigt op {self.last_day}, vóór het begin op {self.first_day}; verwissel de twee dagen",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What no moratorium takes away from a claim (base), and what none goes beyond (hard cap)."""

    base: date
    hard_cap: date


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a result rests on, and the address at which it was read ("": at none)."""

    name: str
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The outcome. `base` <= `deadline` <= `hard_cap`. `by_model` holds what each declared model gives.

    `provisional`: the moratorium still runs, so the day can change. `unconfirmed` says what is not confirmed, and why.
    """

    regime: str
    base: date
    deadline: date
    hard_cap: date
    model: ModelName
    covered: bool
    provisional: bool
    by_model: dict[ModelName, date]
    steps: tuple[Words, ...]
    unconfirmed: tuple[Words, ...]
    rests_on: tuple[Rule, ...]

    @property
    def confirmed(self) -> bool:
        """Whether every rule that the deadline rests on was read at its source."""
        return not self.unconfirmed


@dataclass(slots=True)
class Log:
    """The steps as they are taken, and what among them is not confirmed."""

    steps: list[Words] = field(default_factory=list)
    unconfirmed: list[Words] = field(default_factory=list)
    rests_on: list[Rule] = field(default_factory=list)

    def say(self, step: Words) -> None:
        self.steps.append(step)

    def doubt(self, why: Words) -> None:
        if why not in self.unconfirmed:
            self.unconfirmed.append(why)
