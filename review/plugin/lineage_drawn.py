"""Where a document comes from and who has it from here, placed for a drawing: origins left, copies right.

The list under the drawing says the same in words, with the reasons; so the drawing holds no more than fits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from review.plugin.lineage import Lineage
from review.plugin.timeline import shorten

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 190, 52, 44, 12  # in units of the drawing
MOST = 8  # boxes in one column; the others are in the list only


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One document (`document_id`), or an origin that is not held (None). `day`: first public, '' where unknown."""

    x: float
    y: float
    document_id: int | None
    who: str
    title: str
    whole: str
    language: str
    day: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step from an origin (left) to what came from it (right); `sure` is false for what is only proposed."""

    path: str
    sure: bool
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Step:
    """Child and parent by key: a document's number, or the name of an origin that is not held."""

    child: int | str
    parent: int | str
    sure: bool
    rule: str


def draw(head: sqlite3.Row, found: Lineage) -> Drawn | None:
    """Place a document between its origins and its copies; None where it has neither."""
    steps = list(_steps(head["id"], found))
    if not steps:
        return None
    names = _names(head, found)
    columns = _columns(head["id"], steps)
    shown = {place: keys[:MOST] for place, keys in columns.items()}
    height = max(_tall(len(keys)) for keys in shown.values())
    at: dict[int | str, tuple[float, float]] = {}
    for column, place in enumerate(sorted(shown, reverse=True)):
        top = (height - _tall(len(shown[place]))) / 2
        for row, key in enumerate(shown[place]):
            at[key] = (column * (BOX_WIDTH + GAP_X), top + row * (BOX_HEIGHT + GAP_Y))
    boxes = (_box(key, head["id"], names[key], x, y) for key, (x, y) in at.items())
    lines = {
        (s.child, s.parent): s for s in sorted(steps, key=lambda s: s.sure)
    }  # of two between the same, the sure one
    return Drawn(
        width=len(shown) * (BOX_WIDTH + GAP_X) - GAP_X,
        height=height,
        boxes=tuple(boxes),
        lines=tuple(
            Line(path=_path(at[s.parent], at[s.child]), sure=s.sure, rule=s.rule)
            for s in lines.values()
            if s.parent in at and s.child in at
        ),
        left_out=sum(len(keys) for keys in columns.values()) - len(at),
    )


def _steps(document_id: int, found: Lineage) -> Iterator[_Step]:
    for link in found.above:
        for row in (link.row, *link.chain):
            yield _Step(row["child_id"], row["parent_id"] or row["label"], row["certainty"] == "merged", row["rule"])
    for row in found.below:
        yield _Step(row["child_id"], document_id, row["certainty"] == "merged", row["rule"])


def _names(head: sqlite3.Row, found: Lineage) -> dict[int | str, tuple[str, str, str, str]]:
    """Of each key: who, title, language and first public day."""
    names: dict[int | str, tuple[str, str, str, str]] = {}
    for link in found.above:
        for row in (link.row, *link.chain):
            if row["parent_id"] is None:
                names[row["label"]] = (row["label"], "", "", "")
            else:
                names[row["parent_id"]] = _said(row, "parent")
    for row in found.below:
        names.setdefault(row["child_id"], _said(row, "child"))
    names[head["id"]] = (head["publisher"], head["title"] or "", head["language"] or "", "")
    return names


def _said(row: sqlite3.Row, side: str) -> tuple[str, str, str, str]:
    return (
        row[f"{side}_publisher"],
        row[f"{side}_title"] or "",
        row[f"{side}_language"] or "",
        row[f"{side}_public_on"] or "",
    )


def _columns(document_id: int, steps: list[_Step]) -> dict[int, list[int | str]]:
    """Keys by their place: 0 for the document itself, -1 for what comes from it, n for n steps above it.

    A circle of links ends where it would return: each key has one place, the farthest that it is reached at.
    """
    place: dict[int | str, int] = {document_id: 0}
    for step in steps:  # a chain is listed from its lower end upwards
        if step.parent == document_id:
            place.setdefault(step.child, -1)
        elif step.child in place and place.get(step.parent, 1) > 0:
            place[step.parent] = max(place.get(step.parent, 0), place[step.child] + 1)
    columns: dict[int, list[int | str]] = {}
    for key, where in place.items():
        columns.setdefault(where, []).append(key)
    return columns


def _tall(boxes: int) -> float:
    return boxes * (BOX_HEIGHT + GAP_Y) - GAP_Y


def _box(key: int | str, here: int, said: tuple[str, str, str, str], x: float, y: float) -> Box:
    who, title, language, day = said
    return Box(
        x=x,
        y=y,
        document_id=key if isinstance(key, int) else None,
        who=shorten(who, 29),
        title=shorten(title, 33),
        whole=f"{who}: {title}" if title else who,
        language=language,
        day=day,
        here=key == here,
    )


def _path(parent: tuple[float, float], child: tuple[float, float]) -> str:
    """A calm curve from the right side of one box to the left side of the other."""
    x1, y1 = parent[0] + BOX_WIDTH, parent[1] + BOX_HEIGHT / 2
    x2, y2 = child[0] - 6, child[1] + BOX_HEIGHT / 2  # the arrow's head needs 6
    middle = (x1 + x2) / 2
    return f"M{x1:g} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
