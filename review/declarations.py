"""What people declare about a country: questions, watersheds, moratoria, speakers; and whether these agree.

One fact, one TOML file, its name is its id. An operator's folder adds to the shipped files or replaces them by id.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase
from itertools import chain
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


def load(extra: Path | None = None, *, refused: list[str] | None = None) -> Declarations:
    """Read the shipped declarations and those under `extra` (which win by id); check that they agree.

    Raises DeclarationError with every disagreement, each naming file, value and remedy. With a list for `refused`, what
    is wrong with a question, a watershed or a moratorium goes there instead, and that one is left out (a shipped one of
    its id stays where the file itself cannot be read). A wrong speaker is always raised: without its card a party to
    the conflict could pass for somebody else.
    """
    roots = [SHIPPED] if extra is None else [SHIPPED, extra]

    def folders(name: str) -> list[Path]:
        return [root / name for root in roots]

    questions = Question.load_all(folders("questions"), refused=refused)
    declared = Declarations(
        questions=dict(sorted(questions.items(), key=lambda item: natural(item[0]))),
        watersheds=Watershed.load_all(folders("watersheds"), refused=refused),
        moratoria=Moratorium.load_all(folders("moratoria"), refused=refused),
        speakers=Speaker.load_all(folders("speakers")),
    )
    groups = set(GroupId) | {path.stem for folder in folders("groups") for path in folder.glob("*.toml")}
    said: list[str] = []
    # In this order: what is left out of one table, the next must do without.
    for table, check in (("questions", _wrong_questions), ("watersheds", _wrong_watersheds),
                         ("moratoria", _wrong_moratoria)):  # fmt: skip
        wrong = check(declared, groups)
        said += chain.from_iterable(wrong.values())
        sound = {id_: one for id_, one in getattr(declared, table).items() if id_ not in wrong}
        declared = declared.model_copy(update={table: sound}) if refused is not None else declared
    if said and refused is None:
        raise DeclarationError("\n".join(said))
    if refused is not None:
        refused += said
    return declared


def _unknown_group(file: str, group: str, groups: set[str]) -> str:
    return f"{file}: group {group!r} is unknown; known: {', '.join(sorted(groups))}"


def _wrong_questions(declared: Declarations, groups: set[str]) -> dict[str, list[str]]:
    """Say by id which questions are about a group that does not exist."""
    return {
        q.id: [_unknown_group(f"questions/{q.id}.toml", q.group_id, groups)]
        for q in declared.questions.values()
        if q.group_id and q.group_id not in groups
    }


def _wrong_watersheds(declared: Declarations, groups: set[str]) -> dict[str, list[str]]:
    """Say by id which watersheds name a group or a question that does not exist."""
    wrong: dict[str, list[str]] = {}
    for watershed in declared.watersheds.values():
        file = f"watersheds/{watershed.id}.toml"
        said = [_unknown_group(file, g, groups) for g in watershed.redefines_groups if g not in groups]
        try:
            declared.touched(watershed)
        except DeclarationError as error:
            said.append(f"{file}: {error}")
        if said:
            wrong[watershed.id] = said
    return wrong


def _wrong_moratoria(declared: Declarations, groups: set[str]) -> dict[str, list[str]]:
    """What each moratorium names that does not exist, or that cannot decide; only those of which there is something."""
    by_id: Mapping[str, Question] = declared.questions
    wrong: dict[str, list[str]] = {}
    for moratorium in declared.moratoria.values():
        file, problems = f"moratoria/{moratorium.id}.toml", []
        for scope in moratorium.scope:
            if scope.group not in groups:
                problems.append(_unknown_group(file, scope.group, groups))
        for wanted in moratorium.deciding_ids:
            found = by_id.get(wanted)
            if found is None:
                problems.append(f"{file}: deciding question {wanted!r} is not declared")
            elif found.group_id not in moratorium.groups_in:
                problems.append(f"{file}: {wanted!r} is about {found.group_id!r}, out of its scope")
        if problems:
            wrong[moratorium.id] = problems
    return wrong
