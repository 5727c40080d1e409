"""coi signoff: a researcher proposes, another person approves; who dissents says so; what is in force is listed."""

import json
from datetime import date
from getpass import getuser

import click

from review.cli import BASIS, Day, usual_basis
from review.opening import brought_up, read
from review.signoff_acts import STATUSES, CannotSign, Wish, answer, keep_proposal, prepare
from review.signoff_list import Signoff, in_words, listed, today
from store.db import connect, connect_readonly, writing
from store.home import Home

STATUS = click.Choice(STATUSES)
_BY = click.option("--by", "actor", help="Who signs (default: the user of this machine).")
_REASON = click.option("--reason", required=True, help="Why, in words that can be read later.")


@click.group()
def signoff() -> None:
    """Propose, approve or contradict a signed status, with four eyes; list what was signed.

    The machine proposes, a person decides. Only verdicts of the reviewed reading are signed; of several approved on
    one question the newest counts. Names are what is typed here: two that look like one person's are refused, but who
    types is not checked (docs/operations.md). All acts share one list, so that numbers of proposals skip.
    """


@signoff.command()
@click.argument("country")
@click.argument("question")
@click.option("--status", "status_", type=STATUS, required=True, help="The status to sign.")
@click.option("--as-of", type=Day(), help="Sign the verdict of this day (default: today).")
@click.option("--basis", type=BASIS, help="Known by then to anyone, or to us (default: held for today, else public).")
@click.option("--review-on", type=Day(), required=True, help="The day on which it must be looked at again.")
@click.option("--departing", default="", help="Why the status departs from the computed one; needed where it does.")
@_REASON
@_BY
def propose(
    country: str,
    question: str,
    status_: str,
    as_of: date | None,
    basis: str | None,
    review_on: date,
    departing: str,
    reason: str,
    actor: str | None,
) -> None:
    """Propose a status on the verdict of COUNTRY and QUESTION, e.g. RU G1.3; print its number and its last day.

    It ends at the review date, when the information is no longer current, when the status falls, with a moratorium
    that the question decides, or at a watershed: whichever is first.
    """
    home = Home.from_environment()
    day = as_of or today()
    wish = Wish(
        country=country.upper(), question=question, status=status_, as_of=day, basis=basis or usual_basis(day),
        review_on=review_on, reason=reason, departing=departing, actor=actor or getuser(),
    )  # fmt: skip
    conn = read(home)
    try:
        ready = prepare(conn, wish)
    except CannotSign as error:
        raise click.UsageError(str(error)) from error
    finally:
        conn.close()
    conn = connect(home)
    try:
        with writing(conn):
            number = keep_proposal(conn, ready)
    finally:
        conn.close()
    found, end = ready.found, ready.ends[0]
    click.echo(
        f"proposal {number}: {found.country} {found.id} {status_} as of {wish.as_of} (computed: {found.effective})"
    )
    click.echo(f"  ends on {end.on} ({end.why}), or at a watershed; it counts once another person approves:")
    click.echo(f"  coi signoff approve {number} --by NAME --reason WHY")


@signoff.command()
@click.argument("number", type=int)
@_REASON
@_BY
def approve(number: int, reason: str, actor: str | None) -> None:
    """Approve proposal NUMBER: another person than who proposed it, while nothing has ended it."""
    _answer(number, "approve", None, reason, actor)


@signoff.command()
@click.argument("number", type=int)
@click.option("--status", "status_", type=STATUS, required=True, help="The status that you hold right.")
@_REASON
@_BY
def dissent(number: int, status_: str, reason: str, actor: str | None) -> None:
    """Contradict proposal NUMBER; it is kept and shown beside the signed status."""
    _answer(number, "dissent", status_, reason, actor)


@signoff.command()
@click.argument("number", type=int)
@_REASON
@_BY
def withdraw(number: int, reason: str, actor: str | None) -> None:
    """Take proposal NUMBER back, also when it was approved: it is no longer in force."""
    _answer(number, "withdraw", None, reason, actor)


@signoff.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def list_signoffs(as_json: bool) -> None:
    """List every proposal with its answers."""
    conn = connect_readonly(Home.from_environment())
    found = listed(conn, today())
    conn.close()
    if as_json:
        click.echo(json.dumps({"signoffs": [_as_json(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        row = one.row
        click.echo(
            f"{row['id']:4} {row['country']} {row['question_id']:6} {row['status']:12} as of {row['as_of']} "
            f"(computed {row['effective']}), by {row['actor']}: {in_words(one)}"
            + "".join(f"; replaces proposal {old}" for old in one.replaces)
        )
        click.echo(f"     {row['reason']}")
        for dissenting in one.dissents:
            click.echo(f"     dissent by {dissenting['actor']}: {dissenting['status']}; {dissenting['reason']}")
    if found:
        click.echo(
            "A number is the place in the list of all acts (proposals, approvals, dissents, withdrawals); so they skip."
        )
    else:
        click.echo("Nobody has proposed a sign-off.")


def _as_json(one: Signoff) -> dict[str, object]:
    return one.row | {
        "replaced_by": one.replaced_by,
        "replaces": list(one.replaces),
        "state": in_words(one),
        "dissents": [{"by": d["actor"], "status": d["status"], "reason": d["reason"]} for d in one.dissents],
    }


def _answer(number: int, act: str, status_: str | None, reason: str, actor: str | None) -> None:
    brought_up(Home.from_environment())
    conn = connect(Home.from_environment())
    try:
        with writing(conn):
            row, replaced = answer(conn, number, act, status=status_, reason=reason, actor=actor or getuser())
    finally:
        conn.close()
    click.echo(f"{act}: proposal {number}, {row['country']} {row['question_id']} {status_ or row['status']}")
    if act == "approve":
        for old in replaced:
            click.echo(f"  it replaces proposal {old}, which is in force no more")
