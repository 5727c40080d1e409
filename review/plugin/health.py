"""/-/health: does the site live, can it serve, and does what should run beside it run. Strangers hear words only.

200 while people can work, also `degraded` (the schedule is dead, the verdicts are stale, the disk gets full); 503 where
they cannot: the database does not open, its schema is not this release's, the disk is full, a read replica is too old.
With ?live it says only that the process answers, for whoever would restart it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from review.plugin import access, replica
from review.plugin.page import DATABASE
from store import health as kept
from store import operating
from store.db import StoreError, connect_readonly
from store.doctor import size
from store.home import Home
from store.version import VERSION

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

NO_STORE = {"cache-control": "no-store"}
GOOD = frozenset({"ok", "alive", "stopped", "never"})  # stopped by its operator, or never begun: nobody is misled
DOWN = frozenset({"unreadable", "old", "age_unknown", "full"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: a word for everybody, and what only an operator reads."""

    state: str
    detail: str = ""


async def show(datasette: Datasette, request: Request) -> Response:
    """Liveness and readiness as JSON; details to whoever may read the metrics."""
    if "live" in request.args or request.query_string == "live":
        return Response.json({"status": "alive"}, headers=NO_STORE)
    checks = await asyncio.to_thread(look, home_of(datasette), datetime.now(UTC))
    if copy := replica.of(datasette):
        checks["copy"] = await asyncio.to_thread(_copy, copy)
    states = {check.state for check in checks.values()}
    status = "down" if states & DOWN else "degraded" if states - GOOD else "ok"
    body: dict[str, Any] = {"status": status, "checks": {name: check.state for name, check in checks.items()}}
    if access.may_measure(request.actor, datasette):
        body |= {"version": VERSION, "details": {name: check.detail for name, check in checks.items() if check.detail}}
    return Response.json(body, status=503 if status == "down" else 200, headers=NO_STORE)


def home_of(datasette: Datasette) -> Home:
    """The home that this site serves."""
    return Home(Path(str(datasette.databases[DATABASE].path)).parent)


def look(home: Home, now: datetime) -> dict[str, Check]:
    """Every check, each by itself: one that fails says so and hides no other. Opens the file anew each time."""
    checks = {"disk": _disk(home)}
    try:
        conn = connect_readonly(home)
    except (StoreError, sqlite3.Error) as error:
        return {"database": Check(state="unreadable", detail=str(error)), **checks}
    try:
        conn.execute("pragma busy_timeout = 2000")
        conn.execute("select id from runs order by id desc limit 1").fetchone()
        pending = operating.schema_pending(conn)
        schema = Check(state="old" if pending else "ok", detail=", ".join(pending))
        if pending == ["views"]:
            schema = Check(state="outdated_views", detail="the next command that writes renews them")
        return {"database": Check(state="ok"), "schema": schema, **checks, **_beside(conn, now)}
    except sqlite3.Error as error:
        return {"database": Check(state="unreadable", detail=str(error)), **checks}
    finally:
        conn.close()


def _beside(conn: sqlite3.Connection, now: datetime) -> dict[str, Check]:
    """What runs beside the site: the schedule, and the step that makes the verdicts."""
    schedule, silent_s = kept.silence(kept.heartbeat(conn), now)
    assessed, age_s = operating.assess_standing(conn, now)
    return {
        "schedule": Check(state=schedule, detail="" if silent_s is None else f"last look {silent_s:.0f} s ago"),
        "assess": Check(state=assessed, detail="" if age_s is None else f"last made {age_s:.0f} s ago"),
    }


def _copy(copy: replica.Replica) -> Check:
    """Of a read replica: a copy that is too old, or nobody knows how old, must not be sent visitors."""
    age = copy.look()
    state = {"fresh": "ok", "old": "old", "unknown": "age_unknown"}[age.state]
    return Check(state=state, detail=f"as of {age.as_of}, {age.behind_s} s behind" if age.as_of else "")


def _disk(home: Home) -> Check:
    try:
        state, free, total = operating.disk_standing(home)
    except OSError as error:
        return Check(state="full", detail=str(error))
    return Check(state=state, detail=f"{size(free)} of {size(total)} free")
