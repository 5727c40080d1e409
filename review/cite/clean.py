"""Text of the world made fit for a line, for XML and for an address. Pure."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

_ILLEGAL = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_RTL = frozenset({"R", "AL", "AN"})
_KEPT = frozenset("\u200c\u200d")  # joiners belong to the spelling of Persian and others
_SAFE = "/?#[]@!$&'()*+,;=:%-._~"  # what an address may hold as it is (RFC 3986)


def line(text: str) -> str:
    """Text on one line: every run of white space one space, no control or override characters, no halves of pairs.

    Line separators, tags of a file format and the marks that turn text round would make a citation say something else.

    >>> line("a\\r\\nTY  - \\x00JOUR\\u202e")
    'a TY - JOUR'
    """
    return " ".join("".join(map(_kept, text)).split())


def _kept(char: str) -> str:
    if char in _KEPT or unicodedata.category(char)[0] != "C":
        return char
    return " " if char.isspace() else ""


def prose(text: str) -> str:
    """The same with its line ends kept, for quotations.

    >>> prose("a\\r\\nb\\x0b\\x00c")
    'a\\nb c'
    """
    return "\n".join(filter(None, map(line, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))))


def legal(text: str) -> str:
    """Text without what XML 1.0 has no way to hold: most control characters, halves of pairs, non-characters.

    >>> legal("a\\x0b\\ud800b\\tc\\uffff")
    'ab\\tc'
    """
    return _ILLEGAL.sub("", text)


def address(url: str | None) -> str | None:
    """A web address with everything encoded that an address may not hold; None where it is none (javascript:, data:).

    >>> address("https://a.example/x y{z}"), address("javascript:alert(1)"), address("https://[bad")
    ('https://a.example/x%20y%7Bz%7D', None, None)
    """
    try:
        text = line(url or "")
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    return quote(text, safe=_SAFE)


def rightward(text: str) -> bool:
    """Whether text runs from right to left: by its first letter with a direction.

    >>> rightward("«سربازان"), rightward("Солдаты"), rightward("2022")
    (True, False, False)
    """
    return next((kind in _RTL for char in text if (kind := unicodedata.bidirectional(char)) in {"L", "R", "AL"}), False)
