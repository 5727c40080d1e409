"""coi queue, coi agreement, coi searched: what people are asked to read, how far they agree, where they searched."""

import getpass
import json
import sqlite3
from datetime import UTC, datetime

import click

from review.agreement import Agreement, measure
from review.queue import Open, QueueItem, open_questions
from review.queue import queue as next_items
from review.queue import stopping as how_far
from review.searched import searches_from
from review.stopping import Stopping
from store import searches_log
from store.clock import utc_now
from store.db import connect, connect_readonly, writing
from store.home import Home


@click.command()
@click.option("--group", help="Only this target group, e.g. conscripts.")
@click.option("--question", help="Only this question, e.g. G1.3.")
@click.option("--country", help="Only this country of origin, e.g. RU.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def queue(group: str | None, question: str | None, country: str | None, limit: int, as_json: bool) -> None:
    """Say what to read next and why, and how much is left.

    Predicted relevance (learnt from decisions) x whether the question is one origin short; every tenth passage is
    random. The same list as the page /queue, for somebody who has read nothing yet.
    """
    conn = connect_readonly(Home.from_environment())
    asked = _questions(country, group, question, open_questions(conn, today=datetime.now(UTC).date()))
    items = next_items(conn, asked, limit=limit)
    texts = {item.passage_id: _place(conn, item.passage_id) for item in items}
    stops = [how_far(conn, one) for one in asked if any(item.question.id == one.id for item in items)]
    carried = conn.execute("select count(*) from carried_decisions").fetchone()[0]
    if as_json:
        found = [_item(item, texts[item.passage_id]) for item in items]
        click.echo(
            json.dumps(
                {"items": found, "stopping": [_stop(one) for one in stops], "to_confirm": carried}, ensure_ascii=False
            )
        )
        return
    for item in items:
        place = texts[item.passage_id]
        mark = "random " if item.audit else ""
        click.echo(f"{item.question.id}  passage {item.passage_id}  {mark}{item.score:.2f}  {place['publisher']}")
        click.echo(f"    {_short(place['text'])}")
        click.echo(f"    why: {'; '.join(said.en for said in item.why)}")
    if not items:
        click.echo("Nothing to read: every passage was settled, or none was scored yet (run 'coi tag').")
    for one in stops:
        click.echo(one.said.en)
    if carried:
        click.echo(f"{carried} decisions came along with a passage that changed a little; confirm them on /queue")


def _questions(country: str | None, group: str | None, question: str | None, known: list[Open]) -> list[Open]:
    """Those asked for. Raises UsageError naming what is unknown."""
    for name, value, values in (
        ("group", group, {one.group for one in known}),
        ("question", question, {one.id for one in known}),
        ("country", country and country.upper(), {one.country for one in known}),
    ):
        if value and value not in values:
            raise click.UsageError(
                f"--{name} {value}: no decisive question of a group has it; known: {', '.join(sorted(values))}"
            )
    return [
        one
        for one in known
        if group in (None, one.group)
        and question in (None, one.id)
        and (country.upper() if country else None) in (None, one.country)
    ]


def _place(conn: sqlite3.Connection, passage_id: int) -> dict[str, str]:
    row = conn.execute(
        """select p.text, p.language, p.document_id, d.title, s.publisher from passages p
           join documents d on d.id = p.document_id join sources s on s.id = d.source_id where p.id = ?""",
        [passage_id],
    ).fetchone()
    return dict(row)


def _short(text: str, most: int = 200) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else one_line[: most - 1] + "…"


def _item(item: QueueItem, place: dict[str, str]) -> dict[str, object]:
    return {
        "passage_id": item.passage_id,
        "question": item.question.id,
        "country": item.question.country,
        "group": item.question.group,
        "score": round(item.score, 4),
        "priority": round(item.priority, 4),
        "random": item.audit,
        "why": [said.en for said in item.why],
        **place,
    }


def _stop(one: Stopping) -> dict[str, object]:
    return {
        "question": one.question_id,
        "passages": one.pairs,
        "read": one.read,
        "relevant": one.relevant,
        "in_a_row": one.in_a_row,
        "random_read": one.sample,
        "random_relevant": one.sample_relevant,
        "estimated_left": one.left,
        "at_most_left": one.at_most,
        "said": one.said.en,
    }


@click.command()
@click.option("--question", help="Only this question, e.g. G1.3.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table for people.")
def agreement(question: str | None, as_json: bool) -> None:
    """Show how far two people who code blind agree: Krippendorff's alpha per question, and the gate per group."""
    conn = connect_readonly(Home.from_environment())
    known = open_questions(conn, today=datetime.now(UTC).date())
    asked = _questions(None, None, question, known)
    rows = {one.id: (one, measure(conn, one.country, [one.id])) for one in asked}
    groups = {}
    for country, group in dict.fromkeys((one.country, one.group) for one in asked):
        members = [one.id for one in known if (one.country, one.group) == (country, group)]
        groups[country, group] = measure(conn, country, members)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "questions": [
                        {"question": one.id, "country": one.country, "group": one.group} | _measured(found)
                        for one, found in rows.values()
                    ],
                    "groups": [
                        {"country": country, "group": group, "gate_closed": found.closes} | _measured(found)
                        for (country, group), found in groups.items()
                    ],
                }
            )
        )
        return
    for one, found in rows.values():
        if found.coded_twice or question:
            click.echo(f"{one.id}  {_line(found)}")
    for (country, group), found in groups.items():
        gate = "gate closed" if found.closes else "gate open"
        click.echo(f"{country} {group}: {found.said.en}; {gate}")


