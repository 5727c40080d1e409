"""By what a text is recognised, whatever a publisher's software does to its signs and spaces."""

import re
import unicodedata
from hashlib import sha256

# What changes nothing for a reader: soft hyphen, zero-width space, non-joiner, joiner, word joiner, BOM; the form of
# quotation marks and dashes; a space before a full stop. An edit of these only is no edit (it would renew old facts).
_TYPOGRAPHY: dict[int, str | None] = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_TYPOGRAPHY |= dict.fromkeys(map(ord, "“”„‟«»"), '"') | dict.fromkeys(map(ord, "‘’‚‛`´"), "'")
_TYPOGRAPHY |= dict.fromkeys(map(ord, "‐‑‒–—―"), "-")
_BEFORE = re.compile(r" ([.,;:!?…)\]])")
_AFTER = re.compile(r"([(\[]) ")


def identity(text: str) -> str:
    """The hash by which a text is recognised: NFC, without invisible characters, typography and white space folded.

    >>> identity("a\\u00adb  c\\n") == identity("ab c")
    True
    """
    folded = " ".join(unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY).split())
    folded = _BEFORE.sub(r"\1", _AFTER.sub(r"\1", folded))
    return sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
