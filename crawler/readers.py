"""Reading happens in processes of its own: a page that hangs or kills its reader costs that page, not the crawl."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing import connection
from typing import TypeVar

from crawler.items import As
from crawler.read import feed, gazette, govuk, html, pages, sru, text
from crawler.read import read as read_any
from crawler.read.html import PageHints
from crawler.read.language import language_of
from crawler.read.model import Entry, Kind, Reading
from crawler.read.passages import split

READER_LIMIT_S = 60
WORKERS = 2
_TELLING = 200  # characters; below this the document's language is the better guess

CURRENT_EXTRACTORS = frozenset(module.EXTRACTOR for module in (feed, gazette, govuk, html, pages, sru, text))
T = TypeVar("T")


class ReaderDied(RuntimeError):
    """A reading process ended (crash, memory, or over its time limit). The message names the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """One body and how to read it; crosses into the reading process."""

    body: bytes
    url: str
    media_type: str
    read_as: As
    hints: PageHints | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """A reading, and the language of each of its passages (None: that of the document)."""

    reading: Reading
    languages: tuple[str | None, ...]


def read_one(task: ToRead) -> ReadResult:
    """Read one document. Raises ReadError (what was seen and what to do) when it cannot be read."""
    reading = _read(task)
    return ReadResult(reading=reading, languages=passage_languages(reading))


def passage_languages(reading: Reading) -> tuple[str | None, ...]:
    """The language of each passage that is long enough to tell; None: take the document's."""
    return tuple(language_of(p.text) if len(p.text) >= _TELLING else None for p in reading.passages)


def _read(task: ToRead) -> Reading:
    if task.read_as is As.ENTRY and task.entry is not None:
        return read_entry(task.entry)
    if task.read_as is As.GOVUK:
        return govuk.read_govuk(task.body, task.url)
    if task.read_as is As.GAZETTE:
        return gazette.read_gazette(task.body, task.url, task.media_type)
    if task.read_as is As.PAGE and "html" in (task.media_type or "html"):
        return html.read_html(task.body, task.url, task.hints, task.media_type)
    return read_any(task.body, media_type=task.media_type, url=task.url)


def read_entry(entry: Entry) -> Reading:
    """An entry whose feed carries the whole text: that text as a document."""
    words = (entry.summary or "").strip()
    return Reading(
        kind=Kind.FEED,
        title=entry.title,
        published=entry.published,
        modified=entry.modified,
        language=entry.language or language_of(words),
        text=words,
        passages=split(words),
        warnings=() if words else ("the feed gives no text for this entry",),
        extractor=feed.EXTRACTOR,
    )


class Readers:
    """A pool of reading processes that survives the death of its members."""

    def __init__(self, workers: int = WORKERS, limit_s: int = READER_LIMIT_S) -> None:
        self._workers, self._limit_s = workers, limit_s
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()

    async def run(self, work: Callable[..., T], *args: object, url: str) -> T:
        """Run work(*args) in a reading process; raises what it raises, or ReaderDied naming the url.

        When a process dies, everything under way in the pool fails with it. Each is tried once more alone, so that
        only the guilty page is lost.
        """
        async with self._alone if self._alone.locked() else nullcontext():
            pending = self._submit(work, args)
        try:
            return await pending
        except BrokenProcessPool:
            async with self._alone:
                self.close()
                try:
                    return await self._submit(work, args)
                except BrokenProcessPool as error:
                    self.close()
                    raise ReaderDied(
                        f"{url}: the reading process died or took longer than {self._limit_s} s"
                    ) from error

    def warm(self) -> None:
        """Start the reading processes now, so that they are ready when the first page comes."""
        if self._pool is None:
            self._pool = self._started()
            self._pool.submit(_ready)

    def _submit(self, work: Callable[..., T], args: tuple[object, ...]) -> asyncio.Future[T]:
        if self._pool is None:
            self._pool = self._started()
        return asyncio.wrap_future(self._pool.submit(_limited, self._limit_s, work, *args))

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.readers"])
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_begin)

    def close(self) -> None:
        """End the reading processes; the next reading starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _ready() -> None:
    """Nothing to do: being here is enough."""


def _begin() -> None:
    """A reader leaves stopping to its parent, and ends when that is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _limited(limit_s: int, work: Callable[..., T], *args: object) -> T:
    """Run work; when it takes too long the alarm ends this process, even inside C code."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return work(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)

