"""Which country of origin a passage is about: names, people and places, weighed; hosts lose to origins."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale

from review.folding import Folded
from review.matching import Hits, Mention, Place, to_spans
from review.vocabulary import HERE, LANGUAGES, Words
from store.declared import Closed, Declared

WEIGHTS = {"origin": 1.0, "either": 0.6, "other": 0.6, "host": 0.25}
CUE_SHARE = 0.7  # a place or a currency says less than the name of the country
AWAY_SHARE = 0.35  # "to Kazakhstan", "in Finland": where people are, not where they come from
COUNTED = 4  # more mentions than this add nothing
HINT_WEIGHT = 0.5  # what the publisher's declaration adds for its country


class Country(Closed):
    """What gives one country away beside its CLDR name."""

    role: Literal["origin", "host", "either"]
    names: Words = Words()
    cues: Words = Words()


class Countries(Declared):
    """All declared countries by ISO 3166-1 alpha-2 code, and CLDR names that are ordinary words."""

    countries: dict[str, Country]
    ambiguous: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A country with what speaks for it."""

    code: str
    weight: float
    places: tuple[Place, ...]


@lru_cache(maxsize=1)
def load_countries(path: Path = HERE / "countries.toml") -> Countries:
    """Read the declared countries; raise DeclarationError for a code that is no ISO 3166-1 alpha-2 country."""
    declared = Countries.load(path)
    known = _codes()
    unknown = sorted({*declared.countries, *(code for codes in declared.ambiguous.values() for code in codes)} - known)
    if unknown:
        raise ValueError(f"{path}: {', '.join(unknown)}: not an ISO 3166-1 alpha-2 code of a country")
    return declared


def _codes() -> set[str]:
    territories = Locale("en").territories
    return {code for code in territories if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "ZZ")}


def country_classes(declared: Countries) -> dict[str, Words]:
    """Return the word classes of all countries: `country:XX` for names, `country-cue:XX` for what gives it away.

    Names come from CLDR in all six languages; where a declaration has stems for a language they replace the name.
    """
    names: dict[str, dict[str, tuple[str, ...]]] = {code: {} for code in _codes()}
    for lang in LANGUAGES:
        territories = Locale(lang).territories
        skip = set(declared.ambiguous.get(lang, ()))
        for code in sorted(names):
            stems = declared.countries[code].names.of(lang) if code in declared.countries else ()
            if stems:
                names[code][lang] = stems
            elif code not in skip and code in territories:
                names[code][lang] = (_inflected(_plain(territories[code]), lang),)
    classes = {f"country:{code}": Words(**terms) for code, terms in sorted(names.items())}
    for code, country in declared.countries.items():
        classes[f"country-cue:{code}"] = country.cues
    return classes


def _plain(name: str) -> str:
    """Cut what CLDR adds in brackets and the characters of the term notation."""
    return name.split("(")[0].split("[")[0].replace("*", "").replace("|", "").strip()


def _inflected(name: str, lang: str) -> str:
    """Give the cases of a one-word Russian or Ukrainian country name; other names as they are."""
    if lang not in ("ru", "uk") or " " in name or "-" in name:
        return name
    for ending, cases in _CASES[lang]:
        if name.endswith(ending) and len(name) > 4:
            return name.removesuffix(ending) + cases
    return name


_CASES = {
    "ru": (("ия", "и(я|и|ю|ей)"), ("а", "(а|ы|е|у|ой)"), ("й", "(й|я|ю|е|ем)"), ("н", "н(|а|у|е|ом)"), ("р", "р(|а|у|е|ом)")),
    "uk": (("ія", "і(я|ї|ю|єю)"), ("а", "(а|и|і|у|ою)"), ("н", "н(|у|і|ом)"), ("р", "р(|у|і|ом)")),
}


def country_of(
    text: str, folded: Folded, hits: Hits, roles: Mapping[str, str], *, hint: str | None, has_group: bool
) -> Mention | None:
    """Return the country of origin the passage is about with its spans, or None where none can be inferred.

    `roles` maps codes to origin / either / host; a code outside it counts as `other`. Confidence is the winner's
    share of all weight. A passage with no target group and no word of the field is about no country of origin.
    """
    if not has_group and (not hits.any_of(("domain",)) or hits.any_of(("noise",))):
        return None
    weighed = sorted(
        (_weigh(text, folded, hits, code, roles.get(code, "other")) for code in _named(hits)),
        key=lambda one: (-one.weight, one.code),
    )
    candidates = [_with_hint(one, hint) for one in weighed if one.weight > 0]
    if not candidates:
        return _hinted(hint) if has_group else None
    best = max(candidates, key=lambda one: (one.weight, one.code))
    share = best.weight / sum(one.weight for one in candidates)
    spans = to_spans(best.places, folded, text)
    return Mention(kind="country", value=best.code, spans=spans, rule="country:weighed", score=round(share, 3))


def _named(hits: Hits) -> set[str]:
    return {name.rpartition(":")[2] for name in hits.names() if name.startswith("country")}


def _with_hint(one: Weighed, hint: str | None) -> Weighed:
    extra = HINT_WEIGHT if one.code == hint else 0.0
    return Weighed(code=one.code, weight=one.weight + extra, places=one.places)


def _hinted(hint: str | None) -> Mention | None:
    """A group but no country in the words: what the source is declared to be about, with little confidence."""
    return Mention(kind="country", value=hint, spans=(), rule="country:hint", score=0.3) if hint else None


def _weigh(text: str, folded: Folded, hits: Hits, code: str, role: str) -> Weighed:
    weight, places = 0.0, []
    for place in hits.of(f"country:{code}")[:COUNTED]:
        if not text[folded.origin(*place)[0]].isupper() and role == "other":
            continue
        away = hits.near("destination", place, 5, "before") is not None
        weight += AWAY_SHARE if away and role != "origin" else 1.0
        places.append(place)
    for place in hits.of(f"country-cue:{code}")[:COUNTED]:
        weight += CUE_SHARE
        places.append(place)
    return Weighed(code=code, weight=weight * WEIGHTS[role], places=tuple(places))
