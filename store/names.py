"""Whether two names are one person's: four eyes and blind coding must not be had with a capital, an accent or a space.

In SQL it is the function coi_person(text), which comes with our connections (store.db).
"""

import unicodedata

# Letters of other alphabets that look like Latin ones: "Аnna" with a Cyrillic А is no second person.
_ALIKE = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏ" + "αβεικνορτυχϲϳ" + "ıȷ",
    "abekmhopctyxijsdqwhl" + "abeiknoptyxcj" + "ij",
)


def person(name: str) -> str:
    """A name as it is compared: compatibility forms, capitals, accents, look-alike letters and spaces evened out.

    Rather two people taken for one, who then choose names that differ, than one person taken for two.

    >>> person(" Ágnes  KOVÁCS ") == person("ágnes kovács"), person("Аnna") == person("anna"), person("Straße")
    (True, True, 'strasse')
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Cf", "Cc") or c.isspace())
    return " ".join(seen.translate(_ALIKE).split())
