"""Text made comparable, with a way back: every position in the folded text leads to one in the original."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_LETTER = r"[^\W\d_]"
# Invisible signs, combining marks, words broken at a line end, runs of white space, ligatures of PDF files.
_EDITS = re.compile(
    "(?P<soft>\u00ad[ \t\r]*\n?[ \t]*)"
    "|(?P<unseen>[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff\u0300-\u036f]+)"
    f"|(?P<broken>(?<={_LETTER})[-\u2010\u2011\u00ac][ \t\r]*\n\\s*(?={_LETTER}))"
    r"|(?P<space>\s\s+)"
    "|(?P<ligature>[\ufb00-\ufb04])"
)
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
# A decomposed й or ї is another letter, not the same one with a mark; the mark itself falls to _EDITS.
_COMPOSED = re.compile("[иИіІ](?=[\u0306\u0308])")
_COMPOSE = {"и": "й", "И": "Й", "і": "ї", "І": "Ї"}
_DIGITS_IN_WORD = re.compile(f"(?<={_LETTER})[01]+(?={_LETTER})|(?<={_LETTER}{_LETTER})1(?!\\w)")
_MIXED_WORD = re.compile(r"\b(?=\w*[a-z])(?=\w*[\u0430-\u0457])\w+")
_MIXED_PAIR = re.compile(r"[a-z][\u0430-\u0457]|[\u0430-\u0457][a-z]")
_TO_CYRILLIC = str.maketrans("aceopxyikmthb", "асеорхуікмтнь")
_TO_LATIN = str.maketrans("асеорхуікмтн", "aceopxyikmth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A folded text: lower-case letters and digits, everything else one blank each, a blank at both ends."""

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open character span in the original of the half-open span [start, end) here."""
        return self._back(start), self._back(end - 1) + 1

    def _back(self, position: int) -> int:
        return position + self.shifts[bisect_right(self.starts, position) - 1]


def fold(text: str) -> Folded:
    """Fold a passage for matching; nothing of the original is lost, only hidden from the matcher.

    Soft hyphens, zero-width signs, combining marks and hyphens at a line end vanish; case, accents, ё and
    compatibility forms are evened out; look-alike Latin letters in a Cyrillic word (and the reverse), and the
    digits 0 and 1 inside a word (a scanner's o, i and l) are read as the letters they stand for.
    """
    if "\u0306" in text or "\u0308" in text:
        text = _COMPOSED.sub(lambda found: _COMPOSE[found[0]], text)
    pieces: list[str] = [" "]
    starts, shifts = [0], [-1]
    length, done = 1, 0
    for edit in _EDITS.finditer(text):
        piece = text[done : edit.start()]
        new = _replacement(edit)
        pieces += (piece, new)
        length += len(piece) + len(new)
        done = edit.end()
        starts.append(length)
        shifts.append(done - length)
    pieces += (text[done:], " ")
    folded = "".join(pieces).translate(_FOLD)
    return Folded(text=_even_out(folded), starts=tuple(starts), shifts=tuple(shifts))


def fold_letters(text: str, *, keep: str) -> str:
    """Fold letter by letter, without joining or repairing anything; the characters of `keep` stay as they are."""
    return "".join(letter if letter in keep else _FOLD[ord(letter)] for letter in text)


def _replacement(edit: re.Match[str]) -> str:
    """Say what stands in the folded text for a stretch that is not kept as it is."""
    if edit.lastgroup == "space":
        return " "
    return _LIGATURES[edit[0]] if edit.lastgroup == "ligature" else ""


def _even_out(folded: str) -> str:
    """Repair a scanner's digits and mixed alphabets inside words; the length stays the same."""
    if "0" in folded or "1" in folded:
        folded = _DIGITS_IN_WORD.sub(lambda found: _letters(found, folded), folded)
    if _MIXED_PAIR.search(folded):
        folded = _MIXED_WORD.sub(lambda found: _one_alphabet(found[0]), folded)
    return folded


def _letters(found: re.Match[str], folded: str) -> str:
    cyrillic = folded[found.start() - 1] > "\u03ff"
    one = "l" if found.end() < len(folded) and folded[found.end()] == " " else "i"
    return found[0].translate({ord("0"): "о" if cyrillic else "o", ord("1"): "і" if cyrillic else one})


def _one_alphabet(word: str) -> str:
    cyrillic = sum(letter > "\u03ff" for letter in word)
    return word.translate(_TO_CYRILLIC if cyrillic * 2 >= len(word) else _TO_LATIN)


class _FoldTable(dict[int, str]):
    """A str.translate table that works out each character once and always gives exactly one character."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    lower = (compatible if len(compatible) == 1 else character).lower()
    base = unicodedata.normalize("NFD", lower)[0]
    kept = base if "a" <= base <= "z" else {"ё": "е", "ѐ": "е", "ґ": "г"}.get(lower[0], lower[0])
    return kept if kept.isalnum() else " "


_FOLD = _FoldTable()
