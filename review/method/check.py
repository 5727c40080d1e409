"""Refuse rows that contradict themselves before anything is counted from them."""

from collections import Counter
from collections.abc import Iterable

from review.method.model import OFF_SCALE, STANCES, Case, CaseError, Evidence, Kind, Question
from review.method.spelling import folded, one_spelling


def on_scale(question: Question) -> tuple[str, ...]:
    """Return the question's values in order, without those that never vote: steps are counted on these."""
    return tuple(value for value in question.scale if folded(value) not in OFF_SCALE)


def spoken(answer: str, scale: tuple[str, ...]) -> str:
    """Return the answer as a value of the scale, spelt as there; a bare stance becomes isolated or none (method §2).

    One of the values that never vote is returned in its own spelling: "Unknown" is unknown, and votes as little.
    """
    if answer in scale:
        return answer
    plain = folded(answer)
    if alike := [value for value in scale if folded(value) == plain]:
        return alike[0]
    if plain in OFF_SCALE:
        return plain
    return STANCES[plain] if STANCES.get(plain) in scale else answer


def check(case: Case) -> None:
    """Raise CaseError, naming field, value and remedy, when a row cannot be judged."""
    question = case.question
    scale = on_scale(question)
    if len(scale) < 2 or len({folded(value) for value in question.scale}) != len(question.scale):
        raise CaseError(f"question.scale {list(question.scale)!r}: name at least two different values, in order")
    if question.window_days < 1:
        raise CaseError(f"question.window_days {question.window_days!r}: must be at least 1 day")
    for pair in question.opposite:
        if pair[0] == pair[1] or not set(pair) <= set(scale):
            raise CaseError(f"question.opposite {list(pair)!r}: name two different values of {list(scale)!r}")
    _unique("sources", (source.id for source in case.sources))
    _unique("evidence", (row.id for row in case.evidence))
    sources = {source.id for source in case.sources}
    if alike := sorted((name, first) for name, first in one_spelling(sources).items() if name != first):
        name, first = alike[0]
        raise CaseError(f"sources: ids {first!r} and {name!r} read the same; one source has one card, so keep one")
    for row in case.evidence:
        _check_row(row, question, scale, sources)


def _unique(field: str, ids: Iterable[str]) -> None:
    twice = sorted(name for name, times in Counter(ids).items() if times > 1)
    if twice:
        raise CaseError(f"{field}: id {twice[0]!r} is used more than once; every id must be unique")


def _check_row(row: Evidence, question: Question, scale: tuple[str, ...], sources: set[str]) -> None:
    """Check one piece of evidence against its question and the sources."""
    where = f"evidence {row.id!r}"
    if row.source not in sources:
        raise CaseError(f"{where}: field 'source': {row.source!r} is not among the sources {sorted(sources)!r}")
    if row.origin is not None and not folded(row.origin):
        raise CaseError(
            f"{where}: field 'origin': {row.origin!r} is empty; name the origin, or null if nobody is named"
        )
    if spoken(row.answer, scale) not in scale and spoken(row.answer, scale) not in OFF_SCALE:
        valid = [*scale, *sorted(OFF_SCALE)]
        raise CaseError(f"{where}: field 'answer': {row.answer!r} is not on the scale; valid: {', '.join(valid)}")
    if row.facts_from and row.facts_to and row.facts_from > row.facts_to:
        raise CaseError(
            f"{where}: field 'facts_from': {row.facts_from} is after facts_to {row.facts_to}; swap or correct them"
        )
    if row.official_text and question.kind is not Kind.LAW:
        raise CaseError(f"{where}: field 'official_text': only a question of kind 'law' has one, not {question.kind!r}")
    if row.verified_on and not row.official_text:
        raise CaseError(f"{where}: field 'verified_on': {row.verified_on} belongs to an official text only")
