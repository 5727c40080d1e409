"""coi backtest: a moratorium's life replayed, as a strip of weeks and a list of what differs."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from review.backtest import replayable
from review.backtest_kept import made
from review.backtest_types import Compared, Point, Replay
from review.chronology_tables import markdown, tables
from review.method.model import Status
from review.method.words import STANDING, STATUS_NL
from review.opening import read as read_home
from review.terminal import COLOUR, SHAPE
from store.home import Home

WEEKS_A_LINE = 52
ACT_MARK = "▲"
_SAID = {
    "en": (
        "{first} – {last}, {n} days judged, basis {basis}, {reading} reading",
        "the state decided",
        "{alike} of {scored} agree with the state; differences and their reasons:",
    ),
    "nl": (
        "{first} – {last}, {n} dagen beoordeeld, basis {basis}, lezing {reading}",
        "de staat besloot",
        "{alike} van de {scored} stemmen overeen met de staat; verschillen en hun redenen:",
    ),
}


@click.command()
@click.option("--moratorium", "wanted", help="Id of one moratorium; default: all whose questions can be judged.")
@click.option("--basis", type=click.Choice(["public", "held"]), default="public", show_default=True)
@click.option("--reading", type=click.Choice(["provisional", "reviewed"]), default="provisional", show_default=True)
@click.option("--every", "every_days", type=click.IntRange(1, 365), default=7, show_default=True, help="Days between.")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option(
    "--chronology",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of what was published: its score row by row, the golden table, and the status without each origin.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: points, acts, comparisons with reasons.")
def backtest(
    wanted: str | None, basis: str, reading: str, every_days: int, lang: str, chronology: Path | None, as_json: bool
) -> None:
    """Replay a moratorium week by week, and name where the method differs from what the state decided.

    A difference is no failure: read its reasons. A weekly replay is kept for the page of the moratorium.
    """
    conn = read_home(Home.from_environment())
    console = Console(stderr=True) if as_json else Console()
    if chronology:
        _chronology(conn, chronology, as_json)
        return
    if wanted and conn.execute("select 1 from moratoria where id = ?", [wanted]).fetchone() is None:
        known = ", ".join(row["id"] for row in conn.execute("select id from moratoria order by id"))
        raise click.BadParameter(f"no moratorium {wanted!r}; known: {known or 'none'}", param_hint="--moratorium")
    with console.status("judging") as shown:

        def tell(name: str, day: date) -> None:
            shown.update(f"{name}: {day}")

        found = [
            made(conn, name, basis=basis, reading=reading, every_days=every_days, progress=partial(tell, name))
            for name in ([wanted] if wanted else replayable(conn))
        ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"backtests": [asdict(one) for one in found]}, default=str, ensure_ascii=False))
        return
    if not found:
        raise click.ClickException(
            "no moratorium can be replayed: no questions are declared for any of their countries"
        )
    for one in found:
        show(console, one, lang)
    console.print("\n" + STANDING[lang == "nl"])


def _chronology(conn: sqlite3.Connection, path: Path, as_json: bool) -> None:
    """Print the three tables (always of the public basis, provisional reading), or one JSON object of them."""
    found = tables(conn, path, today=datetime.now(UTC).date())
    if as_json:
        rows = {table.name: [dict(zip(table.head, row, strict=True)) for row in table.rows] for table in found}
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for table in found:
        click.echo(f"# {table.title}\n\n{markdown(table)}\n")
    click.echo(STANDING[0])


def show(console: Console, found: Replay, lang: str) -> None:
    """Print the strip of weeks, the acts, and each comparison with its reasons."""
    say = _SAID[lang]
    title = found.title_nl if lang == "nl" and found.title_nl else found.title
    console.print(f"\n[bold]{found.moratorium_id}[/]  {title}", highlight=False)
    first, last = found.points[0].as_of, found.points[-1].as_of
    names = ", ".join(f"{SHAPE[one]} {STATUS_NL[one] if lang == 'nl' else one}" for one in Status)
    head = say[0].format(first=first, last=last, n=len(found.points), basis=found.basis, reading=found.reading)
    console.print(f"{head}; {names}, {ACT_MARK} {say[1]}", highlight=False)
    for start in range(0, len(found.points), WEEKS_A_LINE):
        _strip(console, found, found.points[start : start + WEEKS_A_LINE])
    alike = sum(bool(one.agrees) for one in found.scored)
    console.print("\n" + say[2].format(alike=alike, scored=len(found.scored)), highlight=False)
    for one in found.compared:
        _compared(console, one, lang)


def _strip(console: Console, found: Replay, points: Sequence[Point]) -> None:
    console.print(f"\n{points[0].as_of} – {points[-1].as_of}", style="dim", highlight=False)
    on = {act.on for act in found.acts}
    width = max(len(name) for name in (*found.deciding, *found.groups))
    for name in found.deciding:
        console.print(f"{name:{width}} " + _shapes(point.questions.get(name, "") for point in points))
    for name in found.groups:
        console.print(f"{name:{width}} " + _shapes(point.groups.get(name, "") for point in points))
    console.print(" " * (width + 1) + "".join(ACT_MARK if point.as_of in on else " " for point in points))


def _shapes(statuses: Iterable[str]) -> str:
    return "".join(f"[{COLOUR[one]}]{SHAPE[one]}[/]" if one else "·" for one in statuses)


def _compared(console: Console, one: Compared, lang: str) -> None:
    mark = {True: "=", False: "≠", None: "?"}[one.agrees]
    text = one.said.nl if lang == "nl" else one.said.en
    console.print(f"\n {mark} {text}", style="" if one.agrees is not False else "bold", highlight=False, markup=False)
    console.print(f"   {one.act.reason}", style="dim", highlight=False, markup=False)
    for reason in one.reasons_nl if lang == "nl" else one.reasons:
        console.print(f"   · {reason}", highlight=False, markup=False)
