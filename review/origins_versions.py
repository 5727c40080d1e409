"""Versions of one story in other languages that do not say so (method §3 rule 3).

Figures, dates and names in common make a pair; never likeness alone. Where an encoder is installed (extra `semantic`)
the first sentences of both are compared: sentence by sentence alike and most facts in common is a translation and is
merged; unlike sentences are another story of the same event, by other witnesses, and are not even proposed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import numpy as np

from review.encoders import Vectors, encoder
from review.evidence_cues import fold, has, sentences
from review.origins_copies import age
from review.origins_facts import dates_of
from review.origins_letters import sentences_of
from review.origins_library import ALIKE_AFTER, ALIKE_BEFORE
from review.origins_types import CARRIERS, NEAR_DAYS, NEWS_CHARACTERS, Certainty, OriginDoc, OriginLink, Rule

VERSION_DAYS = 7  # by facts alone; where sentences can be compared, NEAR_DAYS
FACTS = 3  # in common; one less where both appeared on one day
SHARE = 1 / 3  # of the figures and names of the shorter story: two stories of one war always share some
HEAD = 600  # characters of a story whose sentences are compared
LEAST_WORDS = 4  # of a sentence that can be compared
# Median likeness of the sentences of the shorter head to their best counterparts. Own translations into five languages
# measured 0.57 to 0.78 (into Ukrainian, which the encoder knows little, 0.41 to 0.57), other witnesses of the same
# event 0.22 to 0.32 (bench/origins.py).
ALIKE, ALIKE_UK, UNLIKE = 0.52, 0.42, 0.36
ABROAD, ABROAD_UK = 0.5, 0.42  # likeness of one sentence, where the outlet is named and its page is of these days
CONCEPTS = 3  # in common, one of them what became of somebody, where the likeness says too little
_DEEDS = frozenset({"died", "wounded", "captured", "beaten"})
SURE_FACTS, SURE_SHARE, SURE_SENTENCES = 4, 0.5, 3  # what a merge needs besides: likeness alone merges nothing
_UKRAINIAN = str.maketrans("іїєґІЇЄҐ", "ииегИИЕГ")  # spelt so, the encoder takes most words for Russian ones
# Without an encoder: nearly all that the shorter story tells by figure and name. Other witnesses share figures of an
# event, but name other people.
ALONE_FACTS, ALONE_SHARE = 6, 0.8
MOST_COMPARED = 8  # earlier stories looked at for each, those with most facts in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An earlier story with which a story shares so many facts, of so many that the one with fewer has."""

    common: int
    fewest: int
    other: int


def versions(
    documents: Sequence[OriginDoc],
    facts: Mapping[str, frozenset[str]],
    known: set[tuple[str, str]],
    wanted: Collection[str],
) -> Iterator[OriginLink]:
    """Yield for each story the earlier one in another language that it is a version of, merged or proposed.

    `facts` are the figures and names by document id; pairs of keys in `known` are linked already; stories whose key is
    not `wanted` are only compared with.
    """
    ordered = [d for d in sorted(documents, key=age) if _is_news(d)]
    dates = cache(lambda number: dates_of(ordered[number].text, ordered[number].lang))
    seen: dict[str, list[int]] = defaultdict(list)
    for number, doc in enumerate(ordered):
        shared: Counter[int] = Counter()
        for fact in facts[doc.id]:
            for other in reversed(seen[fact]):  # the newest first: the first too old ends the search
                if _days(doc, ordered[other]) > NEAR_DAYS:
                    break
                shared[other] += ordered[other].lang != doc.lang
            seen[fact].append(number)
        found = []
        for other, names in shared.items() if doc.key in wanted else ():
            common = names + len(dates(number) & dates(other)) if names else 0
            smaller = min(len(facts[doc.id]), len(facts[ordered[other].id]))
            least = FACTS - 1 if _days(doc, ordered[other]) == 0 else FACTS
            if common >= max(least, SHARE * smaller):
                found.append(Pair(common=common, fewest=smaller, other=other))
        found.sort(key=lambda pair: (-pair.common, pair.other))
        steps = [_step(doc, ordered[pair.other], pair) for pair in found[:MOST_COMPARED]]
        best = next((s for s in steps if s and s.certainty is Certainty.MERGED), next((s for s in steps if s), None))
        if best is not None and (doc.key, best.parent) not in known:
            yield best


def _is_news(doc: OriginDoc) -> bool:
    return doc.published_on is not None and doc.type not in CARRIERS and len(doc.text) <= NEWS_CHARACTERS


def _days(one: OriginDoc, two: OriginDoc) -> int:
    """Days between two publications; both are dated here."""
    return abs(((one.published_on or date.min) - (two.published_on or date.min)).days)


