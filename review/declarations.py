"""What people declare about a country: questions, watersheds, moratoria, speakers; and whether these agree.

One fact, one TOML file, its name is its id. An operator's folder adds to the shipped files or replaces them by id.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from pydantic import Field

from review.declared_moratorium import Deciding, Half, Moratorium, MoratoriumEvent, Period, Scope
from review.declared_parts import OFF_SCALE, SUBGROUPS, Country, GroupId, Scale, SourceType, Text
from review.declared_question import Question
from store.declared import Closed, DeclarationError, Declared

__all__ = [
    "OFF_SCALE",
    "SUBGROUPS",
    "Deciding",
    "Declarations",
    "GroupId",
    "Half",
    "Moratorium",
    "MoratoriumEvent",
    "Period",
    "Question",
    "Scale",
    "Scope",
    "Speaker",
    "Watershed",
    "expand",
    "load",
    "natural",
]

SHIPPED = Path(__file__).parent


class Watershed(Declared):
    """A dated event after which older evidence on the questions it lists is background (method §1).

    effect "announcement" is shown by name and voids nothing. Patterns: "G5.*"; "G1.7" also means G1.7a and G1.7b.
    """

    country: Country
    on: date
    announced_on: date | None = None
    effect: Literal["watershed", "announcement"]
    confirmed: bool
    questions: tuple[str, ...] = Field(min_length=1)
    extent_questions_of: tuple[str, ...] = ()
    redefines_groups: tuple[str, ...] = ()
    why: Text
    source: Text


class Names(Closed):
    """Name patterns by language: words, "*" for any ending, "|" between alternatives."""

    en: tuple[str, ...]
    nl: tuple[str, ...]
    ru: tuple[str, ...]
    uk: tuple[str, ...]
    de: tuple[str, ...]
    fr: tuple[str, ...]


class Speaker(Declared):
    """An official voice that others quote: the card of a well-spring that is not collected itself (method §1)."""

    kind: SourceType
    country: Country
    owner: str
    grade: Literal["A", "B", "C", "D", "E", "F"]
    grade_reason: Text
    names: Names

    @property
    def is_party(self) -> bool:
        """Whether the speaker is a party to the conflict."""
        return self.kind == "party_to_the_conflict"


class Declarations(Closed):
    """Everything declared, by id, checked against each other."""

    questions: dict[str, Question]
    watersheds: dict[str, Watershed]
    moratoria: dict[str, Moratorium]
    speakers: dict[str, Speaker]

    def touched(self, watershed: Watershed) -> tuple[str, ...]:
        """Ids of the questions that this event lists, patterns expanded, in natural order."""
        extent = {i for i, q in self.questions.items() if q.scale in (Scale.EXTENT, Scale.PRACTICE)}
        found = expand(watershed.questions, self.questions)
        found |= expand(watershed.extent_questions_of, extent) if watershed.extent_questions_of else frozenset()
        return tuple(sorted(found, key=natural))

    def watersheds_of(self, question_id: str) -> tuple[Watershed, ...]:
        """Events that touch this question, by date; announcements included (see `effect`)."""
        found = [w for w in self.watersheds.values() if question_id in self.touched(w)]
        return tuple(sorted(found, key=lambda w: (w.on, w.id)))


def natural(question_id: str) -> tuple[str, int, str]:
    """Sort key that puts G1.9 before G1.10."""
    head, _, tail = question_id.partition(".")
    digits = "".join(c for c in tail if c.isdigit())
    return head, int(digits) if digits else 1000, tail


def expand(patterns: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """Return the known question ids that the patterns name; raise DeclarationError for one that names none."""
    ids = sorted(known)
    found: set[str] = set()
    for pattern in patterns:
        hits = {i for i in ids if i in (pattern, pattern + "a", pattern + "b") or fnmatchcase(i, pattern)}
        if not hits:
            raise DeclarationError(f"{pattern!r} names no declared question; an id is written like G1.3 or G5.*")
        found |= hits
    return frozenset(found)


def load(extra: Path | None = None) -> Declarations:
    """Read the shipped declarations and those under `extra` (which win by id); check that they agree.

    Raises DeclarationError with every disagreement, each naming file, value and remedy.
    """
    roots = [SHIPPED] if extra is None else [SHIPPED, extra]

    def folders(name: str) -> list[Path]:
        return [root / name for root in roots]

    declared = Declarations(
        questions=dict(sorted(Question.load_all(folders("questions")).items(), key=lambda item: natural(item[0]))),
        watersheds=Watershed.load_all(folders("watersheds")),
        moratoria=Moratorium.load_all(folders("moratoria")),
        speakers=Speaker.load_all(folders("speakers")),
    )
    groups = set(GroupId) | {path.stem for folder in folders("groups") for path in folder.glob("*.toml")}
    if problems := [*_wrong_groups(declared, groups), *_wrong_questions(declared)]:
        raise DeclarationError("\n".join(problems))
    return declared


def _wrong_groups(declared: Declarations, groups: set[str]) -> list[str]:
    """Say which declarations name a group that does not exist."""
    named: list[tuple[str, str]] = [
        (f"questions/{q.id}", q.group_id) for q in declared.questions.values() if q.group_id
    ]
    named += [(f"watersheds/{w.id}", g) for w in declared.watersheds.values() for g in w.redefines_groups]
    named += [(f"moratoria/{m.id}", s.group) for m in declared.moratoria.values() for s in m.scope]
    return [
        f"{file}.toml: group {g!r} is unknown; known: {', '.join(sorted(groups))}"
        for file, g in named
        if g not in groups
    ]


def _wrong_questions(declared: Declarations) -> list[str]:
    """Say which watersheds and moratoria name a question that does not exist, or that cannot decide."""
    problems = []
    for watershed in declared.watersheds.values():
        try:
            declared.touched(watershed)
        except DeclarationError as error:
            problems.append(f"watersheds/{watershed.id}.toml: {error}")
    by_id: Mapping[str, Question] = declared.questions
    for moratorium in declared.moratoria.values():
        for wanted in moratorium.deciding_ids:
            found = by_id.get(wanted)
            if found is None:
                problems.append(f"moratoria/{moratorium.id}.toml: deciding question {wanted!r} is not declared")
            elif found.group_id not in moratorium.groups_in:
                problems.append(
                    f"moratoria/{moratorium.id}.toml: {wanted!r} is about {found.group_id!r}, out of its scope"
                )
    return problems
