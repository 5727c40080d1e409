"""coi newer: what was known on a decision day, and what became known since, most telling first."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

import click
from rich.console import Console

from review import newer_silence as silence
from review.method.codes import answer_nl
from review.method.model import Status
from review.method.words import STANDING, STATUS_NL
from review.newer_read import NewerError
from review.newer_read import newer as read
from review.newer_types import Newer, Told
from review.opening import read as read_home
from review.terminal import COLOUR, SHAPE
from store.clock import day as parse_day
from store.home import Home


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A day of the command line; wrong use where it is none."""
    try:
        return parse_day(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("moratorium")
@click.option("--on", callback=_day, metavar="DATE", help="The decision day; default: the newest decision known.")
@click.option("--until", callback=_day, metavar="DATE", help="The later day; default: today.")
@click.option("--basis", type=click.Choice(["public", "held"]), default="public", show_default=True)
@click.option("--reading", type=click.Choice(["provisional", "reviewed"]), default="provisional", show_default=True)
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Every entry of every list, not only the first of each.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, the frozen list included.")
def newer(
    moratorium: str, on: date | None, until: date | None, basis: str, reading: str, lang: str, everything: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Freeze what was known on a decision day; list what is newer and was not dealt with, with why it matters."""
    today = datetime.now(UTC).date()
    conn = read_home(Home.from_environment())
    try:
        found = read(conn, moratorium, on=on, until=until or today, basis=basis, reading=reading, today=today)
    except NewerError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(to_json(found), default=str, ensure_ascii=False))
        return
    show(Console(), found, lang, most=None if everything else FOLDED)


def to_json(found: Newer) -> dict[str, object]:
    """The whole as one object: ISO days; each entry with its rank, tier and grounds in both languages."""
    frozen = found.frozen
    return {
        "moratorium": found.moratorium_id,
        "country": found.country,
        "on": found.on,
        "decision": found.decision,
        "until": found.until,
        "basis": found.basis,
        "reading": found.reading,
        "rules_version": found.rules_version,
        "deciding": found.deciding,
        "assessed": bool(found.asked),
        "not_searched": found.unsearched,
        "caveat": asdict(said) if (said := silence.caveat(found)) else None,
        "frozen": {
            "digest": frozen.digest,
            "items": len(frozen.rows),
            "origins": frozen.origins,
            "documents": frozen.documents,
            "status": frozen.status,
            "questions": {q.id: {"status": q.effective, "inputs_digest": q.inputs_digest} for q in frozen.questions},
            "rows": [asdict(row) for row in frozen.rows],
        },
        "status_until": found.status_until,
        "now": dict(found.now),
        "public_not_held": [_told(one) for one in found.gap],
        "since": [_told(one) for one in found.since],
        "dealt_with": [_told(one) for one in found.dealt],
    }


def _told(one: Told) -> dict[str, object]:
    return asdict(one.entry) | {
        "tier": one.entry.tier.name.lower(),
        "official": one.entry.official,
        "why": [said.en for said in one.why],
        "why_nl": [said.nl for said in one.why],
    }


_HEADS = {
    "en": (
        "Known on {on} ({basis}, {reading} reading), {decision}: {items} items, {origins} origins, {documents} "
        "documents",
        "digest {digest}",
        "deciding questions: {then} then, {now} on {until}",
        "Public before the decision, not held here then ({n})",
        "Newer, and not dealt with by {until} ({n}; rank 1 could change most)",
        "Newer, followed by a later act of the state or a sign-off ({n})",
    ),
    "nl": (
        "Bekend op {on} ({basis}, lezing {reading}), {decision}: {items} stukken, {origins} oorsprongen, {documents} "
        "documenten",
        "digest {digest}",
        "beslisvragen: toen {then}, op {until} {now}",
        "Openbaar vóór het besluit, toen hier niet in bezit ({n})",
        "Nieuwer, en niet betrokken tot {until} ({n}; rang 1 kan het meest veranderen)",
        "Nieuwer, gevolgd door een latere daad van de staat of een ondertekening ({n})",
    ),
}

FOLDED = 10  # entries of a list that are shown without --all
_MORE = {"en": "... and {n} more; --all shows every one", "nl": "... en nog {n}; met --all staan ze er alle"}


_NL = {
    "public": "openbaar", "held": "in bezit", "provisional": "voorlopig", "reviewed": "beoordeeld",
    "not assessed": "niet beoordeeld", "decided": "besloten", "paused": "gepauzeerd", "extended": "verlengd",
    "revived": "herleefd", "announced": "aangekondigd", "in_force": "in werking", "ended": "beëindigd",
    "signed": "ondertekend",
}  # fmt: skip


def show(console: Console, found: Newer, lang: str, most: int | None = None) -> None:
    """Print the frozen list in numbers, and the three lists with their grounds: what was not dealt with first.

    At most so many entries of a list where `most` is given; the rest as a number.
    """
    first, code, deciding, gap, since, dealt = _HEADS[lang]
    frozen = found.frozen
    console.print(f"\n[bold]{found.moratorium_id}[/]  {found.title}", highlight=False)
    console.print(
        first.format(
            on=found.on, basis=_in(lang, found.basis), reading=_in(lang, found.reading),
            decision=_act(lang, found.decision), items=len(frozen.rows),
            origins=frozen.origins, documents=frozen.documents,
        ),
        highlight=False,
    )  # fmt: skip
    console.print(code.format(digest=frozen.digest), highlight=False)
    console.print(
        deciding.format(then=_word(lang, frozen.status), now=_word(lang, found.status_until), until=found.until),
        highlight=False,
    )
    if said := silence.caveat(found):
        console.print(f"\n{said.nl if lang == 'nl' else said.en}", highlight=False, markup=False)
    for head, entries, nothing in (
        (since, found.since, silence.nothing_since), (dealt, found.dealt, silence.nothing_dealt),
        (gap, found.gap, silence.nothing_missed),
    ):  # fmt: skip
        console.print(f"\n[bold]{head.format(n=len(entries), until=found.until)}[/]", highlight=False)
        empty = nothing(found)
        _entries(console, entries[:most], lang, empty.nl if lang == "nl" else empty.en)
        if most is not None and len(entries) > most:
            console.print("  " + _MORE[lang].format(n=len(entries) - most), highlight=False)
    console.print("\n" + STANDING[lang == "nl"])


def _in(lang: str, code: str) -> str:
    return _NL.get(code, code) if lang == "nl" else code


def _act(lang: str, act: str) -> str:
    """An act with its day, 'decided 2022-06-29'."""
    kind, _, day = act.partition(" ")
    return f"{_in(lang, kind)} {day}"


def _word(lang: str, status: str) -> str:
    """A status as shape and word, with its colour as rich markup."""
    said = STATUS_NL[Status(status)] if lang == "nl" and status in set(Status) else _in(lang, status)
    return f"[{COLOUR[status]}]{SHAPE[status]} {said}[/]"


def _entries(console: Console, entries: Sequence[Told], lang: str, nothing: str) -> None:
    if not entries:
        console.print(f"  {nothing}", highlight=False, markup=False)
    for one in entries:
        entry = one.entry
        asked = ", ".join(entry.questions)
        answer = answer_nl(entry.answer) if lang == "nl" else entry.answer
        line = f" {entry.rank:>3}. {entry.known_on}  {asked}  {answer}  {entry.publisher}: {entry.title}"
        console.print(line, highlight=False, markup=False)
        if entry.quote:
            console.print(f"      “{' '.join(entry.quote.split())[:300]}”", style="dim", highlight=False, markup=False)
        for said in one.why:
            console.print(f"      · {said.nl if lang == 'nl' else said.en}", highlight=False, markup=False)
        if entry.dealt_with:
            console.print(f"      · → {_act(lang, entry.dealt_with)}", highlight=False, markup=False)
