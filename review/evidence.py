"""Evidence proposals: what one passage answers to which question, by declared cues; a person decides.

Rules of the method that are applied here: a promise about the future casts no vote, a denial beside testimony is
mixed, missing information is unknown, fighting on own soil is not the war zone, a neighbouring group does not vote.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from review import evidence_cues, evidence_questions
from review.cue_words import DATE_WORDS
from review.declarations import Question, Speaker, load
from review.evidence_dates import Confidence, FactsDates, facts_dates
from review.evidence_declared import declared_answers
from review.evidence_deployment import Clause, Finding, Reading, Stance, read
from review.evidence_knowing import Known, known
from review.evidence_told import about_the_page, of_russia
from review.evidence_types import FINDS_OUT, Answer, Directness, PassageIn, Proposal
from review.evidence_voices import NOBODY, UNNAMED, SpeakerIndex, Voice, sayer
from review.evidence_weighing import extent
from review.rules_digest import rules_digest

__all__ = [
    "EVIDENCE_RULES_VERSION",
    "Directness",
    "PassageIn",
    "Proposal",
    "Rulebook",
    "propose",
    "rules_version",
    "stance",
]

CODE_VERSION = 1
DEPLOYMENT = "G1.3"
VOCABULARIES = ("attribution", "deployment", "doubt", "terms", "weighing", *DATE_WORDS)
_WHY = {
    "denial-disproved": "A denial is quoted and shown to be untrue.",
    "both-sides": "A denial and testimony against it stand side by side.",
    "information-lacking": "The passage says that information is missing or contradicts itself.",
    "sent-then-withdrawn": "They were sent, and are said to have been withdrawn.",
    "admitted": "Presence in the war zone is admitted.",
    "stated": "The passage says or shows that they were in the war zone.",
    "no-cases-found": "A search or a check is reported that found no case.",
    "denied": "The passage says that they are not sent.",
    "promise": "A promise about the future: shown, casts no vote.",
}


_CARRYING = {  # the clauses whose voice counts: a monitor's own check is not the ministry's, quoted a sentence earlier
    "no-cases-found": Finding.NO_CASES,
    "admitted": Finding.ADMITTED,
    "stated": Finding.YES,
}


def rules_version() -> str:
    """Name of the rules in force: the code's number and a digest of the vocabularies and of the rule files."""
    read = rules_digest(["evidence"], VOCABULARIES) + evidence_questions.digest()
    return f"evidence-{CODE_VERSION}-{sha256(read.encode()).hexdigest()[:12]}"


EVIDENCE_RULES_VERSION = rules_version()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The speakers by name and which of them are parties; compiled once and handed to `propose`."""

    index: SpeakerIndex
    parties: Mapping[str, str] = field(default_factory=dict)  # speaker id -> country

    @classmethod
    def of(cls, speakers: Iterable[Speaker]) -> "Rulebook":
        """Compile the speaker cards."""
        cards = tuple(speakers)
        return cls(SpeakerIndex.of(cards), {card.id: card.country for card in cards if card.is_party})


@lru_cache(maxsize=1)
def _shipped() -> Rulebook:
    return Rulebook.of(load().speakers.values())


def stance(text: str, lang: str, groups: Collection[str], country: str | None = None) -> str:
    """Answer "are conscripts deployed?" for one passage: supports, refutes, mixed or none.

    Only a passage tagged conscripts, and about Russia where its country is known, has a stance; one tagged with the
    country of the fighting has one if it names Russia or its army (most who were taken prisoner are told of so).
    """
    if "conscripts" not in groups or not of_russia(text, lang, country):
        return Stance.NONE.value
    return read(text, lang).stance.value


def propose(
    passage: PassageIn, questions: Iterable[Question], rulebook: Rulebook | None = None
) -> tuple[Proposal, ...]:
    """Propose what the passage answers, ordered by question id; empty where it answers nothing.

    `questions` are the declared ones; a rule whose question is not declared stays silent. Spans point into
    `passage.text`. Same passage and declarations, same proposals.
    """
    book = rulebook or _shipped()
    by_id = {question.id: question for question in questions}
    found: list[Proposal] = []
    asked = DEPLOYMENT in by_id and "conscripts" in passage.groups
    if asked and of_russia(passage.text, passage.lang, passage.country):
        found += _deployment(passage, by_id[DEPLOYMENT], book)
    found += [_from_answer(passage, by_id[a.question_id], a, book) for a in declared_answers(passage, by_id)]
    return tuple(sorted(found, key=lambda p: (p.question_id, p.start, p.answer)))


def _deployment(passage: PassageIn, question: Question, book: Rulebook) -> list[Proposal]:
    """G1.3; fighting on the state's own soil alone is G1.4, which has a cue file."""
    reading = read(passage.text, passage.lang)
    clauses = reading.deciding
    if reading.stance is Stance.NONE or not clauses:
        return []
    answer = Answer(
        question_id=DEPLOYMENT, value=_value(reading, passage), rule=reading.rule, why=_WHY[reading.rule],
        start=clauses[0].start, end=clauses[-1].end,
    )  # fmt: skip
    return [_from_answer(passage, question, answer, book, clauses=clauses)]