def _step(doc: OriginDoc, other: OriginDoc, pair: Pair) -> OriginLink | None:
    """What is made of a pair: a merge, a proposal, or nothing."""
    days = _days(doc, other)
    likeness, compared = likeness_of(doc, other)
    alike = ALIKE_UK if "uk" in (doc.lang, other.lang) else ALIKE
    certainty = judged(pair, days, likeness if compared >= SURE_SENTENCES else None, alike, known=likeness is not None)
    if certainty is None:
        return None
    why = f"Within {'a week' if days <= VERSION_DAYS else 'two weeks'} and in another language ({other.lang}), "
    why += f"{pair.common} figures, dates and names in common"
    why += "." if likeness is None else f"; the first sentences are alike ({likeness:.2f})."
    return OriginLink(
        child=doc.key, parent=other.key, label=other.title or other.id, rule=Rule.TRANSLATION, certainty=certainty,
        strength=pair.common, why=why,
    )  # fmt: skip


def judged(pair: Pair, days: int, likeness: float | None, alike: float, *, known: bool) -> Certainty | None:
    """Whether a pair is a translation: merged, proposed, or None.

    `likeness` of the first sentences, None where too few could be compared; `known`: whether there is an encoder.
    """
    share = pair.common / max(1, pair.fewest)
    if likeness is not None:
        if likeness < UNLIKE:
            return None
        sure = likeness >= alike and pair.common >= SURE_FACTS and share >= SURE_SHARE
        return Certainty.MERGED if sure else Certainty.PROPOSED
    if known:
        return Certainty.PROPOSED
    if days > VERSION_DAYS:
        return None
    return Certainty.MERGED if pair.common >= ALONE_FACTS and share >= ALONE_SHARE else Certainty.PROPOSED


def likeness_of(one: OriginDoc, two: OriginDoc) -> tuple[float | None, int]:
    """How alike the first sentences of two stories are (0 to 1), and how many were compared; None without encoder."""
    if encoder() is None:
        return None, 0
    vectors = sorted((_head(one.title, one.text, one.lang), _head(two.title, two.text, two.lang)), key=len)
    if not len(vectors[0]):
        return None, 0
    best = (vectors[0] @ vectors[1].T).max(axis=1)
    return float(np.median(best)), len(best)


def told_abroad(doc: OriginDoc, span: tuple[int, int], held: Sequence[OriginDoc]) -> OriginDoc | None:
    """Of an outlet's pages in other languages, of these days, the one that says the words of a span most alike.

    None without an encoder, and where none says them alike.
    """
    used = encoder()
    if used is None or doc.published_on is None:
        return None
    pages = [
        other for other in held
        if other.lang != doc.lang and other.published_on is not None
        and -ALIKE_AFTER <= (doc.published_on - other.published_on).days <= ALIKE_BEFORE
    ]  # fmt: skip
    if not pages:
        return None
    words = doc.text[slice(*span)].strip()
    vector = used.encode([words.translate(_UKRAINIAN) if doc.lang == "uk" else words])[0]
    told = _concepts(words, doc.lang)
    scored = []
    for other in pages:
        heads = _head(other.title, other.text, other.lang)
        likeness = float((heads @ vector).max()) if len(heads) else 0.0
        alike = likeness >= (ABROAD_UK if "uk" in (doc.lang, other.lang) else ABROAD)
        same = told & _DEEDS and any(told <= _concepts(other.text[a:b], other.lang) for a, b in _first(other.text))
        if alike or (len(told) >= CONCEPTS and same):
            scored.append((not same, -likeness, other.id, other))
    return min(scored, key=lambda s: s[:3])[3] if scored else None


def _first(text: str) -> list[tuple[int, int]]:
    return [(a, b) for a, b in sentences_of(text) if a < HEAD]


@lru_cache(maxsize=4096)
def _concepts(sentence: str, lang: str) -> frozenset[str]:
    """Who, where and what became of them, in no language: conscripts, in Ukraine, captured."""
    folded = fold(sentence).text
    kinds = [("deployment", kind) for kind in ("subject", "zone", "move")] + [("incidents", deed) for deed in _DEEDS]
    return frozenset(kind for name, kind in kinds if has(name, lang, kind, folded))


@lru_cache(maxsize=4096)
def _head(title: str, text: str, lang: str) -> Vectors:
    """The title and first sentences of a story as vectors; encoded by themselves, so that the numbers never vary."""
    used = encoder()
    parts = [text[a:b].strip() for a, b in sentences(text[: 2 * HEAD]) if a < HEAD]
    parts = [part for part in (title, *parts) if len(part.split()) >= LEAST_WORDS]
    if used is None or not parts:
        return np.zeros((0, 0), dtype=np.float32)
    return used.encode([part.translate(_UKRAINIAN) for part in parts] if lang == "uk" else parts)
