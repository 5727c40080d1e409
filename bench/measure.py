"""Time, processor time and memory of a command with everything it starts (Linux: read from /proc while it runs)."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one command took."""

    wall_s: float
    cpu_s: float
    peak_mb: float  # resident memory of all its processes at the worst moment; shared pages count in each
    own_peak_mb: float = 0.0  # of the command's first process alone


def measure(command: list[str], env: dict[str, str]) -> tuple[Measured, str]:
    """Run a command to its end; return what it took and what it printed. Raises CalledProcessError if it fails."""
    begin = time.perf_counter()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        watch = _Watch(child.pid)
        watch.start()
        said = child.stdout.read() if child.stdout else ""
        status = child.wait()
        wall = time.perf_counter() - begin
        watch.over.set()
        watch.join()
    if status:
        raise subprocess.CalledProcessError(status, command, said)
    return Measured(wall_s=wall, cpu_s=sum(watch.cpu.values()), peak_mb=watch.peak / 1e6,
                    own_peak_mb=watch.own_peak / 1e6), said  # fmt: skip


def cpu_of(pid: int) -> float:
    """Processor seconds that a process has taken so far, all its threads."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / _TICK


class _Watch(threading.Thread):
    """Looks at a process tree every tenth of a second."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.over = root, threading.Event()
        self.cpu: dict[int, float] = {}
        self.peak = self.own_peak = 0.0
        self._family = {root}

    def run(self) -> None:
        while not self.over.wait(_EVERY_S):
            self._look()

    def _look(self) -> None:
        seen = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    seen[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
                except (FileNotFoundError, ProcessLookupError):
                    continue  # it ended between the two looks
        while more := {pid for pid, stat in seen.items() if int(stat[1]) in self._family} - self._family:
            self._family |= more
        resident = 0
        for pid in self._family & seen.keys():
            stat = seen[pid]
            self.cpu[pid] = (int(stat[11]) + int(stat[12])) / _TICK
            resident += int(stat[21]) * _PAGE
            if pid == self.root:
                self.own_peak = max(self.own_peak, int(stat[21]) * _PAGE)
        self.peak = max(self.peak, resident)
