"""Sessions: a signed cookie that says who, until when and under which password; a sign-out ends it everywhere.

Datasette reads the cookie (`ds_actor`); what stands here makes it, and says whether it still holds. Nobody can bring a
session along: its id is drawn at the sign-in, and the one that the browser sent before is ended.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils import baseconv
from itsdangerous import BadData

from review.accounts import Accounts
from review.plugin.access import LOCAL
from store.home import replace_file

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin
    from datasette.utils.asgi import Request, Response

COOKIE = "ds_actor"
LASTS_S = 12 * 3600  # a long working day; then one signs in again
LOCAL_STAMP = "local"


class Ended:
    """Sessions that were signed out before their time, in a file of the home, until they would have ended anyway."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._until: dict[str, int] = {}
        if path is not None and path.exists():
            for line in path.read_text("ascii", errors="ignore").splitlines():
                session, _, until = line.partition(" ")
                if until.isdecimal() and int(until) > time.time():
                    self._until[session] = int(until)
            replace_file(path, "".join(map(_line, self._until.items())))

    def add(self, session: str, until: int) -> None:
        """End a session; kept over a restart."""
        if session in self._until:
            return
        self._until[session] = until
        if self._path is not None:
            _append(self._path, _line((session, until)))

    def __contains__(self, session: object) -> bool:
        return session in self._until


def _line(row: tuple[str, int]) -> str:
    return f"{row[0]} {row[1]}\n"


def _append(path: Path, text: str) -> None:
    """Add to a file and bring it to the disk before anybody is told that a session has ended."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def begin(datasette: Datasette, request: Request, response: Response, actor: dict[str, object], stamp: str) -> None:
    """Sign a visitor in: a new session, and the end of the one that the browser brought."""
    end(datasette, request)
    until = int(time.time()) + LASTS_S
    value = {"a": actor, "e": baseconv.base62.encode(until), "s": secrets.token_urlsafe(16), "k": stamp}
    response.set_cookie(
        COOKIE, datasette.sign(value, "actor"), max_age=LASTS_S, httponly=True, secure=secure(request), samesite="lax"
    )


def end(datasette: Datasette, request: Request, response: Response | None = None) -> None:
    """End the session that a request carries, for everybody who holds its cookie."""
    said = _read(datasette, request.cookies.get(COOKIE, ""))
    if said and isinstance(said.get("s"), str):
        ended_of(datasette).add(said["s"], _until(said))
    if response is not None:
        response.set_cookie(
            COOKIE, "", max_age=0, expires=0, httponly=True, secure=secure(request), samesite="lax"
        )  # fmt: skip


def holds(datasette: Datasette, cookie: str, accounts: Accounts) -> bool:
    """Whether a session cookie still signs somebody in.

    Where people are declared it must be one of ours that nobody ended, of a person whose password and role are still
    the same. Datasette itself has looked at the signature and the time.
    """
    said = _read(datasette, cookie)
    if said is None:
        return False
    if said.get("s") in ended_of(datasette):
        return False
    actor = said.get("a")
    if not isinstance(actor, dict):
        return False
    if not accounts.closed and "s" not in said:
        return True  # signed with the secret of this site, by Datasette itself
    if "s" not in said or _until(said) <= time.time():
        return False
    if actor.get("id") == LOCAL:
        return said.get("k") == LOCAL_STAMP
    person = accounts.person(str(actor.get("id")))
    return person is not None and said.get("k") == person.stamp


def without_ended(
    datasette: Datasette, scope: MutableMapping[str, Any], accounts: Accounts
) -> MutableMapping[str, Any]:
    """A request without its session cookie where that no longer holds, and without cookies that are none."""
    raw = b"; ".join(value for name, value in scope.get("headers", []) if name.lower() == b"cookie")
    if not raw:
        return scope
    cookies = _cookies(raw)
    if cookies is not None and (COOKIE not in cookies or holds(datasette, cookies[COOKIE], accounts)):
        return scope
    kept = b";".join(part for part in raw.split(b";") if part.partition(b"=")[0].strip() != COOKIE.encode())
    if COOKIE in (_cookies(kept) or {COOKIE: ""}):
        kept = b""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
    return {**scope, "headers": [*headers, *([(b"cookie", kept)] if kept else [])]}


def _cookies(raw: bytes) -> dict[str, str] | None:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(raw.decode("latin-1")).items()}
    except CookieError:
        return None


def secure(request: Request) -> bool:
    """Whether the visitor's browser speaks https (uvicorn takes it from a proxy on this machine)."""
    return bool(request.scheme == "https")


def ended_of(datasette: Datasette) -> Ended:
    """The ended sessions of a site."""
    found = getattr(datasette, "ended", None)
    if found is None:
        found = datasette.ended = Ended(None)
    return found if isinstance(found, Ended) else Ended(None)


def _read(datasette: Datasette, cookie: str) -> dict[str, Any] | None:
    try:
        said = datasette.unsign(cookie, "actor")
    except BadData:
        return None
    return said if isinstance(said, dict) else None


def _until(said: dict[str, Any]) -> int:
    try:
        return int(baseconv.base62.decode(str(said.get("e", "0"))))
    except ValueError:
        return 0
