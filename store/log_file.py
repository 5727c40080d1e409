"""A log file that many processes write to: whole lines only, none lost when it is changed for a new one."""

import fcntl
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = 20 * 1024**2
KEPT = 5  # older files beside it: NAME.1 (the newest) to NAME.5


class LogFile(logging.Handler):
    """Appends one line a record to a file of the home, readable by its owner only.

    A line is one write with O_APPEND, under a shared lock of the file. Whoever finds it full takes the lock alone,
    looks whether it is still the file of that name, and moves it on: so no process writes into a file that was moved,
    and no file is moved under a process that writes. Nothing is made where the folder is not there, and a log that
    cannot be written (a full or read-only disk) says so once on standard error and stops nobody's work.
    """

    def __init__(
        self, path: Path, *, most_bytes: int = MOST_BYTES, kept: int = KEPT, excused: Callable[[], bool] = bool
    ) -> None:
        """`excused` says whether it is to be expected that nothing can be written: then it is not complained of."""
        super().__init__()
        self.path, self.most_bytes, self.kept, self.excused = path, most_bytes, kept, excused
        self._fd: int | None = None
        self._pid = 0
        self._complained = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record. Never raises."""
        try:
            self.write(self.format(record))
        except Exception as error:
            if not self._complained and not self.excused():
                self._complained = True
                print(f"{self.path}: no log could be written: {error}; correct that (rights, disk space)",
                      file=sys.stderr)  # fmt: skip

    def write(self, line: str) -> None:
        """Append one line, the file changed before where it is full."""
        data = line.replace("\n", "\\n").encode("utf-8", "backslashreplace") + b"\n"
        while self.path.parent.is_dir():
            fd = self._opened()
            fcntl.flock(fd, fcntl.LOCK_SH)
            try:
                if self._is_current(fd):
                    if os.fstat(fd).st_size + len(data) <= self.most_bytes or os.fstat(fd).st_size == 0:
                        os.write(fd, data)
                        return
                    fcntl.flock(fd, fcntl.LOCK_UN)  # two that wait for each other's shared lock would wait for ever
                    fcntl.flock(fd, fcntl.LOCK_EX)
                    if self._is_current(fd):
                        self._move_on()
            finally:
                fcntl.flock(fd, fcntl.LOCK_UN)
            self._shut()

    def close(self) -> None:
        self._shut()
        super().close()

    def _opened(self) -> int:
        if self._fd is not None and self._pid != os.getpid():  # a fork shares the lock with its parent
            self._shut()
        if self._fd is None:
            self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self._pid = os.getpid()
        return self._fd

    def _is_current(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), self.path.stat())
        except FileNotFoundError:
            return False

    def _move_on(self) -> None:
        for number in range(self.kept - 1, 0, -1):
            if (older := self._numbered(number)).exists():
                older.replace(self._numbered(number + 1))
        self.path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def _shut(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
