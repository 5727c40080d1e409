"""Failed requests in words: the address, what was seen (in the service's own words, where it gives any), what to do."""

from typing import Any, TypeAlias

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.archive import NotInArchive
from crawler.health import remedy
from crawler.middlewares import RefusedAddress
from crawler.read.answers import fault_in

Failure: TypeAlias = Any  # twisted.python.failure.Failure


def status_of(failure: Failure) -> int | None:
    """The status of an answer that was an error; None where there was no answer at all."""
    return failure.value.response.status if failure.check(HttpError) else None


def explain(failure: Failure) -> tuple[str, str, str]:
    """(address, what was seen, what to do) of a failed request."""
    url = failure.request.url
    error = failure.value
    if isinstance(error, HttpError):
        waits = failure.request.meta.get("asked_wait_s")
        asked = f" and asks us to come back in {waits:.0f} s" if waits else ""
        said = fault_in(error.response.body)
        return url, f"the server answered {error.response.status}{f': {said}' if said else ''}{asked}", remedy("http")
    if isinstance(error, NotInArchive):
        return url, "the archive has no capture of it at this moment", remedy("archive")
    if isinstance(error, RefusedAddress):
        return url, str(error), "nothing was fetched"
    if isinstance(error, IgnoreRequest):
        if "robots.txt" in str(error):
            return url, "robots.txt forbids it", remedy("robots")
        return url, str(error) or "refused by a limit (size or decompression)", remedy("http")
    return url, f"{type(error).__name__}: {error}", remedy("network")
