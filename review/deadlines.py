"""By when an application must be decided, with and without a moratorium: pure functions over declared regimes.

The computable rules of the law, version 1: base, hard cap, who is covered, three models that courts disagree on, the
maximum of the departure half, the next review. Every result carries its steps in words, and whether all it rests on is
confirmed. No clock, no file.
"""

from datetime import date

from review import deadline_remarks as remarks
from review import deadline_words as words
from review.deadline_models import count
from review.deadline_parts import Bounds, Claim, Deadline, DeadlineError, Freeze, Log, Roll, Rule
from review.declared_regime import Extension, Model, ModelName, Months, Regime, Words, on_day
from review.months import add_months

NOT_ANOTHERS = (
    "take none of these for another state's law: whether a state is bound by that of the Union is a person's to say",
    "neem er geen voor het recht van een andere staat: of een staat aan dat van de Unie is gebonden, zegt een mens",
)


def compute(
    regime: Regime,
    claim: Claim,
    freeze: Freeze | None = None,
    *,
    model: ModelName | None = None,
    roll: Roll | None = None,
    without: Words = words.NO_FREEZE,
) -> Deadline:
    """Compute the deadline of one application under one regime and, where there is one, one moratorium.

    `model` None takes the regime's own. `roll` moves base and deadline to a working day, never beyond the hard cap.
    `without` says why there is no freeze. Raises DeadlineError where the regime has no period or no cap, or an
    extension or model does not hold there.
    """
    if claim.decided is not None and claim.decided < claim.lodged:
        raise DeadlineError(
            f"decided on {claim.decided}, before it was lodged on {claim.lodged}; correct one of them",
            f"beslist op {claim.decided}, vóór de indiening op {claim.lodged}; verbeter een van beide",
        )
    period, cap = _period_and_cap(regime, claim.lodged)
    log, chosen = Log(), _model(regime, model, claim.lodged)
    log.say(words.regime(regime, claim.lodged))
    if not regime.confirmed or not regime.is_certain(claim.lodged):
        log.doubt(words.uncertain_regime(regime))
    base = _base(regime, claim, period, log)
    if roll:
        base = _rolled(base, roll, date.max, log)
        log.doubt(words.rolling(on_day(regime.roll_to_working_day, claim.lodged)))
    bounds = Bounds(base=base, hard_cap=add_months(claim.lodged, cap.months))
    log.say(words.hard_cap(claim.lodged, cap, bounds.hard_cap))
    _confirmed(cap, cap.article, log)
    covered, why = is_covered(claim, freeze, bounds.hard_cap)
    log.say(why if freeze else without)
    models = [m for m in regime.models if m.holds(claim.lodged)]
    by_model = {m.model: base for m in models}
    if freeze is not None and covered:
        by_model = {m.model: _counted(m, claim, freeze, bounds, roll, Log()) for m in models}
        _about_freeze(regime, freeze, base, log)
        log.say(words.chosen(chosen.model, None if model else regime.default_model))
        _about_day(_counted(chosen, claim, freeze, bounds, roll, log), freeze, log)
        _confirmed(chosen, words.model_said(chosen), log)
    found = by_model[chosen.model]
    log.say(words.outcome(found, claim.decided))
    if regime.certain_to and found > regime.certain_to:
        log.doubt(words.uncertain_regime(regime))
    return Deadline(
        regime=regime.id,
        base=base,
        deadline=found,
        hard_cap=bounds.hard_cap,
        model=chosen.model,
        covered=covered,
        provisional=covered and freeze is not None and (freeze.provisional or freeze.last_day is None),
        by_model=by_model,
        steps=tuple(log.steps),
        unconfirmed=tuple(log.unconfirmed),
        rests_on=tuple(log.rests_on),
    )


def is_covered(claim: Claim, freeze: Freeze | None, hard_cap: date) -> tuple[bool, Words]:
    """Whether a moratorium reaches an application, and why (or why not).

    It does where the claim was lodged on or before the last day, was pending on or after the first, and was not more
    than the months of the cap old on the first day; exactly so old is covered, and so is one already overdue.
    """
    if freeze is None:
        return False, words.NO_FREEZE
    if freeze.last_day is not None and claim.lodged > freeze.last_day:
        return False, words.lodged_after(claim.lodged, freeze.last_day)
    if claim.decided is not None and claim.decided < freeze.first_day:
        return False, words.decided_before(claim.decided, freeze.first_day)
    if hard_cap < freeze.first_day:
        return False, words.too_old(hard_cap, freeze.first_day)
    return True, words.covered(freeze.first_day, freeze.last_day, freeze.provisional)


def departure_max(regime: Regime, in_force: date) -> tuple[date, Months]:
    """Return the last day that the departure half can reach, and the rule. Raises DeadlineError without a maximum."""
    cap = on_day(regime.cap, in_force)
    if cap is None:
        raise nothing(regime, "cap", in_force)
    return add_months(in_force, cap.months), cap


def review_due(regime: Regime, last_review: date, lodged: date) -> tuple[date, Months] | None:
    """Return when the uncertainty must be reviewed again, and the rule; None where the regime has no interval."""
    rule = on_day(regime.review, lodged)
    return (add_months(last_review, rule.months), rule) if rule else None


def _model(regime: Regime, wanted: ModelName | None, lodged: date) -> Model:
    default = regime.default_model.model if regime.default_model else None
    found = next((m for m in regime.models if m.model == (wanted or default) and m.holds(lodged)), None)
    if found is None and regime.period:
        known = ", ".join(m.model for m in regime.models)
        raise DeadlineError(
            f"model {wanted or default!r} is not declared for {regime.id}; choose from {known}",
            f"model {wanted or default!r} is niet opgenomen voor {regime.id}; kies uit {known}",
        )
    if found is None:
        raise nothing(regime, "period", lodged)
    return found


