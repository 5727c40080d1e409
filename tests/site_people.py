"""Everybody who may knock at the site: a site of this machine, a site with people, and who is signed in there how."""

import asyncio
import shutil
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from datasette_auth_passwords.utils import hash_password

from review.accounts import Account, Accounts
from review.serve import Site, build
from store.home import Home
from tests.site_home import make

WHO = ("here", "anonymous", "reader", "researcher", "approver", "operator", "script", "root")
PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD, "salt", 100_000)
TOKEN = "t0ken-of-the-nightly-script-000000000000"
HTML = {"accept": "text/html,application/xhtml+xml"}
CSRF = "ds_csrftoken"


def people() -> Accounts:
    """One person of each role, named after it, and a script that reads."""
    return Accounts(
        people={role: Account(name=role, role=role, secret=HASH) for role in WHO[2:6]},
        scripts=(Account(name="nightly", role="reader", secret=TOKEN, script=True),),
    )


class Visitor:
    """One browser, or one script, at one site: keeps its cookies, sends the form's token."""

    def __init__(
        self, site: Site, app: object, *, token: str = "", https: bool = False, address: str = "192.0.2.1"
    ) -> None:
        self.site = site
        self.app = app
        self.jar: dict[str, str] = {}
        self.base = ("https" if https else "http") + "://localhost"
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.address = address

    async def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """One request; redirects are not followed, cookies are kept."""
        program = urlsplit(path).path.endswith((".json", ".csv", ".atom", ".ics"))
        headers = ({} if program or self.headers else HTML) | self.headers | dict(more.pop("headers", {}))
        transport = httpx.ASGITransport(app=self.app, client=(self.address, 5000))
        if self.jar:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            answer = await client.request(method, path, headers=headers, **more)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.jar[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.jar[name]
        return answer

    async def send(self, path: str, fields: dict[str, str] | None = None, **more: object) -> httpx.Response:
        """A form of the site, with its token (a script has none)."""
        if not self.headers and CSRF not in self.jar:
            await self.ask("GET", "/-/login" if self.site.accounts.people else "/-/messages")
        mine = {} if self.headers else {"csrftoken": self.jar[CSRF]}
        return await self.ask("POST", path, data=(fields or {}) | mine, **more)

    async def sign_in(self, name: str, password: str = PASSWORD, next_: str = "") -> httpx.Response:
        """By the sign-in page."""
        return await self.send("/-/login", {"username": name, "password": password, "next": next_})

    def go(self, method: str, path: str, **more: object) -> httpx.Response:
        """`ask`, or with POST `send`, from a test that is not asynchronous."""
        return asyncio.run(self.send(path, **more) if method == "POST" else self.ask(method, path, **more))


class World:
    """Two sites over the same rows: one of this machine, one with people."""

    def __init__(self, folder: Path, of: "World | None" = None) -> None:
        if of is None:
            self.ids = make(Home(folder / "here"))
            shutil.copytree(folder / "here", folder / "closed")
        else:
            self.ids = of.ids
            shutil.copytree(of.home.path, folder / "closed")
            shutil.copytree(of.home.path, folder / "here")
        self.home = Home(folder / "closed")
        self.here = build(Home(folder / "here"), accounts=Accounts())
        self.closed = build(self.home, accounts=people())
        self.apps = {id(site): site.app() for site in (self.here, self.closed)}

    def new(self, site: Site | None = None, **options: object) -> Visitor:
        """Somebody who comes for the first time, to the site with people unless another is named."""
        site = site or self.closed
        return Visitor(site, self.apps[id(site)], **options)

    async def visitor(self, who: str) -> Visitor:
        """One of WHO, signed in as such."""
        token, address = TOKEN if who == "script" else "", f"192.0.2.{WHO.index(who)}"
        visitor = self.new(self.here if who == "here" else self.closed, token=token, address=address)
        if who == "root":
            answer = await visitor.ask("GET", f"/-/auth-token?token={self.closed._root_token}")
            assert answer.status_code == 302
        elif who in WHO[2:6]:
            assert (await visitor.sign_in(who)).status_code == 303
        return visitor
