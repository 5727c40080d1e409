"""What a sentence does not tell, though its words stand there: imagined, taken back, not confirmed, or not said."""

from review.evidence_cues import cue, has

VOCABULARY = "doubt"


def imagined(clause: str, lang: str) -> bool:
    """Whether a folded clause sets up an unreal condition ("had they been there, ...") or tells a work."""
    opened = cue(VOCABULARY, lang, "inverted")
    turned = opened is not None and opened.match(clause.lstrip("\"'«„“”([ ")) is not None
    if turned and _wants(clause, lang, skip=1):
        return True
    return (has(VOCABULARY, lang, "if", clause) and has(VOCABULARY, lang, "would", clause)) or has(
        VOCABULARY, lang, "fiction", clause
    )


def _wants(clause: str, lang: str, *, skip: int) -> bool:
    """Whether a word of the unreal consequence follows after the first `skip` words."""
    rest = clause.split(" ", skip)[-1]
    return has(VOCABULARY, lang, "would", rest)


def taken_back(sentence: str, lang: str) -> bool:
    """Whether somebody takes back, in this folded sentence, what was reported."""
    if has(VOCABULARY, lang, "report", sentence) and has(VOCABULARY, lang, "retracted", sentence):
        return True
    heading = cue(VOCABULARY, lang, "correction")
    return heading is not None and heading.match(sentence.lstrip()) is not None


def unverified(clause: str, lang: str) -> bool:
    """Whether somebody could not confirm what the folded clause goes on to say: unknown, never a vote."""
    return has(VOCABULARY, lang, "unverified", clause)


def said_part(clause: str, lang: str) -> str:
    """The clause up to where it names what nobody said ("has not said how many ..."); same length."""
    pattern = cue(VOCABULARY, lang, "unasked")
    found = pattern.search(clause) if pattern else None
    return clause if found is None else clause[: found.start()].ljust(len(clause))
