"""Numbers in words: the declared numerals (cues/numerals.toml) as expressions over folded text, and their values."""

import re
from functools import lru_cache

from review.cue_words import NOTHING, kinds, patterns


@lru_cache(maxsize=8)
def numerals(lang: str) -> dict[str, int]:
    """Every declared numeral of a language with its value, the longest first."""
    found = {
        word: int(kind.rpartition("_")[2])
        for kind in kinds(lang, "number_")
        if kind not in ("number_not", "number_0")
        for word in _written(lang, kind)
    }
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _written(lang: str, kind: str) -> list[str]:
    return [word for pattern in patterns(lang, kind) for word in pattern.replace("ё", "е").split("|")]


@lru_cache(maxsize=8)
def numeral_regex(lang: str) -> str:
    """An expression for a number in words ("forty-one", "eenenveertig", "сорок один"); NOTHING for no numerals."""
    plain = "|".join(re.escape(word) for word in numerals(lang))
    joints = "|".join(re.escape(word) for word in patterns(lang, "joint")) or NOTHING
    first = "|".join([plain, *(rf"{re.escape(word)}(?=(?:{joints})\w)" for word in patterns(lang, "joined_1"))])
    scales = "|".join([plain, *(re.escape(word) for word in _written(lang, "scale_1000"))])
    follow = rf"(?:(?:[ -]|{joints}|[ -](?:{joints})[ -])?(?:{scales}))"
    return rf"(?:(?:{first}){follow}{{0,7}})(?!\w)" if plain else NOTHING


@lru_cache(maxsize=8)
def _values(lang: str) -> tuple[re.Pattern[str], dict[str, int]]:
    inner = dict.fromkeys(_written(lang, "scale_1000"), 1000) | dict.fromkeys(patterns(lang, "joined_1"), 1)
    known = numerals(lang) | inner
    joints = "|".join(re.escape(word) for word in patterns(lang, "joint")) or NOTHING
    ordered = sorted(known, key=lambda word: -len(word))
    # "eenenveertig": the first "en" that a numeral ends before is a joint, not a part of the next one
    return re.compile("|".join([*map(re.escape, ordered), joints])), known


def numeral_value(said: str, lang: str) -> int:
    """The value of a number in words: "two thousand and five" is 2005."""
    total = current = 0
    regex, known = _values(lang)
    for match in regex.finditer(said):
        value = known.get(match[0], 0)
        if value < 100:
            current += value
        elif value == 100:
            current = max(1, current) * value
        elif value < 1000:
            current += value
        else:
            total, current = total + max(1, current) * value, 0
    return total + current