def _measured(found: Agreement) -> dict[str, object]:
    return {
        "accepted": found.accepted,
        "accepted_coded_twice": found.accepted_twice,
        "coded_twice": found.coded_twice,
        "coders": found.coders,
        "raw_agreement": found.raw,
        "alpha": found.alpha,
    }


def _line(found: Agreement) -> str:
    alpha = "no alpha yet" if found.alpha is None else f"alpha {found.alpha:.2f}"
    return f"{alpha}, {found.coded_twice} coded twice by {found.coders} people; {found.said.en}"


@click.group()
def searched() -> None:
    """Searches by hand: record where, for what and in which languages was searched, also when nothing came up."""


@searched.command("add")
@click.option("--question", required=True, help="The question that was searched for, e.g. G1.3.")
@click.option("--source", "sources", required=True, multiple=True, help="Id of a source that was searched; repeat it.")
@click.option("--terms", required=True, help="The words that were searched for.")
@click.option("--lang", "languages", required=True, help="Languages of the search, e.g. nl,en,ru.")
@click.option("--from", "period_from", required=True, help="First day of the period searched, YYYY-MM-DD.")
@click.option("--to", "period_to", help="Last day of the period searched (default: today).")
@click.option("--found", default="0", show_default=True, help="How many items came up that bear on the question.")
@click.option("--unreachable", is_flag=True, help="The source could not be reached: kept, and counts as no search.")
@click.option("--by", "actor", help="Who searched (default: the user of this machine).")
def add(
    question: str, sources: tuple[str, ...], terms: str, languages: str, period_from: str, period_to: str | None,
    found: str, unreachable: bool, actor: str | None,
) -> None:  # fmt: skip
    """Record a search of one or more sources."""
    conn = connect(Home.from_environment())
    at = utc_now()
    try:
        with writing(conn):
            asked = _question(conn, question)
            ids = searches_log.record(
                conn,
                searches_from(
                    conn,
                    question=asked[0],
                    country=asked[1],
                    sources=sources,
                    terms=terms,
                    languages=languages,
                    period_from=period_from,
                    period_to=period_to or at[:10],
                    found=found,
                    healthy=not unreachable,
                    actor=(actor or getpass.getuser()).strip(),
                    at=at,
                ),
            )
    finally:
        conn.close()
    click.echo(f"{len(ids)} search(es) recorded for {asked[0]}; 'coi status' and the question's page reckon with them")


def _question(conn: sqlite3.Connection, question: str) -> tuple[str, str]:
    row = conn.execute(
        """select id, group_id, country from current_questions
           where lower(id) = lower(?)""",
        [question],
    ).fetchone()
    if row is None:
        raise click.UsageError(f"--question {question}: no question has this id; the page /questions lists them")
    if row["group_id"] is None:
        raise click.UsageError(
            f"--question {question}: it informs and belongs to no group, so no search decides about it; "
            "choose a question of a group"
        )
    return row["id"], row["country"]


@searched.command("list")
@click.option("--question", help="Only this question.")
@click.option("--country", default="RU", show_default=True, help="Country of origin.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def list_(question: str | None, country: str, as_json: bool) -> None:
    """List the searches that were recorded, the newest first."""
    conn = connect_readonly(Home.from_environment())
    wanted = _question(conn, question)[0] if question else None
    found = searches_log.searches(conn, country.upper(), wanted)
    if as_json:
        rows = [{name: getattr(one, name) for name in one.__slots__} for one in found]
        click.echo(json.dumps({"searches": rows}, ensure_ascii=False))
        return
    for one in found:
        result = f"{one.found} found" if one.healthy else "could not be reached"
        click.echo(
            f"{one.searched_at[:10]}  {one.question_id}  {one.source_id}: {result}; “{one.terms}” in "
            f"{', '.join(one.languages)}, {one.period_from} to {one.period_to} ({one.actor})"
        )
    if not found:
        click.echo("No search by hand is recorded. Healthy crawls of decisive sources count by themselves.")
