"""What is denied, and what answers a denial: men kept at home, relatives with other news, rumours that were checked."""

from dataclasses import replace

from review.evidence_cues import has, strip
from review.evidence_stance import Clause, Finding
from review.evidence_told import TOPIC, VOCABULARY, told_part

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
