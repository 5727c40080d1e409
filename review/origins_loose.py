"""One sentence or one incident told in other words: proposed, never merged (method §3 rules 1 and 3).

A sentence with words put in between has nearly all words of the other, in whatever order. An incident is told by two
where a sentence of each gives the same day, the same deed and a name in common, and no other figures.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from review.encoders import encoder
from review.evidence_cues import LANGUAGES, compiled, cue, fold, vocabularies
from review.evidence_dates import facts_dates
from review.origins_copies import age
from review.origins_facts import names_of
from review.origins_letters import sentences_of
from review.origins_prints import LEAST_BAG, print_of, sketch
from review.origins_types import CARRIERS, NEWS_CHARACTERS, Certainty, OriginDoc, OriginLink, Rule

HELD = 0.8  # of the different longer words of the shorter sentence
UNLIKE = 0.3  # below this likeness two sentences of one language tell of two things that happened there that day
MOST_HOLDERS = 200  # documents with one key: more is the wording of the times, and tells nothing apart
_DEEDS = ("died", "wounded", "captured", "beaten")
_FIGURE = re.compile(r"(?<![\w.,:])\d{1,7}(?![\w:])")
_Spans = Mapping[str, Sequence[OriginLink]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What one sentence tells of: the day, the deeds, the names in it, and its figures but for those of the day."""

    day: date
    deeds: frozenset[str]
    names: frozenset[str]
    figures: frozenset[str]
    start: int
    end: int

    def keys(self) -> Iterator[str]:
        """The keys by which two that tell of one incident meet."""
        for deed in self.deeds:
            for name in self.names:
                yield f"{self.day} {deed} {name}"


def loose(documents: Sequence[OriginDoc], known: _Spans, wanted: Collection[str]) -> Iterator[OriginLink]:
    """Yield proposals for the sentences of wanted documents (keys) that another owner's earlier one tells as well.

    `known`: the steps found so far by child; where one leads there already, or is merged, nothing is added.
    """
    ordered = sorted(documents, key=age)
    yield from _steps(ordered, _sentences(ordered), known, wanted)
    yield from _steps(ordered, _incidents(ordered), known, wanted)


_Found = Iterator[tuple[int, int, int, int, str]]  # later, earlier, start and end in the later, why


def _steps(ordered: Sequence[OriginDoc], found: _Found, known: _Spans, wanted: Collection[str]) -> Iterator[OriginLink]:
    for later, earlier, start, end, why in found:
        child, parent = ordered[later], ordered[earlier]
        if child.key not in wanted or any(_tells(s, parent.key, start, end) for s in known.get(child.key, ())):
            continue
        yield OriginLink(
            child=child.key, parent=parent.key, label=parent.title or parent.id, rule=Rule.QUOTATION,
            certainty=Certainty.PROPOSED, start=start, end=end, strength=(end - start) / max(1, len(child.text)),
            why=why,
        )  # fmt: skip


def _tells(step: OriginLink, parent: str, start: int, end: int) -> bool:
    """Whether a step says already where these words come from, or that they may come from there."""
    there = step.start is None or step.end is None or (step.start < end and start < step.end)
    return there and (step.parent == parent or step.certainty is Certainty.MERGED)


def _sentences(ordered: Sequence[OriginDoc]) -> _Found:
    """Sentences with nearly all the words of an earlier one, and no other figures."""
    seen: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, doc in enumerate(ordered):
        one = print_of(doc)
        mine = [(s, bag, tuple(sketch(bag))) for s, bag in one.bags.items()]
        for sentence, bag, keys in mine:
            start, end = one.sentences[sentence]
            for other, there in sorted({place for key in keys for place in seen.get(key, ())[:MOST_HOLDERS]}):
                two = ordered[other]
                if two.owner != doc.owner and there != sentence and _holds(bag, print_of(two).bags[there]):
                    yield number, other, start, end, "Nearly all words of a sentence there stand in this one as well."
                    break
        for sentence, _, keys in mine:
            for key in keys:
                seen[key].append((number, sentence))


