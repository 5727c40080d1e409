"""coi tag, coi assess, coi status, coi serve: what the review layer offers on the command line."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import click

from store.clock import day
from store.db import connect_readonly
from store.home import Home


class Day(click.ParamType):
    """A day written YYYY-MM-DD; `come`: one that has come, since nothing is known of a later one."""

    name = "YYYY-MM-DD"

    def __init__(self, *, come: bool = False) -> None:
        self.come = come

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        try:
            found = value if isinstance(value, date) else day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if self.come and found > today():
            self.fail(f"{found}: that day has not come yet; nothing is known of it", param, ctx)
        return found


READING = click.Choice(["reviewed", "provisional"])
BASIS = click.Choice(["public", "held"])


@click.command()
@click.option("--jsonl", type=click.File("rb"), help="Tag the lines of this file (- for standard input).")
def tag(jsonl: IO[bytes] | None) -> None:
    """Tag what is new in the store; or tag a JSONL file (id, text, lang) to standard output, touching no database."""
    if sys.stderr.isatty():
        click.echo("Loading the rules and what was learnt; this takes some seconds ...", err=True)
    if jsonl is not None:
        from review.tag_lines import as_line, tagged_lines

        faults: list[str] = []
        for answer in tagged_lines(jsonl, Path(getattr(jsonl, "name", "input")).name, faults):
            click.echo(as_line(answer))
        if faults:
            raise click.ClickException("\n".join(faults))
        return
    home = Home.from_environment()
    from review import work

    work.tag_and_propose(home, say=click.echo, progress=_counter() if sys.stderr.isatty() else lambda n: None)


def _counter() -> Callable[[int], None]:
    """Lines on the terminal that say how far tagging, and then evidence, have come."""
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        click.echo(f"  {done:,} passages tagged or read for evidence", err=True)

    return count


@click.command()
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge this JSON file only, without a database; docs/scenario.md says what stands in it.",
)
@click.option("--as-of", type=Day(come=True), help="The day to judge (default: today).")
@click.option("--basis", type=BASIS, help="Known by then to anyone, or to us (default: today held, the past public).")
@click.option("--all", "everything", is_flag=True, help="Judge every question, not only what can have changed.")
@click.option("--missed", is_flag=True, help="List what was public by the day and not held then, by source.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def assess(
    scenario: Path | None, as_of: date | None, basis: str | None, everything: bool, missed: bool, as_json: bool
) -> None:
    """Compute and store the verdicts in both readings; or judge a scenario file without a database.

    A scenario to begin with: docs/examples/scenario.json; every field of it: docs/scenario.md.

    Of today only what can have changed is judged; a day in the past is judged whole, from what was public, or held, by
    then.
    """
    if scenario is not None:
        from review.method.scenario import ScenarioError, run

        try:
            outcome = run(scenario)
        except ScenarioError as error:
            raise click.UsageError(str(error)) from error
        if as_json:
            click.echo(json.dumps(outcome, ensure_ascii=False))
            return
        click.echo(f"{outcome['status']} (effective: {outcome['effective']}, certainty: {outcome['certainty']})")
        for name in ("current", "unambiguous", "reliable"):
            click.echo(f"  {outcome[name]['reason']}")
        return
    home, wanted = Home.from_environment(), as_of or today()
    if missed:
        import review.missed as missing
        from review.opening import read

        found = missing.missed(read(home), wanted)
        click.echo(json.dumps(missing.as_json(found), ensure_ascii=False) if as_json else missing.said(found))
        return
    from review import work

    say = (lambda line: None) if as_json else click.echo
    done = work.assess(home, as_of=wanted, basis=basis or usual_basis(wanted), say=say, everything=everything)
    if as_json:
        answer = {"verdicts": done.new, "judged": done.judged, "questions": done.questions, "why": dict(done.why)}
        click.echo(json.dumps(answer, ensure_ascii=False))


@click.command()
@click.option("--as-of", type=Day(come=True), help="How it stood on this day (default: today).")
@click.option("--basis", type=BASIS, help="Known by then to anyone, or to us (default: held for today, else public).")
@click.option("--reading", type=READING, default="provisional", show_default=True, help="What counts as evidence.")
@click.option("--country", metavar="XX", help="Only this country, with every question.")
@click.option("--group", metavar="ID", help="Only this group, e.g. conscripts, with every question.")
@click.option("--all", "whole", is_flag=True, help="Every question of every group, not a line a group.")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language of the text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every question.")
def status(
    as_of: date | None, basis: str | None, reading: str, country: str | None, group: str | None, whole: bool, lang: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Show whether there is enough to decide, and why not: a line a group, or every question with its reason.

    Sufficient means enough to decide, never safe to return. The machine proposes, a person decides.
    """
    from review.as_json import as_json as to_json
    from review.moratoria_cli import say_refused
    from review.opening import read
    from review.refusals import refusals
    from review.status_of import narrowed, stored

    wanted, home = as_of or today(), Home.from_environment()
    conn = read(home, say=False)
    try:
        found = narrowed(conn, wanted, basis or usual_basis(wanted), reading, country, group)
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        refused = [{"file": one.file, "problem": one.problem} for one in refusals(conn, home.declared)]
        click.echo(json.dumps(to_json(found) | {"refused": refused}, ensure_ascii=False))
        return
    from review.terminal import show

    say_refused(conn, home)
    show(found, stored=stored(conn, found, lang), language=lang, whole=whole or bool(country or group))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the site (default: 8001, or a free one).")
@click.option("--replica", is_flag=True, help="The database is a copy that is kept up from elsewhere: only read it.")
@click.option("--writer", default="", metavar="URL", help="Address of the main site, for a replica's pages.")
def serve(host: str, port: int | None, replica: bool, writer: str) -> None:
    """Open the site of this home in Datasette.

    With --replica it reads a copy (docs/replicas.md): it takes no form, every page and answer says how old it is, and
    what is too old is not given away as a file, a feed or JSON.
    """
    from review.serve import serve as run

    home = Home.from_environment()
    connect_readonly(home).close()
    copy = None
    if replica:
        from review.plugin.replica import Replica

        copy = Replica(home, writer=writer)
    elif writer:
        raise click.UsageError("--writer goes with --replica")
    run(home, host=host, port=port, copy=copy)


def usual_basis(day: date) -> str:
    """Today stands on what is held here, the past on what was public then (method §1, §8); the site does the same."""
    return "public" if day < today() else "held"


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()
