"""A replayed moratorium on a time axis: a strip of judged days per question and group, as numbers a template draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from textwrap import shorten

from review.backtest_types import Point, Replay
from review.plugin.timeline import Mark, ticks

LEFT, RIGHT, TOP, ROW = 190, 16, 30, 36  # in units of the drawing, which is WIDTH wide
WIDTH = 840
HEIGHTS = {"insufficient": 5, "emerging": 12, "sufficient": 20}  # the status also shows without colour
LABEL = 30  # characters of a name that fit beside its row


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Judged days in a row with one status: `path` draws a cell a day; `until` is the last of them."""

    status: str
    first: date
    until: date
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Whether the state agrees, where an act speaks of this row: '=', '≠', or '?' where it was not seen."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    label: str
    y: float  # of the line that the cells stand on
    runs: tuple[Run, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything placed; `acts` are the days on which the state decided, numbered as the list below numbers them."""

    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Mark, ...]
    acts: tuple[Mark, ...]
    left: float = LEFT


def draw(found: Replay, labels: Mapping[str, str]) -> Chart:
    """Place a replay; `labels` names the groups."""
    first, last = found.points[0].as_of, found.points[-1].as_of + timedelta(days=7)
    days = (last - first).days

    def x(day: date) -> float:
        return round(LEFT + (day - first).days / days * (WIDTH - LEFT - RIGHT), 1)

    edges = [x(point.as_of) for point in found.points] + [x(last)]
    rows = []
    for index, name in enumerate((*found.deciding, *found.groups)):
        statuses = [point.questions.get(name) or point.groups.get(name, "") for point in found.points]
        y = TOP + ROW * (index + 1) - 4
        signs = {
            one.act.on: Sign(x=x(one.act.on), text={True: "=", False: "≠", None: "?"}[one.agrees])
            for one in found.compared
            if one.subject == name
        }
        rows.append(
            Row(
                name=name,
                label=shorten(labels.get(name, name).split(",")[0], LABEL, placeholder="…"),
                y=y,
                runs=tuple(_runs(found.points, statuses, edges, y)),
                signs=tuple(signs.values()),
            )
        )
    return Chart(
        height=TOP + ROW * len(rows) + 24,
        rows=tuple(rows),
        ticks=tuple(Mark(x=x(day), label=label) for day, label in ticks(first, last)),
        acts=tuple(Mark(x=x(day), label=str(number)) for number, day in enumerate(act_days(found), 1)),
    )


def act_days(found: Replay) -> list[date]:
    """The days on which the state said something, in order."""
    return sorted({act.on for act in found.acts if act.on <= found.points[-1].as_of})


def _runs(points: Sequence[Point], statuses: Sequence[str], edges: Sequence[float], y: float) -> list[Run]:
    runs = []
    for status, members in groupby(range(len(points)), key=lambda at: statuses[at]):
        at = list(members)
        height = HEIGHTS.get(status, 1)
        cells = (f"M{edges[n]} {y}v-{height}h{max(edges[n + 1] - edges[n] - 0.8, 0.4):.1f}v{height}z" for n in at)
        runs.append(Run(status=status, first=points[at[0]].as_of, until=points[at[-1]].as_of, path="".join(cells)))
    return runs
