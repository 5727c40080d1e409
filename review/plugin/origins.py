"""What people decide about where documents come from: confirm or split a link, merge two documents. Sent by POST."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.origins_people import decide_link, merge_documents
from review.plugin.decisions import LONGEST, fields_of, way_back
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.plugin.safety import whole
from store.clock import utc_now
from store.origins import LinkDecision

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

DECISIONS = ("confirm", "split")
LAST = """select id, decision, reason, actor, decided_at from origin_decisions where id = (
  select decision_id from site_links where id = ?)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person sent about a link, checked as far as it can be without the database."""

    decision: str
    reason: str
    actor: str
    seen: int  # the newest decision when the form was shown; 0: none
    back: str


async def decide(datasette: Datasette, request: Request) -> Response:
    """POST /origins/links/<id>/decide: decision (confirm, split), reason. Judged anew before the page comes back."""
    page = open_page(datasette, request)
    fields, said = await _said(page)
    if said.decision not in DECISIONS:
        raise Refused(400, "wrong.origin_decision", value=said.decision[:40])
    link_id = int(request.url_vars["link_id"])
    if await page.row("select 1 from origin_links where id = ?", [link_id]) is None:
        raise Refused(404, "missing.link", id=link_id)
    decision = LinkDecision(
        link_id=link_id, decision=said.decision, reason=said.reason, actor=said.actor, decided_at=utc_now()
    )

    def write(conn: sqlite3.Connection) -> tuple[object, ...] | None:
        row = conn.execute(LAST, [link_id]).fetchone()
        if row and (row["decision"], row["reason"], row["actor"]) == (said.decision, said.reason, said.actor):
            return None  # the same form, sent twice
        if row and row["id"] != said.seen:
            return tuple(row)
        decide_link(conn, decision)
        return None

    meanwhile = await database(datasette).execute_write_fn(write)
    if meanwhile is None:
        return Response("", status=303, headers={"location": said.back})
    return await page.html(
        "coi_meanwhile.html", status=409, form=said, fields=fields, last=meanwhile, action=request.full_path
    )


async def merge(datasette: Datasette, request: Request) -> Response:
    """POST /documents/<id>/merge: parent (the number of the document that it comes from), reason."""
    page = open_page(datasette, request)
    fields, said = await _said(page)
    child, parent = int(request.url_vars["document_id"]), whole(fields.get("parent", "").strip())
    for number in (child, parent):
        known = number is not None and await page.row("select 1 from site_documents where id = ?", [number])
        if not known:
            raise Refused(404, "missing.document", id=fields.get("parent", "")[:20] if number is None else number)
    if child == parent:
        raise Refused(400, "wrong.merge", id=child)
    known_parent = parent or 0

    def write(conn: sqlite3.Connection) -> None:
        merge_documents(conn, child, known_parent, reason=said.reason, actor=said.actor, at=utc_now())

    await database(datasette).execute_write_fn(write)
    return Response("", status=303, headers={"location": said.back})


async def _said(page: Page) -> tuple[dict[str, str], Said]:
    """The fields as sent. Refused: 403 for who may not decide, 400 for what cannot be kept."""
    fields, actor = await fields_of(page)
    reason = fields.get("reason", "").strip()
    if not reason:
        raise Refused(400, "wrong.origin_reason")
    if len(reason) > LONGEST:
        raise Refused(400, "wrong.long", n=len(reason), most=LONGEST)
    return fields, Said(
        decision=fields.get("decision", ""), reason=reason, actor=actor, seen=whole(fields.get("seen", "")) or 0,
        back=way_back(fields.get("back", "")),
    )  # fmt: skip
