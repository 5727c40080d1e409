"""A declared case in JSON, judged without a database: how scripts, and a policy officer's "what if", use the method.

Beyond the fields of the interface a scenario may use these, all optional: top level `basis`, `known_gap`,
`full_coverage`, `reporting_bias`; question `kind`, `opposite`; watersheds `title`, `announced`; sources
`regular_mandate`; evidence `whole_period`, `ongoing`, `published_certain`, `no_change_to`, `neighbour`, `promise`,
`merge_proposed`, `known_on`, `official_text`, `verified_on`; contradictions `decided_on`. Their meaning stands at the
same names in model.py. Any other field is an error.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from review.method import resolving
from review.method.chains import followed
from review.method.check import check, on_scale
from review.method.judge import judge
from review.method.model import Case, CaseError, Evidence, Question, Resolution, Source, Watershed
from review.method.outcome import Outcome
from review.method.scenario_check import problems as row_problems
from review.method.scenario_file import (
    ContradictionFile,
    EvidenceFile,
    QuestionFile,
    ScenarioFile,
    SourceFile,
    WatershedFile,
)
from store.declared import Closed
from store.errors import ForPeople

HELP = "docs/scenario.md lists every field, docs/examples/scenario.json is one that runs"


class ScenarioError(ForPeople, ValueError):
    """A scenario cannot be judged. The message names file, field, value and what would be right."""


def run(scenario: Path | str | Mapping[str, Any], *, name: str = "scenario") -> dict[str, Any]:
    """Judge a scenario (a file, or its parsed content) and return the interface's answer, ready for JSON.

    Raise ScenarioError naming file, field and value; `name` stands for the file when content is given.
    """
    return answer(judge(read(scenario, name=name)))


def read(scenario: Path | str | Mapping[str, Any], *, name: str = "scenario") -> Case:
    """Return the case of a scenario file or of its parsed content; raise ScenarioError."""
    if isinstance(scenario, Mapping):
        content: object = scenario
    else:
        name, content = str(scenario), _parsed(Path(scenario))
    if not isinstance(content, Mapping):
        raise ScenarioError(f"{name}: a scenario is one JSON object, not {type(content).__name__}; {HELP}")
    try:
        found = ScenarioFile.model_validate(content)
    except ValidationError as error:
        problems = "\n".join(f"  {_say(item, content)}" for item in error.errors())
        raise ScenarioError(f"{name}: this scenario is not valid; {HELP}\n{problems}") from error
    _check_sides(found, name)
    if wrong := list(row_problems(found, today=datetime.now(UTC).date())):
        raise ScenarioError("\n".join(f"{name}: {one}" for one in wrong))
    case = _case(found)
    try:
        # Refuse here, with the file's name, what judge would refuse without it.
        check(case)
    except CaseError as error:
        raise ScenarioError(f"{name}: {error}") from error
    rows, cards = {row.id: row for row in case.evidence}, {card.id: card for card in case.sources}
    for place, resolution in enumerate(case.resolutions):
        for field, why in resolving.problems(resolution, rows, cards, case.basis):
            raise ScenarioError(f"{name}: field 'contradictions.{place}.{field}': {why}")
    return case


def answer(outcome: Outcome) -> dict[str, Any]:
    """Return the interface's JSON of an outcome."""
    tests = {"current": outcome.current, "unambiguous": outcome.unambiguous, "reliable": outcome.reliable}
    return {
        **{name: {"result": test.result.value, "reason": test.reason} for name, test in tests.items()},
        "status": outcome.status.value,
        "effective": outcome.effective.value,
        "certainty": outcome.certainty.value,
        "fragile": outcome.fragile,
        "fragile_origin": outcome.fragile_origin,
        "stale_on": outcome.stale_on.isoformat() if outcome.stale_on else None,
        "agreement": outcome.agreement,
        "origins": outcome.origins,
        "items": outcome.items,
    }


def _parsed(path: Path) -> object:
    """Read JSON; a key written twice is refused, since only one of the two could count."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(one for one in names if names.count(one) > 1)
            raise ScenarioError(f"{path}: field {twice!r} is written twice in one object; keep one")
        return found

    try:
        return json.loads(path.read_text("utf-8"), object_pairs_hook=once)
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}; name a JSON file") from error
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ScenarioError(f"{path}: not readable as JSON in UTF-8: {error}") from error


def _case(found: ScenarioFile) -> Case:
    """Turn what was declared into the frozen rows of the rules."""
    question = Question(**dict(found.question))
    return Case(
        as_of=found.as_of,
        reading=found.reading,
        question=question,
        sources=tuple(Source(**dict(row)) for row in found.sources),
        evidence=followed([Evidence(**dict(row)) for row in found.evidence], on_scale(question)),
        watersheds=tuple(Watershed(**dict(row)) for row in found.watersheds),
        resolutions=tuple(Resolution(**dict(row)) for row in found.contradictions),
        gates_closed=frozenset(found.gates_closed),
        basis=found.basis,
        known_gap=found.known_gap,
        full_coverage=found.full_coverage,
        reporting_bias=found.reporting_bias,
    )


def _check_sides(found: ScenarioFile, name: str) -> None:
    """Refuse a contradiction that names evidence which is not there, or the same on both sides."""
    ids = {row.id for row in found.evidence}
    for place, row in enumerate(found.contradictions):
        for side, names in (("a", row.a), ("b", row.b)):
            for one in names:
                if one not in ids:
                    where = f"contradictions.{place}.{side}"
                    raise ScenarioError(f"{name}: field {where!r}: no evidence has the id {one!r}; correct it")
        if both := sorted(set(row.a) & set(row.b)):
            raise ScenarioError(f"{name}: field 'contradictions.{place}': {both[0]!r} stands on both sides; keep one")


def _say(item: ErrorDetails, content: object) -> str:
    """Say one error as field, what is wrong, value; and the row's own id, where it has one."""
    field = ".".join(str(part) for part in item["loc"]) or "(whole file)"
    owner = _row_id(content, item["loc"])
    where = f"field {field!r}" + (f" (id {owner!r})" if owner else "")
    if item["type"] == "extra_forbidden":
        valid = ", ".join(sorted(_fields(item["loc"])))
        return f"{where}: unknown field (value: {item['input']!r}); valid here: {valid}"
    if item["type"] == "missing":
        return f"{where}: missing; write it"
    return f"{where}: {item['msg']} (value: {item['input']!r})"


def _row_id(content: object, loc: tuple[int | str, ...]) -> str | None:
    """Return the id of the row that an error lies in."""
    if len(loc) < 2 or not isinstance(content, Mapping) or not isinstance(loc[1], int):
        return None
    row = content[loc[0]][loc[1]]
    return str(row["id"]) if isinstance(row, Mapping) and "id" in row else None


def _fields(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Return the field names that are valid where an unknown one stands."""
    models: dict[str, type[Closed]] = {
        "question": QuestionFile,
        "sources": SourceFile,
        "evidence": EvidenceFile,
        "watersheds": WatershedFile,
        "contradictions": ContradictionFile,
    }
    return tuple(models.get(str(loc[0]), ScenarioFile).model_fields if len(loc) > 1 else ScenarioFile.model_fields)
