"""Publishers for a simulated day: each shipped source has a local server that answers in its publisher's shape.

Lists and articles are made from the source's saved case (tests/sources/<id>): the first row of the saved page, once
for each item, with an address, a title and a day of its own. What was listed is remembered: it is the truth.
"""

import copy
import hashlib
import html
import json
import re
import selectors
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import BeautifulSoup

from crawler.shapes import ListingRules, Shape
from crawler.source import Source
from crawler.spiders.rijksoverheid_rss import slice_of
from store.clock import instant
from tests.local_site import Page

CASES = Path(__file__).parent / "sources"
FIRST_NUMBER = 910_000
MOST_SHOWN = 30
MARK = re.compile(r"no\. (9\d{5})\b")  # stands in every title: by it an item is found again
MONTHS = (
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"),
    ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
     "december"),
)  # fmt: skip
JSON, XML, PDF = "application/json", "application/xml; charset=utf-8", "application/pdf"
RSS, HTML = "application/rss+xml; charset=utf-8", "text/html; charset=utf-8"
Broken = Callable[[], Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a publisher brings out: its number, and since when (UTC) it stands in the list."""

    number: int
    at: datetime


@dataclass
class Publisher:
    """One source's server: what it holds, what it shows at `now`, what it has shown while it was well."""

    source: Source
    url: str = ""
    items: Sequence[Item] = field(default_factory=list)
    now: datetime | None = None
    broken: Broken | None = None
    listed: set[int] = field(default_factory=set)
    on_asked: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.case = CASES / self.source.id
        self.expected = json.loads((self.case / "expected.json").read_text("utf-8"))

    def shown(self) -> Sequence[Item]:
        """What the list shows now, the newest first."""
        out = [item for item in self.items if self.now is not None and item.at <= self.now]
        return sorted(out, key=lambda item: item.at, reverse=True)[: self.cap]

    @property
    def cap(self) -> int:
        return 9 if self.source.shape is Shape.WORDPRESS else MOST_SHOWN

    def answer(self, target: str) -> Page:
        """The answer to one request (path and query)."""
        self.on_asked()
        path = target.partition("?")[0]
        if path == "/robots.txt":
            return Page("User-agent: *\nDisallow: /private/\n", "text/plain")
        if path in {urlsplit(start).path or "/" for start in self.source.starts} and not self._is_item(target):
            if self.broken is not None:
                return self.broken()
            if self.source.shape is Shape.WATCH:
                return Page(self.localised(self.saved("page")), HTML)
            wanted = list(self._wanted(target))
            self.listed |= {item.number for item in wanted}
            return _LISTS[self.source.shape](self, wanted, target)
        if (more := _FURTHER.get(self.source.shape)) and (page := more(self, target)):
            return page
        item = self._item_of(target)
        return self.article(item) if item else Page(b"not here", status=404)

    def _wanted(self, target: str) -> Iterable[Item]:
        """Those that the request's own window asks for."""
        if self.source.shape is Shape.RIJKSOVERHEID_RSS and (asked := slice_of(target)):
            return [item for item in self.shown() if asked.begins <= item.at <= asked.ends][:20]
        if found := re.search(r"(?:dt\.available>=|DatumRegistratie ge )(\d{4}-\d\d-\d\d)", unquote(target)):
            return [item for item in self.shown() if item.at.date().isoformat() >= found[1]]
        return self.shown()

    def _is_item(self, target: str) -> bool:
        return "doc=" in target  # the list and its documents share one path at one publisher

    def _item_of(self, target: str) -> Item | None:
        found = re.search(r"9\d{5}", target)
        return next((item for item in self.items if found and item.number == int(found[0])), None)

    # how an item is written -------------------------------------------------------------------------------------

    def saved(self, stem: str) -> str:
        return next(path for path in self.case.iterdir() if path.stem == stem).read_text("utf-8")

    def localised(self, text: str) -> str:
        """A saved text with the publisher's addresses led to the local server."""
        hosts = {urlsplit(url).netloc for url in self._addresses()}
        return re.sub("|".join(rf"https?://{re.escape(host)}" for host in sorted(hosts)), self.url, text)

    def _addresses(self) -> Iterator[str]:
        yield self.expected["url"]
        yield from (entry["url"] for entry in self.expected.get("entries", ()))
        if "document" in self.expected:
            yield self.expected["document"]["url"]
        yield "https://zoek.officielebekendmakingen.nl/"
        yield "https://repository.overheid.nl/"

    @property
    def first(self) -> dict[str, str]:
        """The first entry of the saved page, which all items are modelled on."""
        return self.expected["entries"][0]

    def title(self, item: Item) -> str:
        return f"{self.first['title'] or 'Page'} no. {item.number}"

    def address(self, item: Item) -> str:
        """The address of an item's page: the saved one with the item's number in it."""
        parts = urlsplit(self.first["url"])
        if re.search(r"=\d{3,}$", parts.query):
            return f"{self.url}{parts.path}?{re.sub(r'[0-9]+$', str(item.number), parts.query)}"
        found = re.fullmatch(r"(.*?)(\d{3,})?(\.(?:s?html?|pdf|xml|aspx|php))?(/?)", parts.path)
        assert found is not None
        stem = found[1] if found[2] else f"{found[1]}-"
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.url}{stem}{item.number}{found[3] or ''}{found[4]}{query}"

    def marked(self, text: str, item: Item) -> str:
        """A saved text as this item's: with its title, its address, and its number in the words."""
        document = self.expected.get("document", self.first)
        for old, new in (
            (document["url"], self.address(item)), (self.first["url"], self.address(item)),
            *((as_written(part), as_written(self.title(item))) for as_written in (str, html.escape)
              for part in (document["title"], self.first["title"]) if part),
        ):  # fmt: skip
            text = text.replace(old, new) if old and new not in text else text
        if document.get("published_on"):
            text = _dated(text, date.fromisoformat(document["published_on"]), item.at.date())
        says = document.get("says")
        return text.replace(says, f"{says} (no. {item.number})") if says else text

    def article(self, item: Item) -> Page:
        """The page behind an item; links to files are left out."""
        if (self.case / "article.pdf").exists():
            return Page((self.case / "article.pdf").read_bytes() + f"% {item.number}\n".encode(), PDF)
        kind = next((path.suffix for path in self.case.iterdir() if path.stem == "article"), "")
        if not kind:
            return Page(b"not here", status=404)
        text = self.saved("article")
        if self.source.shape is Shape.SRU:
            text = text.replace(self.first["key"], key(self, item))
        text = self.localised(self.marked(text, item))
        text = text.replace('.pdf"', '.pdf?left-out"').replace("documentAttachmentId=", "leftOut=")
        return Page(text, XML if kind == ".xml" else HTML)


