"""coi people: who may sign in. Prints lines for the environment; keeps nothing."""

import secrets
import sys

import click

from review.accounts import (
    NAME,
    PERSON,
    RESERVED,
    ROLES,
    SCRIPT_ROLES,
    SHORTEST_TOKEN,
    TOKEN,
    Accounts,
    AccountsError,
    name_rule,
)

SHORTEST_PASSWORD = 12


@click.group()
def people() -> None:
    """Say who may sign in to the site: people with a password, scripts with a token.

    Each is one line of the environment in which the site is started. Once there is one, the site is closed to everybody
    else. Roles: reader reads; researcher decides, proposes and reads restricted notes; approver also signs and sees
    what others coded; operator sees how the machine is set up.
    """


@people.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may do.")
def add(name: str, role: str) -> None:
    """Ask for a password and print the line for NAME. The password comes from the terminal or from standard input."""
    _check(name)
    from datasette_auth_passwords.utils import hash_password

    _say(PERSON, name, role, hash_password(_password()))


@people.command()
@click.argument("name")
@click.option("--role", type=click.Choice(SCRIPT_ROLES), default="reader", show_default=True, help="What it may do.")
def token(name: str, role: str) -> None:
    """Print the line for the script NAME, with a new token. It sends: Authorization: Bearer TOKEN."""
    _check(name)
    _say(TOKEN, name, role, secrets.token_urlsafe(SHORTEST_TOKEN))


@people.command("list")
def list_() -> None:
    """Who may sign in, by the present environment, without any secret. Exit code 1 where a line is wrong."""
    accounts = Accounts.from_environment()
    for account in [*accounts.people.values(), *accounts.scripts]:
        click.echo(f"{account.name}\t{account.role}\t{'token' if account.script else 'password'}")
    if not accounts.closed:
        click.echo("nobody: the site can be read at this machine only; 'coi people add NAME --role ROLE'", err=True)


def _check(name: str) -> None:
    if not NAME.fullmatch(name) or name.lower() in RESERVED:
        raise click.UsageError(f"{name!r} is no name {name_rule()}")
    try:
        accounts = Accounts.from_environment()
    except AccountsError:
        return  # another line is wrong; `coi people list` and `coi serve` say which
    if accounts.person(name) or name.lower() in {one.name.lower() for one in accounts.scripts}:
        click.echo(f"{name!r} is in the environment already; put this line in the place of the old one", err=True)


def _password() -> str:
    """Twice from a terminal, never echoed; else the first line of standard input."""
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise click.ClickException(
            f"a password has {SHORTEST_PASSWORD} characters or more, this one {len(password)}; take four words"
        )
    return str(password)


def _say(begin: str, name: str, role: str, secret: str) -> None:
    variable = begin + "".join(letter if letter.isalnum() else "_" for letter in name.upper())
    click.echo(f"{variable}='{name} {role} {secret}'")
    click.echo(
        "Put this line into the environment of 'coi serve' or 'coi up' (a file that only it can read), and start it "
        "again. It is kept nowhere else.",
        err=True,
    )
