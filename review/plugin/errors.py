"""When something cannot be shown: the right status code, in the site's frame, with what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from datasette.utils.asgi import Base400, NotFound, Request, Response

from review.plugin.look import Refused, language_of
from review.plugin.sent import MOST_BYTES, SAFE, Sent
from review.plugin.words import Words
from store.db import wants_disk

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

SENT = "coi_sent"  # in the scope of a request: the fields of the form that it brought
HIDDEN = frozenset({"csrftoken", "password", "decision", "once"})
KEPT = frozenset(
    {"seen", "once", "back", "passage", "question", "about", "id", "restricted", "kind", "value", "decision", "source"}
)
MOST_KEPT = 2_000_000  # characters that are offered again
OFFERED = frozenset({400, 401, 503})
CSRF = "ds_csrftoken"
NUMBERS = ("_timelimit", "_ttl", "_size", "_facet_size")  # of Datasette, which takes them for numbers unlooked at
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


def datasettes_fault(datasette: Datasette, request: Request, error: Exception) -> Awaitable[Response] | None:
    """What Datasette answers with 500 though the address was wrong: a sort by no column, `_through` that is no JSON."""
    from datasette.utils import ValueAsBooleanError
    from datasette.views.base import DatasetteError  # its import loads this plugin

    if isinstance(error, DatasetteError) and error.status in (400, 500) and not error.message_is_html:
        return _page(datasette, request, 400, str(error.message))
    number = isinstance(error, ValueError) and any(name in request.args for name in NUMBERS)
    if number or isinstance(error, ValueAsBooleanError):  # _json_infinity=maybe, _timelimit=soon
        return _page(datasette, request, 400, Words(language_of(request))("wrong.setting"))
    if "_through" in request.args and isinstance(error, (ValueError, KeyError, TypeError)):
        return _page(datasette, request, 400, Words(language_of(request))("wrong.through"))
    return None


def no_disk(datasette: Datasette, request: Request, error: Exception) -> Awaitable[Response] | None:
    """503 where SQLite had no lock, room or right to go on: nothing was kept, and what was typed can be sent again."""
    if not isinstance(error, sqlite3.OperationalError) or not wants_disk(error):
        return None
    key = "wrong.unread" if request.method in SAFE else "wrong.unwritten"
    return _page(datasette, request, 503, Words(language_of(request))(key, said=error))


async def forbid(datasette: Datasette, request: Request, message: str) -> Response:
    """Datasette's 403 in the site's frame; for a query of one's own with the way to it."""
    if message == "execute-sql" and not request.actor:
        message = Words(language_of(request))("denied.sql")
    elif message in ("execute-sql", "view-table", "view-instance"):
        message = Words(language_of(request))("denied.table")
    return await _page(datasette, request, 403, message)


async def explain_form(datasette: Datasette, request: Request, sent: Sent) -> Response:
    """The page for a form that was not taken: its token missing, forged or too old, too large, not readable.

    What was written is shown to be copied, never as a form: it may come from another site.
    """
    words = Words(language_of(request))
    message = words(sent.key, most=MOST_BYTES // 1024**2)
    written = [value for name, value in sent.fields.items() if name not in KEPT | HIDDEN and value.strip()]
    context = {
        "status": sent.status, "message": message, "heading": str(sent.status), "again": (), "action": "",
        "written": written if sum(map(len, written)) <= MOST_KEPT else (),
    }  # fmt: skip
    return Response.html(
        await datasette.render_template("coi_error.html", context, request=request), status=sent.status
    )


def _again(request: Request) -> tuple[tuple[str, str, bool], ...]:
    """The fields that were typed, to correct and send again: name, value, whether it stays hidden.

    Only of a form that this site made: without its cookie nobody checked the token, and another site may have sent it.
    """
    if CSRF not in request.cookies:
        return ()
    sent = {name: value for name, value in request.scope.get(SENT, {}).items() if name != "csrftoken"}
    if sum(map(len, sent.values())) > MOST_KEPT:
        return ()
    return tuple((name, value, name in KEPT or name.startswith("source.")) for name, value in sent.items())


async def _page(datasette: Datasette, request: Request, status: int, message: str) -> Response:
    if "application/json" in request.headers.get("accept", "") or request.path.endswith(".json"):
        body = json.dumps({"ok": False, "error": message, "status": status})
        return Response(body, status=status, content_type="application/json; charset=utf-8")
    context = {"status": status, "message": message, "heading": str(status), "again": (), "action": ""}
    if request.method == "POST" and status in OFFERED:
        heading = "form" if status in (400, 503) else str(status)
        context |= {"heading": heading, "again": _again(request), "action": request.full_path}
    return Response.html(await datasette.render_template("coi_error.html", context, request=request), status=status)
