"""One question about a deadline, answered whole: the regime found, the freeze read, deadline, departure half, review.

What the command and a page show. Reads declarations only; the day on which it is asked is handed in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from review import deadline_doubts
from review import deadline_remarks as remarks
from review import deadline_words as words
from review.deadline_doubts import Doubt
from review.deadline_parts import Claim, Deadline, DeadlineError, Freeze
from review.deadline_period import HalfPeriod, period_of
from review.deadlines import NOT_ANOTHERS, compute, departure_max, nothing, review_due
from review.declared_moratorium import Moratorium
from review.declared_regime import ModelName, Months, Regime, Words, for_state, on_day, states_of
from review.moratorium_rules import too_long
from review.regime_rules import load_regimes, unknown_names
from review.working_days import iso_state, next_working_day
from store.declared import DeclarationError

SHIPPED = Path(__file__).parent
DONE_NL = {"lodged": "ingediend", "decided": "beslist", "reviewed": "getoetst"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question. `regime` is a state (its law on the lodging day counts) or the id of a regime.

    At most one of `moratorium` and `freeze`. `reviewed`: the last review, where it is not the register's. `roll` None
    takes the regime's setting of the day.
    """

    regime: str
    claim: Claim
    as_of: date
    moratorium: str | None = None
    freeze: Freeze | None = None
    model: ModelName | None = None
    reviewed: date | None = None
    roll: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day that a rule gives, from a day on."""

    start: date
    on: date
    rule: Months
    ended: date | None = None  # the last day, where it is over already


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The deadline, and beside it how long departures can be suspended and when the next review is due."""

    asked: Asked
    regime: Regime
    state: str
    deadline: Deadline
    decisions: HalfPeriod | None
    exclusions: tuple[str, ...]  # whom the moratorium does not reach, as the register words it
    departure_half: Due | None
    review: Due | None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why the day is less sure than the law it is counted by: annulled, courts disagree, days not read, planned."""
        found, asked = self.deadline, self.asked
        period = self.decisions
        said = []
        if found.covered and period and period.freeze and period.freeze.annulled:
            said.append(Doubt("annulled", deadline_doubts.ANNULLED))
        if found.covered and asked.model is None and len(set(found.by_model.values())) > 1:
            said.append(Doubt("courts", deadline_doubts.courts_disagree(found.by_model)))
        if period and period.freeze and period.confidence != "verified":
            said.append(Doubt(period.confidence, deadline_doubts.period_not_read(period.confidence)))
        if found.provisional:
            said.append(Doubt("provisional", deadline_doubts.END_MAY_CHANGE))
        return tuple(said)

    @property
    def confirmed(self) -> bool:
        """Whether the law was read at its source and nothing else that the day rests on is in doubt."""
        return self.deadline.confirmed and not self.doubts

    @property
    def steps(self) -> tuple[Words, ...]:
        """Every step in words, the departure half and the review last."""
        found = list(self.deadline.steps)
        if self.departure_half:
            due = self.departure_half
            found.append(remarks.departures(due.start, due.rule, due.on, due.ended))
        if self.review:
            found.append(remarks.review(self.review.start, self.review.rule, self.review.on))
        elif self.asked.reviewed:
            freeze = self.decisions.freeze if self.decisions else self.asked.freeze
            last = freeze.last_day if freeze else None
            ended = last if last and last < self.asked.as_of else None
            found.append(remarks.no_review(self.asked.reviewed, ended, self.regime.id))
        return tuple(found)


def load(extra: Path | None = None, *, refused: list[str] | None = None) -> dict[str, Regime]:
    """Read the shipped regimes and those under extra/regimes (which win by id).

    Raises DeclarationError; with a list for `refused`, what is wrong with a regime goes there and it is left out.
    """
    return load_regimes([SHIPPED / "regimes", *([extra / "regimes"] if extra else [])], refused=refused)


def check(extra: Path | None = None) -> dict[str, Regime]:
    """Return the regimes, after checking that every moratorium's is among them. Raises DeclarationError."""
    regimes = load(extra)
    register = _register(extra)
    if wrong := [*unknown_names(register.values(), regimes), *beyond_cap(register.values(), regimes)]:
        raise DeclarationError("\n".join(wrong))
    return regimes


def beyond_cap(register: Iterable[Moratorium], regimes: Mapping[str, Regime]) -> Iterator[str]:
    """Departure halves that run longer than the cap of their own law (law §1)."""
    for moratorium in register:
        for half in moratorium.halves:
            regime = regimes.get(half.regime or "")
            if half.half != "departures" or half.first_day is None or regime is None:
                continue
            cap = on_day(regime.cap, half.first_day)
            if cap and (said := too_long(half, cap.months)):
                yield (
                    f"moratoria/{moratorium.id}.toml: field 'halves' (departures): ends_on {said}, the cap of "
                    f"{half.regime} ({cap.article}); correct ends_on, or name the regime that allows it"
                )


def _register(extra: Path | None, refused: list[str] | None = None) -> dict[str, Moratorium]:
    return Moratorium.load_all([SHIPPED / "moratoria", *([extra / "moratoria"] if extra else [])], refused=refused)


def moratorium_of(wanted: str, extra: Path | None = None) -> Moratorium:
    """Read one moratorium of the register. Raises DeclarationError where its own file is wrong (another's is no
    hindrance); DeadlineError for an id that is not there.
    """
    refused: list[str] = []
    by_name = {name.upper(): found for name, found in _register(extra, refused).items()}
    if mine := [text for text in refused if f"/{wanted}.toml: ".upper() in text.upper()]:
        raise DeclarationError("\n".join(mine))
    if wanted.upper() not in by_name:
        close = get_close_matches(wanted.upper(), by_name, n=3) or sorted(by_name)
        raise DeadlineError(
            f"moratorium {wanted!r} is not in the register; close to it: {', '.join(close)}",
            f"moratorium {wanted!r} staat niet in het register; lijkt op: {', '.join(close)}",
        )
    return by_name[wanted.upper()]


