"""coi explain: the whole reasoning of one verdict, in numbers that a person can recompute by hand."""

import json
import sqlite3
from datetime import date

import click

from review import signing
from review.assess import Judged, judge_country, speakers_of
from review.cli import BASIS, READING, Day, today, usual_basis
from review.explain import explain as explained
from review.explain_json import explained_json
from review.explain_say import LANGUAGES
from review.explain_text import text_of
from review.method.model import Basis, Reading
from review.opening import read as read_home
from review.standing import Signed
from store.home import Home


@click.command()
@click.argument("country")
@click.argument("group")
@click.argument("question")
@click.option("--as-of", type=Day(come=True), help="How it stood on this day (default: today).")
@click.option("--basis", type=BASIS, help="Known by then to anyone, or to us (default: held for today, else public).")
@click.option("--reading", type=READING, default="provisional", show_default=True, help="What counts as evidence.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text for people.")
def explain(
    country: str,
    group: str,
    question: str,
    as_of: date | None,
    basis: str | None,
    reading: str,
    lang: str,
    as_json: bool,
) -> None:
    """Print the whole reasoning of one verdict, e.g. coi explain RU conscripts G1.3 --as-of 2022-06-29.

    Every item by origin with its day, grade and part; the three tests with every count and threshold; contradictions
    and resolutions; gates; certainty; the status without each origin; what is missing; and what comes if nothing does.
    """
    day = as_of or today()
    conn = read_home(Home.from_environment())
    judged = _judged(conn, country.upper(), group, question, day, Basis(basis or usual_basis(day)), Reading(reading))
    signed = _signed(conn, judged, day)
    found = explained(judged)
    if as_json:
        click.echo(json.dumps(explained_json(found, signed), ensure_ascii=False))
        return
    click.echo(text_of(found, lang, signed))


def _signed(conn: sqlite3.Connection, judged: Judged, day: date) -> Signed | None:
    asked = judged.asked
    return signing.in_force(conn, asked.country, day, {asked.question.id: asked.watersheds}).get(asked.question.id)


def _judged(
    conn: sqlite3.Connection, country: str, group: str, question: str, day: date, basis: Basis, reading: Reading
) -> Judged:
    """The judged question; UsageError where the country, the group or the question is none of ours, or is withdrawn."""
    rows = conn.execute("select id, group_id, country from current_questions order by id").fetchall()
    asked = {row["id"]: row for row in rows}
    id_ = next((one for one in asked if one.casefold() == question.casefold()), None)
    if id_ is None:
        raise click.UsageError(_unknown(conn, question, group, rows))
    if asked[id_]["country"] != country:
        raise click.UsageError(f"COUNTRY {country!r}: {id_} is asked about {asked[id_]['country']}")
    if (asked[id_]["group_id"] or "").casefold() != group.strip().casefold():
        raise click.UsageError(f"GROUP {group!r}: {id_} is asked about {asked[id_]['group_id'] or 'no group'}")
    (found,) = judge_country(
        conn, country, as_of=day, basis=basis, reading=reading, today=today(), speakers=speakers_of(conn), question=id_
    )
    return found


def _unknown(conn: sqlite3.Connection, question: str, group: str, rows: list[sqlite3.Row]) -> str:
    mine = ", ".join(row["id"] for row in rows if (row["group_id"] or "").casefold() == group.casefold())
    last = conn.execute(
        "select as_of, effective from verdicts where lower(question_id) = lower(?) order by id desc limit 1", [question]
    ).fetchone()
    if last:
        return (
            f"QUESTION {question!r}: it is no longer asked; its last kept verdict, as of {last['as_of']}, was "
            f"{last['effective']} and stays in the table verdicts. Asked about {group}: {mine or 'nothing'}"
        )
    return (
        f"QUESTION {question!r}: not asked about {group}; asked are: {mine or 'none, as no such group has questions'}"
    )