def _holds(one: frozenset[str], two: frozenset[str]) -> bool:
    figures = [{word for word in bag if word.isdecimal()} for bag in (one, two)]
    words = [bag - digits for bag, digits in zip((one, two), figures, strict=True)]
    fewest = min(map(len, words))
    return fewest >= LEAST_BAG and figures[0] == figures[1] and len(words[0] & words[1]) >= HELD * fewest


def _incidents(ordered: Sequence[OriginDoc]) -> _Found:
    """Sentences that tell of an incident which another owner told of earlier."""
    seen: dict[str, list[tuple[int, Incident]]] = defaultdict(list)
    for number, doc in enumerate(ordered):
        mine = incidents_of(doc)
        for incident in mine:
            places = {(n, i.start): i for key in incident.keys() for n, i in seen[key][:MOST_HOLDERS]}  # noqa: SIM118
            for (other, _), told in sorted(places.items()):
                if ordered[other].owner != doc.owner and _same(doc, incident, ordered[other], told):
                    names = ", ".join(sorted(incident.names & told.names)) or "no name"
                    why = f"Both tell of {incident.day}, in other words ({', '.join(sorted(incident.deeds))}; {names})."
                    yield number, other, incident.start, incident.end, why
                    break
        for incident in mine:
            for key in incident.keys():  # noqa: SIM118
                seen[key].append((number, incident))


def _same(doc: OriginDoc, one: Incident, other: OriginDoc, two: Incident) -> bool:
    """Whether two sentences can tell of one incident: no other figures, and not unlike where both can be compared."""
    if one.figures and two.figures and not one.figures & two.figures:
        return False
    likeness = _likeness(doc.text[one.start : one.end], other.text[two.start : two.end])
    return likeness is None or doc.lang != other.lang or likeness >= UNLIKE


@lru_cache(maxsize=4096)
def _likeness(one: str, two: str) -> float | None:
    used = encoder()
    if used is None:
        return None
    vectors = used.encode([one.strip(), two.strip()])
    return float(vectors[0] @ vectors[1])


@lru_cache(maxsize=4096)
def incidents_of(doc: OriginDoc) -> tuple[Incident, ...]:
    """The dated incidents that the sentences of a news item tell of; none of a report that compiles."""
    anything = _any_deed().get(doc.lang)
    if anything is None or doc.published_on is None or doc.type in CARRIERS or len(doc.text) > NEWS_CHARACTERS:
        return ()
    if anything.search(fold(doc.text).text) is None:
        return ()
    return tuple(found for start, end in sentences_of(doc.text) if (found := _incident(doc, start, end)) is not None)


def _incident(doc: OriginDoc, start: int, end: int) -> Incident | None:
    sentence = doc.text[start:end]
    folded = fold(sentence).text
    patterns = ((deed, cue("incidents", doc.lang, deed)) for deed in _DEEDS)
    deeds = frozenset(deed for deed, pattern in patterns if pattern is not None and pattern.search(folded))
    names = names_of(sentence) if deeds else frozenset()
    if not names:
        return None
    dates = facts_dates(sentence, doc.lang, published_on=doc.published_on)
    if dates.first is None or dates.first != dates.last:
        return None
    day = dates.first
    figures = frozenset(_FIGURE.findall(sentence)) - {str(day.day), f"{day.day:02}", str(day.year), f"{day.month:02}"}
    return Incident(day=day, deeds=deeds, names=names, figures=figures, start=start, end=end)


@lru_cache(maxsize=1)
def _any_deed() -> Mapping[str, re.Pattern[str] | None]:
    words = vocabularies()["incidents"]
    return {lang: compiled(p for deed in _DEEDS for p in words.patterns(lang, deed)) for lang in LANGUAGES}
