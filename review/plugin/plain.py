"""Pages that only list: the method with its thresholds; and what robots are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.method.thresholds import RULES, method_rows
from review.method_doc import PARTS
from review.plugin.look import Refused
from review.plugin.page import open_page

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def method(datasette: Datasette, request: Request) -> Response:
    """The rules in words, with the numbers in force."""
    page = open_page(datasette, request)
    return await page.html(
        "coi_method.html",
        parts=PARTS,
        version=RULES.rules_version,
        thresholds=method_rows(page.look.language),
    )


async def robots(datasette: Datasette, request: Request) -> Response:
    """Nothing here is for search engines."""
    return Response.text("User-agent: *\nDisallow: /\n")


async def nowhere(datasette: Datasette, request: Request) -> Response:
    """Pages of others that have no place here: of datasette-auth-passwords the one that makes hashes (`coi people add`
    does, without a network), of Datasette the one that shows its design.
    """
    open_page(datasette, request)
    raise Refused(404, "missing.page")
