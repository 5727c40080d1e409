"""The door of the site: planted and forged sessions, guessed passwords, one-time links, spoofed headers, `next`, odd paths."""

import asyncio
import base64
import json
import zlib
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote, urlsplit

from review.plugin import limits, sessions
from review.plugin.signin import inside
from review.serve import build
from tests.attacks import Attack
from tests.site_people import HASH, PASSWORD, TOKEN, Visitor, World, people

ACTORS = ({"id": "approver", "role": "approver"}, {"id": "root"}, {"id": "reader", "role": "approver"}, {"id": "reader"},
          {"id": "operator", "role": "operator", "e": 0}, {}, [], "root", None, 1)  # fmt: skip
NEXT = ("//evil.example", "///evil.example", "https://evil.example/", "http:evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)",
        "data:text/html,x", "/%09/evil.example", "/%2f/evil.example", "/%5cevil.example", "//evil.example\\@localhost",
        "https:evil.example", "/.//evil.example", "/..//evil.example", "/;//evil.example", "/?//evil.example",
        "//localhost@evil.example", "\x00//evil.example", "/\x00/evil.example", "\u2028//evil.example", "／／evil.example",
        "/\u00ad/evil.example", "/-/logout", "/-/login?next=//evil.example", "//[::1]", "//evil。example", "ftp://evil.example",
        "@evil.example", "?next=//evil.example", "#//evil.example", "/\r\nSet-Cookie: a=b", "/\r\nLocation: //evil.example",
        "mailto:a@evil.example", "blob:https://evil.example", "//%65vil.example", "/\x0b/evil.example")  # fmt: skip
FORWARDED = ({"x-forwarded-for": "127.0.0.1"}, {"x-forwarded-for": "203.0.113.{n}"}, {"forwarded": "for=203.0.113.{n}"},
             {"x-real-ip": "203.0.113.{n}"}, {"client-ip": "203.0.113.{n}"}, {"true-client-ip": "203.0.113.{n}"},
             {"cf-connecting-ip": "203.0.113.{n}"}, {"x-client-ip": "203.0.113.{n}"}, {"via": "1.1 203.0.113.{n}"},
             {"x-forwarded-for": "203.0.113.{n}, 127.0.0.1"}, {"x-cluster-client-ip": "203.0.113.{n}"})  # fmt: skip
HOSTS = ("evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost.evil.example", "localhost@evil.example",
         "evil.example#localhost", "localhost:8001@evil.example", "192.168.0.1", "0.0.0.0", "[::ffff:127.0.0.1].evil.example",
         "", "[", "localhost\tevil.example", "127.0.0.1:99999:evil", "localhosts", "xlocalhost", "127.1", "2130706433")  # fmt: skip
OVERRIDES = ({"x-original-url": "/-/metadata.json"}, {"x-rewrite-url": "/coi.json"}, {"x-forwarded-path": "/coi"},
             {"x-http-method-override": "GET"}, {"x-forwarded-user": "approver"}, {"remote-user": "approver"},
             {"x-remote-user": "root"}, {"x-forwarded-proto": "https"}, {"x-forwarded-prefix": "/-/login"},
             {"x-forwarded-host": "localhost"}, {"x-auth-request-user": "approver"})  # fmt: skip
UP = ("../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "....//....//etc/passwd",
      "..\\..\\etc\\passwd", "%2e%2e/%2e%2e/site-secret", "..;/..;/coi.db", "/etc/passwd", "C:\\windows\\win.ini", "coi.db",
      "..%c0%af..%c0%afetc/passwd", "%00/etc/passwd", "../coi.db%00.css", "file:///etc/passwd", "~root/.ssh/id_rsa",
      "..／..／etc/passwd", ".%00./.%00./etc/passwd")  # fmt: skip
PATHS = ("/-/static/{}", "/-/static-plugins/coi-tracker/{}", "/captures/{}", "/captures/1/{}", "/documents/{}", "/pack/{}",
         "/pack/questions/{}.zip", "/pack/moratoria/{}.zip", "/pack/questions/{}.csv", "/brief/questions/{}", "/moratoria/{}.ics",
         "/alerts/{}.atom", "/coi/{}", "/coi/captures/{}.json", "/sources/{}", "/questions/{}", "/{}")  # fmt: skip


