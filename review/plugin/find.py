"""Search over passages."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin.look import Look
from review.plugin.marks import snippet
from review.plugin.page import open_page
from store.search import Hit, SearchError, Wanted, search

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

AT_MOST = 50
LOOKED_AT = 2_000  # hits that are looked at for those known by a day
OPEN, CLOSE = "\ue000", "\ue001"  # private characters, which no passage's own brackets can be mistaken for


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits as shown. `more`: there are others; `plain`: not FTS5's grammar, so the words alone were searched."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    plain: bool = False
    problem: str = ""


async def find(datasette: Datasette, request: Request) -> Response:
    """Passages by words, with filters; the form alone where nothing was asked yet."""
    page = open_page(datasette, request)
    text = (request.args.get("q") or "").strip()[:500]
    wanted = Wanted(
        language=request.args.get("language") or None,
        source_id=request.args.get("source") or None,
        group_id=request.args.get("group") or None,
        newest_first=request.args.get("order") == "newest",
    )
    found = await page.read(lambda conn: ask(conn, text, wanted, page.look)) if "q" in request.args else Found()
    return await page.html(
        "coi_search.html",
        q=text,
        asked="q" in request.args,
        wanted=wanted,
        found=found,
        hits=[(hit, snippet(hit.snippet, OPEN, CLOSE)) for hit in found.hits],
        languages=[
            row["language"]
            for row in await page.rows("select distinct language from documents where language <> '' order by 1")
        ],
        sources=await page.rows("select id, publisher, title from sources order by publisher, title"),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
    )


def ask(conn: sqlite3.Connection, text: str, wanted: Wanted, look: Look) -> Found:
    """Search; where the visitor states a day, only among passages that were known by then."""
    limit = LOOKED_AT if look.stated_day else AT_MOST + 1
    try:
        hits = search(conn, text, limit=limit, wanted=wanted, around=(OPEN, CLOSE))
    except SearchError:
        return Found(problem="find.empty")
    full = len(hits) == limit
    if look.stated_day:
        hits = _known(conn, hits, look)
    return Found(hits=tuple(hits[:AT_MOST]), more=full or len(hits) > AT_MOST, plain=not _grammar(conn, text))


def _known(conn: sqlite3.Connection, hits: Sequence[Hit], look: Look) -> list[Hit]:
    """The hits whose passage was public, or held, by the end of the day."""
    column = "public_on" if look.basis == "public" else "held_at"
    marks = ", ".join("?" for _ in hits)
    rows = conn.execute(
        f"select passage_id from passage_times where passage_id in ({marks}) and substr({column}, 1, 10) <= ?",  # noqa: S608
        [*(hit.passage_id for hit in hits), look.until],
    )
    known = {row["passage_id"] for row in rows}
    return [hit for hit in hits if hit.passage_id in known]


def _grammar(conn: sqlite3.Connection, text: str) -> bool:
    """Whether the text is a query in FTS5's grammar; the store reads any other text as plain words."""
    try:
        conn.execute("select 1 from passages_fts where passages_fts match ? limit 1", [text]).fetchone()
    except sqlite3.OperationalError:
        return False
    return True
