"""SSRF by what is really crawled: a hostile site leads to a second port of this machine, which stands for the inside.

COI_ALLOW_HOSTS names the hostile site's own port and nothing else, so the inside must never be asked for anything.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import escape
from pathlib import Path

from store.home import Home
from tests.attacks import Attack
from tests.local_crawl import WAR, declare, go, rows
from tests.local_site import Page, Site, serving

STATUSES = (301, 302, 303, 307, 308)
HOSTS = ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0",
         "127.0.0.1.", "a@127.0.0.1", "１２７.0.0.1")  # fmt: skip
RULES = '[listing]\nrow = "li"\nlink = "a"\nnext = "a.next"\nattachments = "a.file"'
MAP = '[sitemap]\nonly = "."'


@contextmanager
def allowing(*hosts: str) -> Iterator[None]:
    """The operator's settings for a crawl of these host:port pairs only."""
    mine = {"COI_ALLOW_HOSTS": ",".join(hosts), "COI_CONTACT": "tests@example.org"}
    before = {name: os.environ.get(name) for name in mine}
    os.environ.update(mine)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def ways(site: Site, port: str) -> dict[str, str]:
    """Put every way that leads inside on the site; each is told by the path that it would ask for there."""
    found: dict[str, str] = {}

    def lead(what: str, host: str = "127.0.0.1") -> str:
        path = f"/in{len(found)}"
        found[f"{what}: {host}"] = path
        return f"http://{host}:{port}{path}"

    links = []
    for host in HOSTS:
        links.append(lead("a link of a list", host))
        for status in STATUSES if host == "127.0.0.1" else (302,):
            path = f"/moved-{status}-{len(found)}"
            site.pages[path] = Page(status=status, headers={"Location": lead(f"a redirect {status}", host)})
            links.append(path)
    site.pages["/twice"] = Page(status=302, headers={"Location": "/once"})
    site.pages["/once"] = Page(status=302, headers={"Location": lead("the second of two redirects")})
    site.pages["/bare"] = Page(status=302, headers={"Location": lead("a redirect without a scheme")[5:]})
    head = (f'<link rel=canonical href="{lead("the canonical address")}"><base href="{lead("the base")}">'
            f'<meta http-equiv=refresh content="0;url={lead("a refresh in the page")}">'
            f'<link rel=amphtml href="{lead("the amp page")}"><meta property="og:url" content="{lead("og:url")}">')  # fmt: skip
    site.article("/says", f'<a class=file href="{lead("an attachment")}.pdf">file</a><img src="{lead("a picture")}">'
                 f'<iframe src="{lead("a frame")}"></iframe>{WAR}', head=head,
                 headers={"Refresh": f"0; url={lead('a refresh in a header')}", "Link": f"<{lead('a link in a header')}>; "
                          "rel=canonical", "Content-Location": lead("the content's location")})  # fmt: skip
    site.article("/good", WAR)
    links += ["/twice", "/bare", "/says", "/good"]
    listed = "".join(f'<li><a href="{escape(one)}">x</a></li>' for one in links)
    after = lead("the next page of a list")
    site.pages["/list"] = Page(f"<html><body><ul>{listed}</ul><a class=next href='{after}'>more</a></body></html>")
    items = "".join(f"<item><title>t{n}</title><link>{link}</link><guid>g{n}</guid><enclosure url='{lead('an enclosure')}' "
                    "type='application/pdf' length='9'/><pubDate>Wed, 31 Dec 2025 10:00:00 GMT</pubDate></item>"
                    for n, link in enumerate([lead("an entry of a feed"), f"{site.url}/good", f"{site.url}/says"]))  # fmt: skip
    channel = f"<title>f</title><link>{lead('the page of a feed')}</link><description>d</description>"
    site.pages["/feed"] = Page(f"<?xml version='1.0'?><?xml-stylesheet href='{lead('the style of a feed')}'?>"
                               f"<rss version='2.0'><channel>{channel}<cloud domain='127.0.0.1' port='{port}' path='/'/>"
                               f"{items}</channel></rss>", "application/rss+xml")  # fmt: skip
    maps = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in (lead("a part of a sitemap"), f"{site.url}/map2"))
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    site.pages["/map"] = Page(f"<sitemapindex {space}>{maps}</sitemapindex>", "text/xml")
    pages = "".join(f"<url><loc>{one}</loc></url>" for one in (lead("an entry of a sitemap"), f"{site.url}/good"))
    site.pages["/map2"] = Page(f"<urlset {space}>{pages}</urlset>", "text/xml")
    site.pages["/start"] = Page(status=302, headers={"Location": lead("the redirect of a start page")})
    site.pages["/robots.txt"] = Page(status=302, headers={"Location": lead("the redirect of robots.txt")})
    found["robots.txt of the inside"] = "/robots.txt"
    return found


def crawls(folder: Path) -> Iterator[Attack]:
    """Crawl the list, the feed, the sitemap and the start page; then one attack for each way."""
    home = Home(folder / "home")
    home.create()
    (home.declared / "sources").mkdir(parents=True, exist_ok=True)
    with serving() as site, serving() as inside, allowing(site.host):
        found = ways(site, inside.host.rpartition(":")[2])
        for shape, path, rules in (("listing", "/list", RULES), ("feed", "/feed", ""), ("sitemap", "/map", MAP),
                                   ("watch", "/start", "")):  # fmt: skip
            go(home, declare(home, f"to-{shape}", shape, [f"{site.url}{path}"], f"delay_s = 1.0\n{rules}"))
            # once more with a robots.txt that speaks of the inside itself
        site.pages["/robots.txt"] = Page(f"User-agent: *\nAllow: /\nSitemap: {inside.url}/map\n", "text/plain")
        found["a sitemap that robots.txt names"] = "/map"
        go(home, declare(home, "robots", "sitemap", [f"{site.url}/map"], f"delay_s = 1.0\n{MAP}"))
        asked = [path for path, _, _ in inside.asked]
        held = rows(home, "select count(*) from documents where key = ?", f"{site.url}/good")
        walked = {path for path, _, _ in site.asked}
    for what, path in found.items():
        yield what, partial(_never, asked, path)
    yield "nothing else was asked inside", lambda: "" if not asked else f"asked {asked}"
    lacking = {"/good", "/says", "/once", "/map2", "/robots.txt"} - walked
    yield "the crawl was a real one", lambda: "" if held[0][0] and not lacking else f"{held} kept, {lacking} not asked"


def _never(asked: list[str], path: str) -> str:
    return f"{asked.count(path)} requests of {path} inside" if path in asked else ""
