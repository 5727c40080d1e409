"""Cue vocabularies and how they are matched: declared patterns, immune to case, hyphenation and line breaks.

A pattern is words in order; "*" stands for any ending (or beginning), "a|b" for alternatives, "~" for up to six words
in between. Spans always point into the original text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from review.folding import MARKS, UNSEEN
from review.folding import fold as fold_letters
from store.declared import Declared

FOLDER = Path(__file__).parent / "cues"
LANGUAGES = ("en", "nl", "ru", "uk", "de", "fr")
_GAP = r"(?:[^\w]+\w+){0,6}?"
_BETWEEN = r"[^\w]+"
_QUOTES = str.maketrans({"ё": "е", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "–": "-", "—": "-", "‑": "-", "\u00a0": " "})


class CueFile(Declared):
    """One vocabulary: for each language, cue kind -> patterns."""

    en: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - pydantic copies defaults
    nl: dict[str, tuple[str, ...]] = {}  # noqa: RUF012
    ru: dict[str, tuple[str, ...]] = {}  # noqa: RUF012
    uk: dict[str, tuple[str, ...]] = {}  # noqa: RUF012
    de: dict[str, tuple[str, ...]] = {}  # noqa: RUF012
    fr: dict[str, tuple[str, ...]] = {}  # noqa: RUF012

    def patterns(self, lang: str, kind: str) -> tuple[str, ...]:
        """The patterns of one kind in one language; none for a language without vocabulary."""
        table: dict[str, tuple[str, ...]] = getattr(self, lang, {}) if lang in LANGUAGES else {}
        return table.get(kind, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Text made comparable, with the original offset of every character (one more for the end)."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Original span of the folded span [start, end)."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


_ODD = re.compile(rf"(?<=\w)-[ \t]*\r?\n[ \t]*(?=[^\W\d_])|[^\W\d_][{MARKS}]+|[\u00ad{UNSEEN}]+|[^\S ]\s*| \s+")
_WIDE = re.compile("[\uff10-\uff5a\U0001d400-\U0001d7ff]")
_ALPHABETS = re.compile(r"[a-z][\u0430-\u0457]|[\u0430-\u0457][a-z]|[a-z\u0430-\u0457][01][a-z\u0430-\u0457]")
_WORD = re.compile(r"(?<!\w)\w{3,40}(?!\w)")


@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """Lower-case, join words broken at line ends, make one blank of white space, keep the way back.

    What hides a word is undone as in the tagger (review.folding): unseen signs and marks set over letters vanish,
    look-alike letters of another alphabet, wide forms and the digits 0 and 1 inside a word are read as its letters.
    Unlike there, accents stay: the cues are written with them.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for match in _ODD.finditer(text):
        pieces.append(text[at : match.start()])
        offsets.extend(range(at, match.start()))
        kept = " " if match.group().isspace() else _composed(match.group())
        pieces.append(kept)
        offsets.extend([match.start()] * len(kept))
        at = match.end()
    pieces.append(text[at:])
    offsets.extend(range(at, len(text)))
    plain = "".join(pieces).translate(_QUOTES)
    if not plain.isascii():
        plain = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)
    lowered = plain.lower()
    if len(lowered) != len(plain):  # a few capitals become two letters; those stay as they are
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    if _ALPHABETS.search(lowered):
        lowered = _WORD.sub(_one_alphabet, lowered)
    return Folded(text=lowered, offsets=(*offsets, len(text)))


def _composed(odd: str) -> str:
    """A letter with the marks set over it as one letter, without marks that belong to none; else nothing."""
    if not odd[0].isalpha():
        return ""
    one = unicodedata.normalize("NFC", odd)
    return one[0]


def _one_alphabet(found: re.Match[str]) -> str:
    """A word of mixed alphabets, or with digits among its letters, in the letters it stands for."""
    if _ALPHABETS.search(found[0]) is None:
        return found[0]
    repaired = fold_letters(found[0]).text.strip()
    return repaired if len(repaired) == len(found[0]) else found[0]


def to_regex(pattern: str) -> str:
    """Translate one declared pattern into a regular expression over folded text."""
    parts: list[str] = []
    for token in pattern.lower().translate(_QUOTES).split():
        if token == "~":  # noqa: S105 - the gap sign of the pattern language
            if parts:
                parts[-1] += _GAP
            continue
        choices = [r"\w*".join(re.escape(piece) for piece in choice.split("*")) for choice in token.split("|")]
        parts.append(rf"(?:{'|'.join(choices)})(?!\w)")
    return _BETWEEN.join(parts)


def compiled(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One alternation of all patterns; None where there are none.

    Only word beginnings are tried, and there only the patterns with that first letter: several times faster than a
    plain alternation. Of patterns with one first letter the one declared first wins.
    """
    by_letter: dict[str, list[str]] = {}
    for pattern in patterns:
        first, _, rest = pattern.lower().translate(_QUOTES).strip().partition(" ")
        for choice in first.split("|"):
            regex = to_regex(f"{choice} {rest}".strip())
            letter = choice[0] if choice[0].isalpha() else ""
            by_letter.setdefault(letter, []).append(regex.replace(letter, "", 1) if letter else regex)
    groups = [f"{letter}(?:{'|'.join(regexes)})" for letter, regexes in by_letter.items()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})") if groups else None


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, CueFile]:
    """Every declared vocabulary, by id."""
    return CueFile.load_all([FOLDER])


@lru_cache(maxsize=2048)
def cue(vocabulary: str, lang: str, kind: str) -> re.Pattern[str] | None:
    """The compiled cue, or None where this language has no such words."""
    return compiled(vocabularies()[vocabulary].patterns(lang, kind))


def has(vocabulary: str, lang: str, kind: str, folded_text: str) -> bool:
    """Whether a cue of this kind stands in the folded text."""
    pattern = cue(vocabulary, lang, kind)
    return pattern is not None and pattern.search(folded_text) is not None


def strip(vocabulary: str, lang: str, kind: str, folded_text: str) -> str:
    """The folded text with the cues of this kind blanked out (same length)."""
    pattern = cue(vocabulary, lang, kind)
    return folded_text if pattern is None else pattern.sub(lambda m: " " * len(m.group()), folded_text)


# A full stop ends a sentence before a capital or a figure, unless it belongs to an initial or an abbreviation.
_STOP = r"[.!?…]+[\"'»”“)\]]*\s+(?=[\"'«„“”(\[]*[A-ZА-ЯЁЇІЄҐÀ-ÖØ-Þ0-9])"
_SHORT = re.compile(
    r"(?:^|[\s(])(?:\w|art|arts|mr|mrs|dr|no|nos|st|ст|гл|см|им|ул|nr|vgl|bijv|bzw|abs|zn|obl|col|gen)\.$", re.I
)

_GERMAN_MONTH = re.compile(r"(?:Jan|Jän|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each sentence of the original text."""
    start = 0
    for match in re.finditer(rf"{_STOP}|\n\s*\n", text):
        head = text[max(start, match.start() - 8) : match.start() + 1]
        if match.group().lstrip().startswith(".") and (_SHORT.search(head) or _is_day(head, text, match.end())):
            continue
        if text[start : match.end()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _is_day(head: str, text: str, end: int) -> bool:
    """Whether a full stop belongs to a German day ("am 21. September")."""
    return re.search(r"(?<!\d)\d{1,2}\.$", head) is not None and _GERMAN_MONTH.match(text, end) is not None
