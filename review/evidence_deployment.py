"""Are conscripts deployed? The stance of one passage, clause by clause, from declared cues (G1.3).

The stance follows the definition of the labelled passages: says or shows it (supports), says or found it is not so
(refutes), both or information lacking (mixed), everything else (none). Fighting on the state's own soil is another
question (G1.4), and soldiers of a neighbouring group do not answer this one (questions §1, §10).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from review.evidence_cues import cue, fold, has, sentences, strip
from review.evidence_told import (
    TOPIC,
    VOCABULARY,
    asks,
    blurred,
    called_false,
    of_others,
    own_part,
    tied,
    told_part,
    uncarried,
    unsaid,
)

_MATTER = (*TOPIC, "subject", "move", "event", "admit")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the sentence and the passage around a clause say."""

    lang: str
    sentence: str
    passage_soil: bool
    before: str
    named: bool  # the passage names the men somewhere
    whole: str


def read(text: str, lang: str) -> Reading:
    """Read the passage; `lang` is one of en nl ru uk de fr (others have no vocabulary and read as none)."""
    whole = fold(text).text
    soil = _on_soil_only(whole, lang)
    named = has(VOCABULARY, lang, "subject", whole)
    judged: list[Clause] = []
    before = ""
    for start, end in sentences(text):
        sentence = fold(text[start:end]).text
        context = _Context(lang=lang, sentence=sentence, passage_soil=soil, before=before, named=named, whole=whole)
        for first, last in clauses(text, start, end, lang):
            finding = _judge(own_part(fold(text[first:last]).text, lang), context)
            judged.append(Clause(start=first, end=last, finding=finding))
        before = sentence
    return _combine(tuple(judged))


def clauses(text: str, start: int, end: int, lang: str) -> list[tuple[int, int]]:
    """Split a sentence after a semicolon or colon, and at a comma before a contrast ("but", "whereas")."""
    pattern = cue(VOCABULARY, lang, "but")
    folded = fold(text[start:end])
    cuts = [start]
    opening = cue(VOCABULARY, lang, "opening")
    side = opening is not None and opening.match(folded.text.lstrip("\"'«„“”([ ")) is not None
    for match in re.finditer(r"[;,:]\s*", folded.text):
        contrast = pattern is not None and pattern.match(folded.text, match.end()) is not None
        if match.group()[0] in ";:" or contrast or side:
            side = side and match.group()[0] != ","
            cuts.append(start + folded.original(match.end(), match.end())[0])
    if pattern is not None and lang == "en":
        cuts += [start + folded.offsets[m.start()] for m in re.finditer(r"(?<=\w )(?:but|whereas|while) ", folded.text)]
    cuts = sorted({c for c in cuts if c < end})
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if text[a:b].strip()]


def _on_soil_only(text: str, lang: str) -> bool:
    """Whether the passage names own soil and no place of the war zone; the border itself is no such place."""
    return has(VOCABULARY, lang, "soil", text) and not has(
        VOCABULARY, lang, "zone", _off_border(uncarried(text, lang), lang)
    )


def _off_border(text: str, lang: str) -> str:
    """The text without the words for the border and for an enemy who came across it."""
    return strip(VOCABULARY, lang, "frontier", text)


def _judge(clause: str, context: _Context) -> Finding:
    """Say what one folded clause contributes; the order of the tests is the order of their strength."""
    lang = context.lang

    def seen(kind: str, where: str = clause) -> bool:
        return has(VOCABULARY, lang, kind, where)

    if asks(context.sentence):
        return Finding.SILENT
    topic = seen("zone") or seen("battle") or seen("captivity")
    acted = seen("move") or seen("event") or seen("captivity")
    near_topic = any(seen(kind, context.sentence + " " + context.before) for kind in ("zone", "battle", "captivity"))
    if of_others(clause, lang) or blurred(clause, lang, context.whole):
        return Finding.OTHERS
    if (claim := called_false(clause, lang)) is not None and near_topic:
        return Finding.DISPROVED if _negated(claim, lang) or seen("deny", claim) else Finding.NO
    if unsaid(clause, lang):
        return Finding.SILENT
    if seen("untrue") and near_topic:
        return Finding.DISPROVED
    if seen("contra") and near_topic:
        return Finding.CONTRARY
    if seen("rumour") and near_topic:
        return Finding.NO
    if seen("nocases") and not _lacks(clause, lang) and (near_topic or topic):
        return Finding.NO_CASES
    if seen("lack") and (near_topic or topic):
        return Finding.LACKING
    if seen("admit") and not seen("deny") and not _negated(clause, lang) and _admits(clause, context):
        return Finding.ADMITTED
    if seen("withdrawn") and near_topic and not _negated(clause, lang):
        return Finding.WITHDRAWN
    if context.passage_soil and (seen("soil") or topic) and (seen("event") or seen("battle")):
        return Finding.SOIL
    if seen("deny") and seen("subject") and seen("move") and not context.passage_soil:
        return Finding.NO
    if not topic or not (acted or seen("deny")):
        return Finding.SILENT
    if context.passage_soil or (seen("soil") and not has(VOCABULARY, lang, "zone", _off_border(clause, lang))):
        return Finding.SOIL
    found = _judge_deed(clause, lang)
    return Finding.SILENT if found is Finding.YES and not _meant(clause, context) else found


