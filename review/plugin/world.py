"""The countries of the world as shapes to draw: world.tsv, which world_build.py makes, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("world.tsv")
WIDTH = 7200  # units of the drawing around the equator


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country in units of the world: its middle, the box around its largest part, and its SVG path ('': a dot)."""

    code: str
    x: int
    y: int
    box: tuple[int, int, int, int]  # left, top, right, bottom
    path: str


@cache
def countries() -> Mapping[str, Country]:
    """Every country by its code of ISO 3166-1 (XK: Kosovo)."""
    found = {}
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, *numbers, path = line.split("\t")
        x, y, *box = map(int, numbers)
        left, top, right, bottom = box
        found[code] = Country(code=code, x=x, y=y, box=(left, top, right, bottom), path=path)
    return found
