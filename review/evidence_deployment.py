"""Are conscripts deployed? The stance of one passage, clause by clause, from declared cues (G1.3).

The stance follows the definition of the labelled passages: says or shows it (supports), says or found it is not so
(refutes), both or information lacking (mixed), everything else (none). Fighting on the state's own soil is another
question (G1.4), and soldiers of a neighbouring group do not answer this one (questions §1, §10).
"""

import re
from dataclasses import dataclass

from review.evidence_cues import cue, fold, has, sentences, strip
from review.evidence_denials import (
    against_the_denial,
    contradicted,
    disproved,
    kept_home,
    negated,
    recalled,
    rumours_checked,
    verdicts,
)
from review.evidence_doubt import imagined, possible, said_part, taken_back, unverified
from review.evidence_stance import Clause, Finding, Reading, Stance, weigh
from review.evidence_told import (
    TOPIC,
    VOCABULARY,
    asks,
    blurred,
    called_false,
    lacks,
    nearer_others,
    of_others,
    off_border,
    own_part,
    tied,
    told_before_fear,
    told_part,
    uncarried,
    unsaid,
)
from review.evidence_weighing import scoped

__all__ = ["Clause", "Finding", "Reading", "Stance", "clauses", "read"]

_NO_PRONOUN = ("ru", "uk")  # after "but" a verb alone tells who is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the sentence and the passage around a clause say."""

    lang: str
    sentence: str
    passage_soil: bool
    before: str
    named: bool  # the passage names the men somewhere
    whole: str
    denied: bool  # a sentence before said that they are not there
    denied_here: bool  # the same sentence did
    judged: bool  # a sentence before said something about their being there
    spelled_out: bool  # the clause follows a colon and goes on with the men named ahead of it


def read(text: str, lang: str) -> Reading:
    """Read the passage; `lang` is one of en nl ru uk de fr (others have no vocabulary and read as none)."""
    whole = fold(text).text
    soil = _on_soil_only(whole, lang)
    named = has(VOCABULARY, lang, "subject", whole)
    judged: list[Clause] = []
    pieces: list[tuple[str, str]] = []
    before = ""
    for start, end in sentences(text):
        sentence = fold(text[start:end]).text
        for first, last in clauses(text, start, end, lang):
            found = {clause.finding for clause in judged}
            context = _Context(
                lang=lang, sentence=sentence, passage_soil=soil, before=before, named=named, whole=whole,
                denied=Finding.NO in found,
                denied_here=any(c.finding is Finding.NO and c.start >= start for c in judged),
                judged=bool(found & {Finding.YES, Finding.NO}),
                spelled_out=text[start:first].rstrip().endswith(":"),
            )  # fmt: skip
            clause = own_part(fold(text[first:last]).text, lang)
            finding = _judge(clause, context)
            judged.append(Clause(start=first, end=last, finding=finding, recalled=recalled(clause, finding, lang)))
            pieces.append((clause, sentence))
        before = sentence
    return weigh(rumours_checked(verdicts(judged, pieces, lang), pieces, lang))


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
        VOCABULARY, lang, "zone", off_border(uncarried(text, lang), lang)
    )


