"""XSS: every page, file and feed of the site over what a hostile publisher sent, and over what an address may carry.

Judged by parsers, not by eye: no element, attribute, address or formula may come from a payload.
"""

import asyncio
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode, urlsplit

import lxml.etree
import lxml.html

from review.formulas import FORMULA
from store.db import connect
from tests.attacks import Attack
from tests.attacks.hostile_site import MARK, PAYLOADS
from tests.site_people import Visitor, World
from tests.test_access import ROWS

REFLECTED = ("as_of", "basis", "reading", "lang", "q", "sql", "next", "country", "group", "question", "source", "from",
             "until", "page", "passage", "document", "_sort", "_facet", "_where", "_search", "title__contains", "order",
             "state", "kind", "back", "with", "once", "token", "_next", "_size", "_through", "_shape", "callback")  # fmt: skip
LINKED = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "srcdoc", "srcset"}
SAFE = re.compile(r"(https?://|/|\?|#|mailto:|[\w./%-]+([?#]|$))", re.IGNORECASE)
CLASSES = 400  # characters of a class attribute


def hostile_ids(world: World) -> list[dict[str, int]]:
    """The ids of the permission table, once for each hostile document."""
    conn = connect(world.home)
    rows = conn.execute(
        """select d.id as paper, min(p.id) as admitted, (select max(id) from captures where url = d.url) as capture,
             (select min(e.id) from evidence e join passages q on q.id = e.passage_id where q.document_id = d.id) as evidence
           from documents d join passages p on p.document_id = d.id where d.source_id = 'hostile' group by d.id"""
    ).fetchall()
    conn.close()
    usual = world.ids
    return [{name: row[name] or usual[name] for name in ("paper", "admitted", "capture", "evidence")} for row in rows]


def everything(world: World) -> list[str]:
    """Addresses of all pages: those of the permission table for each hostile document, tables, rows, searches."""
    ids = hostile_ids(world)
    found = dict.fromkeys(path.format(**(world.ids | ids[0])) for path in ROWS)
    found |= dict.fromkeys(path.format(**(world.ids | one)) for path in ROWS for one in ids if "{" in path)
    conn = connect(world.home)
    tables = [row[0] for row in conn.execute("select name from sqlite_master where type in ('table', 'view')")]
    conn.close()
    for table in tables:
        found |= dict.fromkeys(
            (f"/coi/{table}?_size=200", f"/coi/{table}.csv?_size=max", f"/coi/{table}.json?_shape=array")
        )
    for one in ids[:4]:
        found |= dict.fromkeys(f"/coi/{table}/{one[key]}{end}" for table, key in (("documents", "paper"), (
            "passages", "admitted"), ("captures", "capture")) for end in ("", ".json"))  # fmt: skip
    more = ["/sources/hostile", "/sources/sru", "/sources/broken", "/sources/moved", "/sources/down",
            f"/search?q={MARK}", "/search?q=Conscripts&order=new", "/search?like=1", "/sources?state=failed", "/volume?source=hostile",
            "/questions/G1.3?as_of=2026-01-04", "/?as_of=2026-01-04", "/matrix/RU?as_of=2026-01-04&basis=held",
            "/queue?all=1", "/alerts/RU.atom", "/alerts/RU/conscripts.atom"]  # fmt: skip
    return [path for path in (*found, *more) if not path.startswith("/-/logout")]


def walk(world: World, visitor: Visitor) -> Iterator[Attack]:
    """Every page with stored payloads, in both languages where it is a page; then payloads in the address itself."""
    for number, path in enumerate(everything(world)):
        yield f"stored: {path}", partial(_looked_at, visitor, path)
        if number < 120 and path.split("?")[0].count(".") == 0:
            yield (
                f"stored, in Dutch: {path}",
                partial(_looked_at, visitor, f"{path}{'&' if '?' in path else '?'}lang=nl"),
            )
    usual = dict.fromkeys(path.format(**world.ids).partition("?")[0] for path in ROWS if "logout" not in path)
    for number, path in enumerate(usual):
        for payload in PAYLOADS[number % 5 :: 5]:
            yield f"in the address: {path} {payload!r}", partial(
                _looked_at, visitor, f"{path}?{urlencode(dict.fromkeys(REFLECTED[number % 2::2], payload))}")  # fmt: skip
    for payload in PAYLOADS:
        for path in ("/questions/{}", "/sources/{}", "/moratoria/{}", "/coi/{}", "/{}", "/documents/{}", "/pack/questions/{}.zip",
                     "/brief/questions/{}", "/brief/groups/RU/{}", "/alerts/RU/{}.atom", "/-/static/{}", "/coi/documents/{}"):  # fmt: skip
            from urllib.parse import quote

            asked = path.format(quote(payload, safe=""))
            yield f"as the address: {asked}", partial(_looked_at, visitor, asked)


