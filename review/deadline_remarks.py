"""What stands beside a deadline in sentences, English and Dutch: what its day means, departures, review."""

from datetime import date, timedelta

from review.declared_regime import Months, Words

ONE_DAY = timedelta(days=1)


def before_it_began(day: date, first_day: date) -> Words:
    """Say what a deadline before the first day means: covered, but this model gives no time (law, RVS:2025:3082)."""
    return Words(
        en=f"Note: {day} lies before the moratorium began ({first_day}). By this model the period, as it would be with "
        "the moratorium, had run out already: the moratorium counts for it, but gives no time. Whether that holds is "
        "for a person to judge; the other models stand beside it.",
        nl=f"Let op: {day} ligt vóór het begin van het moratorium ({first_day}). Volgens dit model was de termijn, ook "
        "met het moratorium erbij, toen al verstreken: het moratorium geldt ervoor, maar geeft geen tijd. Of dat klopt "
        "moet een mens beoordelen; de andere modellen staan ernaast.",
    )


def within_it(day: date, last_day: date | None) -> Words:
    """Say what a deadline within the moratorium means: the period ends while nobody decides."""
    until_en = f"until and including {last_day}" if last_day else "no end was published"
    until_nl = f"tot en met {last_day}" if last_day else "geen einde gepubliceerd"
    return Words(
        en=f"Note: {day} lies within the moratorium ({until_en}), during which these applications are not decided; by "
        "this model the period ends all the same.",
        nl=f"Let op: {day} valt binnen het moratorium ({until_nl}), waarin op deze aanvragen niet wordt beslist; "
        "volgens dit model eindigt de termijn toch.",
    )


def _doubtful(rule: Months) -> tuple[str, str]:
    """What to add to a step whose rule is not confirmed."""
    if rule.confirmed:
        return "", ""
    en, nl = (f": {rule.note.en}", f": {rule.note.nl}") if rule.note else ("", "")
    return f" (NOT CONFIRMED{en})", f" (NIET BEVESTIGD{nl})"


def departures(in_force: date, rule: Months, day: date, ended: date | None) -> Words:
    """Say how long departures can be suspended, or that they no longer are; `day` is the first one beyond the rule."""
    en, nl = _doubtful(rule)
    if ended:
        return Words(
            en=f"Departure half: in force from {in_force}, ended: until and including {ended}.",
            nl=f"Vertrekmoratorium: in werking vanaf {in_force}, voorbij: tot en met {ended}.",
        )
    last = day - ONE_DAY
    return Words(
        en=f"Departure half: in force from {in_force} + {rule.months} months ({rule.article}) = {day}, so at most "
        f"until and including {last}{en}.",
        nl=f"Vertrekmoratorium: in werking vanaf {in_force} + {rule.months} maanden ({rule.article}) = {day}, dus "
        f"uiterlijk tot en met {last}{nl}.",
    )


def review(last: date, rule: Months, day: date) -> Words:
    """Say when the next review is due."""
    en, nl = _doubtful(rule)
    return Words(
        en=f"Review: {last} + {rule.months} months ({rule.article}) = due by {day}{en}.",
        nl=f"Toetsing: {last} + {rule.months} maanden ({rule.article}) = uiterlijk op {day}{nl}.",
    )


def no_review(reviewed: date, ended: date | None, regime: str) -> Words:
    """Say why a given day of review changes nothing: nothing runs, or the law sets no interval."""
    if ended:
        why = (f"the moratorium ended (last day {ended})", f"het moratorium is voorbij (laatste dag {ended})")
    else:
        why = (
            f"no moratorium runs, or {regime} sets no interval",
            f"er loopt geen moratorium, of {regime} stelt geen termijn",
        )
    return Words(
        en=f"--reviewed {reviewed} changes nothing: {why[0]}, so no review is due.",
        nl=f"--reviewed {reviewed} verandert niets: {why[1]}, dus is er geen toetsing te doen.",
    )
