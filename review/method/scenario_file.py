"""What a scenario file may say, field by field: closed, so that a misspelt key is an error and not a default."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StrictStr

from review.method.dating import last_day
from review.method.model import Basis, Decision, Directness, Gate, Grade, Kind, Reading, Resolved, Side, SourceType
from store.declared import Closed


def _last(value: object) -> object:
    """Read a date, or a month as its last day."""
    if isinstance(value, str):
        return last_day(value)
    raise ValueError("write a date as text, YYYY-MM-DD or YYYY-MM")


def _first(value: object) -> object:
    """Read a date, or a month as its first day: where facts begin."""
    found = _last(value)
    return found.replace(day=1) if isinstance(value, str) and len(value) == 7 and isinstance(found, date) else found


def _whole(value: object) -> object:
    """Read a date that must name its day."""
    if isinstance(value, str) and len(value) == 10:
        return last_day(value)
    raise ValueError("write a full date, YYYY-MM-DD")


LastDay = Annotated[date, BeforeValidator(_last)]
FirstDay = Annotated[date, BeforeValidator(_first)]
WholeDay = Annotated[date, BeforeValidator(_whole)]
Name = Annotated[StrictStr, Field(min_length=1)]


class QuestionFile(Closed):
    id: Name
    scale: tuple[Name, ...]
    window_days: Annotated[StrictInt, Field(ge=1)]
    kind: Kind = Kind.EXTENT
    opposite: tuple[tuple[Name, Name], ...] = ()


class WatershedFile(Closed):
    on: WholeDay
    title: StrictStr = ""
    announced: StrictBool = False


class SourceFile(Closed):
    id: Name
    grade: Grade
    type: SourceType
    owner: Name
    party: StrictBool
    regular_mandate: StrictBool = False


class EvidenceFile(Closed):
    id: Name
    source: Name
    origin: Name | None
    answer: Name
    published_on: LastDay
    directness: Directness
    decision: Decision
    facts_from: FirstDay | None = None
    facts_to: LastDay | None = None
    period_to: LastDay | None = None
    whole_period: StrictBool = False
    ongoing: StrictBool = False
    published_certain: StrictBool = True
    no_change_to: LastDay | None = None
    place: Name | None = None
    subgroup: Name | None = None
    against_interest: StrictBool = False
    neighbour: StrictBool = False
    promise: StrictBool = False
    merge_proposed: Name | None = None
    known_on: WholeDay | None = None
    official_text: StrictBool = False
    verified_on: WholeDay | None = None


class ContradictionFile(Closed):
    a: tuple[Name, ...]
    b: tuple[Name, ...]
    resolution: Resolved | None = None
    side: Side | None = None
    decided_on: WholeDay | None = None


class ScenarioFile(Closed):
    as_of: WholeDay
    reading: Reading
    question: QuestionFile
    sources: tuple[SourceFile, ...]
    evidence: tuple[EvidenceFile, ...]
    watersheds: tuple[WatershedFile, ...] = ()
    contradictions: tuple[ContradictionFile, ...] = ()
    gates_closed: tuple[Gate, ...] = ()
    basis: Basis = Basis.PUBLIC
    known_gap: StrictBool = False
    full_coverage: StrictBool = False
    reporting_bias: StrictBool = False
