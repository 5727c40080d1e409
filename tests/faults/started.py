"""A command that runs: waited for, signalled, and what it said."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LIMIT_S = 240.0


class Stuck(RuntimeError):
    """A process did not end in time."""


class Started:
    """A command that runs: its process (the leader of its group), and how it ended."""

    def __init__(self, line: socket.socket, asked: dict[str, object], out: Path) -> None:
        self.out = out
        ended, ends = os.pipe()
        with out.open("wb") as says:
            message = json.dumps(asked).encode()
            socket.send_fds(line, [len(message).to_bytes(4, "big")], [says.fileno(), ends])
            line.sendall(message)
        os.close(ends)
        self._ended = os.fdopen(ended, "rb", buffering=0)
        os.set_blocking(ended, True)
        self.pid = int(self._line())
        self.status: int | None = None

    def _line(self) -> bytes:
        found = b""
        while not found.endswith(b"\n"):
            more = self._ended.read(1)
            if not more:
                break
            found += more
        return found

    def wait(self, limit_s: float = LIMIT_S) -> int:
        """The exit status; -9 where it was killed. Raises Stuck, with what it said, after `limit_s`."""
        if self.status is None:
            if not self.alive_after(limit_s):
                return self.status or 0
            raise Stuck(f"process {self.pid} runs for more than {limit_s} s: {self.said[-800:]}")
        return self.status

    def alive_after(self, seconds: float) -> bool:
        """Wait so long; whether it still runs then."""
        if self.status is None and select.select([self._ended], [], [], max(seconds, 0))[0]:
            self.status = int(self._line() or -signal.SIGKILL)
            self._ended.close()
        return self.status is None

    def send(self, number: int, *, everyone: bool) -> None:
        """A signal to the whole process group, or to its leader only."""
        with suppress(ProcessLookupError):
            (os.killpg if everyone else os.kill)(self.pid, number)

    def group_gone(self, limit_s: float = 20.0) -> bool:
        """Wait until no process of the group is left; whether that came true in time."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.02)
        return False

    @property
    def said(self) -> str:
        return self.out.read_text("utf-8", "replace")


class Cold(Started):
    """A command that is started as ever: for those with threads, of which nothing may be forked."""

    def __init__(self, module: str, arguments: Sequence[str], *, home: Path, env: Mapping[str, str], out: Path) -> None:
        self.out, self.status = out, None
        with out.open("wb") as says:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments], cwd=PROJECT, start_new_session=True, stdout=says,
                stderr=says, stdin=subprocess.DEVNULL, env=os.environ | {"COI_HOME": str(home)} | env,
            )  # fmt: skip
        self.pid = self._process.pid

    def alive_after(self, seconds: float) -> bool:
        """Wait so long; whether it still runs then."""
        with suppress(subprocess.TimeoutExpired):
            self.status = self._process.wait(max(seconds, 0))
        return self.status is None
