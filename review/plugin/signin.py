"""Signing in and out: by name and password, or once by the link that `coi serve` prints on this machine."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from datasette.utils.asgi import Request, Response
from itsdangerous import BadData

from review.accounts import Account
from review.plugin import gate, sessions
from review.plugin.access import LOCAL
from review.plugin.decisions import way_back
from review.plugin.errors import CSRF, SENT
from review.plugin.limits import Limits
from review.plugin.look import Refused
from review.plugin.page import Page, open_page
from review.plugin.signlog import SignLog
from review.plugin.words import LANGUAGES

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

DEVICE = "coi_device"  # a browser under which somebody signed in before; it signs nobody in
DEVICE_LASTS_S = 180 * 86_400
LONGEST_PASSWORD = 1000
# What a wrong name costs as much time as: a hash that no password fits.
NOBODYS_HASH = f"pbkdf2_sha256$480000${'0' * 32}${'A' * 43}="


class Fields(TypedDict):
    """What the sign-in page shows again."""

    name: str
    next: str


class Counter:
    """The tries of one site, the log of them, and how many passwords are checked at a time (each costs CPU)."""

    def __init__(self, log: SignLog, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.log = log
        self.checking = asyncio.Semaphore(2)


async def form(datasette: Datasette, request: Request) -> Response:
    """GET /-/login?next=: the sign-in page."""
    page = open_page(datasette, request)
    return await _page(page, {"name": "", "next": request.args.get("next") or ""})


async def enter(datasette: Datasette, request: Request) -> Response:
    """POST /-/login: name, password, next. 303 to where one wanted to go; 403 wrong, 429 too many tries."""
    page = open_page(datasette, request)
    if CSRF not in request.cookies:  # then nobody checked the token: another site could sign a visitor in as somebody
        raise Refused(403, "sign.cookies")
    sent = await request.post_vars()
    fields: Fields = {"name": sent.get("username", "").strip()[:100], "next": sent.get("next", "")}
    if not fields["name"] or not sent.get("password"):
        return await _page(page, fields, 400, page.words("sign.empty"))
    person = gate.accounts_of(datasette).person(fields["name"])
    address, device = _address(request), _device(page, fields["name"])
    counter = counter_of(datasette)
    wait = counter.limits.wait_s(address, fields["name"], device)
    if wait:
        counter.log.note("told to wait", person, address)
        answer = await _page(page, fields, 429, page.words.count("sign.wait", wait))
        answer.headers["retry-after"] = str(wait)
        return answer
    async with counter.checking:
        right = await asyncio.to_thread(_fits, sent.get("password", ""), person)
    if not right or person is None:
        counter.log.note("wrong password" if person else "unknown name", person, address)
        return await _page(page, fields, 403, page.words("sign.wrong"))
    counter.limits.passed(address, fields["name"], device)
    counter.log.note("signed in", person, address)
    location = _spoken(inside(fields["next"]), page.look.language)
    response = Response("", status=303, headers={"location": location, "cache-control": "no-store"})
    sessions.begin(datasette, request, response, {"id": person.name, "role": person.role}, person.stamp)
    known = datasette.sign({"n": person.name, "d": device or secrets.token_urlsafe(12)}, DEVICE)
    response.set_cookie(
        DEVICE, known, max_age=DEVICE_LASTS_S, httponly=True, secure=sessions.secure(request), samesite="lax"
    )
    return response


async def by_link(datasette: Datasette, request: Request) -> Response:
    """GET /-/auth-token?token=: whoever sits at this machine, once."""
    open_page(datasette, request)
    token, log = datasette._root_token, counter_of(datasette).log
    asked = (request.args.get("token") or "").encode()
    if not token or not secrets.compare_digest(asked, token.encode()):
        log.note("local link refused", None, _address(request))
        raise Refused(403, "sign.link")
    response = Response("", status=302, headers={"location": "/", "cache-control": "no-store"})
    if request.method == "HEAD":  # a program that looks at links must not use it up
        return response
    datasette._root_token = None
    log.note("signed in by the local link", None, _address(request))
    sessions.begin(datasette, request, response, {"id": LOCAL}, sessions.LOCAL_STAMP)
    return response


async def leaving(datasette: Datasette, request: Request) -> Response:
    """GET /-/logout: the button; nothing is changed by following a link."""
    page = open_page(datasette, request)
    if not request.actor:
        return Response("", status=302, headers={"location": f"{gate.LOGIN}{page.look.query()}"})
    return await page.html("coi_sign_out.html")


async def leave(datasette: Datasette, request: Request) -> Response:
    """POST /-/logout: the session is over, wherever its cookie may be."""
    page = open_page(datasette, request)
    closed = gate.accounts_of(datasette).closed
    response = Response("", status=303, headers={"location": f"{gate.LOGIN if closed else '/'}{page.look.query()}"})
    sessions.end(datasette, request, response)
    if request.actor:
        person = gate.accounts_of(datasette).person(str(request.actor.get("id")))
        counter_of(datasette).log.note("signed out", person, _address(request))
    datasette.add_message(request, page.words("sign.out_done"), datasette.INFO)
    return response


async def must_be_signed_in(datasette: Datasette, request: Request) -> None:
    """Refused (401) where a form comes in without a person on a site that has people; what it brought is kept."""
    if request.actor or not gate.accounts_of(datasette).closed or gate.PUBLIC.fullmatch(request.path):
        return
    request.scope[SENT] = dict(await request.post_vars())
    raise Refused(401, "denied.signed_out")


def inside(asked: str) -> str:
    """Where to go after the sign-in: a page of this site that is not the sign-in itself.

    >>> inside("/queue?lang=nl"), inside("//elsewhere.example/"), inside("/-/logout"), inside("")
    ('/queue?lang=nl', '/', '/', '/')
    """
    back = way_back(asked)
    return "/" if urlsplit(back).path.startswith(("/-/log", "/-/auth-token")) else back


def _spoken(path: str, language: str) -> str:
    """The page to go to, in the language of the sign-in page unless it names its own."""
    if language == LANGUAGES[0] or "lang=" in path:
        return path
    address, mark, anchor = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}lang={language}{mark}{anchor}"


def counter_of(datasette: Datasette) -> Counter:
    """The tries of a site."""
    found = getattr(datasette, "counter", None)
    if found is None:
        found = datasette.counter = Counter(SignLog(None))
    return found if isinstance(found, Counter) else Counter(SignLog(None))


async def _page(page: Page, fields: Fields, status: int = 200, said: str = "") -> Response:
    accounts = gate.accounts_of(page.datasette)
    answer = await page.html("coi_sign_in.html", status=status, said=said, fields=fields, people=bool(accounts.people))
    answer.headers["cache-control"] = "no-store"
    return answer


def _fits(password: str, person: Account | None) -> bool:
    """Whether the password is the person's; as slow for a name that nobody has."""
    from datasette_auth_passwords.utils import verify_password

    if not 0 < len(password) <= LONGEST_PASSWORD:
        return False
    return bool(verify_password(password, person.secret if person else NOBODYS_HASH))


def _device(page: Page, name: str) -> str:
    """The id of a browser that signed in under this name before; '' for any other."""
    try:
        said = page.datasette.unsign(page.request.cookies.get(DEVICE, ""), DEVICE)
    except BadData:
        return ""
    return str(said["d"]) if str(said.get("n")).lower() == name.lower() else ""


def _address(request: Request) -> str:
    """Who asks, as the server saw it (uvicorn reads X-Forwarded-For of a proxy on this machine only)."""
    client = request.scope.get("client")
    return str(client[0]) if client else "unknown"
