"""Who is speaking: an official speaker by card, or a name as the text gives it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from review.cue_words import fold
from review.declarations import Speaker
from review.evidence_cues import LANGUAGES, Folded, compiled, cue, has, sentences, strip

_WORD = r"[A-ZА-ЯЁЇІЄҐ][\w.&'’-]*"
_NAME = rf"(?:(?:the|de|het|die|der|le|la|l')\s+)?({_WORD}(?:\s+(?:of|for|the|van|de|der|и|{_WORD})){{0,5}})"
UNNAMED = "unnamed"
_QUOTES = re.compile(r"[«„“]|[»”]|\"")
# Behind a word of saying these open what is said: whoever stands in there is spoken of.
_THAT = re.compile(r"\b(?:that|dat|что|що|dass|que|qu)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?]")
_TRAIL = re.compile(r"(?<!\s)\s+(?:of|for|the|van|de|der|и)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The one a statement is attributed to: a speaker's id, or a free name; with its span in the text."""

    speaker_id: str | None
    name: str
    start: int
    end: int


NOBODY = Voice(speaker_id=None, name=UNNAMED, start=0, end=0)


@dataclass(frozen=True, slots=True)
class SpeakerIndex:
    """Compiled name patterns of every speaker, by language."""

    by_language: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
    anyone: dict[str, re.Pattern[str] | None]  # all names of a language at once: most texts name nobody
    titles: dict[str, str]  # speaker -> the name for people

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
        return cls(tables, anyone, {card.id: card.title for card in cards})

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

    A declared speaker beside a word of saying wins, or one who shows something; else the name that follows "according
    to" and the like. Who did something earlier ("a day after the president had denied it") does not say this.
    """
    folded = fold(sentence)
    according, says = cue("attribution", lang, "according"), cue("attribution", lang, "says")
    marks = [m for pattern in (according, says) if pattern for m in pattern.finditer(folded.text)]
    places = [folded.original(m.start(), m.end()) for m in marks]
    shown = [] if places else _shown(sentence, lang)
    if not places and not shown:
        return None
    named = speakers.named(sentence, lang)
    if not places:
        return next((v for v in named for s, _ in shown if _right_before(sentence[v.end : s])), None)
    voices = [v for v in named if any(_says(sentence, lang, v, place) for place in places)]
    before = _earlier(folded, lang) if voices else []
    if before and any(not _within(start, before) for start, _ in places):
        voices = [v for v in voices if not _within(v.start, before)]
    if voices:
        return min(voices, key=lambda v: (min(min(abs(v.start - e), abs(s - v.end)) for s, e in places), v.start))
    for match in according.finditer(folded.text) if according else ():
        start = folded.original(match.start(), match.end())[1]
        if name := named_after(sentence, start):
            return name
    return None


def _shown(sentence: str, lang: str) -> list[tuple[int, int]]:
    """Where the sentence has words of showing ("Officers showed this paper ...")."""
    folded, pattern = fold(sentence), cue("attribution", lang, "shows")
    return [folded.original(*m.span()) for m in pattern.finditer(folded.text)] if pattern else []


def _right_before(gap: str) -> bool:
    return len(gap.split()) <= 2 and _CLAUSE.search(gap) is None


def _within(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _earlier(folded: Folded, lang: str) -> list[tuple[int, int]]:
    """The clauses about what was said or done before: from the words that open one to its end."""
    pattern = cue("attribution", lang, "earlier")
    found = []
    for match in pattern.finditer(folded.text) if pattern else ():
        end = _CLAUSE.search(folded.text, match.end())
        found.append(folded.original(match.start(), end.start() if end else len(folded.text)))
    return found


def named_after(text: str, start: int) -> Voice | None:
    """The capitalised name that begins right after `start`, if one does."""
    match = re.compile(r"\s*[\"'«„“(]?\s*" + _NAME).match(text, start)
    if match is None:
        return None
    name = _TRAIL.sub("", match.group(1).rstrip(".,'’"))
    return Voice(speaker_id=None, name=name, start=match.start(1), end=match.start(1) + len(name))


def sayer(
    text: str, lang: str, speakers: SpeakerIndex, spans: Sequence[tuple[int, int]], *, denies: bool
) -> Voice | None:
    """Who says what stands in the spans; None where the source itself does. A declared speaker goes before a name.

    A saying word without a known speaker gives an `UNNAMED` voice: the source repeats somebody. With `denies` a
    declared speaker counts who is only named in the sentence or beside it: a party's denial is never the source's own.
    """
    parts = list(sentences(text))
    found = []
    for number, (first, last) in enumerate(parts):
        if any(first < end and start < last for start, end in spans):
            before = [text[a:b] for a, b in parts[max(0, number - 2) : number]]
            after = text[slice(*parts[number + 1])] if number + 1 < len(parts) else ""
            found.append(_sayer_of(text[first:last], lang, speakers, before, quoted=_in_quotes(text[:first])))
            if denies and (found[-1] is None or found[-1].speaker_id is None):
                found.append(_named_beside(text[first:last], lang, speakers, before[-1:], after))
    voices = [voice for voice in found if voice is not None]
    return next((v for v in voices if v.speaker_id), voices[0] if voices else None)


def _sayer_of(sentence: str, lang: str, speakers: SpeakerIndex, before: Sequence[str], *, quoted: bool) -> Voice | None:
    """The voice of one sentence: named in it, set before a colon or after a dash, or carried over from before."""
    own = attributed_to(sentence, lang, speakers) or _headed(sentence, lang, speakers)
    if own is not None:
        return own
    folded = fold(sentence)
    plain = strip("attribution", lang, "unsaid", folded.text)
    says = cue("attribution", lang, "says")
    marks = [m.span() for m in says.finditer(plain)] if says else []
    if quoted or any(has("attribution", lang, "again", plain[max(0, s - 30) : e + 30]) for s, e in marks):
        for earlier in reversed(before):
            if named := speakers.named(earlier, lang):
                return named[0]
    for first, last in marks:
        start, end = folded.original(first, last)
        turned = sentence[:start].rstrip().endswith((",", '"', "”", "»", "’"))  # ", said Ivan Petrov"
        if name := _name_before(sentence, start) or (named_after(sentence, end) if turned else None):
            return name
    return NOBODY if marks or quoted else None


def _says(sentence: str, lang: str, voice: Voice, place: tuple[int, int]) -> bool:
    """Whether the word of saying can be the speaker's: no deed stands between ("the army sent them, mothers said")."""
    gap = sentence[voice.end : place[0]] if voice.end <= place[0] else sentence[place[1] : voice.start]
    if voice.start >= place[1] and _THAT.search(gap):
        return False
    return len(gap.split()) <= 3 or not any(has("deployment", lang, kind, fold(gap).text) for kind in ("move", "event"))


