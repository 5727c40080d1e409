"""coi cite: a document or a passage as a footnote, RIS, BibTeX or CSL-JSON, on standard output."""

import json
from datetime import date

import click

from review.cli import BASIS, Day, today
from store import references
from store.clock import END_OF_TIME
from store.db import connect_readonly
from store.home import Home
from store.references import Reference

FORMS = ("footnote", "ris", "bib", "json")


@click.command()
@click.option("--document", "documents", type=int, multiple=True, help="Number of a document; may be repeated.")
@click.option("--passage", "passages", type=int, multiple=True, help="Number of a passage; may be repeated.")
@click.option("--form", type=click.Choice(FORMS), default="footnote", show_default=True, help="In which form.")
@click.option("--as-of", type=Day(), help="As it was known on this day (default: today).")
@click.option("--basis", type=BASIS, default="public", show_default=True, help="Known by then to anyone, or to us.")
@click.option(
    "--lang", type=click.Choice(("en", "nl")), default="en", show_default=True, help="Language of a footnote."
)
def cite(
    documents: tuple[int, ...], passages: tuple[int, ...], form: str, as_of: date | None, basis: str, lang: str
) -> None:
    """Cite documents or passages, e.g. coi cite --passage 12 --form ris > passage.ris

    The numbers stand in the addresses of the site (/documents/5, /passages/12). Every form names the day of publication
    with where it was found, and the capture with the SHA-256 of its bytes.
    """
    if not documents and not passages:
        raise click.UsageError("nothing to cite: give --document NUMBER or --passage NUMBER")
    day = as_of or today()
    if day > today():
        raise click.UsageError(f"--as-of {day}: that day has not come yet; nothing is known of it")
    until = f"{day}T23:59:59Z" if basis == "held" else END_OF_TIME
    conn = connect_readonly(Home.from_environment())
    found: list[Reference] = []
    for number in documents:
        one = references.of_document(conn, number, day=day, until=until)
        if one is None:
            raise click.ClickException(f"--document {number}: none with this number was known on {day} ({basis})")
        found.append(one)
    held = references.of_passages(conn, passages, day=day, until=until)
    for number in passages:
        if number not in held:
            raise click.ClickException(f"--passage {number}: no passage has this number; see the site or 'coi search'")
        found.append(held[number])
    click.echo(_in_form(found, form, lang), nl=False)


def _in_form(found: list[Reference], form: str, lang: str) -> str:
    from review.cite import formats
    from review.cite.footnote import footnote, plain
    from review.plugin.words import Words

    if form == "json":
        return json.dumps([formats.csl(one) for one in found], ensure_ascii=False, indent=2) + "\n"
    if form == "ris":
        return "".join(map(formats.ris, found))
    if form == "bib":
        return "\n".join(map(formats.bibtex, found))
    return "".join(f"{plain(footnote(one, Words(lang)))}\n" for one in found)
