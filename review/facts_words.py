"""The declared words of facts (cues/facts.toml) as expressions over folded text, and the folding they are read in."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from review.evidence_cues import Folded, to_regex, vocabularies
from review.evidence_cues import fold as fold_cues
from review.folding import fold as fold_letters

VOCABULARY = "facts"
NOTHING = r"(?!)"  # an expression that no text meets
_LONGEST_SENTENCE = 800  # characters
_STOP = re.compile(r"[.;?!] ")
_MIXED = re.compile(r"\b(?=[a-z]*[\u0430-\u0457])(?=[\u0430-\u0457]*[a-z])[a-z\u0430-\u0457]{3,40}\b")


def fold(text: str) -> Folded:
    """Fold as the cues do; a word of mixed alphabets is read in the one that most of its letters are of."""
    folded = fold_cues(text)
    if folded.text.isascii():
        return folded
    return Folded(text=_MIXED.sub(_one_alphabet, folded.text), offsets=folded.offsets)


def _one_alphabet(found: re.Match[str]) -> str:
    repaired = fold_letters(found[0]).text.strip()
    return repaired if len(repaired) == len(found[0]) else found[0]


def patterns(lang: str, kind: str) -> tuple[str, ...]:
    """The declared patterns of one kind, as they are written."""
    return vocabularies()[VOCABULARY].patterns(lang, kind)


def kinds(lang: str, start: str) -> Iterator[str]:
    """The declared kinds of a language whose names begin so, in the order of the file."""
    table: dict[str, tuple[str, ...]] = getattr(vocabularies()[VOCABULARY], lang, {})
    yield from (kind for kind in table if kind.startswith(start))


def any_of(lang: str, *names: str) -> str:
    """One group that any word of these kinds meets, the longest first; NOTHING where there are no words."""
    written = [pattern for name in names for pattern in patterns(lang, name)]
    longest = sorted(written, key=lambda pattern: -len(pattern))
    return f"(?:{'|'.join(to_regex(pattern) for pattern in longest)})" if written else NOTHING


def any_of_one(lang: str, kind: str, number: int) -> str:
    """A group for the pattern at one place of a list (the third day of the week); NOTHING where the list is shorter."""
    written = patterns(lang, kind)
    return f"(?:{to_regex(written[number])})" if number < len(written) else NOTHING


@lru_cache(maxsize=1024)
def ends_with(lang: str, *names: str) -> re.Pattern[str]:
    """An expression that is met where a text ends with a word of these kinds (and a blank)."""
    return re.compile(rf"(?<!\w){any_of(lang, *names)}(?: (?:the|de|het|la|le|les|den|dem|der))?[ -]?$")


def before(text: str, at: int, reach: int = 32) -> str:
    """What stands right before a place, at most so many characters."""
    return text[max(0, at - reach) : at]


class Sentences:
    """The sentences of a folded text, and what is asked of each, asked once; a very long one counts as several."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _STOP.finditer(text))]
        self._asked: dict[tuple[int, str], bool] = {}

    def meets(self, at: int, name: str, expressions: Iterable[re.Pattern[str]]) -> bool:
        """Whether the sentence that holds the place meets one of the expressions, which go by this name."""
        index = bisect_right(self._starts, at) - 1
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        start += (at - start) // _LONGEST_SENTENCE * _LONGEST_SENTENCE
        key = (start, name)
        if key not in self._asked:
            said = self._text[start : min(end, start + _LONGEST_SENTENCE)]
            self._asked[key] = any(expression.search(said) for expression in expressions)
        return self._asked[key]


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
