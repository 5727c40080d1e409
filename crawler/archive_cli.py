"""coi archive export, coi archive import: captures out to others as WACZ, and in from archives that others made."""

import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from store.clock import day, utc_now
from store.db import connect, connect_readonly
from store.home import Home
from store.printable import printable

_FAILED = 1


@click.group()
def archive() -> None:
    """Give captures to others as WACZ; take in WARC and WACZ files that others made."""


@archive.command("export")
@click.option("--from", "first", required=True, help="First day, YYYY-MM-DD (UTC).")
@click.option("--to", "last", required=True, help="Last day, YYYY-MM-DD (UTC), included.")
@click.option("--source", "ids", multiple=True, help="Only captures of this source (id); may be repeated.")
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_captures(first: str, last: str, ids: Sequence[str], force: bool, file: Path) -> None:
    """Write the captures of some days to FILE (WACZ 1.1.1), with an index, and the documents read from them as pages.

    Any WACZ reader opens it, and 'coi crawl --from FILE' makes the same documents of it in another home. A page that
    did not change rests on an earlier capture; where that lies outside the days, it comes along. The same database
    gives the same file, byte for byte. Exit code 1: there is nothing to export, or FILE exists.
    """
    from crawler import steps
    from crawler.archive_choice import chosen_from
    from store import wacz

    begin, end = f"{_day(first, '--from')}T00:00:00Z", f"{_day(last, '--to')}T23:59:59Z"
    if begin > end:
        raise click.UsageError(f"--from {first} is after --to {last}; turn them round")
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists already; give another name, or --force to replace it")
    if not file.parent.is_dir():
        raise click.ClickException(f"{file.parent} is no folder; make it first, or give another place")
    home = Home.from_environment()
    conn = connect_readonly(home)
    chosen = list(chosen_from(conn, begin, end, steps.chosen(home, ids)))
    which = f" of {', '.join(ids)}" if ids else ""
    if not chosen:
        raise click.ClickException(f"no captures{which} from {first} to {last}; {_held(conn)}")
    title = f"Captures{which}, {first} to {last} (UTC)"
    try:
        done = wacz.export(conn, home, file, chosen, title=title)
    except wacz.CannotExport as error:
        raise click.ClickException(str(error)) from error
    along = f" and {done.originals} earlier ones that they rest on" if done.originals else ""
    click.echo(
        f"{file}: {done.captures} captures{which} from {chosen[0][1].fetched_at} to {chosen[-1][1].fetched_at}{along}, "
        f"{done.pages} pages, {done.bytes:,} bytes"
    )


@archive.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_files(files: Sequence[Path]) -> None:
    """Take the captures of FILES (.warc, .warc.gz, .arc, .wacz) into the archive. No source is crawled.

    The captures are held from then on: they are verified, exported, and a body that a later crawl meets again is not
    kept twice. Documents come of them when a source is replayed: 'coi crawl --from FILE --source ID'. Every record
    that is refused is named with the reason. Exit code 1: a file could not be read, or gave nothing.
    """
    from crawler.alone import ARCHIVES, alone
    from crawler.imports import import_archives
    from crawler.warc import ArchiveError

    home = Home.from_environment()
    failed = 0
    with alone(home, [ARCHIVES], "import of an archive"):
        conn = connect(home)
        for file in files:
            shown = printable(str(file))
            try:
                taken = import_archives(conn, home, (file,), recorded_at=utc_now())
            except (ArchiveError, OSError) as error:
                click.echo(printable(str(error)), err=True)
                failed += 1
                continue
            for problem in taken.problems:
                click.echo(printable(problem), err=True)
            click.echo(f"{shown}: {taken.new} captures taken, {taken.held} held already, {len(taken.problems)} refused "
                       "or damaged")  # fmt: skip
            if not (taken.captures or taken.problems):
                click.echo(f"{shown}: holds no answer to a GET request", err=True)
            failed += not taken.captures
    if failed:
        click.echo(f"{failed} of {len(files)} files gave nothing; what is printed above says why.", err=True)
        sys.exit(_FAILED)
    click.echo("Next: coi crawl --from FILE, to make documents of them.")


def _day(text: str, option: str) -> str:
    try:
        return day(text).isoformat()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def _held(conn: sqlite3.Connection) -> str:
    row = conn.execute("select min(fetched_at), max(fetched_at) from captures").fetchone()
    return f"there are captures from {row[0]} to {row[1]}" if row[0] else "there are no captures at all yet"
