"""Where the facts of a passage happened, seen from its country of origin: own soil, war zone, occupied, abroad.

A name counts as a place where a preposition or a word like "region" stands by it: "Moscow denied" happens nowhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from babel import Locale

from review import cue_words as words
from review.countries import USUAL
from review.evidence_cues import LANGUAGES, Folded, compiled
from review.gazetteer import towns

SURE, NAMED, INFERRED = 0.9, 0.8, 0.7
_STEM = 4  # letters that a Cyrillic name keeps in any case
_ENDING = 3  # letters that a case adds at most
_REACH = 60  # characters that a preposition reaches
_VOWELS = "аеиоуыьюяйіїє"


class Soil(StrEnum):
    """Where a place lies, seen from the country of origin."""

    OWN = "own_soil"
    WAR_ZONE = "war_zone"
    OCCUPIED = "occupied"
    ABROAD = "abroad"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place of the text: its span in the folded text, its kind of soil."""

    start: int
    end: int
    soil: Soil
    confidence: float
    rule: str


# What the declared classes are for people of a country: for a Russian soldier Kharkiv is the war, for a Ukrainian home.
_SEEN_FROM = {
    "RU": {"ru": Soil.OWN, "ua": Soil.WAR_ZONE, "front": Soil.WAR_ZONE, "occupied": Soil.OCCUPIED},
    "UA": {"ru": Soil.ABROAD, "ua": Soil.OWN, "front": Soil.WAR_ZONE, "occupied": Soil.OCCUPIED},
}
_ELSEWHERE = {"ru": Soil.ABROAD, "ua": Soil.ABROAD, "front": Soil.WAR_ZONE, "occupied": Soil.OCCUPIED}
# Class, whose soil, whether it says a place without a preposition; the more exact first.
_CLASSES = (
    ("occupied", "occupied", True),
    ("front", "front", True),
    ("soil_ru", "ru", True),
    ("soil_ua", "ua", True),
    ("town_occupied", "occupied", False),
    ("town_ru", "ru", False),
    ("town_ua", "ua", False),
    ("name_ru", "ru", False),
    ("name_ua", "ua", False),
)


def places_in(text: str, folded: Folded, lang: str, *, country: str | None = None) -> Iterator[FoundPlace]:
    """Yield the places of a text in its order. `country` (ISO 3166-1 alpha-2) is whose people the passage is about.

    Without it that of the language stands in (ru, uk); else only the war zone and occupied land can be told.
    """
    if lang not in LANGUAGES:
        return
    origin = country or USUAL.get(lang)
    found: dict[int, FoundPlace] = {}
    taken = bytearray(len(folded.text) + 1)
    for match in _compiled(words.patterns(lang, "not_place")).finditer(folded.text):
        _take(taken, match)
    for place in (*_declared(folded.text, lang, origin, taken), *_looked_up(text, folded, lang, origin, taken)):
        found.setdefault(place.start, place)
    yield from (found[start] for start in sorted(found))


def _take(taken: bytearray, match: re.Match[str]) -> None:
    taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())


@lru_cache(maxsize=64)
def _compiled(declared: tuple[str, ...]) -> re.Pattern[str]:
    return compiled(declared) or re.compile(words.NOTHING)


def _declared(folded: str, lang: str, origin: str | None, taken: bytearray) -> Iterator[FoundPlace]:
    """The declared phrases, towns, regions and names."""
    seen_from = _SEEN_FROM.get(origin or "", _ELSEWHERE)
    for name, whose, is_place in _CLASSES:
        soil = seen_from[whose]
        for match in _compiled(words.patterns(lang, name)).finditer(folded):
            if any(taken[match.start() : match.end()]):
                continue
            sure = SURE if is_place else _as_place(folded, match, lang)
            if sure is None:
                continue
            _take(taken, match)
            if origin is not None or soil is not Soil.ABROAD:
                yield FoundPlace(start=match.start(), end=match.end(), soil=soil, confidence=sure, rule=f"place:{name}")


