"""Ukrainian put into Russian words, one by one: what the encoder is given in place of a language it hardly knows.

Nobody reads the result, and nothing is kept of it but the vector. A word comes from the list (ukrainian.toml), from the
rules by which the two languages spell one word differently, where Russian has the result, or stays as it is.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from pathlib import Path

import simplemma

TABLE = Path(__file__).with_name("ukrainian.toml")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_MOST_SPELLINGS = 400  # tried of one word
# Endings of base forms, then letters: what Russian may write in their place.
_ENDINGS = (
    ("тися", ("ться",)), ("ти", ("ть",)), ("ння", ("ние", "нье")), ("ття", ("тие", "тье")), ("ість", ("ость", "есть")),
    ("ський", ("ский",)), ("цький", ("цкий",)), ("ець", ("ец",)), ("ія", ("ия",)),
    ("ий", ("ый", "ий", "ой")), ("ій", ("ий", "ей", "ой")), ("", ("",)),
)  # fmt: skip
_LETTERS = {"і": "иоеы", "и": "ыи", "ї": "ие", "є": "еэ", "е": "еоя", "ґ": "г", "'": "ъь", "щ": "щ"}
_PLAIN = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": "ъ"})


@lru_cache(maxsize=1)
def glossary() -> dict[str, str]:
    """Ukrainian word or form -> Russian word."""
    found: dict[str, str] = tomllib.loads(TABLE.read_text("utf-8"))
    return found


def in_russian_words(text: str) -> str:
    """The text with each word in Russian, as far as we can; names, numbers and signs stay.

    >>> in_russian_words("Призовник відмовився служити.")
    'призывник отказаться служить.'
    """
    even = text.replace("’", "'").replace("ʼ", "'")
    return _WORD.sub(lambda found: _word(found[0].lower()), even)


@lru_cache(maxsize=100_000)
def _word(word: str) -> str:
    known = glossary()
    base = simplemma.lemmatize(word, lang="uk").lower()
    for form in (word, base):
        if form in known:
            return known[form]
    for spelling in islice(_spellings(base), _MOST_SPELLINGS):
        if simplemma.is_known(spelling, lang="ru"):
            return spelling
    return word.translate(_PLAIN)


def _spellings(base: str) -> Iterator[str]:
    """How Russian might write a base form, the likeliest first."""
    for ending, theirs in _ENDINGS:
        if base.endswith(ending):
            stem = base.removesuffix(ending).replace("ськ", "ск").replace("цьк", "цк")
            for letters in product(*(_LETTERS.get(letter, letter) for letter in stem)):
                for their in theirs:
                    yield "".join(letters) + their
