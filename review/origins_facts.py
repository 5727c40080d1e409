"""What tells two stories apart, in any language: figures, names in one alphabet, full dates (method §3)."""

import re
from datetime import date
from functools import lru_cache

from review.evidence_cues import sentences
from review.evidence_dates import facts_dates

_THOUSANDS = re.compile(r"(?<=\d)[., ](?=\d{3}(?!\d))")
_FIGURE = re.compile(r"(?<![\w.,])\d{2,7}(?!\w)")
_NAME = re.compile(r"(?<=[\w,] )[A-ZА-ЯЁЇІЄҐ]\w{3,}")
_FULL_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def facts_of(text: str) -> frozenset[str]:
    """Figures of two digits and more (no years) and capitalised names inside sentences, in one alphabet."""
    plain = _THOUSANDS.sub("", text)
    figures = {n for n in _FIGURE.findall(plain) if not (len(n) == 4 and 1990 <= int(n) <= 2040)}
    return frozenset(figures | names_of(text))


def names_of(text: str) -> frozenset[str]:
    """Capitalised names inside sentences, in one alphabet and without their endings; none that every story has."""
    names = {latin(n.lower())[:5] for n in _NAME.findall(text)}
    return frozenset(n for n in names if len(n) >= 4 and n not in _everyday())


def dates_of(text: str, lang: str) -> frozenset[date]:
    """The full dates (day, month and year) that a sentence of the text gives; of a range neither end."""
    found = (
        facts_dates(text[start:end], lang, published_on=None)
        for start, end in sentences(text)
        if _FULL_DATE.search(text, start, end)
    )
    return frozenset(dates.first for dates in found if dates.first is not None and dates.first == dates.last)


_LETTERS = dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщыэ", "abvggdeejziiiiklmnoprstufhccssie", strict=True)) | {
    "ь": "",
    "ъ": "",
    "ю": "iu",
    "я": "ia",
}
_USUAL = (
    ("tsch", "c"), ("tch", "c"),
    ("sch", "s"), ("tsj", "c"), ("sj", "s"), ("kh", "h"), ("ch", "c"), ("sh", "s"), ("zh", "j"), ("zj", "j"),
    ("oe", "u"), ("y", "i"), ("w", "v"),
)  # fmt: skip
# Kupyansk, Kupiansk and Koepjansk are one town: a glide before a vowel is written in as many ways.
_GLIDE = re.compile(r"[ij](?=[aeou])")
_EVERYDAY = """russia russian russians россия россии рф rusland russische russland ukraine ukrainian украина украине
украины україна україні oekraïne oekraïense moscow moskou moskau москва москве kremlin кремль кремле putin путин poetin
kyiv kiev київ киев киеве kiew zelensky зеленский zelenskyy belarus беларусь crimea крым krim donbas донбасс nato
shoigu шойгу ministry министерство минобороны defence defense army armed forces military president
europe european monday tuesday wednesday thursday friday saturday sunday january february march april june july august
september october november december januar februar april juni juli oktober dezember telegram according their there this
that they government state federation reuters"""


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    """Names that stand in every story about the country, and so tell no two stories apart."""
    return frozenset(latin(word)[:5] for word in _EVERYDAY.split())


def latin(word: str) -> str:
    """A rough Latin spelling, the same for the usual transliterations of a Cyrillic name; the word in lower case."""
    plain = "".join(_LETTERS.get(c, c) for c in word.replace("ё", "е"))
    for usual, ours in _USUAL:
        plain = plain.replace(usual, ours)
    return _GLIDE.sub("", plain)
