"""The alerts: all of them, one of them, and saying that one was seen, signed in or by the link of a message."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

from datasette.utils.asgi import Request, Response

from review.alerts import say, seen, tokens
from review.alerts.model import Kind
from review.moratorium_register import code
from review.plugin import access
from review.plugin.decisions import LONGEST, fields_of, way_back
from review.plugin.look import Refused
from review.plugin.page import Page, database, home_of, open_page
from review.plugin.safety import whole
from store import alerts as kept
from store import alerts_shown
from store.db import writing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

PER_PAGE = 30
WAITING = 60  # shown at once of those that nobody has seen; more than that is no list any more


class Chosen(TypedDict):
    """The filters of the page."""

    country: str | None
    group: str | None
    event: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One alert as the pages show it."""

    row: sqlite3.Row
    said: say.Shown
    words: say.Words
    groups: tuple[str, ...]
    seen: tuple[sqlite3.Row, ...]
    names: bool  # whether the visitor may read by whom, and the note
    earlier: tuple[Listed, ...] = ()  # of the same matter, that wait too: who sees the newest has seen these


async def index(datasette: Datasette, request: Request) -> Response:
    """GET /alerts: what nobody has seen first, then the others, newest first; ?country= &group= &event= &before=."""
    page = open_page(datasette, request)
    chosen = await wanted(page)
    before = whole(request.args.get("before") or "")
    until = page.look.until if page.look.stated_day else None

    def read(conn: sqlite3.Connection) -> tuple[list[Listed], list[Listed]]:
        waits = kept.newest_alerts(conn, **chosen, waits=True, until=until, limit=WAITING + 1) if before is None else []
        others = kept.newest_alerts(conn, **chosen, waits=False, until=until, before=before, limit=PER_PAGE + 1)
        return _listed(conn, waits, page), _listed(conn, others, page)

    waiting, others = await page.read(read)
    tail = {"as_of": None, "basis": None, "reading": None}
    return await page.html(
        "coi_alerts.html",
        chosen=chosen,
        before=before,
        waiting=_by_matter(waiting[:WAITING]),
        more_wait=len(waiting) > WAITING,
        others=others[:PER_PAGE],
        older=others[PER_PAGE - 1].row["id"] if len(others) > PER_PAGE else None,
        countries=await page.read(alerts_shown.alert_countries),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        kinds=[(kind.value, say.Words(page.look.language)(f"kind.{kind}")) for kind in Kind],
        feed=f"{feed_path(chosen)}{page.look.query(**tail)}",
        calendar=f"/moratoria.ics{page.look.query(**tail, country=chosen['country'])}",
        back=f"/alerts{page.look.query(**chosen)}",
    )


async def waiting_for(page: Page, person: str | None = None) -> list[Listed]:
    """What nobody has seen of what was raised by the visitor's day, the newest of each matter; sent to a person."""
    until = page.look.until if page.look.stated_day else None

    def read(conn: sqlite3.Connection) -> list[Listed]:
        rows = kept.newest_alerts(conn, waits=True, until=until, limit=WAITING)
        if person is not None:
            told = {row["alert_id"] for row in conn.execute("select alert_id from outbox where person = ?", [person])}
            rows = [row for row in rows if row["id"] in told]
        return _listed(conn, rows, page)

    return _by_matter(await page.read(read))


async def one(datasette: Datasette, request: Request) -> Response:
    """GET /alerts/<id>: everything that one alert says, and who has seen it."""
    page = open_page(datasette, request)
    found = await _one(page, int(request.url_vars["alert_id"]))
    return await page.html("coi_alert.html", one=found, link=None)


