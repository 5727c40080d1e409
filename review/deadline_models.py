"""The three models by which courts count a deadline that a moratorium moved; law, computable rules version 1."""

from datetime import date

from review import deadline_words as words
from review.deadline_parts import Bounds, Claim, Freeze, Log
from review.declared_regime import Model, day_after
from review.months import add_months, add_span, months_between


def count(model: Model, claim: Claim, freeze: Freeze, bounds: Bounds, log: Log) -> date:
    """Return what one model gives for a claim that the freeze covers, before the hard cap; log its step."""
    return {"fixed_year": _fixed_year, "until_21": _until_21, "suspension": _suspension}[model.model](
        model, claim, freeze, bounds, log
    )


def _fixed_year(model: Model, _claim: Claim, _freeze: Freeze, bounds: Bounds, log: Log) -> date:
    """Base + the year, whatever the length of the moratorium."""
    found = add_months(bounds.base, model.months or 0)
    log.say(words.fixed_year(bounds.base, model.months or 0, found))
    return found


def _until_21(_model: Model, _claim: Claim, freeze: Freeze, bounds: Bounds, log: Log) -> date:
    """The hard cap, if the moratorium had not ended before the base deadline; else the base."""
    ended = freeze.last_day is not None and freeze.last_day < bounds.base
    log.say(words.until_21(freeze.last_day, bounds.base, bounds.hard_cap, ended=ended))
    return bounds.base if ended else max(bounds.base, bounds.hard_cap)


def _suspension(_model: Model, claim: Claim, freeze: Freeze, bounds: Bounds, log: Log) -> date:
    """Base + the time it ran for this claim: from the later of first day and lodging to the day after the last."""
    if freeze.last_day is None:
        log.say(words.suspension_without_end(bounds.hard_cap))
        return bounds.hard_cap
    start, after = max(freeze.first_day, claim.lodged), day_after(freeze.last_day)
    span = months_between(start, after)
    added = add_span(bounds.base, span)
    found = max(added, after)
    log.say(words.suspension(start, after, span, added, found))
    return found
