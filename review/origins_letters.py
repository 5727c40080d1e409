"""Letters that look alike: a text of mixed alphabets read as it looks, and words by their looks alone.

A copy in which some letters are of another alphabet looks the same to every reader; it must be the same here.
"""

import re
from dataclasses import replace
from functools import lru_cache

from review.evidence_cues import sentences
from review.folding import fold
from review.origins_types import OriginDoc

_MIXED_PAIR = re.compile(r"[A-Za-z][Ѐ-ӿͰ-Ͽ]|[Ѐ-ӿͰ-Ͽ][A-Za-z]")
_MIXED_WORD = re.compile(r"\b(?=[^\W\d_]*[A-Za-z])(?=[^\W\d_]*[Ѐ-ӿͰ-Ͽ])[^\W\d_]+")
_LATIN, _CYRILLIC = "aceopxyikmthbsjACEOPXYIKMTHBSJ", "асеорхуікмтнвѕјАСЕОРХУІКМТНВЅЈ"
_GREEK, _GREEK_LOOKS = "αεοριντυχκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopivtuxkABEZHIKMNOPTYX"
_TO_LATIN = str.maketrans(_CYRILLIC + _GREEK, _LATIN + _GREEK_LOOKS)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_ONLY_LATIN, _ONLY_CYRILLIC = frozenset("dfglnqruvwz"), frozenset("бгґджзийлпфцчшщъыьэюяєї")


def readable(doc: OriginDoc) -> OriginDoc:
    """The document with every word of mixed alphabets in the one that it is a word of; all places stay the same."""
    text = one_alphabet(doc.text)
    return doc if text is doc.text else replace(doc, text=text)


@lru_cache(maxsize=4096)
def one_alphabet(text: str) -> str:
    """Each word of mixed alphabets in one of them; the text itself where there is none. The length stays the same."""
    if text.isascii() or _MIXED_PAIR.search(text) is None:
        return text
    return _MIXED_WORD.sub(lambda found: _repaired(found[0]), text)


def _repaired(word: str) -> str:
    """A letter that the other alphabet does not have decides; where none is, the letters that are more."""
    lower = word.lower()
    latin = sum(letter in _ONLY_LATIN for letter in lower)
    cyrillic = sum(letter in _ONLY_CYRILLIC for letter in lower)
    if latin == cyrillic:
        latin, cyrillic = sum(letter.isascii() for letter in lower), sum(letter > "\u03ff" for letter in lower)
    return word.translate(_TO_LATIN if latin > cyrillic else _TO_CYRILLIC)


@lru_cache(maxsize=4096)
def sentences_of(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text, cut once: every rule asks for them."""
    return tuple(sentences(text))


_TOKEN = re.compile(r"\w+")


def tokens(text: str) -> list[tuple[str, int]]:
    """The words of a text by their looks (case, accents, unseen signs and alphabet left aside), with their places.

    A word of look-alike letters only ("осе") is the same in every alphabet: good for comparing, not for reading.
    """
    folded = fold(text.replace("\u00ad ", "  "))  # before a blank a soft hyphen breaks no word
    looks = folded.text if folded.text.isascii() else folded.text.translate(_TO_LATIN)
    if len(folded.shifts) == 1:
        shift = folded.shifts[0]
        return [(match.group(), match.start() + shift) for match in _TOKEN.finditer(looks)]
    return [(match.group(), folded.origin(*match.span())[0]) for match in _TOKEN.finditer(looks)]
