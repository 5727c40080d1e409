"""Citing a document, or one of its passages: a page with the footnote to copy, and files for reference managers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.cite import formats
from review.cite.footnote import Part, footnote, plain
from review.plugin.look import Refused
from review.plugin.page import Page, open_page
from review.plugin.safety import whole
from store import references
from store.clock import END_OF_TIME
from store.references import Reference

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

TYPES = {
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
}


async def page_of(datasette: Datasette, request: Request) -> Response:
    """GET /documents/<id>/cite[?passage=]: the footnote in words, to copy, and links to the files."""
    page = open_page(datasette, request)
    found = await _reference(page)
    parts = footnote(found, page.words)
    return await page.html("coi_cite.html", cited=found, parts=parts, plain=plain(parts))


async def download(datasette: Datasette, request: Request) -> Response:
    """GET /documents/<id>/cite.<ris|bib|json>[?passage=]: one record, as a file."""
    page = open_page(datasette, request)
    found = await _reference(page)
    form = request.url_vars["form"]
    if form == "ris":
        body = formats.ris(found)
    elif form == "bib":
        body = formats.bibtex(found)
    else:
        body = json.dumps([formats.csl(found)], ensure_ascii=False, indent=2) + "\n"
    named = {"content-disposition": f'attachment; filename="{formats.key(found)}.{form}"'}
    return Response(body, headers=named, content_type=f"{TYPES[form]}; charset=utf-8")


async def of_version(page: Page, document_id: int, version_id: int) -> tuple[Part, ...] | None:
    """The footnote of a document where the version shown is the one that is cited on the visitor's day, else None."""
    found = await _document(page, document_id)
    return footnote(found, page.words) if found and found.version_id == version_id else None


async def _reference(page: Page) -> Reference:
    """What the address names, as it was known on the visitor's day. Refused (404) where there is no such thing."""
    number, asked = int(page.request.url_vars["document_id"]), page.request.args.get("passage")
    if asked:
        passage, until = whole(asked) or 0, _until(page)
        refs = await page.read(lambda conn: references.of_passages(conn, [passage], day=page.look.as_of, until=until))
        if passage not in refs or refs[passage].document_id != number:
            raise Refused(404, "missing.cite_passage", passage=asked[:20], id=number)
        return refs[passage]
    found = await _document(page, number)
    if found is None:
        known = await page.row("select 1 from site_documents where id = ?", [number])
        if known is None:
            raise Refused(404, "missing.document", id=number)
        raise Refused(404, "missing.cite", id=number, day=page.words.day(page.look.as_of))
    return found


async def _document(page: Page, number: int) -> Reference | None:
    until = _until(page)
    return await page.read(lambda conn: references.of_document(conn, number, day=page.look.as_of, until=until))


def _until(page: Page) -> str:
    """Up to which instant captures count: on the held basis of a past day the end of that day."""
    held = page.look.stated_day and page.look.basis == "held"
    return f"{page.look.until}T23:59:59Z" if held else END_OF_TIME
