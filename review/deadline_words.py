"""The steps of a deadline in sentences, English and Dutch; each shows the days it starts from and comes to."""

from collections.abc import Sequence
from datetime import date, timedelta

from review.declared_regime import Dated, DefaultModel, Model, Months, Regime, Words
from review.months import Span

ONE_DAY = timedelta(days=1)
WEEKDAYS = (
    ("Monday", "maandag"), ("Tuesday", "dinsdag"), ("Wednesday", "woensdag"), ("Thursday", "donderdag"),
    ("Friday", "vrijdag"), ("Saturday", "zaterdag"), ("Sunday", "zondag"),
)  # fmt: skip
NO_FREEZE = Words(
    en="No moratorium was given: the deadline is the base.", nl="Geen moratorium opgegeven: de termijn is de basis."
)
OVERDUE_UNCONFIRMED = Words(
    en="that a moratorium covers what was overdue on its first day was not read for this regime",
    nl="dat een moratorium ook dekt wat op de eerste dag al te laat was, is voor dit regime niet gelezen",
)


def regime(found: Regime, lodged: date) -> Words:
    """Say which law counts for a lodging day."""
    return Words(
        en=f"Lodged on {lodged}: {found.legal_basis.en} ({found.id}).",
        nl=f"Ingediend op {lodged}: {found.legal_basis.nl} ({found.id}).",
    )


def base(lodged: date, rules: Sequence[Months], day: date) -> Words:
    """Say how the base is added up."""
    sum_ = " + ".join(str(rule.months) for rule in rules)
    articles = ", ".join(dict.fromkeys(rule.article for rule in rules))
    return Words(
        en=f"Base: {lodged} + {sum_} months ({articles}) = {day}{_clamped(lodged, day, 'en')}.",
        nl=f"Basis: {lodged} + {sum_} maanden ({articles}) = {day}{_clamped(lodged, day, 'nl')}.",
    )


def _clamped(lodged: date, day: date, lang: str) -> str:
    if day.day == lodged.day:
        return ""
    said = {
        "en": f", the last day of a month without a day {lodged.day}",
        "nl": f", de laatste dag van een maand zonder dag {lodged.day}",
    }
    return said[lang]


def rolled(day: date, moved: date) -> Words:
    """Say why a day moved to a working day."""
    en, nl = WEEKDAYS[day.weekday()]
    why_en, why_nl = (f"a {en}", f"een {nl}") if day.weekday() >= 5 else ("a public holiday", "een feestdag")
    return Words(
        en=f"{day} is {why_en}; the next working day is {moved}.",
        nl=f"{day} is {why_nl}; de eerstvolgende werkdag is {moved}.",
    )


def rolling(setting: Dated | None) -> Words:
    """Say that rolling to a working day is not confirmed."""
    return unconfirmed("roll_to_working_day", setting.note if setting else None)


def hard_cap(lodged: date, rule: Months, day: date) -> Words:
    """Say the ceiling."""
    return Words(
        en=f"Hard cap: {lodged} + {rule.months} months ({rule.article}) = {day}; no model goes beyond it.",
        nl=f"Plafond: {lodged} + {rule.months} maanden ({rule.article}) = {day}; geen model gaat eroverheen.",
    )


def lodged_after(lodged: date, last_day: date) -> Words:
    """Say why a claim lodged after the end is not covered."""
    return Words(
        en=f"Not covered: lodged on {lodged}, after the last day {last_day}; the deadline is the base.",
        nl=f"Niet gedekt: ingediend op {lodged}, na de laatste dag {last_day}; de termijn is de basis.",
    )


def decided_before(decided: date, first_day: date) -> Words:
    """Say why a claim that was no longer pending is not covered."""
    return Words(
        en=f"Not covered: decided on {decided}, before the first day {first_day}; the deadline is the base.",
        nl=f"Niet gedekt: beslist op {decided}, vóór de eerste dag {first_day}; de termijn is de basis.",
    )


def too_old(cap: date, first_day: date) -> Words:
    """Say why a claim past the ceiling on the first day is not covered."""
    return Words(
        en=f"Not covered: past the hard cap ({cap}) on the first day {first_day}; the deadline is the base.",
        nl=f"Niet gedekt: over het plafond ({cap}) heen op de eerste dag {first_day}; de termijn is de basis.",
    )


def covered(first_day: date, last_day: date | None, planned: bool) -> Words:
    """Say that the claim was pending while decisions were suspended."""
    until_en, until_nl = "no published end", "geen gepubliceerd einde"
    if last_day is not None:
        until_en = f"{'planned ' if planned else ''}last day {last_day}"
        until_nl = f"{'geplande ' if planned else ''}laatste dag {last_day}"
    return Words(
        en=f"Covered: lodged by the last day, and pending on or after the first ({first_day}; {until_en}).",
        nl=f"Gedekt: uiterlijk op de laatste dag ingediend, en open op of na de eerste ({first_day}; {until_nl}).",
    )


def chosen(model: str, default: DefaultModel | None) -> Words:
    """Say which model counts, and who chose it."""
    if default is None:
        return Words(en=f"Model {model}, as asked.", nl=f"Model {model}, zoals gevraagd.")
    return Words(
        en=f"Model {model} by default: {default.why.en}.", nl=f"Model {model} als standaard: {default.why.nl}."
    )


