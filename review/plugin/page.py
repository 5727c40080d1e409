"""What every page does: read how the visitor looks, read rows on a read connection, render with the same frame."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from datasette.utils.asgi import Request, Response
from jinja2 import Environment, Template

from review import register
from review.assess import standing
from review.plugin import access, example, gate, replica
from review.plugin.look import Look, Refused, parse, today
from review.plugin.words import Words
from review.refusals import Refusal, refusals
from review.standing import QuestionStanding, Standing
from store.home import Home

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin
    from datasette.database import Database

DATABASE = "coi"
REMEMBERED = 32  # standings kept in memory; any write to the database makes them all obsolete

T = TypeVar("T")
_seen: dict[tuple[object, ...], Standing] = {}
_made: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One request, with how its visitor looks and in which language."""

    datasette: Datasette
    request: Request
    look: Look
    words: Words

    async def read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask the database something on a read connection; the answer comes back."""
        return await database(self.datasette).execute_fn(question)

    async def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """The rows of one query on a view."""
        return await self.read(lambda conn: conn.execute(sql, values).fetchall())

    async def row(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Row | None:
        """The first row of one query on a view, if any."""
        found = await self.rows(sql, values)
        return found[0] if found else None

    async def standing(self, country: str | None = None) -> Standing:
        """How everything (of one country) stands on the visitor's day; computed once per state of the database."""
        path = database(self.datasette).path
        look = self.look
        key = (_state(path), look.as_of, look.basis, look.reading, country)
        if key not in _seen:
            found = await self.read(lambda conn: _standing(conn, look, country))
            while len(_seen) >= REMEMBERED:
                del _seen[next(iter(_seen))]
            _seen[key] = found
        return _seen[key]

    async def refused(self) -> list[Refusal]:
        """What of the register is refused."""
        declared = home_of(self.datasette).declared
        return await self.read(lambda conn: refusals(conn, declared))

    async def whole(self, of: QuestionStanding) -> QuestionStanding:
        """A question with its evidence, which what is shown of stored verdicts does not hold."""
        if of.evidence or not of.answers:
            return of
        found = await self.read(lambda conn: _standing(conn, self.look, of.country, of.id))
        return next((q for group in found.groups for q in group.questions if q.id == of.id), of)

    async def question(self, country: str, question_id: str, reading: str) -> QuestionStanding | None:
        """How one question stands on the visitor's day in a reading, judged by itself."""
        look = replace(self.look, reading=reading)
        found = await self.read(lambda conn: _standing(conn, look, country, question_id))
        return next((q for group in found.groups for q in group.questions if q.id == question_id), None)

    def on(self, day: date) -> Page:
        """The same visitor on another day, as it was public."""
        return replace(self, look=replace(self.look, as_of=day, basis="public", stated_day=True, stated_basis=False))

    async def banner(self) -> str:
        """The key of the words on the example that this home holds; '' where it holds none."""
        return await self.read(example.banner)

    async def first_known(self) -> str | None:
        """The first day on which anything was known on this basis, if the visitor is earlier; '' if never."""
        row = await self.row("select public, held from site_first_known")
        first: str | None = row[self.look.basis] if row else None
        if first is None:
            return ""
        return first if self.look.until < first else None

    async def html(self, template: str, status: int = 200, **context: object) -> Response:
        """Render a template of ours inside the frame."""
        found = at_once(self.datasette).get_template(template)
        body = await self.datasette.render_template(found, dict(context), request=self.request)
        return Response.html(body, status=status)


class _AtOnce(Template):
    """A template that is rendered in one go: nothing in our pages waits for anything."""

    async def render_async(self, *args: object, **named: object) -> str:
        return self.render(*args, **named)


def at_once(datasette: Datasette) -> Environment:
    """Datasette's templates without awaiting each expression, which takes half of the time of a long page."""
    whole: Environment = datasette.jinja_env
    if whole not in _made:
        made = whole.overlay(enable_async=False)
        made.template_class = _AtOnce
        _made[whole] = made
    return _made[whole]


def _standing(
    conn: sqlite3.Connection, look: Look, country: str | None = None, question: str | None = None
) -> Standing:
    """How everything, or one question, stands as the visitor looks: read in one state of the database."""
    conn.execute("begin")
    try:
        return standing(
            conn, as_of=look.as_of, basis=look.basis, reading=look.reading, today=today(), stored=True,
            country=country, question=question,
        )  # fmt: skip
    finally:
        conn.execute("rollback")


def database(datasette: Datasette) -> Database:
    """The tracker's database; Refused (404) where this Datasette serves something else."""
    if DATABASE not in datasette.databases:
        raise Refused(404, "missing.page")
    return datasette.get_database(DATABASE)


def home_of(datasette: Datasette) -> Home:
    """The home that the tracker's database lies in."""
    return Home(Path(database(datasette).path or "coi.db").absolute().parent)


def open_page(datasette: Datasette, request: Request) -> Page:
    """Read the visitor's look from the address. Refused (400) where it cannot be read."""
    database(datasette)
    look = parse(request, today())
    return Page(datasette=datasette, request=request, look=look, words=Words(look.language))


async def frame(datasette: Datasette, request: Request | None, look: Look) -> dict[str, object]:
    """What the frame around every page needs, Datasette's own pages included."""
    actor = request.actor if request else None
    held = await database(datasette).execute_fn(example.banner) if DATABASE in datasette.databases else ""
    copy = replica.of(datasette)
    behind = DATABASE in datasette.databases and await database(datasette).execute_fn(
        partial(register.behind, extra=home_of(datasette).declared)
    )
    return {
        "w": Words(look.language),
        "look": look,
        "example": held,
        "behind": behind,
        "replica": copy.look() if copy else None,
        "may_decide": copy is None and access.may_decide(actor),
        "visitor": _visitor(actor),
        "closed": gate.accounts_of(datasette).closed,
        "here": request.path if request else "/",
        "stay": list(_stay(request)),
    }


def _visitor(actor: dict[str, object] | None) -> tuple[str, str] | None:
    """The name and the role of who is signed in; the person at this machine has the role `local`."""
    if not actor:
        return None
    name = access.name_of(actor)
    return name, "local" if name == access.LOCAL else str(actor.get("role") or "")


def _stay(request: Request | None) -> list[tuple[str, str]]:
    """The fields of the address that a change of language keeps."""
    if request is None:
        return []
    return [(name, value) for name in request.args for value in request.args.getlist(name) if name != "lang"]


def _state(path: str) -> tuple[object, ...]:
    """Changes with every commit: time and size of the database file and of its write-ahead log."""
    found = []
    for file in (Path(path), Path(f"{path}-wal")):
        try:
            info = file.stat()
        except FileNotFoundError:  # no log yet: nothing was written since the last checkpoint
            found.append((0, 0))
        else:
            found.append((info.st_mtime_ns, info.st_size))
    return (str(path), *found)
