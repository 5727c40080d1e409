"""Crawls of the tests start warm: forked from one process that has loaded what each would load anew (1.5 s each).

`Warm` stands in for subprocess.Popen in crawler/run.py. The crawl is a process of its own as ever, with its own
arguments, environment, output and end; only the loading is shared. Tests of starting, killing and orphans start cold.
"""

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LOCK = threading.Lock()
_LINE: list[socket.socket] = []


class Warm:
    """A crawl that is forked from the warm process; what of Popen crawler/run.py uses."""

    def __init__(self, command: Sequence[str], *, stdout: int, text: bool, env: Mapping[str, str]) -> None:
        assert command[1:3] == ["-m", "crawler"] and stdout == subprocess.PIPE and text
        said, says = os.pipe()
        ended, ends = os.pipe()
        asked = json.dumps({"arguments": command[3:], "env": dict(env), "folder": str(Path.cwd())}).encode()
        with _LOCK:
            line = _line()
            socket.send_fds(line, [len(asked).to_bytes(4, "big")], [says, ends])
            line.sendall(asked)
        os.close(says)
        os.close(ends)
        self.stdout = os.fdopen(said, encoding="utf-8")
        self._ended = os.fdopen(ended)
        self.pid = int(self._ended.readline())
        self.returncode: int | None = None
        self._done = threading.Event()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        with self._ended:
            self.returncode = int(self._ended.readline() or -signal.SIGKILL)
        self._done.set()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if not self._done.wait(timeout):
            raise subprocess.TimeoutExpired("crawl", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _line() -> socket.socket:
    """The connection to the warm process, which is started with the first crawl and ends with this one."""
    if not _LINE:
        ours, theirs = socket.socketpair()
        subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno())], cwd=ROOT, pass_fds=[theirs.fileno()]
        )
        theirs.close()
        _LINE.append(ours)
    return _LINE[0]


def _serve(line: socket.socket) -> int:
    """Fork a crawl for each request, until nobody can ask any more; in a crawl, its exit status comes back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import crawler.child
    import crawler.reading
    import crawler.spiders  # noqa: F401  loaded once, for all

    loaded = ["crawler.reading_lists", "crawler.reading", "tests.warm_words"]
    multiprocessing.get_context("forkserver").set_forkserver_preload(loaded)
    forkserver.ensure_running()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        head, fds, _, _ = socket.recv_fds(line, 4, 2)
        if not head:
            return 0
        asked = b""
        while len(asked) < int.from_bytes(head, "big"):
            if not (more := line.recv(1 << 20)):
                return 0  # who asked was killed in the middle of it
            asked += more
        if os.fork() == 0:
            line.close()
            return _crawl(json.loads(asked), *fds)
        for fd in fds:
            os.close(fd)


def _crawl(asked: dict[str, object], says: int, ends: int) -> int:
    """One process waits for the crawl and tells its end; the other is the crawl."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    crawl = os.fork()
    if crawl:
        os.close(says)
        os.write(ends, b"%d\n" % crawl)
        status = os.waitstatus_to_exitcode(os.waitpid(crawl, 0)[1])
        os.write(ends, b"%d\n" % status)
        os._exit(0)
    os.close(ends)
    os.dup2(says, 1)
    os.close(says)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[arg-type]
    os.chdir(str(asked["folder"]))
    forkserver._forkserver.ensure_running = lambda: None  # it runs, and is no child of this process
    from crawler.child import main

    return main(list(asked["arguments"]))  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(_serve(socket.socket(fileno=int(sys.argv[1]))))
