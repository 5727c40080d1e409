"""Commands forked from a process that has loaded everything: a kill then hits the work, and not the loading.

What is forked is a process of its own, in a session of its own, with its own arguments, environment, output and end;
a crawl that it starts is again a process, as ever. Only loading is shared.
"""

import importlib
import json
import multiprocessing
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path

from crawler import warm
from tests.faults.started import PROJECT, Cold, Started, Stuck

__all__ = ["Cold", "Started", "Stuck", "Warm"]

LOADED = (
    "coi", "crawler.child", "crawler.cli", "crawler.reading", "crawler.reading_lists", "crawler.schedule_cli",
    "crawler.spiders", "crawler.steps", "review.alerts.cli", "review.cli", "review.serve", "review.signoff_cli",
    "review.work", "store.cli", "tests.alerts_run", "tests.faults.crawling", "tests.faults.only",
)  # fmt: skip
_LONG_AGO = "2022-01-01T00:00:00Z"


class Warm:
    """The process that forks. With `clock`, it and all it forks live by the offset that stands in that file."""

    def __init__(self, folder: Path, clock: Path | None = None) -> None:
        self.folder, self.number = folder, 0
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {}
        if clock is not None:
            self.environment = {
                "LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
                "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
            }  # fmt: skip
        self.line, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.faults.warm", str(theirs.fileno())]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, pass_fds=[theirs.fileno()], env=os.environ | self.environment
        )
        theirs.close()

    def start(
        self, module: str, arguments: Sequence[str], *, home: Path, env: Mapping[str, str] | None = None,
        file_limit: int = 0,
    ) -> Started:  # fmt: skip
        """Start `python -m module arguments`; with `file_limit`, no file of it grows beyond so many bytes."""
        self.number += 1
        environment = os.environ | self.environment | {"COI_HOME": str(home)} | dict(env or {})
        asked = {"module": module, "arguments": list(arguments), "env": environment, "limit": file_limit}
        return Started(self.line, asked, self.folder / f"{self.number:05}.out")

    def close(self) -> None:
        self.line.close()
        self.process.wait(timeout=30)


class ForkedCrawl:
    """A crawl that is forked from the command that starts it, which is warm itself; as crawler.warm.Crawling."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.args = list(arguments)
        said, says = os.pipe()
        self.returncode: int | None = None
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                os.dup2(says, 1)
                from crawler.child import main

                status = main(self.args)
                sys.stdout.flush()
            except SystemExit as ended:
                status = int(ended.code or 0)
            finally:
                os._exit(status)
        os.close(says)
        self.stdout = os.fdopen(said, encoding="utf-8")

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + (timeout or 3600)
        while self.returncode is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > until:
                raise subprocess.TimeoutExpired("crawl", timeout or 0)
            else:
                select.select([], [], [], 0.005)
        return self.returncode

    def terminate(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def _serve(line: socket.socket) -> int:
    """Fork a command for each request until nobody can ask any more; in a command, its exit status comes back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in LOADED:
        importlib.import_module(module)
    warm.start, warm.ready = ForkedCrawl, lambda _: None  # type: ignore[assignment,misc]
    _filled()
    multiprocessing.get_context("forkserver").set_forkserver_preload(["crawler.reading_lists", "crawler.reading"])
    forkserver.ensure_running()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        head, fds, _, _ = socket.recv_fds(line, 4, 2)
        if not head:
            return 0
        asked = warm.whole(line, int.from_bytes(head, "big"))
        if not asked:
            return 0  # who asked was killed in the middle of it
        if os.fork() == 0:
            line.close()
            return _command(json.loads(asked), *fds)
        for fd in fds:
            os.close(fd)


def _filled() -> None:
    """Do the review layer's work once, on one sentence, so that rules are compiled and models are loaded."""
    from review import work
    from store import documents, sources
    from store.db import connect, writing
    from store.home import Home
    from tests.conftest import card, version

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        conn = connect(home)
        sources.sync(conn, [card("paper")], declared_at=_LONG_AGO)
        sentence = version(
            "Conscripts of the spring call-up were sent to the front in Ukraine in March 2025, they say."
        )
        with writing(conn):
            documents.keep(conn, sentence, capture_id=None, seen_at=_LONG_AGO, recorded_at=_LONG_AGO)
        conn.close()
        work.tag_and_propose(home, say=lambda _: None)


def _command(asked: dict[str, object], says: int, ends: int) -> int:
    """Be the command; in the process that waits for it, this does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    warm.fork_told(says, ends)
    os.setsid()
    os.dup2(says, 1)
    os.dup2(says, 2)
    os.close(says)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[arg-type]
    if asked["limit"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["limit"], asked["limit"]))  # type: ignore[arg-type]
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]  # it is no child of this process
    sys.argv = [str(asked["module"]), *asked["arguments"]]  # type: ignore[misc]
    main = importlib.import_module(str(asked["module"])).main
    return int(main() or 0)


if __name__ == "__main__":
    sys.exit(_serve(socket.socket(fileno=int(sys.argv[1]))))
