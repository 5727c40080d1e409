"""Asking the child process: one child per process, under limits, replaced when it dies, grows or is killed.

The child is kept between documents, because to start it takes longer than to read a short report. Its limits of
processor time and memory are set anew for each document; the wall limit is a timer here that kills it.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]
_MOST_PEAK_MB = 300  # a child that ever needed more is replaced: the next document gets all of its limit
_MOST_DOCUMENTS = 200
# Of our environment it gets what an interpreter needs: it reads what strangers made, and secrets stand there.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")

Lines = list[dict[str, object]]


def ask(engine: str, body: bytes, wall_s: float, memory_bytes: int) -> tuple[Lines, str | None]:
    """The child's lines for one document, and how it died or was killed, if it was. One document at a time."""
    with _Child.lock:
        child = _Child.current or _Child()
        _Child.current = child
        lines, death = child.ask(engine, body, wall_s, memory_bytes)
        if death or child.worn:
            child.end()
            _Child.current = None
        return lines, death


def child_pid() -> int | None:
    """The process that reads, where one runs; for measuring it."""
    return _Child.current.process.pid if _Child.current else None


class _Child:
    """A running child, and where its complaints go."""

    current: "_Child | None" = None
    lock = threading.Lock()

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (str(_PROJECT), *sys.path)))
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self.documents, self.peak_mb, self.timed_out = 0, 0, False
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-m", "crawler.read.pdf_child"],  # -S: the path is given, no need to find it again
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONPATH": path},
        )

    @property
    def worn(self) -> bool:
        return self.peak_mb > _MOST_PEAK_MB or self.documents >= _MOST_DOCUMENTS

    def ask(self, engine: str, body: bytes, wall_s: float, memory_bytes: int) -> tuple[Lines, str | None]:
        self.documents += 1
        timer = threading.Timer(wall_s, self._time_out)
        timer.start()
        try:
            lines = self._answer(engine, body, wall_s, memory_bytes)
        finally:
            timer.cancel()
        if lines and "done" in lines[-1]:
            self.peak_mb = int(str(lines.pop()["peak_mb"]))
            return lines, None
        return [], self._death(wall_s)

    def _answer(self, engine: str, body: bytes, wall_s: float, memory_bytes: int) -> Lines:
        assert self.process.stdin and self.process.stdout  # noqa: S101 - both are pipes
        head = {"engine": engine, "bytes": len(body), "memory_bytes": memory_bytes, "cpu_s": max(1, int(wall_s))}
        with contextlib.suppress(BrokenPipeError):  # it died; what it had to say of that comes below
            self.process.stdin.write(json.dumps(head).encode("ascii") + b"\n" + body)
            self.process.stdin.flush()
        lines: Lines = []
        for line in self.process.stdout:
            if not line.endswith(b"\n"):
                break  # it died in the middle of a line
            lines.append(json.loads(line))
            if "done" in lines[-1]:
                break
        return lines

    def _time_out(self) -> None:
        self.timed_out = True
        self.process.kill()

    def _death(self, wall_s: float) -> str:
        status = self.process.wait()
        if self.timed_out:
            return f"took more than {wall_s:g} s"
        if status < 0:
            return f"its process was killed by signal {-status} (over the limit of memory or time)"
        self.complaints.seek(0)
        said = [line for line in self.complaints.read().decode("utf-8", "replace").splitlines() if "Error" in line]
        return f"its process failed ({said[-1].strip()[:120] if said else 'out of memory'})"

    def end(self) -> None:
        """Kill it, if it still runs, and free what it held."""
        self.process.kill()
        self.process.wait()
        self.forget()

    def forget(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout, self.complaints):
            with contextlib.suppress(BrokenPipeError):  # what was not written yet is of no use to a dead child
                if pipe:
                    pipe.close()


def _end_current() -> None:
    if _Child.current:
        _Child.current.end()
        _Child.current = None


def _forget_current() -> None:
    """After a fork the child is the parent's: this process lets go of its ends of the pipes and starts its own."""
    _Child.lock = threading.Lock()
    if _Child.current:
        _Child.current.forget()
        _Child.current.process.returncode = 0  # not ours to wait for
        _Child.current = None


atexit.register(_end_current)
os.register_at_fork(after_in_child=_forget_current)
