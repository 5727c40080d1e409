"""One page in the browser: what its scripts may ask for, and who fetches it for them (crawler.render)."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route
from playwright.async_api import Request as Wish
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.render import PART

MOST_PARTS = 60
QUIET_S = 0.7  # a page that has asked for nothing as long as this has come to rest
CLOSING_S = 10.0
_KINDS = frozenset(["script", "stylesheet", "xhr", "fetch"])
_LASTING = frozenset(["script", "stylesheet"])
_KEPT_BYTES = 2_000_000  # a larger script is fetched for each page anew
_METHODS = frozenset(["GET", "POST"])  # many sites ask their own search by POST
_UNSENT = frozenset(["accept-encoding", "connection", "content-length", "cookie", "host", "user-agent"])
_UNTRUE = frozenset(["content-encoding", "content-length", "set-cookie", "transfer-encoding"])


class Visit:
    """The page comes from the answer that the crawl has; its parts through the crawl; everything else is refused."""

    def __init__(
        self,
        fetch: Callable[[Request], Awaitable[Response]],
        answer: Response,
        hosts: frozenset[str],
        kept: dict[str, Response],
    ) -> None:
        self._fetch, self._answer, self._kept = fetch, answer, kept
        self._hosts = hosts | {_host(answer.url)}
        self._page: Page | None = None
        self._begun = False
        self._open, self._last = 0, 0.0  # wishes under way; when the last one was answered
        self._parts = 0
        self._refused: Counter[str] = Counter()  # by host
        self.lost: list[str] = []  # parts that should have come

    @property
    def account(self) -> str:
        """What was fetched and what was refused, for the header of the capture."""
        refused = ",".join(f"{host}:{times}" for host, times in sorted(self._refused.items())[:20])
        return f"parts={self._parts}; refused={refused or 'none'}"

    async def open(self, page: Page, request: Request) -> None:
        """Stand between a new page and everything it asks for."""
        self._page = page
        await page.route("**", self._serve)

    async def shown(self) -> str:
        """What the page shows, as HTML, once it has come to rest."""
        if self._page is None:
            raise PlaywrightError("no page was opened")
        self._last = max(self._last, time.monotonic())
        while self._open or time.monotonic() - self._last < QUIET_S:
            await asyncio.sleep(0.05)
        return await self._page.content()

    async def close(self) -> None:
        """Close the page and those it has opened, whatever has become of them."""
        for page in self._page.context.pages if self._page is not None else ():
            with suppress(PlaywrightError, TimeoutError):  # the browser is gone, and the page with it
                async with asyncio.timeout(CLOSING_S):
                    await page.close()

    async def _serve(self, route: Route, wish: Wish) -> None:
        self._open += 1
        try:
            found = await self._found(wish)
            if found is None:
                self._refused[urlsplit(wish.url).netloc] += 1
            with suppress(PlaywrightError):  # the page has been closed: nobody waits for it any more
                await self._give(route, wish, found)
        finally:
            self._open, self._last = self._open - 1, time.monotonic()

    async def _give(self, route: Route, wish: Wish, found: Response | None) -> None:
        if found is not None:
            await route.fulfill(status=found.status, headers=_headers(found), body=found.body)
        elif wish.is_navigation_request() and wish.frame.parent_frame is None:
            await route.fulfill(status=204)  # a page that wants to go elsewhere stays where it is
        else:
            await route.abort("blockedbyclient")

    async def _found(self, wish: Wish) -> Response | None:
        """What the page gets for a wish: itself, a part of it, or nothing."""
        if wish.is_navigation_request():
            first, self._begun = not self._begun, True
            return self._answer if first else None
        if wish.resource_type not in _KINDS or wish.method not in _METHODS or not self._own(wish.url):
            return None
        if wish.method == "GET" and wish.url in self._kept:
            return self._kept[wish.url]
        if self._parts >= MOST_PARTS:
            return None
        self._parts += 1
        return await self._fetched(wish)

    async def _fetched(self, wish: Wish) -> Response | None:
        """A part, fetched by the crawl. One that should have come and did not is lost, and the page with it."""
        headers = {name: value for name, value in wish.headers.items() if name not in _UNSENT and name[0] != ":"}
        body = wish.post_data_buffer or b""
        meta = {PART: True, "dont_redirect": True}
        part = Request(wish.url, method=wish.method, headers=headers, body=body, meta=meta, dont_filter=True)
        try:
            found = await self._fetch(part)
        except IgnoreRequest:  # robots.txt or the guard: it will not come next time either
            return None
        except Exception as error:
            logging.warning("%s: %s: %s", wish.url, type(error).__name__, error)
            self.lost.append(f"{wish.url} ({type(error).__name__})")
            return None
        if found.status >= 500 or found.status == 429:
            self.lost.append(f"{wish.url} (the server answered {found.status})")
        if found.status == 200 and wish.resource_type in _LASTING and len(found.body) <= _KEPT_BYTES:
            self._kept[wish.url] = found
        return None if 300 <= found.status < 400 else found

    def _own(self, url: str) -> bool:
        host = _host(url)
        return any(host == own or host.endswith(f".{own}") for own in self._hosts)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _headers(response: Response) -> dict[str, str]:
    pairs = response.headers.to_unicode_dict().items()
    return {str(name): value for name, value in pairs if str(name).lower() not in _UNTRUE}
