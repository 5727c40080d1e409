"""The first page, the matrix of a country, and the list of questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.declarations import natural
from review.plugin import example, home_since, status_map
from review.plugin.look import Look, Refused, today
from review.plugin.page import Page, open_page
from review.plugin.sides import weigh
from review.standing import GroupStanding, Item, QuestionStanding, Standing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

NEWEST = 10
DAYS_WORTH = 8
BY_HAND = "manual"  # the shape of a source that nothing is crawled from
# How each source answered at its last run by an instant of our own clock; the example's replays ended when it was made.
HEALTH_ON = """
with done as (select * from runs where ended_at <= ? and substr(slot, 1, 5) <> 'page:'),
     last as (select source_id, max(id) as id, max(case when status in ('ok', 'partial') then id end) as good
              from done group by source_id)
select s.id, s.title, s.shape, r.status as last_status, r.message as last_message,
  (select count(*) from done f where f.source_id = s.id and f.status = 'failed' and f.id > coalesce(last.good, 0))
    as failures_in_a_row
from sources s join last on last.source_id = s.id join done r on r.id = last.id
order by failures_in_a_row desc, s.title
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """Where the three steps lead, on which day: a deciding question, and a passage that answers it."""

    look: Look
    question: QuestionStanding
    item: Item | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the sources that are crawled answered at their last run, in numbers; those filled by hand are left out."""

    crawled: int
    ok: int
    with_problems: int
    failing: tuple[sqlite3.Row, ...]


async def home(datasette: Datasette, request: Request) -> Response:
    """Moratoria, the matrix, what is new and how the sources are, on the visitor's day."""
    page = open_page(datasette, request)
    standing = await page.standing()
    toured = page.on(example.DAY) if await page.banner() and not page.look.stated_day else page
    return await page.html(
        "coi_home.html",
        standing=standing,
        countries=by_country(standing),
        tour=await tour_of(toured),
        new=await _newest(page),
        first_known=await page.first_known(),
        health=health_of(await page.rows(HEALTH_ON, [f"{page.look.until}T23:59:59Z"])),
        signatures=await home_since.signatures(page, standing),
        waiting=await home_since.waiting(page),
        back=f"/{page.look.query()}",
        days=await _days(page),
        refused=await page.refused(),
    )


async def matrix(datasette: Datasette, request: Request) -> Response:
    """Every group and question of one country."""
    page = open_page(datasette, request)
    country = request.url_vars["country"].upper()
    standing = await page.standing(country)
    groups = by_country(standing).get(country)
    if not groups:
        raise Refused(404, "missing.country", id=country)
    return await page.html(
        "coi_matrix.html",
        standing=standing,
        country=country,
        groups=groups,
        first_known=await page.first_known(),
        heat=await page.read(lambda conn: status_map.draw(conn, standing, country)),
    )


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


def health_of(rows: Iterable[sqlite3.Row]) -> Health:
    """Count the rows of source_health; a source that never ran has answered nothing yet and is left out."""
    crawled = [row for row in rows if row["shape"] != BY_HAND and row["last_status"] is not None]
    return Health(
        crawled=len(crawled),
        ok=sum(row["last_status"] == "ok" for row in crawled),
        with_problems=sum(row["last_status"] == "partial" for row in crawled),
        failing=tuple(row for row in crawled if row["failures_in_a_row"]),
    )


async def tour_of(page: Page) -> Tour | None:
    """A deciding question of the first moratorium (else any question), preferably with a voting passage."""
    standing = await page.standing()
    questions = [q for group in standing.groups for q in group.questions]
    deciding = {id_ for moratorium in standing.moratoria for id_ in moratorium.deciding}
    chosen = next((q for q in questions if q.id in deciding), next(iter(questions), None))
    if chosen is None:
        return None
    chosen = await page.whole(chosen)
    sides = weigh(chosen)
    origins = (*sides.supporting, *sides.opposing, *sides.others)
    return Tour(look=page.look, question=chosen, item=origins[0].items[0] if origins else None)


async def _newest(page: Page) -> list[sqlite3.Row]:
    if page.look.basis == "public":
        where, until = "public_on <= ?", page.look.until
    else:
        where, until = "recorded_at <= ?", f"{page.look.until}T23:59:59Z"
    order = "public_on desc, id desc" if page.look.basis == "public" else "recorded_at desc, id desc"
    return await page.rows(f"select * from site_new where {where} order by {order} limit {NEWEST}", [until])  # noqa: S608 - ours


async def _days(page: Page) -> list[sqlite3.Row]:
    """Days on which something happened to a moratorium that questions of ours decide on: worth looking at."""
    return await page.rows(
        """select e.known_day as on_day, min(e.kind) as kind from standing_events e
             join moratoria m on m.id = e.moratorium_id and m.deciding <> '[]'
           where e.kind <> 'in_force' and e.known_day <= ? group by e.known_day order by e.known_day limit ?""",
        [today().isoformat(), DAYS_WORTH],
    )


def _by_group(rows: list[sqlite3.Row]) -> dict[str, list[sqlite3.Row]]:
    found: dict[str, list[sqlite3.Row]] = {}
    for row in sorted(rows, key=lambda row: natural(row["id"])):
        found.setdefault(row["group_id"] or "", []).append(row)
    return found
