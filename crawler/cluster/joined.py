"""Rows of a journal that name others: the capture whose bytes it rests on, the document that was met or not."""

import sqlite3
from typing import Any

from crawler.cluster.checked import Place, Unbelievable
from store import documents, presence


def row_at(conn: sqlite3.Connection, place: Place, digest: str) -> int:
    """The capture at a place, which must hold the body of this hash itself."""
    row = conn.execute(
        "select id, sha256, refers_to from captures where warc_file = ? and warc_offset = ?", list(place)
    ).fetchone()
    if row is None or row["sha256"] != digest or row["refers_to"] is not None:
        raise Unbelievable(f"it refers to {place}, where no capture holds these bytes")
    return int(row["id"])


def write_presence(conn: sqlite3.Connection, source_id: str, what: str, values: list[Any], now: str) -> None:
    """Write that a document was met, marked, asked for or absent."""
    row = documents.find(conn, source_id, str(values[0]))
    if row is None:
        raise Unbelievable(f"{what}: {source_id} has no document {str(values[0])[:200]!r}")
    if what == "seen":
        presence.met_again(conn, row["id"], seen_at=values[1])
    elif what == "mark":
        presence.mark_state(conn, row["id"], values[1], seen_at=values[2])
    elif what == "asked":
        presence.asked(conn, row["id"], at=values[1])
    elif what == "absent":
        presence.absent(conn, row["id"], values[1], seen_at=values[2], now=now)
