"""coi crawl, coi add, coi read, coi sources: what the crawler offers on the command line."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO

import click

from store.clock import modern_day, utc_now
from store.db import connect, connect_readonly, writing
from store.home import Home

FAILED = 1
NEXT = "Next: coi tag, then coi assess."


@click.command()
@click.option("--source", "ids", multiple=True, help="Only this source (id); may be repeated.")
@click.option("--from", "archives", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Replay from this .warc.gz or .wacz instead of the network; may be repeated.")  # fmt: skip
@click.option("--due", is_flag=True, help="Only sources whose cadence has passed (for cron).")
def crawl(ids: Sequence[str], archives: Sequence[Path], due: bool) -> None:
    """Collect from the declared sources, live or from an archive. Exit code 1: a source failed."""
    from crawler import steps
    from crawler.health import Status
    from crawler.shapes import Shape

    if due and (ids or archives):
        raise click.UsageError("--due decides by itself what is crawled; leave --source and --from out")
    home = Home.from_environment()
    if due:
        sys.exit(FAILED if steps.crawl_due(home) else 0)
    known = steps.declared(home)
    wanted = list(ids) or [s.id for s in known.values() if s.shape is not Shape.MANUAL]
    if archives:
        results = steps.replay(home, archives, wanted)
    else:
        named = steps.chosen(home, wanted)
        results = steps.crawl_live(home, [s for s in named if ids or not steps.is_example(s)])
    if any(result.status is Status.FAILED for result in results):
        sys.exit(FAILED)


@click.command()
@click.argument("what", required=False)
@click.option(
    "--jsonl",
    type=click.File("r", encoding="utf-8"),
    help="A collection: one JSON object per line with id, text and where known url, title, lang, published_on, "
    "publisher, links.",
)
@click.option("--source", "source_id", default="manual", show_default=True, help="Id of the source it comes from.")
@click.option("--published", help="Publication day, YYYY-MM-DD; goes before what the document says.")
@click.option("--url", help="Its address at the publisher; also its identity.")
@click.option("--title", help="Its title; goes before what the document says.")
def add(what: str | None, jsonl: IO[str] | None, source_id: str, published: str | None, url: str | None,
        title: str | None) -> None:  # fmt: skip
    """Add WHAT came by hand: a PDF, HTML, DOCX or text file, a URL, or (--jsonl) a whole collection."""
    from crawler import add as adding
    from crawler import collection, steps
    from store.sources import sync

    if (what is None) == (jsonl is None):
        raise click.UsageError("give either one file or URL, or --jsonl FILE")
    if jsonl is not None and (published or url or title):
        raise click.UsageError(
            "--published, --url and --title go with one file; in a collection each line says its own"
        )
    said = adding.Said(source_id=source_id, url=url, title=title, published_on=_day(published))
    home = Home.from_environment()
    source = steps.chosen(home, [source_id])[0]
    if what is not None and "://" in what:
        if url or title:
            raise click.UsageError("--url and --title go with a file; an address is kept under itself")
        if not steps.fetch_page(home, source, what, said.published_on):
            sys.exit(FAILED)
        return
    conn = connect(home)
    with writing(conn):
        sync(conn, [source.card], declared_at=utc_now())
    if what is None:
        counts = collection.add_lines(conn, jsonl or (), source_id, at=utc_now(), name=getattr(jsonl, "name", "input"))
        click.echo(", ".join(f"{number} {change}" for change, number in sorted(counts.items())) or "no lines")
        return
    kept = adding.add_file(conn, home, Path(what), said, at=utc_now())
    row = conn.execute("select * from documents where id = ?", [kept.document_id]).fetchone()
    published_on = row["published_on"] or "on an unknown day (give --published)"
    language = row["language"] or "language unknown"
    click.echo(f"{kept.change}: document {row['id']}, {row['title']!r}, {language}, published {published_on}")
    if kept.change != "unchanged":
        click.echo(NEXT)


def _day(text: str | None) -> date | None:
    try:
        return modern_day(text) if text else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--published") from error


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", help="The address it was fetched from; makes its links absolute.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def read(file: Path, url: str | None, as_json: bool) -> None:
    """Show what reading one file gives. Touches no database."""
    import mimetypes

    from crawler.read import read as reading_of
    from crawler.read.as_json import as_json as to_json
    from crawler.read.model import ReadError

    try:
        reading = reading_of(file.read_bytes(), media_type=mimetypes.guess_type(file.name)[0], url=url)
    except ReadError as error:
        raise click.ClickException(f"{file}: {error}") from error
    if as_json:
        click.echo(json.dumps(to_json(reading), ensure_ascii=False))
        return
    dated = f"{reading.published.day} ({reading.published.origin})" if reading.published else "no date found"
    click.secho(reading.title or file.name, bold=True)
    click.echo(f"{reading.kind}, {reading.language or 'language unknown'}, {dated}, {len(reading.passages)} passages")
    for warning in reading.warnings:
        click.echo(f"! {warning}", err=True)
    for passage in reading.passages:
        where = f"[p. {passage.page}] " if passage.page else ""
        click.echo(f"\n{where}{passage.text}")
    for entry in reading.entries:
        click.echo(f"- {entry.published.day if entry.published else '????-??-??'}  {entry.title}  {entry.url}")


@click.group()
def sources() -> None:
    """List, show or probe the declared sources."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def list_sources(as_json: bool) -> None:
    """List every declared source with its shape, cadence, grade and last run."""
    from crawler import steps

    home = Home.from_environment()
    health = {}
    if home.database.exists():
        conn = connect_readonly(home)
        health = {row["id"]: dict(row) for row in conn.execute("select * from source_health")}
    rows = []
    declared = steps.declared(home)
    for source in declared.values():
        seen = health.get(source.id, {})
        rows.append(
            {
                "id": source.id, "title": source.title, "publisher": source.publisher, "owner": source.owner,
                "type": source.type.value, "grade": source.grade, "shape": source.shape.value, "every": source.every,
                "language": source.language, "verified_on": source.verified_on and source.verified_on.isoformat(),
                "state": seen.get("state", "never_run"), "since": seen.get("since"),
                "last_status": seen.get("last_status"), "last_success_at": seen.get("last_success_at"),
                "last_message": seen.get("last_message"), "documents": seen.get("documents", 0),
                "failures_in_a_row": seen.get("failures_in_a_row", 0),
            }
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps({"sources": rows}, ensure_ascii=False))
        return
    often = {source.id: source.often for source in declared.values()}
    for row in rows:
        click.echo(f"{row['id']:32} {row['shape']:17} {often[row['id']] or 'by hand':10} {row['grade']} "
                   f"{row['state'].replace('_', ' '):14} {row['title']}")  # fmt: skip


