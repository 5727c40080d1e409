"""coi alerts subscriptions: who is told what, where."""

import getpass
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from review.alerts.opened import reading, writing
from store.clock import instant
from store.home import Home

if TYPE_CHECKING:
    from review.alerts.subscribing import Row


@click.group("subscriptions", invoke_without_command=True)
@click.pass_context
def subscriptions(ctx: click.Context) -> None:
    """List, add and remove subscriptions: who is told what, where. Nothing is inherited; '*' is any."""
    if ctx.invoked_subcommand is not None:
        return
    with reading() as conn:
        rows = conn.execute("select * from current_subscriptions order by person, country, group_id, event").fetchall()
    for row in rows:
        what = f"{row['country']:2}  {row['group_id']:14} {row['event']:20}"
        click.echo(f"{row['person']:16} {what} {row['channel']:10} {row['rhythm']}")
    if not rows:
        click.echo("nobody is told anything; add somebody with 'coi alerts subscriptions add'")


def _choices(command: Any) -> Any:  # noqa: ANN401  a click command function
    for option in reversed((
        click.option("--person", required=True, help="Id of a person (declared/people/ID.toml)."),
        click.option("--country", default="*", show_default=True, help="Country of origin, e.g. RU."),
        click.option("--group", default="*", show_default=True, help="Target group, e.g. conscripts."),
        click.option("--event", "events", multiple=True, required=True, help="Kind of event, or 'all'; repeat it."),
        click.option("--channel", required=True, help="Id of a channel, e.g. mail."),
        click.option("--rhythm", type=click.Choice(["immediate", "digest"]),
                     help="Default: at once for what may go at once, else the daily digest."),
        click.option("--by", "actor", help="Who says so (default: the user of this machine)."),
    )):  # fmt: skip
        command = option(command)
    return command


@subscriptions.command("add")
@_choices
@click.pass_obj
def add(now: datetime, **chosen: Any) -> None:  # noqa: ANN401  the options above
    """Tell a person from now on."""
    _change(now, "subscribe", **chosen)


@subscriptions.command("remove")
@_choices
@click.pass_obj
def remove(now: datetime, **chosen: Any) -> None:  # noqa: ANN401  the options above
    """Tell a person no longer. What was queued before is still sent."""
    _change(now, "unsubscribe", **chosen)


def _change(now: datetime, act: str, *, actor: str | None, **chosen: Any) -> None:  # noqa: ANN401
    from review.alerts.people import Directory
    from review.alerts.subscribing import change

    directory = Directory.load(Home.from_environment().declared)
    changed = 0
    with writing() as conn:
        for row in _rows(**chosen):
            changed += change(
                conn, row, directory, os.environ, act=act, actor=(actor or getpass.getuser()).strip(), at=instant(now)
            )
    click.echo(f"{changed} subscription(s) {'added' if act == 'subscribe' else 'removed'}")
    for problem in directory.problems:
        click.echo(problem, err=True)


def _rows(
    person: str, country: str, group: str, events: Sequence[str], channel: str, rhythm: str | None
) -> Iterator["Row"]:
    """One row for each kind of event; with 'all' the country and group only where the kind has one."""
    from review.alerts.model import Kind
    from review.alerts.subscribing import ANY, WITHOUT_COUNTRY, WITHOUT_GROUP, Row, default_rhythm

    every = "all" in events
    for event in Kind if every else events:
        yield Row(
            person=person,
            country=ANY if every and event in WITHOUT_COUNTRY else country,
            group=ANY if every and event in WITHOUT_GROUP else group,
            event=str(event),
            channel=channel,
            rhythm=rhythm if rhythm and not (every and rhythm == "immediate") else default_rhythm(str(event)),
        )
