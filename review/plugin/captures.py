"""The page of one capture and the download of its bytes, which are never shown as a page of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from store import archive_read, captures
from store.captures_check import held_again
from store.home import Home
from store.model import Capture

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def capture(datasette: Datasette, request: Request) -> Response:
    """What was fetched, when, and where it lies."""
    page = open_page(datasette, request)
    number = int(request.url_vars["capture_id"])
    found = await _get(page, number)
    documents = await page.rows(
        "select distinct document_id, title from site_versions where capture_id = ? order by document_id", [number]
    )
    return await page.html("coi_capture.html", number=number, capture=found, documents=documents)


async def original(datasette: Datasette, request: Request) -> Response:
    """The bytes themselves: a download without a name of the publisher's choosing, of no type a browser would run."""
    page = open_page(datasette, request)
    number = int(request.url_vars["capture_id"])
    found = await _get(page, number)
    if found.refers_to is not None:
        number = found.refers_to
        found = await _get(page, number)
    archive = Home(Path(database(datasette).path).parent).archive
    try:
        body = archive_read.payload(archive, found)
    except archive_read.BytesLost as error:
        again = await page.read(lambda conn: held_again(conn, archive, number))
        if again is None or again[1].refers_to is not None:
            raise Refused(410, "missing.bytes", why=str(error)) from error
        body = archive_read.payload(archive, again[1])
    return Response(
        body,
        status=200,
        headers={"content-disposition": f'attachment; filename="capture-{number}.bin"'},
        content_type="application/octet-stream",
    )


async def _get(page: Page, number: int) -> Capture:
    try:
        return await page.read(lambda conn: captures.get(conn, number))
    except KeyError as error:
        raise Refused(404, "missing.capture", id=number) from error