def _looked_at(visitor: Visitor, path: str) -> str:
    answer = asyncio.run(visitor.ask("GET", path))
    return judged(answer.status_code, dict(answer.headers), answer.content, path)


def judged(status: int, headers: dict[str, str], body: bytes, path: str) -> str:
    """'' where an answer holds no payload but as text."""
    if status >= 500:
        return f"status {status}"
    if any(name for name in headers if MARK in name):
        return f"a header of the payload: {headers}"
    where = headers.get("location", "")
    if where and (urlsplit(where).netloc or not where.startswith("/") or where.startswith("//")):
        return f"leads to {where!r}"
    if headers.get("x-content-type-options") != "nosniff" or "default-src 'self'" not in headers.get(
        "content-security-policy", ""
    ):
        return "without its guarding headers"
    kind = headers.get("content-type", "").partition(";")[0]
    if "attachment" in headers.get("content-disposition", "") and kind == "application/octet-stream":
        return ""  # the bytes as they came, as a download
    if kind == "text/html":
        return in_html(body)
    if kind in ("application/zip", "application/x-zip-compressed"):
        return _in_zip(body)
    if kind in ("application/atom+xml", "text/xml", "application/xml"):
        return _in_xml(body)
    if kind in ("text/csv", "text/plain") and ".csv" in path:
        return _in_csv(body)
    if kind == "text/calendar":
        return _in_calendar(body)
    if kind == "application/json":
        json.loads(body)
    return ""


def in_html(body: bytes) -> str:
    """'' where a page holds no element, attribute or address of a payload."""
    if not body.strip():
        return ""
    for element in lxml.html.document_fromstring(body.decode("utf-8")).iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if MARK in tag:
            return f"element <{tag}>"
        if tag in ("script", "style", "iframe", "object", "embed") and MARK in (element.text or ""):
            return f"<{tag}> holds the payload"
        for name, value in element.attrib.items():
            if MARK in name or name.startswith("on") or (name == "style" and MARK in value):
                return f"<{tag} {name}={value[:60]!r}>"
            if name in LINKED and value.strip() and not SAFE.match(value.strip()):
                return f"<{tag} {name}={value[:60]!r}>"
            if name == "src" and MARK in value:
                return f"<{tag} src={value[:60]!r}>"
            if name in ("class", "id", "for") and MARK in value and re.search(r"[<>\"]", value):
                return f"<{tag} {name}={value[:60]!r}>"
    return ""


def _in_xml(body: bytes) -> str:
    for element in lxml.etree.fromstring(body).iter():
        if MARK in str(element.tag) or any(MARK in name for name in element.attrib):
            return f"element {element.tag}"
        for name in ("href", "src"):
            if not SAFE.match(element.get(name, "/")):
                return f"{element.tag} {name}={element.get(name)!r}"
        if (
            element.get("type") in ("html", "xhtml")
            and MARK in (element.text or "")
            and in_html(f"<p>{element.text}".encode())
        ):
            return f"HTML in {element.tag}: {in_html(f'<p>{element.text}'.encode())}"
    return ""


def _in_csv(body: bytes) -> str:
    for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
        for cell in row:
            if cell.strip(" ").startswith(FORMULA) and not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", cell):
                return f"a formula: {cell[:60]!r}"
    return ""


def _in_calendar(body: bytes) -> str:
    lines = body.decode("utf-8").replace("\r\n ", "").split("\r\n")
    wrong = [
        line
        for line in lines
        if line and (re.match(rf"(ATTENDEE|X-{MARK})", line) or not re.match(r"[A-Z-]+[;:]", line))
    ]
    return f"a line {wrong[0]!r}" if wrong else ""


def _in_zip(body: bytes) -> str:
    """'' where no file of a pack does what a payload says."""
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        for name in box.namelist():
            if name.startswith(("/", "..")) or ".." in name.split("/") or "\\" in name or MARK in name:
                return f"a file named {name!r}"
            read = box.read(name)
            said = ""
            if name.endswith(".html"):
                said = in_html(read)
            elif name.endswith(".csv"):
                said = _in_csv(read)
            elif name.endswith(".docx"):
                said = _in_word(read)
            if said:
                return f"{name}: {said}"
    return ""


def _in_word(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        for name in box.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            for element in lxml.etree.fromstring(box.read(name)).iter():
                if MARK in str(element.tag) or any(MARK in attribute for attribute in element.attrib):
                    return f"{name}: element {element.tag}"
                if element.get("TargetMode") == "External" and not re.match(r"https?://", element.get("Target", "")):
                    return f"{name}: leads to {element.get('Target')!r}"
                if str(element.tag).endswith("}instrText") and MARK in (element.text or ""):
                    return f"{name}: a field {element.text!r}"
    return ""