async def acknowledge(datasette: Datasette, request: Request) -> Response:
    """POST /alerts/<id>/seen: note, back. Signed in; said twice it is kept once."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    note = fields.get("note", "").strip()
    if len(note) > LONGEST:
        raise Refused(400, "wrong.long", n=len(note), most=LONGEST)
    alert_id = int(request.url_vars["alert_id"])

    def write(conn: sqlite3.Connection) -> bool:
        with writing(conn):
            if kept.alert(conn, alert_id) is None:
                return False
            seen.seen_by(conn, alert_id, actor=actor, note=note, now=datetime.now(UTC))
            return True

    if not await database(datasette).execute_write_fn(write):
        raise Refused(404, "missing.alert", id=alert_id)
    return Response("", status=303, headers={"location": way_back(fields.get("back") or "/alerts")})


async def of_link(datasette: Datasette, request: Request) -> Response:
    """GET /alerts/seen?token=: what the link of a message is for. Changes nothing: mail programs open links too."""
    page = open_page(datasette, request)
    token, home = request.args.get("token") or "", home_of(datasette)

    def look(conn: sqlite3.Connection) -> seen.Seen | tuple[str, dict[str, object]]:
        try:
            return seen.of_link(conn, home, token, datetime.now(UTC))
        except tokens.BadToken as error:
            return _refused(error)

    link = _good(await page.read(look))
    answer = await page.html("coi_alert.html", one=await _one(page, link.alert_id), link=link, token=token)
    answer.headers["cache-control"] = "no-store"
    return answer


async def use_link(datasette: Datasette, request: Request) -> Response:
    """POST /alerts/seen: token. The signed link stands for its person; nobody signs in."""
    page = open_page(datasette, request)
    token, home = str((await request.post_vars()).get("token", "")), home_of(datasette)

    def write(conn: sqlite3.Connection) -> seen.Seen | tuple[str, dict[str, object]]:
        try:
            with writing(conn):
                return seen.use_link(conn, home, token, datetime.now(UTC))
        except tokens.BadToken as error:
            return _refused(error)

    _good(await database(datasette).execute_write_fn(write))
    back = page.look.query(as_of=None, basis=None, reading=None, token=token)
    return Response("", status=303, headers={"location": f"/alerts/seen{back}"})


async def wanted(page: Page) -> Chosen:
    """Country, group and event as asked in the query. Refused: 404 for what does not exist, 400 for another event."""
    fields = {name: (page.request.args.get(name) or "").strip() for name in ("country", "group", "event")}
    event = fields["event"]
    if event and event not in [kind.value for kind in Kind]:
        raise Refused(400, "wrong.choice", name="event", value=event[:40], choices=", ".join(Kind))
    await must_exist(page, country := code(fields["country"]) or None, fields["group"] or None)
    return Chosen(country=country, group=fields["group"] or None, event=event or None)


async def must_exist(page: Page, country: str | None, group: str | None) -> None:
    """Refused (404) where a country's code or a group is none."""
    if country and page.words.country(country) == country:
        raise Refused(404, "missing.place", id=country[:40])
    if group and await page.row("select 1 from target_groups where id = ?", [group]) is None:
        raise Refused(404, "missing.group", id=group[:40])


def feed_path(chosen: Chosen) -> str:
    """The feed that holds what the page shows: there is one per country, and per group of it."""
    if not chosen["country"]:
        return "/alerts.atom"
    return f"/alerts/{chosen['country']}{'/' + chosen['group'] if chosen['group'] else ''}.atom"


def _refused(error: tokens.BadToken) -> tuple[str, dict[str, object]]:
    """The key of the words for it: Datasette would raise an exception that is returned."""
    return f"wrong.link.{error.why}", error.facts


def _good(found: seen.Seen | tuple[str, dict[str, object]]) -> seen.Seen:
    if isinstance(found, tuple):
        raise Refused(403, found[0], **found[1])
    return found


async def _one(page: Page, alert_id: int) -> Listed:
    def read(conn: sqlite3.Connection) -> list[Listed]:
        rows = kept.newest_alerts(conn, before=alert_id + 1, limit=1)
        return _listed(conn, [row for row in rows if row["id"] == alert_id], page)

    found = await page.read(read)
    if not found:
        raise Refused(404, "missing.alert", id=alert_id)
    return found[0]


def _by_matter(waiting: list[Listed]) -> list[Listed]:
    """The newest alert of each thread, with the earlier ones behind it."""
    threads: dict[str, list[Listed]] = {}
    for listed in waiting:
        threads.setdefault(listed.row["thread"], []).append(listed)
    return [replace(newest, earlier=tuple(rest)) for newest, *rest in threads.values()]


def _listed(conn: sqlite3.Connection, rows: Iterable[sqlite3.Row], page: Page) -> list[Listed]:
    rows, words, actor = list(rows), say.Words(page.look.language), page.request.actor
    acknowledged = alerts_shown.acknowledgements(conn, (row["id"] for row in rows))
    parsed = {row["id"]: json.loads(row["details"]) for row in rows}
    dead = {row["id"]: int(parsed[row["id"]]["facts"]["letter"]) for row in rows if row["event"] == Kind.DEAD_LETTER}
    letters = alerts_shown.dead_letters(conn, dead.values())
    found = []
    for row in rows:
        details = parsed[row["id"]]
        said = say.shown(row["event_key"], details, words.language)
        letter = letters.get(dead.get(row["id"], 0))
        if letter is not None and access.sees_person(actor, letter["person"]):
            whom = f"{letter['person']}, {letter['channel']}: {letter['error']}"
            said = replace(said, sections=(say.Section(heading=words("dead_letter.whom"), lines=(whom,)),))
        found.append(
            Listed(
                row=row,
                said=said,
                words=words,
                groups=tuple(titles[words.language] for titles in details.get("groups", {}).values()),
                seen=tuple(acknowledged.get(row["id"], ())),
                names=access.sees_names(actor),
            )
        )
    return found
