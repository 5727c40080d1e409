"""When something cannot be shown: the right status code, in the site's frame, with what to do."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Base400, NotFound, Request, Response

from review.plugin.look import Refused, language_of
from review.plugin.words import Words

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

SENT = "coi_sent"  # in the scope of a request: the fields of the form that it brought
KEPT = frozenset({"seen", "back", "passage", "question", "kind", "value", "decision", "source"})
MOST_KEPT = 20_000  # characters that are offered again
ANSWERED = frozenset({400, 403, 404, 409, 410})


async def refuse(datasette: Datasette, request: Request, refused: Refused) -> Response:
    """Our own refusals, in the visitor's language."""
    words = Words(language_of(request))
    return await _page(datasette, request, refused.status, words(refused.key, **refused.values))


async def datasettes_own(datasette: Datasette, request: Request, error: Base400) -> Response:
    """Datasette's refusals (unknown table, bad filter): its own sentence, and where to go from here."""
    status = error.status if error.status in ANSWERED else 400
    said = str(error.args[0]) if error.args else ""
    if request.path.partition("?")[0].endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status, "title": None}, status=status)
    unsaid = isinstance(error, NotFound) and (said in ("", "404") or said.startswith("Database not found"))
    message = Words(language_of(request))("missing.page") if unsaid else said
    return await _page(datasette, request, status, message)


async def forbid(datasette: Datasette, request: Request, message: str) -> Response:
    """Datasette's 403 in the site's frame; for a query of one's own with the way to it."""
    if message == "execute-sql":
        message = Words(language_of(request))("denied.sql")
    elif message in ("view-table", "view-instance"):
        message = Words(language_of(request))("denied.table")
    return await _page(datasette, request, 403, message)


async def explain_form(datasette: Datasette, scope: MutableMapping[str, Any]) -> str:
    """The page for a form whose token is missing, forged or too old."""
    request = Request({**scope, "csrftoken": lambda: "", "actor": None}, None)
    message = Words(language_of(request))("wrong.form")
    return str(await datasette.render_template("coi_error.html", {"status": 403, "message": message}, request=request))


def _again(request: Request) -> tuple[tuple[str, str, bool], ...]:
    """The fields that were typed, to correct and send again: name, value, whether it stays hidden."""
    sent = {name: value for name, value in request.scope.get(SENT, {}).items() if name != "csrftoken"}
    if sum(map(len, sent.values())) > MOST_KEPT:
        return ()
    return tuple((name, value, name in KEPT or name.startswith("source.")) for name, value in sent.items())


async def _page(datasette: Datasette, request: Request, status: int, message: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        body = json.dumps({"ok": False, "error": message, "status": status})
        return Response(body, status=status, content_type="application/json; charset=utf-8")
    context = {"status": status, "message": message, "heading": str(status), "again": (), "action": ""}
    if request.method == "POST" and status == 400:
        context |= {"heading": "form", "again": _again(request), "action": request.full_path}
    return Response.html(await datasette.render_template("coi_error.html", context, request=request), status=status)
