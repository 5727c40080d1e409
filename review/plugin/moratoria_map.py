"""The moratoria on a map: the countries whose cases wait, by how far the moratoria are, as numbers to draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from review.moratorium_register import ORDER, Entry
from review.plugin.world import Country, countries

WIDTH, HEIGHT = 840, 480  # of the drawing
ASIDE, ABOVE = 380, 240  # units of the world beside, and above and below, the outermost middles
SMALL = 16.0  # a country narrower or lower than this on the drawing gets a dot, and its label stands beside it
LETTER, LINE, RADIUS = 7.8, 13, 3.5  # how wide a letter of a label is, how high a line, how large a dot
SHAPES = {"running": "●", "announced": "◐", "end not seen": "◌", "ended": "○", "not known": "·"}  # beside the code

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One country with its moratoria. `phase` is that of the foremost of them; `dot` where the shape is too small."""

    code: str
    phase: str
    entries: tuple[Entry, ...]
    states: tuple[str, ...]  # that freeze or froze
    path: str
    dot: tuple[float, float] | None
    x: float
    y: float
    anchor: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """Everything placed. `frame` moves paths of the world onto the drawing; `freezing` are the states that decide."""

    frame: str
    land: str
    freezing: str
    places: tuple[Place, ...]
    width: int = WIDTH
    height: int = HEIGHT


def draw(entries: Sequence[Entry]) -> Map | None:
    """Place every country of the entries, zoomed to where they are; None where the map knows none of them."""
    world = countries()
    by_country: dict[str, list[Entry]] = {}
    for one in entries:
        by_country.setdefault(one.declared.country, []).append(one)
    known = {code: found for code, found in by_country.items() if code in world}
    if not known:
        return None
    left, top, scale = _view([world[code] for code in known])
    middles = {code: ((world[code].x - left) * scale, (world[code].y - top) * scale) for code in known}
    dots = {code for code in known if _side(world[code]) * scale < SMALL}
    taken: list[Box] = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in (middles[code] for code in dots)]

    def placed(code: str) -> Place:
        found = sorted(known[code], key=lambda one: (ORDER[one.phase], one.declared.id))
        shape, phase, small = world[code], found[0].phase, code in dots
        label = f"{SHAPES[phase]} {code}"
        x, y = middles[code]
        at, anchor = _label(x, y, len(label) * LETTER, small, taken)
        return Place(
            code=code, phase=phase, entries=tuple(found), label=label, path=shape.path, anchor=anchor,
            states=tuple(sorted({one.declared.freezing_state for one in found})),
            dot=(round(x, 1), round(y, 1)) if small else None, x=round(at[0], 1), y=round(at[1], 1),
        )  # fmt: skip

    states = {one.declared.freezing_state for one in entries}
    order = sorted(known, key=lambda code: (world[code].y, code))  # from north to south, as labels are read
    return Map(
        frame=f"matrix({scale:.4f} 0 0 {scale:.4f} {-left * scale:.1f} {-top * scale:.1f})",
        land="".join(shape.path for code, shape in world.items() if code not in states and code not in known),
        freezing="".join(world[code].path for code in sorted(states - known.keys()) if code in world),
        places=tuple(placed(code) for code in order),
    )


def _side(shape: Country) -> int:
    """The shorter side of the box around a country."""
    return min(shape.box[2] - shape.box[0], shape.box[3] - shape.box[1])


def _view(shown: Sequence[Country]) -> tuple[float, float, float]:
    """Left and top of what is seen, in units of the world, and how large a unit is drawn."""
    left, right = min(one.x for one in shown) - ASIDE, max(one.x for one in shown) + ASIDE
    top, bottom = min(one.y for one in shown) - ABOVE, max(one.y for one in shown) + ABOVE
    scale = min(WIDTH / (right - left), HEIGHT / (bottom - top))
    across, down = WIDTH / scale, HEIGHT / scale
    return (left + right - across) / 2, (top + bottom - down) / 2, scale


def _label(x: float, y: float, width: float, small: bool, taken: list[Box]) -> tuple[tuple[float, float], str]:
    """Where a label goes: in the middle of a country, or beside a small one, and never on another label."""
    aside = RADIUS + 3
    sides: Iterable[tuple[float, float, str]] = [
        (x - aside, y + 4, "end"),
        (x + aside, y + 4, "start"),
        (x, y - aside - 2, "middle"),
        (x, y + aside + 10, "middle"),
    ]
    wanted = [*sides] if small else [(x, y + 4, "middle"), *sides]
    boxes = [_box(px, py, anchor, width) for px, py, anchor in wanted]
    best = min(range(len(wanted)), key=lambda n: (sum(_over(boxes[n], other) for other in taken), n))
    taken.append(boxes[best])
    px, py, anchor = wanted[best]
    return (px, py), anchor


def _box(x: float, y: float, anchor: str, width: float) -> Box:
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - LINE + 3, left + width, y + 3


def _over(one: Box, other: Box) -> float:
    """How much two boxes share."""
    return max(0.0, min(one[2], other[2]) - max(one[0], other[0])) * max(
        0.0, min(one[3], other[3]) - max(one[1], other[1])
    )
