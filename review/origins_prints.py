"""What of a text is compared with other texts: its sentences, and winnowing fingerprints of its words (tech §7)."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from zlib import crc32

from review.origins_letters import sentences_of
from review.origins_letters import tokens as tokens_of
from review.origins_types import OriginDoc

MIN_SENTENCE_WORDS = 6
GRAM, WINDOW = 5, 4
_63_BITS = (1 << 63) - 1
LEAST_BAG = 8  # different words of four letters and more that a sentence must have to be known by them alone
_BAG_LETTERS, _BAG_STEM, _SMALLEST = 4, 6, 6
# The wording of a law stands in many texts and comes from none of them (method §3 rule 6).
_LAW = re.compile(
    r"^\W*(?:article|art|section|paragraph|artikel|lid|статья|стаття|ст|paragraphe|absatz|alinéa|часть|частина|part)\W*\d"
    r"|^\W*§|(?:shall|is|are)(?: also)? (?:be )?(?:punish\w*|liable|sentenced)|punishable by"
    r"|наказыва[ею]тся|наказываются|карається|караються|wird\b.{0,120}\bbestraft|bestraft wird"
    r"|wordt\b.{0,120}\bgestraft|est puni|sont punis|подлеж[аи]т призыву|не подлеж[аи]т"
)
# Whom a letter is to and from: the same words stand on every letter, and say nothing.
_ADDRESSED = re.compile(
    r"\W*(?:aan (?:de|het|alle)\b|geachte\b|hoogachtend|met (?:vriendelijke|hoogachting)"
    r"|de (?:minister|staatssecretaris|voorzitter|griffier|secretaris|directeur|president)\b(?!.*[.!?]\W*$)"
    r"|namens de\b(?!.*[.!?]\W*$)|to the (?:president|speaker|chair\w*|members)\b(?!.*[.!?]\W*$)|dear\b"
    r"|yours (?:sincerely|faithfully|truly)|the (?:minister|secretary|president|speaker)\b(?!.*[.!?]\W*$)"
    r"|уважаем\w+|с уважением|председателю\b|министру\b|шановн\w+|з повагою|голові\b|міністру\b"
    r"|an (?:den|die|das) (?:präsident|vorsitzend|mitglied|bundestag|minister)\w*|sehr geehrte\w*"
    r"|mit freundlichen grüßen|hochachtungsvoll|(?:der|die) (?:minister|staatssekretär|präsident)\w*\b(?!.*[.!?]\W*$)"
    r"|à (?:monsieur|madame|l'attention)|(?:monsieur|madame) l[ea] (?:président|ministre|député)\w*|veuillez agréer"
    r"|l[ea] (?:ministre|président|présidente|secrétaire)\b(?!.*[.!?]\W*$))"
)
MOST_ADDRESS_WORDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One document's comparable parts; sentences are known by the hash of their words."""

    doc: OriginDoc
    sentences: dict[int, tuple[int, int]]  # sentence -> span
    masked: dict[int, int]  # sentence -> hash with figures and months blanked
    lengths: dict[int, int]  # sentence -> words
    bags: dict[int, frozenset[str]]  # sentence -> its longer words and its figures, whatever their order
    grams: frozenset[int]  # fingerprints
    length: int  # words of the whole text, short sentences included
    own: int  # words apart from those of laws
    whole: int  # hash of all words

    def words_of(self, chosen: set[int]) -> int:
        """Words of the chosen sentences together."""
        return sum(self.lengths[s] for s in chosen)


@lru_cache(maxsize=4096)
def print_of(doc: OriginDoc) -> Print:
    """Hash the sentences and the word 5-grams of a document; equal text gives equal hashes on every machine."""
    tokens = tokens_of(doc.text)
    places = [place for _, place in tokens]
    words = [word for word, _ in tokens]
    found: dict[int, tuple[int, int]] = {}
    masked: dict[int, int] = {}
    lengths: dict[int, int] = {}
    bags: dict[int, frozenset[str]] = {}
    own: list[str] = []
    for start, end in sentences_of(doc.text):
        inside = words[bisect_left(places, start) : bisect_left(places, end)]
        plain = " ".join(doc.text[start:end].lower().split())
        if _LAW.search(plain):
            continue
        own += inside
        if len(inside) >= MIN_SENTENCE_WORDS and not _is_address(plain, len(inside)):
            number = number_of(" ".join(inside))
            found.setdefault(number, (start, end))
            lengths[number] = len(inside)
            masked[number] = number_of(" ".join("#" if _varies(word) else word for word in inside))
            bags[number] = frozenset([w[:_BAG_STEM] for w in inside if len(w) >= _BAG_LETTERS or w.isdecimal()])
    grams = [
        crc32(" ".join(own[i : i + GRAM]).encode("utf-8", "surrogatepass")) for i in range(max(0, len(own) - GRAM + 1))
    ]
    return Print(
        doc=doc, sentences=found, masked=masked, lengths=lengths, bags=bags, grams=frozenset(_winnow(grams)),
        length=len(words), own=len(own), whole=number_of(" ".join(words)),
    )  # fmt: skip


def _is_address(sentence: str, words: int) -> bool:
    """Whether a line of so many words only says whom a letter is to or from."""
    return words <= MOST_ADDRESS_WORDS and _ADDRESSED.match(sentence) is not None


def sketch(bag: frozenset[str]) -> Iterator[int]:
    """A sentence by all but one of its words with the smallest hashes: one word put in leaves one of these keys."""
    words = sorted(crc32(word.encode("utf-8", "surrogatepass")) for word in bag if not word.isdecimal())
    if len(words) >= LEAST_BAG:
        for chosen in combinations(words[:_SMALLEST], _SMALLEST - 1):
            number = 0
            for word in chosen:
                number = (number * 1_000_003 ^ word) & _63_BITS
            yield number


def _winnow(hashes: Sequence[int]) -> Iterator[int]:
    """Yield the smallest hash of every window: any shared run of GRAM + WINDOW - 1 words leaves a common one."""
    if 0 < len(hashes) < WINDOW:
        yield min(hashes)
    for i in range(len(hashes) - WINDOW + 1):
        yield min(hashes[i : i + WINDOW])


def number_of(text: str) -> int:
    """63 bits: SQLite's integers have a sign."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1


_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|mai|mei|jun|jul|aug|sep|o[ck]t|nov|de[cz]|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|"
    r"січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|maart|märz|mars|avr|août|aoû|déc|fév)\w*"
)


@lru_cache(maxsize=65536)
def _varies(word: str) -> bool:
    """Whether the word is a figure or may be a month: what differs between two months of the same statistics."""
    return any(c.isdigit() for c in word) or _MONTH.fullmatch(word) is not None
