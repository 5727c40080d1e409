"""coi origins: where documents come from; for a file of JSON lines, or for what people decide about links."""

import json
from datetime import date
from pathlib import Path
from typing import IO

import click

from store.clock import utc_now
from store.db import connect, connect_readonly
from store.home import Home
from store.origins import UnknownLink

MOST_WAITING = 40
DONE = {"confirm": "confirmed", "split": "split"}


@click.group(invoke_without_command=True)
@click.option("--jsonl", type=click.File("rb"), help="Say where the documents of this file come from (- for input).")
@click.pass_context
def origins(ctx: click.Context, jsonl: IO[bytes] | None) -> None:
    """Say where documents come from; confirm, split and merge.

    With --jsonl the lines of a file (id, publisher, owner, url, links, lang, published_on, title, text) are compared
    with each other and answered on standard output; no database is touched. Equal `origin` means the same well-spring.
    Without it the merges are listed that wait for a person.
    """
    if ctx.invoked_subcommand is not None:
        if jsonl is not None:
            raise click.UsageError(f"--jsonl stands alone; leave out '{ctx.invoked_subcommand}'")
        return
    if jsonl is not None:
        _answer(jsonl)
        return
    from review.origins_people import counted, waiting

    conn = connect_readonly(Home.from_environment())
    rows = waiting(conn, limit=MOST_WAITING)
    for row in rows:
        click.echo(_line(row))
    waits = "1 merge waits" if len(rows) == 1 else f"{len(rows)} merges wait" if rows else "No merge waits"
    items, springs = counted(conn, date.fromisoformat(utc_now()[:10]))
    plural = "" if springs == 1 else "s"
    click.echo(f"{items} documents, {springs} origin{plural}. {waits} for a person.")


def _answer(lines: IO[bytes]) -> None:
    from review.origins import link
    from review.origins_lines import answers, read_lines

    read = read_lines(lines, Path(getattr(lines, "name", "input")).name)
    for answer in answers(read, link(read.documents)):
        click.echo(_as_line(answer))
    if read.faults:
        raise click.ClickException("\n".join(read.faults))


def _as_line(answer: dict[str, object]) -> str:
    """One line of JSON; half a character (a lone surrogate, which UTF-8 cannot write) stays an escape."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(answer)
    return text


@origins.command("list")
@click.argument("document", type=int)
def list_links(document: int) -> None:
    """List the links of a document, with the numbers by which they are decided on."""
    from review.origins_people import links_of

    conn = connect_readonly(Home.from_environment())
    if conn.execute("select 1 from documents where id = ?", [document]).fetchone() is None:
        raise UnknownLink(f"there is no document {document}; its number stands in the address of its page")
    rows = links_of(conn, document)
    for row in rows:
        click.echo(_line(row))
    if not rows:
        click.echo(f"Document {document} has no link: nothing found says that it comes from elsewhere.")


def _line(row: object) -> str:
    link = dict(row)  # type: ignore[call-overload]
    where = f" “{link['quote']}”" if link["quote"] else ""
    decided = f"; {link['decided']}" if link["decided"] else ""
    return (
        f"{link['id']}: document {link['document_id']}{where} from {link['label']} ({link['rule']}, "
        f"{link['certainty']}{decided}). {link['why']}"
    )


_REASON = click.option("--reason", required=True, help="Why; it is kept and shown.")
_ACTOR = click.option("--actor", required=True, help="Who decides.")


@origins.command("decide")
@click.argument("link", type=int)
@click.argument("decision", type=click.Choice(["confirm", "split"]))
@_REASON
@_ACTOR
def decide_one(link: int, decision: str, reason: str, actor: str) -> None:
    """Confirm or split a link, and judge anew what depends on it."""
    from review.origins_people import decide_link
    from store.origins import LinkDecision

    made = LinkDecision(
        link_id=link, decision=decision, reason=_said(reason, "--reason"), actor=_said(actor, "--actor"),
        decided_at=utc_now(),
    )  # fmt: skip
    new = decide_link(connect(Home.from_environment()), made)
    click.echo(f"link {link}: {DONE[decision]}; {_judged(new)}")


@origins.command("merge")
@click.argument("child", type=int)
@click.argument("parent", type=int)
@_REASON
@_ACTOR
def merge_two(child: int, parent: int, reason: str, actor: str) -> None:
    """Say that document CHILD comes from document PARENT, which the rules did not see; judge anew."""
    from review.origins_people import merge_documents

    conn = connect(Home.from_environment())
    link_id, new = merge_documents(
        conn, child, parent, reason=_said(reason, "--reason"), actor=_said(actor, "--actor"), at=utc_now()
    )
    click.echo(f"link {link_id}: document {child} comes from document {parent}; {_judged(new)}")


def _judged(new: int) -> str:
    """What the act changed: every question was judged anew, in both readings."""
    if not new:
        return "judged anew, no verdict is another"
    return f"judged anew, {new} verdict{'' if new == 1 else 's'} changed"


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise click.UsageError(f"{option} is empty; an act without it cannot be kept")
    return text.strip()
