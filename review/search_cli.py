"""coi search, coi searches: words, meaning, and the searches that are kept. Words alone load no numpy."""

import getpass
import json
from typing import Any

import click

from review.filters import WrongFilter, check, held_languages
from store import search as searching
from store import searches as kept
from store.clock import utc_now
from store.db import connect, connect_readonly
from store.home import Home
from store.query import parse
from store.search import Hit, SearchError, Wanted

PLAIN = (
    "This could not be read as written (a bracket or quotation mark that is not closed, for example); "
    "it was read as plain words, all of which must occur."
)


@click.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
@click.option("--meaning", is_flag=True, help="By meaning, across languages: ask a question in your own.")
@click.option("--lang", metavar="XX", help="Only passages in this language (ISO 639-1: nl, en, ru, uk, de, fr ...).")
@click.option("--group", "group_id", metavar="G", help="Only passages on this group: conscripts, deserters ...")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many hits.")
@click.option("--save", "name", metavar="NAME", help="Keep this search; `coi searches` then says what is new to it.")
def search(
    query: str, as_json: bool, meaning: bool, lang: str | None, group_id: str | None, limit: int, name: str | None
) -> None:
    """Search the passages: words in any form, "phrases", AND OR NOT, prefix*. Best first.

    In six languages the forms of a word are joined: deserteur finds deserteurs. With --lang, or --meaning for a
    question that is answered in any language.
    """
    home = Home.from_environment()
    conn = connect_readonly(home)
    wanted = _wanted(conn, lang, group_id)
    if name is not None and meaning:
        raise click.UsageError("--save keeps a search by words; leave out --meaning, or --save")
    try:
        if name is not None:
            _save(home, name, query, wanted)
        hits = _by_meaning(conn, query, limit, wanted) if meaning else searching.search(
            conn, query, limit=limit, wanted=wanted
        )  # fmt: skip
        plain = not meaning and parse(query).plain
    except SearchError as error:
        raise click.UsageError(str(error)) from error
    if plain:
        click.echo(PLAIN, err=True)
    if as_json:
        click.echo(json.dumps({"hits": [_as_json(hit) for hit in hits]}, ensure_ascii=False))
        return
    for hit in hits:
        _say(hit)
    if not hits:
        click.echo("Nothing found. Fewer words, a prefix*, or --meaning (a question in your own words) may help.")


@click.command()
@click.option("--remove", "name", metavar="NAME", help="Stop this search; what it found stays.")
@click.option("--limit", type=click.IntRange(0, 1000), default=5, show_default=True, help="New passages shown of each.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def searches(name: str | None, limit: int, as_json: bool) -> None:
    """List the saved searches and what came in since each was saved."""
    home = Home.from_environment()
    if name is not None:
        kept.remove(connect(home), name, actor=getpass.getuser(), at=utc_now())
        click.echo(f"{name!r} is no longer searched.")
        return
    conn = connect_readonly(home)
    found = [(one, kept.news_of(conn, one, limit=limit)) for one in kept.saved(conn)]
    if as_json:
        answer = [
            {"name": one.name, "query": one.query, "saved_at": one.recorded_at, "news": one.news,
             "hits": [_as_json(hit) | {"noticed_at": at} for hit, at in news]}
            for one, news in found
        ]  # fmt: skip
        click.echo(json.dumps({"searches": answer}, ensure_ascii=False))
        return
    for one, news in found:
        click.secho(f"{one.name}: {one.query}", bold=True)
        click.echo(f"  saved by {one.actor} on {one.recorded_at[:10]}; {one.news} new since\n")
        for hit, _ in news:
            _say(hit)
    if not found:
        click.echo("No saved search. Keep one with: coi search QUERY --save NAME")


def _by_meaning(conn: Any, query: str, limit: int, wanted: Wanted) -> list[Hit]:  # noqa: ANN401  a connection
    from review.meaning import nearest_to_text

    return nearest_to_text(conn, query, limit=limit, wanted=wanted)


def _save(home: Home, name: str, query: str, wanted: Wanted) -> None:
    conn = connect(home)
    try:
        kept.save(conn, name, query, wanted, actor=getpass.getuser(), at=utc_now())
    finally:
        conn.close()
    click.echo(f"Saved as {name!r}; 'coi searches' says what is new to it.", err=True)


def _wanted(conn: Any, lang: str | None, group_id: str | None) -> Wanted:  # noqa: ANN401  a connection
    """The filters, where they name something; a language that is one, and of which nothing is held, is told."""
    wanted = Wanted(language=lang.strip().lower() if lang else None, group_id=group_id)
    try:
        check(conn, wanted)
    except WrongFilter as error:
        option = {"language": "--lang"}.get(error.name, f"--{error.name}")
        raise click.UsageError(f"{option}: {error}") from error
    if wanted.language is not None and wanted.language not in (held := held_languages(conn)):
        click.echo(f"No document is in {wanted.language!r}; held: {', '.join(held) or 'none yet'}.", err=True)
    return wanted


def _say(hit: Hit) -> None:
    click.secho(f"{hit.title or hit.url}", bold=True)
    facts = (hit.publisher, hit.published_on or "no date", hit.language or "?", f"passage {hit.passage_id}")
    click.echo(f"  {', '.join(facts)}")
    click.echo(f"  {' '.join(hit.snippet.split())}\n")


def _as_json(hit: Hit) -> dict[str, Any]:
    return {
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
