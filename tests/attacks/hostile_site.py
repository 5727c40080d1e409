"""A publisher who attacks: a site of this machine with markup in every field that a publisher controls, really crawled."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from urllib.parse import quote

from crawler.source import load_sources
from review import work
from store.home import Home
from tests.local_crawl import T1, T2, T3, declare, go
from tests.local_site import Page, Site, serving

MARK = "zqxpwn"
PAYLOADS = (
    f"<{MARK} onclick={MARK}()>", f"\"><{MARK}>", f"'><{MARK} a='", f"<img src=x onerror={MARK}()>",
    f"\" onmouseover=\"{MARK}()", f"</title></textarea></script><{MARK}>", f"<svg/onload={MARK}()>",
    f"javascript:{MARK}()", f"{{{{{MARK}}}}}{{%{MARK}%}}", f"&lt;{MARK}&gt;", f"]]><{MARK}>", f"=HYPERLINK(\"http://{MARK}\")",
    f"x\r\nATTENDEE:mailto:{MARK}\r\nX-{MARK}: 1",
)  # fmt: skip
ALL = " ".join(PAYLOADS)
FACT = "Conscripts of the Russian army from Pskov were sent across the border and fought near Kharkiv in May 2022."
ADDRESSES = (f"javascript:{MARK}()", f"data:text/html,<{MARK}>", f"vbscript:{MARK}", f" java\nscript:{MARK}()",
             f"//{MARK}.example/\"><{MARK}>", f"https://{MARK}.example/?a=\"><{MARK}>&b='><{MARK}>")  # fmt: skip


def twice(text: str) -> str:
    """Text that is markup again after a reader took one layer off."""
    return escape(escape(text, quote=True), quote=True)


def fill(site: Site) -> None:
    """The pages: a feed, articles, an answer that is a diagnostic, one that fails, a redirect, a list of links."""
    links = "".join(f'<a href="{escape(address)}">{escape(address)}</a> ' for address in ADDRESSES)
    items = []
    for n, payload in enumerate(PAYLOADS):
        path = f"/a{n}/{quote(payload)}"
        head = (
            f"<meta name=author content=\"{escape(payload)}\"><meta name=keywords content=\"{escape(payload)}\">"
            f"<meta property='og:title' content=\"{escape(payload)}\"><link rel=canonical href=\"{escape(ADDRESSES[n % 6])}\">"
            f"<meta property='article:published_time' content='2022-06-0{n % 9 + 1}'>"
            f"<script type='application/ld+json'>{{\"@type\": \"NewsArticle\", \"author\": {{\"name\": \"{MARK}\"}}}}</script>"
        )  # fmt: skip
        body = (
            f'<html lang="{escape(payload)}"><head><title>{escape(payload)} {n}</title>{head}</head><body><article>'
            f"<h1>{escape(payload)} {n}</h1><p>{FACT} {escape(payload)}</p><h2>{escape(payload)}</h2><p>{twice(ALL)} number {n}"
            f" of the report names the unit and the commander.</p><p>{links}</p></article></body></html>"
        )
        plain = payload.replace("\r\n", " ")
        site.pages[path] = Page(body, f"text/html; charset=utf-8; x={MARK}", etag=False, headers={
            "ETag": f'"<{MARK}>{n}"', "Last-Modified": plain, "X-Title": plain, "Content-Language": plain,
            "Link": f"<javascript:{MARK}()>; rel=canonical", "Content-Disposition": f'attachment; filename="{MARK}.html"',
        })  # fmt: skip
        items.append(
            f"<item><title>{twice(payload)}</title><link>{site.url}{escape(path)}</link><guid>{escape(payload)}{n}</guid>"
            f"<author>{escape(payload)}</author><category>{escape(payload)}</category><description>{twice(payload)}"
            f"</description><enclosure url=\"{escape(ADDRESSES[n % 6])}\" type=\"{escape(payload)}\" length=\"1\"/>"
            "<pubDate>Wed, 01 Jun 2022 10:00:00 GMT</pubDate></item>"
        )  # fmt: skip
    site.pages["/feed"] = Page(
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{twice(ALL)}</title><link>javascript:"
        f"{MARK}()</link><language>{escape(PAYLOADS[0])}</language><description>{twice(ALL)}</description>"
        f"{''.join(items)}</channel></rss>", "application/rss+xml")  # fmt: skip
    site.pages["/sru?"] = site.pages["/sru"] = Page(
        "<searchRetrieveResponse xmlns='http://docs.oasis-open.org/ns/search-ws/sruResponse'><diagnostics><diagnostic>"
        f"<message>{escape(ALL)}</message><details>{escape(ALL)}</details></diagnostic></diagnostics>"
        "</searchRetrieveResponse>", "text/xml")  # fmt: skip
    site.pages["/broken"] = Page(f"<{MARK}>{ALL}", f"application/{MARK}")
    site.pages["/moved"] = Page(status=302, headers={"Location": f"javascript:{MARK}()"})
    site.pages["/down"] = Page(ALL, status=500)


@contextmanager
def crawled(home: Home) -> Iterator[Site]:
    """Crawl all of it into a home that exists, tag what came, and judge it."""
    environment = {"COI_CONTACT": "tests@example.org"}
    with serving() as site:
        fill(site)
        before = {name: os.environ.get(name) for name in (*environment, "COI_ALLOW_HOSTS")}
        os.environ.update(environment, COI_ALLOW_HOSTS=site.host)
        try:
            (home.declared / "sources").mkdir(parents=True, exist_ok=True)
            for name, path in (("hostile", "/feed"), ("broken", "/broken"), ("moved", "/moved"), ("down", "/down"),
                               ("sru", "/sru")):  # fmt: skip
                source = declare(home, name, "feed", [f"{site.url}{path}"])
                go(home, source, T1 if name == "hostile" else T2)
            site.pages["/feed"] = site.pages["/broken"]
            go(home, load_sources([home.declared / "sources"])["hostile"], T3)
            work.understand(home, say=lambda _: None)
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        yield site
