"""The moratoria on a time axis, as numbers that a template draws (SVG) and a table repeats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from review.moratorium_clock import HEARD_OF
from review.moratorium_register import Entry
from review.plugin.timeline import Mark, ticks
from review.standing import HalfStanding

LEFT, RIGHT, TOP, ROW = 150, 16, 24, 22  # in units of the drawing, which is WIDTH wide
WIDTH = 840
AHEAD = timedelta(days=200)  # how far after the day looked on planned ends are drawn at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One half: what has run (`x` to `now`), what is planned after the day (`now` to `end`); open: no end is drawn."""

    half: str
    y: float
    x: float
    now: float
    end: float
    open: bool
    clock: HalfStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str
    y: float
    phase: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything placed; `today` is where the day looked on stands."""

    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Mark, ...]
    today: float


def draw(entries: Sequence[Entry], as_of: date) -> Chart | None:
    """Place every clock that has a first day, the newest first; None where there is none."""
    timed = [one for one in entries if any(half.first_day for half in one.halves)]
    if not timed:
        return None
    timed.sort(key=lambda one: (-_first(one).toordinal(), one.declared.id))
    start = min(_first(one) for one in timed) - timedelta(days=60)
    ends = [half.ends_on for one in timed for half in one.halves if half.ends_on]
    end = max(as_of, min(max([as_of, *ends]), as_of + AHEAD)) + timedelta(days=30)
    days = (end - start).days

    def x(day: date) -> float:
        share = min(max((day - start).days / days, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    rows = []
    for index, one in enumerate(timed):
        y = TOP + ROW * index + ROW / 2
        bars = tuple(_bar(half, y - 6 + 7 * n, as_of, x) for n, half in enumerate(h for h in one.halves if h.first_day))
        rows.append(Row(id=one.declared.id, y=y, phase=one.phase, bars=bars))
    marks = tuple(Mark(x=x(day), label=label) for day, label in ticks(start, end))
    return Chart(height=TOP + ROW * len(rows) + 22, rows=tuple(rows), ticks=marks, today=x(as_of))


def _first(one: Entry) -> date:
    return min(half.first_day for half in one.halves if half.first_day)


def _bar(half: HalfStanding, y: float, as_of: date, x: Callable[[date], float]) -> Bar:
    """A clock that nobody saw end is drawn up to where it was last known to run, and left open."""
    first = half.first_day or as_of
    unseen = half.state == "end not seen"
    known_to_run = min(as_of, first + HEARD_OF) if unseen else as_of
    last = half.ends_on or known_to_run
    return Bar(
        half=half.half,
        y=y,
        x=x(first),
        now=max(x(min(last, as_of)), x(first) + 1.5),
        end=max(x(last), x(first) + 1.5),
        open=unseen or half.ends_on is None,
        clock=half,
    )
