"""The first page, the matrix of a country, and the list of questions."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.declarations import natural
from review.plugin.look import Refused, today
from review.plugin.page import Page, open_page
from review.plugin.sides import weigh
from review.standing import GroupStanding, Item, QuestionStanding, Standing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

NEWEST = 10
DAYS_WORTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """Where the three steps lead: a deciding question, and a passage that answers it."""

    question: QuestionStanding
    item: Item | None


async def home(datasette: Datasette, request: Request) -> Response:
    """Moratoria, the matrix, what is new and how the sources are, on the visitor's day."""
    page = open_page(datasette, request)
    standing = await page.standing()
    return await page.html(
        "coi_home.html",
        standing=standing,
        countries=by_country(standing),
        tour=tour_of(standing),
        new=await _newest(page),
        first_known=await _first_known(page),
        health=await page.rows("select * from source_health order by failures_in_a_row desc, title"),
        days=await _days(page),
    )


async def matrix(datasette: Datasette, request: Request) -> Response:
    """Every group and question of one country."""
    page = open_page(datasette, request)
    country = request.url_vars["country"].upper()
    standing = await page.standing()
    groups = by_country(standing).get(country)
    if not groups:
        raise Refused(404, "missing.country", id=country)
    return await page.html("coi_matrix.html", standing=standing, country=country, groups=groups)


async def index(datasette: Datasette, request: Request) -> Response:
    """Every question that is asked, with its status where it is assessed."""
    page = open_page(datasette, request)
    standing = await page.standing()
    assessed = {(q.country, q.id): q for group in standing.groups for q in group.questions}
    rows = await page.rows("select * from site_questions")
    return await page.html("coi_questions.html", standing=standing, assessed=assessed, groups=_by_group(rows))


def by_country(standing: Standing) -> dict[str, tuple[GroupStanding, ...]]:
    """The groups of each country, in their order."""
    found: dict[str, list[GroupStanding]] = {}
    for group in standing.groups:
        found.setdefault(group.country, []).append(group)
    return {country: tuple(groups) for country, groups in found.items()}


def tour_of(standing: Standing) -> Tour | None:
    """A deciding question of the first moratorium (else any question), preferably with a voting passage."""
    questions = [q for group in standing.groups for q in group.questions]
    deciding = {id_ for moratorium in standing.moratoria for id_ in moratorium.deciding}
    chosen = next((q for q in questions if q.id in deciding), next(iter(questions), None))
    if chosen is None:
        return None
    sides = weigh(chosen)
    origins = (*sides.supporting, *sides.opposing, *sides.others)
    return Tour(question=chosen, item=origins[0].items[0] if origins else None)


async def _newest(page: Page) -> list[sqlite3.Row]:
    if page.look.basis == "public":
        where, until = "public_on <= ?", page.look.until
    else:
        where, until = "recorded_at <= ?", f"{page.look.until}T23:59:59Z"
    order = "public_on desc, id desc" if page.look.basis == "public" else "recorded_at desc, id desc"
    return await page.rows(f"select * from site_new where {where} order by {order} limit {NEWEST}", [until])  # noqa: S608


async def _first_known(page: Page) -> str | None:
    """The first day on which anything was known on this basis, if the visitor looks at an earlier one; '' if never."""
    row = await page.row("select public, held from site_first_known")
    first: str | None = row[page.look.basis] if row else None
    if first is None:
        return ""
    return first if page.look.until < first else None


async def _days(page: Page) -> list[sqlite3.Row]:
    """Days on which something happened to a moratorium: worth looking at."""
    return await page.rows(
        """select on_day, min(kind) as kind from moratorium_events where kind <> 'in_force' and on_day <= ?
           group by on_day order by on_day limit ?""",
        [today().isoformat(), DAYS_WORTH],
    )


def _by_group(rows: list[sqlite3.Row]) -> dict[str, list[sqlite3.Row]]:
    found: dict[str, list[sqlite3.Row]] = {}
    for row in sorted(rows, key=lambda row: natural(row["id"])):
        found.setdefault(row["group_id"] or "", []).append(row)
    return found
