"""A site over a copy of the database that somebody else keeps up: it reads, says how old it is, and keeps nothing.

The copy may be a file that Litestream follows, or a snapshot that is replaced by another: a connection is opened anew
whenever the file is not the one that it was opened on.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from datasette.utils.asgi import Request, Response

from review.plugin import errors, gate
from review.plugin.look import Refused
from review.plugin.safety import App, Message, Receive, Send
from review.plugin.words import Words
from store import pulse, schema, upgrade
from store.clock import instant
from store.home import Home

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin
    from datasette.database import Database

T = TypeVar("T")
State = Literal["fresh", "old", "unknown"]
SIGNING = ("/-/login", "/-/logout")  # these keep nothing in the database
TAKEN_AWAY = (".json", ".csv", ".zip", ".ics", ".atom", ".blob", ".ris", ".bib")  # nobody sees a banner above these
AHEAD_S = 300  # a writer's clock may be so much ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How old the copy is. `unknown`: no pulse, a clock that is ahead, another release, or no readable database."""

    state: State
    as_of: str | None = None  # instant, UTC
    behind_s: int | None = None
    writer: str = ""  # address of the site where decisions are kept; '' where nobody said
    limit_s: int = pulse.TOO_OLD_S

    @property
    def shown(self) -> str:
        """The instant for people: day and minute."""
        return (self.as_of or "")[:16].replace("T", " ")


class Replica:
    """What a site knows of the copy that it reads."""

    def __init__(self, home: Home, *, writer: str = "", too_old_s: int = pulse.TOO_OLD_S) -> None:
        self._database, self._writer, self._too_old_s = home.database, writer, too_old_s

    def look(self, now: datetime | None = None) -> Age:
        """Read the age from the copy as it is now."""
        now = now or datetime.now(UTC)
        try:
            conn = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=2)
            try:
                at = pulse.as_of(conn)
                ours = upgrade.applied(conn) == schema.steps() and schema.views_are_current(conn)
            finally:
                conn.close()
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            return Age(state="unknown", writer=self._writer, limit_s=self._too_old_s)
        if at is None:
            return Age(state="unknown", writer=self._writer, limit_s=self._too_old_s)
        behind_s = int((now - at).total_seconds())
        state: State = "fresh" if behind_s <= self._too_old_s else "old"
        if behind_s < -AHEAD_S or not ours:
            state = "unknown"
        return Age(state=state, as_of=instant(at), behind_s=max(0, behind_s), writer=self._writer,
                   limit_s=self._too_old_s)  # fmt: skip


def of(datasette: Datasette) -> Replica | None:
    """The replica that a site reads from; None where it is the place where decisions are kept."""
    found = getattr(datasette, "replica", None)
    return found if isinstance(found, Replica) else None


def marked(datasette: Datasette, app: App) -> App:
    """Wrap a replica's site: each answer carries its age, nothing is taken, what is too old is not given away."""

    async def aged(scope: Message, receive: Receive, send: Send) -> None:
        copy = of(datasette)
        if copy is None or scope["type"] != "http":
            await app(scope, receive, send)
            return
        age = await asyncio.get_running_loop().run_in_executor(None, copy.look)

        async def send_aged(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *_headers(age)]}
            await send(message)

        answer = await _instead(datasette, scope, age)
        if answer is None:
            await app(scope, receive, send_aged)
        else:
            await answer.asgi_send(send_aged)

    return aged


async def _instead(datasette: Datasette, scope: Message, age: Age) -> Response | None:
    """What a replica answers itself: how old it is, a form that it cannot take, a download that is too old."""
    path = gate.path_of(scope)
    if path == "/-/replica.json":
        said = {"replica": True, "state": age.state, "as_of": age.as_of, "behind_seconds": age.behind_s}
        return Response.json(said | {"writer": age.writer}, status=200 if age.state == "fresh" else 503)
    if scope["method"] not in ("GET", "HEAD", "OPTIONS") and path not in SIGNING:
        request = Request({**scope, "csrftoken": lambda: "", "actor": None}, None)
        return await errors.refuse(datasette, request, Refused(403, "replica.refused", writer=age.writer or "-"))
    if age.state != "fresh" and (path.endswith(TAKEN_AWAY) or path.startswith(("/brief/", "/pack/"))):
        english = Words("en")
        if age.state == "old":
            why = f"as of {age.as_of}, {english.age(age.behind_s or 0)} behind (at most {english.age(age.limit_s)})"
        else:
            why = f"of an age that is not known (it says {age.as_of or 'nothing'} of itself)"
        return Response.text(
            f"This read replica is {why}: nothing is given away from it until it is fresh again. Take it from "
            f"{age.writer or 'the main site'}. Operator: /-/health and docs/replicas.md.",
            status=503,
        )
    return None


def _headers(age: Age) -> list[tuple[bytes, bytes]]:
    said = {"coi-replica": age.state, "coi-as-of": age.as_of, "coi-behind-seconds": age.behind_s}
    return [(name.encode(), str(value).encode()) for name, value in said.items() if value is not None]


def reopen_when_replaced(datasette: Datasette, held: Database) -> None:
    """Let the site never stand in the way of what keeps the copy up, nor go on with pages of an older file.

    Litestream writes the file itself, under SQLite's own locks. A connection to a file in WAL mode holds a lock as long
    as it is open, so it is closed after each use; else it is kept until the file is another, or was written to.
    """
    from datasette.database import connections  # Datasette's own connections, one a thread

    kept, opened_on = str(held.name), f"{held.name} opened on"
    path = Path(held.path)

    def forget() -> None:
        conn = getattr(connections, kept, None)
        if conn is not None:
            setattr(connections, kept, None)
            held._all_file_connections.remove(conn)
            conn.close()

    async def execute_fn(fn: Callable[[sqlite3.Connection], T]) -> T:
        def in_thread() -> T:
            stat = path.stat()
            now_on = (stat.st_ino, stat.st_mtime_ns)
            if getattr(connections, opened_on, None) != now_on:
                forget()
            conn = getattr(connections, kept, None)
            if conn is None:
                conn = held.connect()
                setattr(connections, kept, conn)
                setattr(connections, opened_on, now_on)
                datasette._prepare_connection(conn, kept)
            try:
                return fn(conn)
            finally:
                if _in_wal_mode(path):
                    forget()

        return await asyncio.get_running_loop().run_in_executor(datasette.executor, in_thread)

    held.execute_fn = execute_fn


def _in_wal_mode(path: Path) -> bool:
    """The file format's read version, byte 19 of a database (SQLite file format, section 1.3.3): 2 is WAL."""
    with path.open("rb") as file:
        return file.read(20)[19:] == b"\x02"
