"""The families of attacks by name: what each tries, and how its attacks are made in a folder of their own."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from store.home import Home
from tests import site_home
from tests.attacks import (
    Attack,
    addresses,
    door,
    filenames,
    forms,
    inside,
    letters,
    markup,
    packed,
    pages,
    patterns,
    queries,
    rebinding,
    web,
)
from tests.attacks.hostile_site import crawled
from tests.site_people import CSRF, Visitor, World

WISHES = 1500  # requests that hypothesis makes for the family `web`
Family = Callable[[Path], Iterator[Attack]]


def _visitors(world: World, *names: str) -> dict[str, Visitor]:
    async def come() -> dict[str, Visitor]:
        found = {name: await world.visitor(name) for name in names}
        for visitor in found.values():
            if CSRF not in visitor.jar and not visitor.headers:
                await visitor.ask("GET", "/-/login")
        return found

    return asyncio.run(come())


def _addresses(_: Path) -> Iterator[Attack]:
    return chain(addresses.notations(), addresses.requests())


def _packed(folder: Path) -> Iterator[Attack]:
    return chain(packed.encodings(), packed.files(folder))


def _queries(folder: Path) -> Iterator[Attack]:
    world = queries.fill(World(folder))
    return queries.ask(world, _visitors(world, "reader", "anonymous"))


def _forms(folder: Path) -> Iterator[Attack]:
    world = World(folder)
    known = _visitors(world, "approver", "researcher")
    return forms.across(world, known["approver"], known["researcher"])


def _door(folder: Path) -> Iterator[Attack]:
    world = World(folder)
    return chain(door.attacks(world, _visitors(world, "operator")["operator"]), filenames.members(folder))


def _mail(folder: Path) -> Iterator[Attack]:
    world = World(folder)
    return chain(
        letters.mails(folder / "mails"), filenames.saved(folder, _visitors(world, "reader")["reader"], world.home)
    )


def _web(folder: Path) -> Iterator[Attack]:
    world = World(folder)
    return web.borne(world, _visitors(world, "root")["root"], WISHES)


def hostile(folder: Path) -> World:
    """A site over what the hostile publisher sent, beside the usual rows."""
    home = Home(folder / "seed")
    home.create()
    ids = site_home.make(home)
    with crawled(home):
        return World(folder, of=_Seed(ids, home))  # type: ignore[arg-type]


class _Seed:
    def __init__(self, ids: dict[str, int], home: Home) -> None:
        self.ids, self.home = ids, home


def _pages(folder: Path) -> Iterator[Attack]:
    world = hostile(folder)
    return pages.walk(world, _visitors(world, "root")["root"])


FAMILIES: dict[str, tuple[str, Family]] = {
    "addresses": ("SSRF: notations, redirects, names, exceptions of the operator", _addresses),
    "ssrf": ("real crawls of a hostile site that leads inside: links, redirects, robots, maps, feeds", inside.crawls),
    "names": ("DNS rebinding: a name server, a public server and an inside in a network of their own", rebinding.names),
    "xml": ("bombs and entities in every reader of XML, eight encodings, every part of a Word file", markup.bombs),
    "packed": ("gzip, deflate, brotli, Word, WACZ bombs; zips that lie", _packed),
    "patterns": ("ReDoS: every repeated part of every pattern of the product", lambda _: patterns.patterns()),
    "sql": ("writing, reaching out, closed tables and cost through the query pages", _queries),
    "csrf": ("every form in seventeen shapes of another site", _forms),
    "door": (
        "sessions, guessing, one-time links, spoofed headers and hosts, next, paths; names inside archives",
        _door,
    ),
    "mail": ("line ends, headers and file names in mails that a real server takes; attachments saved and added", _mail),
    "web": ("any request to any route, made by hypothesis: no fault, nothing written by reading", _web),
    "pages": ("XSS, formulas, odd links in every page, feed and file over a hostile publisher", _pages),
}
