"""coi resolve: list the open contradictions of a question, say what one of them is, and take that back."""

import json
from datetime import date
from getpass import getuser

import click

from review.cli import READING, Day, today
from review.contradictions import judged_on, open_dissents, recorded
from review.contradictions import resolve as keep
from review.method.model import Reading, Resolved
from store import contradictions
from store.clock import utc_now
from store.db import connect, connect_readonly, writing
from store.home import Home


@click.command()
@click.argument("country")
@click.argument("question")
@click.option("--evidence", type=int, help="Number of the dissenting evidence to resolve, as the list shows it.")
@click.option("--as", "resolution", type=click.Choice([str(one) for one in Resolved]), help="What the conflict is.")
@click.option("--side", type=click.Choice(["a", "b"]), help="The side set aside: a, the dissent, or b, its opposite.")
@click.option("--undo", type=int, help="Number of a resolution to take back.")
@click.option("--reason", default="", help="Why, in words that can be read later.")
@click.option("--by", "actor", help="Who decides (default: the user of this machine).")
@click.option("--as-of", type=Day(), help="List what contradicted on this day (default: today).")
@click.option("--reading", type=READING, default="reviewed", show_default=True, help="What counts as evidence.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def resolve(
    country: str, question: str, evidence: int | None, resolution: str | None, side: str | None, undo: int | None,
    reason: str, actor: str | None, as_of: date | None, reading: str, as_json: bool,
) -> None:  # fmt: skip
    """List what contradicts on COUNTRY and QUESTION, e.g. RU G1.3; with --evidence, say what it is; --undo takes back.

    Nothing is averaged or forgotten: a side set aside stays visible, struck through, with who decided and why.
    """
    if (evidence is None) != (resolution is None):
        raise click.UsageError("--evidence and --as go together: which dissent, and what it is")
    if evidence is not None and undo is not None:
        raise click.UsageError("--evidence and --undo: do one at a time")
    if (evidence is not None or undo is not None) and not reason.strip():
        raise click.UsageError("--reason: say why, in words that can be read later")
    day = as_of or today()
    if day > today():
        raise click.UsageError(f"--as-of {day}: that day has not come yet; nothing is known of it")
    who = (actor or getuser()).strip()
    home = Home.from_environment()
    conn = connect_readonly(home) if evidence is None and undo is None else connect(home)
    try:
        row = conn.execute(
            """select id, json_extract(declaration, '$.country') as country from current_questions
               where lower(id) = lower(?)""",
            [question],
        ).fetchone()
        if row is None or row["country"] != country.upper():
            raise click.UsageError(f"{country} {question}: no such question is asked; the page /questions lists them")
        judged = judged_on(conn, row["country"], row["id"], Reading(reading), day)
        done = 0
        if evidence is not None and resolution is not None:
            done = keep(conn, judged, evidence, resolution=resolution, side=side, reason=reason, actor=who)
        elif undo is not None:
            if undo not in {one["id"] for one in recorded(conn, judged)}:
                raise click.UsageError(f"--undo {undo}: no resolution of {row['id']} has this number")
            with writing(conn):
                contradictions.undo(conn, undo, reason=reason, actor=who, at=utc_now())
            done = undo
        if done:
            judged = judged_on(conn, row["country"], row["id"], Reading(reading), day)
        found, known = open_dissents(judged), [dict(one) for one in recorded(conn, judged)]
    finally:
        conn.close()
    status = judged.effective.value
    if as_json:
        rows = [{name: getattr(one, name) for name in one.__slots__} for one in found]
        answer = {"done": done or None, "effective": status, "open": rows, "resolutions": known}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    if done:
        click.echo(
            f"resolution {done} {'taken back' if undo is not None else 'recorded'}; 'coi assess' reckons with it"
        )
    for one in found:
        kind = "contradiction" if one.contradicts else "dissent"
        click.echo(f"{kind}  a: {_ids(one.a)} {'/'.join(one.answers)} ({one.origin})  b: {_ids(one.b)} {one.mode}")
    if not found:
        click.echo("Nobody who votes says otherwise than most do.")
    for old in known:
        gone = ""
        if old["undone_at"]:
            gone = f"; taken back {old['undone_at'][:10]} by {old['undone_by']}: {old['undone_reason']}"
        click.echo(
            f"resolution {old['id']}  {old['resolution']}, side {old['side'] or '-'} set aside, a: {old['side_a']} "
            f"b: {old['side_b']} ({old['decided_at'][:10]} {old['actor']}: {old['reason']}){gone}"
        )
    click.echo(f"{row['id']} {reading}, public, {day}: {status}")


def _ids(ids: tuple[int, ...]) -> str:
    return "evidence " + ", ".join(str(one) for one in ids)