def _value(reading: Reading, passage: PassageIn) -> str:
    """The answer on the extent scale: supports is isolated unless extent is stated, refutes is none (method §2)."""
    if reading.rule in ("promise", "information-lacking"):
        return "unknown"
    if reading.stance is Stance.MIXED:
        return "mixed"
    if reading.stance is Stance.REFUTES:
        return "none"
    first, last = reading.deciding[0].start, reading.deciding[-1].end
    return extent(passage.text[first:last], passage.lang)


def _from_answer(
    passage: PassageIn, question: Question, answer: Answer, book: Rulebook, clauses: tuple[Clause, ...] = ()
) -> Proposal:
    """Complete an answer with dates, voice and directness."""
    start, end = _trim(passage.text, answer.start, answer.end)
    words = passage.text[start:end]
    dates = _dates(passage, [(c.start, c.end) for c in clauses] or answer.spans or [(start, end)])
    weighed = _CARRYING.get(answer.rule)
    spans = [(c.start, c.end) for c in clauses if c.finding is weighed] or answer.spans or [(start, end)]
    denies = answer.denied or (bool(clauses) and answer.rule in ("denied", "promise"))
    voice = sayer(passage.text, passage.lang, book.index, spans, denies=denies)
    how = known(passage.text, passage.lang, spans)
    # "The minister said", on the ministry's own page: the party is the well-spring of its words, not a report.
    own_words = passage.source_country_party and voice == NOBODY and how is Known.UNSAID
    if own_words:
        voice = None
    elif (voice is None or voice.name == UNNAMED) and how is not Known.UNSAID:
        voice = None if how is Known.OWN else NOBODY
    # What the law says holds to the end of a report's period, else on the day of publication: ongoing (method §2).
    # An exact day is the day of the act that it holds since.
    act = dates.first is None or dates.first == dates.last
    lasting = question.scale.value == "law" and act and passage.published_confidence == "normal"
    return Proposal(
        question_id=question.id,
        group_id=question.group_id or "",
        country=question.country,
        answer=answer.value,
        directness=_directness(passage, words, voice, dates, question, own=own_words or how is Known.OWN),
        attributed_to=(voice.speaker_id or voice.name) if voice else None,
        facts_from=dates.first,
        facts_to=None if lasting else dates.last,
        facts_confidence="normal" if lasting else dates.confidence,
        ongoing=dates.ongoing or lasting,
        whole_period=dates.whole_period or (lasting and passage.period_to is not None),
        place=answer.place,
        subgroup=question.subgroups[0] if len(question.subgroups) == 1 else None,
        against_interest=_against_interest(passage, answer, voice, clauses, book),
        start=start,
        end=end,
        rule=f"{question.id}:{answer.rule}",
        why=answer.why + (f" Attributed to {_called(voice)}." if voice else ""),
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave white space at both ends out of the span."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))


def _called(voice: Voice) -> str:
    return "somebody the passage does not name" if voice.name == UNNAMED else voice.name


def _dates(passage: PassageIn, spans: Sequence[tuple[int, int]]) -> FactsDates:
    """Dates in the deciding clauses; missing those, in what stands before them in a passage short enough for one story.

    "Still" counts in the deciding clauses only, and a day on which the page was edited is no day of the facts.
    """
    text, lang = passage.text, passage.lang
    words = " ".join(text[start:end] for start, end in spans)
    confidence: Confidence = "normal" if passage.published_confidence == "normal" else "low"
    near = facts_dates(words, lang, published_on=passage.published_on, published_confidence=confidence)
    if near.first or near.ongoing or near.whole_period or len(text) > 900:
        return near
    last = max(end for _, end in spans)
    told = [text[a:b] for a, b in evidence_cues.sentences(text) if a < last and not about_the_page(text[a:b], lang)]
    wide = facts_dates(" ".join(told), lang, published_on=passage.published_on, published_confidence=confidence)
    return wide if wide.first or wide.whole_period else near


def _directness(
    passage: PassageIn, words: str, voice: Voice | None, dates: FactsDates, question: Question, *, own: bool
) -> Directness:
    """Reported where another voice carries it; direct where the source tells what it found out; else general.

    News hands on what others know: there only what the outlet says it saw, counted or checked itself is direct. So it
    is with ngos and experts. Whoever reports or rules by office answers for what it tells, where that is particular.
    """
    if voice is not None:
        return Directness.REPORTED
    if own or question.scale.value == "law":
        return Directness.DIRECT
    if passage.source_type not in FINDS_OUT:
        return Directness.GENERAL
    particular = dates.first is not None or dates.ongoing or dates.whole_period or any(c.isdigit() for c in words)
    capitals = any(word[:1].isupper() for word in words.split()[1:])
    return Directness.DIRECT if particular or capitals else Directness.GENERAL


def _against_interest(
    passage: PassageIn, answer: Answer, voice: Voice | None, clauses: tuple[Clause, ...], book: Rulebook
) -> bool:
    """Whether a party admits what its interest would hide: its own deployment of conscripts (method §2)."""
    if answer.question_id != DEPLOYMENT or not any(c.finding is Finding.ADMITTED for c in clauses):
        return False
    if answer.value in ("none", "unknown"):
        return False
    if voice is not None and voice.name != UNNAMED:
        return voice.speaker_id is not None and book.parties.get(voice.speaker_id) == "RU"
    return passage.source_country_party
