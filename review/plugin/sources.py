"""The sources: how each is doing, since when, and what to do; what is awaited; whether the schedule lives."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.missed import missed
from review.plugin.home import health_of
from review.plugin.look import Refused, today
from review.plugin.page import Page, open_page
from review.plugin.strip import DAYS, Strip, draw, states
from review.plugin.words import Words
from store import expected
from store.health import Heartbeat, heartbeat

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

# The worst first: what needs somebody stands where it is seen.
STATES = ("broken", "failing", "suspect", "not_configured", "never_run", "ok", "replayed", "by_hand")
WITH_MESSAGE = frozenset(STATES[:5])
DEAD_AFTER = timedelta(minutes=30)  # of a schedule that looks every ten
CRON_LATE_AFTER = timedelta(days=1)
EVENTS, RUNS, NEWEST = 50, 30, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source of the list, with its ninety days and what to say of it."""

    source: sqlite3.Row
    strip: Strip
    says: str
    message: str


async def sources(datasette: Datasette, request: Request) -> Response:
    """Every source with its state, the worst first; ?state= keeps one state."""
    page = open_page(datasette, request)
    wanted = request.args.get("state") or ""
    if wanted and wanted not in STATES:
        raise Refused(400, "wrong.choice", name="state", value=wanted, choices=", ".join(STATES))
    rows = await page.rows("select * from source_health order by title")
    counts = Counter(row["state"] for row in rows)
    shown = sorted((row for row in rows if wanted in ("", row["state"])), key=lambda row: STATES.index(row["state"]))
    strips = await _strips(page)
    beat = await page.read(heartbeat)
    return await page.html(
        "coi_sources.html",
        missed=await page.read(lambda conn: missed(conn, page.look.as_of)),
        rows=[_row(row, strips, page.words) for row in shown],
        states=[(state, counts[state]) for state in STATES if counts[state]],
        wanted=wanted,
        all=len(rows),
        health=health_of(rows),
        alive=beat,
        alive_words=in_words(beat, datetime.now(UTC), page.words),
        awaited=await page.read(lambda conn: expected.standings(conn, today())),
    )


async def source(datasette: Datasette, request: Request) -> Response:
    """One source: what is declared of it, its events, its runs with their problems, its newest documents."""
    page = open_page(datasette, request)
    id_ = request.url_vars["source_id"]
    card = await page.row("select * from sources where id = ?", [id_])
    row = await page.row("select * from source_health where id = ?", [id_])
    if card is None or row is None:
        raise Refused(404, "missing.source", id=id_)
    runs = await page.rows("select * from runs where source_id = ? order by id desc limit ?", [id_, RUNS])
    return await page.html(
        "coi_source.html",
        card=card,
        shown=_row(row, await _strips(page, id_), page.words),
        declared=json.loads(card["declaration"]),
        states=states(await _changes(page, id_), today()),
        days=DAYS,
        events=await page.rows(
            "select * from source_events where source_id = ? order by id desc limit ?", [id_, EVENTS]
        ),
        runs=runs,
        problems=await _problems(page, runs),
        documents=await page.rows(
            "select id, title, language, published_on from documents where source_id = ? "
            "order by coalesce(published_on, substr(first_seen_at, 1, 10)) desc, id desc limit ?",
            [id_, NEWEST],
        ),
    )


def in_words(beat: Heartbeat | None, now: datetime, words: Words) -> str:
    """Whether anything looks what is due, in words; a schedule that was not stopped and is silent is called dead."""
    if beat is None:
        return words("alive.none")
    if beat.stopped_at:
        return words("alive.stopped", when=words.moment(beat.stopped_at))
    silent = now - datetime.fromisoformat(beat.at)
    by_cron = "--due" in beat.by
    if silent > (max(CRON_LATE_AFTER, timedelta(seconds=2 * beat.interval_s)) if by_cron else DEAD_AFTER):
        return words("alive.dead", when=words.moment(beat.at), by=beat.by)
    return words("alive.well", when=words.moment(beat.at), by=beat.by)


def said_of(strip: Strip, words: Words) -> str:
    """A strip for those who do not see it: how many days of each kind, and the newest bad one."""
    kinds = [(kind, strip.counts[kind]) for kind in ("ok", "partial", "failed", "interrupted", "none")]
    said = ", ".join(f"{number} {words(f'strip.{kind}')}" for kind, number in kinds if number)
    last = words("strip.last", day=words.day(strip.last_failed)) if strip.last_failed else ""
    return f"{words('strip.title', n=DAYS)}: {said}.{' ' if last else ''}{last}"


def _row(row: sqlite3.Row, strips: dict[str, dict[str, str]], words: Words) -> Row:
    strip = draw(strips.get(row["id"], {}), today())
    last, said = row["last_message"] or "", row["state_message"] or ""
    if row["state"] not in WITH_MESSAGE or (last and said.endswith(last)):
        said = ""  # the newest run says it itself, or all is well
    return Row(source=row, strip=strip, says=said_of(strip, words), message=" · ".join(filter(None, (said, last))))


async def _strips(page: Page, source_id: str | None = None) -> dict[str, dict[str, str]]:
    """The worst status of each of the last days, by source and day."""
    first: date = today() - timedelta(days=DAYS - 1)
    rows = await page.rows(
        "select source_id, day, worst from source_days where day >= ?1 and (?2 is null or source_id = ?2)",
        [first.isoformat(), source_id],
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["source_id"], {})[row["day"]] = row["worst"]
    return found


async def _changes(page: Page, source_id: str) -> list[tuple[date, str]]:
    """Every state that a source came into, with the day."""
    rows = await page.rows(
        "select substr(at, 1, 10) as day, after from source_events where source_id = ? and before <> after order by id",
        [source_id],
    )
    return [(date.fromisoformat(row["day"]), row["after"]) for row in rows]


async def _problems(page: Page, runs: Iterable[sqlite3.Row]) -> dict[int, list[sqlite3.Row]]:
    """The problems of these runs, by run."""
    ids = json.dumps([run["id"] for run in runs])
    rows = await page.rows(
        "select * from run_problems where run_id in (select value from json_each(?)) order by id limit 300", [ids]
    )
    found: dict[int, list[sqlite3.Row]] = {}
    for row in rows:
        found.setdefault(row["run_id"], []).append(row)
    return found