def answer(asked: Asked, regimes: Mapping[str, Regime], moratorium: Moratorium | None = None) -> Answer:
    """Answer a question; `moratorium` is the one it names. Raises DeadlineError naming value and remedy."""
    _in_time(asked)
    regime, state = _regime(asked.regime, regimes, asked.claim.lodged)
    decisions = period_of(moratorium, "decisions", asked.as_of) if moratorium else None
    if moratorium and moratorium.freezing_state not in regime.states and "EU" not in regime.states:
        raise DeadlineError(
            f"{moratorium.id} is a freeze of {moratorium.freezing_state}, {regime.id} is the law of "
            f"{', '.join(regime.states)}; ask with --regime {moratorium.freezing_state}",
            f"{moratorium.id} is een moratorium van {moratorium.freezing_state}, {regime.id} is het recht van "
            f"{', '.join(regime.states)}; vraag met --regime {moratorium.freezing_state}",
        )
    for name in ("period", "cap"):
        if on_day(getattr(regime, name), asked.claim.lodged) is None:
            raise nothing(regime, name, asked.claim.lodged, _computable(regimes, asked.claim.lodged))
    where = moratorium.freezing_state if moratorium and state == "EU" else state
    setting = on_day(regime.roll_to_working_day, asked.claim.lodged)
    rolls = asked.roll if asked.roll is not None else bool(setting and setting.on)
    found = compute(
        regime,
        asked.claim,
        decisions.freeze if decisions else asked.freeze,
        model=asked.model,
        roll=(lambda day: next_working_day(day, where)) if rolls else None,
        without=decisions.without if decisions and decisions.without else words.NO_FREEZE,
    )
    return Answer(
        asked=asked,
        regime=regime,
        state=state,
        deadline=found,
        decisions=decisions,
        exclusions=moratorium.exclusions if moratorium else (),
        departure_half=_departures(asked, regimes, moratorium) if moratorium and found.covered else None,
        review=_review(asked, regime, decisions),
    )


def _in_time(asked: Asked) -> None:
    """What is asked about has happened by the day on which it is asked."""
    for name, day in (("lodged", asked.claim.lodged), ("decided", asked.claim.decided), ("reviewed", asked.reviewed)):
        if day is not None and day > asked.as_of:
            raise DeadlineError(
                f"{name} on {day} lies after {asked.as_of}; correct it, or ask as of a later day (--as-of)",
                f"{DONE_NL[name]} op {day} ligt na {asked.as_of}; verbeter dat, of vraag per een latere dag (--as-of)",
            )


def _regime(wanted: str, regimes: Mapping[str, Regime], lodged: date) -> tuple[Regime, str]:
    """Return the regime, and the state whose working days count."""
    if found := regimes.get(wanted) or regimes.get(wanted.lower()):
        if found.suspends != "decisions":
            raise DeadlineError(
                f"{found.id} is about {found.suspends}; a deadline needs a regime on decisions",
                f"{found.id} gaat over vertrek; een termijn vraagt een regime over beslissingen",
            )
        return found, found.states[0]
    state = iso_state(wanted)
    regime = for_state(regimes.values(), state, "decisions", lodged)
    if regime is None:
        known, ids = _computable(regimes, lodged), ", ".join(sorted(regimes))
        raise DeadlineError(
            f"no regime {wanted!r} on decisions for applications lodged on {lodged} is declared; a new one is "
            "a file in $COI_HOME/declared/regimes (docs/add-a-regime.md). Periods are declared for "
            f"{known}; {NOT_ANOTHERS[0]}. Regimes by id: {ids}",
            f"er is geen regime {wanted!r} over beslissingen opgenomen voor aanvragen van {lodged}; een nieuw is "
            "een bestand in $COI_HOME/declared/regimes (docs/add-a-regime.md). Termijnen zijn er voor "
            f"{known}; {NOT_ANOTHERS[1]}. Regimes naar naam: {ids}",
        )
    return regime, state


def _computable(regimes: Mapping[str, Regime], lodged: date) -> str:
    """The states with a period and a cap for a lodging day."""
    found = [
        r for r in regimes.values()
        if r.suspends == "decisions" and r.holds(lodged) and on_day(r.period, lodged) and on_day(r.cap, lodged)
    ]  # fmt: skip
    return ", ".join(states_of(found)) or "-"


def _departures(asked: Asked, regimes: Mapping[str, Regime], moratorium: Moratorium) -> Due | None:
    """How far the departure half of a moratorium can reach, or when it ended; None where its law has no maximum."""
    half = period_of(moratorium, "departures", asked.as_of)
    law = regimes.get(half.regime or "")
    if half.freeze is None or law is None or law.suspends != "departures":
        return None
    start, last = half.freeze.first_day, half.freeze.last_day
    day, rule = departure_max(law, start)
    return Due(start=start, on=day, rule=rule, ended=last if last and last < asked.as_of else None)


def _review(asked: Asked, regime: Regime, decisions: HalfPeriod | None) -> Due | None:
    """When the uncertainty must be looked at again; nothing once the freeze is over."""
    if decisions:
        running, last = decisions.running, decisions.last_review
    else:
        freeze = asked.freeze
        running = bool(freeze and (freeze.last_day is None or freeze.last_day >= asked.as_of))
        last = freeze.first_day if freeze else None
    last = asked.reviewed or last
    found = review_due(regime, last, asked.claim.lodged) if running and last else None
    return Due(start=last, on=found[0], rule=found[1]) if found and last else None
