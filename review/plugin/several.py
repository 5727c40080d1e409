"""Several proposals accepted at once: choose them, read the list of text and answer, confirm. Each is one decision."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin.decisions import fields_of, reason_of
from review.plugin.look import Refused
from review.plugin.marks import Mark, Piece, pieces
from review.plugin.page import Page, database, open_page
from review.plugin.safety import whole
from review.plugin.translated import of_passages, said
from store import evidence, translations
from store.clock import utc_now
from store.db import writing
from store.translations import Translation

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

MOST = 50  # proposals in one list: what a person can still read through
FIELD = "e."  # a field e.<evidence id> holds the newest decision that the list was made with


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal with its passage, the words that it rests on marked."""

    row: sqlite3.Row
    pieces: tuple[Piece, ...]
    translation: Translation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one proposal of the list: `decision_id` where it was kept, else who decided meanwhile."""

    evidence_id: int
    row: sqlite3.Row | None
    decision_id: int = 0
    meanwhile: sqlite3.Row | None = None


async def choose(datasette: Datasette, request: Request) -> Response:
    """GET /queue/several: open proposals with boxes to tick; ?group= &question= say of what."""
    page = open_page(datasette, request)
    scope = {name: (request.args.get(name) or "").strip() for name in ("group", "question")}
    narrowed = {
        column: scope[name] for name, column in (("group", "group_id"), ("question", "question_id")) if scope[name]
    }
    found = []
    if narrowed:  # of everything nobody could read the list, and at scale nothing could make it in time
        found = await page.rows(
            f"""select * from site_proposals where decision = 'proposed'
                  and {" and ".join(f"{column} = ?" for column in narrowed)}
                order by score desc, id limit ?""",  # noqa: S608 - our own columns
            [*narrowed.values(), MOST],
        )
    return await page.html(
        "coi_several.html",
        step="choose",
        proposals=_marked(page, found),
        scope=scope,
        narrowed=narrowed,
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        questions=await page.rows(
            "select id, wording, wording_nl, group_id from site_questions where group_id is not null"
        ),
    )


async def check(datasette: Datasette, request: Request) -> Response:
    """GET /queue/several/check?e=1&e=2: the chosen proposals with text and answer, to be read before they are kept."""
    page = open_page(datasette, request)
    wanted = list(dict.fromkeys(whole(value) or 0 for value in request.args.getlist("e")))
    _some(wanted)
    found = await page.read(lambda conn: _rows(conn, wanted))
    shown = [found[one] for one in wanted if one in found]
    held = await of_passages(page, [row["passage_id"] for row in shown])
    marked = [replace(one, translation=held.get(one.row["passage_id"])) for one in _marked(page, shown)]
    return await page.html("coi_several.html", step="check", proposals=marked, lost=len(wanted) - len(shown))


async def accept(datasette: Datasette, request: Request) -> Response:
    """POST /queue/several: a field e.<id> for each proposal, reason. A stale one is named and left."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    reason, _ = reason_of(fields)
    read = said(fields)
    seen = {
        number: whole(value) or 0
        for name, value in fields.items()
        if name.startswith(FIELD) and (number := whole(name.removeprefix(FIELD))) is not None
    }
    _some(list(seen))

    def write(conn: sqlite3.Connection) -> list[Outcome]:
        with writing(conn):
            found = _rows(conn, list(seen))
            return [_decide(conn, one, found.get(one), at, actor, reason, read) for one, at in seen.items()]

    done = await database(datasette).execute_write_fn(write)
    return await page.html(
        "coi_several.html",
        step="done",
        kept=[one for one in done if one.decision_id],
        left=[one for one in done if not one.decision_id],
    )


def _some(chosen: Sequence[int]) -> None:
    if not 1 <= len(chosen) <= MOST:
        raise Refused(400, "wrong.several", n=len(chosen), most=MOST)


def _rows(conn: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, sqlite3.Row]:
    marks = ", ".join("?" for _ in wanted)
    rows = conn.execute(f"select * from site_proposals where id in ({marks})", list(wanted))  # noqa: S608 - marks only
    return {row["id"]: row for row in rows}


def _marked(page: Page, rows: Sequence[sqlite3.Row]) -> list[Proposal]:
    return [
        Proposal(
            row=row,
            pieces=pieces(
                row["text"],
                [
                    Mark(
                        start=row["start"],
                        end=row["end"],
                        kind="evidence",
                        label=page.words.code("answer", row["answer"]),
                    )
                ],
            ),
        )
        for row in rows
    ]


def _decide(
    conn: sqlite3.Connection, one: int, row: sqlite3.Row | None, seen: int, actor: str, reason: str, read: str
) -> Outcome:
    """Accept one proposal as this person, unless its text is no longer there or somebody decided meanwhile."""
    last = conn.execute("select * from last_evidence_decisions where evidence_id = ?", [one]).fetchone()
    if row is None:
        return Outcome(evidence_id=one, row=None)
    if last and (last["decision"], last["actor"], last["reason"]) == ("accept", actor, reason):
        return Outcome(evidence_id=one, row=row, decision_id=last["id"])  # the same form, sent twice
    if (last["id"] if last else 0) != seen:
        return Outcome(evidence_id=one, row=row, meanwhile=last)
    decision = evidence.EvidenceDecision(
        evidence_id=one, decision="accept", actor=actor, decided_at=utc_now(), reason=reason,
        read_in=read if translations.held_of(conn, one) else "",
    )  # fmt: skip
    return Outcome(evidence_id=one, row=row, decision_id=evidence.decide(conn, decision))
