"""What is denied, and what answers a denial: men kept at home, relatives with other news, rumours that were checked."""

from dataclasses import replace

from review.evidence_cues import cue, has, strip
from review.evidence_doubt import VOCABULARY as DOUBT
from review.evidence_stance import Clause, Finding
from review.evidence_told import TOPIC, VOCABULARY, judged_false, told_part

MATTER = (*TOPIC, "subject", "move", "event", "admit")


def negated(clause: str, lang: str) -> bool:
    """Whether the clause denies, apart from a contract, a training or a return that did not happen.

    Of its comma parts only those count that speak of the men, the place or the deed.
    """
    rest = strip(VOCABULARY, lang, "aside", clause)
    parts = [part for part in rest.split(",") if any(has(VOCABULARY, lang, kind, part) for kind in MATTER)]
    return any(has(VOCABULARY, lang, "negation", part) for part in parts)


def against_the_denial(clause: str, lang: str) -> bool:
    """Whether those who know the men answer a denial: with their dead, a place there, or that they were conscripts."""

    def seen(kind: str) -> bool:
        return has(VOCABULARY, lang, kind, clause)

    if not seen("kin") or negated(clause, lang) or any(seen(kind) for kind in ("home", "fear", "law", "inplace")):
        return False
    told = told_part(clause, lang)
    traced = any(has(VOCABULARY, lang, kind, told) for kind in ("event", "zone"))
    return traced or (seen("insists") and has(VOCABULARY, lang, "subject", told))


def disproved(clause: str, sentence: str, lang: str, *, here: bool) -> bool:
    """Whether a clause after a denial settles it: those who checked name the dead, or a claim is answered by a trace.

    `here`: the denial stands in the same sentence.
    """
    if not _traced(clause, lang) or has("attribution", lang, "according", clause):
        return False
    if has(DOUBT, lang, "proof", clause):
        return here or any(has(VOCABULARY, lang, kind, clause) for kind in TOPIC)
    but = cue(VOCABULARY, lang, "but")
    answered = here and but is not None and but.match(clause) is not None and _only_claimed(sentence, lang)
    said = has(DOUBT, lang, "distance", clause) or has("attribution", lang, "says", clause)
    return answered and not said


def _only_claimed(sentence: str, lang: str) -> bool:
    """Whether a denial is handed on as a mere claim: "no conscripts are there, the Kremlin claimed"."""
    denial, claim = cue(VOCABULARY, lang, "negation"), cue(DOUBT, lang, "distance")
    first = denial.search(sentence) if denial else None
    return first is not None and claim is not None and claim.search(sentence, first.end()) is not None


def contradicted(clause: str, sentence: str, lang: str) -> bool:
    """Whether others than the relatives set men who were there against a denial ("activists, however, report ...")."""
    return has(DOUBT, lang, "witness", sentence) and has(DOUBT, lang, "against", sentence) and _traced(clause, lang)


def _traced(clause: str, lang: str) -> bool:
    """Whether the clause tells a trace of the men, as a fact: dead, wounded, prisoners; and not of bystanders."""
    told = told_part(clause, lang)
    seen = any(has(VOCABULARY, lang, kind, told) for kind in ("event", "captivity"))
    others = any(has(VOCABULARY, lang, kind, clause) for kind in ("fear", "law", "inplace", "home", "other"))
    return seen and not others and not has(DOUBT, lang, "bystander", clause) and not negated(clause, lang)


def kept_home(clause: str, lang: str) -> bool:
    """Whether a clause says of the men, as a fact or an assurance, that they serve at home."""
    if any(has(VOCABULARY, lang, kind, clause) for kind in ("law", "fear", "averse", "scarce", "other", "event")):
        return False
    named = has(VOCABULARY, lang, "subject", clause) or has(VOCABULARY, lang, "same", clause)
    return named and not negated(clause, lang)


def recalled(clause: str, finding: Finding, lang: str) -> bool:
    """Whether a clause that tells of a deployment says as well that it was ended."""
    withdrawn = has(VOCABULARY, lang, "withdrawn", clause) and not has(VOCABULARY, lang, "event", clause)
    return finding in (Finding.YES, Finding.ADMITTED) and withdrawn and not negated(clause, lang)


def verdicts(judged: list[Clause], pieces: list[tuple[str, str]], lang: str) -> list[Clause]:
    """Take back what a claim or video shows that the clause after it calls false ("...; it is staged")."""
    for at, (clause, (text, _)) in enumerate(zip(judged, pieces, strict=True)):
        claimed = clause.finding in (Finding.YES, Finding.NO, Finding.SILENT) and has(VOCABULARY, lang, "claim", text)
        placed = any(has(VOCABULARY, lang, kind, text) for kind in TOPIC) and has(VOCABULARY, lang, "subject", text)
        if claimed and placed and at + 1 < len(judged) and judged_false(pieces[at + 1][0], lang):
            denied = clause.finding is Finding.NO
            judged[at] = replace(clause, finding=Finding.DISPROVED if denied else Finding.NO)
    return judged


def rumours_checked(judged: list[Clause], pieces: list[tuple[str, str]], lang: str) -> tuple[Clause, ...]:
    """Take back what only a rumour told, where somebody checked it and found the men elsewhere."""
    for at, (clause, (_, sentence)) in enumerate(zip(judged, pieces, strict=True)):
        placed = any(has(VOCABULARY, lang, kind, sentence) for kind in TOPIC)
        open_still = clause.finding in (Finding.YES, Finding.SILENT)
        if not (open_still and placed and has(VOCABULARY, lang, "hearsay", sentence)):
            continue
        later = range(at + 1, len(judged))
        checks = [n for n in later if has(VOCABULARY, lang, "checked", pieces[n][0])]
        wrong = [n for n in later if has(VOCABULARY, lang, "inplace", pieces[n][0])]
        if checks and (wrong or any(negated(pieces[n][0], lang) for n in checks)):
            judged[at] = replace(clause, finding=Finding.SILENT)
        for n in wrong if checks else ():
            if judged[n].finding is Finding.SILENT:
                judged[n] = replace(judged[n], finding=Finding.NO)
    return tuple(judged)
