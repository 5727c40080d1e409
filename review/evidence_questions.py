"""The cue files of the questions: which words answer a question, and how, declared one file a question.

A condition is terms joined by " & ", all of which must stand in one clause or sentence, each in words of its own. A
term is a pattern (see evidence_cues) or a word class written "@court", alone, as "@court|@lawyer", or within a pattern
("@lawyer ~ @kept_out"). "^" before a term looks in the whole passage, "!" says that the term must not stand there. A
class is looked for in the question's own file first, then in cues/terms.toml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import Field

from review.declared_parts import OFF_SCALE, Scale
from review.declared_question import Question
from review.evidence_cues import FOLDER, LANGUAGES, CueFile, compiled, to_regex, vocabularies
from store.declared import Closed, DeclarationError

QUESTION_FOLDER = FOLDER / "questions"
SHARED = ("terms", "weighing")
_CLASS = re.compile(r"@([a-z][a-z_0-9]*)")


class Reads(Closed):
    """How one question is read. Every entry is a condition; one of a list suffices."""

    about: tuple[str, ...] = ()  # the passage must speak of them
    act: tuple[str, ...] = ()  # this happened, or the law says so
    count: tuple[str, ...] = ()  # number scales: the number beside the first term is the answer
    others: tuple[str, ...] = ()  # a clause that names these and not `about` is of a neighbouring group
    unless: tuple[str, ...] = ()  # a clause with this answers another question
    value: str | None = None  # what an act answers; else isolated, yes, or the first band above zero
    one_suffices: bool = False  # law: a single yes answers it, whatever lighter rules stand beside it
    services: tuple[str, ...] = ()  # only deserters of these kinds of service vote (questions §1)
    place: str | None = None  # where it happened, if the question says so


class QuestionCues(CueFile):
    """One question's cues: the file name is the question's id; the language tables hold its own word classes."""

    read: Reads
    answers: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # value -> conditions, strongest first


@dataclass(frozen=True, slots=True)
class Term:
    """One compiled term of a condition."""

    regex: re.Pattern[str]
    wide: bool
    wanted: bool


Condition = tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The conditions of one question, compiled for one language."""

    about: tuple[Condition, ...]
    act: tuple[Condition, ...]
    count: tuple[Condition, ...]
    others: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    answers: tuple[tuple[str, tuple[Condition, ...]], ...]
    cues: QuestionCues


@lru_cache(maxsize=1)
def question_cues() -> dict[str, QuestionCues]:
    """The shipped cue files by question id."""
    return load_question_cues([])


def load_question_cues(extra: Iterable[Path]) -> dict[str, QuestionCues]:
    """Read the shipped cue files and those of further folders, which win by id."""
    return QuestionCues.load_all([QUESTION_FOLDER, *extra])


@lru_cache(maxsize=1024)
def reader(question_id: str, lang: str) -> Reader | None:
    """The compiled conditions of a question, or None where nothing is declared for it in this language."""
    cues = question_cues().get(question_id)
    return compile_reader(cues, lang) if cues is not None and lang in LANGUAGES else None


def compile_reader(cues: QuestionCues, lang: str) -> Reader:
    """Compile one file for one language; raise DeclarationError for a class that has no words there."""

    def conditions(texts: Iterable[str]) -> tuple[Condition, ...]:
        return tuple(_condition(text, cues, lang) for text in texts)

    return Reader(
        about=conditions(cues.read.about),
        act=conditions(cues.read.act),
        count=conditions(cues.read.count),
        others=conditions(cues.read.others),
        unless=conditions(cues.read.unless),
        answers=tuple((value, conditions(texts)) for value, texts in cues.answers.items()),
        cues=cues,
    )


def _condition(text: str, cues: QuestionCues, lang: str) -> Condition:
    terms = []
    for written in text.split(" & "):
        bare = written.strip().lstrip("!^ ")
        if not re.search(r"\w", bare):
            raise DeclarationError(
                f"cues/questions/{cues.id}.toml: {text!r} has an empty term; write one or drop the '&'"
            )
        signs = written.strip()[: len(written.strip()) - len(bare)]
        regex = _compiled(bare, tuple((name, _words(name, cues, lang)) for name in _CLASS.findall(bare)))
        terms.append(Term(regex=regex, wide="^" in signs, wanted="!" not in signs))
    return tuple(terms)


def _words(name: str, cues: QuestionCues, lang: str) -> tuple[str, ...]:
    """The patterns of a class: the question's own, else the shared one."""
    words = cues.patterns(lang, name) or vocabularies()["terms"].patterns(lang, name)
    if not words:
        raise DeclarationError(
            f"cues/questions/{cues.id}.toml: class @{name} has no words in language {lang!r}; write [{lang}] {name} = "
            f"[...] in that file, or add the class to cues/terms.toml"
        )
    return words


