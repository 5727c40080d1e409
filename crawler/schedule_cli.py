"""coi schedule, coi expect: when what is asked, and what is awaited."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from store.clock import day, instant
from store.db import connect, connect_readonly, stands_still, writing
from store.home import Home

if TYPE_CHECKING:
    from crawler.due import Turn
    from store.expected import Standing

HOURS = 24


@click.command()
@click.option("--print", "printing", is_flag=True, help="Show the next 24 hours and start nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --print: one JSON object instead of a table.")
@click.option("--workers", "redis", metavar="URL", help="Hand runs to 'coi worker' processes through this Redis "
              "(redis://host:6379/0) instead of crawling here; without the option, COI_REDIS.")  # fmt: skip
@click.option("--shared", metavar="URL", help="With --workers: the store that all machines share; else COI_SHARED.")
@click.pass_context
def schedule(ctx: click.Context, printing: bool, as_json: bool, redis: str | None, shared: str | None) -> None:
    """Crawl every source when it is due, until stopped. Cron can do the same with 'coi update'."""
    if as_json and not printing:
        raise click.UsageError("--json goes with --print")
    home = Home.from_environment()
    if printing:
        from crawler import steps

        now = datetime.now(UTC)
        show(steps.due(home, now), now, as_json=as_json)
        return
    from crawler.cluster.handing import away
    from crawler.schedule import run_until_stopped

    given = ctx.find_root().obj  # what to do with what a crawl brought, and every ten minutes; the front door knows
    after, tick = given if isinstance(given, tuple) else (lambda _: None, lambda _: None)
    run_until_stopped(home, after=lambda: after(home), tick=lambda: tick(home), away=away(home, redis, shared))


def show(turns: Sequence["Turn"], now: datetime, *, as_json: bool) -> None:
    """Print the turns of the next 24 hours, as a table or as JSON. Nothing is started or written."""
    if as_json:
        rows = [_row(turn) for turn in turns]
        click.echo(json.dumps({"now": instant(now), "hours": HOURS, "sources": rows}, ensure_ascii=False))
        return
    wide = max([6, *(len(turn.source.id) for turn in turns)])
    click.echo(f"From {_short(now)} UTC, {HOURS} hours: {sum(len(turn.runs) for turn in turns)} runs.")
    click.echo(f"{'next (UTC)':16} {'there':22} {'runs':>4}  {'source':{wide}}  {'every':9} note")
    for turn in turns:
        local = turn.next_at.astimezone(ZoneInfo(turn.source.zone))
        when, there = ("", "") if turn.needs else (_short(turn.next_at), f"{_short(local)} {local:%Z}")
        name, every = turn.source.id, turn.source.often
        click.echo(f"{when:16} {there:22} {len(turn.runs):>4}  {name:{wide}}  {every:9} {_note(turn)}".rstrip())


def _row(turn: "Turn") -> dict[str, Any]:
    source = turn.source
    return {
        "id": source.id, "every": source.every, "window": source.window, "zone": source.zone, "due": turn.is_due,
        "open": turn.is_open, "needs": turn.needs, "next_at": None if turn.needs else instant(turn.next_at),
        "runs": [instant(at) for at in turn.runs],
    }  # fmt: skip


def _note(turn: "Turn") -> str:
    if turn.needs:
        return f"not configured: {turn.needs}"
    if turn.is_due:
        return "due now"
    if turn.source.window:
        return f"{'' if turn.is_open else 'outside its window '}{turn.source.window}"
    return ""


def _short(moment: datetime) -> str:
    return f"{moment:%a %d %b %H:%M}"


class Day(click.ParamType):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        if isinstance(value, date):
            return value
        try:
            return day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.group()
def expect() -> None:
    """Publications that are awaited: what is due, overdue, arrived."""


@expect.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def list_awaited(as_json: bool) -> None:
    """List what is awaited, the overdue first."""
    from store.expected import in_words

    home = Home.from_environment()
    found = _standings(home)
    if as_json:
        click.echo(json.dumps({"expected": [_awaited(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        click.echo(in_words(one))
        click.echo(f"  {one.expectation.reason}")
    if not found:
        click.echo("nothing is awaited; add something with 'coi expect add', or a file in declared/expected")


@expect.command("add")
@click.option("--title", required=True, help="What is awaited, in words.")
@click.option("--country", required=True, help="The country it is about, two letters.")
@click.option("--pattern", required=True, help="Regular expression that its title will fit; case is ignored.")
@click.option("--from", "first_day", required=True, type=Day(), help="First day on which it may come.")
@click.option("--to", "last_day", required=True, type=Day(), help="Last day; after it, it is overdue.")
@click.option("--source", "ids", multiple=True, help="A source it may come through; may be repeated. None: any.")
@click.option("--reason", required=True, help="Who announced it, and why it matters.")
@click.option("--reference", default="", help="Where that is written.")
@click.option("--came", "came_on", type=Day(), help="The day it came out, where that is known though it is not held.")
@click.option("--key", help="A short name for it (default: made from country and window).")
@click.option("--by", "actor", required=True, help="Your name; it is kept with what you enter.")
def add_awaited(title: str, country: str, pattern: str, first_day: date, last_day: date, ids: Sequence[str],
                reason: str, reference: str, came_on: date | None, key: str | None, actor: str) -> None:  # fmt: skip
    """Await a publication."""
    from pydantic import ValidationError

    from crawler import steps
    from crawler.expected import Expected
    from store import expected

    home = Home.from_environment()
    steps.chosen(home, ids)
    named = key or f"{country.lower()}_{first_day:%Y%m%d}_{last_day:%Y%m%d}"
    try:
        said = Expected(
            id=named, title=title, country=country, pattern=pattern, first_day=first_day, last_day=last_day,
            sources=tuple(ids), reason=reason, reference=reference, came_on=came_on,
        )  # fmt: skip
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'])) or 'window'}: {one['msg']}" for one in error.errors()]
        raise click.UsageError("; ".join(wrong)) from error
    conn = connect(home)
    try:
        with writing(conn):
            new = expected.expect(conn, said.expectation, actor=_name(actor), at=instant(datetime.now(UTC)))
    finally:
        conn.close()
    click.echo(
        f"{named}: awaited from {first_day} to {last_day}" if new else f"{named}: is awaited already, as it stands"
    )


@expect.command("cancel")
@click.argument("key")
@click.option("--reason", required=True, help="Why it is awaited no more.")
@click.option("--by", "actor", required=True, help="Your name; it is kept with what you enter.")
def cancel_awaited(key: str, reason: str, actor: str) -> None:
    """Await a publication no more. What was entered stays in the record."""
    from store import expected

    conn = connect(Home.from_environment())
    try:
        with writing(conn):
            expected.cancel(conn, key, reason=reason, actor=_name(actor), at=instant(datetime.now(UTC)))
    finally:
        conn.close()
    click.echo(f"{key}: awaited no more")


def _standings(home: Home) -> list["Standing"]:
    """What is awaited as of today; what the files declare is brought into the store first, where it can be written."""
    from crawler import steps
    from crawler.expected import DECLARATION
    from store import expected

    declared = [one.expectation for one in steps.expected(home).values()]
    now, still = datetime.now(UTC), stands_still(home)
    conn = connect_readonly(home) if still else connect(home)
    try:
        if not still:
            with writing(conn):
                expected.declare(conn, declared, actor=DECLARATION, at=instant(now))
        return expected.standings(conn, now.date())
    finally:
        conn.close()


def _awaited(one: "Standing") -> dict[str, Any]:
    fields = asdict(one.expectation) | {"status": one.status.value, "actor": one.actor, "since": one.since}
    return fields | {"arrival": asdict(one.arrival) if one.arrival else None}


def _name(actor: str) -> str:
    from crawler.expected import DECLARATION

    if not actor.strip() or actor.strip().lower() == DECLARATION:
        raise click.BadParameter("give the name of a person", param_hint="--by")
    return actor.strip()
