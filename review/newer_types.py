"""What the page and the command show of one moratorium: the frozen list, the gap, what is newer. Frozen records."""

from dataclasses import dataclass
from datetime import date

from review.method.words import Said
from review.newer import Entry, Known
from review.standing import QuestionStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry with its grounds in words."""

    entry: Entry
    why: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What was known on the decision day, on one basis, and the verdicts of that day."""

    rows: tuple[Known, ...]
    digest: str
    status: str  # of the deciding questions; not assessed where there are none
    questions: tuple[QuestionStanding, ...]  # the deciding ones first

    @property
    def documents(self) -> int:
        """How many documents the list rests on."""
        return len({row.document_id for row in self.rows})

    @property
    def origins(self) -> int:
        """How many independent origins the list rests on."""
        return len({row.origin for row in self.rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """One moratorium, one decision day, one later day.

    `gap`: public on the decision day, and not held here then. `since`: became known after it, and neither a later act
    of the state nor a sign-off came after; `dealt`: one did.
    """

    moratorium_id: str
    title: str
    title_nl: str  # "": only in English
    country: str
    on: date
    decision: str  # the act that was decided on or before `on`, with its day
    until: date
    basis: str
    reading: str
    rules_version: str
    deciding: tuple[str, ...]
    asked: tuple[str, ...]  # every question looked at
    decisions: tuple[tuple[str, date], ...]  # every decision day known by `until`, for a choice
    frozen: Frozen
    unsearched: tuple[str, ...]  # decisive sources that were not searched in the window of a question, on `until`
    status_until: str
    now: tuple[tuple[str, str], ...]  # question id, status on `until`
    gap: tuple[Told, ...]
    since: tuple[Told, ...]
    dealt: tuple[Told, ...]
