"""Tagging beside a crawl: what it has kept is tagged while it still asks for the rest, on another processor.

For live crawls only. There a document gets one version a run, and what is tagged now is tagged as it would be at the
end; a replay goes through many versions, and a passage would be tagged by the one that happened to be the newest.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from review import register, steps
from review.tagging import Tagger, tagger
from store.clock import utc_now
from store.db import connect, writing
from store.home import Home

LOOK_EVERY_S = 0.5


class _Over(Exception):
    """The crawl has ended; what is left is done by the step after it."""


@contextmanager
def tagging(home: Home, by: Tagger | None = None) -> Iterator[None]:
    """Tag in a thread what comes while the block runs.

    What is left at its end, and what goes wrong here, is left to the step that tags after the crawl; that one says it.
    """
    over = threading.Event()
    thread = threading.Thread(target=_tag, args=(home, over, by), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _tag(home: Home, over: threading.Event, by: Tagger | None) -> None:
    def enough(_: int) -> None:
        if over.is_set():
            raise _Over

    try:
        conn = connect(home)
        try:
            with writing(conn):
                register.sync(conn, home.declared, at=utc_now(), refused=[])
            by = by or tagger([home.declared / "groups"])
            last = 0  # what is kept later has a higher id
            while not over.wait(LOOK_EVERY_S):
                last = steps.tag_new(conn, by, at=utc_now(), progress=enough, after=last).last
        finally:
            conn.close()
    except _Over:
        return
    except Exception:
        logging.getLogger(__name__).exception("tagging beside the crawl has stopped; the step after it does the rest")
