"""Blind coding: answer a question for a passage without seeing what others or the rules say; then compare."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from review.agreement import Agreement, measure, measure_all
from review.coding import Said, is_blind, others, to_code, waiting
from review.plugin import access
from review.plugin.decisions import fields_of, question_of_a_group, reason_of
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.plugin.safety import whole
from store import codings
from store.clock import utc_now
from store.db import writing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question in the list: what this person can still code, and how far coders agree."""

    asked: sqlite3.Row
    waiting: int
    agreement: Agreement


async def show(datasette: Datasette, request: Request) -> Response:
    """GET /coding: the list of questions; ?question= the next passage; &coded= what others said of one just coded."""
    page = open_page(datasette, request)
    wanted = (request.args.get("question") or "").strip()
    if not wanted:
        return await page.html("coi_coding.html", rows=await _rows(page), asked=None)
    asked = await question_of_a_group(page, wanted)
    actor = access.name_of(request.actor) if request.actor else ""
    coded = whole(request.args.get("coded") or "")

    def read(conn: sqlite3.Connection) -> tuple[list[int], tuple[Said, ...], Agreement]:
        return (
            to_code(conn, asked["id"], asked["version"], asked["country"], actor=actor) if actor else [],
            tuple(others(conn, coded, asked["id"], asked["country"], actor=actor)) if coded and actor else (),
            measure(conn, asked["country"], [asked["id"]]),
        )

    left, said, agreement = await page.read(read)
    return await page.html(
        "coi_coding.html",
        asked=asked,
        examples=(json.loads(asked["examples_in"]), json.loads(asked["examples_out"])),
        scale=(*json.loads(asked["scale"]), *codings.OFF_SCALE),
        waiting=len(left),
        passage=await _passage(page, left[0]) if left and not coded else None,
        before=await _passage(page, coded) if coded else None,
        said=said,
        agreement=agreement,
        rows=(),
    )


async def keep(datasette: Datasette, request: Request) -> Response:
    """POST /coding: passage, question, answer, reason."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    asked = await question_of_a_group(page, fields.get("question", ""))
    passage = await _passage(page, whole(fields.get("passage", "")) or 0)
    if passage is None:
        raise Refused(404, "missing.passage", id=fields.get("passage", "")[:20])
    choices = (*json.loads(asked["scale"]), *codings.OFF_SCALE)
    answer = fields.get("answer", "")
    if answer not in choices:
        raise Refused(400, "wrong.choice", name="answer", value=answer[:40], choices=", ".join(choices))
    reason, _ = reason_of(fields)

    def write(conn: sqlite3.Connection) -> None:
        with writing(conn):
            blind = is_blind(conn, passage["id"], asked["id"], asked["country"], actor=actor)
            codings.code(
                conn,
                codings.Coding(
                    passage_id=passage["id"], question_id=asked["id"], question_version=asked["version"],
                    country=asked["country"], answer=answer, actor=actor, coded_at=utc_now(), blind=blind,
                    reason=reason,
                ),
            )  # fmt: skip

    try:
        await database(datasette).execute_write_fn(write)
    except codings.AlreadyCoded as error:
        raise Refused(409, "wrong.coded", id=asked["id"]) from error
    query = {"question": asked["id"], "coded": str(passage["id"])}
    if page.look.language != "en":
        query["lang"] = page.look.language
    return Response("", status=303, headers={"location": f"/coding?{urlencode(query)}"})


async def _passage(page: Page, passage_id: int) -> sqlite3.Row | None:
    return await page.row(
        """select p.id, p.text, p.language, p.document_id, d.title, s.publisher, v.published_on, v.published_precision
           from passages p join documents d on d.id = p.document_id join sources s on s.id = d.source_id
           join current_versions v on v.document_id = d.id where p.id = ?""",
        [passage_id],
    )


async def _rows(page: Page) -> list[Row]:
    actor = access.name_of(page.request.actor) if page.request.actor else ""
    questions = await page.rows(
        """select id, version, country, wording, wording_nl from site_questions
           where decisive = 1 and group_id is not null"""
    )
    by_country: dict[str, list[str]] = {}
    for asked in questions:
        by_country.setdefault(asked["country"], []).append(asked["id"])

    def read(conn: sqlite3.Connection) -> list[Row]:
        left = waiting(conn, [(asked["id"], asked["version"], asked["country"]) for asked in questions], actor=actor)
        agreed: dict[str, Agreement] = {}
        for country, ids in by_country.items():
            agreed |= measure_all(conn, country, {id_: [id_] for id_ in ids})
        return [Row(asked=asked, waiting=left[asked["id"]], agreement=agreed[asked["id"]]) for asked in questions]

    return await page.read(read)