def _headed(sentence: str, lang: str, speakers: SpeakerIndex) -> Voice | None:
    """A speaker set before a colon ("TASS: ...") or after a closing dash ("... - the Kremlin")."""
    for voice in speakers.named(sentence, lang):
        head, tail = sentence[: voice.start], sentence[voice.end :]
        colon = re.match(r"[^.;,:!?\"«“]{0,60}:", tail) is not None and len(head) <= 60
        if colon or (re.search(r"\s[-–—]\s*(?:\w+\s){0,3}$", head) is not None and len(tail.split()) <= 4):
            return voice
    return None


def _named_beside(sentence: str, lang: str, speakers: SpeakerIndex, before: Sequence[str], after: str) -> Voice | None:
    """A declared speaker named in the sentence, in the one before, or said to have said it in the one after."""
    for part in (sentence, *before):
        if named := speakers.named(part, lang):
            return named[0]
    voice = attributed_to(after, lang, speakers) if after else None
    return voice if voice is not None and voice.speaker_id else None


def _in_quotes(before: str) -> bool:
    """Whether a quotation that began before is still open."""
    level = 0
    for mark in _QUOTES.findall(before):
        level = (0 if level else 1) if mark == '"' else max(0, level + (1 if mark in "«„“" else -1))
    return level > 0


def _name_before(text: str, end: int) -> Voice | None:
    """The capitalised name that ends right before `end`, if one does; a first word alone is no name."""
    match = re.search(rf"({_WORD}(?:\s+{_WORD}){{0,3}})\s+(?:(?:has|had|also)\s+)?$", text[:end])
    if match is None or (match.start(1) == 0 and " " not in match.group(1)):
        return None
    name = match.group(1).rstrip(".,'’")
    return Voice(speaker_id=None, name=name, start=match.start(1), end=match.start(1) + len(name))
