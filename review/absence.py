"""Nothing found is four different facts (method §6), told apart and bounded by where, when and how it was searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel import Locale, UnknownLocaleError

from review.gates import Coverage, Crawled
from review.method.outcome import Outcome
from review.method.words import Said
from review.rows import Asked
from store.searches_log import Search

NAMED = 6  # sources that are named; the rest are counted


class Fact(StrEnum):
    """Why there is no answer in time."""

    NOT_SEARCHED = "not_searched"
    NOTHING_FOUND = "nothing_found"
    OUTDATED_OR_OTHER = "outdated_or_other"  # found, but too old, without a vote, or about another group
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The facts that hold, and what may be said of them."""

    facts: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """What sources were searched alike: languages, period and terms (English, Dutch)."""

    languages: tuple[str, ...]
    since: str
    until: str
    terms: tuple[str, str]


def found_nothing(
    asked: Asked, as_of: date, seen: Coverage, searches: Sequence[Search], outcome: Outcome
) -> Silence | None:
    """What it means that no origin votes in time on a question; None where one does. Absence casts no vote."""
    if outcome.origins:
        return None
    start = date.fromordinal(max(1, as_of.toordinal() - asked.question.window_days)).isoformat()
    mine = [one for one in searches if one.healthy and start <= one.period_to and one.period_from <= as_of.isoformat()]
    facts, said = [], []
    if seen.searched or mine:
        facts.append(Fact.OUTDATED_OR_OTHER if outcome.used else Fact.NOTHING_FOUND)
        said.append(_searched(asked, _bounds(asked, as_of, start, seen, mine), found=len(outcome.used)))
    elif outcome.used:
        facts.append(Fact.OUTDATED_OR_OTHER)
        said.append(_old(len(outcome.used)))
    failed = _failed_by_hand(searches, seen)
    if seen.unreachable or failed:
        facts.append(Fact.UNREACHABLE)
        said += [_unreachable(source) for source in seen.unreachable[:NAMED]]
        said += [failed] if failed else []
    unreached = {source.source_id for source in seen.unreachable}
    never = [seen.titles.get(name, name) for name in seen.not_searched if name not in unreached]
    if never or not seen.decisive:
        facts.append(Fact.NOT_SEARCHED)
        said.append(_never(never))
    return Silence(
        facts=tuple(facts), said=Said(en=" ".join(one.en for one in said), nl=" ".join(one.nl for one in said))
    )


def _bounds(asked: Asked, as_of: date, start: str, seen: Coverage, mine: Sequence[Search]) -> dict[_Bounds, list[str]]:
    """The names of the sources by how they were searched: crawls with the vocabulary, people with their own terms."""
    found: dict[_Bounds, list[str]] = {}
    if seen.searched:
        group = asked.group or asked.question.id
        crawls = _Bounds(
            languages=tuple(sorted({source.language for source in seen.searched})),
            since=start,
            until=as_of.isoformat(),
            terms=(f"the vocabulary of {group}", f"de woordenlijst van {group}"),
        )
        found[crawls] = [source.title or source.source_id for source in seen.searched]
    for one in mine:
        by_hand = _Bounds(
            languages=one.languages,
            since=one.period_from,
            until=min(one.period_to, one.searched_at[:10]),
            terms=(one.terms, one.terms),
        )
        found.setdefault(by_hand, []).append(seen.titles.get(one.source_id, one.source_id))
    return found


def _searched(asked: Asked, bounds: dict[_Bounds, list[str]], *, found: int) -> Said:
    where, where_nl = (" | ".join(_bound(each, names, at) for each, names in bounds.items()) for at in (0, 1))
    if found:
        return Said(
            en=f"No source that we searched ({where}) gave an answer in time to “{asked.wording}”; what we hold on "
            f"it ({found}) is outdated, without a vote or about another group.",
            nl=f"Geen bron die we doorzochten ({where_nl}) gaf een actueel antwoord op “{asked.wording_nl}”; wat wij "
            f"erover hebben ({found}) is verouderd, zonder stem of over een andere groep.",
        )
    return Said(
        en=f"No source that we searched ({where}) reported anything that answers “{asked.wording}”.",
        nl=f"Geen bron die we doorzochten ({where_nl}) meldde iets dat antwoordt op “{asked.wording_nl}”.",
    )


def _bound(each: _Bounds, names: Sequence[str], at: int) -> str:
    """Where, in what language, when and with which terms was searched; at: 0 English, 1 Dutch."""
    spoken = ", ".join(_tongue(code, ("en", "nl")[at]) for code in each.languages)
    terms = f"{('terms', 'termen')[at]}: {each.terms[at]}"
    return f"{_names(names)[at]}; in {spoken}; {each.since} – {each.until}; {terms}"


def _tongue(code: str, language: str) -> str:
    """The name of a language in English or Dutch; the code itself where there is none."""
    try:
        return Locale.parse(code).get_display_name(language) or code
    except (UnknownLocaleError, ValueError):
        return code


def _old(found: int) -> Said:
    return Said(
        en=f"What was found is outdated, without a vote or about another group ({found}); no decisive source was "
        "searched in the window.",
        nl=f"Wat gevonden is, is verouderd, zonder stem of over een andere groep ({found}); geen beslissende bron is "
        "in het venster doorzocht.",
    )


def _unreachable(source: Crawled) -> Said:
    name = source.title or source.source_id
    return Said(
        en=f"{name} could not be reached since {source.failing_since}.",
        nl=f"{name} was sinds {source.failing_since} niet te bereiken.",
    )


def _failed_by_hand(searches: Iterable[Search], seen: Coverage) -> Said | None:
    """The newest search that its source did not answer, where no later one was answered."""
    answered: set[str] = set()
    for one in searches:  # newest first
        if one.healthy:
            answered.add(one.source_id)
        elif one.source_id not in answered:
            name = seen.titles.get(one.source_id, one.source_id)
            return Said(
                en=f"{name} could not be reached on {one.searched_at[:10]}.",
                nl=f"{name} was op {one.searched_at[:10]} niet te bereiken.",
            )
    return None


def _never(names: Sequence[str]) -> Said:
    if not names:
        return Said(
            en="Not searched: no source is declared decisive for it.",
            nl="Niet doorzocht: geen bron is er beslissend voor verklaard.",
        )
    en, nl = _names(names)
    return Said(en=f"Not searched in the window: {en}.", nl=f"Niet doorzocht in het venster: {nl}.")


def _names(names: Iterable[str]) -> tuple[str, str]:
    """Names in both languages, each once; beyond NAMED they are counted."""
    once = list(dict.fromkeys(names))
    shown, more = ", ".join(once[:NAMED]), len(once) - NAMED
    if more <= 0:
        return shown, shown
    return f"{shown} and {more} more", f"{shown} en nog {more}"
