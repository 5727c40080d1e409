"""An awaited publication as a person declares it: one file in crawler/expected (or $COI_HOME/declared/expected)."""

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from store.declared import DeclarationError, Declared
from store.expected import Expectation, compiled

SHIPPED = Path(__file__).parent / "expected"
DECLARATION = "declaration"  # who awaits what a file declares


class Expected(Declared):
    """A report that was announced for a time: what its title will say, and who announced it where."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2, the country it is about
    sources: tuple[str, ...] = ()  # ids of the sources it may come through; empty: any
    pattern: str  # regular expression, searched in titles, case ignored
    first_day: date  # the window in which it is awaited; both days belong to it
    last_day: date
    reason: str = Field(min_length=10)
    reference: str = ""
    came_on: date | None = None  # the day it came out, once that is known: it is then awaited no more, held or not

    @field_validator("pattern")
    @classmethod
    def a_pattern(cls, value: str) -> str:
        """A pattern is a regular expression that does not fit everything."""
        try:
            compiled(value)
        except DeclarationError as error:
            raise ValueError(str(error)) from error
        return value

    @model_validator(mode="after")
    def days_in_order(self) -> Self:
        """The window begins before it ends."""
        if self.last_day < self.first_day:
            raise ValueError(f"the window ends on {self.last_day}, before its first day {self.first_day}")
        return self

    @property
    def expectation(self) -> Expectation:
        """The declaration as the store keeps it."""
        return Expectation(
            key=self.id,
            title=self.title,
            country=self.country,
            sources=self.sources,
            pattern=self.pattern,
            first_day=self.first_day.isoformat(),
            last_day=self.last_day.isoformat(),
            reason=self.reason,
            reference=self.reference,
            came_on=self.came_on.isoformat() if self.came_on else None,
        )


def load_expected(extra: Iterable[Path], known_sources: Collection[str]) -> dict[str, Expected]:
    """Every shipped expectation plus those of the operator's folders, by id.

    Raises DeclarationError where one is broken or names a source that is not declared.
    """
    found = Expected.load_all([SHIPPED, *extra])
    wrong = [
        f"{one.id}.toml: sources: no source {name!r} is declared; 'coi sources list' names them all"
        for one in found.values()
        for name in one.sources
        if name not in known_sources
    ]
    if wrong:
        raise DeclarationError("\n".join(wrong))
    return found
