"""Text hygiene that every reader shares: what may stand in a text we keep, and nothing else."""

import re
import unicodedata

# NUL and the other controls, lone surrogates, non-characters and the BOM. Tab, newline and return stay.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
# Invisible on the page, but they split a word for every search: soft hyphen, zero-width (non-)joiner and space, marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
# "Vreemdelin-\ngencirculaire". Not before a conjunction ("besluit- \nen vertrekmoratorium") ...
_BROKEN_OFF = re.compile(r"(?<=[^\W\d_]{2})-[ \t]*$")
_OTHER_HALF = re.compile(r"[ \t]*((?!(?:en|of|and|or|und|oder|et|ou|и|или|та|або)\b)[^\W\d_]{2}\S*)\s*(.*)", re.DOTALL)
# ... and after these the hyphen belongs to the word ("anti-\nwar").
_KEEP_HYPHEN = re.compile(
    r"(?:^|\W)(?:anti|non|ex|self|pro|semi|co|pre|post|multi|half|well|oud|niet|zelf|anti|vice|по|во|из|кое|экс|вице)$",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """The text without characters that no reader can see or store; line ends become one newline.

    Nothing visible is removed and no two words are joined. Soft hyphens stay until `normalised`, so that
    offsets keep pointing at what the publisher wrote.
    """
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str | None) -> str | None:
    """The text on one line with single spaces, or None when nothing visible is left."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", clean(text))).strip() or None if text else None


def normalised(text: str) -> str:
    """The form that identity hashes use (design §3.4): NFC, invisible characters out, white space to one space."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", clean(unicodedata.normalize("NFC", text)))).strip()


def dehyphenated(text: str) -> str:
    """Words that a line end broke made whole again, in text that was laid out for paper.

    Only where a letter, a hyphen, a line end and a lower-case letter follow each other, and never before a
    conjunction or after a prefix that keeps its hyphen: rather one broken word left than two words glued. The line
    then ends after the whole word, so that the lines stay as long as their writer made them.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        ends = _BROKEN_OFF.search(lines[-1]) if lines else None
        half = _OTHER_HALF.match(line) if ends else None
        if ends is None or half is None or not half[1][0].islower():
            lines.append(line)
            continue
        before = lines[-1][: ends.start()]
        lines[-1] = before + ("-" if _KEEP_HYPHEN.search(before[-8:]) else "") + half[1]
        if half[2]:
            lines.append(half[2])
    return "\n".join(lines)
