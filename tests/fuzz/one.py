"""One harness in one process: `python -m tests.fuzz.one NAME FOLDER [libFuzzer options]`; tests.fuzz starts it.

What a reader does wrong is written to FOLDER/findings and the run goes on; only what kills the process ends it.
"""

import contextlib
import json
import random
import signal
import sys
import time
import traceback
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import FrameType

MOST_CPU_S = 5.0  # of one execution
_WARM = 20  # seeds that are read before the clock runs
_TWICE = 64  # one in so many executions is done twice and must give the same
_OWN_MUTATOR = 0.8  # share of inputs that the mutator of the structure makes


class TooSlow(BaseException):
    """One execution took more processor time than any reading may; no reader can swallow it."""


class Watched:
    """A harness as libFuzzer calls it: rules, limits, findings, the slowest input."""

    def __init__(self, name: str, folder: Path, *, instrument: bool = True) -> None:
        from tests.fuzz import registry

        self.harness = registry.HARNESSES[name]
        self.folder = folder
        self.slowest_s, self.calls = 0.0, 0
        self.found: dict[str, int] = {}
        if instrument:
            import atheris

            atheris.instrument_imports(
                include=["crawler", "store", "review"]
            ).__enter__()  # for all that is imported later
        self.read = self.harness.make()
        self.allowed = tuple(
            getattr(import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in self.harness.allowed
        )
        signal.signal(signal.SIGPROF, _too_slow)
        for way, body in list(self.harness.seeds())[:_WARM]:  # what is loaded on first use is no input's time
            with contextlib.suppress(Exception):
                self.read(way, body)
        if "lingua" in sys.modules:
            from crawler.read.language import language_of

            language_of("a few words in English that have a language")
            language_of("a great many words in English that have a language " * 40)

    def __call__(self, data: bytes) -> None:
        """One execution; a finding is written down, never raised."""
        self.calls += 1
        way, body = (data[0] % self.harness.ways, data[1:]) if data else (0, b"")
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S)
        try:
            first = self._outcome(way, body)
            if self.calls % _TWICE == 0 and first != (second := self._outcome(way, body)):
                raise AssertionError(f"read twice, it gives two things: {first!r:.150} and {second!r:.150}")
        except Exception as error:
            self._note(data, error)
        except TooSlow as error:
            self._note(data, error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self._time(data, time.process_time() - started)

    def _outcome(self, way: int, body: bytes) -> object:
        try:
            return self.read(way, body)
        except self.allowed as error:
            str(error).encode("utf-8", "strict")  # it must be possible to print it
            return type(error), str(error)

    def _note(self, data: bytes, error: BaseException) -> None:
        """Keep the smallest input for each kind of error and place."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if any(part in f.filename for part in ("/crawler/", "/store/", "/review/"))]
        place = ours[-1] if ours else frames[-1]
        rule = str(error).partition(":")[0] if type(error).__name__ == "RuleBroken" else ""
        what = f"{type(error).__name__} {rule} at {Path(place.filename).name}:{place.lineno}"
        key = sha256(what.encode()).hexdigest()[:12]
        if len(data) >= self.found.get(key, 1 << 30):
            return
        self.found[key] = len(data)
        said = "".join(traceback.format_exception(error))[-3000:]
        (self.folder / "findings" / f"{key}.bin").write_bytes(data)
        (self.folder / "findings" / f"{key}.json").write_text(
            json.dumps({"what": what, "error": str(error)[:400], "trace": said})
        )

    def _time(self, data: bytes, took_s: float) -> None:
        if took_s > self.slowest_s:
            self.slowest_s = took_s
            (self.folder / "slowest.json").write_text(
                json.dumps({"s": round(took_s, 3), "bytes": len(data), "ways": data[:1].hex()})
            )
            (self.folder / "slowest.bin").write_bytes(data)


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"more than {MOST_CPU_S} s of processor time")


def main(name: str, folder: Path, options: list[str]) -> None:
    """Fuzz until libFuzzer has had its runs; it ends the process."""
    import atheris

    (folder / "findings").mkdir(parents=True, exist_ok=True)
    watched = Watched(name, folder)
    change, ways = watched.harness.mutator, watched.harness.ways

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if change is None or len(data) < 2 or rng.random() > _OWN_MUTATOR:
            return bytes(atheris.Mutate(data, most))
        way = bytes([rng.randrange(ways)]) if rng.random() < 0.1 else data[:1]
        try:
            new = way + change(rng, data[1:])
        except Exception:  # the mutator's own trouble with an odd input is no finding
            return bytes(atheris.Mutate(data, most))
        return new if len(new) <= most else bytes(atheris.Mutate(data, most))

    with_mutator = {"custom_mutator": mutated} if change else {}
    atheris.Setup([sys.argv[0], *options], watched, **with_mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
