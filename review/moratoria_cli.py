"""coi moratoria: the register, running ones first; what texts propose, and a person's word on it."""

import getpass
import json
import sqlite3
from collections.abc import Sequence
from datetime import date

import click
from rich.console import Console
from rich.table import Table

from review import register
from review.cli import Day, today
from review.moratorium_register import ORDER, Entry, as_json, code, entries
from review.proposals_people import CannotDecide, Word, decide, file_of, suggested_id
from review.refusals import refusals
from review.standing import HalfStanding
from review.terminal_words import Say
from store.clock import utc_now
from store.db import connect, connect_memory, connect_readonly, stands_still
from store.home import Home

HEADINGS = {
    "running": ("Running", "Lopend"),
    "announced": ("Announced or not confirmed", "Aangekondigd of niet bevestigd"),
    "end not seen": ("Their end was not seen", "Hun einde is niet gezien"),
    "ended": ("Ended", "Voorbij"),
    "not known": ("Their days were not seen", "Hun dagen zijn niet gezien"),
}
COLUMNS = (
    ("id", "on", "half", "last day", "left", "sure"),
    ("id", "over", "deel", "laatste dag", "nog", "zekerheid"),
)
FOOT = (
    "Last days are inclusive; ~ is a planned one. Details: coi moratoria --json, or the page /moratoria",
    "Laatste dagen tellen mee; ~ is een geplande. Meer: coi moratoria --json, of de pagina /moratoria",
)


