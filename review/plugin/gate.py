"""Who gets in at all. With declared people: whoever signed in. Without: whoever sits at this machine.

The gate stands before everything else, so that no route, ours or a plugin's, has to remember it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from datasette.utils.asgi import Request, Response

from review.accounts import Accounts
from review.plugin import errors, tokens
from review.plugin.look import Refused
from review.plugin.request_log import note_actor
from review.plugin.words import LANGUAGES

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

Scope = MutableMapping[str, Any]
LOGIN = "/-/login"
# The sign-in page and what it wears; and what carries a right of its own: the one-time link, the link of a message;
# and whether the site lives, in one word a check.
PUBLIC = re.compile(
    r"/(-/health|-/login|-/logout|-/auth-token|robots\.txt|favicon\.ico|alerts/seen|-/static-plugins/coi-tracker/[A-Za-z0-9_.-]+)"
)
# What only a proxy adds. A site without declared people is for whoever sits at its machine, and he needs none.
_BY_PROXY = frozenset(
    {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}
)
NOBODY = Accounts()
ASK = {"www-authenticate": 'Bearer realm="coi"'}


def accounts_of(datasette: Datasette) -> Accounts:
    """Who may sign in to this site; nobody where a Datasette was started without `coi serve`."""
    found = getattr(datasette, "accounts", NOBODY)
    return found if isinstance(found, Accounts) else NOBODY


async def refusal(datasette: Datasette, scope: Scope, ours: bool) -> Response | None:
    """The answer to a request that may not come in; None where it may.

    `ours`: the address is a form of ours, which itself refuses who is signed out and keeps what was written.
    """
    accounts = accounts_of(datasette)
    if not accounts.closed:
        if is_here(scope):
            return None
        return await errors.refuse(datasette, _request(scope), Refused(403, "denied.host"))
    actor = await tokens.actor_of(datasette, scope)
    note_actor(scope, actor)
    if actor or PUBLIC.fullmatch(path_of(scope)):
        return None
    if scope["method"] == "POST" and ours:
        return None
    request = _request(scope)
    if scope["method"] in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
        return Response("", status=302, headers={"location": f"{LOGIN}{_next(request)}", "cache-control": "no-store"})
    answer = await errors.refuse(datasette, request, Refused(401, "denied.signed_out"))
    answer.headers |= ASK
    return answer


def path_of(scope: Scope) -> str:
    """The path as Datasette reads it: what was sent, not what it means."""
    raw = scope.get("raw_path") or str(scope["path"]).encode()
    return bytes(raw).partition(b"?")[0].decode("latin-1")


def is_here(scope: Scope) -> bool:
    """Whether a request was made to a name of this machine: not through a proxy (whoever asks one can say that he asks
    for `localhost`), nor through a name that somebody else lets lead here (DNS rebinding).
    """
    headers = [(name.lower(), value) for name, value in scope.get("headers", [])]
    if any(name in _BY_PROXY for name, _ in headers):
        return False
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    return all(is_loopback(_hostname(host)) for host in hosts)


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("")
    (True, True, True, False, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _hostname(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "") if parts.port != 0 else ""  # what stands for a port and is none: ValueError
    except ValueError:
        return ""


def _next(request: Request) -> str:
    """Where to go after the sign-in, and the language of the page to do it on."""
    fields = {"next": request.full_path} if request.full_path != "/" else {}
    if (language := request.args.get("lang")) in LANGUAGES[1:]:
        fields["lang"] = str(language)
    return f"?{urlencode(fields)}" if fields else ""


def _request(scope: Scope) -> Request:
    return Request({**scope, "csrftoken": lambda: "", "actor": None}, None)
