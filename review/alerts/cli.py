"""coi alerts: tell people in time, once; who is told what; who has seen it; what could not be delivered."""

import getpass
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from review.alerts.opened import reading, writing
from review.alerts.subscriptions_cli import subscriptions
from store.clock import instant
from store.home import Home


class Instant(click.ParamType):
    """An instant like 2026-11-22T09:00:00Z; without a zone it is UTC."""

    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no instant; write it like 2026-11-22T09:00:00Z", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


@click.group(invoke_without_command=True)
@click.option("--now", type=Instant(), help="Act as if it were this instant (for tests and rehearsals).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
@click.pass_context
def alerts(ctx: click.Context, now: datetime | None, as_json: bool) -> None:
    """Find what somebody must know, tell each once, escalate what nobody has seen. Run it as often as you like.

    'coi update' and the schedule do it by themselves. Exit code 1: something must be set right, and it says what.
    """
    ctx.obj = now or datetime.now(UTC)
    if ctx.invoked_subcommand is not None:
        return
    from review.alerts.desk import run

    with reading():  # there is nothing to tell of an empty folder, and no home is made of it
        pass
    report = run(Home.from_environment(), now=ctx.obj)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        click.echo(
            f"alerts: {report.alerts} new, {report.escalated} escalated, {report.letters} messages written, "
            f"{report.sent} sent, {report.failed} to be tried again, {report.dead} given up"
        )
        for problem in report.problems:
            click.echo(problem, err=True)
    if report.problems:
        ctx.exit(1)


@alerts.command("list")
@click.option("--country", help="Only this country of origin, e.g. RU.")
@click.option("--open", "only_open", is_flag=True, help="Only what escalates and nobody has seen.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def list_(country: str | None, only_open: bool, limit: int, as_json: bool) -> None:
    """List the newest alerts with who has seen them."""
    from store import alerts as kept

    with reading() as conn:
        found = kept.newest_alerts(conn, country=country.upper() if country else None, limit=limit)
    rows = [row for row in found if row["waits"] or not only_open]
    if as_json:
        keys = ("id", "event_key", "event", "country", "subject", "raised_at", "acknowledged", "waits")
        click.echo(json.dumps({"alerts": [{key: row[key] for key in keys} for row in rows]}, ensure_ascii=False))
        return
    for row in rows:
        seen = "waits to be seen" if row["waits"] else f"seen: {row['acknowledged']}" if row["acknowledged"] else ""
        click.echo(f"{row['id']:>5}  {row['raised_at']}  {row['event']:20} {row['subject']}  {seen}".rstrip())
    if not rows:
        click.echo("no alerts")


@alerts.command("ack")
@click.argument("alert_id", type=int)
@click.option("--by", "actor", help="Who has seen it (default: the user of this machine).")
@click.option("--note", default="", help="What is done about it.")
@click.pass_obj
def ack(now: datetime, alert_id: int, actor: str | None, note: str) -> None:
    """Say that an alert was seen; it escalates no further."""
    from review.alerts.seen import seen_by

    with writing() as conn:
        new = seen_by(conn, alert_id, actor=actor or getpass.getuser(), note=note, now=now)
    click.echo(f"alert {alert_id}: seen" if new else f"alert {alert_id}: you had said so before")


@alerts.command("dead")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def dead(as_json: bool) -> None:
    """List the messages that were tried for two days and are tried no more."""
    from store import letters

    with reading() as conn:
        rows = letters.letters_in(conn, "dead")
    if as_json:
        keys = ("id", "person", "channel", "subject", "attempt", "error", "state_at")
        click.echo(json.dumps({"dead": [{key: row[key] for key in keys} for row in rows]}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:>5}  {row['person']} by {row['channel']}: {row['subject']}\n       {row['error']}")
    click.echo("try them again with 'coi alerts retry ID' or '--all'" if rows else "no dead messages")


@alerts.command("retry")
@click.argument("letter_ids", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every dead message.")
@click.pass_obj
def retry(now: datetime, letter_ids: Sequence[int], every: bool) -> None:
    """Try dead messages again, at the next run."""
    from store import letters

    if bool(letter_ids) == every:
        raise click.UsageError("name messages ('coi alerts dead' lists them), or --all")
    with writing() as conn:
        gone = {row["id"]: row for row in letters.letters_in(conn, "dead")}
        for letter_id in letter_ids or gone:
            if letter_id not in gone:
                raise click.UsageError(
                    f"message {letter_id} is not dead; dead are: {', '.join(map(str, gone)) or 'none'}"
                )
            letters.deliver(conn, letter_id, gone[letter_id]["attempt"], "retry", at=instant(now))
    click.echo(f"{len(letter_ids or gone)} message(s) will be tried again; now: coi alerts")


@alerts.command("test")
@click.argument("channel")
@click.option("--to", "person", required=True, help="Id of the person it is sent to (declared/people/ID.toml).")
@click.pass_obj
def test(now: datetime, channel: str, person: str) -> None:
    """Send a test message by a channel. Nothing is kept."""
    from review.alerts import letters
    from review.alerts.people import Directory
    from review.alerts.say import Words
    from review.alerts.sending import NotSent, Outgoing, send

    directory = Directory.load(Home.from_environment().declared)
    to, way = directory.person(person), directory.channel(channel)
    words = Words(to.language)
    key = f"test/{channel}/{person}/{instant(now)}"
    subject = words("letter.test.subject", channel=way.title)
    lead = words("letter.test.body", channel=way.title, at=instant(now))
    letter = letters.write(f"[COI] {subject}", lead, [], language=to.language, site="", key=key)
    message = Outgoing(key=key, subject=letter.subject, body=letter.body, html=letter.html, to=to, made_at=now)
    try:
        send(way, message, os.environ)
    except NotSent as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"sent to {to.title} by {way.title}")


alerts.add_command(subscriptions)
