"""Search over passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin.marks import snippet
from review.plugin.page import open_page
from store.search import SearchError, Wanted, search

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

AT_MOST = 50
OPEN, CLOSE = "\ue000", "\ue001"  # private characters, which no passage's own brackets can be mistaken for


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
    problem, hits = "", []
    if "q" in request.args:
        try:
            hits = await page.read(lambda conn: search(conn, text, limit=AT_MOST, wanted=wanted, around=(OPEN, CLOSE)))
        except SearchError:
            problem = "find.empty"
    return await page.html(
        "coi_search.html",
        q=text,
        asked="q" in request.args,
        wanted=wanted,
        problem=problem,
        hits=[(hit, snippet(hit.snippet, OPEN, CLOSE)) for hit in hits],
        full=len(hits) == AT_MOST,
        languages=[
            row["language"]
            for row in await page.rows("select distinct language from documents where language <> '' order by 1")
        ],
        sources=await page.rows("select id, publisher, title from sources order by publisher, title"),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
    )
