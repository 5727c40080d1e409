"""The moratoria: all of them with a timeline, one of them, and what texts propose with a person's word on it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review import moratorium_register, proposals_people
from review.backtest import replayable
from review.moratorium import fault_of
from review.moratorium_register import ORDER, Entry, code
from review.plugin import moratoria_map
from review.plugin.decisions import LONGEST, fields_of
from review.plugin.look import Refused
from review.plugin.moratoria_chart import draw
from review.plugin.moratorium_shown import shown
from review.plugin.page import database, home_of, open_page
from store.clock import utc_now

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

PROPOSALS = "select * from open_moratorium_proposals where public_on <= ? order by public_on desc, id desc limit 50"


async def index(datasette: Datasette, request: Request) -> Response:
    """GET /moratoria: running ones first, then the others; ?state=, ?country=."""
    page = open_page(datasette, request)
    state, country = (code(request.args.get(name) or "") or None for name in ("state", "country"))
    every = await page.read(lambda conn: moratorium_register.entries(conn, page.look.as_of))
    found = [
        one for one in every if state in (None, one.declared.freezing_state) and country in (None, one.declared.country)
    ]
    phases: dict[str, list[Entry]] = {}
    for one in found:
        phases.setdefault(one.phase, []).append(one)
    return await page.html(
        "coi_moratoria.html",
        phases=sorted(phases.items(), key=lambda item: ORDER[item[0]]),
        found=found,
        every=len(every),
        chart=draw(found, page.look.as_of),
        map=moratoria_map.draw(found),
        signs=moratoria_map.SHAPES,
        freezing={one.declared.freezing_state for one in found},
        found_phases=set(phases),
        state=state,
        country=country,
        states=sorted({one.declared.freezing_state for one in every}),
        countries=sorted({one.declared.country for one in every}),
        refused=await page.refused(),
        proposals=[_proposal(row) for row in await page.rows(PROPOSALS, [page.look.until])],
        decided=await page.rows(
            """select x.*, p.act, p.country, v.document_id from moratorium_decisions x
               join moratorium_proposals p on p.id = x.proposal_id join versions v on v.id = p.version_id
               order by x.id desc limit 10"""
        ),
    )


async def moratorium(datasette: Datasette, request: Request) -> Response:
    """GET /moratoria/<id>: clocks, periods, groups in and out, deciding questions, events, references."""
    page = open_page(datasette, request)
    id_ = request.url_vars["moratorium_id"]
    row = await page.row("select * from moratoria where id = ?", [id_])
    if row is None:
        raise Refused(404, "missing.moratorium", id=id_)
    if fault := await page.read(lambda conn: fault_of(conn, row)):
        raise Refused(503, "broken.moratorium", id=id_, said=fault)
    standing = await page.standing(row["country"])
    entry = await page.read(lambda conn: moratorium_register.entry(conn, row, page.look.as_of))
    m = next((m for m in standing.moratoria if m.id == id_), None)
    return await page.html(
        "coi_moratorium.html",
        shown=await shown(page, standing, m, entry),
        replays=id_ in await page.read(replayable),
        standing=standing,
        first_known=await page.first_known(),
        m=m,
        declared=entry.declared,
        over=entry.over or not page.look.stated_day,
        questions={q.id: q for g in standing.groups if g.country == row["country"] for q in g.questions},
        groups={g["id"]: g for g in await page.rows("select id, title, title_nl from target_groups")},
        events=entry.events,
        confidence=entry.declared.confidence_of(),
    )


async def decide(datasette: Datasette, request: Request) -> Response:
    """POST /moratoria/proposals/<id>/decide: decision (confirm, reject), id (of the moratorium), reason."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    decision, reason = fields.get("decision", ""), fields.get("reason", "").strip()
    if decision not in ("confirm", "reject"):
        raise Refused(400, "wrong.mor_decision", value=decision[:40])
    if len(reason) > LONGEST:
        raise Refused(400, "wrong.long", n=len(reason), most=LONGEST)
    if decision == "reject" and not reason:
        raise Refused(400, "wrong.mor_reason")
    proposal_id = int(request.url_vars["proposal_id"])
    said = proposals_people.Word(
        proposal_id=proposal_id, confirm=decision == "confirm", moratorium_id=fields.get("moratorium", "").strip(),
        reason=reason, actor=actor, at=utc_now(),
    )  # fmt: skip
    home = home_of(datasette)

    def write(conn: sqlite3.Connection) -> str | None:
        try:
            proposals_people.decide(conn, home, said)
        except proposals_people.CannotDecide as error:
            return str(error)
        return None

    wrong = await database(datasette).execute_write_fn(write)
    if wrong:
        raise Refused(400, "wrong.mor_proposal", said=wrong)
    return Response("", status=303, headers={"location": f"/moratoria{page.look.query()}#proposals"})


def _proposal(row: sqlite3.Row) -> dict[str, object]:
    """A proposal with its spans and halves read."""
    return dict(row) | {
        "spans": json.loads(row["spans"]),
        "halves": json.loads(row["halves"]),
        "suggested": row["moratorium_id"] or proposals_people.suggested_id(row),
    }
