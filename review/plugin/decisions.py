"""What people decide about tags, evidence and relevance: forms sent by POST, kept as rows, never lost or doubled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from datasette.utils.asgi import Request, Response

from review.plugin import access
from review.plugin.errors import SENT
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.plugin.quoted import with_words
from review.plugin.safety import whole
from review.plugin.translated import read_in
from store import codings, evidence, tags
from store.clock import utc_now
from store.db import writing
from store.reason_codes import CHOICES, ReasonCode

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

DECISIONS = ("accept", "reject", "unsure", "later")
UNDO = "undo"
LONGEST = 4000  # characters of a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a person sent, checked as far as it can be without the database."""

    decision: str
    reason: str
    reason_code: str
    actor: str
    seen: int  # the newest decision when the form was shown; 0: none
    back: str
    read_in: str = ""  # of evidence with a machine translation: original or machine


Last = tuple[int, str, str, str, str, str, int | None, str]
"""id, decision, reason, actor, decided_at, reason code, the row it was carried from, and what was read."""
_COLUMNS = "id, decision, reason, actor, decided_at, reason_code, carried_from"
_LAST = f"select {_COLUMNS}, '' as read_in from"


async def decide_tag(datasette: Datasette, request: Request) -> Response:
    """POST /passages/<id>/tags: kind, value, decision (or add, undo), reason_code, reason, for add also quote."""
    page = open_page(datasette, request)
    fields, form = await form_of(page, allowed=(*DECISIONS, "add", UNDO))
    passage_id = await _passage(page)
    kind, value = fields.get("kind", ""), fields.get("value", "")
    await _must_be_a_tag(page, passage_id, kind, value, form.decision)
    if form.decision == "add":
        form = replace(form, reason=await with_words(page, passage_id, fields.get("quote", ""), form.reason, LONGEST))

    def decide(conn: sqlite3.Connection) -> int:
        if form.decision == UNDO:
            return tags.undo(conn, passage_id, kind, value, decision_id=form.seen, actor=form.actor, at=utc_now())
        decision = tags.TagDecision(
            passage_id=passage_id, kind=kind, value=value, decision=form.decision, actor=form.actor,
            decided_at=utc_now(), reason=form.reason, reason_code=form.reason_code,
        )  # fmt: skip
        return tags.decide(conn, decision)

    last = f"{_LAST} last_tag_decisions where passage_id = ? and kind = ? and value = ?"
    return await _keep(page, form, fields, (last, [passage_id, kind, value]), passage_id, decide)


async def decide_evidence(datasette: Datasette, request: Request) -> Response:
    """POST /evidence/<id>/decide: decision (or undo), reason_code, reason."""
    page = open_page(datasette, request)
    fields, form = await form_of(page, allowed=(*DECISIONS, UNDO))
    evidence_id = int(request.url_vars["evidence_id"])
    row = await page.row("select passage_id from evidence where id = ?", [evidence_id])
    if row is None:
        raise Refused(404, "missing.evidence", id=evidence_id)
    if form.decision != UNDO:  # an undo restores what was read then
        form = replace(form, read_in=await read_in(page, fields, row["passage_id"]))

    def decide(conn: sqlite3.Connection) -> int:
        if form.decision == UNDO:
            return evidence.undo(conn, evidence_id, decision_id=form.seen, actor=form.actor, at=utc_now())
        decision = evidence.EvidenceDecision(
            evidence_id=evidence_id, decision=form.decision, actor=form.actor, decided_at=utc_now(),
            reason=form.reason, reason_code=form.reason_code, read_in=form.read_in,
        )  # fmt: skip
        return evidence.decide(conn, decision)

    last = f"select {_COLUMNS}, read_in from last_evidence_decisions where evidence_id = ?"  # noqa: S608 - our columns
    return await _keep(page, form, fields, (last, [evidence_id]), row["passage_id"], decide)


async def decide_relevance(datasette: Datasette, request: Request) -> Response:
    """POST /passages/<id>/relevance: question, decision (or undo), reason_code, reason.

    For passages in which nothing answers the question yet: does it bear on it at all?
    """
    page = open_page(datasette, request)
    fields, form = await form_of(page, allowed=(*DECISIONS, UNDO))
    passage_id = await _passage(page)
    asked = await question_of_a_group(page, fields.get("question", ""))

    def decide(conn: sqlite3.Connection) -> int:
        if form.decision == UNDO:
            return codings.undo(conn, passage_id, asked["id"], decision_id=form.seen, actor=form.actor, at=utc_now())
        decision = codings.RelevanceDecision(
            passage_id=passage_id, question_id=asked["id"], country=asked["country"], decision=form.decision,
            actor=form.actor, decided_at=utc_now(), reason=form.reason, reason_code=form.reason_code,
        )  # fmt: skip
        return codings.judge(conn, decision)

    last = f"{_LAST} last_relevance_decisions where passage_id = ? and question_id = ? and country = ?"
    key = [passage_id, asked["id"], asked["country"]]
    return await _keep(page, form, fields, (last, key), passage_id, decide)


