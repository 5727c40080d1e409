"""`make fuzz`: every reader in turn under coverage-guided fuzzing, and a table of what came of it.

Each runs in a process of its own, with a corpus in a temporary folder; what kills it is a finding, and the rest of
its executions follow in a new process. Exit status 1 where there is a finding.
"""

import argparse
import importlib.util
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.fuzz.harness import PROJECT, REAL, Harness
from tests.fuzz.registry import HARNESSES

_WALL_S = 60  # for one execution, however busy the machine; the rule is 5 s of processor time (tests.fuzz.one)
_LINE = re.compile(r"^#(\d+)\s+(\w+)\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)
_PEAK = re.compile(r"rss: (\d+)Mb")
_DEATHS = 5  # of one reader's process; then it is given up


@dataclass
class Result:
    """What came of one reader."""

    harness: Harness
    seeds: int
    done: int = 0
    cpu_s: float = 0.0
    cov: tuple[int, int] = (0, 0)
    ft: tuple[int, int] = (0, 0)
    peak_mb: int = 0
    slowest: str = "-"
    findings: list[str] = field(default_factory=list)

    def keep(self, folder: Path) -> None:
        """Write it where a later run of other readers finds it."""
        (folder / "result.json").write_text(json.dumps({**asdict(self), "harness": self.harness.name}))

    @classmethod
    def kept(cls, path: Path) -> "Result":
        said = json.loads(path.read_text())
        return cls(**{**said, "harness": HARNESSES[said["harness"]]})

    def row(self) -> str:
        """Its row of the table."""
        speed = f"{self.done / self.cpu_s:.0f}" if self.cpu_s else "-"
        grown = f"{self.cov[0]} to {self.cov[1]} | {self.ft[0]} to {self.ft[1]}"
        return (
            f"| {self.harness.name} | {self.done:,} | {speed} | {grown} | {self.seeds} | {self.peak_mb} MB | "
            f"{self.slowest} | {len(self.findings) or 'none'} |"
        )


HEAD = (
    "| reader | executions | per s of CPU | edges covered | features | seeds | peak RSS | slowest input | findings |\n"
    "| --- | ---: | ---: | --- | --- | ---: | ---: | --- | --- |"
)


def fuzz(harness: Harness, executions: int, seed: int, folder: Path) -> Result:
    """Fuzz one reader in processes of its own until it has had its executions."""
    corpus, artifacts = folder / "corpus", folder / "artifacts"
    for made in (corpus, artifacts, folder / "findings"):
        made.mkdir(parents=True, exist_ok=True)
    seeds = {bytes([way]) + body for way, body in harness.seeds()}
    for number, data in enumerate(sorted(seeds)):
        (corpus / f"seed-{number:04}").write_bytes(data)
    words = folder / "words.dict"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in harness.words))
    result = Result(harness=harness, seeds=len(seeds))
    before_s = _children_s()
    for death in range(_DEATHS):
        options = [
            f"-runs={executions - result.done}",
            f"-seed={seed + death}",
            f"-max_len={harness.most_bytes}",
            f"-rss_limit_mb={harness.rss_mb}",
            f"-timeout={_WALL_S}",
            f"-artifact_prefix={artifacts}/",
            "-len_control=0",
            "-print_final_stats=1",
            "-use_value_profile=0",
            *([f"-dict={words}"] if harness.words else []),
            str(corpus),
        ]
        log = folder / f"log-{death}"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "tests.fuzz.one", harness.name, str(folder), *options]
            ended = subprocess.run(command, stdout=out, stderr=out, cwd=PROJECT, check=False)
        _learn(result, log.read_text("utf-8", "replace"), first=death == 0)
        if ended.returncode == 0 or result.done >= executions:
            break
        result.findings.append(f"{harness.name}: its process ended with {ended.returncode}; see {log}")
    result.cpu_s = _children_s() - before_s
    _collect(result, folder)
    return result


def _learn(result: Result, log: str, *, first: bool) -> None:
    lines = [tuple(map(int, (n, cov, ft))) for n, _, cov, ft, _ in _LINE.findall(log)]
    if lines:
        start = next(
            (tuple(map(int, (n, cov, ft))) for n, what, cov, ft, _ in _LINE.findall(log) if what == "INITED"), lines[0]
        )
        result.done += lines[-1][0]
        result.cov = (start[1] if first else result.cov[0], max(result.cov[1], lines[-1][1]))
        result.ft = (start[2] if first else result.ft[0], max(result.ft[1], lines[-1][2]))
    result.peak_mb = max(
        [result.peak_mb, *map(int, _PEAK.findall(log)), *map(int, re.findall(r"peak_rss_mb:\s+(\d+)", log))]
    )


def _collect(result: Result, folder: Path) -> None:
    for path in sorted((folder / "findings").glob("*.json")):
        said = json.loads(path.read_text())
        result.findings.append(
            f"{result.harness.name}: {said['what']}: {said['error'][:160]} ({path.with_suffix('.bin')})"
        )
    for path in sorted(p for p in (folder / "artifacts").iterdir() if not p.name.startswith("slow-unit")):
        result.findings.append(f"{result.harness.name}: {path.name.partition('-')[0]} ({path})")
    slowest = folder / "slowest.json"
    if slowest.exists():
        said = json.loads(slowest.read_text())
        result.slowest = f"{said['s']:.2f} s, {said['bytes']:,} bytes"


def _escaped(word: str) -> str:
    return "".join(
        chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in word.encode("latin-1", "ignore")
    )


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Fuzz what was asked for; prints a row as each reader ends, then the findings."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    total = sum(one.executions for one in HARNESSES.values())
    parser.add_argument("--executions", type=int, default=total, help=f"of all readers together (default {total:,})")
    parser.add_argument(
        "--only", action="append", choices=sorted(HARNESSES), default=[], help="this reader; may be repeated"
    )
    parser.add_argument("--seed", type=int, default=1, help="of libFuzzer's choices")
    parser.add_argument("--keep", type=Path, help="folder for corpus, logs and findings (default: a new temporary one)")
    given = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print(
            "atheris is not installed (it has no wheel for every interpreter); pip install 'atheris>=3,<4'",
            file=sys.stderr,
        )
        return 2
    if not REAL.is_dir():
        print(f"{REAL} is absent: seeded with the sources' saved pages only")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="coi-fuzz-"))
    chosen = [HARNESSES[name] for name in given.only] or list(HARNESSES.values())
    shares = sum(one.executions for one in chosen)
    wanted = min(given.executions, shares) if given.only and given.executions == total else given.executions
    print(f"corpus, logs and findings: {folder}\n\n{HEAD}", flush=True)
    for harness in chosen:
        own = folder / harness.name
        shutil.rmtree(own, ignore_errors=True)
        result = fuzz(harness, max(1, wanted * harness.executions // shares), given.seed, own)
        result.keep(own)
        print(result.row(), flush=True)
    results = [Result.kept(path) for name in HARNESSES if (path := folder / name / "result.json").exists()]
    findings = [finding for one in results for finding in one.findings]
    if len(results) > len(chosen):
        print("\nwith what the folder held of earlier runs:\n\n" + "\n".join([HEAD, *(one.row() for one in results)]))
    print(
        f"\n{sum(one.done for one in results):,} executions over {len(results)} readers, "
        f"{sum(one.cpu_s for one in results):.0f} s of processor time, {len(findings) or 'no'} findings"
    )
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