@click.group(invoke_without_command=True)
@click.option("--as-of", type=Day(come=True), help="The register as it could be read on this day (default: today).")
@click.option("--state", metavar="XX", help="Only moratoria of this state, e.g. NL (UK is taken as GB).")
@click.option("--country", metavar="XX", help="Only moratoria on this country of origin, e.g. RU.")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language of the table.")
@click.option("--json", "to_json", is_flag=True, help="One JSON object instead of a table for people.")
@click.pass_context
def moratoria(
    ctx: click.Context, as_of: date | None, state: str | None, country: str | None, lang: str, to_json: bool
) -> None:
    """List the moratoria of the register, the running ones first, with the days left of each half.

    Last days are inclusive. What is inferred or unverified says so; --json has it field by field.
    """
    if ctx.invoked_subcommand is not None:
        return
    day = as_of or today()
    home = Home.from_environment()
    conn = opened(home)
    found = entries(conn, day, state=_known(conn, "state", state), country=_known(conn, "country", country))
    if to_json:
        answer = {
            "as_of": day.isoformat(),
            "moratoria": [as_json(one, looking_back=day < today()) for one in found],
            "refused": [{"file": one.file, "problem": one.problem} for one in refusals(conn, home.declared)],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    show(found, day, lang)


def opened(home: Home) -> sqlite3.Connection:
    """The register, brought up to the declarations; where there is no home yet, in memory. Says what was refused.

    Of a home that can only be read: as it stands.
    """
    if stands_still(home):
        conn = connect_readonly(home)
        say_refused(conn, home)
        return conn
    conn = connect(home) if home.database.exists() else connect_memory()
    register.fresh(conn, home.declared, at=utc_now(), rows=True)
    say_refused(conn, home)
    return conn


def say_refused(conn: sqlite3.Connection, home: Home) -> None:
    """Say beside an answer what of the register is refused, and where its file lies."""
    for one in refusals(conn, home.declared):
        where = home.declared / one.file
        click.echo(f"refused, the rest goes on: {f'{where}: ' if where.exists() else ''}{one.problem}", err=True)


def _known(conn: sqlite3.Connection, name: str, value: str | None) -> str | None:
    """The code asked for. Raises UsageError with those that the register holds."""
    if value is None:
        return None
    held = [row[0] for row in conn.execute(f"select distinct {name} from moratoria order by 1")]  # noqa: S608  ours
    if code(value) not in held:
        raise click.UsageError(f"--{name} {value}: the register holds none; it has {', '.join(held)}")
    return code(value)


def show(found: Sequence[Entry], day: date, lang: str = "en") -> None:
    """Print the register in a table a phase."""
    console, say, at = Console(), Say(lang), int(lang == "nl")
    console.print(f"Moratoria {('as of', 'per')[at]} {day}: {len(found)}", highlight=False)
    for phase in sorted(HEADINGS, key=lambda name: ORDER[name]):
        mine = [one for one in found if one.phase == phase]
        if not mine:
            continue
        console.print(f"\n[bold]{HEADINGS[phase][at]}[/] ({len(mine)})", highlight=False)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in COLUMNS[at]:
            table.add_column(name, no_wrap=True)
        for one in mine:
            for number, half in enumerate(one.halves):
                about = (one.declared.id, f"{one.declared.freezing_state} > {one.declared.country}")
                table.add_row(*(about if number == 0 else ("", "")), *_clock(half, say))
        console.print(table, highlight=False)
    console.print("\n" + FOOT[at])


def _clock(half: HalfStanding, say: Say) -> tuple[str, ...]:
    last = f"{'~' if half.provisional else ''}{half.ends_on}" if half.ends_on else "-"
    left = "-"
    if half.state == "end not seen":
        left = say("begun", day=half.first_day)
    elif half.days_left is not None:
        left = say("days", n=half.days_left) if half.days_left >= 0 else say("days_ago", n=-half.days_left)
    elif half.state == "running":
        left = say("begun", day=half.first_day)
    return say(half.half), last, left, say(half.confidence)


@moratoria.command()
@click.option("--json", "to_json", is_flag=True, help="One JSON object instead of lines for people.")
def proposed(to_json: bool) -> None:
    """List what texts of states propose: a new moratorium, an extension, an end; with the words it was read from."""
    conn = opened(Home.from_environment())
    rows = conn.execute("select * from open_moratorium_proposals order by public_on desc, id desc").fetchall()
    found = [
        dict(row)
        | {"halves": json.loads(row["halves"]), "spans": json.loads(row["spans"])}
        | {"suggested_id": row["moratorium_id"] or suggested_id(row)}
        for row in rows
    ]
    if to_json:
        click.echo(json.dumps({"proposals": found}, ensure_ascii=False))
        return
    for one in found:
        click.echo(
            f"#{one['id']} {one['act']} {one['state']} > {one['country'] or 'country not read'}: {one['group_said']}"
        )
        click.echo(f"    {one['document_title']} ({one['publisher']}, {one['public_on']}) {one['url']}")
        click.echo(
            f"    from {one['first_day'] or 'not read'} to {one['last_day'] or 'not read'}; {', '.join(one['halves'])}"
        )
        for span in one["spans"]:
            click.echo(f"    {span['field']}: {span['value']}  “{' '.join(span['said'].split())[:160]}”")
        click.echo(
            f"    coi moratoria confirm {one['id']} --id {one['suggested_id']}  (or reject {one['id']} --reason ...)"
        )
    if not found:
        click.echo("Nothing is proposed. New documents of states are read by 'coi tag'.")


@moratoria.command()
@click.argument("proposal_id", type=int)
@click.option("--id", "moratorium_id", required=True, help="The id it gets, or of the one that it extends or ends.")
@click.option("--reason", default="", help="Why; needed where an extension comes after its period has run out.")
@click.option("--actor", help="Who confirms (default: the user of this machine).")
def confirm(proposal_id: int, moratorium_id: str, reason: str, actor: str | None) -> None:
    """Confirm a proposal: a new moratorium becomes a file in declared/moratoria, an extension or end an event."""
    home = Home.from_environment()
    _decide(home, proposal_id, True, moratorium_id, reason, actor)
    file = file_of(home, moratorium_id)
    where = f"declared in {file}" if file.exists() else f"an event of {moratorium_id}"
    click.echo(f"Confirmed: {where}.")


@moratoria.command()
@click.argument("proposal_id", type=int)
@click.option("--reason", required=True, help="Why it is none.")
@click.option("--actor", help="Who rejects (default: the user of this machine).")
def reject(proposal_id: int, reason: str, actor: str | None) -> None:
    """Reject a proposal; it is kept with the reason and not proposed again."""
    _decide(Home.from_environment(), proposal_id, False, "", reason, actor)
    click.echo("Rejected.")


def _decide(home: Home, proposal_id: int, yes: bool, moratorium_id: str, reason: str, actor: str | None) -> None:
    word = Word(
        proposal_id=proposal_id, confirm=yes, moratorium_id=moratorium_id.strip(), reason=reason.strip(),
        actor=(actor or getpass.getuser()).strip(), at=utc_now(),
    )  # fmt: skip
    try:
        decide(opened(home), home, word)
    except CannotDecide as error:
        raise click.UsageError(str(error)) from error
