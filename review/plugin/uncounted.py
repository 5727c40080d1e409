"""Large tables and views whose rows Datasette does not count on each page: at a million passages it takes seconds.

Which they are stands in the metadata (`"uncounted": true`). Whoever wants the number asks for it: ?_nocount= (empty).
"""

from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from review.plugin.page import DATABASE

SAID = "_nocount"
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
