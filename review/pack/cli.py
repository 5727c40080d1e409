"""coi pack: an evidence pack of a moratorium, a group or a question, as a folder or a zip."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.cli import BASIS, READING, Day
from store.clock import instant
from store.db import connect_readonly
from store.home import Home

if TYPE_CHECKING:
    from review.pack.wanted import Scope


@click.command()
@click.option("--moratorium", metavar="ID", help="Of a moratorium, e.g. NL-RUS-2022.")
@click.option("--country", metavar="XX", help="With --group: of a group of this country, e.g. RU.")
@click.option("--group", metavar="G", help="With --country: the group, e.g. conscripts.")
@click.option("--question", metavar="Q", help="Of one question, e.g. G1.3.")
@click.option("--as-of", type=Day(), help="How it stood on this day (default: the day of --generated-at).")
@click.option("--basis", type=BASIS, help="Known by then to anyone, or to us (default: held for today, else public).")
@click.option("--reading", type=READING, default="provisional", show_default=True, help="What counts as evidence.")
@click.option("--lang", type=click.Choice(("en", "nl")), default="en", show_default=True, help="Language of the paper.")
@click.option("--generated-at", metavar="INSTANT", help="When it is made, e.g. 2026-01-31T12:00:00Z (default: now).")
@click.option("--no-captures", is_flag=True, help="Leave out the bytes (captures.wacz); their hashes stay.")
@click.option("--force", is_flag=True, help="Replace OUT where it exists.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder, or a file ending in .zip.")
def pack(
    moratorium: str | None, country: str | None, group: str | None, question: str | None, as_of: date | None,
    basis: str | None, reading: str, lang: str, generated_at: str | None, no_captures: bool, force: bool, out: Path,
) -> None:  # fmt: skip
    """Write an evidence pack: Word and HTML with footnotes, JSON, CSV, captures (WACZ), and the hash of every file.

    One of --moratorium, --country with --group, or --question. The same home and day give the same bytes; the time of
    making stands in generated.txt only. Restricted notes are never part of it. Exit code 1: it could not be made.
    """
    from review.pack.box import write
    from review.pack.gather import gather
    from review.pack.wanted import Wanted

    made_at = _instant(generated_at)
    today = date.fromisoformat(made_at[:10])
    home = Home.from_environment()
    conn = connect_readonly(home)
    scope = _scope(conn, moratorium, country, group, question)
    day = as_of or today
    usual = "held" if day >= today else "public"  # as on the site (method §8)
    wanted = Wanted(scope=scope, as_of=day, basis=basis or usual, reading=reading, today=today)
    found = gather(conn, wanted)
    try:
        done = write(
            conn, home, found, out, language=lang, generated_at=made_at, with_captures=not no_captures, force=force
        )
    except OSError as error:  # a full disk, missing rights: what was begun is gone again
        raise click.ClickException(f"{out}: {error.strerror or error}; free the disk or give another place") from error
    stood = f"{wanted.scope.name} as of {wanted.as_of} ({wanted.basis}, {reading})"
    held = f"{done.questions} questions in full, {done.notes} citations, {done.captures} captures"
    click.echo(f"{done.path}: {stood}; {held}; {done.files} files, {done.bytes:,} bytes")


def _scope(
    conn: sqlite3.Connection, moratorium: str | None, country: str | None, group: str | None, question: str | None
) -> "Scope":
    from review.pack.wanted import of_group, of_moratorium, of_question

    asked = [bool(moratorium), bool(country or group), bool(question)]
    if sum(asked) != 1:
        raise click.UsageError("give one of --moratorium ID, --country XX with --group G, or --question Q")
    if moratorium:
        return of_moratorium(conn, moratorium)
    if question:
        return of_question(conn, question)
    if not country or not group:
        raise click.UsageError("a group belongs to a country: give both --country XX and --group G")
    return of_group(conn, country, group)


def _instant(text: str | None) -> str:
    now = datetime.now(UTC)
    if not text:
        return instant(now)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError("no time zone")
    except ValueError as error:
        raise click.BadParameter(
            f"{text[:40]!r} is not an instant; write it as 2026-01-31T12:00:00Z", param_hint="--generated-at"
        ) from error
    if found > now:
        raise click.BadParameter(f"{text} has not come yet", param_hint="--generated-at")
    return instant(found)
