"""The crawl's memory: Scrapy's HTTP cache on WARC. Every response is kept, nothing is ever taken for fresh.

Live, each address is asked for again with the validators of its newest capture; "304 Not Modified" becomes a revisit
record and the kept body is given back. An error is never papered over with an older success: that would be a silent
failure. From an archive, the newest capture up to the run's moment answers and the network is not touched.
"""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from crawler.job import Job
from crawler.warc import Exchange, Place, read_at
from crawler.warc import Headers as WarcHeaders
from store import captures
from store.clock import instant
from store.model import Capture


class NotInArchive(IgnoreRequest):
    """A replay asked for an address of which the archive has no capture at that moment."""


class KeepEverything:
    """Cache policy: keep every answer to a GET, revalidate always, believe only a 304."""

    def __init__(self, settings: BaseSettings) -> None:
        self.replay = settings.getbool("COI_REPLAY")

    def should_cache_request(self, request: Request) -> bool:
        return bool(request.method == "GET")

    def should_cache_response(self, response: Response, request: Request) -> bool:
        return bool(response.status != 304)

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """In a replay the archive is the world; live, ask again (with the validators, where there are any)."""
        if self.replay:
            return True
        for validator, question in ((b"ETag", b"If-None-Match"), (b"Last-Modified", b"If-Modified-Since")):
            if validator in cachedresponse.headers:
                request.headers[question] = cachedresponse.headers[validator]
        return False

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        return bool(response.status == 304)


class WarcStorage:
    """Scrapy cache storage on WARC files and the captures table."""

    def __init__(self, settings: BaseSettings) -> None:
        self.replay = settings.getbool("COI_REPLAY")

    def open_spider(self, spider: Any) -> None:  # noqa: ANN401 (Scrapy's spider, ours carries a job)
        self.job: Job = spider.job

    def close_spider(self, spider: Any) -> None:  # noqa: ANN401
        """Files are closed by the run, after the last document is kept."""

    def retrieve_response(self, spider: Any, request: Request) -> Response | None:  # noqa: ANN401
        """The newest capture of the address: as an answer (replay) or as what to revalidate (only a 200)."""
        until = self.job.moment.until if self.job.moment else None
        found = self.job.ledger.latest(request.url, at=until)
        if found is None or (not self.replay and found[1].status != 200):
            return None
        capture_id, capture = found
        body_at = captures.get(self.job.ledger.conn, capture.refers_to) if capture.refers_to else capture
        status, headers, body = read_at(self._path(body_at), body_at.warc_offset)
        request.meta["capture"] = capture
        request.meta["refers_to"] = (capture.refers_to or capture_id, body_at.fetched_at)
        return _as_response(request.url, status, headers, body)

    def store_response(self, spider: Any, request: Request, response: Response) -> None:  # noqa: ANN401
        """Write a whole response to the archive and queue its row."""
        exchange = _exchange(request, response)
        file = self.job.archive.file(self.job.ledger)
        self._keep(
            request, file.response(exchange), exchange, sha256(response.body).hexdigest(), len(response.body), None
        )

    def store_revisit(self, request: Request, cached: Response, answer: Response) -> None:
        """Write a revisit record for a 304; the body stays where it is."""
        earlier: Capture = request.meta["capture"]
        refers_to, fetched_at = request.meta["refers_to"]
        exchange = _exchange(request, answer, status=cached.status)
        place = self.job.archive.file(self.job.ledger).revisit(exchange, of=fetched_at)
        self._keep(request, place, exchange, earlier.sha256, earlier.bytes, refers_to, earlier)

    def _keep(
        self,
        request: Request,
        place: Place,
        exchange: Exchange,
        digest: str,
        size: int,
        refers_to: int | None,
        earlier: Capture | None = None,
    ) -> None:
        headers = {name.lower(): value for name, value in exchange.headers}
        capture = Capture(
            url=exchange.url,
            fetched_at=exchange.fetched_at,
            status=exchange.status,
            media_type=headers.get("content-type", earlier.media_type if earlier else ""),
            etag=headers.get("etag", earlier.etag if earlier else None),
            last_modified=headers.get("last-modified", earlier.last_modified if earlier else None),
            sha256=digest,
            bytes=size,
            warc_file=place.file,
            warc_offset=place.offset,
            warc_length=place.length,
            refers_to=refers_to,
        )
        request.meta["capture"] = capture
        self.job.ledger.capture(capture)

    def _path(self, capture: Capture) -> Path:
        return self.job.archive.folder / capture.warc_file


class ArchiveMiddleware(HttpCacheMiddleware):
    """Scrapy's cache middleware, except that a 304 is written as a revisit and errors stay errors."""

    def process_request(self, request: Request, spider: Any = None) -> Any:  # noqa: ANN401
        """In a replay, an address without a capture is a named problem and never a download."""
        answer = super().process_request(request)
        if answer is None and self.policy.replay:
            raise NotInArchive(f"the archive has no capture of {request.url} at this moment")
        return answer

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Any:  # noqa: ANN401
        """Keep what came; give back the kept body where the server says it still stands."""
        self.storage.job.log.requests += 1
        cached = request.meta.get("cached_response")
        if response.status == 304 and cached is not None and "cached" not in response.flags:
            request.meta.pop("cached_response")
            self.storage.store_revisit(request, cached, response)
            return cached
        return super().process_response(request, response)

    def process_exception(self, request: Request, exception: Exception, spider: Any = None) -> None:  # noqa: ANN401
        """A connection error is an error: the kept body of an earlier day does not stand in for it."""
        request.meta.pop("cached_response", None)


def _exchange(request: Request, response: Response, status: int | None = None) -> Exchange:
    return Exchange(
        url=request.url,
        fetched_at=instant(datetime.now(UTC)),
        status=status or response.status,
        headers=_pairs(response.headers),
        body=response.body,
        request_headers=_pairs(request.headers),
        ip=str(response.ip_address) if response.ip_address else None,
    )


def _pairs(headers: Headers) -> WarcHeaders:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _as_response(url: str, status: int, headers: WarcHeaders, body: bytes) -> Response:
    merged = Headers()
    for name, value in headers:
        merged.appendlist(name, value.encode("latin-1", "replace"))
    made = responsetypes.from_args(headers=merged, url=url, body=body)
    return made(url=url, status=status, headers=merged, body=body)
