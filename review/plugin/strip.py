"""The last ninety days of a source as a small drawing: the higher a day's mark, the worse its worst run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

DAYS = 90
STEP, HEIGHT = 3, 20  # in units of the drawing
HEIGHTS = {"none": 1, "ok": 6, "interrupted": 9, "partial": 13, "failed": HEIGHT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days in a row of one kind."""

    kind: str
    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One path for each kind of day, and how many days of each kind there were; `last_failed` is the newest bad day."""

    paths: tuple[tuple[str, str], ...]  # kind, path data
    counts: Mapping[str, int]
    last_failed: date | None
    spans: tuple[Span, ...]
    width: int = DAYS * STEP
    height: int = HEIGHT


def draw(worst: Mapping[str, str], today: date) -> Strip:
    """Draw the days up to today; `worst` gives the worst status of each day ('YYYY-MM-DD') that had a run."""
    days = _days(today)
    kinds = [worst.get(text, "none") for text in _texts(today)]
    paths: dict[str, list[str]] = {}
    for number, kind in enumerate(kinds):
        paths.setdefault(kind, []).append(f"M{number * STEP + 1} {HEIGHT}v-{HEIGHTS.get(kind, 1)}")
    failed = [day for day, kind in zip(days, kinds, strict=True) if kind == "failed"]
    return Strip(
        paths=tuple((kind, "".join(paths[kind])) for kind in HEIGHTS if kind in paths),
        counts=Counter(kinds),
        last_failed=failed[-1] if failed else None,
        spans=tuple(_spans(days, kinds)),
    )


def states(changes: Iterable[tuple[date, str]], today: date) -> tuple[Span, ...]:
    """The state of a source over the same days, from its changes in order (day, state); '' before the first of them."""
    found, days, kinds, now = list(changes), _days(today), [], ""
    for day in days:
        while found and found[0][0] <= day:
            now = found.pop(0)[1]
        kinds.append(now)
    return tuple(_spans(days, kinds))


@lru_cache(maxsize=2)  # the list of sources draws the same days for each of them
def _days(today: date) -> tuple[date, ...]:
    return tuple(today - timedelta(days=DAYS - 1 - n) for n in range(DAYS))


@lru_cache(maxsize=2)
def _texts(today: date) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in _days(today))


def _spans(days: Sequence[date], kinds: Sequence[str]) -> Iterator[Span]:
    for kind, run in groupby(zip(days, kinds, strict=True), key=lambda one: one[1]):
        same = [day for day, _ in run]
        yield Span(kind=kind, first=same[0], last=same[-1], days=len(same))