def _judge(clause: str, context: _Context) -> Finding:
    """Say what one folded clause contributes; the order of the tests is the order of their strength."""
    lang = context.lang

    def seen(kind: str, where: str | None = None) -> bool:
        return has(VOCABULARY, lang, kind, clause if where is None else where)

    if asks(context.sentence) or taken_back(context.sentence, lang) or imagined(clause, lang):
        return Finding.SILENT
    clause = _placed(said_part(clause, lang), context)
    topic = seen("zone") or seen("battle") or seen("captivity")
    acted = seen("move") or seen("event") or seen("captivity")
    near_topic = any(seen(kind, context.sentence + " " + context.before) for kind in ("zone", "battle", "captivity"))
    if of_others(clause, lang) or blurred(clause, lang, context.whole):
        return Finding.OTHERS
    if (claim := called_false(clause, lang)) is not None and near_topic:
        return Finding.DISPROVED if negated(claim, lang) or seen("deny", claim) else Finding.NO
    if unsaid(clause, lang):
        return Finding.SILENT
    if seen("untrue") and near_topic:
        return Finding.DISPROVED
    if seen("contra") and near_topic:
        return Finding.CONTRARY
    if seen("rumour") and near_topic:
        return Finding.NO
    if unverified(clause, lang) and near_topic:
        return Finding.LACKING
    if near_topic and context.denied and disproved(clause, context.sentence, lang, here=context.denied_here):
        return Finding.DISPROVED
    acquitted = not topic and (seen("averse") or seen("penal"))  # no proof that he evaded: another question
    if seen("nocases") and not lacks(clause, lang) and (near_topic or topic) and not acquitted:
        return Finding.NO_CASES
    anywhere = any(seen(kind, context.whole) for kind in TOPIC)
    afraid = seen("fear", strip(VOCABULARY, lang, "unproven", clause))  # of one man's own fear it says nothing
    if seen("unproven") and topic and seen("subject") and not (afraid or context.passage_soil):
        return Finding.NO_CASES
    evading = topic and not any(seen(kind, told_part(clause, lang, ("averse",))) for kind in TOPIC)
    if seen("lack") and not evading and (near_topic or topic or (seen("evidence") and anywhere)):
        return Finding.LACKING
    if (
        seen("admit")
        and not (seen("deny") or seen("scarce"))
        and not negated(clause, lang)
        and _admits(clause, context)
    ):
        return Finding.ADMITTED
    if seen("withdrawn") and near_topic and not seen("event") and not negated(clause, lang):  # coffins come home too
        return Finding.WITHDRAWN
    if context.passage_soil and (seen("soil") or topic) and (seen("event") or seen("battle")):
        return Finding.SOIL
    if seen("deny") and seen("subject") and seen("move") and not context.passage_soil:
        return Finding.NO
    if (
        context.denied
        and near_topic
        and (against_the_denial(clause, lang) or contradicted(clause, context.sentence, lang))
    ):
        return Finding.CONTRARY
    if seen("fights") and seen("subject") and anywhere and not topic and negated(told_part(clause, lang), lang):
        return Finding.PROMISE if seen("future") else Finding.NO
    if seen("home") and anywhere and not context.passage_soil and kept_home(clause, lang):
        return Finding.PROMISE if seen("future") else Finding.NO
    if not topic or not (acted or seen("deny")):
        return Finding.SILENT
    if context.passage_soil or (seen("soil") and not has(VOCABULARY, lang, "zone", off_border(clause, lang))):
        return Finding.SOIL
    found = _judge_deed(clause, lang)
    doubted = seen("unproven") or seen("nocases")  # whatever was not found or not believed is no deed told
    if found is Finding.YES and (doubted or possible(clause, lang) or nearer_others(clause, lang)):
        return Finding.SILENT
    if found is Finding.PROMISE and context.named and not seen("subject", context.sentence):
        return Finding.SILENT  # said to somebody about somebody; a promise that counts names the men
    return Finding.SILENT if found is Finding.YES and not _meant(clause, context) else found


def _meant(clause: str, context: _Context) -> bool:
    """Whether the deed of the clause is told of the men the passage is about: named here, or pointed back at."""
    kinds = ("subject", "same") if context.named else ("kin", "same")
    lang = context.lang
    but = cue(VOCABULARY, lang, "but")
    elliptic = context.lang in _NO_PRONOUN and but is not None and but.match(clause) is not None
    where = context.sentence if context.spelled_out or elliptic else clause
    return any(has(VOCABULARY, lang, kind, where) for kind in kinds)


def _placed(clause: str, context: _Context) -> str:
    """The clause with the place that "there" points to: one named in the passage, where the men were spoken of."""
    lang = context.lang
    there, zone = cue(VOCABULARY, lang, "there"), cue(VOCABULARY, lang, "zone")
    found = there.search(clause) if there else None
    if found is None or zone is None or zone.search(clause):
        return clause
    if not (context.judged or has(VOCABULARY, lang, "subject", clause)):
        return clause
    places = [match.group() for match in zone.finditer(context.whole)]
    place = min(places, key=len, default="")
    return f"{clause[: found.end()]} {place}{clause[found.end() :]}" if place else clause


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
    ruled = scoped(clause, lang) or any(has(VOCABULARY, lang, kind, clause) for kind in ("law", "scarce"))
    if ruled or not told_before_fear(clause, lang):
        return Finding.SILENT
    denies = has(VOCABULARY, lang, "deny", clause)
    bare = told_part(strip(VOCABULARY, lang, "deny", clause), lang, ("averse",))
    if not (any(has(VOCABULARY, lang, kind, bare) for kind in TOPIC) if denies else tied(bare, lang)):
        return Finding.SILENT
    planned = not tied(told_part(clause, lang), lang)
    if has(VOCABULARY, lang, "promised", clause):
        return Finding.PROMISE
    if denies:
        return Finding.NO
    if has(VOCABULARY, lang, "future", clause) and negated(clause, lang):
        rest = strip(VOCABULARY, lang, "future", clause)
        acted = has(VOCABULARY, lang, "move", rest) or has(VOCABULARY, lang, "event", rest)
        return Finding.NO if acted and negated(rest, lang) else Finding.PROMISE
    if negated(clause, lang):
        return Finding.PROMISE if planned else Finding.NO  # what nobody plans may still come
    happened = told_part(clause, lang) if has(VOCABULARY, lang, "resume", clause) else clause
    if planned or has(VOCABULARY, lang, "modal", happened) or has(VOCABULARY, lang, "future", happened):
        return Finding.SILENT
    return Finding.YES
