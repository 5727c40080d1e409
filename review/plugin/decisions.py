"""What people decide about tags and evidence: two forms, sent by POST, kept as new rows, never lost, never doubled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from datasette.utils.asgi import Request, Response

from review.plugin import access
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.plugin.safety import whole
from store import evidence, tags
from store.clock import utc_now
from store.db import writing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

DECISIONS = ("accept", "reject", "unsure", "later")
LONGEST = 4000  # characters of a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a person sent, checked as far as it can be without the database."""

    decision: str
    reason: str
    actor: str
    seen: int  # the newest decision when the form was shown; 0: none
    back: str


Last = tuple[int, str, str, str, str]  # id, decision, reason, actor, decided_at


async def decide_tag(datasette: Datasette, request: Request) -> Response:
    """POST /passages/<id>/tags: kind, value, decision (or add), reason."""
    page = open_page(datasette, request)
    fields, form = await _form(page, allowed=(*DECISIONS, "add"))
    passage_id = int(request.url_vars["passage_id"])
    kind, value = fields.get("kind", ""), fields.get("value", "")
    if await page.row("select id from passages where id = ?", [passage_id]) is None:
        raise Refused(404, "missing.passage", id=passage_id)
    await _must_be_a_tag(page, passage_id, kind, value, form.decision)
    decision = tags.TagDecision(
        passage_id=passage_id, kind=kind, value=value, decision=form.decision, actor=form.actor,
        decided_at=utc_now(), reason=form.reason,
    )  # fmt: skip
    return await _keep(
        page,
        form,
        fields,
        """select id, decision, reason, actor, decided_at from last_tag_decisions
           where passage_id = ? and kind = ? and value = ?""",
        [passage_id, kind, value],
        lambda conn: tags.decide(conn, decision),
    )


async def decide_evidence(datasette: Datasette, request: Request) -> Response:
    """POST /evidence/<id>/decide: decision, reason."""
    page = open_page(datasette, request)
    fields, form = await _form(page, allowed=DECISIONS)
    evidence_id = int(request.url_vars["evidence_id"])
    if await page.row("select id from evidence where id = ?", [evidence_id]) is None:
        raise Refused(404, "missing.evidence", id=evidence_id)
    decision = evidence.EvidenceDecision(
        evidence_id=evidence_id, decision=form.decision, actor=form.actor, decided_at=utc_now(), reason=form.reason
    )
    return await _keep(
        page,
        form,
        fields,
        "select id, decision, reason, actor, decided_at from last_evidence_decisions where evidence_id = ?",
        [evidence_id],
        lambda conn: evidence.decide(conn, decision),
    )


async def _form(page: Page, *, allowed: tuple[str, ...]) -> tuple[dict[str, str], Form]:
    """The fields as sent. Refused: 403 for who may not decide, 400 for what cannot be kept."""
    if not await page.datasette.permission_allowed(page.request.actor, access.DECIDE, default=False):
        raise Refused(403, "denied.decide")
    fields: dict[str, str] = await page.request.post_vars()
    decision, reason = fields.get("decision", ""), fields.get("reason", "").strip()
    if decision not in allowed:
        raise Refused(400, "wrong.decision", value=decision[:40])
    if decision == "reject" and not reason:
        raise Refused(400, "wrong.reason")
    if len(reason) > LONGEST:
        raise Refused(400, "wrong.long", n=len(reason), most=LONGEST)
    seen = fields.get("seen", "")
    return fields, Form(
        decision=decision,
        reason=reason,
        actor=access.name_of(page.request.actor),
        seen=whole(seen) or 0,
        back=way_back(fields.get("back", "")),
    )


async def _must_be_a_tag(page: Page, passage_id: int, kind: str, value: str, decision: str) -> None:
    """A tag is one the passage carries; a group may also be added."""
    if decision == "add":
        row = await page.row("select 1 from target_groups where id = ? and ? = 'group'", [value, kind])
    else:
        row = await page.row(
            "select 1 from current_tags where passage_id = ? and kind = ? and value = ?", [passage_id, kind, value]
        )
    if row is None:
        raise Refused(400, "wrong.tag", value=f"{kind} {value}"[:60])


async def _keep(
    page: Page,
    form: Form,
    fields: dict[str, str],
    last_sql: str,
    key: list[object],
    decide: Callable[[sqlite3.Connection], int],
) -> Response:
    """Keep a decision unless it is already the newest one, or another has come between (409, nothing lost)."""

    def write(conn: sqlite3.Connection) -> Last | None:
        with writing(conn):
            row = conn.execute(last_sql, key).fetchone()
            last: Last | None = tuple(row) if row else None
            if last and last[1:4] == (form.decision, form.reason, form.actor):
                return None  # the same form, sent twice
            if last and last[0] != form.seen:
                return last
            decide(conn)
            return None

    meanwhile = await database(page.datasette).execute_write_fn(write)
    if meanwhile is None:
        return Response("", status=303, headers={"location": form.back})
    return await page.html(
        "coi_meanwhile.html", status=409, form=form, fields=fields, last=meanwhile, action=page.request.full_path
    )


def way_back(asked: str) -> str:
    """The page to return to: a path on this site, never another host.

    >>> way_back("/documents/3#p7"), way_back("//elsewhere.example/"), way_back("https://elsewhere.example/")
    ('/documents/3#p7', '/', '/')
    >>> way_back("/\\t\\\\elsewhere.example")
    '/'
    """
    parts = urlsplit(asked)
    plain = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked and asked.isprintable()
    return asked if plain and not parts.scheme and not parts.netloc else "/"
