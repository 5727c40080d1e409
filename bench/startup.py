"""Start-up of the commands: python bench/startup.py [--repeat 5].  What is imported: python -X importtime coi.py --help

Processor time of the whole command in a new process, warm file cache; the wall time of a quiet machine is the same.
Beside it a bare interpreter with click, which no command can be faster than.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, table

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 0.3
LIMITED = (("--help",),)  # the others are told, not judged
COMMANDS = (
    ("--help",), ("status", "--help"), ("crawl", "--help"), ("sources",), ("status",), ("queue",), ("verify",),
)  # fmt: skip


def figures(*, quick: bool) -> Iterator[Figure]:
    """Each command, in a home that holds nothing."""
    repeat = 3 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"COI_HOME": folder}
        bare = tuple(_cpu_s([sys.executable, "-c", "import click"], env) for _ in range(repeat))
        yield Figure(bench="startup", what="python, import click", size=1, of="start", unit="s", ours=bare)
        _cpu_s([sys.executable, str(ROOT / "coi.py"), "status"], env)  # makes the home
        for words in COMMANDS:
            runs = tuple(_cpu_s([sys.executable, str(ROOT / "coi.py"), *words], env) for _ in range(repeat))
            judged = words in LIMITED
            yield Figure(bench="startup", what=f"coi {' '.join(words)}", size=1, of="start", unit="s", ours=runs,
                         beside="limit" if judged else "bare", theirs=(LIMIT_S,) if judged else bare,
                         target=1.0 if judged else None)  # fmt: skip


def _cpu_s(command: list[str], env: dict[str, str]) -> float:
    """User and system seconds of a command and what it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=False)  # an empty home is no fault here
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    print(table(figures(quick=parser.parse_args().quick)))


if __name__ == "__main__":
    main()
