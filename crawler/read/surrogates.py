"""Characters that software wrote as two halves of UTF-16 (emoji of old content systems), which no XML parser takes."""

import re

_HALF = rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
_SURROGATES = re.compile(_HALF + rb"(?:" + _HALF + rb")?")


def whole_characters(body: bytes) -> bytes:
    """The markup with such pairs of references as one; a half alone is no character and falls away.

    >>> whole_characters(b"a &#55357;&#xDE00; b &#xD800; c")
    b'a &#128512; b  c'
    """
    return _SURROGATES.sub(_whole, body)


def _whole(found: re.Match[bytes]) -> bytes:
    halves = [_number(half) for half in found[0].decode("ascii").split(";") if half]
    high, low = halves[0], halves[-1]
    whole = len(halves) == 2 and 0xD800 <= high < 0xDC00 <= low
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + low - 0xDC00) if whole else b""


def _number(reference: str) -> int:
    digits = reference.removeprefix("&#")
    return int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
