"""The site: a Datasette plugin. Hooks are doorbells; the pages stand in the modules beside this one."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Base400, Request, Response
from markupsafe import Markup

from review.plugin import access, cells, csv_guard, door, errors, gate, metrics, replica, request_log, safety, uncounted
from review.plugin.look import parse_gently, today
from review.plugin.page import DATABASE, frame
from review.plugin.routes import FORMS, ROUTES
from store.comments import seal
from store.db import prepare
from store.logs import event
from store.reason_codes import CHOICES

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

VIEWS = Path(__file__).with_name("views.sql").read_text("utf-8")


@hookimpl(tryfirst=True)  # our sign-in page stands in the place of datasette-auth-passwords' own
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    return ROUTES


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    if database == DATABASE:
        prepare(conn)
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, safety.MAX_VALUE_BYTES)
        conn.executescript(VIEWS)
        seal(conn)


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:  # noqa: ANN401 - jinja2's type is not ours
    tables = datasette.metadata("tables", database=DATABASE) or {}
    env.filters["table_title"] = lambda name: tables.get(name, {}).get("title", name)
    env.filters["linkable"] = safety.linkable
    env.globals["reason_code_choices"] = CHOICES


@hookimpl
def extra_template_vars(request: Request | None, datasette: Datasette) -> Callable[[], Awaitable[dict[str, object]]]:
    async def ours() -> dict[str, object]:
        return await frame(datasette, request, parse_gently(request, today()))

    return ours


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[safety.App], safety.App]:
    forms = [re.compile(pattern) for pattern, view in ROUTES if view in FORMS]

    def wrapped(app: safety.App) -> safety.App:
        tables = datasette.metadata("tables", database=DATABASE) or {}

        async def sparing(scope: safety.Message, receive: safety.Receive, send: safety.Send) -> None:
            await app(uncounted.spare(scope, tables) if scope["type"] == "http" else scope, receive, send)

        guarded = replica.marked(datasette, safety.guard(csv_guard.guarded(sparing), door.Door(datasette, forms)))
        return request_log.logged(guarded, lambda *seen: metrics.of(datasette).observe(*seen))

    return wrapped


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: dict[str, object] | None, action: str, resource: object
) -> bool | None:
    return access.answer(actor, action, resource, closed=gate.accounts_of(datasette).closed)


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Awaitable[Response]:
    return errors.forbid(datasette, request, message)


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Awaitable[Response] | None:
    if isinstance(exception, Base400):
        return errors.datasettes_own(datasette, request, exception)
    if answer := errors.no_disk(datasette, request, exception):
        event("disk", f"the database could not be used: {exception}", level=logging.WARNING, path=request.scope["path"])
        return answer
    answer = errors.datasettes_fault(datasette, request, exception)
    if answer is None:
        event("fault", "a page failed", level=logging.ERROR, fault=exception, path=request.scope["path"])
    return answer


@hookimpl
def render_cell(
    value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | Awaitable[Markup | None] | None:
    return cells.cell(datasette, value, column, table) if database == DATABASE else None
