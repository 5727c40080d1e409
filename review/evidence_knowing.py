"""How the source of a passage knows what it tells: found out itself, hearsay that names nobody, or not said."""

from collections.abc import Sequence
from enum import StrEnum

from review.evidence_cues import fold, has, sentences

VOCABULARY = "doubt"


class Known(StrEnum):
    """What the sentences of a statement say about how it is known."""

    OWN = "own"
    HEARSAY = "hearsay"
    TOLD = "told"  # somebody told it to the source
    UNSAID = "unsaid"


def known(text: str, lang: str, spans: Sequence[tuple[int, int]]) -> Known:
    """How it is known what stands in the spans; one sentence of hearsay makes hearsay of the whole."""
    told = [
        fold(text[a:b]).text for a, b in sentences(text) if any(a < end and start < b for start, end in spans)
    ]  # fmt: skip
    if any(has(VOCABULARY, lang, "hearsay", sentence) for sentence in told):
        return Known.HEARSAY
    if any(has(VOCABULARY, lang, "told_us", sentence) for sentence in told):
        return Known.TOLD
    return Known.OWN if any(has(VOCABULARY, lang, "own", sentence) for sentence in told) else Known.UNSAID
