"""One crawling process a home at a time, which never outlives the command that started it.

Two at once would take in the same archive twice and take over each other's runs; an orphan would hold the home.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from store.clock import utc_now
from store.errors import ForPeople
from store.home import Home

WAIT_S = 30  # an orphan of a killed command has ended long before
GRACE_S = 3
LOOK_EVERY_S = 0.5


class Busy(ForPeople, RuntimeError):
    """Another crawling process holds this home."""


@contextmanager
def alone(home: Home, what: str, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the home's lock; the lock ends with the process, however that ends. Raises Busy after `wait_s` seconds.

    `what` tells others who holds it: it stands, with process id and instant, in a file beside the lock.
    """
    lock, label = FileLock(home.lock), home.lock.with_suffix(".txt")
    try:
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        holder = label.read_text("utf-8") if label.exists() else "it has not said which"
        raise Busy(
            f"{home.path}: another crawl is running ({holder}); nothing was done. Wait until it has ended and run the "
            "same command again, or set COI_HOME to another folder"
        ) from error
    try:
        label.write_text(f"process {os.getpid()}, since {utc_now()}: {what}", "utf-8")
        yield
    finally:
        label.unlink(missing_ok=True)
        lock.release()


def end_with_parent() -> None:
    """Stop as SIGTERM would as soon as the process that started this one is gone, and end at the latest soon after.

    Ending at any instant is safe: whatever is half done is taken up by the next run.
    """
    parent = os.getppid()
    if _nobody_listens():  # it was gone before we could look who it was
        sys.exit(1)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY_S)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _nobody_listens() -> bool:
    """Whether standard output is a pipe that no process reads from any more."""
    asked = select.poll()
    asked.register(1, 0)
    return any(what & select.POLLERR for _, what in asked.poll(0))
