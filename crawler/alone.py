"""One crawling process a host at a time, and none that outlives the command that listens to it.

Two at once on one host would break the delay we promise it, and two of one source would take over each other's runs;
an orphan would hold its hosts. Different hosts are crawled side by side. Taking archives in is one at a time too.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import quote, urlsplit

from filelock import FileLock, Timeout

from crawler.source import Source
from store.clock import utc_now
from store.errors import ForPeople
from store.home import Home

WAIT_S = 30  # an orphan of a killed command has ended long before
GRACE_S = 3

ARCHIVES = "archives"
_OWN_PORTS = {"http": ":80", "https": ":443"}


class Busy(ForPeople, RuntimeError):
    """Another crawling process holds a host of this crawl."""


def names_of(sources: Iterable[Source], *, replay: bool) -> list[str]:
    """What a crawl of these sources must hold: their start hosts, and for a replay the taking in of archives."""
    hosts = {_host_of(url) for source in sources for url in source.starts}
    return sorted(hosts | ({ARCHIVES} if replay else set()))


def _host_of(url: str) -> str:
    """One name for what is one server however it is written.

    >>> _host_of("https://WWW.Paper.example:443/a"), _host_of("http://paper.example:8080")
    ('paper.example', 'paper.example:8080')
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().rpartition("@")[2].removesuffix(_OWN_PORTS.get(parts.scheme, ""))
    return host.rstrip(".").removeprefix("www.")


@contextmanager
def alone(home: Home, names: Sequence[str], what: str, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the locks of these names; they end with the process, however that ends. Raises Busy after `wait_s` seconds.

    Taken in one order by all, so that nobody waits in a circle. `what` tells others who holds them: it stands, with
    process id and instant, in a file beside each lock.
    """
    with ExitStack() as held:
        for name in sorted(names):
            held.enter_context(_one(home, name, what, wait_s))
        yield


@contextmanager
def _one(home: Home, name: str, what: str, wait_s: float) -> Iterator[None]:
    file = home.locks / f"{quote(name, safe='')}.lock"
    lock, label = FileLock(file), file.with_suffix(".txt")
    try:
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        holder = label.read_text("utf-8") if label.exists() else "it has not said which"
        raise Busy(
            f"{home.path}: another crawl holds {name} ({holder}); nothing was done. Wait until it has ended and run "
            "the same command again, or set COI_HOME to another folder"
        ) from error
    try:
        label.write_text(f"process {os.getpid()}, since {utc_now()}: {what}", "utf-8")
        yield
    finally:
        label.unlink(missing_ok=True)
        lock.release()


def end_unheard() -> None:
    """Stop as SIGTERM would as soon as nobody reads what this process says, and end at the latest soon after.

    Standard output is a pipe to the command that wants this crawl; the pipe breaks with it, however it ends. Ending at
    any instant is safe: whatever is half done is taken up by the next run.
    """
    heard = select.poll()
    heard.register(1, 0)
    if heard.poll(0):
        sys.exit(1)

    def watch() -> None:
        heard.poll()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
