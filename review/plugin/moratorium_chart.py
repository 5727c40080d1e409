"""One moratorium on a time axis: what the state did, watersheds, publications, and its status, as numbers to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from review.plugin.timeline import Mark, ticks

LEFT, RIGHT, TOP, ROW = 150, 16, 30, 30  # in units of the drawing, which is WIDTH wide
WIDTH = 840
BEFORE, AFTER = timedelta(days=60), timedelta(days=30)
AHEAD = timedelta(days=200)  # how far after the day looked on planned ends are drawn at most
HEIGHTS = {"insufficient": 5, "emerging": 11, "sufficient": 17}  # the status also shows without colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing on the axis. `kind`: event, watershed, publication or ahead; `link` is a path on this site or ''."""

    on: date
    kind: str
    text: str
    lang: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    x: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Days in a row with one status."""

    x: float
    width: float
    height: float
    status: str
    first: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the drawing: points of one kind, or the status of a question."""

    name: str
    y: float
    points: tuple[Point, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Mark, ...]
    watersheds: tuple[Mark, ...]
    ahead: tuple[Mark, ...]
    today: float
    left: float = LEFT


def draw(
    found: Sequence[Happened], statuses: dict[str, list[tuple[date, str]]], as_of: date, named: dict[str, str]
) -> Chart | None:
    """Place what happened; `statuses` are judged days by question, `named` the names of the rows. None for nothing."""
    days = [one.on for one in found if one.kind == "event"]
    if not days:
        return None
    start = min(days) - BEFORE
    ahead = [one for one in found if one.kind == "ahead" and one.on <= as_of + AHEAD]
    end = max([as_of, *(one.on for one in ahead)]) + AFTER
    span = (end - start).days

    def x(day: date) -> float:
        share = min(max((day - start).days / span, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    rows: list[Row] = []
    for kind in ("event", "publication"):
        points = tuple(
            Point(x=x(one.on), title=f"{one.on}: {one.text}") for one in found if one.kind == kind and one.on >= start
        )
        if points:
            rows.append(Row(name=named[kind], y=TOP + ROW * (len(rows) + 1) - 6, points=points))
    for question, judged in statuses.items():
        y = TOP + ROW * (len(rows) + 1) - 6
        cells = []
        inside = [(day, status) for day, status in judged if start <= day <= as_of]
        edges = [day for day, _ in inside] + [as_of]
        for status, members in groupby(range(len(inside)), key=lambda at: inside[at][1]):
            at = list(members)
            first, until = inside[at[0]][0], edges[at[-1] + 1]
            cells.append(
                Cell(
                    x=x(first),
                    width=round(max(x(until) - x(first), 1.0), 1),
                    height=HEIGHTS.get(status, 2),
                    status=status,
                    first=first,
                    until=until,
                )
            )
        if cells:
            rows.append(Row(name=question, y=y, cells=tuple(cells)))
    return Chart(
        height=TOP + ROW * len(rows) + 24,
        rows=tuple(rows),
        ticks=tuple(Mark(x=x(day), label=label) for day, label in ticks(start, end)),
        watersheds=tuple(
            Mark(x=x(one.on), label=f"{one.on}: {one.text}")
            for one in found
            if one.kind == "watershed" and one.on >= start
        ),
        ahead=tuple(Mark(x=x(one.on), label=f"{one.on}: {one.text}") for one in ahead),
        today=x(as_of),
    )
