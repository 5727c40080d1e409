"""What of a text is compared with other texts: its sentences, and winnowing fingerprints of its words (tech §7)."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from review.evidence_cues import fold, sentences
from review.origins_types import OriginDoc

MIN_SENTENCE_WORDS = 6
GRAM, WINDOW = 5, 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One document's comparable parts; sentences are known by the hash of their words."""

    doc: OriginDoc
    sentences: dict[int, tuple[int, int]]  # sentence -> span
    masked: dict[int, int]  # sentence -> hash with figures and months blanked
    lengths: dict[int, int]  # sentence -> words
    grams: frozenset[int]  # fingerprints
    length: int  # words of the whole text, short sentences included
    whole: int  # hash of all words

    def words_of(self, chosen: set[int]) -> int:
        """Words of the chosen sentences together."""
        return sum(self.lengths[s] for s in chosen)


def print_of(doc: OriginDoc) -> Print:
    """Hash the sentences and the word 5-grams of a document; equal text gives equal hashes on every machine."""
    folded = fold(doc.text)
    tokens = [(match.group(), folded.offsets[match.start()]) for match in _WORD.finditer(folded.text)]
    places = [place for _, place in tokens]
    words = [word for word, _ in tokens]
    found: dict[int, tuple[int, int]] = {}
    masked: dict[int, int] = {}
    lengths: dict[int, int] = {}
    for start, end in sentences(doc.text):
        inside = words[bisect_left(places, start) : bisect_left(places, end)]
        if len(inside) >= MIN_SENTENCE_WORDS:
            number = _hash(" ".join(inside))
            found.setdefault(number, (start, end))
            lengths[number] = len(inside)
            masked[number] = _hash(" ".join("#" if _varies(word) else word for word in inside))
    grams = [crc32(" ".join(words[i : i + GRAM]).encode()) for i in range(max(0, len(words) - GRAM + 1))]
    return Print(
        doc=doc, sentences=found, masked=masked, lengths=lengths, grams=frozenset(_winnow(grams)),
        length=len(words), whole=_hash(" ".join(words)),
    )  # fmt: skip


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