def _period_and_cap(regime: Regime, lodged: date) -> tuple[Months, Months]:
    period, cap = on_day(regime.period, lodged), on_day(regime.cap, lodged)
    if period is None or cap is None:
        raise nothing(regime, "period" if period is None else "cap", lodged)
    return period, cap


def nothing(regime: Regime, name: str, day: date, computable: str = "") -> DeadlineError:
    """Return the refusal where a regime has no period or cap; `computable` names the regimes that have both.

    Another state's law, or the Union's, is never put forward in its place: who is bound by what is a person's to say.
    """
    en = f" ({regime.missing.en.rstrip('.')})" if regime.missing else ""
    nl = f" ({regime.missing.nl.rstrip('.')})" if regime.missing else ""
    name_nl = {"period": "termijn", "cap": "plafond"}[name]
    where, where_nl = (
        (f". Periods are declared for {computable}; {NOT_ANOTHERS[0]}",
         f". Termijnen zijn er voor {computable}; {NOT_ANOTHERS[1]}")
        if computable else ("", "")
    )  # fmt: skip
    return DeadlineError(
        f"regimes/{regime.id}.toml declares no {name} for {day}, so no deadline can be computed{en}; declare it with "
        f"its source in $COI_HOME/declared/regimes/{regime.id}.toml (docs/add-a-regime.md){where}",
        f"regimes/{regime.id}.toml noemt geen {name_nl} voor {day}, dus is er geen termijn te berekenen{nl}; neem die "
        f"met de vindplaats op in $COI_HOME/declared/regimes/{regime.id}.toml (docs/add-a-regime.md){where_nl}",
    )


def _base(regime: Regime, claim: Claim, period: Months, log: Log) -> date:
    """Period and extensions, added at once to the lodging day; what does not hold on that day is refused."""
    _confirmed(period, period.article, log)
    added: list[Extension] = []
    for months in claim.extended:
        found = next((x for x in regime.extensions if x.months == months and x.holds(claim.lodged)), None)
        if found is None:
            known = ", ".join(f"{x.months} ({x.article})" for x in regime.extensions) or "none"
            raise DeadlineError(
                f"an extension of {months} months does not hold under {regime.id} for an application lodged on "
                f"{claim.lodged}; declared: {known}",
                f"een verlenging van {months} maanden geldt niet onder {regime.id} voor een aanvraag van "
                f"{claim.lodged}; opgenomen: {known}",
            )
        if found.on_top_of is not None and found.on_top_of not in claim.extended:
            raise DeadlineError(
                f"the extension of {months} months ({found.article}) comes only on top of that of {found.on_top_of} "
                f"months; add --extended-{found.on_top_of}m, or leave it out",
                f"de verlenging van {months} maanden ({found.article}) komt alleen boven op die van {found.on_top_of} "
                f"maanden; voeg --extended-{found.on_top_of}m toe, of laat haar weg",
            )
        _confirmed(found, found.article, log)
        for window in found.rejected:
            if window.lodged_from <= claim.lodged <= window.lodged_to:
                log.doubt(Words(en=window.note.en, nl=window.note.nl))
        added.append(found)
    base = add_months(claim.lodged, period.months + sum(x.months for x in added))
    log.say(words.base(claim.lodged, [period, *added], base))
    return base


def _counted(model: Model, claim: Claim, freeze: Freeze, bounds: Bounds, roll: Roll | None, log: Log) -> date:
    """What one model gives in the end: counted, moved to a working day, never beyond the hard cap; says each step."""
    found = count(model, claim, freeze, bounds, log)
    if found > bounds.hard_cap:
        log.say(words.capped(found, bounds.hard_cap))
        return bounds.hard_cap
    return _rolled(found, roll, bounds.hard_cap, log) if roll else found


def _about_freeze(regime: Regime, freeze: Freeze, base: date, log: Log) -> None:
    """What must be said of the moratorium itself: overdue before it began, annulled, still running."""
    if base < freeze.first_day:
        log.say(words.overdue(base, freeze.first_day, regime.overdue))
        if regime.overdue is not None:
            log.rests_on.append(Rule("overdue", regime.overdue.confirmed, regime.overdue.source))
        if regime.overdue is None or not regime.overdue.confirmed:
            log.doubt(words.OVERDUE_UNCONFIRMED)
    if freeze.annulled:
        log.say(words.annulled(freeze.last_day))
    if freeze.provisional or freeze.last_day is None:
        log.say(words.provisional(freeze.last_day))


def _about_day(found: date, freeze: Freeze, log: Log) -> None:
    """What it means that the day lies before the moratorium began, or while it ran."""
    if found < freeze.first_day:
        log.say(remarks.before_it_began(found, freeze.first_day))
    elif freeze.last_day is None or found <= freeze.last_day:
        log.say(remarks.within_it(found, freeze.last_day))


def _rolled(day: date, roll: Roll, latest: date, log: Log) -> date:
    """The next working day, if that is not beyond the latest day allowed."""
    moved = min(roll(day), max(day, latest))
    if moved != day:
        log.say(words.rolled(day, moved))
    return moved


def _confirmed(rule: Model | Months, name: str, log: Log) -> None:
    """Note a rule that is used, with its address, and that it is not confirmed where it is not."""
    log.rests_on.append(Rule(name, rule.confirmed, rule.source))
    if not rule.confirmed:
        log.doubt(words.unconfirmed(name, rule.note))
