"""One named interviewee in several documents: proposed as one origin (method §3 rule 3)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from review.evidence_cues import cue, fold
from review.evidence_voices import SpeakerIndex
from review.origins_facts import latin
from review.origins_letters import sentences_of
from review.origins_types import NEAR_DAYS, Certainty, OriginDoc, OriginLink, Rule

WORDS_BETWEEN = 8  # "Ivan Petrov of the mothers' committee in Pskov told": from the name to the word of saying
_CAPITAL = r"[A-ZА-ЯЁЇІЄҐÀ-ÖØ-Þ]"
_PART = rf"{_CAPITAL}[\w'’]*[^\W\d_A-ZА-ЯЁЇІЄҐ](?:-{_CAPITAL}\w+)?"
_BETWEEN = rf"\s+(?:{_CAPITAL}\.\s*)?(?:(?:van|von|de|der|den|ten|ter|du|le|la)\s+)*"
_WHO = re.compile(rf"(?<![\w-]){_PART}(?:{_BETWEEN}{_PART}){{0,3}}(?![\w-])")
_PARTS = re.compile(_PART)
_PAIR = re.compile(r"(?<![\w-])" + _PART + _BETWEEN + _PART)
_INITIAL = re.compile(rf"(?<![\w.-])({_CAPITAL})\.\s?(?:{_CAPITAL}\.\s?)?({_PART})(?![\w-])")  # O. Ivanova
# A place or a body stands after these: "in Nizhny Novgorod", "of Human Rights".
_NO_SPEAKER = re.compile(
    r"(?:^|\s)(?:in|near|at|from|of|to|for|the|bij|uit|het|в|во|на|под|из|с|у|біля|bei|aus|à)\s+$", re.I
)


_Stem = tuple[str, str]  # first and last name, the same for every spelling and case ending


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    """A person quoted in one sentence of a document, with every first and last name that the words can be."""

    names: Mapping[_Stem, str]
    doc: OriginDoc
    day: date
    start: int
    end: int


def interviews(documents: Sequence[OriginDoc], speakers: SpeakerIndex) -> Iterator[OriginLink]:
    """Propose one origin for the sentences in which documents within two weeks of each other quote one person.

    Undated documents are left out, as are officials with a card (their statements merge by card and day).
    """
    found = [quoted for doc in documents for quoted in _quoted(doc, speakers)]
    told: dict[_Stem, set[tuple[date, str]]] = defaultdict(set)
    for quoted in found:
        for stem in quoted.names:
            told[stem].add((quoted.day, quoted.doc.id))
    found = [_written_out(quoted, told) for quoted in found]
    by_person: dict[_Stem, list[_Quoted]] = defaultdict(list)
    for quoted in found:  # of "Activist Ivan Petrov" the name is what most documents of these weeks have
        by_person[max(quoted.names, key=lambda stem: (_heard(told[stem], quoted.day), stem))].append(quoted)
    for stem, said in sorted(by_person.items()):
        for group in _rounds(sorted(said, key=lambda q: (q.day, q.doc.id, q.start))):
            if len({q.doc.id for q in group}) > 1:
                yield from _proposed(stem, group)


def _written_out(quoted: _Quoted, told: Mapping[_Stem, set[tuple[date, str]]]) -> _Quoted:
    """For a first name that is only an initial the full name that most documents of these weeks have with it."""
    if any(len(first) > 1 for first, _ in quoted.names):
        return quoted
    fits = [
        stem for stem in told
        if len(stem[0]) > 1 and _heard(told[stem], quoted.day) and (stem[0][0], stem[1]) in quoted.names
    ]  # fmt: skip
    if not fits:
        return quoted
    best = max(fits, key=lambda stem: (_heard(told[stem], quoted.day), stem))
    return replace(quoted, names={best: next(iter(quoted.names.values()))})


def stems_of(doc: OriginDoc, speakers: SpeakerIndex) -> frozenset[_Stem]:
    """Every name that somebody quoted in the document may have, and each with the initial of the first name only."""
    full = {stem for quoted in _quoted(doc, speakers) for stem in quoted.names}
    return frozenset(full | {(first[:1], last) for first, last in full})


def _heard(told: set[tuple[date, str]], day: date) -> int:
    return sum(abs((when - day).days) <= NEAR_DAYS for when, _ in told)


def _rounds(told: Sequence[_Quoted]) -> Iterator[list[_Quoted]]:
    """Cut a person's quotations, sorted by day, where two weeks pass without one, and after a month.

    Who is quoted all the time (a spokesman, a monitor) says something new each time.
    """
    group: list[_Quoted] = []
    for quoted in told:
        if group and (
            (quoted.day - group[-1].day).days > NEAR_DAYS or (quoted.day - group[0].day).days > 2 * NEAR_DAYS
        ):
            yield group
            group = []
        group.append(quoted)
    if group:
        yield group


def _proposed(stem: _Stem, group: Sequence[_Quoted]) -> Iterator[OriginLink]:
    first = group[0]
    name = first.names[stem]
    key = "-".join(re.findall(r"\w+", latin(name.lower())))
    number = len({q.doc.id for q in group})
    for quoted in group:
        yield OriginLink(
            child=quoted.doc.key, parent=f"said:{key}:{first.day.isoformat()}", label=f"{name}, {first.day}",
            rule=Rule.STATEMENT, certainty=Certainty.PROPOSED, start=quoted.start, end=quoted.end,
            why=f"{quoted.names[stem]} is quoted in {number} documents within two weeks.",
        )  # fmt: skip


def _quoted(doc: OriginDoc, speakers: SpeakerIndex) -> Iterator[_Quoted]:
    """Every person who speaks in a sentence of the document and whose first and last name stand somewhere in it."""
    if doc.published_on is None or (_PAIR.search(doc.text) or _INITIAL.search(doc.text)) is None:
        return
    own = {name.lower() for name in (*doc.names, doc.publisher)}
    whole: dict[str, dict[_Stem, str]] = defaultdict(dict)  # last name -> full names met so far
    for start, end in sentences_of(doc.text):
        sentence = doc.text[start:end]
        for person in _WHO.finditer(sentence):
            names = _names(person.group())
            for stem, name in names.items():
                whole[stem[1]][stem] = name
            names = names or whole.get(_plain(person.group())[:5], {})
            if not names or person.group().lower() in own or not _speaks(sentence, person.span(), doc.lang):
                continue
            if not speakers.named(person.group(), doc.lang):
                yield _Quoted(names=dict(names), doc=doc, day=doc.published_on, start=start, end=end)
        for person in _INITIAL.finditer(sentence):
            stem = (_plain(person[1])[:1], _plain(person[2])[:5])
            if _speaks(sentence, person.span(), doc.lang) and not speakers.named(person[2], doc.lang):
                yield _Quoted(names={stem: person.group()}, doc=doc, day=doc.published_on, start=start, end=end)


def _names(words: str) -> dict[_Stem, str]:
    """Every reading of a row of capitalised words as first and last name: Ivan Petrov, Ивана Петрова, Iwan Petrow."""
    parts = _PARTS.findall(words)
    pairs = [(one, two) for at, one in enumerate(parts) for two in parts[at + 1 :]]
    return {(_plain(one)[:4], _plain(two)[:5]): f"{one} {two}" for one, two in pairs}


def _plain(name: str) -> str:
    return latin("".join(re.findall(r"\w+", name.lower())))


def _marks(sentence: str, lang: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Spans of "according to" and the like with those of "met" and "spoke to", and of words of saying."""
    folded = fold(sentence)
    found = []
    for kinds in (("according", "met"), ("says",)):
        patterns = [pattern for kind in kinds if (pattern := cue("attribution", lang, kind)) is not None]
        found.append([folded.original(*m.span()) for pattern in patterns for m in pattern.finditer(folded.text)])
    return found[0], found[1]


def _speaks(sentence: str, person: tuple[int, int], lang: str) -> bool:
    """Whether the words hand the statement to this person: "according to" shortly before, or a word of saying near."""
    before, beside = _marks(sentence, lang)
    if any(end <= person[0] and _words(sentence[end : person[0]]) <= WORDS_BETWEEN // 2 for _, end in before):
        return True
    if _NO_SPEAKER.search(sentence[: person[0]]):
        return False
    gaps = (sentence[person[1] : start] if start >= person[1] else sentence[end : person[0]] for start, end in beside)
    return any(_words(gap) <= WORDS_BETWEEN for gap in gaps)


def _words(text: str) -> int:
    return len(re.findall(r"[\w'’-]+", text))
