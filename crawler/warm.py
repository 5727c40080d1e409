"""Crawls are forked from one process that has loaded what each would load anew: seconds of processor time a run.

A crawl is a process of its own as ever, with its own arguments, environment, folder, output and end; only loading is
shared. The warm process starts with the first crawl and ends when nobody can ask it any more; killed, the next crawl
starts a new one. The reading processes come from one multiprocessing forkserver, which it starts.
"""

import gc
import importlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path

LANGUAGES = "COI_WARM_LANGUAGES"  # in the environment of the forkserver: dictionaries that it loads
_ROOT = Path(__file__).resolve().parents[1]
# Scrapy imports its own parts when a crawl names them, some at half a second; none of these starts a reactor.
_CRAWLS = (
    "crawler.child", "crawler.spiders", "crawler.asking", "crawler.pipeline", "crawler.whose", "encodings.idna",
    "protego", "scrapy.core.downloader.handlers.http11", "scrapy.core.downloader.middleware",
    "scrapy.downloadermiddlewares.defaultheaders", "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpcompression", "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.robotstxt", "scrapy.downloadermiddlewares.useragent", "scrapy.logformatter",
    "scrapy.pqueues", "scrapy.robotstxt", "scrapy.spidermiddlewares.urllength", "scrapy.squeues",
    "scrapy.statscollectors",
)  # fmt: skip
_READERS = ("crawler.reading_lists", "crawler.reading", "crawler.warm_readers")
# Started so, and not with -m: readers would run the main module of the process they come from once more.
_MAIN = "import socket, sys; from crawler import warm; sys.exit(warm.serve(socket.socket(fileno=int(sys.argv[1]))))"
_LONGEST = 1 << 24  # bytes of a request
_LOCK = threading.Lock()
_LINES: list[socket.socket] = []  # to the warm process of this one, once it runs
_known: set[str] = set()  # languages
os.register_at_fork(after_in_child=_LINES.clear)  # a line that two processes write to carries nonsense


class Crawling:
    """A crawl that was started: its process id, what it says on `stdout`, and its end, as subprocess.Popen has them."""

    def __init__(self, arguments: Sequence[str], says: int, ended: int) -> None:
        self.args = list(arguments)
        self.stdout = os.fdopen(says, encoding="utf-8")
        self.returncode: int | None = None
        self._ended = os.fdopen(ended)
        self._done = threading.Event()
        self.pid = int(self._ended.readline() or 0)  # 0: the warm process was gone before it could fork
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        with self._ended:
            self.returncode = int(self._ended.readline() or -signal.SIGKILL)
        self._done.set()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, -N where signal N ended it. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        if not self._done.wait(timeout):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def ready(languages: Iterable[str]) -> None:
    """Let the warm process load what crawls need, with the dictionaries of these languages (ISO 639-1) for readers.

    Where it runs already, it stays as it is: a reader loads what is missing by itself.
    """
    with _LOCK:
        _known.update(languages)
        if not _LINES:
            _begun()


def start(arguments: Sequence[str]) -> Crawling:
    """Start `python -m crawler ARGUMENTS` in this environment and folder; its standard error is ours."""
    with _LOCK:
        for _ in range(2):  # the second time with a new warm process
            line = _LINES[0] if _LINES else _begun()
            begun = _asked(line, arguments)
            if begun:
                return begun
            line.close()
            _LINES.clear()
    raise OSError("the process that crawls are forked from does not start; look at the messages above, and for memory")


def _begun() -> socket.socket:
    ours, theirs = socket.socketpair()
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    with theirs:
        subprocess.Popen(
            [sys.executable, "-c", _MAIN, str(theirs.fileno())],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            env=os.environ | {"PYTHONPATH": path, LANGUAGES: " ".join(sorted(_known))},
        )  # fmt: skip
    _LINES.append(ours)
    return ours


def _asked(line: socket.socket, arguments: Sequence[str]) -> Crawling | None:
    """Ask for one crawl; None where nobody answers any more."""
    asked = json.dumps({"arguments": list(arguments), "env": dict(os.environ), "folder": str(Path.cwd())}).encode()
    said, says = os.pipe()
    ended, ends = os.pipe()
    try:
        socket.send_fds(line, [len(asked).to_bytes(4, "big")], [says, 2, ends])
        line.sendall(asked)
    except OSError:
        os.close(said)
        os.close(ended)
        return None
    finally:
        os.close(says)
        os.close(ends)
    crawling = Crawling(arguments, said, ended)
    if not crawling.pid:
        crawling.stdout.close()
        return None
    return crawling


def serve(line: socket.socket) -> int:
    """Fork a crawl for each request until nobody can ask any more; in the crawl, its exit status comes back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a crawl listens to it by itself
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for module in _CRAWLS:
        importlib.import_module(module)
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(_READERS))
    forkserver.ensure_running()
    gc.freeze()  # what is loaded stays shared: a collection in a crawl need not touch it
    waiting: set[int] = set()
    while True:
        head, fds, _, _ = socket.recv_fds(line, 4, 3)
        asked = whole(line, int.from_bytes(head, "big")) if head else b""
        if not asked:
            return 0
        waiting -= {pid for pid in waiting if os.waitpid(pid, os.WNOHANG)[0]}
        forkserver.ensure_running()  # killed since: it starts anew
        pid = os.fork()
        if pid == 0:
            line.close()
            return _crawl(json.loads(asked), *fds)
        waiting.add(pid)
        for fd in fds:
            os.close(fd)


def whole(line: socket.socket, length: int) -> bytes:
    """A request of that length; b'' where who asked is gone before its end."""
    asked = b""
    while len(asked) < min(length, _LONGEST):
        if not (more := line.recv(1 << 20)):
            return b""
        asked += more
    return asked


def fork_told(says: int, ends: int) -> None:
    """Fork: one process writes the other's id, then its exit status, to `ends` and is gone; only the other returns."""
    other = os.fork()
    if other:
        os.close(says)
        os.write(ends, b"%d\n" % other)
        status = os.waitstatus_to_exitcode(os.waitpid(other, 0)[1])
        os.write(ends, b"%d\n" % status)
        os._exit(0)
    os.close(ends)


def _crawl(asked: Mapping[str, object], says: int, complains: int, ends: int) -> int:
    """Be the crawl; in the process that waits for it, this does not return."""
    fork_told(says, ends)
    os.dup2(says, 1)
    os.dup2(complains, 2)
    os.close(says)
    os.close(complains)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[call-overload]
    os.chdir(str(asked["folder"]))
    # The forkserver runs, but is no child of this process: looking after it is left to the one it is a child of.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    from crawler.child import main

    return main(list(asked["arguments"]))  # type: ignore[call-overload]
