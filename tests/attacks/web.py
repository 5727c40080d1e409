"""Anything may be asked of any route: never a fault, never long, nothing written by reading, nothing of it an element.

Addresses, query strings and forms are made by hypothesis; each is sent through the ASGI application as bytes, past any
client that would tidy it.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from tests.attacks import Attack, clock
from tests.attacks.pages import MARK, in_html
from tests.site_people import Visitor, World
from tests.test_access import ROWS

MOST_S = 8.0  # of processor time for one answer; the heaviest page of a small home, a pack with its papers, takes two
PATHS = [path for path in ROWS if "logout" not in path and "auth-token" not in path]
NAMES = sorted(
    {"as_of", "basis", "reading", "lang", "q", "sql", "next", "country", "group", "question", "source", "from", "until",
     "page", "passage", "document", "order", "state", "kind", "back", "with", "all", "like", "captures", "period", "step",
     "_sort", "_sort_desc", "_facet", "_facet_date", "_facet_array", "_facet_size", "_where", "_search", "_searchmode",
     "_next", "_size", "_through", "_shape", "_col", "_nocol", "_extra", "_labels", "_trace", "_timelimit", "_ttl", "_json",
     "_json_infinity", "_nl", "_stream", "_dl", "_header", "_blob_column", "_nocount", "_nofacet", "_group", "_memory",
     "title", "title__contains", "id__gt", "id__in", "published_on__date", "title__regexp", "title__glob", "rowid", "_rule"}
)  # fmt: skip
FIELDS = ["reason", "text", "decision", "about", "id", "once", "kind", "value", "answer", "directness", "question", "quote",
          "source.report", "terms", "languages", "period_from", "period_to", "found", "status", "act", "seen", "restricted",
          "facts_from", "facts_to", "country", "group", "back", "read_in", "passage", "resolution", "side", "into", "username",
          "password", "next", "message", "message_type", "all_messages", "q", "name"]  # fmt: skip
ODD = ["", " ", "0", "-1", "1e9", "NaN", "Infinity", "9" * 30, "-" + "9" * 30, "1.5", "true", "null", "[]", "{}", "[[", "'",
       "''", '"', "`", "\\", "%", "%00", "%ff", "\x00", "\x1b[2J", "\r\nX-A: b", "../../etc/passwd", "..%2f", "//evil.example",
       "javascript:1", "٣", "①", "ſ", "İ", "ß", "\u202e", "\u2028", "\ufeff", "\U0001f600", "e\u0301" * 40, "=1+1",
       "0000-00-00", "9999-12-31", "10000-01-01", "2022-02-30", "2022-06-29", "0001-01-01", "-2022-01-01", "2022-W26-3",
       "2022-06-29T00:00:00Z", "20220629", "RU", "ru", "ZZ", "conscripts", "G1.3", "G1.3 ", "public", "held", "final",
       "provisional", "nl", "xx", "select 1", "1 or 1=1", "* OR", '"', "NEAR(", "a*", "^a", "a" * 5000, "(" * 300, f"<{MARK}>",
       f'"><{MARK} onx=1>', f"javascript:{MARK}", "${7*7}", "{{7*7}}", "1,2", "1 2 3"]  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """One request as it goes over the wire."""

    method: str
    path: bytes
    query: bytes
    body: bytes
    kind: str


def words() -> st.SearchStrategy[str]:
    """A value: mostly odd ones that are known to hurt, also any text, surrogates included."""
    anything = st.text(st.characters(codec=None), max_size=40)
    numbers = st.integers().map(str) | st.floats().map(str) | st.dates().map(str)
    return st.sampled_from(ODD) | anything | numbers


def wishes() -> st.SearchStrategy[Wish]:
    """Any request of any route."""
    return st.builds(
        _wish, st.sampled_from(PATHS), st.sampled_from(["GET", "GET", "GET", "POST", "HEAD"]),
        st.lists(st.tuples(st.sampled_from(NAMES), words()), max_size=5),
        st.lists(st.tuples(st.sampled_from(FIELDS), words()), max_size=8), st.none() | words(), st.integers(0, 5),
        st.sampled_from(["application/x-www-form-urlencoded"] * 5 + ["text/plain", "application/json", "", "multipart/form-data"]),
    )  # fmt: skip


def _wish(
    path: str,
    method: str,
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    part: str | None,
    at: int,
    kind: str,
) -> Wish:
    """Put a wish together: with a part of its address replaced, its parameters repeated, its bytes as they are."""
    base, _, fixed = path.partition("?")
    if part is not None:
        parts = base.split("/")
        parts[1 + at % max(len(parts) - 1, 1)] = _bytes(part)
        base = "/".join(parts)
    pairs = "&".join(filter(None, (fixed, *(f"{name}={_bytes(value, quote_plus)}" for name, value in query))))
    body = "&".join(f"{name}={_bytes(value, quote_plus)}" for name, value in form)
    return Wish(method, base.encode("ascii"), pairs.encode("ascii"), body.encode("ascii"), kind)


def _bytes(text: str, how: Any = quote) -> str:
    return str(how(text.encode("utf-8", "surrogatepass"), safe=""))


async def send(world: World, visitor: Visitor, wish: Wish) -> tuple[int, dict[str, str], bytes]:
    """Send one wish through the application; status, headers, body."""
    path = wish.path.decode("ascii")
    for name, number in world.ids.items():
        path = path.replace(f"{{{name}}}", str(number))
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.jar.items())
    body = wish.body + b"&csrftoken=" + visitor.jar.get("ds_csrftoken", "").encode()
    from urllib.parse import unquote

    scope = {
        "type": "http", "http_version": "1.1", "method": wish.method, "scheme": "http", "path": unquote(path, errors="replace"),
        "raw_path": path.encode(), "query_string": wish.query, "server": ("localhost", 80), "client": (visitor.address, 5000),
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html"), (b"cookie", cookie.encode()),
                    (b"content-type", wish.kind.encode())],
    }  # fmt: skip
    said: list[dict[str, Any]] = []
    sent = [{"type": "http.request", "body": body if wish.method == "POST" else b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        return sent.pop() if sent else {"type": "http.disconnect"}

    async def answer(message: dict[str, Any]) -> None:
        said.append(message)

    await world.apps[id(visitor.site)](scope, receive, answer)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in said[0]["headers"]}
    return said[0]["status"], headers, b"".join(part.get("body", b"") for part in said[1:])


def judge(world: World, visitor: Visitor, wish: Wish) -> str:
    """'' where the site bears the wish."""
    began = clock()
    status, headers, body = asyncio.run(send(world, visitor, wish))
    took = clock() - began
    if status >= 500:
        return f"{status} of {wish}"
    if took > MOST_S:
        return f"{took:.1f} s for {wish}"
    if "content-security-policy" not in headers or headers.get("x-content-type-options") != "nosniff":
        return f"no guarding headers for {wish}"
    if any("\r" in value or "\n" in value or MARK in name for name, value in headers.items()):
        return f"a header of the visitor's for {wish}"
    if headers.get("content-type", "").startswith("text/html"):
        said = in_html(body)
        return f"{said} of {wish}" if said else ""
    return ""


def drawn(number: int, seed: int = 1) -> list[Wish]:
    """So many wishes, the same for the same seed."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    found: list[Wish] = []

    @seeded(seed)
    @settings(
        max_examples=number,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(wishes())
    def note(wish: Wish) -> None:
        found.append(wish)

    note()
    random.Random(seed).shuffle(found)
    return found


def borne(world: World, visitor: Visitor, number: int) -> Iterator[Attack]:
    """So many wishes, those that read first; then that reading wrote no row."""
    from tests.attacks.queries import dump

    asked = sorted(drawn(number), key=lambda wish: wish.method == "POST")
    before = dump(world)
    for count, wish in enumerate(asked):
        yield f"{wish.method} {wish.path.decode()} {count}", partial(judge, world, visitor, wish)
        if wish.method != "POST" and (count + 1 == len(asked) or asked[count + 1].method == "POST"):
            yield "nothing was written by reading", lambda: "" if dump(world) == before else "a row was written"
