"""coi search, coi verify: commands that only need what we hold."""

import json
import sys

import click

from store import search as searching
from store.captures_check import capture_problems
from store.db import connect_readonly
from store.home import Home
from store.verify import chain_head, database_problems


@click.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many hits.")
def search(query: str, as_json: bool, limit: int) -> None:
    """Search the passages: words, "phrases", AND OR NOT, prefix*. Best first."""
    conn = connect_readonly(Home.from_environment())
    try:
        hits = searching.search(conn, query, limit=limit)
    except searching.SearchError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        found = [
            {
                "passage": hit.passage_id,
                "document": hit.document_id,
                "external_id": hit.external_id,
                "url": hit.url,
                "lang": hit.language,
                "snippet": hit.snippet,
                "score": round(hit.score, 6),
                "title": hit.title,
                "publisher": hit.publisher,
                "published_on": hit.published_on,
            }
            for hit in hits
        ]
        click.echo(json.dumps({"hits": found}, ensure_ascii=False))
        return
    for hit in hits:
        click.secho(f"{hit.title or hit.url}", bold=True)
        facts = (hit.publisher, hit.published_on or "no date", hit.language or "?", f"passage {hit.passage_id}")
        click.echo(f"  {', '.join(facts)}")
        click.echo(f"  {' '.join(hit.snippet.split())}\n")
    if not hits:
        click.echo("Nothing found. Fewer words or a prefix* may help; forms of a word are not joined yet.")


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
    if problems:
        click.echo(f"{problems} problem(s); what is printed above does not hold.", err=True)
        sys.exit(1)
    click.echo("All hashes, chains, references and captures hold.")
