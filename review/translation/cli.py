"""coi translate: machine translations of what waits to be read, by a command that the operator declared."""

import getpass

import click

from review.translation import wanted
from review.translation.declared import FOLDER, load
from review.translation.run import Done, run
from store.db import connect
from store.home import Home


@click.command()
@click.option("--to", default="en", show_default=True, metavar="LANGUAGE", help="Into this language (ISO 639-1).")
@click.option("--question", help="What waits for this question only, e.g. G1.3.")
@click.option("--document", type=int, help="The newest version of this document.")
@click.option("--passage", type=int, help="This passage.")
@click.option("--engine", help="Only this translator, by the name of its file.")
@click.option("--limit", type=click.IntRange(1), help="At most so many passages.")
@click.option("--by", "actor", help="Who has it made (default: the user of this machine).")
def translate(
    to: str, question: str | None, document: int | None, passage: int | None, engine: str | None, limit: int | None,
    actor: str | None,
) -> None:  # fmt: skip
    """Translate passages by machine, to help reading; the original stays what is quoted and judged.

    Without --question, --document or --passage: what stands in evidence or waits in the queue, in a language that no
    declared person reads. Nothing is translated twice by the same version of an engine. Exit code 1 where any failed.
    """
    if sum(asked is not None for asked in (question, document, passage)) > 1:
        raise click.UsageError("choose one of --question, --document and --passage")
    home = Home.from_environment()
    known = load(home.declared)
    folder = home.declared / FOLDER
    if not known:
        raise click.ClickException(
            f"no translator is declared; write {folder}/NAME.toml with title, command, version, from_languages and "
            "to_languages (docs/translation.md)"
        )
    if engine is not None:
        if engine not in known:
            raise click.UsageError(f"--engine {engine}: declared in {folder} are {', '.join(sorted(known))}")
        known = {engine: known[engine]}
    conn = connect(home)
    try:
        if passage is not None:
            found = wanted.passage(conn, passage)
        elif document is not None:
            found = wanted.document(conn, document)
        else:
            found = wanted.waiting(conn, wanted.languages_read(home.declared), question)
        by = (actor or getpass.getuser()).strip()
        done = run(conn, known, found, to=to, actor=by, limit=limit, complain=lambda said: click.echo(said, err=True))
    finally:
        conn.close()
    _tell(done, to)
    asked_for = passage is not None or document is not None
    if done.failed or done.left or (asked_for and done.unfit and not done.made + done.held):
        raise click.exceptions.Exit(1)


def _tell(done: Done, to: str) -> None:
    click.echo(f"translate: {done.made} passages translated into {to}, {done.held} were already")
    if done.same:
        click.echo(f"{done.same} are in {to} themselves")
    if done.wordless:
        click.echo(f"{done.wordless} have no words, and no translation")
    for language, count in sorted(done.unfit.items()):
        name = language or "a language that is not known"
        click.echo(f"{count} in {name}: no declared translator takes {name} into {to}", err=True)
    if done.failed or done.left:
        click.echo(f"FAILED: {done.failed} passages, and {done.left} not tried; nothing was kept of them", err=True)
