"""What a back-test holds: acts of the state, statuses day by day, and the one beside the other. Frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from review.method.words import Said
from store.errors import ForPeople

Verdict = Literal["not enough", "enough", "not seen"]


class BacktestError(ForPeople, LookupError):
    """There is no such moratorium, or nothing of it can be replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that the state said of the information. `group` None: of the deciding questions."""

    on: date
    kind: str
    said: Verdict
    group: str | None
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The effective statuses of one day, by question id and by group id."""

    as_of: date
    questions: Mapping[str, str]
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One act beside what the method said that day. `agrees` None: not scored."""

    act: Act
    subject: str  # a question id, or a group id
    computed: str
    agrees: bool | None
    said: Said
    reasons: tuple[str, ...]
    reasons_nl: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One moratorium from four weeks before its first act to four weeks after its last."""

    moratorium_id: str
    title: str
    title_nl: str  # "": only in English
    country: str
    basis: str
    reading: str
    deciding: tuple[str, ...]
    groups: tuple[str, ...]
    acts: tuple[Act, ...]
    points: tuple[Point, ...]
    compared: tuple[Compared, ...]

    @property
    def scored(self) -> tuple[Compared, ...]:
        """Those whose act was seen to say something of the information."""
        return tuple(one for one in self.compared if one.agrees is not None)
