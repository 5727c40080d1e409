"""Outlets that a text hands its statement to: a collected publisher, a declared outlet, or a free name (method §3)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from review.evidence_cues import cue, fold
from review.evidence_voices import SpeakerIndex, named_after
from review.origins_letters import sentences_of
from review.origins_library import Library, outlets, slug
from review.origins_types import OriginDoc

LEAD_SENTENCES = 3
NEAR_WORDS = 6  # between an outlet's name and a word of quoting
BESIDE_WORDS = 1  # and a plain word of saying ("said", which anyone near the name may have done)
_Mark = tuple[int, int, int]  # start, end, words that may stand between it and a name
READ_ALSO = re.compile(
    r"(?:read|see) (?:also|more)|lees ook|zie ook|читайте также|читайте також|lesen sie auch|lire aussi", re.IGNORECASE
)
AGAINST = re.compile(
    r"contrary to|contradict|disput|incorrect|in tegenspraak|anders dan|вопреки|опроверг|entgegen|contrairement",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\s*([A-ZА-ЯЁЇІЄҐÀ-Þ][\w.&'’-]*(?:\s+[A-ZА-ЯЁЇІЄҐÀ-Þ][\w.&'’-]*){0,3})")
_QUOTED = re.compile(r"\s*[\"«„“]\s*([A-ZА-ЯЁЇІЄҐÀ-Þ][^\"«»„“”\n]{2,40}?)\s*[\"»“”]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An outlet named in a sentence: a collected publisher's id, or the slug of a declared or free name."""

    publisher: str | None
    slug: str
    name: str
    start: int
    end: int
    lead: bool


_KINDS = (("quoting", NEAR_WORDS), ("beside", BESIDE_WORDS))


def mentions(doc: OriginDoc, library: Library, speakers: SpeakerIndex) -> Iterator[Mention]:
    """Outlets named beside a word of quoting, sentence by sentence; never the document's own publisher."""
    kinds = ((cue("attribution", doc.lang, kind), most) for kind, most in _KINDS)
    patterns = [(pattern, most) for pattern, most in kinds if pattern is not None]
    for number, (start, end) in enumerate(sentences_of(doc.text)):
        sentence = doc.text[start:end]
        folded = fold(sentence)
        marks = [(*m.span(), most) for pattern, most in patterns for m in pattern.finditer(folded.text)]
        if not marks or READ_ALSO.search(sentence) or AGAINST.search(sentence):
            continue
        lead = number < LEAD_SENTENCES
        found = [
            (publisher, key, sentence[a:b])
            for publisher, key, first, last in _known(folded.text, marks, doc, library)
            for a, b in [folded.original(first, last)]
            if _is_name(sentence[a:b])
        ]
        for publisher, key, name in found:
            yield Mention(publisher=publisher, slug=key, name=name, start=start, end=end, lead=lead)
        for name in () if found else _free(sentence, doc, marks, speakers):
            yield Mention(publisher=None, slug=slug(name), name=name, start=start, end=end, lead=lead)


def _free(sentence: str, doc: OriginDoc, marks: Sequence[_Mark], speakers: SpeakerIndex) -> Iterator[str]:
    """Names that nobody declared: after words that hand over to a publication, or that call it one ("the daily X")."""
    folded = fold(sentence)
    own = {name.lower() for name in (*doc.names, doc.publisher)}
    for kind in ("handing", "outlet"):
        pattern = cue("attribution", doc.lang, kind)
        for match in pattern.finditer(folded.text) if pattern else ():
            after = folded.original(match.start(), match.end())[1]
            voice = named_after(sentence, after)
            if kind == "outlet":  # the name of a paper has no "of" in it, and its clause a word of quoting
                titled = _QUOTED.match(sentence, after) or _TITLED.match(sentence, after)
                near = _near(folded.text, match.span(), marks)
                name = titled.group(1).rstrip(".,'’-") if titled and near else ""
                name = re.sub(r"^Telegram\s+", "", name)
            else:
                name = voice.name if voice else ""
            if len(name) > 2 and name.lower() not in own and not speakers.named(name, doc.lang):
                yield name
                return


def _known(
    text: str, marks: Sequence[_Mark], doc: OriginDoc, library: Library
) -> Iterator[tuple[str | None, str, int, int]]:
    """Collected publishers and declared outlets within six words of a word of quoting."""
    if library.anyone is None or library.anyone.search(text) is None:
        return
    own = next((r for p, r in library.names if p == doc.publisher), None)
    tables: list[tuple[str | None, str, re.Pattern[str]]] = [
        (p, slug(p), r) for p, r in library.names if p != doc.publisher
    ]
    tables += [(None, key, r) for key, r in outlets() if key != slug(doc.publisher)]
    hits = [
        (match.start() - match.end(), number, match.start(), match.end())
        for number, (_, _, pattern) in enumerate(tables)
        for match in pattern.finditer(text)
        if not (own and own.fullmatch(match.group()))
    ]
    taken: list[tuple[int, int]] = []
    for _, number, first, last in sorted(hits):  # the longest name first: Novaya Gazeta Europe before Novaya Gazeta
        if any(first < e and s < last for s, e in taken):
            continue
        taken.append((first, last))
        in_mark = text[first - 1 : first] in _BRACKETS and text[last : last + 1] in _BRACKETS  # (ANP/AFP)
        if not in_mark and _near(text, (first, last), marks):
            yield tables[number][0], tables[number][1], first, last


def _is_name(words: str) -> bool:
    """Whether the text writes a name with a capital, or a name that has none (dpa, nu.nl)."""
    return any(c.isupper() for c in words) or "." in words or words in _SMALL


_SMALL = frozenset({"dpa", "epd", "kna"})


def _near(text: str, name: tuple[int, int], marks: Sequence[_Mark]) -> bool:
    return any(_words_between(text, name, (start, end)) <= most for start, end, most in marks)


_BRACKETS = frozenset("()[]/")


def _words_between(text: str, one: tuple[int, int], two: tuple[int, int]) -> int:
    """Words between two spans of one sentence; 0 where they touch or overlap."""
    between = text[min(one[1], two[1]) : max(one[0], two[0])]
    return len(re.findall(r"\w+", between))
