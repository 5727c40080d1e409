"""Source cards: the newest stands in `sources`, every earlier one in `source_cards` (kept by trigger)."""

import sqlite3
from collections.abc import Iterable
from dataclasses import fields

from store.model import SourceCard

COLUMNS = tuple(field.name for field in fields(SourceCard))


def sync(conn: sqlite3.Connection, cards: Iterable[SourceCard], *, declared_at: str) -> int:
    """Bring the declared sources into the store; return how many are new or changed."""
    names = ", ".join(COLUMNS)
    marks = ", ".join("?" for _ in COLUMNS)
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "declared_at"))
    changed = 0
    for card in cards:
        changed += conn.execute(
            f"""insert into sources ({names}, declared_at) values ({marks}, ?)
                on conflict (id) do update set {sets} where excluded.declaration is not sources.declaration""",
            [*(getattr(card, name) for name in COLUMNS), declared_at],
        ).rowcount
    return changed
