"""Which country of origin a passage is about: names, people and places, weighed; hosts lose to origins."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from pydantic import Field

from review.country_signs import (
    STATE_WITHIN,
    hails,
    is_destination,
    is_fought_over,
    is_headed_for,
    its_men,
    said,
    within_longer,
    word,
)
from review.folding import Folded
from review.gazetteer import is_town, town_classes
from review.matching import Hits, Mention, Place, to_spans
from review.vocabulary import HERE, LANGUAGES, Words
from store.declared import Closed, Declared

WEIGHTS = {"origin": 1.0, "either": 0.6, "other": 0.6, "host": 0.25}
CUE_SHARE = 0.7  # a place or a currency says less than the name of the country
AWAY_SHARE = 0.35  # "to Kazakhstan", "in Finland": where people are, not where they come from
OCCUPIED_SHARE = 0.9  # where soldiers of another country are named with their own towns, they are whom it is about
STATE_BONUS = 0.5  # "Belarusian courts": the state itself acts
ITS_MEN_BONUS = 1.0  # "Russian conscripts": whose they are
THEATRE_SHARE = 0.35  # "sent to Ukraine" says where, not whose soldier
HAILING_BONUS = 0.7  # "a welder from Kurgan", "occupied Berdiansk": whose people they are
SERVING = frozenset({"conscripts", "reservists", "deserters", "objectors"})
OF_THE_STATE = frozenset({"reservists", "objectors", "religious"})  # "in Ukraine" these are its own people
POINTED = 0.3  # confidence in a country that no word names
USUAL = {"ru": "RU", "uk": "UA"}  # whose groups a passage in this language speaks of when it names no country
COUNTED = 4  # more mentions than this add nothing
HINT_WEIGHT = 0.5  # what the publisher's declaration adds for its country


class Country(Closed):
    """What gives one country away beside its CLDR name."""

    role: Literal["origin", "host", "either"]
    theatre_of: str | None = None  # named without its state or people, it is where that country's war is fought
    own_army: bool = True  # else whoever serves there serves the country of `theatre_of`
    refuge_of: str | None = None  # named only as where people went, it points to that country
    names: Words = Words()
    cues: Words = Words()
    places: Words = Words()  # towns and regions: cues, but where men are sent to fight they are the theatre of war


class Countries(Declared):
    """All declared countries by ISO 3166-1 alpha-2 code, and CLDR names that are ordinary words."""

    countries: dict[str, Country]
    ambiguous: dict[str, tuple[str, ...]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A country with what speaks for it."""

    code: str
    weight: float
    places: tuple[Place, ...]
    away: bool  # named only as where people went
    theatre: bool  # named only as where a war is fought
    own: bool = True  # its state or its people are named, not only its towns or its troops


@lru_cache(maxsize=1)
def load_countries(path: Path = HERE / "countries.toml") -> Countries:
    """Read the declared countries; raise DeclarationError for a code that is no ISO 3166-1 alpha-2 country."""
    declared = Countries.load(path)
    known = iso_codes()
    unknown = sorted({*declared.countries, *(code for codes in declared.ambiguous.values() for code in codes)} - known)
    if unknown:
        raise ValueError(f"{path}: {', '.join(unknown)}: not an ISO 3166-1 alpha-2 code of a country")
    return declared


# What CLDR lists beside the countries of ISO 3166-1: unions, pseudo-territories and islands with reserved codes.
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


@lru_cache(maxsize=1)
def iso_codes() -> frozenset[str]:
    """The two-letter codes of ISO 3166-1, and Kosovo's."""
    territories = Locale("en").territories
    codes = {str(code) for code in territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


def country_classes(declared: Countries) -> dict[str, Words]:
    """Return the word classes of all countries: `country:XX` for names, `country-cue:XX` for what gives it away,
    `country-place:XX` and `country-town:XX` for where it lies.

    Names come from CLDR in all six languages; where a declaration has stems for a language they replace the name.
    """
    names: dict[str, dict[str, tuple[str, ...]]] = {code: {} for code in iso_codes()}
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
        classes[f"country-place:{code}"] = country.places
    return classes | town_classes()


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
    "ru": (
        ("ия", "и(я|и|ю|ей)"),
        ("а", "(а|ы|е|у|ой)"),
        ("й", "(й|я|ю|е|ем)"),
        ("н", "н(|а|у|е|ом)"),
        ("р", "р(|а|у|е|ом)"),
    ),
    "uk": (("ія", "і(я|ї|ю|єю)"), ("а", "(а|и|і|у|ою)"), ("н", "н(|у|і|ом)"), ("р", "р(|у|і|ом)")),
}


