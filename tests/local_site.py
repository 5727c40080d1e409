"""A small web server for tests: pages in a dictionary, ETags, and a record of what was asked."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    body: bytes | str = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = True
    stuck: bool = False  # a cache that says "not modified" to whoever sends any ETag

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Site:
    url: str
    host: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)  # path, status, request headers

    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_until_asked(self, times: int) -> None:
        """Wait until so many requests have come in all."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.asked) >= times, timeout=60), "nobody asked"

    def statuses(self, path: str) -> list[int]:
        return [status for asked, status, _ in self.asked if asked == path]

    def article(self, path: str, words: str = "", **more) -> None:
        """An article with a title, three paragraphs of its own and `words`."""
        text = "".join(
            f"<p>Paragraph {n} of {path}: conscripts of the spring call-up were told to sign contracts by officers of "
            f"their unit, and {n + 2} mothers wrote to the prosecutor about it.</p>"
            for n in range(3)
        )
        html = f"<html lang=en><head><title>Title of {path}</title>{more.pop('head', '')}</head><body><nav>Home</nav>"
        self.pages[path] = Page(f"{html}<article><h1>Title of {path}</h1>{text}<p>{words}</p></article></body></html>",
                                **more)  # fmt: skip

    def feed(self, path: str, *entries: str, dated: str = "Wed, 31 Dec 2025 10:00:00 GMT") -> None:
        """An RSS feed of the given article paths, each with its own guid."""
        items = "".join(
            f"<item><title>{entry}</title><link>{self.url}{entry}</link><guid isPermaLink='false'>id-{entry}</guid>"
            f"<pubDate>{dated}</pubDate></item>"
            for entry in entries
        )
        self.pages[path] = Page(
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>The feed</title>"
            f"<link>{self.url}/</link><description>d</description>{items}</channel></rss>",
            "application/rss+xml; charset=utf-8",
        )


@contextmanager
def serving() -> Iterator[Site]:
    """A running site; stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = site.pages.get(self.path, Page(b"not here", status=404))
            tag = f'"{hashlib.sha256(page.content).hexdigest()[:16]}"'
            asked_with = self.headers.get("If-None-Match")
            known = page.etag and page.status == 200 and (asked_with == tag or (page.stuck and asked_with is not None))
            status = 304 if known else page.status
            with site.changed:
                site.asked.append((self.path, status, dict(self.headers)))
                site.changed.notify_all()
            body = b"" if known else page.content
            self.send_response(status)
            if page.etag and page.status == 200:
                self.send_header("ETag", tag)
            if not known:
                self.send_header("Content-Type", page.media_type)
                self.send_header("Content-Length", str(len(body)))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = f"127.0.0.1:{server.server_port}"
    site = Site(f"http://{host}", host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