def _meant(clause: str, context: _Context) -> bool:
    """Whether the deed of the clause is told of the men the passage is about: named here, or pointed back at."""
    kinds = ("subject", "same")
    if not context.named or cue(VOCABULARY, context.lang, "same") is None:
        return True
    return any(has(VOCABULARY, context.lang, kind, clause) for kind in kinds)


def _admits(clause: str, context: _Context) -> bool:
    """Whether a word of admitting is about a deployment told here or just before: no refusal, threat or trial."""
    lang = context.lang
    told = told_part(clause, lang)
    if any(has(VOCABULARY, lang, kind, told) for kind in TOPIC):
        return True
    if any(has(VOCABULARY, lang, kind, clause) for kind in ("averse", "unreal", "penal")):
        return False
    around = told_part(context.before, lang) + " " + told_part(context.sentence, lang)
    deed = any(has(VOCABULARY, lang, kind, around) for kind in ("move", "event", "captivity"))
    return deed and any(has(VOCABULARY, lang, kind, around) for kind in TOPIC)


def _judge_deed(clause: str, lang: str) -> Finding:
    """A clause that ties a deed to the war zone: a fact, a denial, a promise, or only a rule or a fear."""
    if any(has(VOCABULARY, lang, kind, clause) for kind in ("law", "scarce")) or not _told(clause, lang):
        return Finding.SILENT
    if not tied(told_part(clause, lang, ("averse",)), lang):
        return Finding.SILENT
    planned = not tied(told_part(clause, lang), lang)
    if has(VOCABULARY, lang, "promised", clause):
        return Finding.PROMISE
    if has(VOCABULARY, lang, "deny", clause):
        return Finding.NO
    if has(VOCABULARY, lang, "future", clause) and _negated(clause, lang):
        rest = strip(VOCABULARY, lang, "future", clause)
        acted = has(VOCABULARY, lang, "move", rest) or has(VOCABULARY, lang, "event", rest)
        return Finding.NO if acted and _negated(rest, lang) else Finding.PROMISE
    if _negated(clause, lang):
        return Finding.PROMISE if planned else Finding.NO  # what nobody plans may still come
    happened = told_part(clause, lang) if has(VOCABULARY, lang, "resume", clause) else clause
    if planned or has(VOCABULARY, lang, "modal", happened) or has(VOCABULARY, lang, "future", happened):
        return Finding.SILENT
    return Finding.YES


def _told(clause: str, lang: str) -> bool:
    """Whether a deed is told ahead of the fear or threat that the clause speaks of; without fear, always."""
    fear = cue(VOCABULARY, lang, "fear")
    found = fear.search(clause) if fear else None
    if found is None:
        return True
    ahead = clause[: found.start()]
    return has(VOCABULARY, lang, "move", ahead) and any(has(VOCABULARY, lang, kind, ahead) for kind in TOPIC)


def _negated(clause: str, lang: str) -> bool:
    """Whether the clause denies, apart from a contract, a training or a return that did not happen.

    Of its comma parts only those count that speak of the men, the place or the deed.
    """
    rest = strip(VOCABULARY, lang, "aside", clause)
    parts = [part for part in rest.split(",") if any(has(VOCABULARY, lang, kind, part) for kind in _MATTER)]
    return any(has(VOCABULARY, lang, "negation", part) for part in parts)


def _lacks(clause: str, lang: str) -> bool:
    """Whether missing *information* is meant (no vote), rather than a search that found nothing (a vote)."""
    return has(VOCABULARY, lang, "lack", strip(VOCABULARY, lang, "nocases", clause))


def _combine(clauses: tuple[Clause, ...]) -> Reading:
    """Weigh the clauses: a disproved denial wins, then both sides, then one side."""
    found = {clause.finding for clause in clauses}
    yes = bool(found & {Finding.YES, Finding.CONTRARY, Finding.ADMITTED})
    no = bool(found & {Finding.NO, Finding.NO_CASES, Finding.PROMISE})

    against = no or Finding.WITHDRAWN in found

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
