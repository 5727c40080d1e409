"""coi verify: the command that only needs what we hold."""

import sys

import click

from store.captures_check import capture_problems
from store.db import connect_readonly
from store.home import Home
from store.upgrade import pending
from store.verify import chain_head, database_problems


@click.command()
def verify() -> None:
    """Check every hash, chain, reference and capture. Exit code 0: all hold."""
    home = Home.from_environment()
    conn = connect_readonly(home)
    problems = 0
    for problem in (*database_problems(conn), *capture_problems(conn, home.archive)):
        click.echo(problem, err=True)
        problems += 1
    counts = {
        table: conn.execute(f"select count(*) from {table}").fetchone()[0]
        for table in ("captures", "documents", "versions", "passages", "evidence", "verdicts", "audit")
    }
    click.echo(", ".join(f"{number:,} {name}" for name, number in counts.items()))
    head = chain_head(conn)
    click.echo(f"Audit chain: {head.acts:,} acts of people, head {head.hash or '(none yet)'}. Note it elsewhere.")
    for step in pending(conn):
        click.echo(
            f"The schema's step {step} has not been applied yet; the first command that writes does it.", err=True
        )
    if problems:
        click.echo(f"{problems} problem(s); what is printed above does not hold.", err=True)
        sys.exit(1)
    click.echo("All hashes, chains, references and captures hold.")
