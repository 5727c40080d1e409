"""coi deadline: by when an application must be decided, step by step. Reads declarations, no database."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from review.cli import Day
from store.home import Home

UNDER = {
    "en": {
        "deadline": "Deadline", "confirmed": "confirmed", "unconfirmed": "NOT CONFIRMED", "provisional": "provisional",
        "annulled": "annulled: a person must check", "courts": "courts disagree", "inferred": "the period is inferred",
        "unverified": "the period was not verified", "asked": "model as asked, courts disagree",
        "left": "{} days left", "ago": "{} days ago", "today": "today", "models": "By model", "steps": "Steps",
        "doubts": "Not confirmed", "earliest": "earliest", "chosen": "chosen", "as_of": "as of",
        "not_for": "Not for (then the base counts)", "read_at": "Read at",
        "before": "before the moratorium began", "within": "within the moratorium",
    },
    "nl": {
        "deadline": "Termijn", "confirmed": "bevestigd", "unconfirmed": "NIET BEVESTIGD", "provisional": "voorlopig",
        "annulled": "vernietigd: een mens moet dit nagaan", "courts": "rechters verschillen",
        "inferred": "het tijdvak is afgeleid", "unverified": "het tijdvak is niet nagegaan",
        "asked": "model zoals gevraagd, rechters verschillen",
        "left": "nog {} dagen", "ago": "{} dagen geleden", "today": "vandaag", "models": "Per model",
        "steps": "Stappen", "doubts": "Niet bevestigd", "earliest": "vroegste", "chosen": "gekozen", "as_of": "op",
        "not_for": "Niet voor (dan telt de basis)", "read_at": "Gelezen op",
        "before": "voor het moratorium begon", "within": "binnen het moratorium",
    },
}  # fmt: skip
REFUSED = {
    "en": {
        "both": "--moratorium takes its period from the register; leave out --from and --to, or it",
        "to": "--to needs --from, the first day of the period",
    },
    "nl": {
        "both": "--moratorium neemt zijn periode uit het register; laat --from en --to weg, of --moratorium",
        "to": "bij --to hoort --from, de eerste dag van de periode",
    },
}
MODELS = click.Choice(["fixed_year", "until_21", "suspension"], case_sensitive=False)


@click.command()
@click.option("--regime", required=True, metavar="STATE", help="NL, DE, EU ...: its law on that day; or a regime's id.")
@click.option("--lodged", required=True, type=Day(), help="The day on which the application was received.")
@click.option("--moratorium", metavar="ID", help="A moratorium of the register, e.g. NL-SYR-2024.")
@click.option("--from", "first_day", type=Day(), help="First day of a period that is not in the register.")
@click.option("--to", "last_day", type=Day(), help="Its last day, inclusive. Without it, no end was published.")
@click.option(
    "--model", type=MODELS, help="How to count; courts disagree (default: the regime's own, with its reason)."
)
@click.option("--extended-9m", is_flag=True, help="The extension of 9 months holds for this application.")
@click.option("--extended-3m", is_flag=True, help="The 3 months more hold too; only on top of the 9.")
@click.option("--extended-6m", is_flag=True, help="The extension of 6 months of the Regulation holds.")
@click.option("--decided", type=Day(), help="The day of the decision (default: still pending).")
@click.option(
    "--reviewed", type=Day(), help="Last review of the uncertainty (default: its last decision or extension)."
)
@click.option(
    "--roll-to-working-day/--no-roll-to-working-day",
    "roll",
    default=None,
    help="Move a deadline on a weekend or holiday to the next working day (default: as the regime declares).",
)
@click.option("--as-of", type=Day(come=True), help="Compute with what was known on that day (default: today).")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language of the steps.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def deadline(
    regime: str, lodged: date, moratorium: str | None, first_day: date | None, last_day: date | None, model: Any,  # noqa: ANN401  a ModelName
    extended_9m: bool, extended_3m: bool, extended_6m: bool, decided: date | None, reviewed: date | None,
    roll: bool | None, as_of: date | None, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Say by when an application must be decided: base, hard cap, moratorium, each step in words.

    With --moratorium for one of the register, with --from and --to for any other period, without either for the base.
    Whatever rests on a rule that nobody confirmed is marked so, and so is a day that rests on a planned, inferred or
    annulled period, or on a model that courts disagree on.
    """
    from review import deadline_answer as answering
    from review.deadline_parts import Claim, DeadlineError, Freeze
    from review.months import BeyondCalendar

    if moratorium and (first_day or last_day):
        raise click.UsageError(REFUSED[lang]["both"])
    if last_day and not first_day:
        raise click.UsageError(REFUSED[lang]["to"])
    today = as_of or datetime.now(UTC).date()
    extended = [m for m, holds in ((9, extended_9m), (6, extended_6m), (3, extended_3m)) if holds]
    extra = Home.from_environment().declared
    refused: list[str] = []
    try:
        freeze = None
        if first_day:
            runs_on = last_day is None or last_day >= today
            freeze = Freeze(first_day=first_day, last_day=last_day, provisional=runs_on)
        asked = answering.Asked(
            regime=regime,
            claim=Claim(lodged=lodged, decided=decided, extended=tuple(extended)),
            as_of=today,
            moratorium=moratorium,
            freeze=freeze,
            model=model,
            reviewed=reviewed,
            roll=roll,
        )
        registered = answering.moratorium_of(moratorium, extra) if moratorium else None
        regimes = answering.load(extra, refused=refused)
        for problem in refused:
            went_on = "geweigerd, de rest gaat door" if lang == "nl" else "refused, the rest goes on"
            click.echo(f"{went_on}: {problem}", err=True)
        found = answering.answer(asked, regimes, registered)
    except DeadlineError as error:
        raise click.UsageError(error.nl if lang == "nl" else str(error)) from error
    except BeyondCalendar as error:
        said = f"de dagen liggen buiten de kalender ({error})" if lang == "nl" else str(error)
        raise click.UsageError(said) from error
    if as_json:
        click.echo(json.dumps(as_object(found, lang) | {"refused": refused}, ensure_ascii=False))
    else:
        _say(found, lang)


