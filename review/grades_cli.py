"""coi grades: better grades of sources that wait for a second person, what they would change, and a person's word."""

import json
from datetime import UTC, date, datetime
from getpass import getuser

import click

from review.grades import changes
from store import grades as kept
from store.clock import utc_now
from store.db import connect, connect_readonly, writing
from store.home import Home


@click.group()
def grades() -> None:
    """List better grades of sources that wait for a second person; approve or refuse one.

    A worse grade counts at once. A better one counts for no verdict until somebody else than who gave it approves.
    """


@grades.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def list_grades(as_json: bool) -> None:
    """List every better grade that waits, and each status that it would change."""
    home = Home.from_environment()
    conn = connect_readonly(home)
    waiting = kept.waiting(conn)
    conn.close()
    rows = []
    for one in waiting:
        own = connect_readonly(home)
        found = changes(own, one, as_of=today())
        own.close()
        rows.append((one, found))
    if as_json:
        answer = [
            {
                "source": one.source_id, "counts": one.counts, "declared": one.declared,
                "declared_at": one.declared_at, "refused": one.refused or None,
                "changes": [
                    {"country": c.country, "question": c.question, "reading": c.reading, "before": c.before,
                     "after": c.after, "raises": c.raises}
                    for c in found
                ],
            }
            for one, found in rows
        ]  # fmt: skip
        click.echo(json.dumps({"waiting": answer}, ensure_ascii=False))
        return
    if not rows:
        click.echo("No better grade waits for a second person.")
    for one, found in rows:
        refused = f"; refused: {one.refused}" if one.refused else ""
        click.echo(
            f"{one.source_id}: {one.declared} declared {one.declared_at[:10]}, {one.counts} counts until a second "
            f"person approves{refused}"
        )
        for change in found:
            rise = "raises" if change.raises else "changes"
            click.echo(
                f"  {rise} {change.country} {change.question} ({change.reading}): {change.before} -> {change.after}"
            )
        if not found:
            click.echo("  changes no status today")


_GIVEN = click.option("--graded-by", required=True, help="Who gave the better grade.")
_BY = click.option("--by", "actor", help="Who decides on it (default: the user of this machine); another person.")
_REASON = click.option("--reason", required=True, help="Why; it is kept and shown.")


@grades.command()
@click.argument("source_id")
@_GIVEN
@_BY
@_REASON
def approve(source_id: str, graded_by: str, actor: str | None, reason: str) -> None:
    """Let the better grade of a source count from now on."""
    _decide(source_id, "approve", graded_by, actor, reason)


@grades.command()
@click.argument("source_id")
@_GIVEN
@_BY
@_REASON
def refuse(source_id: str, graded_by: str, actor: str | None, reason: str) -> None:
    """Keep the lower grade in force, and say why."""
    _decide(source_id, "refuse", graded_by, actor, reason)


def _decide(source_id: str, decision: str, graded_by: str, actor: str | None, reason: str) -> None:
    conn = connect(Home.from_environment())
    try:
        with writing(conn):
            found = kept.decide(
                conn, source_id, decision=decision, graded_by=graded_by, reason=reason, actor=actor or getuser(),
                at=utc_now(),
            )  # fmt: skip
    finally:
        conn.close()
    counts = found.declared if decision == "approve" else found.counts
    click.echo(f"{source_id}: grade {counts} counts; run 'coi assess' for new verdicts")


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()
