"""The crawl's memory: every answer is kept in WARC, nothing is ever taken for fresh, one content is kept once.

Live, each address is asked for again with the validators of its newest capture, once in 90 days without and in full;
"304 Not Modified" becomes a revisit record and the kept body is given back, read only then. Bytes that are held
already, from whatever address, become a revisit record too: a server without validators costs time, not disk. An error
is never papered over with an older success: that would be a silent failure. From an archive, the newest capture up to
the run's moment answers and the network is not touched.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.job import Job
from crawler.warc import ONCE_FROM_BYTES, ArchiveError, Exchange, Place
from crawler.warc import Headers as WarcHeaders
from store import captures
from store.archive_read import BytesLost, Record, holding_record, inside, payload, read_record
from store.captures_check import held_again
from store.model import Capture

_HELD, _IN_FULL = "held", "in_full"  # keys of request.meta: what is revalidated; ask without validators
IN_FULL_AFTER = timedelta(days=90)
_QUESTIONS = ("If-None-Match", "If-Modified-Since")


class NotInArchive(IgnoreRequest):
    """A replay asked for an address of which the archive has no capture at that moment."""


class ArchiveMiddleware:
    """Between the crawl and the network (live), or instead of the network (replay). Puts meta["capture"]."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._uncommitted: set[str] = set()  # hashes of bodies whose rows may still wait in the ledger

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        return cls(crawler.spider.job)

    def process_request(self, request: Request) -> Response | None:
        """Answer from the archive (replay), or give the request the validators of what is held (live)."""
        if self.job.moment is not None:
            return self._replayed(request, self.job.moment.until)
        request.meta.pop(_HELD, None)
        for question in _QUESTIONS:  # a redirect carries over those of the address it came from
            request.headers.pop(question, None)
        mine = self.job.source.id
        found = self.job.ledger.latest(request.url, by=mine) if request.method == "GET" else None
        in_full = request.meta.pop(_IN_FULL, False)
        if found is not None and found[1].status == 200 and not in_full and self._is_fresh(*found):
            if found[1].etag or found[1].last_modified:  # a 304 that nobody asked for is an error
                request.meta[_HELD] = found
            for question, validator in zip(_QUESTIONS, (found[1].etag, found[1].last_modified), strict=True):
                if validator:
                    request.headers[question] = validator
        return None

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Keep what came; give back the kept body where the server says that it still stands."""
        self.job.log.requests += 1
        if self.job.replay or request.method != "GET":
            return response
        held = request.meta.pop(_HELD, None)
        if response.status != 304:
            self._keep(request, response)
            return response
        return self._still_stands(request, response, *held) if held else response

    def _replayed(self, request: Request, until: str) -> Response:
        """The newest capture up to the moment; NotInArchive is a named problem and never a download."""
        found = self.job.ledger.latest(request.url, at=until) if request.method == "GET" else None
        if found is None:
            raise NotInArchive(f"the archive has no capture of {request.url} at this moment")
        request.meta["capture"] = found[1]
        try:
            return self._response(found[1], self._original(*found)[1])
        except BytesLost as error:
            raise ArchiveError(f"{error}; restore {self.job.archive.folder} from a backup") from error

    def _is_fresh(self, held_id: int, held: Capture) -> bool:
        """Whether the kept body came so lately that "not modified" may be believed: some caches say it for ever."""
        oldest = datetime.fromisoformat(self.job.clock()) - IN_FULL_AFTER
        return datetime.fromisoformat(self._original(held_id, held)[1].fetched_at) >= oldest

    def _still_stands(self, request: Request, answer: Response, held_id: int, held: Capture) -> Response | Request:
        """Write a revisit record for a 304. Where the kept body cannot be read any more, ask for all of it."""
        original_id, original = self._original(held_id, held)
        try:
            kept = self._response(held, original)
        except BytesLost:
            return request.replace(dont_filter=True, meta=request.meta | {_IN_FULL: True})
        exchange = _exchange(request, answer, self.job.clock())
        place = self.job.archive.file(self.job.ledger).revisit(exchange, of=original)
        self._index(request, place, exchange, status=held.status, digest=held.sha256, size=held.bytes,
                    refers_to=original_id, earlier=held)  # fmt: skip
        return kept

    def _keep(self, request: Request, response: Response) -> None:
        """Write an answer to the archive: whole, or (the same bytes are held already) as a revisit record."""
        digest, size = sha256(response.body).hexdigest(), len(response.body)
        same = self._same_bytes(digest, response.body) if size >= ONCE_FROM_BYTES else None
        exchange, file = _exchange(request, response, self.job.clock()), self.job.archive.file(self.job.ledger)
        place = file.revisit(exchange, of=same[1]) if same else file.response(exchange)
        self._index(request, place, exchange, status=response.status, digest=digest, size=size,
                    refers_to=same[0] if same else None)  # fmt: skip
        self._uncommitted.add(digest)

    def _same_bytes(self, digest: str, body: bytes) -> tuple[int, Capture] | None:
        """The capture that holds these very bytes, if it can really be read."""
        if digest in self._uncommitted:
            self.job.ledger.commit()
            self._uncommitted.clear()
        found = captures.holding(self.job.ledger.conn, digest)
        if found:
            self.job.archive.here(found[1])
        try:
            return found if found and payload(self.job.archive.folder, found[1]) == body else None
        except BytesLost:
            return None  # then they are kept anew, and the archive is whole again

    def _index(
        self,
        request: Request,
        place: Place,
        exchange: Exchange,
        *,
        status: int,
        digest: str,
        size: int,
        refers_to: int | None,
        earlier: Capture | None = None,
    ) -> None:
        headers = {name.lower(): value for name, value in exchange.headers}
        capture = Capture(
            url=exchange.url,
            fetched_at=exchange.fetched_at,
            status=status,
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

    def _original(self, capture_id: int, capture: Capture) -> tuple[int, Capture]:
        """The capture that holds the body: itself, or the one it refers to."""
        if capture.refers_to is None:
            return capture_id, capture
        return capture.refers_to, captures.get(self.job.ledger.conn, capture.refers_to)

    def _record(self, original: Capture) -> Record:
        """The record of a body: that of the capture, or where it is lost, of the same answer taken in again."""
        folder, conn = self.job.archive.folder, self.job.ledger.conn
        try:
            return holding_record(folder, original)
        except BytesLost:
            held = captures.held(conn, original.url, original.fetched_at, original.sha256)
            again = held_again(conn, folder, held) if held else None
            if again is None or again[1].refers_to is not None:
                raise
            return holding_record(folder, again[1])

    def _response(self, capture: Capture, original: Capture) -> Response:
        """A capture as the answer it was: the body of `original`, under its own status and headers.

        A 304 says little in its headers: then those of the body count, with the media type of the capture.
        """
        folder = self.job.archive.folder
        self.job.archive.here(original, capture)
        record = self._record(original)
        body, headers = record.body, record.headers
        if capture.url != original.url:
            own = read_record(inside(folder, capture.warc_file), capture.warc_offset)
            headers = headers if own.status == 304 else own.headers
        merged = Headers()
        for name, value in headers:
            merged.appendlist(name, value.encode("latin-1", "replace"))
        if capture.media_type:
            merged["Content-Type"] = capture.media_type
        made = responsetypes.from_args(headers=merged, url=capture.url, body=body)
        return made(url=capture.url, status=capture.status, headers=merged, body=body)


def _exchange(request: Request, response: Response, fetched_at: str) -> Exchange:
    return Exchange(
        url=request.url,
        fetched_at=fetched_at,
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        request_headers=_pairs(request.headers),
        ip=str(response.ip_address) if response.ip_address else None,
    )


def _pairs(headers: Headers) -> WarcHeaders:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )
