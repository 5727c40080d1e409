"""Origins and the links that lead to them. A link found once stays; people confirm or split it by a further row."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One step from a document (or a span of one of its passages) to where its statement comes from."""

    document_id: int
    origin_id: str  # doc:<source>:<key>, named:rtl, said:ru-kremlin:2022-04-01
    origin_label: str
    rule: str
    why: str
    certainty: str  # merged, proposed
    strength: float
    via: tuple[str, ...] = ()
    passage_id: int | None = None
    start: int | None = None
    end: int | None = None


def keep_links(conn: sqlite3.Connection, links: Iterable[LinkRow], *, rules_version: str, at: str) -> int:
    """Keep the links that are not held yet; return how many are new."""
    new = 0
    for link in links:
        conn.execute(
            "insert into origins (id, label, first_seen_at) values (?, ?, ?) on conflict (id) do nothing",
            [link.origin_id, link.origin_label, at],
        )
        new += conn.execute(
            """insert into origin_links (document_id, passage_id, start, end, origin_id, rule, why, certainty, strength,
                 via, rules_version, found_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
            [
                link.document_id, link.passage_id, link.start, link.end, link.origin_id, link.rule, link.why,
                link.certainty, link.strength, json.dumps(link.via, ensure_ascii=False), rules_version, at,
            ],
        ).rowcount  # fmt: skip
    return new


def keep_linkings(conn: sqlite3.Connection, versions: Iterable[int], *, rules_version: str, at: str) -> None:
    """Keep that these rules have looked for the well-springs of these versions."""
    conn.executemany(
        "insert into linkings (version_id, rules_version, linked_at) values (?, ?, ?) on conflict do nothing",
        [(version, rules_version, at) for version in versions],
    )
