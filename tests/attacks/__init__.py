"""Attacks on the tracker, counted: each is really tried and must be refused. `python -m tests.attacks` prints a table.

A family is a function that yields attacks. An attack is what it is called and a trial that returns '' where it was
refused, and what got through where it was not. An exception of the trial got through too: a refusal is told in words.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Trial = Callable[[], str]
Attack = tuple[str, Trial]


LIMIT_S = 30  # of processor time for one attack


@dataclass
class Score:
    """What became of one family."""

    tried: int = 0
    through: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def refused(self) -> int:
        return self.tried - len(self.through)


class LeftOut(Exception):
    """This attack cannot be tried on this machine. The message says why; it counts neither as tried nor as refused."""


def score(attacks: Iterable[Attack]) -> Score:
    """Try every attack of a family."""
    found = Score()
    began = _spent_s()
    for name, trial in attacks:
        try:
            with _limited():
                said = trial()
        except LeftOut as reason:
            found.left_out.append(f"{name}: {reason}")
            continue
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:300]
        found.tried += 1
        if said:
            found.through.append(f"{name}: {said}")
    found.cpu_s = _spent_s() - began
    return found


@contextmanager
def _limited() -> Iterator[None]:
    """End a trial that takes too long, also inside a regular expression; elsewhere only in the main thread."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise TimeoutError("its processor time was up")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def refuses(call: Callable[[], object], *errors: type[BaseException]) -> Trial:
    """A trial of a call that must raise one of these."""

    def trial() -> str:
        try:
            got = call()
        except errors:
            return ""
        return f"gave {str(got)[:200]!r}"

    return trial


def cheap(call: Callable[[], object], *, within_s: float, errors: tuple[type[BaseException], ...] = ()) -> Trial:
    """A trial of a call that must end within so much processor time, by an answer or by one of these errors."""

    def trial() -> str:
        began = _spent_s()
        try:
            call()
        except errors:
            pass
        took = _spent_s() - began
        return "" if took < within_s else f"took {took:.1f} s of processor time, at most {within_s:g} allowed"

    return trial


def _spent_s() -> float:
    """Processor seconds of this process and of its children that have ended."""
    import resource

    ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime


@contextmanager
def less_memory(extra_bytes: int) -> Iterator[None]:
    """Let this process grow by so much and no more, so that a bomb fails here and not on the machine (Linux)."""
    import resource
    from pathlib import Path

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def clock() -> float:
    return time.process_time()
