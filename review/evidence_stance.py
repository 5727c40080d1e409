"""The parts of a stance on "are conscripts deployed?" (G1.3), and how the clauses of a passage are weighed together."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What one clause contributes."""

    YES = "yes"
    NO = "no"
    NO_CASES = "no_cases"
    PROMISE = "promise"
    LACKING = "lacking"
    CONTRARY = "contrary"
    ADMITTED = "admitted"
    DISPROVED = "disproved"
    WITHDRAWN = "withdrawn"
    SOIL = "soil"
    OTHERS = "others"
    SILENT = "silent"


class Stance(StrEnum):
    """The answer of a whole passage."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    MIXED = "mixed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A piece of a sentence, with its span in the original text and what it contributes."""

    start: int
    end: int
    finding: Finding
    recalled: bool = False  # they were sent, and the same clause says that they were withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The stance of a passage, the rule that gave it, and the clauses it rests on."""

    stance: Stance
    rule: str
    clauses: tuple[Clause, ...]

    @property
    def deciding(self) -> tuple[Clause, ...]:
        """The clauses that carry the stance, in text order."""
        return tuple(c for c in self.clauses if c.finding not in (Finding.SILENT, Finding.OTHERS))


def weigh(clauses: tuple[Clause, ...]) -> Reading:
    """Weigh the clauses: a disproved denial wins, then both sides, then one side."""
    found = {clause.finding for clause in clauses}
    yes = bool(found & {Finding.YES, Finding.CONTRARY, Finding.ADMITTED})
    no = bool(found & {Finding.NO, Finding.NO_CASES, Finding.PROMISE})
    against = no or Finding.WITHDRAWN in found or any(clause.recalled for clause in clauses)

    def reading(stance: Stance, rule: str) -> Reading:
        return Reading(stance=stance, rule=rule, clauses=clauses)

    if Finding.DISPROVED in found and Finding.LACKING not in found:
        return reading(Stance.SUPPORTS, "denial-disproved")
    if Finding.LACKING in found:
        return reading(Stance.MIXED, "both-sides" if yes and against else "information-lacking")
    if yes and against:
        return reading(Stance.MIXED, "both-sides" if no else "sent-then-withdrawn")
    if yes:
        return reading(Stance.SUPPORTS, "admitted" if Finding.ADMITTED in found else "stated")
    if found & {Finding.NO, Finding.NO_CASES}:
        return reading(Stance.REFUTES, "no-cases-found" if Finding.NO_CASES in found else "denied")
    if Finding.PROMISE in found:
        return reading(Stance.REFUTES, "promise")
    return reading(Stance.NONE, "own-soil" if Finding.SOIL in found else "silent")