def _dated(text: str, old: date, new: date) -> str:
    """A text with one day in the place of another, in figures and in English or Dutch words."""
    for months in MONTHS:
        text = text.replace(f"{old.day} {months[old.month - 1]} {old.year}",
                            f"{new.day} {months[new.month - 1]} {new.year}")  # fmt: skip
    return text.replace(old.isoformat(), new.isoformat())


def key(publisher: Publisher, item: Item) -> str:
    """The publisher's own identifier of an item, in the form of the saved one."""
    return re.sub(r"\d+$", str(item.number), publisher.first["key"])


def feed(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """RSS or Atom: the first entry of the saved feed, once for each item."""
    text = publisher.saved("page")
    blocks = list(re.finditer(r"<(item|entry)\b.*?</\1>", text, re.DOTALL))
    made = "\n".join(_feed_entry(publisher, blocks[0][0], item) for item in items)
    return Page(publisher.localised(text[: blocks[0].start()] + made + text[blocks[-1].end() :]), RSS)


def _feed_entry(publisher: Publisher, block: str, item: Item) -> str:
    title, address = html.escape(publisher.title(item), quote=False), html.escape(publisher.address(item))
    block = publisher.marked(block, item)
    for pattern, new in (
        (r"(<title[^>]*>).*?(</title>)", rf"\g<1>{title}\g<2>"),
        (r"(<link>).*?(</link>)", rf"\g<1>{address}\g<2>"),
        (r'(<link [^>]*href=").*?(")', rf"\g<1>{address}\g<2>"),
        (r"(<pubDate>).*?(</pubDate>)", rf"\g<1>{format_datetime(item.at)}\g<2>"),
        (r"(<(?:updated|published|dc:date)>).*?(</)", rf"\g<1>{instant(item.at)}\g<2>"),
        (r"(<(guid|id)\b[^>]*>)(?!http://127).*?(</\2>)", rf"\g<1>item-{item.number}\g<3>"),
    ):
        block = re.sub(pattern, new, block, flags=re.DOTALL)
    return block


def listing(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """HTML: the first row of the saved list, once for each item; one page."""
    rules = publisher.source.rules_as(ListingRules)
    soup = BeautifulSoup(publisher.saved("page"), "lxml")
    saved = soup.select(rules.row)
    for item in items:
        row = copy.copy(saved[0])
        link = row if rules.link == ":scope" else row.select_one(rules.link)
        assert link is not None
        link["href"] = publisher.address(item).removeprefix(publisher.url)
        link.string = publisher.title(item)
        saved[0].insert_before(row)
    for old in (*saved, *(soup.select(rules.next) if rules.next else ())):
        old.decompose()
    return Page(publisher.localised(str(soup)), HTML)


def sru(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """A search answer: the first record of the saved one, once for each item."""
    text = publisher.saved("page")
    blocks = list(re.finditer(r"<((?:\w+:)?record)>.*?</\1>", text, re.DOTALL))
    records = []
    for item in items:
        record = publisher.marked(blocks[0][0], item).replace(publisher.first["key"], key(publisher, item))
        for name in ("available", "modified", "issued"):
            record = re.sub(rf"(<dcterms:{name}>).*?(</)", rf"\g<1>{item.at.date()}\g<2>", record)
        records.append(record)
    text = text[: blocks[0].start()] + "\n".join(records) + text[blocks[-1].end() :]
    text = re.sub(r"<((?:\w+:)?nextRecordPosition)>.*?</\1>", "", text)
    text = re.sub(r"(numberOfRecords>)\d+", rf"\g<1>{len(items)}", text)
    return Page(publisher.localised(text), XML)


def odata(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """OData: the first document of the saved answer, once for each item."""
    saved = json.loads(publisher.saved("page"))
    values = [
        saved["value"][0] | {"Id": key(publisher, item), "Onderwerp": publisher.title(item), "DocumentVersie": [],
                             "DatumRegistratie": instant(item.at), "Datum": instant(item.at)}
        for item in items
    ]  # fmt: skip
    return Page(json.dumps({"@odata.context": saved["@odata.context"], "value": values}), JSON)


def wordpress(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """WordPress: the first post of the saved answer, once for each item."""
    [first, *_] = json.loads(publisher.saved("page"))
    posts = []
    for item in items:
        post = json.loads(publisher.marked(json.dumps(first, ensure_ascii=False), item))
        post |= {"id": item.number, "date": instant(item.at)[:-1], "modified": instant(item.at)[:-1],
                 "title": {"rendered": publisher.title(item)}, "link": publisher.address(item)}  # fmt: skip
        post |= {"date_gmt": post["date"], "modified_gmt": post["date"]}
        if "source_url" in post:
            post["source_url"] = f"{publisher.url}/wp-content/uploads/{item.number}.pdf"
        posts.append(post)
    return Page(json.dumps(posts, ensure_ascii=False), JSON)


def open_overheid(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """The search of released documents."""
    saved = json.loads(publisher.saved("page"))["resultaten"][0]
    results = [
        saved | {"document": saved["document"] | {
            "id": f"{key(publisher, item)}_1", "pid": f"{publisher.url}/documenten/{key(publisher, item)}_1",
            "titel": publisher.title(item), "openbaarmakingsdatum": item.at.date().isoformat(),
            "mutatiedatumtijd": instant(item.at)}}
        for item in items
    ]  # fmt: skip
    return Page(json.dumps({"totaal": len(results), "resultaten": results}), JSON)


def detail(publisher: Publisher, target: str) -> Page | None:
    """The detail of one released document: one file."""
    item = publisher._item_of(target)
    if item is None or "/zoek/" not in target:
        return None
    file = {"id": f"{key(publisher, item)}_1", "url": f"/files/{item.number}.pdf", "mime-type": PDF,
            "bestandsnaam": "document.pdf"}  # fmt: skip
    versions = [{"nummer": 1, "bestanden": [file]}]
    return Page(json.dumps({"document": {"language": {"label": "nl"}}, "versies": versions}), JSON)


def sitemap(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """A sitemap with the addresses of the items."""
    urls = "".join(f"<url><loc>{publisher.address(item)}</loc><lastmod>{item.at.date()}</lastmod></url>"
                   for item in items)  # fmt: skip
    return Page(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', XML)


def ecoi(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """The answer of the search: HTML inside JSON."""
    results = "".join(
        f'<div class="search-result"><h3><a href="/en/document/{item.number}.html">{publisher.title(item)}</a></h3>'
        f'<p class="meta">Example Publisher ({item.at:%d %B %Y})</p><p>Russian Federation</p>'
        f'<a class="graphbutton-link" href="#" data-permalink-target="{item.number}">Permalink</a></div>'
        for item in items
    )
    return Page(json.dumps({"hits": len(items), "pages": 1, "content": f'<div class="results">{results}</div>'}), JSON)


def gdelt(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """The article list of the search over the world's news."""
    saved = json.loads(publisher.saved("page").replace("\\'", "'"))["articles"][0]
    found = [
        saved | {"url": f"https://paper.example/{item.number}", "title": publisher.title(item).replace("\\", ""),
                 "seendate": f"{item.at:%Y%m%dT%H%M%SZ}"}
        for item in items
    ]  # fmt: skip
    return Page(json.dumps({"articles": found}), JSON)


def reliefweb(publisher: Publisher, items: Sequence[Item], target: str) -> Page:
    """The reports of the API, without their files."""
    saved = json.loads(publisher.saved("page"))
    data = []
    for item in items:
        fields = {name: value for name, value in saved["data"][0]["fields"].items() if name != "file"}
        fields |= {"title": publisher.title(item), "url": f"{publisher.url}/node/{item.number}",
                   "url_alias": publisher.address(item),
                   "body-html": f"{fields['body-html']}<p>Report no. {item.number}.</p>",
                   "date": dict.fromkeys(("created", "original", "changed"), instant(item.at))}  # fmt: skip
        data.append(saved["data"][0] | {"id": str(item.number), "fields": fields})
    return Page(json.dumps(saved | {"totalCount": len(data), "count": len(data), "data": data}), JSON)


def lifos_rows(publisher: Publisher, target: str) -> Page | None:
    """The listing behind the feed: all items on its first page, none on the others."""
    if "/sokning/" not in target:
        return None
    asked = dict(parse_qsl(urlsplit(target).query))
    items = publisher.shown() if asked.get("page", "1") == "1" else []
    rows = "".join(f"<li><a href='{publisher.address(item)}'>{publisher.title(item)}</a></li>" for item in items)
    return Page(f"<html lang=sv><body><main><ul>{rows}</ul></main></body></html>", HTML)


_LISTS: dict[Shape, Callable[[Publisher, Sequence[Item], str], Page]] = {
    Shape.FEED: feed,
    Shape.LIFOS: feed,
    Shape.RIJKSOVERHEID_RSS: feed,
    Shape.LISTING: listing,
    Shape.SRU: sru,
    Shape.TWEEDEKAMER: odata,
    Shape.WORDPRESS: wordpress,
    Shape.OPEN_OVERHEID: open_overheid,
    Shape.SITEMAP: sitemap,
    Shape.ECOI: ecoi,
    Shape.GDELT: gdelt,
    Shape.RELIEFWEB: reliefweb,
}
_FURTHER: dict[Shape, Callable[[Publisher, str], Page | None]] = {
    Shape.OPEN_OVERHEID: detail,
    Shape.LIFOS: lifos_rows,
}
# Not among them: their lists are walked in ways of their own, which tests/test_shapes_*.py show.
LEFT_OUT = frozenset({"tweedekamer_syncfeed"})
SIMULATED = frozenset({*_LISTS, Shape.WATCH})


# the ways to break ------------------------------------------------------------------------------------------------


def diagnostics() -> Page:
    """SRU: HTTP 200 and a diagnostic instead of records."""
    return Page(
        '<?xml version="1.0"?><searchRetrieveResponse xmlns="http://docs.oasis-open.org/ns/search-ws/sruResponse">'
        "<version>2.0</version><numberOfRecords>0</numberOfRecords><diagnostics>"
        '<diagnostic xmlns="http://docs.oasis-open.org/ns/search-ws/diagnostic"><uri>info:srw/diagnostic/1/2</uri>'
        "<message>System temporarily unavailable</message></diagnostic></diagnostics></searchRetrieveResponse>",
        XML,
    )


def eleven_bytes() -> Page:
    """What a feed behind a network of copies sends now and then: HTTP 200 and next to nothing."""
    return Page("hello world", RSS)


def maintenance_page() -> Page:
    """HTML with HTTP 200 where JSON was promised."""
    return Page("<!DOCTYPE html><html><body><h1>Gepland onderhoud</h1></body></html>", HTML)


def always_full(publisher: Publisher) -> Broken:
    """The search as RSS: twenty items whatever the period that was asked for."""

    def full() -> Page:
        items = publisher.shown()[:20]
        publisher.listed |= {item.number for item in items}
        return feed(publisher, items, "")

    return full


def silence(released: threading.Event) -> Broken:
    """A server that takes the request and never answers."""

    def never() -> Page:
        released.wait()
        raise ConnectionAbortedError

    return never


# the servers ------------------------------------------------------------------------------------------------------


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            page = publisher.answer(self.path)
            tag = f'"{hashlib.sha256(page.content).hexdigest()[:16]}"'
            known = page.status == 200 and self.headers.get("If-None-Match") == tag
            self.send_response(304 if known else page.status)
            self.send_header("ETag", tag)
            if not known:
                self.send_header("Content-Type", page.media_type)
                self.send_header("Content-Length", str(len(page.content)))
            self.end_headers()
            self.wfile.write(b"" if known else page.content)

        def log_message(self, *_: object) -> None:
            """The day prints its own lines."""

    return Handler


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that is killed or has waited long enough hangs up; everything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def open_for_the_day(publishers: Iterable[Publisher]) -> Iterator[None]:
    """Serve each publisher at a port of its own, all accepted by one thread; closed at the end."""
    stop = threading.Event()
    with selectors.DefaultSelector() as ready:
        servers = []
        for publisher in publishers:
            server = Server(("127.0.0.1", 0), _handler(publisher))
            server.timeout = 0
            publisher.url = f"http://127.0.0.1:{server.server_port}"
            ready.register(server, selectors.EVENT_READ, server)
            servers.append(server)

        def accept() -> None:
            while not stop.is_set():
                for chosen, _ in ready.select(0.1):
                    chosen.data.handle_request()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            for server in servers:
                server.server_close()