def model_said(model: Model) -> str:
    """Return a model with what it rests on."""
    return f"{model.model} ({model.article})"


def fixed_year(start: date, months: int, day: date) -> Words:
    """Say the fixed extension."""
    return Words(
        en=f"fixed_year: base {start} + {months} months = {day}.",
        nl=f"fixed_year: basis {start} + {months} maanden = {day}.",
    )


def until_21(last_day: date | None, start: date, cap: date, *, ended: bool) -> Words:
    """Say whether the moratorium still ran on the base deadline."""
    if ended:
        return Words(
            en=f"until_21: the moratorium had ended ({last_day}) before the base deadline {start}; the base stands.",
            nl=f"until_21: het moratorium was voorbij ({last_day}) vóór de basistermijn {start}; de basis blijft.",
        )
    return Words(
        en=f"until_21: the moratorium had not ended before the base deadline {start}; the deadline is the cap {cap}.",
        nl=f"until_21: het moratorium was niet voorbij vóór de basistermijn {start}; de termijn is het plafond {cap}.",
    )


def suspension_without_end(cap: date) -> Words:
    """Say that a suspension without a published end goes to the cap."""
    return Words(
        en=f"suspension: no end was published, so the deadline is the cap {cap} for now.",
        nl=f"suspension: er is geen einde gepubliceerd, dus de termijn is voorlopig het plafond {cap}.",
    )


def suspension(start: date, after: date, span: Span, added: date, day: date) -> Words:
    """Say how long the moratorium ran for this claim, and what that makes of the base."""
    en, nl = f"{span.months} months", f"{span.months} maanden"
    if span.days:
        en, nl = f"{en} and {span.days} days", f"{nl} en {span.days} dagen"
    floor_en = f"; never before the day after the moratorium, {day}" if day != added else ""
    last = after - ONE_DAY
    floor_nl = f"; nooit vóór de dag na het moratorium, {day}" if day != added else ""
    return Words(
        en=f"suspension: it ran from {start} until and including {last}, {en}; added to the base: {added}{floor_en}.",
        nl=f"suspension: het liep van {start} tot en met {last}, {nl}; opgeteld bij de basis: {added}{floor_nl}.",
    )


def capped(day: date, cap: date) -> Words:
    """Say that the hard cap cut the result."""
    return Words(en=f"{day} lies beyond the hard cap: {cap}.", nl=f"{day} ligt voorbij het plafond: {cap}.")


def overdue(start: date, first_day: date, rule: Dated | None) -> Words:
    """Say that the claim was overdue when the moratorium began, and why it is covered all the same."""
    source = (f" ({rule.note.en})", f" ({rule.note.nl})") if rule and rule.note else ("", "")
    return Words(
        en=f"The base deadline {start} had passed on the first day {first_day}; covered all the same{source[0]}.",
        nl=f"De basistermijn {start} was voorbij op de eerste dag {first_day}; toch gedekt{source[1]}.",
    )


def annulled(last_day: date | None) -> Words:
    """Say that a judgment ended it, so that a person must look."""
    return Words(
        en=f"The moratorium was annulled; it is counted until the judgment ({last_day}). A person must check this.",
        nl=f"Het moratorium is vernietigd; het telt tot de uitspraak ({last_day}). Een mens moet dit nagaan.",
    )


def provisional(last_day: date | None) -> Words:
    """Say that the end can still change."""
    if last_day is None:
        return Words(en="Provisional: no end was published.", nl="Voorlopig: er is geen einde gepubliceerd.")
    return Words(
        en=f"Provisional: {last_day} is the planned end; it may yet change, or nobody saw whether it held.",
        nl=f"Voorlopig: {last_day} is het geplande einde; het kan nog veranderen, of niemand zag of het standhield.",
    )


def outcome(day: date, decided: date | None) -> Words:
    """Say the deadline, and whether the decision was in time."""
    late = (decided - day).days if decided else 0
    if decided is None:
        return Words(en=f"Deadline: {day}.", nl=f"Termijn: {day}.")
    if late > 0:
        return Words(
            en=f"Deadline: {day}; decided on {decided}, {late} days after it.",
            nl=f"Termijn: {day}; beslist op {decided}, {late} dagen erna.",
        )
    return Words(
        en=f"Deadline: {day}; decided in time, on {decided}.", nl=f"Termijn: {day}; op tijd beslist, op {decided}."
    )


def uncertain_regime(found: Regime) -> Words:
    """Say why it is not beyond doubt that this law counts."""
    note = found.note or Words(en="it is not confirmed that it applies", nl="niet bevestigd dat dit geldt")
    return Words(en=f"{found.id}: {note.en}", nl=f"{found.id}: {note.nl}")


def unconfirmed(name: str, note: Words | None) -> Words:
    """Say that a rule was not read at its source."""
    return Words(
        en=f"{name}: {note.en if note else 'not confirmed'}", nl=f"{name}: {note.nl if note else 'niet bevestigd'}"
    )
