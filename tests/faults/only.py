"""python -m tests.faults.only EVERY_S COMMAND...: coi with the home's own sources, due every so many seconds.

EVERY_S 0: as their files say. Nothing else is changed; the schedule, its processes and its clock are real.
"""

import sys
from pathlib import Path

import coi
from crawler import due, schedule, source
from crawler.cadence import Cadence


def main() -> None:
    source.SHIPPED = Path(__file__).parent / "no-sources"
    every_s = int(sys.argv[1])
    if every_s:

        def often(declared: source.Source) -> Cadence:
            return Cadence(source_id=declared.id, every_s=every_s)

        due.cadence_of = schedule.cadence_of = often  # type: ignore[assignment]
    del sys.argv[1]
    coi.main()


if __name__ == "__main__":
    main()
