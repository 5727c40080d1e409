"""Text made comparable, with a way back: every position in the folded text leads to one in the original."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_LETTER = r"[^\W\d_]"
MARKS = "\u0300-\u036f"
UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff" + MARKS
_HYPHENS = "-\u2010\u2011\u00ac"
_LIGATURE_SIGNS = "\ufb00-\ufb04"
# Soft hyphens, invisible signs and combining marks, words broken at a line end, ligatures, runs of white space.
_EDITS = re.compile(
    f"\u00ad[ \t\r]*\n?[ \t]*|[{UNSEEN}]+|[{_HYPHENS}][ \t\r]*\n\\s*(?={_LETTER})|[{_LIGATURE_SIGNS}]|-(?= )|\\s\\s+"
)
_UNUSUAL = re.compile(f"[\u00ad{UNSEEN}{_LIGATURE_SIGNS}\u00a0\u1680\u2000-\u200a\u2028-\u202f\u205f\u3000\x0b-\r\x85]")
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
# A decomposed й or ї is another letter, not the same one with a mark; the mark itself falls to _EDITS.
_COMPOSED = re.compile("[иИіІ](?=[\u0306\u0308])")
_COMPOSE = {"и": "й", "И": "Й", "і": "ї", "І": "Ї"}
_DIGITS = re.compile("[01]+")
_LETTER_DIGIT = re.compile(r"[a-z\u0430-\u0457][01]")
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
        if len(self.shifts) == 1:
            return start + self.shifts[0], end + self.shifts[0]
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
    for edit in _EDITS.finditer(text) if _may_need_edits(text) else ():
        new = _replacement(edit, text)
        if new is None:
            continue
        pieces += (text[done : edit.start()], new)
        length += edit.start() - done
        for _ in new:  # whatever is put in leads back to the first character of what was taken out
            starts.append(length)
            shifts.append(edit.start() - length)
            length += 1
        done = edit.end()
        starts.append(length)
        shifts.append(done - length)
    pieces += (text[done:], " ")
    folded = "".join(pieces).translate(_FOLD)
    return Folded(text=_even_out(folded), starts=tuple(starts), shifts=tuple(shifts))


def _may_need_edits(text: str) -> bool:
    """Say, far faster than the edits themselves, whether there can be any: most passages have none."""
    if "  " in text or "- " in text or "\n" in text or "\t" in text:
        return True
    return not text.isascii() and _UNUSUAL.search(text) is not None


def fold_letters(text: str, *, keep: str) -> str:
    """Fold letter by letter, without joining or repairing anything; the characters of `keep` stay as they are."""
    if not any(letter in text for letter in keep):
        return text.translate(_FOLD)
    return "".join(letter if letter in keep else _FOLD[ord(letter)] for letter in text)


def _replacement(edit: re.Match[str], text: str) -> str | None:
    """Say what stands in the folded text for a stretch, or None to keep it (a hyphen that breaks no word)."""
    first = edit[0][0]
    if first.isspace():
        return " "
    if first in _HYPHENS and len(edit[0]) > 1 and not text[max(0, edit.start() - 1) : edit.start()].isalpha():
        return None
    return _LIGATURES.get(first, "")


def _even_out(folded: str) -> str:
    """Repair a scanner's digits and mixed alphabets inside words; the length stays the same."""
    if _LETTER_DIGIT.search(folded):
        folded = _DIGITS.sub(lambda found: _letters(found, folded), folded)
    if not folded.isascii() and _MIXED_PAIR.search(folded):
        folded = _MIXED_WORD.sub(lambda found: _one_alphabet(found[0]), folded)
    return folded


def _letters(found: re.Match[str], folded: str) -> str:
    """Read 0 and 1 between letters, and a 1 at the end of a word, as the letters a scanner took them for."""
    before, after = folded[found.start() - 1], folded[found.end()]
    ends_word = after == " " and found[0] == "1" and folded[found.start() - 2].isalpha()
    if not before.isalpha() or not (after.isalpha() or ends_word):
        return found[0]
    cyrillic = before > "\u03ff"
    one = "l" if ends_word else "i"
    return found[0].translate({ord("0"): "о" if cyrillic else "o", ord("1"): "і" if cyrillic else one})


def _one_alphabet(word: str) -> str:
    cyrillic = sum(letter > "\u03ff" for letter in word)
    return word.translate(_TO_CYRILLIC if cyrillic * 2 >= len(word) else _TO_LATIN)


class _FoldTable(dict[int, str]):
    """A str.translate table that works out each character once and always gives exactly one character."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_ALIKE = {"ё": "е", "ѐ": "е", "ґ": "г", "ı": "i", "ł": "l", "ø": "o", "đ": "d"}


def _fold_character(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    lower = (compatible if len(compatible) == 1 else character).lower()
    base = unicodedata.normalize("NFD", lower)[0]
    kept = base if "a" <= base <= "z" else _ALIKE.get(lower[0], lower[0])
    return kept if kept.isalnum() else " "


_FOLD = _FoldTable()