def country_of(
    text: str, folded: Folded, hits: Hits, declared: Countries, *, lang: str, hint: str | None, groups: frozenset[str]
) -> Mention | None:
    """Return the country of origin the passage is about with its spans, or None where none can be inferred.

    Asked only of passages on the field. Confidence is the winner's share of all weight. `hint` is the country that its
    source is declared to be about.
    """
    candidates = [_weigh(text, folded, hits, code, declared, groups) for code in _named(hits)]
    candidates = [_with_hint(_as_scene(one, candidates, declared), hint) for one in candidates if one.weight > 0]
    if not candidates:
        return _assumed(lang, hint) if groups else None
    best = min(candidates, key=lambda one: (-one.weight, one.places[0], one.code))
    share = best.weight / sum(one.weight for one in candidates)
    spans = to_spans(best.places, folded, text)
    pointed = _points_elsewhere(best, declared) if groups else None
    if pointed:
        return Mention(kind="country", value=pointed, spans=spans, rule=f"country:through {best.code}", score=POINTED)
    return Mention(kind="country", value=best.code, spans=spans, rule="country:weighed", score=round(share, 3))


def _named(hits: Hits) -> set[str]:
    return {name.rpartition(":")[2] for name in hits.names() if name.startswith("country")}


def _as_scene(one: Weighed, among: list[Weighed], declared: Countries) -> Weighed:
    """Where the country whose war it is stands there too, towns and troops of the other are but the scene."""
    country = declared.countries.get(one.code)
    fought = country.theatre_of if country else None
    if one.own or one.theatre or not any(other.code == fought and other.weight > 0 for other in among):
        return one
    return replace(one, weight=one.weight * THEATRE_SHARE)


def _with_hint(one: Weighed, hint: str | None) -> Weighed:
    return replace(one, weight=one.weight + HINT_WEIGHT) if one.code == hint else one


def _assumed(lang: str, hint: str | None) -> Mention | None:
    """A group but no country in the words: the source's declared country, else the usual one of the language."""
    code = hint or USUAL.get(lang)
    rule = "country:hint" if hint else "country:language"
    return Mention(kind="country", value=code, spans=(), rule=rule, score=POINTED) if code else None


def _points_elsewhere(best: Weighed, declared: Countries) -> str | None:
    """Return the country that a mere theatre of war or a mere refuge points to."""
    country = declared.countries.get(best.code)
    if country is None:
        return None
    if best.theatre:
        return country.theatre_of
    return country.refuge_of if best.away else None


def _weigh(text: str, folded: Folded, hits: Hits, code: str, declared: Countries, groups: frozenset[str]) -> Weighed:
    country = declared.countries.get(code)
    role = country.role if country else "other"
    contested = bool(country and country.theatre_of)
    refuge = bool(country and country.refuge_of)
    cues = hits.of(f"country-cue:{code}")[:COUNTED]
    weight, places = CUE_SHARE * len(cues), list(cues)
    stays = any(not (refuge and is_headed_for(place, hits)) for place in cues)
    state = own = bool(cues)
    towns = [
        place for place in hits.of(f"country-town:{code}") if is_town(said(text, folded, place), word(folded, place))
    ]
    for place in sorted({*hits.of(f"country-place:{code}"), *towns} - set(cues))[:COUNTED]:
        fought_over = contested and is_fought_over(place, hits)
        share = THEATRE_SHARE if fought_over else OCCUPIED_SHARE if contested else 1.0
        weight += CUE_SHARE * share
        if role == "origin" and hails(place, hits, occupied=contested, fought_over=fought_over):
            weight, own = weight + HAILING_BONUS, True
        stays = stays or not (fought_over or (refuge and is_headed_for(place, hits)))
        state = state or not fought_over
        places.append(place)
    for place in hits.of(f"country:{code}")[:COUNTED]:
        if (role == "other" and not text[folded.origin(*place)[0]].isupper()) or within_longer(place, code, hits):
            continue
        away = role != "origin" and is_destination(place, hits)
        of_state = hits.near("state_word", place, STATE_WITHIN) is not None
        enemy = contested and hits.near("other_side", place, 1, "after") is not None
        weight += (AWAY_SHARE if away and not of_state else 1.0) + (STATE_BONUS if of_state else 0.0)
        if not enemy and its_men(place, hits):
            weight, stays, state = weight + ITS_MEN_BONUS, True, True
        fought_over = is_fought_over(place, hits)
        if contested and not enemy and hails(place, hits, occupied=True, fought_over=fought_over):
            weight, state = weight + HAILING_BONUS, True
        stays, state, own = stays or not away, state or of_state, own or not enemy
        places.append(place)
    theatre = contested and not state and bool(groups) and not groups <= OF_THE_STATE
    if country and not country.own_army:
        theatre = not groups.isdisjoint(SERVING)
    share = THEATRE_SHARE if theatre else 1.0
    own = own or not groups or (contested and hits.any_of(("ua_recruiters",)))
    return Weighed(
        code=code, weight=weight * share * WEIGHTS[role], places=tuple(sorted(places)), away=not stays, theatre=theatre,
        own=own,
    )  # fmt: skip
