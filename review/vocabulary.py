"""What people declare about words: groups, topics and shared word classes in TOML, expanded into surface forms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from review.matching import Ruling
from review.notation import Endings, check_class, expand, shown
from store.declared import Closed, DeclarationError, Declared

HERE = Path(__file__).parent
LANGUAGES = ("en", "nl", "ru", "uk", "de", "fr")

Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Words(Closed):
    """Terms of one word class by language; `all` holds what is written the same in every language."""

    en: tuple[Term, ...] = ()
    nl: tuple[Term, ...] = ()
    ru: tuple[Term, ...] = ()
    uk: tuple[Term, ...] = ()
    de: tuple[Term, ...] = ()
    fr: tuple[Term, ...] = ()
    all: tuple[Term, ...] = ()

    def of(self, lang: str) -> tuple[str, ...]:
        """Return the terms that hold in one of LANGUAGES."""
        own: tuple[str, ...] = getattr(self, lang)
        return own + self.all


class Rule(Closed):
    """One reason for a tag: a word of `any`, with a word of each class of `near` within so many characters.

    A class name with bars (`unit|front`) is met by any of them. A word of `unless` within `unless_within`
    characters undoes it. `order` asks that the near words come before or after the head.
    """

    id: str
    any: tuple[str, ...] = Field(min_length=1)
    near: tuple[str, ...] = ()
    within: int = Field(default=100, ge=1, le=2000)
    order: Literal["any", "before", "after"] = "any"
    unless: tuple[str, ...] = ()
    unless_within: int = Field(default=60, ge=0, le=2000)
    score: float = Field(default=0.8, gt=0, le=1)

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        if undone := sorted({name for entry in self.unless for name in entry.split("|")} & set(self.any)):
            raise ValueError(f"rule {self.id!r}: 'unless' names {undone[0]!r} as 'any' does, so it could never hold")
        return self

    def names(self) -> Iterator[str]:
        """Yield every class name that the rule refers to."""
        for entry in self.any + self.near + self.unless:
            yield from entry.split("|")


class Implication(Closed):
    """Where this group is found, `group` is found too, unless one of `unless` is."""

    group: str
    unless: tuple[str, ...] = ()


class Group(Declared):
    """A target group: what it is, what it is not, its words and the rules that use them."""

    title_nl: str
    definition: str
    definition_nl: str
    is_not: str = Field(alias="not")
    version: int = Field(ge=1)
    words: dict[str, Words] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    look_alikes: tuple[str, ...] = ()
    source_is_not_subject: bool = False
    membership_can_be_denied: bool = True
    implies: tuple[Implication, ...] = ()

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not self.rules:
            raise ValueError("a group without a rule can never be found; write at least one [[rules]]")
        return self


class Topic(Declared):
    """A topic of a passage; the one whose rules weigh most wins, `other` where none fires."""

    definition: str
    words: dict[str, Words] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


class Lexicon(Declared):
    """Word classes that more than one group, topic or country uses."""

    words: dict[str, Words]


class Paradigms(Declared):
    """Named lists of endings per language: what a Russian noun of a kind can end in."""

    endings: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything declared, checked against each other; `classes` holds all words under their full names."""

    groups: Mapping[str, Group]
    topics: Mapping[str, Topic]
    classes: Mapping[str, Words]
    endings: Mapping[str, Endings]

    def resolve(self, owner: str, name: str) -> str:
        """Return the full name of a class that a rule of `owner` calls `name`; raise if nothing is called so."""
        for candidate in (f"{owner}.{name}", name):
            if candidate in self.classes:
                return candidate
        own = [full.removeprefix(f"{owner}.") for full in self.classes]
        close = get_close_matches(name, own, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise DeclarationError(f"{owner}.toml: no word class is called {name!r}.{hint}")

    def rulings(self, owner: Group | Topic) -> tuple[Ruling, ...]:
        """Return the rules of a group or topic with full class names, the weightiest first."""

        def full(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(self.resolve(owner.id, name) for name in names)

        rulings = [
            Ruling(
                id=rule.id,
                any=full(rule.any),
                near=tuple(full(entry.split("|")) for entry in rule.near),
                within=rule.within,
                order=rule.order,
                unless=full(rule.unless),
                unless_within=rule.unless_within,
                score=rule.score,
            )
            for rule in owner.rules
        ]
        return tuple(sorted(rulings, key=lambda ruling: -ruling.score))

    def forms(self, lang: str) -> dict[str, tuple[str, ...]]:
        """Return every surface form of a language as a pattern of folded text, with the classes it belongs to."""
        found: dict[str, dict[str, None]] = {}
        for name, words in self.classes.items():
            for term in words.of(lang):
                for pattern in expand(term, self.endings.get(lang, {}), f"word class {name!r}, term {shown(term)}"):
                    found.setdefault(pattern, {})[name] = None
        return {pattern: tuple(names) for pattern, names in found.items()}


def load_groups(extra_folders: Iterable[Path] = ()) -> dict[str, Group]:
    """Read the shipped groups and an operator's; a later folder replaces a group of the same id."""
    return Group.load_all([HERE / "groups", *extra_folders])


def load_vocabulary(extra_folders: Iterable[Path] = ()) -> Vocabulary:
    """Read groups, topics, word classes and paradigms, and check every reference; raise DeclarationError."""
    groups = load_groups(extra_folders)
    topics = Topic.load_all([HERE / "topics"])
    paradigms = Paradigms.load(HERE / "words" / "forms" / "paradigms.toml")
    classes: dict[str, Words] = {}
    for lexicon in Lexicon.load_all([HERE / "words"]).values():
        for name, words in lexicon.words.items():
            if name in classes:
                raise DeclarationError(f"{lexicon.id}.toml: the word class {name!r} is declared in two files")
            classes[name] = words
    owners: list[Group | Topic] = [*groups.values(), *topics.values()]
    for owner in owners:
        classes |= {f"{owner.id}.{name}": words for name, words in owner.words.items()}
    vocabulary = Vocabulary(groups=groups, topics=topics, classes=classes, endings=paradigms.endings)
    _check_references(vocabulary)
    return vocabulary


def _check_references(vocabulary: Vocabulary) -> None:
    owners: list[Group | Topic] = [*vocabulary.groups.values(), *vocabulary.topics.values()]
    for owner in owners:
        for rule in owner.rules:
            for name in rule.names():
                vocabulary.resolve(owner.id, name)
    for group in vocabulary.groups.values():
        for name in group.look_alikes:
            vocabulary.resolve(group.id, name)
        named = [item.group for item in group.implies] + [other for item in group.implies for other in item.unless]
        if group.id in named:
            raise DeclarationError(f"{group.id}.toml: field 'implies': a group cannot imply or exclude itself")
        for other in named:
            if other not in vocabulary.groups:
                valid = ", ".join(sorted(vocabulary.groups))
                raise DeclarationError(f"{group.id}.toml: field 'implies': no group {other!r}; valid: {valid}")


def check_vocabulary(vocabulary: Vocabulary, owners: Iterable[str] | None = None) -> None:
    """Expand every class of the groups and topics named (all classes if None) in every language.

    Raise DeclarationError for the first term that is empty, overlapping or not well written.
    """
    wanted = None if owners is None else tuple(f"{owner}." for owner in owners)
    for name, words in vocabulary.classes.items():
        if wanted is None or name.startswith(wanted):
            for lang in LANGUAGES:
                check_class(name, lang, words.of(lang), vocabulary.endings.get(lang, {}))
