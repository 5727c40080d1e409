"""What a clause tells as having happened: not asked, refused, feared or planned, and not of another army's men."""

import re

from review.evidence_cues import cue, fold, has, strip

VOCABULARY = "deployment"
_LIST = 5  # so many words at most lie between the members of a list: "conscripts, mobilised men and volunteers"
_NOT_FALSE = 12  # characters before a verdict in which a negation belongs to it
TOPIC = ("zone", "battle", "captivity")


def of_russia(text: str, lang: str, country: str | None) -> bool:
    """Whether a passage of this country can be about Russia's army: RU, none, or UA with Russia not only the enemy."""
    named = has(VOCABULARY, lang, "russia", strip(VOCABULARY, lang, "foe", fold(text).text))
    return country in (None, "RU") or (country == "UA" and named)


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


def nearer_others(clause: str, lang: str) -> bool:
    """Whether the man named last ahead of the place is of a neighbouring group, and not one of a list with the men."""
    zone, subject, other = (cue(VOCABULARY, lang, kind) for kind in ("zone", "subject", "other"))
    place = zone.search(clause) if zone else None
    if place is None or subject is None or other is None:
        return False
    ahead = clause[: place.start()]
    men, rest = [list(pattern.finditer(ahead)) for pattern in (subject, other)]
    if not men or not rest or rest[-1].start() < men[-1].end():
        return False
    between = ahead[men[-1].end() : rest[-1].start()]
    return "," in between and len(between.split()) > _LIST


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


def called_false(clause: str, lang: str) -> str | None:
    """What a clause calls false ("it is false that ...", "reports that ... are fake"); None where nothing."""
    if (found := _first(clause, lang, "false")) is not None:
        return clause[found.end() :]
    claim = _first(clause, lang, "claim")
    verdict = _verdict(clause, lang, claim.end()) if claim else None
    return clause[claim.end() : verdict.start()] if claim and verdict else None


def judged_false(clause: str, lang: str) -> bool:
    """Whether a clause of no claim or men of its own calls false what stands before it ("...; it is staged")."""
    return _verdict(clause, lang, 0) is not None and not has(VOCABULARY, lang, "subject", clause)


def _verdict(clause: str, lang: str, since: int) -> re.Match[str] | None:
    """The word that calls something false, unless it is denied itself ("it is no fake")."""
    bogus, negation = cue(VOCABULARY, lang, "bogus"), cue(VOCABULARY, lang, "negation")
    for found in bogus.finditer(clause, since) if bogus else ():
        if negation is None or negation.search(clause, max(since, found.start() - _NOT_FALSE), found.start()) is None:
            return found
    return None


def unsaid(clause: str, lang: str) -> bool:
    """Whether a denial is itself denied, or no sign is found that something is *not* so: neither answers."""
    if has(VOCABULARY, lang, "undenied", clause):
        return True
    found, that = _first(clause, lang, "nocases"), cue(VOCABULARY, lang, "that")
    content = that.search(clause, found.start()) if found and that else None
    return content is not None and has(
        VOCABULARY, lang, "negation", strip(VOCABULARY, lang, "aside", clause[content.end() :])
    )


def blurred(clause: str, lang: str, whole: str) -> bool:
    """Whether mobilised men are called conscripts, or the men had signed a contract: nobody can tell who is meant."""
    mobilised, subject = cue(VOCABULARY, lang, "mobilised"), cue(VOCABULARY, lang, "subject")
    if mobilised is None or subject is None:
        return False
    if has(VOCABULARY, lang, "signed", clause) and not has(VOCABULARY, lang, "negation", clause):
        return True
    if has(VOCABULARY, lang, "these", clause) and mobilised.search(whole):
        return True
    men = [m.span() for m in subject.finditer(clause)]
    for found in mobilised.finditer(clause):
        gaps = [clause[found.end() : start] for start, _ in men if start >= found.end()][:1]
        gaps += [
            clause[end : found.start()]
            for _, end in men
            if end <= found.start() and "," not in clause[end : found.start()]
        ][-1:]
        if any(len(gap.split()) <= 4 and not has(VOCABULARY, lang, "joined", gap) for gap in gaps):
            return True
    return False


def uncarried(text: str, lang: str) -> str:
    """The text without the words for prisoners brought over, where they were taken on own soil (same length)."""
    taken = has(VOCABULARY, lang, "soil", text) and has(VOCABULARY, lang, "event", text)
    return strip(VOCABULARY, lang, "carried", text) if taken else text


def about_the_page(sentence: str, lang: str) -> bool:
    """Whether a sentence speaks of the page itself: "last updated on 18 November"."""
    return has(VOCABULARY, lang, "page", fold(sentence).text)


def told_before_fear(clause: str, lang: str) -> bool:
    """Whether a deed is told ahead of the fear or threat that the clause speaks of; without fear, always."""
    fear = cue(VOCABULARY, lang, "fear")
    found = fear.search(clause) if fear else None
    if found is None:
        return True
    ahead = clause[: found.start()]
    return has(VOCABULARY, lang, "move", ahead) and any(has(VOCABULARY, lang, kind, ahead) for kind in TOPIC)


def lacks(clause: str, lang: str) -> bool:
    """Whether missing *information* is meant (no vote), rather than a search that found nothing (a vote)."""
    return has(VOCABULARY, lang, "lack", strip(VOCABULARY, lang, "nocases", clause))


def off_border(text: str, lang: str) -> str:
    """The text without the words for the border and for an enemy who came across it."""
    return strip(VOCABULARY, lang, "frontier", text)


def _first(clause: str, lang: str, kind: str) -> re.Match[str] | None:
    pattern = cue(VOCABULARY, lang, kind)
    return pattern.search(clause) if pattern else None
