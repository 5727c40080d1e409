"""Searches that people keep: the list with what is new to each, a form to keep one, a form to stop one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import access
from review.plugin.asked import FILTERS, WORDS, Asked, address, asked_of, checked
from review.plugin.decisions import fields_of
from review.plugin.find import CLOSE, OPEN, chosen, names_of
from review.plugin.look import Refused
from review.plugin.marks import snippet
from review.plugin.page import Page, database, open_page
from store import searches
from store.clock import utc_now
from store.search import SearchError

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

NEWS = 20  # passages shown of each search


async def saved(datasette: Datasette, request: Request) -> Response:
    """GET /search/saved: each search in force, and the passages that came since it was saved, newest first."""
    page = open_page(datasette, request)
    asked = await checked(page, asked_of(request.args, page.look))
    found = await page.read(
        lambda conn: [
            (one, searches.news_of(conn, one, limit=NEWS, around=(OPEN, CLOSE))) for one in searches.saved(conn)
        ]
    )
    names = await names_of(page)
    kept = [
        (
            one,
            [(name, value) for name, value, _ in chosen(page, _again(one), names)],
            address(page.look, _again(one)),
            [(hit, snippet(hit.snippet, OPEN, CLOSE), at) for hit, at in news],
        )
        for one, news in found
    ]
    may_keep = bool(asked.text) and asked.by == WORDS
    return await page.html(
        "coi_saved.html",
        kept=kept,
        asked=asked if may_keep else None,
        limits=list(chosen(page, asked, names)),
        fields={name: value for name in FILTERS if (value := getattr(asked.wanted, FILTERS[name]))},
    )


async def save(datasette: Datasette, request: Request) -> Response:
    """POST /search/saved/add: name, q, and the filters of the search page."""
    page = open_page(datasette, request)
    fields = await _fields(page)
    wanted = (await checked(page, asked_of(fields, page.look))).wanted
    name, text, actor = fields.get("name", ""), fields.get("q", ""), access.name_of(page.request.actor)
    return await _keep(page, lambda conn: searches.save(conn, name, text, wanted, actor=actor, at=utc_now()))


async def remove(datasette: Datasette, request: Request) -> Response:
    """POST /search/saved/remove: name."""
    page = open_page(datasette, request)
    fields = await _fields(page)
    name, actor = fields.get("name", ""), access.name_of(page.request.actor)
    return await _keep(page, lambda conn: searches.remove(conn, name, actor=actor, at=utc_now()))


async def _fields(page: Page) -> dict[str, str]:
    """The fields as sent. Refused (403) for who may not decide."""
    found, _ = await fields_of(page)
    return found


async def _keep(page: Page, act: Callable[[sqlite3.Connection], object]) -> Response:
    def write(conn: sqlite3.Connection) -> bool:
        try:
            act(conn)
        except (SearchError, searches.SavedSearchError):
            return False
        return True

    if not await database(page.datasette).execute_write_fn(write):
        raise Refused(400, "wrong.saved", most=searches.LONGEST_NAME)
    back = f"/search/saved{page.look.query(as_of=None, basis=None)}"
    return Response("", status=303, headers={"location": back})


def _again(one: searches.SavedSearch) -> Asked:
    """A saved search as the search page reads it, newest first."""
    return Asked(text=one.query, wanted=replace(one.wanted, newest_first=True))
