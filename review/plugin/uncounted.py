"""Large tables and views whose rows Datasette does not count on each page: at a million passages it takes seconds.

Which they are stands in the metadata (`"uncounted": true`). Whoever wants the number asks for it: ?_nocount= (empty).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from datasette.database import QueryInterrupted

from review.plugin.page import DATABASE

if TYPE_CHECKING:
    from datasette.database import Database

SAID = "_nocount"
# SQLite counts a table in one step that no time limit ends, and of this one it reads every page: the text index itself.
UNSTOPPABLE = frozenset({"passages_fts_data"})
NARROWING = frozenset({SAID, "_search", "_where", "_through"})  # what a person asked for is counted


def spare(scope: MutableMapping[str, Any], tables: Mapping[str, Mapping[str, object]]) -> MutableMapping[str, Any]:
    """The request, told not to count where the table of its address is declared so and nothing else was asked.

    A filter is counted: it was asked for, and mostly finds little.

    >>> spare({"path": "/coi/mentions", "query_string": b""}, {"mentions": {"uncounted": True}})["query_string"]
    b'_nocount=1'
    """
    head, _, table = scope["path"].partition(f"/{DATABASE}/")
    if head or not tables.get(table.partition(".")[0], {}).get("uncounted"):
        return scope
    query = scope.get("query_string", b"")
    asked = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    if any(not name.startswith("_") or name in NARROWING for name in asked):
        return scope
    return {**scope, "query_string": b"&".join(filter(None, (query, f"{SAID}=1".encode())))}


async def counts(db: Database, limit: int = 10) -> dict[str, int | None]:
    """Rows of each table, as Datasette counts them: None where that takes longer than `limit` milliseconds."""
    found: dict[str, int | None] = {}
    for table in await db.table_names():
        try:
            sql = f"select count(*) from [{table}]"  # noqa: S608 - a name from the schema
            asked = None if table in UNSTOPPABLE else await db.execute(sql, custom_time_limit=limit)
        except (QueryInterrupted, sqlite3.DatabaseError):
            asked = None
        found[table] = asked.rows[0][0] if asked else None
    return found
