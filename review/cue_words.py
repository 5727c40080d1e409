"""Declared words (cues/*.toml) as expressions over folded text, for dates and facts."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from review.evidence_cues import LANGUAGES, compiled, fold, to_regex, vocabularies

__all__ = [
    "DATE_WORDS",
    "NOTHING",
    "VOCABULARIES",
    "Sentences",
    "any_of",
    "any_of_one",
    "before",
    "ends_with",
    "fold",
    "kinds",
    "patterns",
    "standing",
]

DATE_WORDS = ("calendar", "dates", "numerals")
VOCABULARIES = (*DATE_WORDS, "counts", "places")  # no kind of words is in two of them
NOTHING = r"(?!)"  # an expression that no text meets
_LONGEST_SENTENCE = 800  # characters
_STOP = re.compile(r"[.;?!] ")


@lru_cache(maxsize=8)
def _declared(lang: str) -> dict[str, tuple[str, ...]]:
    """Every kind of words of a language, in the order of the files; none for a language without vocabulary."""
    if lang not in LANGUAGES:
        return {}
    return {
        kind: patterns
        for name in VOCABULARIES
        for kind, patterns in getattr(vocabularies()[name], lang).items()
    }  # fmt: skip


def patterns(lang: str, kind: str) -> tuple[str, ...]:
    """The declared patterns of one kind, as they are written."""
    return _declared(lang).get(kind, ())


def kinds(lang: str, start: str) -> Iterator[str]:
    """The declared kinds of a language whose names begin so, in the order of the file."""
    yield from (kind for kind in _declared(lang) if kind.startswith(start))


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
    return re.compile(rf"(?<!\w){any_of(lang, *names)}(?: (?:the|de|het|la|le|les|den|dem|der))?(?:[ -]|[ -][ld]')?$")


@lru_cache(maxsize=1024)
def standing(lang: str, kind: str) -> re.Pattern[str]:
    """An expression that is met where a word of this kind stands anywhere in a text."""
    return compiled(patterns(lang, kind)) or re.compile(NOTHING)


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
