"""Sign-offs in the browser: the list of all of them, proposing on a question's page, and answering a proposal."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import access, questions
from review.plugin.decisions import LONGEST, fields_of, question_of_a_group, way_back
from review.plugin.look import Refused
from review.plugin.page import Page, database, open_page
from review.plugin.signoff_box import visitor
from review.signoff_acts import ANSWERS, STATUSES, CannotSign, Prepared, Wish, answer, keep_proposal, prepare
from review.signoff_list import EXPIRED, IN_FORCE, LAPSED, OPEN, REPLACED, WITHDRAWN, listed
from store.clock import day as day_of
from store.db import writing
from store.signoffs import SignoffError

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

PARTS = (("open", (OPEN,)), ("force", (IN_FORCE,)), ("expired", (EXPIRED,)), ("past", (REPLACED, WITHDRAWN, LAPSED)))
TYPED = ("status", "review_on", "reason", "departing")


async def index(datasette: Datasette, request: Request) -> Response:
    """GET /signoffs: what waits for a second person, what is in force, what ended and why; ?country=, ?question=."""
    page = open_page(datasette, request)
    country = (request.args.get("country") or "").strip().upper()
    question = (request.args.get("question") or "").strip()
    found = await page.read(lambda conn: listed(conn, page.look.as_of, country=country, question=question))
    standing = await page.standing()
    now = {(q.country, q.id): q for group in standing.groups for q in group.questions}
    parts = [(name, [one for one in reversed(found) if one.state in states]) for name, states in PARTS]
    return await page.html(
        "coi_signoffs.html",
        standing=standing,
        parts=parts,
        now=now,
        country=country,
        question=question,
        signer=visitor(page),
        statuses=STATUSES,
        back=f"/signoffs{page.look.query(country=country, question=question)}",
    )


async def propose(datasette: Datasette, request: Request) -> Response:
    """POST /questions/<id>/signoff: status, review_on, reason, departing, seen (digest of the verdict shown).

    The day and the basis of the verdict are those of the address. What is refused comes back in the form as typed.
    """
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    asked = await question_of_a_group(page, request.url_vars["question_id"])

    def write(conn: sqlite3.Connection, ready: Prepared) -> int:
        with writing(conn):
            return keep_proposal(conn, ready)

    try:
        wish = _wish(page, asked, fields, actor)
        ready = await page.read(lambda conn: prepare(conn, wish))
        number = await database(datasette).execute_write_fn(lambda conn: write(conn, ready))
    except (Refused, SignoffError) as error:
        refused = _refused(error)
        status = 409 if refused.key == "wrong.sig_stale" else refused.status
        typed = {name: fields.get(name, "") for name in TYPED}
        said = page.words(refused.key, **_readable(page, refused.values))
        return await questions.show(page, asked, typed=typed, wrong=said, status=status)
    page.datasette.add_message(request, page.words("sig.kept", n=number), page.datasette.INFO)
    if page.look.stated_day:  # on a past day nobody had proposed it yet: it stands in the list of today
        where = f"/signoffs{page.look.query(as_of=None, basis=None, reading=None)}#s{number}"
    else:
        where = f"/questions/{asked['id']}{page.look.query(country=asked['country'])}#signoff"
    return Response("", status=303, headers={"location": where})


async def reply(datasette: Datasette, request: Request) -> Response:
    """POST /signoffs/<number>/answer: decision (approve, dissent, withdraw), status (of a dissent), reason, back.

    Approving is for approvers. Whoever may decide may dissent; withdrawing is for who proposed and for approvers.
    """
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    decision, reason = fields.get("decision", ""), fields.get("reason", "").strip()
    number = int(request.url_vars["number"])
    if decision not in ANSWERS:
        raise Refused(400, "wrong.choice", name="decision", value=decision[:40], choices=", ".join(ANSWERS))
    if len(reason) > LONGEST:
        raise Refused(400, "wrong.long", n=len(reason), most=LONGEST)
    status = fields.get("status", "") if decision == "dissent" else None
    if status is not None and status not in STATUSES:
        raise Refused(400, "wrong.sig_status", value=status[:40])
    row = await page.row("select actor from signoffs where id = ? and act = 'propose'", [number])
    if row is None:
        raise Refused(404, "missing.signoff", id=number)
    if not access.may_answer(request.actor, decision, row["actor"]):
        raise Refused(403, f"denied.{decision}")

    def write(conn: sqlite3.Connection) -> None:
        with writing(conn):
            answer(conn, number, decision, status=status, reason=reason, actor=actor)

    try:
        await database(datasette).execute_write_fn(write)
    except SignoffError as error:
        raise _refused(error) from error
    return Response("", status=303, headers={"location": way_back(fields.get("back") or "/signoffs")})


def _wish(page: Page, asked: sqlite3.Row, fields: dict[str, str], actor: str) -> Wish:
    for name in ("reason", "departing"):
        if len(fields.get(name, "")) > LONGEST:
            raise Refused(400, "wrong.long", n=len(fields[name]), most=LONGEST)
    if fields.get("status", "") not in STATUSES:
        raise Refused(400, "wrong.sig_status", value=fields.get("status", "")[:40])
    return Wish(
        country=asked["country"],
        question=asked["id"],
        status=fields["status"],
        as_of=page.look.as_of,
        basis=page.look.basis,
        review_on=_day(fields.get("review_on", "")),
        reason=fields.get("reason", ""),
        departing=fields.get("departing", ""),
        actor=actor,
        seen=fields.get("seen", ""),
    )


def _day(text: str) -> date:
    try:
        return day_of(text.strip())
    except ValueError as error:
        raise Refused(400, "wrong.as_of", value=text[:40]) from error


def _refused(error: Refused | SignoffError) -> Refused:
    """What is refused, with the site's words for it."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, CannotSign):
        return Refused(404 if error.key.startswith("missing.") else 400, error.key, **error.values)
    return Refused(400, "wrong.signoff", said=str(error))


def _readable(page: Page, values: dict[str, object]) -> dict[str, object]:
    """The values of a sentence with days in full."""
    return {name: page.words.day(value) if isinstance(value, date) else value for name, value in values.items()}
