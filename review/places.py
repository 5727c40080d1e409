"""Countries that are closed to those who would report from them (review/closed/<ISO 3166>.toml)."""

from datetime import date
from functools import cache
from pathlib import Path

from store.declared import Declared

FOLDER = Path(__file__).parent / "closed"


class Closed(Declared):
    """Since when a country is closed, and why. `confirmed` is False where the day is general knowledge."""

    since: date
    reason: str
    confirmed: bool


@cache
def closed_countries() -> dict[str, Closed]:
    """Every declared closed country by its ISO 3166 code."""
    return Closed.load_all([FOLDER])


def closed_since(country: str) -> date | None:
    """The day since which reporting from a country is biased by its closure; None where it is not declared closed."""
    found = closed_countries().get(country)
    return found.since if found else None
