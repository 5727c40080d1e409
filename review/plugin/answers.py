"""Evidence that a person adds: a passage's answer to a question, on its scale, with when and by whom it was said."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.collecting import speakers_of
from review.declared_parts import OFF_SCALE
from review.plugin.decisions import fields_of, question_of_a_group, reason_of, say_where_it_stands, way_back
from review.plugin.look import Refused, today
from review.plugin.marks import Mark, pieces
from review.plugin.page import Page, database, open_page
from review.plugin.quoted import quoted
from review.plugin.safety import whole
from review.plugin.translated import of_passages, read_in
from review.plugin.voiced import must_be_named, must_be_said, voice_of
from store import evidence
from store.clock import EARLIEST, modern_day, utc_now
from store.db import writing
from store.evidence import EvidenceDecision, EvidenceRow

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

DIRECTNESS = ("direct", "reported", "general")
LONGEST_NAME = 300  # characters of who is quoted, or of a place
BY_HAND = "a person"


async def form(datasette: Datasette, request: Request) -> Response:
    """GET /passages/<id>/evidence: choose a question, then answer it."""
    page = open_page(datasette, request)
    passage = await _passage(page)
    chosen = _chosen(page, passage["text"])
    marks = [Mark(start=chosen[0], end=chosen[1], kind="evidence", label=page.words("sel.chosen"))] if chosen else []
    wanted = (request.args.get("question") or "").strip()
    asked = await question_of_a_group(page, wanted) if wanted else None
    return await page.html(
        "coi_answer.html",
        passage=passage,
        translation=(await of_passages(page, [passage["id"]])).get(passage["id"]),
        asked=asked,
        chosen=chosen,
        quote=passage["text"][slice(*chosen)] if chosen else "",
        pieces=pieces(passage["text"], marks),
        examples=(json.loads(asked["examples_in"]), json.loads(asked["examples_out"])) if asked else ((), ()),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        scale=(*json.loads(asked["scale"]), *sorted(OFF_SCALE)) if asked else (),
        questions=await page.rows("select * from site_questions where group_id is not null"),
        back=way_back(request.args.get("back") or f"/documents/{passage['document_id']}#p{passage['id']}"),
    )


async def add(datasette: Datasette, request: Request) -> Response:
    """POST /passages/<id>/evidence: question, answer, directness, attributed_to, facts, span or quote, reason."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    passage = await _passage(page)
    asked = await question_of_a_group(page, fields.get("question", ""))
    reason, code = reason_of(fields)
    row = _row(fields, passage, asked, actor)
    speakers = await page.read(speakers_of)
    said = must_be_said(row.attributed_to, passage["text"], (row.start, row.end), passage["language"], speakers)
    row = replace(row, attributed_to=voice_of(said, passage["language"], speakers))
    must_be_named(row.attributed_to, passage["text"], passage["language"], speakers)
    accepted = EvidenceDecision(
        evidence_id=0, decision="accept", actor=actor, decided_at=row.proposed_at, reason=reason, reason_code=code,
        read_in=await read_in(page, fields, passage["id"]),
    )  # fmt: skip

    def write(conn: sqlite3.Connection) -> None:
        with writing(conn):
            if not _held(conn, row):
                evidence.add(conn, row, accepted)

    await database(datasette).execute_write_fn(write)
    await say_where_it_stands(page, passage["id"])
    back = fields.get("back") or f"/documents/{passage['document_id']}#p{passage['id']}"
    return Response("", status=303, headers={"location": way_back(back)})


async def _passage(page: Page) -> sqlite3.Row:
    passage_id = int(page.request.url_vars["passage_id"])
    row = await page.row("select id, text, language, document_id from passages where id = ?", [passage_id])
    if row is None:
        raise Refused(404, "missing.passage", id=passage_id)
    return row


def _row(fields: dict[str, str], passage: sqlite3.Row, asked: sqlite3.Row, actor: str) -> EvidenceRow:
    """What was sent, as evidence. Refused (400) with the field and what it may be."""
    scale = [*json.loads(asked["scale"]), *sorted(OFF_SCALE)]
    answer = _one_of(fields, "answer", scale)
    facts_from, facts_to = (_day(fields, name) for name in ("facts_from", "facts_to"))
    if facts_from and facts_to and facts_from > facts_to:
        raise Refused(400, "wrong.facts", first=facts_from, last=facts_to)
    start, end = _span(fields, passage["text"])
    return EvidenceRow(
        passage_id=passage["id"],
        question_id=asked["id"],
        question_version=asked["version"],
        country=asked["country"],
        group_id=asked["group_id"],
        answer=answer,
        directness=_one_of(fields, "directness", DIRECTNESS),
        attributed_to=_name(fields, "attributed_to"),
        place=_name(fields, "place"),
        facts_from=facts_from,
        facts_to=facts_to,
        ongoing=int(fields.get("ongoing") == "1"),
        start=start,
        end=end,
        rule=BY_HAND,
        proposed_by=actor,
        proposed_at=utc_now(),
    )


def _one_of(fields: dict[str, str], name: str, choices: list[str] | tuple[str, ...]) -> str:
    value = fields.get(name, "").strip()
    if value not in choices:
        raise Refused(400, "wrong.choice", name=name, value=value[:40], choices=", ".join(choices))
    return value


def _day(fields: dict[str, str], name: str) -> str | None:
    """A day of facts; not one that has not come yet, for promises are no facts."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        found: date = modern_day(text)
    except ValueError as error:
        raise Refused(400, "wrong.old_day", value=text[:40], earliest=EARLIEST) from error
    if found > today():
        raise Refused(400, "wrong.future_facts", value=found.isoformat())
    return found.isoformat()


def _name(fields: dict[str, str], name: str) -> str:
    value = " ".join(fields.get(name, "").split())
    if len(value) > LONGEST_NAME:
        raise Refused(400, "wrong.long", n=len(value), most=LONGEST_NAME)
    return value


def _span(fields: dict[str, str], text: str) -> tuple[int, int]:
    """The words that the answer rests on: by place, by quotation, else the whole passage."""
    quote = fields.get("quote", "").strip()
    if fields.get("start") or fields.get("end"):
        start, end = whole(fields.get("start", "")), whole(fields.get("end", ""))
        if start is None or end is None or not start < end <= len(text):
            raise Refused(400, "wrong.span", n=len(text))
        if not quote or text[start:end].split() == quote.split():
            return start, end  # else the words were changed after they were selected: they count
    return quoted(quote, text) if quote else (0, len(text))


def _chosen(page: Page, text: str) -> tuple[int, int] | None:
    """The place that was selected on another page; None where none was. Refused (400) outside the text."""
    place = {name: page.request.args.get(name) or "" for name in ("start", "end")}
    return _span(place, text) if any(place.values()) else None


def _held(conn: sqlite3.Connection, row: EvidenceRow) -> bool:
    """Whether the same form was sent before and still stands."""
    return (
        conn.execute(
            """select 1 from current_evidence where examination_id is null and decision = 'accept' and passage_id = ?
                 and question_id = ? and answer = ? and start = ? and end = ? and facts_from is ? and facts_to is ?
                 and attributed_to = ? and proposed_by = ?""",
            [
                row.passage_id, row.question_id, row.answer, row.start, row.end, row.facts_from, row.facts_to,
                row.attributed_to, row.proposed_by,
            ],
        ).fetchone()
        is not None
    )  # fmt: skip
