"""What a declared regime must satisfy, alone and beside the others, said with the field and the value at fault."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from store.declared import DeclarationError

if TYPE_CHECKING:
    from pathlib import Path

    from review.declared_moratorium import Moratorium
    from review.declared_regime import Regime


class Window(Protocol):
    """What has a first and a last day, either of which may be open."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


LISTS = ("period", "cap", "review", "roll_to_working_day")  # of these one value counts on a day


def problems(regime: Regime) -> Iterator[str]:
    """Say what does not hold in one file, one sentence each."""
    if regime.valid_from and regime.valid_to and regime.valid_to < regime.valid_from:
        yield f"valid_to {regime.valid_to} is before valid_from {regime.valid_from}; exchange them"
    for name in LISTS:
        for one, other in combinations(getattr(regime, name), 2):
            if overlap(one, other):
                yield f"{name}: two values hold on the same days ({_said(one)} and {_said(other)}); end the earlier one"
    for name in (*LISTS, "extensions", "models"):
        for value in getattr(regime, name):
            yield from _outside(name, value, regime)
    yield from _ceiling(regime)
    yield from _extensions(regime)
    yield from _models(regime)


def _outside(name: str, value: Window, regime: Regime) -> Iterator[str]:
    """A value may not reach over the days of its regime: an extension after the end extends nothing."""
    if regime.valid_to and max(value.valid_from or date.min, value.valid_to or date.min) > regime.valid_to:
        yield f"{name}: {_said(value)} reaches past the end of the regime, valid_to {regime.valid_to}"
    if regime.valid_from and min(value.valid_from or date.max, value.valid_to or date.max) < regime.valid_from:
        yield f"{name}: {_said(value)} begins before the regime does, valid_from {regime.valid_from}"


def _ceiling(regime: Regime) -> Iterator[str]:
    if regime.suspends == "departures" and (regime.period or regime.extensions or regime.models):
        yield "suspends 'departures': period, extensions and models are for decisions; leave them out"
    if regime.period and not regime.cap:
        yield "cap is missing: without the ceiling no deadline can be limited; write [[cap]], or leave out [[period]]"
    if not regime.cap and regime.missing is None:
        yield "cap is missing; where nobody found one, say so under [missing] (en and nl)"
    longest = sum(x.months for x in regime.extensions) + max((x.months for x in regime.period), default=0)
    for cap in regime.cap:
        if cap.months < longest:
            yield f"cap of {cap.months} months is below period and extensions together ({longest} months)"


def _extensions(regime: Regime) -> Iterator[str]:
    known = [extension.months for extension in regime.extensions]
    if len(set(known)) < len(known):
        yield f"extensions: {max(known, key=known.count)} months stands twice"
    for extension in regime.extensions:
        if extension.on_top_of is not None and extension.on_top_of not in known:
            yield f"extensions: {extension.months} months on top of {extension.on_top_of}, which is not declared"
    if regime.extensions and not regime.period:
        yield "extensions without a [[period]] extend nothing"


def _models(regime: Regime) -> Iterator[str]:
    known = [model.model for model in regime.models]
    if len(set(known)) < len(known):
        yield f"models: {max(known, key=known.count)!r} stands twice"
    if regime.period and (regime.default_model is None or regime.default_model.model not in known):
        chosen = regime.default_model.model if regime.default_model else None
        yield f"default_model is {chosen!r}; name one of the declared models: {', '.join(known) or '(none)'}"


def overlap(one: Window, other: Window) -> bool:
    """Whether two windows share a day."""
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _said(value: Window) -> str:
    return f"{value.valid_from or 'the start'} to {value.valid_to or 'the end'}"


def beside(regimes: Sequence[Regime]) -> Iterator[str]:
    """Say which regimes claim the same state, half and lodging days."""
    for one, other in combinations(regimes, 2):
        shared = sorted(set(one.states) & set(other.states))
        if shared and one.suspends == other.suspends and overlap(one, other):
            yield (
                f"regimes/{other.id}.toml: {shared[0]} has {one.id} for {one.suspends} on the same lodging days "
                f"({_said(one)}; here {_said(other)}); end one where the other begins"
            )


def unknown_names(moratoria: Iterable[Moratorium], regimes: Container[str]) -> Iterator[str]:
    """Say which moratoria name a regime that nobody declared."""
    for moratorium in moratoria:
        for half in moratorium.halves:
            if half.regime is not None and half.regime not in regimes:
                yield (
                    f"moratoria/{moratorium.id}.toml: regime {half.regime!r} of its {half.half} is not declared; write "
                    f"regimes/{half.regime}.toml, or correct the name"
                )


def load_regimes(folders: Iterable[Path], *, refused: list[str] | None = None) -> dict[str, Regime]:
    """Read the regimes of the folders, by id (a later folder wins); check that they agree.

    Raises DeclarationError with every disagreement, each naming file, value and remedy. With a list for `refused`, they
    go there: a file that cannot be read takes its id with it (a shipped regime that somebody wrote over is not the law
    that they meant), and of two that claim the same days the later read is left out.
    """
    from review.declared_regime import Regime

    unread: list[str] = []
    found = Regime.load_all(folders, refused=None if refused is None else unread)
    if refused is None:
        if wrong := list(beside(list(found.values()))):
            raise DeclarationError("\n".join(wrong))
        return found
    refused += unread
    kept: dict[str, Regime] = {}
    for id_, regime in found.items():
        if any(f"/{id_}.toml: " in text for text in unread):
            continue
        wrong = list(beside([*kept.values(), regime]))
        refused += wrong
        kept |= {} if wrong else {id_: regime}
    return kept
