"""Verdicts at size: python bench/assess.py [--passages N] [--evidence N,N,..] [--folder DIR].

50 countries x 12 groups x 60 questions, both readings. For each amount of evidence: a full run, a run after one new
document, a run with nothing new, a run on the next day, and one as-of run; each in a process of its own, which gives
its memory. Then how the full run grows with the evidence. Synthetic rows through the real schema, without the full-text
index. `--folder` keeps the database and goes on with it.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.assess_rows import AT, TODAY, evidence, fill, new_document
from bench.figures import Figure
from bench.measure import measure
from review.assessing import assess
from store.db import connect
from store.home import Home

PAST = TODAY - timedelta(days=272)


def main() -> None:
    """Make the rows, run the steps, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--evidence", default="10000,50000,200000", help="amounts, in growing order")
    parser.add_argument("--folder", type=Path, help="keep the database here and go on with it")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        one_step(asked.folder, asked.step)
        return
    with tempfile.TemporaryDirectory() as folder:
        for _ in run(asked.folder or Path(folder), asked.passages, [int(n) for n in asked.evidence.split(",")]):
            pass  # it prints as it goes


def figures(*, quick: bool) -> Iterator[Figure]:
    """Every step; each but the full run beside the full run."""
    with tempfile.TemporaryDirectory() as folder:
        yield from run(Path(folder), *((10_000, [1_000]) if quick else (1_000_000, [10_000, 50_000, 200_000])))


INCREMENTAL = {"nothing new": 0.1, "new document": 0.1}  # of the full run's processor time


def run(folder: Path, passages: int, amounts: list[int]) -> Iterator[Figure]:
    """Every step at every amount, and the growth of the full run; printed and given back."""
    conn = connect(Home(folder))
    begin = time.perf_counter()
    for said in fill(conn, passages):
        print(f"{said} ({time.perf_counter() - begin:.0f} s)", flush=True)
    print(f"\n{'evidence':>9} {'step':<14}{'seconds':>9}{'cpu s':>8}{'peak MB':>9}{'judged':>8}{'new':>8}  why")
    took: dict[int, float] = {}
    whole: tuple[float, ...] = ()
    for amount in amounts:
        evidence(conn, amount)
        for step in STEPS:
            conn.execute("pragma wal_checkpoint(truncate)")  # what came before is written out in nobody's time
            command = [sys.executable, __file__, "--folder", str(folder), "--step", step]
            cost, said = measure(command, dict(os.environ))
            found = json.loads(said)
            if step == "full":
                took[amount], whole = found["seconds"], (found["cpu"],)
            yield Figure(bench="assess", what=step, size=amount, of="pieces of evidence", unit="CPU s",
                         ours=(found["cpu"],), beside="" if step == "full" else "full run",
                         theirs=() if step == "full" else whole, target=INCREMENTAL.get(step),
                         note=f"{found['judged']} judged, {cost.peak_mb:.0f} MB, {passages:,} passages")  # fmt: skip
            print(
                f"{amount:>9} {step:<14}{found['seconds']:>9.2f}{found['cpu']:>8.2f}{cost.peak_mb:>9.0f}"
                f"{found['judged']:>8}{found['new']:>8}  {found['why']}", flush=True,
            )  # fmt: skip
    first = amounts[0]
    for amount in amounts[1:]:
        print(f"evidence x {amount / first:.1f}: full run x {took[amount] / took[first]:.2f}")


def one_step(folder: Path, step: str) -> None:
    """Run one step in this process and print what it did."""
    conn = connect(Home(folder))
    if step == "new document":
        new_document(conn)
    changes = STEPS[step]
    begin, cpu = time.perf_counter(), time.process_time()
    done = assess(conn, **({"as_of": TODAY, "basis": "public", "at": AT, "today": TODAY} | changes))  # type: ignore[arg-type]
    said = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu, "judged": done.judged}
    print(json.dumps(said | {"new": done.new, "why": dict(done.why)}))


STEPS: dict[str, dict[str, object]] = {
    "full": {"everything": True},
    "nothing new": {},
    "new document": {},
    "next day": {"as_of": TODAY + timedelta(days=1), "today": TODAY + timedelta(days=1)},
    "as of": {"as_of": PAST},
}

if __name__ == "__main__":
    main()
