"""python -m tests.faults [--runs 200] [--seed N] [--only NAME ...] [--keep]: do every fault, print what survived.

`--runs` is the number of kills in all, spread over the steps; the other faults are done as often as they always are.
Exit code 1 where anything got lost. `--list` names the faults.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.alerts_world import mail_server
from tests.faults import archives, clock, disk, kills, kills_mail, kills_people, locked, power, stopped
from tests.faults.stage import Stage, Tally
from tests.local_site import serving

RUNS = 200
KILLS = {  # share of the kills
    "crawl": (kills.crawl, 35), "replay": (kills.replay, 20), "tag": (kills.tag, 20), "assess": (kills.assess, 20),
    "decide": (kills_people.decide, 35), "sign-site": (kills_people.sign_on_site, 25),
    "sign-command": (kills_people.sign_by_command, 20), "deliver": (kills_mail.deliver, 25),
}  # fmt: skip
OTHERS = {
    "full-disk": (disk.full, 8), "read-only": (disk.read_only, 6), "locked": (locked.all_at_once, 6),
    "sigterm": (stopped.sigterm, 5), "two-schedulers": (stopped.two_schedulers, 2), "slow-run": (stopped.slow_run, 1),
    "clock": (clock.back, 4), "truncated": (archives.truncated, 20), "power-cut": (power.cut, 20),
    "torn-wal": (power.torn, 20),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS, help="kills in all")
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and printed")
    parser.add_argument("--only", action="append", choices=[*KILLS, *OTHERS], help="may be repeated")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    if given.list:
        print("\n".join([*KILLS, *OTHERS]))
        return 0
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    wanted = given.only or [*KILLS, *OTHERS]
    whole = sum(share for name, (_, share) in KILLS.items() if name in wanted)
    plan = [(name, does, round(given.runs * share / whole)) for name, (does, share) in KILLS.items() if name in wanted]
    plan += [(name, does, times) for name, (does, times) in OTHERS.items() if name in wanted]
    print(f"seed {seed}", flush=True)
    done: list[tuple[Tally, float]] = []
    with tempfile.TemporaryDirectory() as folder, serving() as site, mail_server() as box:
        stage = Stage(Path(folder), random.Random(seed), site, box)
        for name, does, times in plan:
            began = time.monotonic()
            stage.chance = random.Random(f"{seed} {name}")  # one alone is as it is among all
            tally = does(stage, times)
            done.append((tally, time.monotonic() - began))
            print(f"{name}: {tally.survived} of {tally.times}, {done[-1][1]:.0f} s; {tally.note}", flush=True)
            for said in tally.lost:
                print(f"  LOST {said}", flush=True)
        stage.close()
    print(table(done))
    return 1 if any(tally.survived < tally.times or tally.lost for tally, _ in done) else 0


def table(done: list[tuple[Tally, float]]) -> str:
    """What was done, how often, how often it survived, and what was checked."""
    lines = ["", "| fault | times | survived | seconds | checked | note |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {t.fault} | {t.times} | {t.survived} | {seconds:.0f} | {t.checked} | {t.note} |" for t, seconds in done
    ]
    times, survived = sum(t.times for t, _ in done), sum(t.survived for t, _ in done)
    return "\n".join([*lines, f"| **all** | {times} | {survived} | {sum(s for _, s in done):.0f} | | |"])


if __name__ == "__main__":
    sys.exit(main())
