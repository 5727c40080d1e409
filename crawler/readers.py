"""Reading happens in processes of its own: a page that hangs or kills its reader costs that page, not the crawl."""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from importlib import import_module
from multiprocessing import connection
from typing import Any

READER_LIMIT_S = 60.0
WORKERS = 2
_WORK = {"document": "crawler.reading", "list_page": "crawler.reading_lists"}  # imported in the reading processes only


class ReaderDied(RuntimeError):
    """A reading process ended (crash, memory, or over its time limit). The message names the page."""


class Readers:
    """A pool of reading processes that survives the death of its members."""

    def __init__(self, workers: int = WORKERS, limit_s: float = READER_LIMIT_S) -> None:
        self._workers, self._limit_s = workers, limit_s
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()

    async def run(self, work: str, *args: object, url: str) -> Any:  # noqa: ANN401 (what that function returns)
        """Run a reading function ("document", "list_page"); raises what it raises, or ReaderDied naming the url.

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

    def _submit(self, work: str, args: tuple[object, ...]) -> asyncio.Future[Any]:
        if self._pool is None:
            self._pool = self._started()
        return asyncio.wrap_future(self._pool.submit(_limited, self._limit_s, work, *args))

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([_WORK["list_page"]])  # a list comes first, and often nothing else
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_begin)

    def close(self, *, wait: bool = False) -> None:
        """End the reading processes; the next reading starts new ones.

        `wait` until they have ended, before this process does: else the pool's own thread and the interpreter's end
        close the same pipe, and one of them complains on standard error.
        """
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=wait, cancel_futures=True)


def _begin() -> None:
    """A reader leaves stopping to its parent, and ends when that is gone, however it went.

    It is a process group of its own: a signal to the crawl's group must not end it while it hands over a result, for
    the pool would then wait for the rest of it for ever.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _limited(limit_s: float, work: str, *args: object) -> Any:  # noqa: ANN401
    """Run the named function; when it takes too long the alarm ends this process, even inside C code.

    What is loaded once, for all pages, does not count: on a machine that is busy it alone can take a minute.
    """
    reading = getattr(import_module(_WORK[work]), work)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return reading(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
