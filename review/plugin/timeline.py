"""The evidence of a question on a time axis, as numbers that a template draws (SVG) and a table repeats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from review.plugin.sides import VOTES, Origin, by_origin, leading_answer, when
from review.standing import HalfStanding, Item, MoratoriumStanding, QuestionStanding

LEFT, RIGHT, TOP, ROW, BAR = 250, 20, 44, 26, 10  # in units of the drawing, which is WIDTH wide
WIDTH = 840
LONGEST = 3 * 366  # days, unless facts stay in time longer; what is older stands at the left end
LABEL = 40  # characters of an origin's name that fit beside its row
CLOSE, ASIDE = 11.0, (0, -8, 8)  # marks nearer than this to the one before step out of its way
UNDECIDED = frozenset({"mixed", "unclear", "unknown"})
# What a mark says by its shape: for and against the leading answer, or neither; struck: a person set it aside.
SHAPES = {
    "for": "M{x} {y}m-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z",
    "against": "M{x} {y}m-5 -5h10v10h-10z",
    "mixed": "M{x} {y}m0 -6.5l6.5 6.5l-6.5 6.5l-6.5 -6.5z",
    "struck": "M{x} {y}m-4.5 -4.5l9 9m0 -9l-9 9",
}
SIGNS = {"for": "●○", "against": "■□", "mixed": "◆◇", "struck": "××"}  # the same as characters: votes, does not vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One piece of evidence: `stance` is its shape, filled where it votes; `on` the day it stands at."""

    path: str
    stance: str
    votes: bool
    title: str
    evidence_id: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One origin. `fragile`: without it the status would be another."""

    y: float
    label: str
    full: str
    fragile: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line: a year or month on the axis, or a watershed."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One half of a moratorium; open: it had no end by the day looked on."""

    id: str
    half: str
    x: float
    y: float
    width: float
    open: bool
    clock: HalfStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Everything placed; `window` is where facts are in time (x from, x to), `since` its first day."""

    top: float
    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Mark, ...]
    watersheds: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    window: tuple[float, float]
    start: date
    since: date
    until: date
    older: bool  # something is older than the axis


def draw(
    question: QuestionStanding, as_of: date, word: Callable[[str], str], moratoria: Sequence[MoratoriumStanding] = ()
) -> Timeline | None:
    """Place the dated evidence of a question between its earliest day and the day looked on; None without any.

    `word` says an answer in the visitor's language; `moratoria` are those that the question decides.
    """
    dated = [item for item in question.evidence if when(item)]
    if not dated:
        return None
    first = max(min(date.fromisoformat(when(item)) for item in dated), _before(as_of, LONGEST))
    start = _before(min(first, _before(as_of, question.window_days)), 20)
    days = max((as_of - start).days, 30)

    def x(day: date) -> float:
        share = min(max((day - start).days / days, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    bars = _bars(moratoria, start, as_of, x)
    top = TOP + BAR * len(bars) + (4 if bars else 0)
    leading = leading_answer(by_origin(question.evidence))
    rows = []
    for index, origin in enumerate(by_origin(dated)):
        y = top + ROW * index + ROW / 2
        fragile = question.fragile and origin.id == question.fragile_origin
        points = _points(origin, leading, x, y, word)
        rows.append(Row(y=y, label=shorten(origin.label), full=origin.label, fragile=fragile, points=points))
    since = max([_before(as_of, question.window_days), *_past(question, start, as_of)])
    return Timeline(
        top=top,
        height=top + ROW * len(rows) + 26,
        rows=tuple(rows),
        ticks=tuple(Mark(x=x(day), label=label) for day, label in ticks(start, as_of)),
        watersheds=tuple(
            Mark(x=x(date.fromisoformat(day)), label=f"{title} ({day})")
            for day, title in question.watersheds
            if start <= date.fromisoformat(day) <= as_of
        ),
        bars=bars,
        window=(x(since), x(as_of)),
        start=start,
        since=since,
        until=as_of,
        older=any(when(item) < start.isoformat() for item in dated),
    )


def stance(item: Item, leading: str | None) -> str:
    """Whether an item speaks for the leading answer, against it, or for neither; struck where it was set aside."""
    if item.role == "set aside":
        return "struck"
    if leading is None or item.answer in UNDECIDED:
        return "mixed"
    return "for" if item.answer == leading else "against"


def ticks(start: date, end: date) -> list[tuple[date, str]]:
    """Firsts of months (of years beyond four years) between two days, at most about a dozen, as YYYY-MM or YYYY."""
    months = [
        date(year, month, 1)
        for year in range(start.year, end.year + 1)
        for month in range(1, 13)
        if start <= date(year, month, 1) <= end
    ]
    if len(months) > 48:
        return [(day, str(day.year)) for day in months if day.month == 1]
    step = next(step for step in (1, 2, 3, 6) if len(months) <= 8 * step or step == 6)
    return [(day, f"{day:%Y-%m}") for day in months if (day.month - 1) % step == 0]


def shorten(label: str, most: int = LABEL) -> str:
    """A name that fits its row: at most so many characters."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _points(
    origin: Origin, leading: str | None, x: Callable[[date], float], y: float, word: Callable[[str], str]
) -> tuple[Point, ...]:
    """The marks of one origin, from the oldest; those that would hide one another step aside."""
    found: list[Point] = []
    last, step = -CLOSE, 0
    for item in sorted(origin.items, key=lambda one: (when(one), one.evidence_id)):
        on = date.fromisoformat(when(item))
        at, kind = x(on), stance(item, leading)
        step = (step + 1) % len(ASIDE) if at - last < CLOSE else 0
        last = at
        found.append(
            Point(
                path=SHAPES[kind].format(x=at, y=y + ASIDE[step]),
                stance=kind,
                votes=item.role in VOTES,
                title=f"{item.publisher}: {word(item.answer)}, {when(item)}",
                evidence_id=item.evidence_id,
                on=on,
            )
        )
    return tuple(found)


def _bars(
    moratoria: Sequence[MoratoriumStanding], start: date, as_of: date, x: Callable[[date], float]
) -> tuple[Bar, ...]:
    """The halves that ran before the day looked on, up to it at most."""
    halves = [(one.id, half) for one in moratoria for half in one.halves if half.first_day and half.first_day <= as_of]
    halves = [(id_, half) for id_, half in halves if half.ends_on is None or half.ends_on >= start]
    return tuple(
        Bar(
            id=id_,
            half=half.half,
            x=x(half.first_day or start),
            y=TOP - 10 + BAR * number,
            width=round(max(x(min(half.ends_on or as_of, as_of)) - x(half.first_day or start), 1.5), 1),
            open=half.ends_on is None or half.ends_on > as_of,
            clock=half,
        )
        for number, (id_, half) in enumerate(halves)
    )


def _before(day: date, days: int) -> date:
    """So many days earlier, as far as there are days."""
    return date.fromordinal(max(1, day.toordinal() - days))


def _past(question: QuestionStanding, start: date, as_of: date) -> list[date]:
    days = [date.fromisoformat(day) for day, _ in question.watersheds]
    return [day for day in days if start <= day <= as_of]
