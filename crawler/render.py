"""Pages that scripts fill, shown by a real browser that can reach nobody (sources with render = true).

The page itself comes like every page: through guard, robots.txt, delay and limits. Only HTML is handed on to Chromium,
and Chromium has no network: no name resolves for it and its proxy is a closed port. What the page's scripts ask for is
fetched for them by the crawl, under the same rules and from the source's own hosts only. What the page shows when it
has come to rest is kept as its body, and a header of the capture says so. A replay needs no browser.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response

from crawler.middlewares import RefusedAddress
from crawler.warc import MAX_BODY_BYTES

if TYPE_CHECKING:
    from crawler.visit import Visit

LIMIT_S = 180.0  # for one page with all its parts, which come one at a time and with the source's delay
MARK = "X-COI-Rendered"
PART = "part_of_a_page"  # key of request.meta: asked for on behalf of a page
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FILES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".odt", ".zip", ".xml", ".json", ".csv")
_QUESTIONS, _VALIDATORS = ("If-None-Match", "If-Modified-Since"), ("ETag", "Last-Modified")
_WALLS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
)


class Unrendered(IgnoreRequest):
    """A page could not be shown whole. The message names it and says what happened."""


def chromium() -> str | None:
    """The browser's program: COI_CHROMIUM, else the first on the search path; None where there is none."""
    named = os.environ.get("COI_CHROMIUM", "")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)


def lacking() -> str:
    """What is missing for a browser, and how to get it; '' where all is there."""
    if find_spec("scrapy_playwright") is None:
        return "needs a browser (render = true): pip install 'coi-tracker[render]'"
    if chromium() is not None:
        return ""
    named = os.environ.get("COI_CHROMIUM", "")
    what = f"COI_CHROMIUM names {named!r}, which is no program" if named else "no Chromium was found"
    return (
        f"needs a browser (render = true), and {what}: install one (Debian: apt-get install chromium), or set "
        "COI_CHROMIUM to its program"
    )


def browser_settings() -> dict[str, object]:
    """Settings of scrapy-playwright: a Chromium of this machine, behind its walls, without our environment."""
    return {
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": chromium(),
            "args": list(_WALLS),
            "proxy": {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"},  # nobody listens there
            "chromium_sandbox": os.geteuid() != 0,  # Chromium refuses its sandbox to root
            "env": {"PATH": os.environ.get("PATH", os.defpath), "HOME": tempfile.gettempdir(), "LANG": "C.UTF-8"},
            "handle_sigint": False,
            "handle_sigterm": False,
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": LIMIT_S * 1000,
    }


class RenderMiddleware:
    """Between the archive and the network: HTML goes to the browser, all else passes as it came."""

    def __init__(self, crawler: Any) -> None:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        self.crawler = crawler
        self.lack = lacking()
        self.browser: Any = None if self.lack else _started_with(crawler)
        self.hosts = own_hosts((*crawler.spider.job.source.starts, str(crawler.spider.job.source.homepage or "")))
        self._kept: dict[str, Response] = {}  # scripts and style sheets, for the pages of this run
        self._one = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ask for pages in full: a shell does not change when what its scripts fill in does."""
        if _is_ours(request):
            return
        if self.lack:
            raise RefusedAddress(f"{request.url}: {self.lack}")
        if not urlsplit(request.url).path.lower().endswith(_FILES):
            for question in _QUESTIONS:
                request.headers.pop(question, None)

    async def process_response(self, request: Request, response: Response) -> Response:
        """The page as the browser shows it; anything but a whole HTML page passes."""
        if _is_ours(request) or response.status != 200 or not isinstance(response, HtmlResponse):
            return response
        async with self._one:
            return await self._shown(request, response)

    async def _shown(self, request: Request, response: Response) -> Response:
        """The answer with what the browser shows as its body; Unrendered where that is not the whole page."""
        from playwright.async_api import Error as PlaywrightError

        from crawler.visit import Visit  # only now: it needs the extra `render`

        visit = Visit(self.crawler.engine.download_async, response, self.hosts, self._kept)
        try:
            async with asyncio.timeout(LIMIT_S):
                await self.browser.download_request(self._asked(request, visit))
                body = (await visit.shown()).encode("utf-8", "replace")
        except TimeoutError as error:
            raise Unrendered(f"{request.url}: the page did not come to rest within {LIMIT_S:.0f} s") from error
        except (PlaywrightError, RuntimeError) as error:  # RuntimeError: the browser's driver did not start
            raise Unrendered(f"{request.url}: the browser could not show the page ({_first_line(error)})") from error
        finally:
            await visit.close()
        if visit.lost:
            raise Unrendered(f"{request.url}: a part of the page did not come: {'; '.join(visit.lost[:3])}")
        if len(body) > MAX_BODY_BYTES:
            raise Unrendered(f"{request.url}: shows {len(body)} bytes, more than {MAX_BODY_BYTES}")
        headers = response.headers.copy()
        for validator in _VALIDATORS:  # they speak of the shell
            headers.pop(validator, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers[MARK] = f"chromium/{self.browser.browser.version}; {visit.account}"
        return response.replace(body=body, headers=headers, encoding="utf-8")

    def _asked(self, request: Request, visit: "Visit") -> Request:
        context = {
            "user_agent": self.crawler.settings["USER_AGENT"],
            "accept_downloads": False,
            "service_workers": "block",
        }
        meta = {
            "playwright": True,
            "playwright_context_kwargs": context,
            "playwright_page_init_callback": visit.open,
            "playwright_page_goto_kwargs": {"wait_until": "commit"},  # when it has come to rest we judge ourselves
            "playwright_include_page": True,  # and we close it
        }
        return Request(request.url, meta=meta, dont_filter=True)


def own_hosts(addresses: Iterable[str]) -> frozenset[str]:
    """The hosts (with port, without www.) of a source's own addresses.

    >>> sorted(own_hosts(["https://www.example.org/news", "http://127.0.0.1:8000/", ""]))
    ['127.0.0.1:8000', 'example.org']
    """
    hosts = (urlsplit(address).netloc.lower().removeprefix("www.") for address in addresses)
    return frozenset(filter(None, hosts))


def _started_with(crawler: Any) -> Any:  # noqa: ANN401
    """scrapy-playwright's handler, beside Scrapy's own: it starts and ends with the crawl."""
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

    handler = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
    crawler.signals.connect(handler.close, signal=signals.engine_stopped)
    return handler


def _is_ours(request: Request) -> bool:
    """What we ask for on our own account: parts of pages, and robots.txt."""
    return request.meta.get(PART, False) or urlsplit(request.url).path == "/robots.txt"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
