"""What a clause tells as having happened: not asked, refused, feared or planned, and not of another army's men."""

import re

from review.evidence_cues import cue, has, strip

VOCABULARY = "deployment"
TOPIC = ("zone", "battle", "captivity")


def asks(sentence: str) -> bool:
    """Whether the sentence is a question: it answers nothing."""
    return sentence.rstrip(" \"'»”“)]").endswith("?")


def own_part(clause: str, lang: str) -> str:
    """The clause without the comma parts that speak of another army only (same length)."""
    parts = clause.split(",")
    kept = [" " * len(p) if has(VOCABULARY, lang, "foreign", p) and of_others(p, lang) else p for p in parts]
    return ",".join(kept) if any(part.strip() for part in kept) else clause


def of_others(clause: str, lang: str) -> bool:
    """Whether the clause speaks of a neighbouring group or another army and not of the men asked about."""
    rest = strip(VOCABULARY, lang, "foreign", clause)
    return (rest != clause or has(VOCABULARY, lang, "other", rest)) and not has(VOCABULARY, lang, "subject", rest)


def told_part(text: str, lang: str, kinds: tuple[str, ...] = ("averse", "unreal")) -> str:
    """Leave out what is refused, feared, punished, planned or asked: from such a word to the end of its comma part.

    A word like "nevertheless" ends its reach: what follows did happen.
    """
    resume = cue(VOCABULARY, lang, "resume")
    for kind in kinds:
        pattern = cue(VOCABULARY, lang, kind)
        while pattern is not None and (match := pattern.search(text)) is not None:
            end = re.compile(r"[,;:.()]").search(text, match.end())
            again = resume.search(text, match.end()) if resume else None
            stops = [found.start() for found in (end, again) if found]
            stop = min(stops, default=len(text))
            text = text[: match.start()] + " " * (stop - match.start()) + text[stop:]
    return text


def tied(clause: str, lang: str) -> bool:
    """Whether the clause still ties a deed to the war zone."""
    topic = any(has(VOCABULARY, lang, kind, clause) for kind in TOPIC)
    return topic and any(has(VOCABULARY, lang, kind, clause) for kind in ("move", "event", "captivity", "deny"))