def attacks(world: World, known: Visitor) -> Iterator[Attack]:
    """All of it; `known` is signed in as operator."""
    for value in _cookies(world):
        yield f"session {value[:40]!r}", partial(_nobody, world, value)
    for brought in ("reader", "researcher", "approver"):
        yield f"a session of a {brought} planted before the sign-in", partial(_planted, world, brought)
    for kind in ("sign-out", "another password"):
        yield f"a stolen session after {kind}", partial(_stolen, world, kind)
    for headers in ({}, *FORWARDED):
        yield f"guessing, with {headers}", partial(_guessed, world, headers)
    for name in ("reader", "approver", "nobody", "root", "operator "):
        yield f"guessing of {name!r} from forty addresses", partial(_spread, world, name)
    for many in (1, 2, 8):
        yield f"a one-time link used by {many + 1} at once", partial(_raced, world, many + 1)
    for end in ("0", " ", "%00", "", "%0a", "&token="):
        yield f"a one-time link that ends on {end!r}", partial(_guessed_link, world, end)
    for place in NEXT:
        yield f"next {place!r}", partial(_leads, world, place)
    assert world.new(world.here).go("GET", "/method").status_code == 200  # it is begun at its first answer
    for host in HOSTS:
        yield f"host {host!r}", partial(_host, world, host)
    for headers in (*OVERRIDES, *FORWARDED):
        yield f"nobody with {headers}", partial(_closed, world, headers)
    for path in PATHS:
        for up in UP:
            yield f"path {path.format(up)}", partial(_outside, known, path.format(up))
            yield f"path {path.format(quote(up, safe=''))}", partial(_outside, known, path.format(quote(up, safe="")))


def _cookies(world: World) -> list[str]:
    """Sessions that are not ours: unsigned, signed otherwise, for another purpose, cut, changed."""
    found = [world.closed.sign({"a": actor}, space) for actor in ACTORS for space in ("actor", "messages", "x")]
    for actor in ACTORS:
        text = json.dumps({"a": actor}).encode()
        plain, packed = (base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (text, zlib.compress(text)))
        found += [plain, f"{plain}.", f"{plain}.AAAA", f".{packed}.AAAA", f"eyJhbGciOiJub25lIn0.{plain}."]
    return [*found, "", ".", "..", "a.b.c", "x" * 100_000, "\x7f", "%00", "null", "true", "0"]


async def _status(visitor: Visitor, path: str = "/") -> int:
    return (await visitor.ask("GET", path)).status_code


def _nobody(world: World, value: str) -> str:
    visitor = world.new()
    visitor.jar = {sessions.COOKIE: value.encode("ascii", "replace").decode()}
    status = asyncio.run(_status(visitor))
    return "" if status in (302, 400, 401, 403) else f"{status}"


def _planted(world: World, brought: str) -> str:
    async def steps() -> str:
        world.closed.counter.limits = limits.Limits()
        victim, attacker = world.new(), world.new()
        await attacker.sign_in(brought)
        victim.jar = dict(attacker.jar)
        await victim.sign_in("operator")
        if victim.jar[sessions.COOKIE] == attacker.jar[sessions.COOKIE]:
            return "the session is the planted one"
        return "" if await _status(attacker) == 302 else "the planted session lives on"

    return asyncio.run(steps())


def _stolen(world: World, kind: str) -> str:
    async def steps() -> int:
        world.closed.counter.limits = limits.Limits()
        mine, thief = world.new(), world.new()
        await mine.sign_in("researcher")
        thief.jar = dict(mine.jar)
        if kind == "sign-out":
            await mine.send("/-/logout")
            return await _status(thief)
        from dataclasses import replace

        changed = people()
        changed.people["researcher"] = replace(changed.people["researcher"], secret=HASH.replace("salt", "pepper"))
        other = build(world.home, accounts=changed)
        later = Visitor(other, other.app())
        later.jar = thief.jar
        return await _status(later)

    status = asyncio.run(steps())
    return "" if status == 302 else f"{status}"


