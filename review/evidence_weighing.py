"""What a clause that meets a question's words really tells: it happened, it did not, nobody knows, or it only might.

Promises, fears, plans and possibilities cast no vote (method §2); "none recorded" gives the low end of the scale.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from review.evidence_counts import counts
from review.evidence_cues import cue, fold, has, strip

VOCABULARY = "weighing"
_REACH = 34  # characters before the words of the deed in which a negation belongs to it
_AFTER = 14  # and behind them ("geschlagen wurde niemand")
_MANY = 7  # so many counted cases are no isolated ones
Span = tuple[int, int]


class Told(StrEnum):
    """What one clause contributes."""

    YES = "yes"
    NO_CASES = "no-cases-found"
    DENIED = "denied"
    NEGATED = "negated"
    LACKING = "information-lacking"
    LIMITED = "no-further-case"
    UNREAL = "unreal"


def weigh(clause: str, lang: str, spans: Sequence[Span], sentence: str) -> Told:
    """Say what a folded clause of a sentence tells of the deed whose words stand in `spans` of the clause."""
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    rest = strip(VOCABULARY, lang, "aside", _blank(clause, spans))
    if has(VOCABULARY, lang, "despite", clause):
        return Told.YES
    if has(VOCABULARY, lang, "lack", sentence):
        return Told.LACKING
    limited = has(VOCABULARY, lang, "nomore", clause)
    if _overlaps_little(clause, lang, "nocases", spans):
        return Told.LIMITED if limited else Told.NO_CASES
    if has(VOCABULARY, lang, "deny", rest):
        return Told.DENIED
    if has(VOCABULARY, lang, "unreal", rest[:last]):
        return Told.UNREAL
    near = rest[max(0, first - _REACH) : last + _AFTER]
    if has(VOCABULARY, lang, "negation", near) or has(VOCABULARY, lang, "quantifier", rest[:last]):
        return Told.LIMITED if limited else Told.NEGATED
    return Told.YES


def _blank(clause: str, spans: Sequence[Span]) -> str:
    """The clause without the words of the deed (same length)."""
    for start, end in spans:
        clause = clause[:start] + " " * (end - start) + clause[end:]
    return clause


def _overlaps_little(clause: str, lang: str, kind: str, spans: Sequence[Span]) -> bool:
    """Whether a cue stands in the clause whose first word is no part of the deed's own words."""
    pattern = cue(VOCABULARY, lang, kind)
    found = pattern.finditer(clause) if pattern else ()
    return any(not any(start <= match.start() < end for start, end in spans) for match in found)


def unknown(sentence: str, lang: str) -> bool:
    """Whether the sentence says that information is missing."""
    return has(VOCABULARY, lang, "lack", sentence)


def divided(text: str, lang: str) -> bool:
    """Whether the passage says that accounts contradict each other."""
    if has(VOCABULARY, lang, "divided", text):
        return True
    one, other = cue(VOCABULARY, lang, "one_side"), cue(VOCABULARY, lang, "other_side")
    found = one.search(text) if one else None
    return found is not None and other is not None and other.search(text, found.end()) is not None


def denies(clause: str, lang: str) -> bool:
    """Whether the clause says that somebody denies something, and does not go on to disprove it."""
    return has(VOCABULARY, lang, "deny", clause) and not has(VOCABULARY, lang, "despite", clause)


def scoped(clause: str, lang: str) -> bool:
    """Whether the clause only says whom a measure reaches ("reservists who are called up do not fall under it")."""
    return has(VOCABULARY, lang, "scope", clause)


def drafted(clause: str, lang: str) -> bool:
    """Whether a law is only proposed: it is not in force."""
    return has(VOCABULARY, lang, "bill", clause)


def extent(text: str, lang: str) -> str:
    """The stated extent of what the text tells; without one it is isolated (method §2)."""
    return stated_extent(text, lang) or "isolated"


def stated_extent(text: str, lang: str) -> str | None:
    """The extent that quantity words or a count state, or None."""
    folded = fold(text).text
    if has(VOCABULARY, lang, "isolated", folded) or has(VOCABULARY, lang, "nomore", folded):
        return "isolated"
    for value in ("systematic", "regular"):
        pattern = cue(VOCABULARY, lang, value)
        for match in pattern.finditer(folded) if pattern else ():
            if not has(VOCABULARY, lang, "negation", folded[max(0, match.start() - 12) : match.start()]):
                return value
    return "regular" if any(value >= _MANY for value, _ in counts(folded, lang)) else None


def ends_as_question(sentence: str) -> bool:
    """Whether the sentence asks: it answers nothing."""
    return re.search(r"\?[\s\"'»”“)\]]*$", sentence) is not None
