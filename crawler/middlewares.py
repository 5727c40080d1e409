"""Manners and safety on the way out: who may be fetched, and when to come back."""

import asyncio
from email.utils import parsedate_to_datetime
from typing import Any, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.guard import Allowed, Refused, check_url
from crawler.source import Budget

LONGEST_WAIT_S = 120.0
FIRST_WAIT_S = 5.0
_BUSY = (429, 503)


class RefusedAddress(IgnoreRequest):
    """The guard refused this address. The message says why and what the operator could allow."""


class GuardMiddleware:
    """Checks every request before anything else sees it, redirects and robots.txt included."""

    def __init__(self, allowed: Allowed) -> None:
        self.allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler)
        return cls(Allowed.parse(crawler.settings.get("COI_ALLOW_HOSTS", "")))

    def process_request(self, request: Request) -> None:
        """Drop a request that may not be made; its errback hears why."""
        try:
            check_url(request.url, self.allowed)
        except Refused as error:
            raise RefusedAddress(str(error)) from error


class OverBudget(IgnoreRequest):
    """This run has asked as much of the publisher as its source allows."""


class BudgetMiddleware:
    """Counts requests and bytes of a run; what goes over the source's budget waits for the next run."""

    def __init__(self, budget: Budget) -> None:
        self.budget, self.requests, self.bytes = budget, 0, 0
        self._coming: WeakKeyDictionary[Request, int] = WeakKeyDictionary()  # bytes so far

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        made = cls(crawler.spider.job.source.budget)
        crawler.signals.connect(made.bytes_received, signal=signals.bytes_received)
        return made

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Remember what has come of an answer, for the case that it breaks off."""
        self._coming[request] = self._coming.get(request, 0) + len(data)

    def process_request(self, request: Request) -> None:
        """Drop what goes over the budget; its errback hears why."""
        if self.requests >= self.budget.requests:
            raise OverBudget(f"the run's budget of {self.budget.requests} requests is used up")
        if self.bytes >= self.budget.megabytes * 1_000_000:
            raise OverBudget(f"the run's budget of {self.budget.megabytes} MB is used up")
        self.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        """Count what came."""
        self._coming.pop(request, None)
        self.bytes += len(response.body)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count what had come of an answer that broke off, ran out of time or was cut at the size limit."""
        self.bytes += self._coming.pop(request, 0)


class BackOffMiddleware(RetryMiddleware):
    """Retries, but waits as long as a busy server asks (Retry-After), and slows down for the rest of the run."""

    async def process_response(  # type: ignore[override]  # Scrapy takes a coroutine here as well
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """On 429 and 503 wait, then retry; a wait longer than two minutes is left to the next run."""
        if response.status in _BUSY and not request.meta.get("dont_retry", False):
            wait_s = asked_wait_s(response, request.meta.get("retry_times", 0))
            if wait_s > LONGEST_WAIT_S:
                request.meta["asked_wait_s"] = wait_s
                return response
            again = super().process_response(request, response)
            if isinstance(again, Request):
                self._slow_down(request, wait_s)
                await asyncio.sleep(wait_s)
            return again
        return super().process_response(request, response)

    def _slow_down(self, request: Request, wait_s: float) -> None:
        slot = self.crawler.engine.downloader.slots.get(str(request.meta.get("download_slot")))
        if slot is not None:
            slot.delay = min(max(slot.delay * 2, min(wait_s, 10.0)), 60.0)


def asked_wait_s(response: Response, tries: int) -> float:
    """Seconds that Retry-After asks for (a number, or a date against the server's own Date), else 5, 10, 20 ..."""
    asked = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if asked.isdigit():
        return float(asked)
    served = (response.headers.get("Date") or b"").decode("latin-1")
    try:
        return max(0.0, (parsedate_to_datetime(asked) - parsedate_to_datetime(served)).total_seconds())
    except (TypeError, ValueError):  # no date, or one without a zone: our own schedule
        return FIRST_WAIT_S * 2.0**tries
