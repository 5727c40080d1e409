"""The numbers of the rules, read once from thresholds.toml and never written anywhere else."""

import tomllib
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path

from pydantic import ValidationError

from review.method.model import Grade
from store.declared import Closed, DeclarationError

FILE = Path(__file__).with_name("thresholds.toml")


class Threshold(Closed):
    """One number with its reason in both languages."""

    id: str
    value: int | str
    reason: str
    reason_nl: str


class _File(Closed):
    rules_version: int
    threshold: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The values by name; a name missing from the file, or one too many, is an error. Shares are exact fractions."""

    rules_version: int
    window_law_days: int
    window_settled_days: int
    window_moving_days: int
    window_fast_days: int
    window_flash_days: int
    lowest_voting_grade: Grade
    uncollected_grades_down: int
    admission_grades_up: int
    current_pass_origins: int
    current_weak_origins: int
    assessable_votes: int
    agreement_pass: Fraction
    agreement_fail: Fraction
    contradiction_steps: int
    contradictions_fail: int
    contradictions_weak: int
    owners_pass: int
    owners_weak: int
    types_pass: int
    direct_pass: int
    law_confirmations: int
    wait_days: int
    certainty_agreement: Fraction
    certainty_general: Fraction
    certainty_votes: int
    credibility_confirmed: int
    credibility_probable: int
    same_origin_containment: Fraction
    proposed_origin_containment: Fraction
    same_owner_days: int
    gate_failing_days: int
    gate_silent_intervals: int
    gate_coverage: Fraction
    gate_unread: int
    gate_double_coded: Fraction
    gate_alpha: Fraction
    gate_small_set: int
    gate_raw_agreement: Fraction


def declared(path: Path = FILE) -> tuple[int, tuple[Threshold, ...]]:
    """Return the rules version and the thresholds as written; raise DeclarationError naming the file."""
    try:
        found = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise DeclarationError(f"{path}: the thresholds are not valid: {error}") from error
    return found.rules_version, found.threshold


def load(path: Path = FILE) -> Thresholds:
    """Return the values by name; raise DeclarationError for a missing, unknown or unreadable threshold."""
    version, rows = declared(path)
    kinds = {field.name: field.type for field in fields(Thresholds)} | {"rules_version": int}
    names = [row.id for row in rows]
    wrong = set(names) ^ (set(kinds) - {"rules_version"})
    if wrong or len(names) != len(set(names)):
        raise DeclarationError(f"{path}: missing, unknown or repeated thresholds: {sorted(wrong) or names}")
    try:
        return Thresholds(rules_version=version, **{row.id: kinds[row.id](row.value) for row in rows})  # type: ignore[operator]
    except (ValueError, ZeroDivisionError) as error:
        raise DeclarationError(f"{path}: a threshold has a value that cannot be read: {error}") from error


def method_rows(language: str = "en", path: Path = FILE) -> list[tuple[str, str, str]]:
    """Return (id, value, reason) per threshold, in file order, for the method page; language is en or nl."""
    return [(row.id, str(row.value), row.reason_nl if language == "nl" else row.reason) for row in declared(path)[1]]


RULES = load()
"""The thresholds in force."""
