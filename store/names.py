"""Names that people typed, compared as a reader would: 'Anna', 'A.nna' and one with Cyrillic letters are one person.

Four eyes and blind coding must not be had with a capital, an accent, a dot or a space. A typed name proves nobody's
identity. In SQL it is the function coi_person(text), which comes with our connections (store.db).
"""

import unicodedata
from functools import lru_cache

# Letters of other alphabets, and digits, that look like a Latin letter. Left side: after case folding.
_ALIKE = str.maketrans(
    "аеёорсухіїјѕһкмтвнԁԛԝӏ" + "αβεικνορτυχϲϳ" + "01ıłȷ",
    "aeeopcyxiijshkmtbhdqwl" + "abeiknoptyxcj" + "olilj",
)


@lru_cache(maxsize=1024)  # few people, and thousands of decisions whose authors are compared on one page
def person(name: str) -> str:
    """A name as it is compared: its letters and digits as they look, without case, accents, punctuation or alphabet.

    Rather two people taken for one, who then choose names that differ, than one person taken for two.

    >>> person(" Ágnes  KOVÁCS ") == person("ágnes kovács"), person("Straße")
    (True, 'strasse')
    """
    apart = unicodedata.normalize("NFKD", name.translate(str.maketrans("ІӀ", "ii")).casefold())
    return "".join(sign for sign in apart.translate(_ALIKE) if sign.isalnum()).casefold()


def same_name(one: str, other: str) -> bool:
    """Return whether two names look like one person's."""
    return person(one) == person(other)
