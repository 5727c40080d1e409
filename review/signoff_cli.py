"""coi signoff: a researcher proposes, another person approves; who dissents says so; what is in force is listed."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from getpass import getuser
from typing import Any

import click

from review.assess import keep, standing
from review.cli import BASIS, Day
from review.moratorium import moratoria
from review.signing import End, expiry
from review.standing import QuestionStanding, Standing
from store import signoffs
from store.clock import utc_now
from store.db import connect, connect_readonly, writing
from store.home import Home
from store.signoffs import Act, SignoffError

STATUS = click.Choice(["insufficient", "emerging", "sufficient"])
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
@click.option("--basis", type=BASIS, default="public", show_default=True, help="Known by then to anyone, or to us.")
@click.option("--review-on", type=Day(), required=True, help="The day on which it must be looked at again.")
@click.option("--departing", default="", help="Why the status departs from the computed one; needed where it does.")
@_REASON
@_BY
def propose(
    country: str,
    question: str,
    status_: str,
    as_of: date | None,
    basis: str,
    review_on: date,
    departing: str,
    reason: str,
    actor: str | None,
) -> None:
    """Propose a status on the verdict of COUNTRY and QUESTION, e.g. RU G1.3; print its number and its last day.

    It ends at the review date, when the information is no longer current, when the status falls, with a moratorium
    that the question decides, or at a watershed: whichever is first.
    """
    day = as_of or today()
    if review_on <= today():
        raise click.UsageError(f"--review-on {review_on}: choose a day after today, {today()}")
    home = Home.from_environment()
    conn = connect_readonly(home)
    id_ = _asked(conn, country.upper(), question)
    seen = standing(conn, as_of=day, basis=basis, reading="reviewed", country=country.upper(), question=id_)
    seen = replace(seen, moratoria=tuple(moratoria(conn, country.upper(), day, {})))  # for their days
    conn.close()
    (found,) = (q for group in seen.groups for q in group.questions)
    if status_ != found.effective and not departing.strip():
        raise click.UsageError(
            f"--status {status_}: the computed status of {found.id} as of {day} is {found.effective}; "
            "explain with --departing why the signed one is another"
        )
    explained = reason.strip()
    if departing.strip():
        stop = "" if explained.endswith((".", "!", "?")) else "."
        explained = f"{explained}{stop} Departs from the computed {found.effective}: {departing.strip()}"
    ends = expiry(found, seen, review_on)
    if ends[0].on <= today():
        raise click.UsageError(
            f"--as-of {day}: a sign-off on this verdict would have ended on {_last(ends)}; sign one of a later day"
        )
    conn = connect(home)
    try:
        with writing(conn):
            number = signoffs.add(
                conn,
                Act(
                    verdict_id=_verdict(conn, seen, found), act="propose", status=status_, reason=explained,
                    actor=actor or getuser(), signed_at=utc_now(), expires_on=ends[0].on.isoformat(),
                ),
            )  # fmt: skip
    finally:
        conn.close()
    click.echo(f"proposal {number}: {found.country} {found.id} {status_} as of {day} (computed: {found.effective})")
    click.echo(f"  ends on {_last(ends)}, or at a watershed; it counts once another person approves:")
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
    rows = [dict(row) for row in signoffs.proposals(conn)]
    replaced = _replaced(rows)
    for row in rows:
        row["replaced_by"] = replaced.get(row["id"])
        row["replaces"] = [old for old, new in replaced.items() if new == row["id"]]
        row["state"] = _state(row)
        row["dissents"] = [
            {"by": one["actor"], "status": one["status"], "reason": one["reason"]}
            for one in signoffs.dissents(conn, row["id"], utc_now())
        ]
    conn.close()
    if as_json:
        click.echo(json.dumps({"signoffs": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"{row['id']:4} {row['country']} {row['question_id']:6} {row['status']:12} as of {row['as_of']} "
            f"(computed {row['effective']}), by {row['actor']}: {row['state']}"
            + "".join(f"; replaces proposal {old}" for old in row["replaces"])
        )
        click.echo(f"     {row['reason']}")
        for one in row["dissents"]:
            click.echo(f"     dissent by {one['by']}: {one['status']}; {one['reason']}")
    if rows:
        click.echo(
            "A number is the place in the list of all acts (proposals, approvals, dissents, withdrawals); so they skip."
        )
    else:
        click.echo("Nobody has proposed a sign-off.")


def _answer(number: int, act: str, status_: str | None, reason: str, actor: str | None) -> None:
    conn = connect(Home.from_environment())
    try:
        with writing(conn):
            row = signoffs.proposal(conn, number)
            state = _state(dict(row))
            if act == "approve" and state != "proposed":
                raise SignoffError(f"proposal {number} is {state}; propose anew on a verdict of today")
            signoffs.add(
                conn,
                Act(
                    verdict_id=row["verdict_id"], act=act, status=status_ or row["status"], reason=reason,
                    actor=actor or getuser(), signed_at=utc_now(), proposal_id=number,
                ),
            )  # fmt: skip
            pairs = _replaced([dict(one) for one in signoffs.proposals(conn)])
            replaced = [old for old, new in pairs.items() if new == number]
    finally:
        conn.close()
    click.echo(f"{act}: proposal {number}, {row['country']} {row['question_id']} {status_ or row['status']}")
    if act == "approve":
        for old in replaced:
            click.echo(f"  it replaces proposal {old}, which is in force no more")


def _replaced(rows: list[dict[str, Any]]) -> dict[int, int]:
    """The proposal that took the place of an older one on the same question: the next approved, none withdrawn."""
    newest: dict[tuple[str, str], int] = {}
    found = {}
    counted = [row for row in rows if row["approved_at"] and not row["withdrawn_at"]]
    for row in sorted(counted, key=lambda one: (one["approved_at"], one["id"])):
        about = (row["country"], row["question_id"])
        if about in newest:
            found[newest[about]] = row["id"]
        newest[about] = row["id"]
    return found


def _state(row: Mapping[str, Any]) -> str:
    if row["withdrawn_at"]:
        return "withdrawn"
    if row.get("replaced_by"):
        approved = f"approved by {row['approved_by']} on {str(row['approved_at'])[:10]}"
        return f"{approved}, replaced by proposal {row['replaced_by']} and in force no more"
    if row["expires_on"] and row["expires_on"] <= today().isoformat():
        return f"expired on {row['expires_on']}"
    if row["approved_by"]:
        return f"approved by {row['approved_by']} on {str(row['approved_at'])[:10]}, ends on {row['expires_on']}"
    return "proposed"


def _asked(conn: sqlite3.Connection, country: str, question: str) -> str:
    """The id of a question of a country, however its letters are written."""
    for row in conn.execute("select id from current_questions where country = ? and group_id is not null", [country]):
        if row["id"].casefold() == question.casefold():
            return str(row["id"])
    raise click.UsageError(
        f"QUESTION {question!r}: no question of {country} has this id; 'coi status --json' lists them"
    )


def _verdict(conn: sqlite3.Connection, seen: Standing, found: QuestionStanding) -> int:
    """The kept verdict that is signed: kept now where 'coi assess' has not kept the very same yet."""
    keep(conn, seen, at=utc_now())
    row = conn.execute(
        """select id from verdicts where as_of = ? and basis = ? and reading = ? and country = ? and question_id = ?
             and inputs_digest = ? and rules_version = ? order by id desc limit 1""",
        [seen.as_of.isoformat(), seen.basis, seen.reading, found.country, found.id, found.inputs_digest,
         seen.rules_version],
    ).fetchone()  # fmt: skip
    return int(row["id"])


def _last(ends: list[End]) -> str:
    return f"{ends[0].on} ({ends[0].why})"


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()