@sources.command("show")
@click.argument("source_id")
def show_source(source_id: str) -> None:
    """Show how one source is doing, its runbook and its last problems."""
    import itertools

    from crawler import steps
    from crawler.source import SHIPPED

    home = Home.from_environment()
    source = steps.chosen(home, [source_id])[0]
    where = next(path for path in (home.declared / "sources" / f"{source_id}.toml", SHIPPED / f"{source_id}.toml")
                 if path.exists())  # fmt: skip
    click.echo(f"{source.title}, declared in {where}")
    runbook = itertools.takewhile(lambda line: line.startswith("#"), where.read_text("utf-8").splitlines())
    click.echo("\n".join(line.lstrip("# ") for line in runbook))
    if not home.database.exists():
        return
    conn = connect_readonly(home)
    for row in conn.execute("select * from source_health where id = ?", [source_id]):
        since = f" since {row['since']}" if row["since"] else ""
        click.echo(f"\n{row['state'].replace('_', ' ')}{since}; last success {row['last_success_at'] or 'never'}; "
                   f"{row['failures_in_a_row']} failed runs in a row")  # fmt: skip
        click.echo(row["last_message"] or "")
    rows = conn.execute(
        """select p.* from run_problems p join runs r on r.id = p.run_id where r.source_id = ?
           order by p.id desc limit 10""",
        [source_id],
    )
    for row in rows:
        click.echo(f"{row['seen_at']}  {row['url']}: {row['problem']}; {row['remedy']}")


@sources.command("check")
@click.argument("ids", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def check_sources(ids: Sequence[str], as_json: bool) -> None:
    """Probe the live source of each ID (without any: of all) and show what was seen. Exit code 1: one is not well.

    Asks for the start pages and one document, by all the rules of a crawl; keeps no document and changes no state.
    """
    from crawler import probing, steps

    home = Home.from_environment()
    found = probing.probe(home, steps.chosen(home, ids) if ids else list(steps.declared(home).values()))
    if as_json:
        click.echo(json.dumps({"sources": [probing.as_record(result) for result in found]}, ensure_ascii=False))
    else:
        click.echo("\n".join(line for result in found for line in probing.in_words(result, day=utc_now()[:10])))
    if any(result.status is probing.Status.FAILED for result in found):
        sys.exit(FAILED)


@click.command()
@click.argument("source_id")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the case; without it tests/sources/ID of a checkout, else cases/ID of the home.",
)
def capture(source_id: str, folder: Path | None) -> None:
    """Save the live pages of a source as its test case, and show how they are read now.

    The pages of the case are replaced; what is expected of them (expected.json) stays as it is, so that the test shows
    the difference. Shorten the saved pages and take personal data out before you commit them.
    """
    from crawler import probing, steps

    home = Home.from_environment()
    source = steps.chosen(home, [source_id])[0]
    for line in probing.save_case(home, source, folder or probing.case_folder(home, source_id)):
        click.echo(line)
