"""The same text again: containment by sentences and by winnowing fingerprints (method §3 rule 1, tech §7).

Containment, not resemblance: a report that swallows a report must be found. Stock text of a publisher (in more than
three of its documents) and text that half the world carries are left out before counting.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from review.evidence_cues import fold, sentences
from review.origins_types import Certainty, OriginDoc, OriginLink, Rule

MERGE_AT, PROPOSE_AT = 0.80, 0.50  # method §3 rule 1
MIN_SHARED_PRINTS = 8  # tech §7: fewer shared fingerprints also occur by accident
MIN_SHARED_SENTENCES = 3
MIN_SENTENCE_WORDS = 6
STOCK_PER_PUBLISHER = 3
GRAM, WINDOW = 5, 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Print:
    """One document's comparable parts: sentence hash -> span, masked sentence hashes, fingerprints."""

    doc: OriginDoc
    sentences: dict[int, tuple[int, int]]
    masked: dict[int, int]  # sentence hash -> hash with figures and months blanked
    grams: frozenset[int]


def copies(documents: Sequence[OriginDoc]) -> Iterator[OriginLink]:
    """Yield the links of later documents to earlier ones whose text they share, in a fixed order."""
    prints = [_print(doc) for doc in sorted(documents, key=age)]
    sentence_stock = _stock((p.doc.publisher, p.sentences) for p in prints)
    gram_stock = _stock((p.doc.publisher, p.grams) for p in prints)
    by_sentence: dict[int, list[int]] = defaultdict(list)
    by_gram: dict[int, list[int]] = defaultdict(list)
    for later, current in enumerate(prints):
        own_sentences = [s for s in current.sentences if s not in sentence_stock]
        own_grams = [g for g in current.grams if g not in gram_stock]
        shared_sentences = Counter(i for s in own_sentences for i in by_sentence[s])
        shared_grams = Counter(i for g in own_grams for i in by_gram[g])
        candidates = {i for i, n in shared_grams.items() if n >= MIN_SHARED_PRINTS}
        candidates |= {i for i, n in shared_sentences.items() if n >= MIN_SHARED_SENTENCES}
        for earlier in sorted(candidates):
            link = _compare(current, prints[earlier], sentence_stock, gram_stock)
            if link is not None:
                yield link
        for s in own_sentences:
            by_sentence[s].append(later)
        for g in own_grams:
            by_gram[g].append(later)


def age(doc: OriginDoc) -> tuple[str, str]:
    """Sort key: earliest publication first, undated last, then by id."""
    return (doc.published_on.isoformat() if doc.published_on else "9999", doc.id)


def _print(doc: OriginDoc) -> _Print:
    """Hash the sentences and the word 5-grams of a document; equal text gives equal hashes on every machine."""
    folded = fold(doc.text)
    tokens = [(match.group(), folded.offsets[match.start()]) for match in _WORD.finditer(folded.text)]
    places = [place for _, place in tokens]
    words = [word for word, _ in tokens]
    found: dict[int, tuple[int, int]] = {}
    masked: dict[int, int] = {}
    for start, end in sentences(doc.text):
        inside = words[bisect_left(places, start) : bisect_left(places, end)]
        if len(inside) >= MIN_SENTENCE_WORDS:
            number = _hash(" ".join(inside))
            found.setdefault(number, (start, end))
            masked[number] = _hash(" ".join("#" if _varies(word) else word for word in inside))
    grams = [crc32(" ".join(words[i : i + GRAM]).encode()) for i in range(max(0, len(words) - GRAM + 1))]
    return _Print(doc, found, masked, frozenset(_winnow(grams)))


def _winnow(hashes: Sequence[int]) -> Iterator[int]:
    """Yield the smallest hash of every window: any shared run of GRAM + WINDOW - 1 words leaves a common one."""
    if 0 < len(hashes) < WINDOW:
        yield min(hashes)
    for i in range(len(hashes) - WINDOW + 1):
        yield min(hashes[i : i + WINDOW])


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|mai|mei|jun|jul|aug|sep|o[ck]t|nov|de[cz]|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|"
    r"січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|maart|märz|mars|avr|août|aoû|déc|fév)\w*"
)


@lru_cache(maxsize=65536)
def _varies(word: str) -> bool:
    """Whether the word is a figure or may be a month: what differs between two months of the same statistics."""
    return any(c.isdigit() for c in word) or _MONTH.fullmatch(word) is not None


def _stock(parts: Iterable[tuple[str, Iterable[Hashable]]]) -> frozenset[Hashable]:
    """What stands in more than three documents of one publisher: its stock sentences, footers, legal paragraphs."""
    counts = Counter((publisher, part) for publisher, items in parts for part in items)
    return frozenset(part for (_, part), n in counts.items() if n > STOCK_PER_PUBLISHER)


def _compare(
    later: _Print, earlier: _Print, stock: frozenset[Hashable], grams: frozenset[Hashable]
) -> OriginLink | None:
    """Say whether the later document holds the earlier one's text, or is held by it."""
    a, b = set(later.sentences) - stock, set(earlier.sentences) - stock
    shared = a & b
    prints_a, prints_b = later.grams - grams, earlier.grams - grams
    common = prints_a & prints_b
    by_sentence = len(shared) / max(1, min(len(a), len(b))) if len(shared) >= 2 else 0.0
    by_print = len(common) / max(1, min(len(prints_a), len(prints_b)))
    held = max(by_sentence, by_print)
    if held >= PROPOSE_AT and _template(later, earlier, shared):
        return None
    label = earlier.doc.title or earlier.doc.id
    if held >= PROPOSE_AT:
        return OriginLink(
            child=later.doc.key, parent=earlier.doc.key, label=label, rule=Rule.COPY, strength=held,
            certainty=Certainty.MERGED if held >= MERGE_AT else Certainty.PROPOSED,
            why=f"{held:.0%} of the shorter text stands in both ({len(shared)} sentences, {len(common)} fingerprints).",
        )  # fmt: skip
    if len(shared) < MIN_SHARED_SENTENCES or later.doc.owner == earlier.doc.owner:
        return None
    start, end = _run([later.sentences[s] for s in shared])
    return OriginLink(
        child=later.doc.key, parent=earlier.doc.key, label=label, rule=Rule.QUOTATION, start=start, end=end,
        strength=by_sentence, why=f"{len(shared)} sentences are taken over word for word.",
    )  # fmt: skip


def _run(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The longest stretch of adjoining spans (the first of equals)."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and start - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return max(runs, key=lambda run: (run[1] - run[0], -run[0]))


def _template(one: _Print, two: _Print, shared: set[int]) -> bool:
    """Whether both fill in the same sentences with other figures or another month: two facts, not one (rule 6)."""
    rest_one = {one.masked[s] for s in one.sentences if s not in shared}
    rest_two = {two.masked[s] for s in two.sentences if s not in shared}
    return bool(rest_one & rest_two)