def _guessed(world: World, headers: dict[str, str]) -> str:
    """Ten wrong ones from one address, whatever it says it is; the right one then waits as well."""

    async def steps() -> int:
        world.closed.counter.limits = limits.Limits()
        for n in range(10):
            one = world.new(address="198.51.100.77")
            one.headers = {name: value.format(n=n) for name, value in headers.items()}
            await one.ask("GET", "/-/login")
            sent = {"username": "researcher", "password": PASSWORD if n == 9 else f"wrong battery {n}",
                    "csrftoken": one.jar["ds_csrftoken"]}  # fmt: skip
            answer = await one.ask("POST", "/-/login", data=sent)
        return answer.status_code

    status = asyncio.run(steps())
    return "" if status == 429 else f"{status} at the tenth try"


def _spread(world: World, name: str) -> str:
    async def steps() -> list[int]:
        world.closed.counter.limits = limits.Limits()
        return [
            (await world.new(address=f"198.51.{n}.1").sign_in(name, f"wrong battery {n}")).status_code
            for n in range(40)
        ]

    said = asyncio.run(steps())
    looked = said.count(403)  # a slow machine lets some waits pass
    return "" if looked <= 20 and 303 not in said and 429 in said else f"{looked} of 40 were looked at"


def _own(world: World) -> tuple[World, object, str]:
    own = build(world.home, accounts=people())
    world.apps[id(own)] = own.app()
    return world, own, f"/-/auth-token?token={own._root_token}"


def _raced(world: World, many: int) -> str:
    world, own, link = _own(world)

    async def steps() -> list[int]:
        return await asyncio.gather(*(_status(world.new(own), link) for _ in range(many)))  # type: ignore[arg-type]

    said = asyncio.run(steps())
    again = asyncio.run(_status(world.new(own), link))  # type: ignore[arg-type]
    return "" if said.count(302) == 1 and again == 403 else f"{said}, then {again}"


def _guessed_link(world: World, end: str) -> str:
    world, own, link = _own(world)
    end = end if end != link[-1] else "1"  # one in sixteen links ends on it
    asked = link[:-1] + end if end in ("", "0", "1") else "/-/auth-token?token=" + end
    status = asyncio.run(_status(world.new(own), asked))  # type: ignore[arg-type]
    return "" if status in (400, 403) else f"{status}"


def _leads(world: World, place: str) -> str:
    """'' where nobody is led to another site, as a browser reads the address."""
    world.closed.counter.limits = limits.Limits()
    answer = asyncio.run(world.new().sign_in("reader", next_=place))
    where = answer.headers.get("location", "")
    plain = where.replace("\\", "/").translate(dict.fromkeys(map(ord, "\t\r\n")))
    if urlsplit(where).netloc or not plain.startswith("/") or plain.startswith("//") or "logout" in where:
        return f"leads to {where!r}"
    return "" if inside(place).startswith("/") and "set-cookie: a" not in str(answer.headers).lower() else "led away"


def _host(world: World, host: str) -> str:
    answer = world.new(world.here).go("GET", "/method", headers={"host": host.encode("latin-1")})
    return "" if 400 <= answer.status_code < 500 else f"{answer.status_code}"


def _closed(world: World, headers: dict[str, str]) -> str:
    for path in ("/", "/coi.json", "/-/metadata.json"):
        answer = world.new().go("GET", path, headers={name: value.format(n=1) for name, value in headers.items()})
        if answer.status_code not in (302, 401) or "evil" in answer.headers.get("location", ""):
            return f"{answer.status_code} of {path}"
    return ""


def _outside(visitor: Visitor, path: str) -> str:
    answer = asyncio.run(visitor.ask("GET", path))
    told = any(word in answer.content for word in (b"root:x:", b"SQLite format 3", HASH.encode(), TOKEN.encode()))
    return f"{answer.status_code}: a file of this machine" if told or answer.status_code >= 500 else ""
