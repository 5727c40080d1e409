"""Who is speaking: an official speaker by card, or a name as the text gives it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from review.declarations import Speaker
from review.evidence_cues import LANGUAGES, compiled, cue, fold

_WORD = r"[A-ZА-ЯЁЇІЄҐ][\w.&'’-]*"
_NAME = rf"(?:(?:the|de|het|die|der|le|la|l')\s+)?({_WORD}(?:\s+(?:of|for|the|van|de|der|и|{_WORD})){{0,5}})"
_TRAIL = re.compile(r"\s+(?:of|for|the|van|de|der|и)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The one a statement is attributed to: a speaker's id, or a free name; with its span in the text."""

    speaker_id: str | None
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SpeakerIndex:
    """Compiled name patterns of every speaker, by language."""

    by_language: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
    anyone: dict[str, re.Pattern[str] | None]  # all names of a language at once: most texts name nobody

    @classmethod
    def of(cls, speakers: Iterable[Speaker]) -> "SpeakerIndex":
        """Compile the cards once; the order of ids decides between equal matches."""
        cards = sorted(speakers, key=lambda card: card.id)
        tables: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
        anyone: dict[str, re.Pattern[str] | None] = {}
        for lang in LANGUAGES:
            found = [(card.id, compiled(getattr(card.names, lang))) for card in cards]
            anyone[lang] = compiled(name for card in cards for name in getattr(card.names, lang))
            tables[lang] = tuple((card_id, pattern) for card_id, pattern in found if pattern is not None)
        return cls(tables, anyone)

    def named(self, text: str, lang: str) -> tuple[Voice, ...]:
        """Every speaker named in the text, longest name first where names overlap, then in text order."""
        folded = fold(text)
        anyone = self.anyone.get(lang)
        if anyone is None or anyone.search(folded.text) is None:
            return ()
        hits: list[tuple[int, int, str]] = []
        for card_id, pattern in self.by_language.get(lang, ()):
            hits += [(m.start(), m.end(), card_id) for m in pattern.finditer(folded.text)]
        hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0], hit[2]))
        taken: list[tuple[int, int, str]] = []
        for hit in hits:
            if not any(hit[0] < end and start < hit[1] for start, end, _ in taken):
                taken.append(hit)
        voices = []
        for first, last, card_id in sorted(taken):
            start, end = folded.original(first, last)
            voices.append(Voice(speaker_id=card_id, name=text[start:end], start=start, end=end))
        return tuple(voices)


def attributed_to(sentence: str, lang: str, speakers: SpeakerIndex) -> Voice | None:
    """Whom this sentence hands its statement to, or None where it speaks for itself.

    A declared speaker beside a word of saying wins; else the name that follows "according to" and the like.
    """
    folded = fold(sentence)
    according, says = cue("attribution", lang, "according"), cue("attribution", lang, "says")
    marks = [m for pattern in (according, says) if pattern for m in pattern.finditer(folded.text)]
    if not marks:
        return None
    voices = speakers.named(sentence, lang)
    if voices:
        places = [folded.original(m.start(), m.end()) for m in marks]
        return min(voices, key=lambda v: (min(min(abs(v.start - e), abs(s - v.end)) for s, e in places), v.start))
    for match in according.finditer(folded.text) if according else ():
        start = folded.original(match.start(), match.end())[1]
        if name := named_after(sentence, start):
            return name
    return None


def named_after(text: str, start: int) -> Voice | None:
    """The capitalised name that begins right after `start`, if one does."""
    match = re.compile(r"\s*[\"'«„“(]?\s*" + _NAME).match(text, start)
    if match is None:
        return None
    name = _TRAIL.sub("", match.group(1).rstrip(".,'’"))
    return Voice(speaker_id=None, name=name, start=match.start(1), end=match.start(1) + len(name))
