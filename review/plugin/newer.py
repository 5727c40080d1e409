"""The page of one moratorium on what is newer than a decision: made for a court or a parliament, and for print."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review import newer_silence
from review.newer_read import NewerError, newer
from review.newer_types import Newer
from review.plugin.look import BASES, Refused, today
from review.plugin.page import Page, open_page
from store.clock import day as parse_day

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def show(datasette: Datasette, request: Request) -> Response:
    """GET /moratoria/<id>/newer?on=&until=&basis=&reading=: the frozen list, the gap, what is newer.

    Without `on` the newest decision known by `until`; without `until` the visitor's day; public unless asked otherwise.
    """
    page = open_page(datasette, request)
    id_ = request.url_vars["moratorium_id"]
    on, until = _day(page, "on"), _day(page, "until") or page.look.as_of
    basis = page.look.basis if page.look.stated_basis else BASES[0]

    def read(conn: sqlite3.Connection) -> Newer:
        return newer(
            conn, id_, on=on, until=until, basis=basis, reading=page.look.reading, today=today()
        )  # fmt: skip

    try:
        found = await page.read(read)
    except NewerError as error:
        status = 404 if error.key.startswith("missing") else 400
        values = {name: page.words.day(v) if isinstance(v, date) else v for name, v in error.values.items()}
        raise Refused(status, error.key, **values) from error
    return await page.html(
        "coi_newer.html",
        found=found,
        now=dict(found.now),
        silence=newer_silence,
        days={"as_of": None, "basis": basis, "on": found.on, "until": found.until},
        command=f"coi newer {id_} --on {found.on} --until {found.until} --basis {basis} --json",
    )


def _day(page: Page, name: str) -> date | None:
    text = (page.request.args.get(name) or "").strip()
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise Refused(400, "wrong.as_of", value=text[:40]) from error
