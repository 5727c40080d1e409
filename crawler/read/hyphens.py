"""Words that a line end broke, where the engine joined them and left a mark: is the hyphen the line's or the word's?

"vertrek|moratorium" lost a hyphen that only the line needed, "общественно|политический" one of its own, and pdfium
cannot tell. The rest of the document can: it has the word in the middle of a line, in one form or the other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_JOINT = re.compile("((?:(?<![^\\W_])[^\\W_]+)?)[\ufffe\x02]([^\\W_]*)")
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})*")
_IN_ADDRESS = re.compile(r"(?:https?://|www\.)\S*\Z")
_OWN_HYPHEN = frozenset(["anti", "non", "ex", "self", "niet", "zelf", "vice", "экс", "вице", "кое", "віце", "екс"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyphens:
    """What one document shows of its words."""

    words: frozenset[str] = frozenset()
    hyphenates: bool = True  # its lines are broken inside words; else a hyphen at a line end is the word's own

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Hyphens":
        """Look through the document once; without a joined word in it there is nothing to know."""
        text = "\n".join(lines)
        broken = [line for line in text.split("\n") if "\ufffe" in line or "\x02" in line]
        joints = [(m[1].casefold(), m[2].casefold()) for line in broken for m in _JOINT.finditer(line)]
        if not joints:
            return cls()
        for line in dict.fromkeys(broken):
            text = text.replace(line, _JOINT.sub(" ", line))
        words = frozenset(_WORD.findall(text.replace("\u00ad", "-").casefold()))
        whole = sum(a + b in words for a, b in joints)
        own = sum(f"{a}-{b}" in words for a, b in joints)
        return cls(words=words, hyphenates=whole >= own)

    def joined(self, text: str) -> str:
        """The text with its joints closed, by a hyphen or nothing. A soft hyphen on paper is seen: it is a hyphen."""
        if "\ufffe" in text or "\x02" in text:
            text = _JOINT.sub(self._closed, text)
        return text.replace("\u00ad", "-") if "\u00ad" in text else text

    def _closed(self, joint: re.Match[str]) -> str:
        first, second = joint[1], joint[2]
        if _IN_ADDRESS.search(joint.string, 0, joint.start()):  # nobody hyphenates an address
            return f"{first}-{second}"
        whole, own = (first + second).casefold(), f"{first}-{second}".casefold()
        if not first or not second or (own in self.words and whole not in self.words):
            return f"{first}-{second}"
        if whole in self.words:
            return first + second
        capital = second[0].isupper() and not first.isupper()
        if capital or first.isdigit() or first.casefold() in _OWN_HYPHEN or not self.hyphenates:
            return f"{first}-{second}"
        return first + second
