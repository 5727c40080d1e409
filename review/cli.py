"""coi tag, coi assess, coi status, coi serve: what the review layer offers on the command line."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from store.clock import day
from store.db import connect_readonly
from store.home import Home

if TYPE_CHECKING:
    from review.tagging import Tags


class Day(click.ParamType):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        if isinstance(value, date):
            return value
        try:
            return day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


READING = click.Choice(["reviewed", "provisional"])
BASIS = click.Choice(["public", "held"])


@click.command()
@click.option(
    "--jsonl", type=click.File("r", encoding="utf-8"), help="Tag the lines of this file (- for standard input)."
)
def tag(jsonl: IO[str] | None) -> None:
    """Tag what is new in the store; or tag a JSONL file (id, text, lang) to standard output, touching no database."""
    if jsonl is not None:
        for answer in tagged_lines(jsonl):
            click.echo(json.dumps(answer, ensure_ascii=False))
        return
    from review import work

    work.tag_and_propose(Home.from_environment(), say=click.echo)


TOGETHER = 64  # lines that are tagged at once: the encoder is faster on many


def tagged_lines(lines: IO[str]) -> Iterator[dict[str, Any]]:
    """Tag each JSON line; a line that cannot be read stops with its number and what is wrong, after those before it."""
    from review.tagging import ToTag, tagger

    rules = tagger()
    name = getattr(lines, "name", "input")
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(numbered, TOGETHER)):
        rows: list[dict[str, Any]] = []
        wrong: click.ClickException | None = None
        for number, line in batch:
            try:
                rows.append(_row(line, number, name))
            except click.ClickException as error:
                wrong = error
                break
        tagged = rules.tag_all([ToTag(text=row["text"], lang=row.get("lang")) for row in rows])
        yield from (_tagged(row, tags) for row, tags in zip(rows, tagged, strict=True))
        if wrong:
            raise wrong


def _tagged(row: dict[str, Any], tags: "Tags") -> dict[str, Any]:
    """One answer: every tag, and which words and which rule (or the trained head: `...:learned`) gave it."""
    from review.evidence import stance
    from review.facts import facts_of

    groups = [mention.value for mention in tags.groups]
    country = tags.country.value if tags.country else None
    mentions = (*tags.groups, *([tags.country] if tags.country else ()), tags.topic)
    published_on = day(str(row["published_on"])) if row.get("published_on") else None
    facts = facts_of(row["text"], tags.lang, published_on=published_on, country=country)
    return {
        "id": row["id"],
        "lang": tags.lang,
        "country": country,
        "groups": groups,
        "topic": tags.topic.value,
        "deployment": str(stance(row["text"], tags.lang or "en", frozenset(groups), country)),
        "spans": [
            {mention.kind: mention.value, "start": span.start, "end": span.end, "rule": mention.rule,
             "score": mention.score}
            for mention in mentions
            for span in mention.spans
        ],
        "facts": [fact.as_json() for fact in facts],
    }  # fmt: skip


def _row(line: str, number: int, name: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise click.ClickException(f"{name}, line {number}: not JSON ({error}); write one object per line") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise click.ClickException(f"{name}, line {number}: each line needs 'id' and a 'text' that is a string")
    try:
        day(str(row.get("published_on") or "2000-01-01"))
    except ValueError as error:
        raise click.ClickException(f"{name}, line {number}: 'published_on': {error}") from error
    return row


@click.command()
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Judge this file only.")
@click.option("--as-of", type=Day(), help="The day to judge (default: today).")
@click.option("--basis", type=BASIS, default="public", show_default=True, help="Known by then to anyone, or to us.")
@click.option("--all", "everything", is_flag=True, help="Judge every question, not only what can have changed.")
@click.option("--missed", is_flag=True, help="List what was public by the day and not held then, by source.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def assess(
    scenario: Path | None, as_of: date | None, basis: str, everything: bool, missed: bool, as_json: bool
) -> None:
    """Compute and store the verdicts in both readings; or judge a scenario file without a database.

    Of today only what can have changed is judged; a day in the past is judged whole, from what was public, or held, by
    then.
    """
    if scenario is not None:
        from review.method.scenario import ScenarioError, run

        try:
            outcome = run(scenario)
        except ScenarioError as error:
            raise click.UsageError(str(error)) from error
        if as_json:
            click.echo(json.dumps(outcome, ensure_ascii=False))
            return
        click.echo(f"{outcome['status']} (effective: {outcome['effective']}, certainty: {outcome['certainty']})")
        for name in ("current", "unambiguous", "reliable"):
            click.echo(f"  {outcome[name]['reason']}")
        return
    home, wanted = Home.from_environment(), as_of or today()
    if wanted > today():
        raise click.UsageError(f"--as-of {wanted}: that day has not come yet; nothing is known of it")
    if missed:
        import review.missed as missing

        found = missing.missed(connect_readonly(home), wanted)
        click.echo(json.dumps(missing.as_json(found), ensure_ascii=False) if as_json else missing.said(found))
        return
    from review import work

    say = (lambda line: None) if as_json else click.echo
    done = work.assess(home, as_of=wanted, basis=basis, say=say, everything=everything)
    if as_json:
        answer = {"verdicts": done.new, "judged": done.judged, "questions": done.questions, "why": dict(done.why)}
        click.echo(json.dumps(answer, ensure_ascii=False))


@click.command()
@click.option("--as-of", type=Day(), help="How it stood on this day (default: today).")
@click.option("--basis", type=BASIS, help="public (default): known to anyone by then; held: known to us by then.")
@click.option("--reading", type=READING, default="provisional", show_default=True, help="What counts as evidence.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table for people.")
def status(as_of: date | None, basis: str | None, reading: str, as_json: bool) -> None:
    """Show whether there is enough to decide, and why not.

    Sufficient means enough to decide, never safe to return. The machine proposes, a person decides.
    """
    from review.as_json import as_json as to_json
    from review.assess import standing

    wanted = as_of or today()
    if wanted > today():
        raise click.UsageError(f"--as-of {wanted}: that day has not come yet; nothing is known of it")
    conn = connect_readonly(Home.from_environment())
    found = standing(conn, as_of=wanted, basis=basis or "public", reading=reading)
    if as_json:
        click.echo(json.dumps(to_json(found), ensure_ascii=False))
        return
    from review.terminal import show

    show(found)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the site (default: 8001, or a free one).")
def serve(host: str, port: int | None) -> None:
    """Open the site of this home in Datasette."""
    from review.serve import serve as run

    home = Home.from_environment()
    connect_readonly(home).close()
    run(home, host=host, port=port)


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()