def _as_place(folded: str, match: re.Match[str], lang: str) -> float | None:
    """How sure it is that a name says where: after a preposition, or before "region"; None where merely named."""
    if _preposition(lang).search(words.before(folded, match.start(), _REACH)):
        return SURE
    return NAMED if _after(lang).match(folded, match.end()) else None


@lru_cache(maxsize=8)
def _preposition(lang: str) -> re.Pattern[str]:
    """A preposition with at most three words between it and the name, none of them beyond a comma."""
    return re.compile(rf"(?<!\w){words.any_of(lang, 'place_before')} ?(?:[^\W\d][\w-]* ){{0,3}}(?:l'|d')?$")


@lru_cache(maxsize=8)
def _after(lang: str) -> re.Pattern[str]:
    return re.compile(rf"[\s-]{words.any_of(lang, 'place_after')}")


@lru_cache(maxsize=8)
def _named_after(lang: str) -> re.Pattern[str]:
    """A preposition, at most two small words, then up to two words that may be a name."""
    return re.compile(rf"(?<!\w){words.any_of(lang, 'place_before')}(?= ?((?:[^\W\d][\w'-]*[ ]?){{1,5}}))")


def _looked_up(text: str, folded: Folded, lang: str, origin: str | None, taken: bytearray) -> Iterator[FoundPlace]:
    """Towns of the country of origin from the gazetteer, and other countries, where a preposition stands before."""
    if origin is None:
        return
    own, abroad = _own_towns(origin, lang), _countries(lang)
    for opening in _named_after(lang).finditer(folded.text):
        at = opening.start(1)
        for word in re.finditer(r"[^\W\d][\w-]*(?: [^\W\d][\w-]*)?", opening[1]):
            found = _named(text, folded, at + word.start(), word[0], own, abroad, origin)
            if found is None or any(taken[found.start : found.end]):
                continue
            taken[found.start : found.end] = b"\x01" * (found.end - found.start)
            yield found
            break


def _named(
    text: str,
    folded: Folded,
    at: int,
    said: str,
    own: frozenset[str],
    abroad: dict[str, str],
    origin: str,
) -> FoundPlace | None:
    """The place that one or two words with capital letters name, if they name one."""
    for name in (said, said.partition(" ")[0], said.rpartition(" ")[2]):
        start = at + said.index(name)
        if not text[folded.offsets[start]].isupper():
            continue
        if any(form in own for form in _forms(name)):
            return FoundPlace(start=start, end=start + len(name), soil=Soil.OWN, confidence=INFERRED,
                              rule="place:gazetteer")  # fmt: skip
        code = next((abroad[form] for form in _forms(name) if form in abroad), None)
        if code is not None and code not in ("RU", "UA"):
            soil = Soil.OWN if code == origin else Soil.ABROAD
            return FoundPlace(start=start, end=start + len(name), soil=soil, confidence=NAMED, rule="place:country")
    return None


def _forms(name: str) -> Iterator[str]:
    """A name as a list may hold it: as it stands, or without the ending of a Cyrillic case."""
    yield name
    if not name.isascii():
        for end in range(len(name), max(_STEM, len(name) - _ENDING) - 1, -1):
            yield f"{name[:end]}*"


@lru_cache(maxsize=16)
def _own_towns(country: str, lang: str) -> frozenset[str]:
    cyrillic = lang in ("ru", "uk")
    named = (name for name in towns().get(country, ()) if name.isascii() != cyrillic)
    return frozenset(_listed(name) for name in named)


@lru_cache(maxsize=8)
def _countries(lang: str) -> dict[str, str]:
    """Names of the world's countries in one language, folded, with their codes."""
    named = ((str(name), str(code)) for code, name in Locale(lang).territories.items() if len(code) == 2)
    return {_listed(words.fold(name.split(" (")[0]).text): code for name, code in named}


def _listed(name: str) -> str:
    """A name as lists hold it: a Cyrillic one without the ending that its cases change."""
    if name.isascii() or not "а" <= name[-1] <= "ї":
        return name
    stem = name.rstrip(_VOWELS)
    return f"{stem if len(stem) >= _STEM else name}*"