@lru_cache(maxsize=4096)
def _compiled(term: str, classes: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    """The term as one expression; equal terms of several questions share it."""
    known = dict(classes)
    if " " not in term and term.startswith("@") and all(part.startswith("@") for part in term.split("|")):
        found = compiled(word for part in term.split("|") for word in known[part[1:]])
    elif classes:
        return re.compile(rf"(?<!\w){_sequence(term, known)}")
    else:
        found = compiled([term])
    if found is None:
        raise DeclarationError(f"cues/questions: the term {term!r} is empty; every term needs at least one letter")
    return found


def _sequence(term: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """A pattern that holds classes, as an expression: each class becomes the choice of its patterns."""
    marks = {f"zqclass{number}zq": name for number, name in enumerate(known)}
    written = term
    for mark, name in sorted(marks.items(), key=lambda item: -len(item[1])):
        written = re.sub(rf"@{name}(?![a-z_0-9])", mark, written)
    regex = to_regex(written)
    for mark, name in marks.items():
        regex = regex.replace(mark, "(?:" + "|".join(to_regex(word) for word in known[name]) + ")")
    return regex


def check_question_cues(questions: Mapping[str, Question], extra: Iterable[Path] = ()) -> dict[str, QuestionCues]:
    """Check every cue file against the declared questions; raise DeclarationError naming file, value and remedy."""
    found = load_question_cues(extra)
    problems = [problem for cues in found.values() for problem in _problems(cues, questions)]
    for name in SHARED:
        problems += _wrong_words(f"cues/{name}.toml", vocabularies()[name])
        problems += _missing_languages(f"cues/{name}.toml", vocabularies()[name])
    if problems:
        raise DeclarationError("\n".join(problems))
    return found


def _problems(cues: QuestionCues, questions: Mapping[str, Question]) -> Iterator[str]:
    """What is wrong with one file."""
    where = f"cues/questions/{cues.id}.toml"
    question = questions.get(cues.id)
    if question is None:
        yield f"{where}: question {cues.id!r} is not declared; name the file after a file in questions/"
        return
    scale = (*question.scale_values, *OFF_SCALE)
    for value in (*cues.answers, *([cues.read.value] if cues.read.value else [])):
        if value not in scale:
            yield f"{where}: answer {value!r} is not on the scale of {cues.id}; valid: {', '.join(scale)}"
    if cues.read.count and question.scale is not Scale.NUMBER:
        yield f"{where}: read.count belongs to number scales, not to scale {question.scale.value!r}; use read.act"
    if not (cues.read.act or cues.read.count or cues.answers):
        yield f"{where}: nothing is read; write read.act, read.count or [answers]"
    yield from _wrong_words(where, cues)
    yield from _missing_languages(where, cues)
    for lang in LANGUAGES:
        try:
            compile_reader(cues, lang)
        except DeclarationError as error:
            yield str(error)


def _missing_languages(where: str, cues: CueFile) -> Iterator[str]:
    """Classes that some language lacks: its speakers would silently get fewer proposals."""
    names = {name for lang in LANGUAGES for name in getattr(cues, lang)}
    for name in sorted(names):
        if missing := [lang for lang in LANGUAGES if not cues.patterns(lang, name)]:
            yield f"{where}: class {name!r} has no words in {', '.join(missing)}; write them there too"


def _wrong_words(where: str, cues: CueFile) -> Iterator[str]:
    """Empty and overlapping terms of every class: what one term finds another finds as well."""
    for lang in LANGUAGES:
        for name, patterns in getattr(cues, lang).items():
            for term, cover in _overlaps(patterns):
                place = f"{where}: [{lang}] {name}: {term!r}"
                if not cover:
                    yield f"{place} is empty; every term needs at least one letter"
                else:
                    yield f"{place} overlaps with {cover!r}, which finds all of it; remove one"


def _overlaps(patterns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(term, the one that covers it, or nothing where it is empty) among the one-word choices and equal patterns."""
    words = [choice for pattern in patterns if " " not in pattern.strip() for choice in pattern.split("|")]
    whole = [pattern for pattern in patterns if " " in pattern.strip()]
    for at, term in enumerate(words):
        if not re.search(r"\w", term):
            yield term, ""
        for other_at, other in enumerate(words):
            stem = other.removesuffix("*")
            covers = other.endswith("*") and "*" not in stem and term.startswith(stem) and not stem.endswith("-")
            if other_at != at and (covers or (other == term and other_at < at)):
                yield term, other
                break
    yield from ((term, term) for at, term in enumerate(whole) if term in whole[:at])


def digest() -> str:
    """SHA-256 of the shipped question files, names included."""
    summary = sha256()
    for path in sorted(QUESTION_FOLDER.glob("*.toml")):
        summary.update(path.name.encode() + b"\0" + path.read_bytes())
    return summary.hexdigest()
