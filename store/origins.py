"""Origins and the links that lead to them. A link found once stays; people confirm or split it by a further row."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One step from a document (or one passage of it) to where its statement comes from."""

    document_id: int
    passage_id: int | None
    origin_id: str  # doc:12, named:rtl, said:ru-kremlin:2022-04-01
    origin_label: str
    rule: str
    why: str
    certainty: str  # merged, proposed


def keep_links(conn: sqlite3.Connection, links: Iterable[LinkRow], *, rules_version: str, at: str) -> int:
    """Keep the links that are not held yet; return how many are new."""
    new = 0
    for link in links:
        conn.execute(
            "insert into origins (id, label, first_seen_at) values (?, ?, ?) on conflict (id) do nothing",
            [link.origin_id, link.origin_label, at],
        )
        new += conn.execute(
            """insert into origin_links (document_id, passage_id, origin_id, rule, why, certainty, rules_version,
                 found_at)
               select ?, ?, ?, ?, ?, ?, ?, ? where not exists (
                 select 1 from origin_links where document_id = ? and passage_id is ? and origin_id = ? and rule = ?
                   and rules_version = ?)""",
            [
                link.document_id, link.passage_id, link.origin_id, link.rule, link.why, link.certainty, rules_version,
                at, link.document_id, link.passage_id, link.origin_id, link.rule, rules_version,
            ],
        ).rowcount  # fmt: skip
    return new
