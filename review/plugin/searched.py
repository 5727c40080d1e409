"""Searches that people made by hand: recorded on a question's page, with what the source answered."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin.decisions import fields_of, question_of_a_group, way_back
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.searched import CannotRecord, searches_from
from store import searches_log
from store.clock import utc_now
from store.db import writing
from store.searches_log import Search

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def record(datasette: Datasette, request: Request) -> Response:
    """POST /questions/<id>/searches: source (or source.<id> for several), terms, languages, period, found, health."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    asked = await question_of_a_group(page, request.url_vars["question_id"])
    chosen = [name.removeprefix("source.") for name in fields if name.startswith("source.")]
    chosen += [fields["source"].strip()] if fields.get("source", "").strip() else []

    def write(conn: sqlite3.Connection) -> None:
        with writing(conn):
            found = searches_from(
                conn,
                question=asked["id"],
                country=asked["country"],
                sources=chosen,
                terms=fields.get("terms", ""),
                languages=fields.get("languages", ""),
                period_from=fields.get("period_from", ""),
                period_to=fields.get("period_to", ""),
                found=fields.get("found", "0"),
                healthy=fields.get("unreachable") != "1",
                actor=actor,
                at=utc_now(),
            )
            searches_log.record(conn, found)

    try:
        await database(datasette).execute_write_fn(write)
    except CannotRecord as error:
        raise Refused(400, error.key, **error.values) from error
    return Response("", status=303, headers={"location": way_back(fields.get("back", f"/questions/{asked['id']}"))})


async def of_question(page: Page, asked: sqlite3.Row) -> tuple[tuple[Search, ...], list[sqlite3.Row]]:
    """The searches recorded for a question, and the sources that decide about its country."""
    found = await page.read(lambda conn: searches_log.searches(conn, asked["country"], asked["id"]))
    sources = await page.rows(
        """select h.id, h.title, h.state, s.language from source_health h join sources s on s.id = h.id
           where exists (select 1 from json_each(s.declaration, '$.decisive_for') where value = ?) order by h.title""",
        [asked["country"]],
    )
    return found, sources
