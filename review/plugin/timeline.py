"""The evidence of a question on a time axis, as numbers that a template draws (SVG) and a table repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from review.plugin.sides import by_origin, when
from review.standing import QuestionStanding

LEFT, RIGHT, TOP, ROW = 250, 20, 34, 26  # in units of the drawing, which is WIDTH wide
WIDTH = 840
LONGEST = 30 * 366  # days; what is older stands at the left end
LABEL = 36  # characters of an origin's name that fit beside its row


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    x: float
    y: float
    role: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    y: float
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line: a year or month on the axis, or a watershed."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Everything placed; `window` is where facts are in time (x from, x to)."""

    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Mark, ...]
    watersheds: tuple[Mark, ...]
    window: tuple[float, float]


def draw(question: QuestionStanding, as_of: date, word: Callable[[str], str]) -> Timeline | None:
    """Place the dated evidence of a question between its earliest day and the day looked on; None without any.

    `word` says an answer in the visitor's language.
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

    rows = []
    for index, origin in enumerate(by_origin(dated)):
        y = TOP + ROW * index + ROW / 2
        points = tuple(
            Point(
                x=x(date.fromisoformat(when(i))),
                y=y,
                role=i.role,
                title=f"{i.publisher}: {word(i.answer)}, {when(i)}",
            )
            for i in origin.items
        )
        rows.append(Row(y=y, label=shorten(origin.label), points=points))
    since = max([_before(as_of, question.window_days), *_past(question, start, as_of)])
    return Timeline(
        height=TOP + ROW * len(rows) + 26,
        rows=tuple(rows),
        ticks=tuple(Mark(x=x(day), label=label) for day, label in ticks(start, as_of)),
        watersheds=tuple(
            Mark(x=x(date.fromisoformat(day)), label=f"{title} ({day})")
            for day, title in question.watersheds
            if start <= date.fromisoformat(day) <= as_of
        ),
        window=(x(since), x(as_of)),
    )


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


def _before(day: date, days: int) -> date:
    """So many days earlier, as far as there are days."""
    return date.fromordinal(max(1, day.toordinal() - days))


def _past(question: QuestionStanding, start: date, as_of: date) -> list[date]:
    days = [date.fromisoformat(day) for day, _ in question.watersheds]
    return [day for day in days if start <= day <= as_of]
