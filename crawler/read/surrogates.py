"""References to characters that are none, over which parsers stumble, and those that were written as two halves.

Old content systems write emoji as the two halves that UTF-16 has for them, which no XML parser takes.
"""

import re

_HALF = rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
_ODD = re.compile(_HALF + rb"(?:" + _HALF + rb")?|&#(?:[xX][0-9a-fA-F]{6,}|\d{7,});?")
_LAST = 0x10FFFF  # of Unicode


def whole_characters(body: bytes) -> bytes:
    """The markup with such pairs of references as one; a half alone and a number beyond Unicode fall away.

    >>> whole_characters(b"a &#55357;&#xDE00; b &#xD800; c &#99999999999; d &#x0001F600;")
    b'a &#128512; b  c  d &#x0001F600;'
    """
    return _ODD.sub(_whole, body)


def _whole(found: re.Match[bytes]) -> bytes:
    numbers = [_number(reference) for reference in found[0].decode("ascii").split(";") if reference]
    high, low = numbers[0], numbers[-1]
    if len(numbers) == 2 and 0xD800 <= high < 0xDC00 <= low:
        return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
    is_one = len(numbers) == 1 and high <= _LAST and not 0xD800 <= high <= 0xDFFF
    return found[0] if is_one else b""


def _number(reference: str) -> int:
    digits = reference.removeprefix("&#")
    base = 16 if digits[:1] in "xX" else 10
    shown = digits.lstrip("xX0")
    return int(shown or "0", base) if len(shown) < 12 else _LAST + 1
