"""Searches that people made: where, for what, in which languages and period, and whether the source answered.

A search counts as one (method §6) when the source was healthy then. Rows are only ever added, each a link of the
audit chain. A healthy scheduled crawl counts by itself and needs no row here.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search of one source. `found`: how many items came up that bear on the question."""

    question_id: str
    country: str
    terms: str
    languages: tuple[str, ...]
    period_from: str
    period_to: str
    source_id: str
    healthy: bool
    found: int
    actor: str
    searched_at: str


def record(conn: sqlite3.Connection, searches: Iterable[Search]) -> list[int]:
    """Keep searches; return their ids. The same search sent twice on one day is kept once."""
    ids = []
    for one in searches:
        row = [
            one.question_id, one.country, one.terms, " ".join(one.languages), one.period_from, one.period_to,
            one.source_id, int(one.healthy), one.found, one.actor,
        ]  # fmt: skip
        held = conn.execute(
            """select id from search_log where question_id = ? and country = ? and terms = ? and languages = ?
                 and period_from = ? and period_to = ? and source_id = ? and healthy = ? and found = ? and actor = ?
                 and substr(searched_at, 1, 10) = ?""",
            [*row, one.searched_at[:10]],
        ).fetchone()
        if held:
            ids.append(int(held["id"]))
            continue
        made = conn.execute(
            """insert into search_log (question_id, country, terms, languages, period_from, period_to, source_id,
                 healthy, found, actor, searched_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [*row, one.searched_at],
        )
        ids.append(int(made.lastrowid or 0))
    return ids


def searches(
    conn: sqlite3.Connection, country: str, question_id: str | None = None, *, until: str = "9999-12-31T23:59:59Z"
) -> tuple[Search, ...]:
    """What was searched by hand on a country (and one question of it) up to an instant, the newest first."""
    rows = conn.execute(
        """select * from search_log where country = ? and (? is null or question_id = ?) and searched_at <= ?
           order by searched_at desc, id desc""",
        [country, question_id, question_id, until],
    )
    return tuple(
        Search(
            question_id=row["question_id"],
            country=row["country"],
            terms=row["terms"],
            languages=tuple(row["languages"].split()),
            period_from=row["period_from"],
            period_to=row["period_to"],
            source_id=row["source_id"],
            healthy=bool(row["healthy"]),
            found=row["found"],
            actor=row["actor"],
            searched_at=row["searched_at"],
        )
        for row in rows
    )
