"""Pages that only list: the method with its thresholds, one moratorium."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.declarations import Moratorium
from review.method.thresholds import RULES, method_rows
from review.plugin.look import Refused
from review.plugin.page import open_page

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

RULES_IN_WORDS = ("origins", "current", "unambiguous", "reliable", "gates", "status", "readings")


async def method(datasette: Datasette, request: Request) -> Response:
    """The rules in words, with the numbers in force."""
    page = open_page(datasette, request)
    return await page.html(
        "coi_method.html",
        parts=RULES_IN_WORDS,
        version=RULES.rules_version,
        thresholds=method_rows(page.look.language),
    )


async def moratorium(datasette: Datasette, request: Request) -> Response:
    """One moratorium: clocks, periods, groups in and out, deciding questions, references."""
    page = open_page(datasette, request)
    id_ = request.url_vars["moratorium_id"]
    row = await page.row("select * from moratoria where id = ?", [id_])
    if row is None:
        raise Refused(404, "missing.moratorium", id=id_)
    standing = await page.standing()
    events = await page.rows(
        "select * from moratorium_events where moratorium_id = ? and on_day <= ? order by on_day, id",
        [id_, page.look.until],
    )
    return await page.html(
        "coi_moratorium.html",
        standing=standing,
        first_known=await page.first_known(),
        m=next((m for m in standing.moratoria if m.id == id_), None),
        declared=as_known(
            Moratorium.model_validate_json(row["declaration"]), page.look.as_of, {event["last_day"] for event in events}
        ),
        questions={q.id: q for g in standing.groups if g.country == row["country"] for q in g.questions},
        groups={g["id"]: g for g in await page.rows("select id, title, title_nl from target_groups")},
        events=events,
    )


def as_known(declared: Moratorium, day: date, last_days: Container[str | None]) -> Moratorium:
    """The declaration without what came after a day: periods no event had opened yet, later scopes and age texts.

    `last_days` are the last days that the events up to then name. Notes that look back (another reading of a day, what
    rests on inference) stay: they are ours, not the state's.
    """
    return declared.model_copy(
        update={
            "periods": tuple(p for p in declared.periods if p.last_day.isoformat() in last_days),
            "scope": tuple(s for s in declared.scope if s.valid_from is None or s.valid_from <= day),
            "age_texts": tuple(a for a in declared.age_texts if a.valid_from <= day),
        }
    )


async def robots(datasette: Datasette, request: Request) -> Response:
    """Nothing here is for search engines."""
    return Response.text("User-agent: *\nDisallow: /\n")
