"""python -m tests.attacks [FAMILY ...]: try every attack and print how many were refused, of how many, by family.

Exit code 1 where one got through. What cannot be tried on this machine is named and counts as neither.
"""

import argparse
import contextlib
import io
import logging
import sys
import tempfile
from pathlib import Path

from tests.attacks import score
from tests.attacks.families import FAMILIES


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("family", nargs="*", choices=[[], *FAMILIES], help="only these")
    chosen = given.parse_args().family or list(FAMILIES)
    logging.disable(logging.CRITICAL)
    print(f"{'family':<12} {'refused':>8} {'of':>6} {'CPU s':>7}  what was tried", flush=True)
    refused = tried = 0
    told: list[str] = []
    for name in chosen:
        about, attacks = FAMILIES[name]
        with tempfile.TemporaryDirectory(prefix="coi-attacks-") as folder, contextlib.redirect_stderr(io.StringIO()):
            found = score(attacks(Path(folder)))
        print(f"{name:<12} {found.refused:>8} {found.tried:>6} {found.cpu_s:>7.1f}  {about}", flush=True)
        refused, tried = refused + found.refused, tried + found.tried
        told += [f"GOT THROUGH {name}: {line}" for line in found.through]
        told += [f"not tried {name}: {line}" for line in found.left_out]
    print(f"{'all':<12} {refused:>8} {tried:>6}")
    print(*told, sep="\n")
    return 0 if refused == tried else 1


if __name__ == "__main__":
    sys.exit(main())
