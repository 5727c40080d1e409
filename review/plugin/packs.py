"""Evidence packs as downloads, and briefs as pages. A pack is made beside the site, one at a time."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.utils.asgi import AsgiFileDownload, Request, Response

from review.plugin.look import Refused, today
from review.plugin.page import Page, home_of, open_page
from store.clock import utc_now
from store.db import connect_readonly
from store.home import Home
from store.wacz import CannotExport

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

    from review.pack.gather import Contents
    from review.pack.wanted import Scope

# The modules of packs load the site's words, and with them this one: they are imported when they are called.

T = TypeVar("T")
WAITING = 3  # packs that may wait for the one being made; more are sent away
_maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pack")
_places = BoundedSemaphore(1 + WAITING)


class Download(AsgiFileDownload):
    """A file that is sent, and then deleted with its folder, whatever became of the visitor."""

    async def asgi_send(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        try:
            await super().asgi_send(send)
        finally:
            shutil.rmtree(Path(self.filepath).parent, ignore_errors=True)


async def pack(datasette: Datasette, request: Request) -> Response | Download:
    """GET /pack/moratoria/<id>.zip, /pack/groups/<country>/<group>.zip, /pack/questions/<id>.zip."""
    page = open_page(datasette, request)
    look, scope_of = page.look, _scope_of(request)
    home, captures = home_of(datasette), request.args.get("captures") != "no"
    if request.method == "HEAD":  # whoever only asks what is there shall not have it made
        await page.read(scope_of)
        return Response("", headers={"content-type": "application/zip"})

    def make() -> tuple[Path, str]:
        return _make(home, scope_of, page, captures=captures)

    try:
        path, name = await _in_turn(make)
    except CannotExport as error:
        raise Refused(410, "missing.pack_bytes", why=str(error)) from error
    return Download(path, filename=f"{name}-{look.language}.zip", content_type="application/zip")


async def table(datasette: Datasette, request: Request) -> Response:
    """GET /pack/....csv: the evidence alone as a table, safe to open in a spreadsheet."""
    from review.pack.tables import evidence_csv

    page = open_page(datasette, request)
    scope_of = _scope_of(request)
    found = await page.read(lambda conn: _gather(conn, scope_of(conn), page))
    named = {"content-disposition": f'attachment; filename="{found.wanted.name}.csv"'}
    return Response(evidence_csv(found), headers=named, content_type="text/csv; charset=utf-8")


async def brief(datasette: Datasette, request: Request) -> Response:
    """GET /brief/...: one page of A4, on the visitor's day."""
    from review.pack.brief import brief as shortened
    from review.pack.say import Say

    page = open_page(datasette, request)
    scope_of = _scope_of(request)
    found = await page.read(lambda conn: _gather(conn, scope_of(conn), page))
    return await page.html(
        "coi_brief.html",
        brief=shortened(found, page.look.language),
        b=Say(page.look.language),
        scope=found.wanted.scope,
        address=address(found.wanted.scope),
    )


def address(scope: Scope) -> str:
    """What follows /pack/ or /brief/ in the address of a scope."""
    if scope.moratorium:
        return f"moratoria/{scope.moratorium}"
    return f"questions/{scope.question}" if scope.question else f"groups/{scope.country}/{scope.group}"


def _scope_of(request: Request) -> Callable[[sqlite3.Connection], Scope]:
    """How the scope that the address names is read. What there is not is refused (404) when it is called."""
    from review.pack import wanted

    named = request.url_vars

    def read(conn: sqlite3.Connection) -> Scope:
        try:
            if "moratorium_id" in named:
                return wanted.of_moratorium(conn, named["moratorium_id"])
            if "question_id" in named:
                return wanted.of_question(conn, named["question_id"])
            return wanted.of_group(conn, named["country"], named["group"])
        except wanted.CannotPack as error:
            raise Refused(404, error.key, **error.values) from error

    return read


def _gather(conn: sqlite3.Connection, scope: Scope, page: Page) -> Contents:
    from review.pack.gather import gather
    from review.pack.wanted import CannotPack, Wanted

    look = page.look
    wanted = Wanted(scope=scope, as_of=look.as_of, basis=look.basis, reading=look.reading, today=today())
    try:
        return gather(conn, wanted)
    except CannotPack as error:
        status = 503 if error.key.startswith("broken.") else 404
        raise Refused(status, error.key, **(error.values | {"day": page.words.day(look.as_of)})) from error


def _make(
    home: Home, scope_of: Callable[[sqlite3.Connection], Scope], page: Page, *, captures: bool
) -> tuple[Path, str]:
    """Make a pack in a folder of its own; its path, and the name it goes by."""
    from review.pack.box import write

    folder = Path(tempfile.mkdtemp(prefix="coi-pack-"))
    conn = connect_readonly(home)
    try:
        found = _gather(conn, scope_of(conn), page)
        out = folder / "pack.zip"
        write(conn, home, found, out, language=page.look.language, generated_at=utc_now(), with_captures=captures)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        conn.close()
    return out, found.wanted.name


async def _in_turn(make: Callable[[], T]) -> T:
    """Do it in the one thread for it; Refused (503) where too many wait already."""
    if not _places.acquire(blocking=False):
        raise Refused(503, "wrong.pack_busy")
    try:
        return await asyncio.get_running_loop().run_in_executor(_maker, make)
    finally:
        _places.release()
