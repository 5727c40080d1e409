"""The last ninety days of a source as a small drawing: the higher a day's mark, the worse its worst run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 90
STEP, HEIGHT = 3, 20  # in units of the drawing
HEIGHTS = {"none": 1, "ok": 6, "interrupted": 9, "partial": 13, "failed": HEIGHT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One path for each kind of day, and how many days of each kind there were; `last_failed` is the newest bad day."""

    paths: tuple[tuple[str, str], ...]  # kind, path data
    counts: Mapping[str, int]
    last_failed: date | None
    width: int = DAYS * STEP
    height: int = HEIGHT


def draw(worst: Mapping[str, str], today: date) -> Strip:
    """Draw the days up to today; `worst` gives the worst status of each day ('YYYY-MM-DD') that had a run."""
    days = [today - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    kinds = [worst.get(day.isoformat(), "none") for day in days]
    paths: dict[str, list[str]] = {}
    for number, kind in enumerate(kinds):
        paths.setdefault(kind, []).append(f"M{number * STEP + 1} {HEIGHT}v-{HEIGHTS.get(kind, 1)}")
    failed = [day for day, kind in zip(days, kinds, strict=True) if kind == "failed"]
    return Strip(
        paths=tuple((kind, "".join(paths[kind])) for kind in HEIGHTS if kind in paths),
        counts=Counter(kinds),
        last_failed=failed[-1] if failed else None,
    )
