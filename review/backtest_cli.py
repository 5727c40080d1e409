"""coi backtest: a moratorium's life replayed, as a strip of weeks and a list of what differs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial

import click
from rich.console import Console

from review.backtest import Compared, Point, Replay, replay, replayable
from review.opening import read as read_home
from review.terminal import COLOUR, SENTENCES, SHAPE
from store.home import Home

WEEKS_A_LINE = 52
ACT_MARK = "▲"


@click.command()
@click.option("--moratorium", "wanted", help="Id of one moratorium; default: all whose questions can be judged.")
@click.option("--basis", type=click.Choice(["public", "held"]), default="public", show_default=True)
@click.option("--reading", type=click.Choice(["provisional", "reviewed"]), default="provisional", show_default=True)
@click.option("--every", "every_days", type=click.IntRange(1, 365), default=7, show_default=True, help="Days between.")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: points, acts, comparisons with reasons.")
def backtest(wanted: str | None, basis: str, reading: str, every_days: int, lang: str, as_json: bool) -> None:
    """Replay a moratorium week by week, and name where the method differs from what the state decided.

    A difference is no failure: read its reasons.
    """
    conn = read_home(Home.from_environment())
    console = Console(stderr=True) if as_json else Console()
    with console.status("judging") as shown:

        def tell(name: str, day: date) -> None:
            shown.update(f"{name}: {day}")

        found = [
            replay(
                conn, name, basis=basis, reading=reading, today=datetime.now(UTC).date(), every_days=every_days,
                progress=partial(tell, name),
            )
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
    console.print("\n" + " ".join(SENTENCES))


def show(console: Console, found: Replay, lang: str) -> None:
    """Print the strip of weeks, the acts, and each comparison with its reasons."""
    console.print(f"\n[bold]{found.moratorium_id}[/]  {found.title}", highlight=False)
    first, last = found.points[0].as_of, found.points[-1].as_of
    console.print(
        f"{first} – {last}, {len(found.points)} days judged, basis {found.basis}, {found.reading} reading; "
        + ", ".join(f"{SHAPE[name]} {name}" for name in ("insufficient", "emerging", "sufficient"))
        + f", {ACT_MARK} the state decided",
        highlight=False,
    )
    for start in range(0, len(found.points), WEEKS_A_LINE):
        _strip(console, found, found.points[start : start + WEEKS_A_LINE])
    scored = [one for one in found.compared if one.agrees is not None]
    alike = sum(bool(one.agrees) for one in scored)
    console.print(f"\n{alike} of {len(scored)} agree with the state; differences and their reasons:", highlight=False)
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
