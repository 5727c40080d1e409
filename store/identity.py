"""By what a text is recognised, whatever a publisher's software does to its signs and spaces."""

import unicodedata
from hashlib import sha256

# What changes nothing for a reader: soft hyphen, zero-width space, non-joiner, joiner, word joiner, BOM; the form of
# quotation marks and dashes; a space before a full stop. An edit of these only is no edit (it would renew old facts).
# Signs are replaced one by one: nearly all of them are absent, and that is seen sooner than every letter is translated.
_TYPOGRAPHY = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
_TYPOGRAPHY |= dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("‐‑‒–—―", "-")
_SPACED = [(sign, f"{sign} ") for sign in "(["] + [(sign, f" {sign}") for sign in ".,;:!?…)]"]


def identity(text: str) -> str:
    """The hash by which a text is recognised: NFC, without invisible characters, typography and white space folded.

    >>> identity("a\\u00adb  c\\n") == identity("ab c")
    True
    """
    if text.isascii():  # most texts, and nearly nothing to fold
        folded = text.replace("`", "'")
    else:
        folded = unicodedata.normalize("NFC", text)
        for sign, plain in _TYPOGRAPHY.items():
            folded = folded.replace(sign, plain)
    folded = " ".join(folded.split())
    for sign, spaced in _SPACED:
        if sign in folded:  # soon seen; the search for a space and a sign stops at every space
            folded = folded.replace(spaced, sign)
    return sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
