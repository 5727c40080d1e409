"""Who may do what where: the table tests/data/access.toml over every address, method and visitor."""

import asyncio
import re
import tomllib
from pathlib import Path

import pytest

from review.plugin import words
from store.db import connect
from tests.site_people import WHO, World

TABLE = tomllib.loads(Path(__file__).with_name("data").joinpath("access.toml").read_text("utf-8"))
PROFILES = {name: [int(status) for status in line.split()] for name, line in TABLE["profiles"].items()}
ROWS = {path: row for part in ("ours", "datasette", "last") for path, row in TABLE[part].items()}
NOTICE = words.Words("en")("site.example")[:40]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("world"))


async def _walk(world: World) -> tuple[dict, list[str]]:
    """Every address of the table, asked by everybody: its statuses, and the pages without the example's notice."""
    found, bare = {}, []
    visitors = {who: await world.visitor(who) for who in WHO}
    for path, row in ROWS.items():
        for method, profile in zip(("GET", "POST"), [*row, "get_only"][:2], strict=True):
            said = []
            for who, visitor in visitors.items():
                asked = path.format(**world.ids)
                answer = await (visitor.send(asked) if method == "POST" else visitor.ask(method, asked))
                said.append(200 if answer.status_code == 202 else answer.status_code)  # 202: the page is being computed
                html = answer.headers.get("content-type", "").startswith("text/html") and answer.text
                if html and NOTICE not in answer.text and "This text was written for" not in answer.text:
                    bare.append(f"{method} {path} as {who}")
            found[method, path, profile] = said
    return found, bare


@pytest.fixture(scope="module")
def walked(world) -> tuple[dict, list[str]]:
    return asyncio.run(_walk(world))


def test_every_status_is_the_one_of_the_table(walked):
    wrong = [
        f"{method} {path} ({profile}): {' '.join(map(str, said))}"
        for (method, path, profile), said in walked[0].items()
        if said != PROFILES.get(profile)
    ]
    assert wrong == []


def test_the_notice_of_the_example_stands_on_every_page(walked):
    assert walked[1] == []


def test_every_route_is_in_the_table(world):
    patterns = [route if isinstance(route, str) else route.pattern for route, _ in world.here._routes()]
    first = {next(p for p in patterns if re.match(p, path.format(**world.ids).partition("?")[0])) for path in ROWS}
    plain = [pattern.strip("^$") for pattern in patterns]
    missing = [p for n, p in enumerate(patterns) if p not in first and p.strip("^$") not in plain[:n]]
    assert missing == [], "write their addresses into tests/data/access.toml, with who may do what there"


def test_every_table_and_view_is_for_whom_the_table_says(world):
    conn = connect(world.home)
    names = [row["name"] for row in conn.execute("select name from sqlite_master where type in ('table', 'view')")]
    conn.close()
    apart = {table: profile for profile, tables in TABLE["tables"].items() for table in tables}
    assert set(apart) <= set(names)

    async def wrong() -> list[str]:
        found = []
        for who in WHO:
            visitor = await world.visitor(who) if who != "root" else None
            actor = {"id": "root"} if who == "root" else None
            if visitor is not None:
                actor = (await visitor.ask("GET", "/-/actor.json", headers={"accept": "*/*"})).json().get("actor")
            site = world.here if who == "here" else world.closed
            for name in names:
                may = await site.permission_allowed(actor, "view-table", ("coi", name), default=True)
                if may != (PROFILES[apart.get(name, "page")][WHO.index(who)] == 200):
                    found.append(f"{who} {name}: {may}")
        return found

    assert asyncio.run(wrong()) == []


def test_no_open_view_reads_a_closed_table(world):
    """A view over a closed table would tell what the table does not."""
    conn = connect(world.home)
    closed = {name for tables in TABLE["tables"].values() for name in tables}
    views = {row["name"]: row["sql"] for row in conn.execute("select name, sql from sqlite_master where type = 'view'")}
    conn.close()
    views |= dict(re.findall(r"create temp view (\w+) as(.*?);", VIEWS, re.DOTALL))
    reads = {name for name, sql in views.items() if any(re.search(rf"\b{table}\b", sql) for table in closed)}
    assert reads <= closed


VIEWS = Path(words.__file__).with_name("views.sql").read_text("utf-8")
