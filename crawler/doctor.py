"""`coi doctor` on the sources: which are overdue, failing or not configured; whether a browser is there for them."""

import os
import re
from collections.abc import Iterator
from datetime import datetime

from crawler.due import last_starts, turns
from crawler.guard import Refused, check_contact
from crawler.source import Source
from crawler.states import span
from crawler.steps import declared, is_crawled
from store.db import connect_readonly
from store.declared import DeclarationError
from store.doctor import Finding, Level, found
from store.home import Home
from store.operating import ran_live

NAMED = 5  # of a longer list, so many
CATCH_UP = "see whether 'coi schedule' or cron runs, then logs/crawl.log; 'coi update' catches up"
BAD = {"broken": Level.TODO, "failing": Level.TODO, "suspect": Level.NOTE}


def of_sources(home: Home, now: datetime) -> Iterator[Finding]:
    """Contact address, states, what is overdue, what waits for a setting."""
    try:
        sources = {name: source for name, source in declared(home).items() if is_crawled(source)}
    except DeclarationError as error:
        yield found("sources", "a declaration is wrong", str(error), level=Level.NOW)
        return
    live = _ran_live(home)
    yield _contact(live)
    yield from _browser(sources)
    if not live:
        yield found("sources", f"{len(sources)} declared, none ever asked live", level=Level.NOTE)
        return
    yield from _states(home, sources)
    yield from _overdue(home, sources, now)


def _ran_live(home: Home) -> bool:
    if not home.database.exists():
        return False
    conn = connect_readonly(home)
    try:
        return ran_live(conn)
    finally:
        conn.close()


def _contact(live: bool) -> Finding:
    """Whether somebody says who crawls; the address itself is not printed."""
    given = os.environ.get("COI_CONTACT", "")
    try:
        check_contact(given)
    except Refused as error:
        value, remedy = str(error).split(": ", 1) if not given else ("wrong", str(error))
        return found("setting.COI_CONTACT", value, remedy, level=None if live else Level.NOTE)
    return found("setting.COI_CONTACT", "set")


def _browser(sources: dict[str, Source]) -> Iterator[Finding]:
    asked = [source.id for source in sources.values() if source.render]
    if asked:
        from crawler.render import chromium, lacking

        lacks = lacking()
        yield found("program.chromium", str(chromium() or "not found"), f"{_named(asked)}: {lacks}" if lacks else "")


def _states(home: Home, sources: dict[str, Source]) -> Iterator[Finding]:
    conn = connect_readonly(home)
    try:
        rows = conn.execute("select id, state, since, state_message from source_health order by id").fetchall()
    finally:
        conn.close()
    well = 0
    for row in rows:
        source = sources.get(row["id"])
        if source is None or row["state"] not in BAD:
            well += row["state"] == "ok"
            continue
        decisive = ", ".join(source.decisive_for)
        level = Level.NOW if decisive and row["state"] != "suspect" else BAD[row["state"]]
        said = f"{row['state']} since {row['since']}{f'; decisive for {decisive}' if decisive else ''}"
        yield found(
            f"source.{source.id}",
            said,
            f"{_short(row['state_message'])} -- 'coi sources show {source.id}'; docs/operations.md, A source fails",
            level=level,
        )
    yield found("sources", f"{len(sources)} crawled, {well} ok")


def _overdue(home: Home, sources: dict[str, Source], now: datetime) -> Iterator[Finding]:
    last = last_starts(home, now)
    late, never, waiting = [], [], []
    for turn in turns(home, sources, now):
        began = last.get(turn.source.id)
        if turn.needs:
            waiting.append(turn.source.id)
        elif turn.is_due and began is None:
            never.append(turn.source.id)
        elif turn.is_due and began is not None and (now - began).total_seconds() > 2 * turn.cadence.every_s:
            late.append((began, turn.source.id))
    if late:
        began, worst = min(late)
        ago = span((now - began).total_seconds())
        yield found("sources.overdue", f"{len(late)}, e.g. {worst}, last asked {ago} ago", CATCH_UP)
    if never:
        yield found("sources.never_asked", f"{len(never)}: {_named(never)}", CATCH_UP)
    if waiting:
        yield found(
            "sources.not_configured", _named(waiting), "'coi sources show ID' says what to set", level=Level.NOTE
        )


def _named(ids: list[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


def _short(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")[:200]
