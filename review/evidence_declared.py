"""One engine for every declared question: which conditions a passage meets, clause by clause, and what that answers.

A clause is read first; where none of a sentence's clauses meets a condition, the whole sentence is. The questions
differ only in their cue files (see evidence_questions).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from review.declared_parts import Scale
from review.declared_question import Question
from review.evidence_clauses import Text, Unit
from review.evidence_counts import band, counts, nearest
from review.evidence_questions import Reader, reader
from review.evidence_types import Answer, PassageIn
from review.evidence_weighing import Span, Told, denies, divided, drafted, extent, scoped, stated_extent, unknown, weigh

_WHY = {
    Told.YES: "The passage tells it",
    Told.NO_CASES: "A search, count or check is reported that found none",
    Told.DENIED: "It is denied",
    Told.NEGATED: "The passage says that it is not so",
    Told.LACKING: "The passage says that information is missing or contradicts itself",
}
_LOW = (Told.NO_CASES, Told.DENIED, Told.NEGATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one unit contributes to one question."""

    told: Told
    value: str | None  # None: as the scale and the extent say
    unit: Unit
    words: str


def declared_answers(passage: PassageIn, questions: Mapping[str, Question]) -> Iterator[Answer]:
    """The answer of a passage to every question of its groups that has a cue file, at most one a question."""
    text: Text | None = None
    for question in questions.values():
        cues = reader(question.id, passage.lang)
        if cues is None or not _asked(passage, question, cues):
            continue
        text = text or Text.of(passage.text, passage.lang)
        if cues.about and text.first(cues.about, text.whole) is None:
            continue
        found = [item for whole, parts in text.units for item in _read(whole, parts, cues, text, question, passage)]
        if found and (answer := _combine(found, question, cues, passage, text)):
            yield answer


def _asked(passage: PassageIn, question: Question, cues: Reader) -> bool:
    """Whether the question is one of the passage's groups, country and kinds of service."""
    services = cues.cues.read.services
    stranger = bool(services and passage.services) and not passage.services & set(services)
    return passage.country in (None, question.country) and question.group_id in passage.groups and not stranger


def _read(
    sentence: Unit, parts: tuple[Unit, ...], cues: Reader, text: Text, question: Question, passage: PassageIn
) -> list[Found]:
    """What a sentence contributes: its clauses, else the sentence as a whole."""
    if cues.unless and text.first(cues.unless, sentence.text) is not None:
        return []
    found = [item for part in parts if (item := _judge(part, cues, text, question, passage.lang)) is not None]
    if not found and (item := _judge(sentence, cues, text, question, passage.lang)) is not None:
        found = [item]
    return found


def _judge(unit: Unit, cues: Reader, text: Text, question: Question, lang: str) -> Found | None:
    """What one clause contributes; None where it meets no condition."""
    strangers = cues.others and text.first(cues.others, unit.text) is not None
    if strangers and text.first(cues.about, unit.text) is None:
        return None
    if drafted(unit.text, lang) if question.scale is Scale.LAW else scoped(unit.text, lang):
        return None  # what the law says is whom it reaches; of what happens such a clause tells nothing

    def found(told: Told, value: str | None, spans: tuple[Span, ...]) -> Found:
        return Found(told=told, value=value, unit=unit, words=_quoted(unit.text, spans))

    for condition in cues.count:
        spans = text.meets(condition, unit.text)
        number = nearest(counts(unit.text, lang), spans[0]) if spans else None
        if spans and number is not None:
            return found(weigh(unit.text, lang, spans, unit.sentence), band(number, question.values), spans)
    for value, conditions in cues.answers:
        if (spans := text.first(conditions, unit.text)) is not None:
            low = question.scale in (Scale.EXTENT, Scale.PRACTICE) and value == question.scale_values[0]
            if low and spans and weigh(unit.text, lang, spans, unit.sentence) is Told.NEGATED:
                continue  # "no acquittal" is no sign of fair trials
            return found(Told.LACKING if unknown(unit.sentence, lang) else Told.YES, value, spans)
    if (spans := text.first(cues.act, unit.text)) is None:
        return None
    told = weigh(unit.text, lang, spans or ((0, 0),), unit.sentence)
    if question.scale is Scale.LAW:
        return found(told, None, spans) if told in (Told.YES, Told.UNREAL, Told.LACKING) else None
    return found(told, None, spans)


