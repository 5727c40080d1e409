"""Contradictions on the page of a question: who may decide says what one is and which side goes, or takes it back."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.contradictions import Dissent, judged_on, open_dissents, resolve
from review.method.model import Reading, Resolved
from review.plugin.decisions import LONGEST, fields_of, question_of_a_group, way_back
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.plugin.safety import whole
from store import contradictions
from store.clock import utc_now
from store.contradictions import ContradictionError
from store.db import writing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

CHOICES = tuple(str(one) for one in Resolved)


async def record(datasette: Datasette, request: Request) -> Response:
    """POST /questions/<id>/resolutions: evidence, resolution, side, reason; or undo (a number) and reason."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    asked = await question_of_a_group(page, request.url_vars["question_id"])
    reason, undone = fields.get("reason", "").strip(), whole(fields.get("undo", ""))
    if not reason:
        raise Refused(400, "wrong.why")
    if len(reason) > LONGEST:
        raise Refused(400, "wrong.long", n=len(reason), most=LONGEST)
    kind, side = fields.get("resolution", ""), fields.get("side", "") or None
    if undone is None and (kind not in CHOICES or side not in (None, "a", "b")):
        raise Refused(400, "wrong.choice", name="resolution", value=f"{kind} {side}"[:40], choices=", ".join(CHOICES))

    def write(conn: sqlite3.Connection) -> None:
        if undone is not None:
            known = contradictions.of_country(conn, asked["country"], question_id=asked["id"])
            if undone not in {row["id"] for row in known}:
                raise ContradictionError(f"resolution {undone}: none of {asked['id']} has this number")
            with writing(conn):
                contradictions.undo(conn, undone, reason=reason, actor=actor, at=utc_now())
            return
        judged = judged_on(conn, asked["country"], asked["id"], Reading(page.look.reading), page.look.as_of)
        number = whole(fields.get("evidence", "")) or 0
        resolve(conn, judged, number, resolution=kind, side=side, reason=reason, actor=actor)

    try:
        await database(datasette).execute_write_fn(write)
    except ContradictionError as error:
        raise Refused(400, "wrong.resolution", why=str(error)) from error
    return Response("", status=303, headers={"location": way_back(fields.get("back", f"/questions/{asked['id']}"))})


async def of_question(page: Page, asked: sqlite3.Row) -> tuple[tuple[Dissent, ...], list[sqlite3.Row]]:
    """What nobody has resolved on a question by the visitor's day, and what people said of the rest."""

    def read(conn: sqlite3.Connection) -> tuple[tuple[Dissent, ...], list[sqlite3.Row]]:
        judged = judged_on(conn, asked["country"], asked["id"], Reading(page.look.reading), page.look.as_of)
        return open_dissents(judged), list(contradictions.of_country(conn, asked["country"], question_id=asked["id"]))

    return await page.read(read)
