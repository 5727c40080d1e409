"""Names that people typed, compared as a reader would: 'Anna', 'A.nna' and 'Аnnа' with Cyrillic letters are one.

A typed name proves nobody's identity. This only keeps one person from passing for two by another spelling.
"""

import unicodedata

# Letters of other alphabets, and digits, that look like a Latin letter. Left side: after case folding.
_ALIKE = str.maketrans("аеёорсухіїјѕһкмтвнԁԛԝαεικνορτυχ01ıł", "aeeopcyxiijshkmtbhdqwaeikvoptuxolil")


def folded_name(name: str) -> str:
    """Return the letters and digits of a name as they look: no case, accents, punctuation, blanks or alphabet."""
    apart = unicodedata.normalize("NFKD", name.translate(str.maketrans("ІӀ", "ii")).casefold())
    letters = "".join(sign for sign in apart.translate(_ALIKE) if sign.isalnum())
    return letters.casefold()


def same_name(one: str, other: str) -> bool:
    """Return whether two names look like one person's."""
    return folded_name(one) == folded_name(other)
