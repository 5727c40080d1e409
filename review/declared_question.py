"""The question as declared: one ordered scale, a window, a decisive flag, a version."""

from typing import Literal, Self

from pydantic import Field, model_validator

from review.declared_parts import EXTENT_VALUES, LAW_VALUES, SUBGROUPS, Country, Element, Scale, SourceType, Text
from store.declared import Closed, Declared


class Wording(Closed):
    """The question in the languages of the interface."""

    en: Text
    nl: Text


class Question(Declared):
    """One answerable question on one ordered scale (method §1). Without a group it informs and does not decide."""

    group_id: str | None = None
    set: str
    country: Country
    elements: tuple[Element, ...] = Field(min_length=1)
    wording: Wording
    scale: Scale
    values: tuple[str, ...] = ()
    unit: str | None = None
    means: dict[str, str] = Field(default_factory=dict)
    opposites: tuple[tuple[str, str], ...] = ()
    volatility: Literal["V1", "V2", "V3", "V4"]
    window_days: int = Field(gt=0, le=1830)
    window_reason: Text
    decisive: bool
    priority: bool
    subgroups: tuple[str, ...] = ()
    version: int = Field(ge=1)
    known_gap: bool = False
    search_in: tuple[SourceType, ...] = Field(min_length=1)
    examples_in: tuple[str, ...] = Field(min_length=1)
    examples_out: tuple[str, ...] = Field(min_length=1)

    @property
    def scale_values(self) -> tuple[str, ...]:
        """The answers that vote, lowest first."""
        if self.scale is Scale.LAW:
            return LAW_VALUES
        return self.values if self.scale is Scale.NUMBER else EXTENT_VALUES

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.scale is Scale.NUMBER) != bool(self.values and self.unit):
            raise ValueError("values (the bands) and unit belong to scale 'number', and only there")
        unknown = [
            v for v in (*self.means, *(v for pair in self.opposites for v in pair)) if v not in self.scale_values
        ]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not on the scale {self.scale_values}")
        if strangers := [letter for letter in self.subgroups if letter not in SUBGROUPS]:
            raise ValueError(f"sub-group {strangers[0]!r} is unknown; known: {', '.join(SUBGROUPS)}")
        return self