async def fields_of(page: Page) -> tuple[dict[str, str], str]:
    """The fields as sent, and who sends them. Refused (403) for who may not decide."""
    if not await page.datasette.permission_allowed(page.request.actor, access.DECIDE, default=False):
        raise Refused(403, "denied.decide")
    fields = dict(await page.request.post_vars())
    page.request.scope[SENT] = fields
    return fields, access.name_of(page.request.actor)


async def form_of(page: Page, *, allowed: tuple[str, ...]) -> tuple[dict[str, str], Form]:
    """The fields as sent. Refused: 403 for who may not decide, 400 for what cannot be kept."""
    fields, actor = await fields_of(page)
    decision = fields.get("decision", "")
    if decision not in allowed:
        raise Refused(400, "wrong.decision", value=decision[:40])
    reason, code = reason_of(fields)
    if decision == "reject" and not reason and not code:
        raise Refused(400, "wrong.reason")
    return fields, Form(
        decision=decision,
        reason=reason,
        reason_code=code,
        actor=actor,
        seen=whole(fields.get("seen", "")) or 0,
        back=way_back(fields.get("back", "")),
    )


def reason_of(fields: dict[str, str]) -> tuple[str, str]:
    """The words and the code of a reason. Refused (400): too long, no code of ours, `other` without words."""
    reason, code = fields.get("reason", "").strip(), fields.get("reason_code", "").strip()
    if len(reason) > LONGEST:
        raise Refused(400, "wrong.long", n=len(reason), most=LONGEST)
    if code and code not in CHOICES:
        raise Refused(400, "wrong.code", value=code[:40], choices=", ".join(CHOICES))
    if code == ReasonCode.OTHER and not reason:
        raise Refused(400, "wrong.other")
    return reason, code


async def question_of_a_group(page: Page, question_id: str) -> sqlite3.Row:
    """The question as it is asked now. Refused: 404 where there is none, 400 where it belongs to no group."""
    row = await page.row("select * from site_questions where lower(id) = lower(?)", [question_id.strip()])
    if row is None:
        raise Refused(404, "missing.question", id=question_id[:40])
    if row["group_id"] is None:
        raise Refused(400, "wrong.no_group", id=row["id"])
    return row


async def _passage(page: Page) -> int:
    passage_id = int(page.request.url_vars["passage_id"])
    if await page.row("select id from passages where id = ?", [passage_id]) is None:
        raise Refused(404, "missing.passage", id=passage_id)
    return passage_id


async def _must_be_a_tag(page: Page, passage_id: int, kind: str, value: str, decision: str) -> None:
    """A tag is one the passage carries or that a person decided on before; a group may also be added."""
    if decision == "add":
        row = await page.row("select 1 from target_groups where id = ? and ? = 'group'", [value, kind])
    else:
        row = await page.row(
            """select 1 from current_tags where passage_id = ?1 and kind = ?2 and value = ?3
               union all select 1 from tag_decisions where passage_id = ?1 and kind = ?2 and value = ?3""",
            [passage_id, kind, value],
        )
    if row is None:
        raise Refused(400, "wrong.tag", value=f"{kind} {value}"[:60])


async def _keep(
    page: Page,
    form: Form,
    fields: dict[str, str],
    last_one: tuple[str, list[object]],
    passage_id: int,
    decide: Callable[[sqlite3.Connection], int],
) -> Response:
    """Keep a decision unless it is already the newest one, or another has come between (409, nothing lost)."""
    if form.decision == UNDO and not form.seen:
        raise Refused(400, "wrong.undo")

    def write(conn: sqlite3.Connection) -> Last | None:
        with writing(conn):
            row = conn.execute(*last_one).fetchone()
            last: Last | None = tuple(row) if row else None
            sent = (form.decision, form.reason, form.actor, form.reason_code, None, form.read_in)
            if last and (*last[1:4], *last[5:]) == sent:
                return None  # the same form, sent twice; a carried decision is confirmed by a row of its own
            if last and last[0] != form.seen:
                return last
            if form.decision == UNDO and last is None:
                return None  # nothing was ever decided here
            decide(conn)
            return None

    meanwhile = await database(page.datasette).execute_write_fn(write)
    if meanwhile is not None:
        return await page.html(
            "coi_meanwhile.html", status=409, form=form, fields=fields, last=meanwhile, action=page.request.full_path
        )
    await say_where_it_stands(page, passage_id)
    return Response("", status=303, headers={"location": form.back})


async def say_where_it_stands(page: Page, passage_id: int) -> None:
    """Tell that a decision was kept on a passage that its publisher has taken out, or whose document is gone."""
    row = await page.row(
        """select w.withdrawn_on as day from withdrawn_passages w where w.passage_id = ?1
           union all select substr(s.seen_at, 1, 10) from passages p join documents d on d.id = p.document_id
             join document_states s on s.document_id = d.id and s.state = d.state
             where p.id = ?1 and d.state in ('gone', 'withdrawn')
           order by 1 desc limit 1""",
        [passage_id],
    )
    if row:
        said = page.words("dec.withdrawn", day=page.words.day(row["day"]))
        page.datasette.add_message(page.request, said, page.datasette.INFO)


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
