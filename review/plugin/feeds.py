"""What other programs follow: alerts as Atom, the days of the moratoria as a calendar. Anybody may read them."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from datasette.utils.asgi import Request, Response

from review import moratorium_register
from review.alerts import agenda, ical
from review.alerts.atom import feed
from review.alerts.letters import site_of
from review.alerts.say import Words
from review.moratorium_register import code
from review.plugin.alerts import must_exist
from review.plugin.look import Refused
from review.plugin.page import Page, home_of, open_page
from store import alerts as kept

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

NEWEST = 50
ATOM = "application/atom+xml; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"


async def atom(datasette: Datasette, request: Request) -> Response:
    """GET /alerts.atom, /alerts/<CC>.atom, /alerts/<CC>/<group>.atom: the newest alerts; ?lang=."""
    page = open_page(datasette, request)
    country, group = code(request.url_vars["country"] or "") or None, request.url_vars["group"]
    await must_exist(page, country, group)
    rows = await page.read(lambda conn: kept.newest_alerts(conn, country=country, group=group, limit=NEWEST))
    words, language = Words(page.look.language), page.look.query(as_of=None, basis=None, reading=None)
    titles = await page.row("select title, title_nl from target_groups where id = ?", [group]) if group else None
    about = [words.country(country)] if country else []
    about += [page.words.pick(titles["title"], titles["title_nl"])] if titles else []
    body = feed(
        rows,
        title=": ".join([words("feed.title"), ", ".join(about)] if about else [words("feed.title")]),
        path=request.path.partition("?")[0] + language,
        page="/alerts" + page.look.query(as_of=None, basis=None, reading=None, country=country, group=group),
        site=_site(request),
        language=words.language,
        looked_at=await _looked_at(page),
    )
    return Response(body, content_type=ATOM)


async def calendar(datasette: Datasette, request: Request) -> Response:
    """GET /moratoria.ics: ends, reviews, lapses and awaited publications, as of today; ?state= &country= &lang=."""
    page = open_page(datasette, request)
    if page.look.stated_day:
        raise Refused(400, "wrong.feed_day")
    state, country = (code(request.args.get(name) or "") or None for name in ("state", "country"))
    await _must_freeze(page, state)
    await must_exist(page, country, None)
    declared, language = home_of(datasette).declared, page.look.language

    def read(conn: sqlite3.Connection) -> list[agenda.Entry]:
        now = datetime.now(UTC)
        return agenda.entries(conn, now, declared, language=language, state=state, country=country)

    body = ical.write(await page.read(read), language=language, site=_site(request))
    name = "-".join(["moratoria", *(part for part in (state, country) if part)])
    return Response(body, headers={"content-disposition": f'inline; filename="{name}.ics"'}, content_type=CALENDAR)


async def _looked_at(page: Page) -> str:
    """When verdicts were last computed or the register last changed: the age of a feed without any alert."""
    row = await page.row(
        """select max(at) as at from (select max(computed_at) as at from verdicts
             union all select max(recorded_at) from moratorium_events)"""
    )
    return str(row["at"]) if row and row["at"] else datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")


async def _must_freeze(page: Page, state: str | None) -> None:
    """Refused (404) where no moratorium of the register is this state's; says which states have one."""
    if state is None:
        return
    every = await page.read(lambda conn: moratorium_register.entries(conn, page.look.as_of))
    states = sorted({one.declared.freezing_state for one in every})
    if state not in states:
        raise Refused(404, "missing.state", id=state[:40], states=", ".join(states) or "–")


def _site(request: Request) -> str:
    """The address that links begin with: $COI_SITE, as in messages; without it the one that was asked."""
    parts = urlsplit(request.url)
    return site_of(os.environ, f"{parts.scheme}://{parts.netloc}")