def _quoted(text: str, spans: Iterable[Span]) -> str:
    return ", ".join(f"'{text[start:end]}'" for start, end in sorted(set(spans)))


def _combine(found: list[Found], question: Question, cues: Reader, passage: PassageIn, text: Text) -> Answer | None:
    """Weigh what the units tell: one side, both, or that nobody knows."""
    telling = [item for item in found if item.told is not Told.UNREAL]
    if divided(text.whole, passage.lang):
        return _answer(found, "mixed", cues, rule="both-sides", why="The passage says that accounts differ")
    if lack := [item for item in telling if item.told is Told.LACKING]:
        return _answer(lack, "unknown", cues)
    if telling and any(unknown(sentence.text, passage.lang) for sentence, _ in text.units):
        return _answer(telling, "unknown", cues, rule=Told.LACKING.value, why=_WHY[Told.LACKING])
    if question.scale is Scale.LAW:
        return _law(found, cues)
    yes = [item for item in found if item.told is Told.YES]
    low = [item for item in found if item.told in _LOW]
    yes, low = _split(yes, low, question)
    if yes and not low:
        low = _denied_after(yes, text, passage.lang)
    scale = question.scale_values
    if yes and low and question.scale is not Scale.NUMBER:
        return _answer([*yes, *low], "mixed", cues, rule="both-sides", why="It is told and denied in the same passage")
    if yes:
        values = [_value(item, question, cues, passage) for item in yes]
        return _answer(yes, max(values, key=lambda value: scale.index(value) if value in scale else -1), cues)
    if low:
        return _answer(low, scale[0], cues)
    return None


def _split(yes: list[Found], low: list[Found], question: Question) -> tuple[list[Found], list[Found]]:
    """Count an explicit answer at the low end of the scale as the low side."""
    zero = question.scale_values[0]
    return [i for i in yes if i.value != zero], [*low, *(i for i in yes if i.value == zero)]


def _denied_after(yes: list[Found], text: Text, lang: str) -> list[Found]:
    """A sentence beside the telling ones that denies it, in words that name nothing again ("officials deny this")."""
    numbers = {item.unit.number for item in yes}
    beside = [s for s, _ in text.units if s.number not in numbers and {s.number - 1, s.number + 1} & numbers]
    return [Found(told=Told.DENIED, value=None, unit=s, words="") for s in beside if denies(s.text, lang)]


def _value(item: Found, question: Question, cues: Reader, passage: PassageIn) -> str:
    """The answer of one telling unit: explicit, declared, or by the extent its sentence states."""
    if item.value in ("isolated", None) and question.scale in (Scale.EXTENT, Scale.PRACTICE):
        if item.value is None and cues.cues.read.value not in (None, "isolated"):
            return str(cues.cues.read.value)
        return stated_extent(item.unit.sentence, passage.lang) or extent(passage.text, passage.lang)
    return item.value or cues.cues.read.value or question.scale_values[1]


def _law(found: list[Found], cues: Reader) -> Answer | None:
    """What the law says: yes and no side by side is partly; what nobody knows stands off the scale."""
    default = cues.cues.read.value or "yes"
    told = [item for item in found if item.told in (Told.YES, Told.UNREAL)]
    values = {item.value or default for item in told}
    if not told:
        return None
    if cues.cues.read.one_suffices and "yes" in values:
        return _answer(told, "yes", cues)
    if "partly" in values or {"yes", "no"} <= values:
        return _answer(told, "partly", cues)
    return _answer(told, values.pop(), cues)


def _answer(found: list[Found], value: str, cues: Reader, *, rule: str = "", why: str = "") -> Answer:
    """Put the units that carry an answer together: span from the first to the last of them, words, reason."""
    words = ", ".join(dict.fromkeys(item.words for item in found if item.words))
    why = why or _WHY.get(found[0].told, _WHY[Told.YES])
    return Answer(
        question_id=cues.cues.id,
        value=value,
        rule=rule or found[0].told.value,
        why=f"{why}: {words}." if words else f"{why}.",
        start=min(item.unit.start for item in found),
        end=max(item.unit.end for item in found),
        place=cues.cues.read.place,
        spans=tuple((item.unit.start, item.unit.end) for item in found),
        denied=all(item.told is Told.DENIED for item in found),
    )