def as_object(found: Any, lang: str) -> dict[str, Any]:  # noqa: ANN401  an Answer; its module is loaded on call only
    """The answer as scripts read it; days as YYYY-MM-DD, sentences in one language."""
    result, period = found.deadline, found.decisions.freeze if found.decisions else found.asked.freeze
    return {
        "base": result.base.isoformat(),
        "deadline": result.deadline.isoformat(),
        "hard_cap": result.hard_cap.isoformat(),
        "model": result.model,
        "steps": [getattr(step, lang) for step in found.steps],
        "confirmed": found.confirmed,
        "law_confirmed": result.confirmed,
        "unconfirmed": [
            getattr(why, lang) for why in (*result.unconfirmed, *(doubt.why for doubt in found.doubts))
        ],
        "rests_on": [{"rule": one.name, "confirmed": one.confirmed, "source": one.source} for one in result.rests_on],
        "covered": result.covered,
        "provisional": result.provisional,
        "for_a_person": bool(period and period.annulled),
        "by_model": {name: day.isoformat() for name, day in result.by_model.items()},
        "regime": result.regime,
        "state": found.state,
        "lodged": found.asked.claim.lodged.isoformat(),
        "as_of": found.asked.as_of.isoformat(),
        "days_left": (result.deadline - found.asked.as_of).days,
        "moratorium": found.asked.moratorium,
        "period": None if period is None else {
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat() if period.last_day else None,
            "confidence": found.decisions.confidence if found.decisions else None,
        },
        "exclusions": list(found.exclusions),
        "departure_half": _due(found.departure_half, "max"),
        "review": _due(found.review, "due"),
        "lang": lang,
    }  # fmt: skip


def _due(due: Any, name: str) -> dict[str, Any] | None:  # noqa: ANN401  a Due or None
    if due is None:
        return None
    return {
        "from": due.start.isoformat(),
        name: due.on.isoformat(),
        "months": due.rule.months,
        "article": due.rule.article,
        "confirmed": due.rule.confirmed,
    } | (
        {"last_day": (due.on - timedelta(days=1)).isoformat(), "ended": str(due.ended) if due.ended else None}
        if name == "max"
        else {}
    )


def _say(found: Any, lang: str) -> None:  # noqa: ANN401  an Answer
    """Print the day first, then the other models, the steps, and what is not confirmed."""
    said, result = UNDER[lang], found.deadline
    period = found.decisions.freeze if found.decisions else found.asked.freeze
    left = (result.deadline - found.asked.as_of).days
    when = said["today"] if left == 0 else said["left" if left > 0 else "ago"].format(abs(left))
    marks = [said["confirmed" if found.confirmed else "unconfirmed"], *(said[doubt.code] for doubt in found.doubts)]
    if result.covered and found.asked.model and len(set(result.by_model.values())) > 1:
        marks.append(said["asked"])
    click.secho(f"{said['deadline']}: {result.deadline} ({'; '.join(marks)})", bold=True, nl=False)
    click.echo(f"  {when}, {said['as_of']} {found.asked.as_of}")
    if result.covered:
        click.echo(f"\n{said['models']}:")
        days = set(result.by_model.values())
        for name, day in result.by_model.items():
            notes = [said["chosen"]] if name == result.model else []
            if period and day < period.first_day:
                notes.append(said["before"])
            elif period and (period.last_day is None or day <= period.last_day):
                notes.append(said["within"])
            notes += [said["earliest"]] if day == min(days) < max(days) else []
            click.echo(f"  {name:<11} {day}" + (f"  ({', '.join(notes)})" if notes else ""))
    click.echo(f"\n{said['steps']}:")
    for number, step in enumerate(found.steps, 1):
        click.echo(f"  {number}. {getattr(step, lang)}")
    if found.exclusions and result.covered:
        click.echo(f"\n{said['not_for']}: {'; '.join(found.exclusions)}")
    if not found.confirmed:
        click.echo(f"\n{said['doubts']}:")
        for why in (*result.unconfirmed, *(doubt.why for doubt in found.doubts)):
            click.echo(f"  ! {getattr(why, lang)}")
    click.echo(f"\n{said['read_at']}:")
    for rule in result.rests_on:
        click.echo(f"  {rule.name}: {rule.source or '–'}")
