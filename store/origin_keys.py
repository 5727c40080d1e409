"""The index by which documents meet: keys (numbers) of what they hold, and which of them a publisher always prints.

Derived from what is kept; thrown away and made anew when the rules change.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What a key is of."""

    SENTENCE = 1
    PRINT = 2  # a fingerprint
    WHOLE = 3  # all words
    FACT = 4
    PERSON = 5
    HELD = 6  # by which others can cite a document
    CITED = 7  # what a document cites
    PLACE = 8  # author and day in a note
    SKETCH = 9  # a sentence by some of its words
    INCIDENT = 10  # day, deed and a name
    CALLED = 11  # a channel or an author by name
    NAMER = 12  # a publisher and day of a text that names another publisher
    NAMING = 13  # a publisher and day that a text may mean by a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document in the index. Keys of time stand in its bucket and in the next: so neighbours share one."""

    publisher: str
    publisher_key: int
    digest: str  # of everything that the rules read of the document
    bucket: int
    fingerprints: int
    keys: Mapping[Kind, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """How much two documents must share to meet; of every other kind one key is enough."""

    fingerprints: int
    flash: int  # fingerprints that are enough where they are `contained` (a share) of the shorter text's
    contained: float
    facts: int
    stock: int  # documents of one publisher that may have a sentence before it is its stock


_MEETS = {kind: kind for kind in Kind} | {
    Kind.HELD: Kind.CITED, Kind.CITED: Kind.HELD, Kind.NAMER: Kind.NAMING, Kind.NAMING: Kind.NAMER,
}  # fmt: skip
ROUND_HOPS = 2  # the farthest document of a circle of four or five that name each other
_STOCKED = (Kind.SENTENCE, Kind.PRINT)
_MEETING = """
select distinct n.document_id from (
  select a.document_id as one, b.document_id, count(*) as shared
  from origin_keys a cross join origin_keys b on b.kind = :meets and b.key = a.key
  where a.kind = :kind and a.document_id in (select value from json_each(:ids)) and b.document_id <> a.document_id
    and not (:stocked and a.publisher = b.publisher and exists (
      select 1 from origin_stock s where s.kind = a.kind and s.key = a.key and s.publisher = a.publisher))
  group by a.document_id, b.document_id
) n
join origin_prints p on p.document_id = n.one join origin_prints q on q.document_id = n.document_id
where case :kind
  when :print then n.shared >= :prints
    or (n.shared >= :flash and n.shared >= :contained * min(p.fingerprints, q.fingerprints))
  when :fact then n.shared >= :facts * (1 + (p.bucket = q.bucket))
  else 1 end
"""
_PARTS = """
select distinct kind, key, publisher from origin_keys
where kind in (1, 2) and document_id in (select value from json_each(?))
"""
_STOCK_OF = """
select distinct s.kind, s.key, s.publisher from origin_keys k
join origin_stock s on s.kind = k.kind and s.key = k.key and s.publisher = k.publisher
where k.document_id in (select value from json_each(?))
"""
_HAVING = "select document_id from origin_keys where kind = ? and key = ? and publisher = ?"
_IS_STOCK = "select 1 from origin_stock where kind = ? and key = ? and publisher = ?"


def neighbours(conn: sqlite3.Connection, ids: Collection[int], least: Least) -> set[int]:
    """The documents that meet one of these, and all that hang together with them by persons quoted; without these.

    Of those that name each other as publishers also the next but one: who names whom may go round in a circle.
    """
    found = {other for kind in Kind for other in _meeting(conn, kind, ids, least)}
    edge = set(ids)
    while edge:
        edge = _meeting(conn, Kind.PERSON, edge, least) - found - set(ids)
        found |= edge
    edge = set(ids)
    for _ in range(ROUND_HOPS):
        edge = {other for kind in (Kind.NAMER, Kind.NAMING) for other in _meeting(conn, kind, edge, least)}
        edge -= set(ids)
        found |= edge
    return found - set(ids)


def _meeting(conn: sqlite3.Connection, kind: Kind, ids: Collection[int], least: Least) -> set[int]:
    bound = {
        "kind": kind, "meets": _MEETS[kind], "ids": json.dumps(sorted(ids)), "stocked": kind in _STOCKED,
        "print": Kind.PRINT, "prints": least.fingerprints, "flash": least.flash, "contained": least.contained,
        "fact": Kind.FACT, "facts": least.facts,
    }  # fmt: skip
    return {row[0] for row in conn.execute(_MEETING, bound)}


def replace_entries(conn: sqlite3.Connection, entries: Mapping[int, Entry], least: Least) -> set[int]:
    """Put documents (by id) into the index, anew where they stood in it; return every document that this touches."""
    touched = set(entries) | neighbours(conn, entries, least)
    ids = json.dumps(sorted(entries))
    changed = {tuple(row) for row in conn.execute(_PARTS, [ids])}
    conn.execute("delete from origin_keys where document_id in (select value from json_each(?))", [ids])
    conn.execute("delete from origin_prints where document_id in (select value from json_each(?))", [ids])
    _insert(conn, entries)
    changed |= {tuple(row) for row in conn.execute(_PARTS, [ids])}
    flipped = {document for part in sorted(changed) for document in _restocked(conn, part, least)}
    return touched | flipped | neighbours(conn, set(entries) | flipped, least)


def _restocked(conn: sqlite3.Connection, part: tuple[int, int, int], least: Least) -> set[int]:
    """Count a sentence or fingerprint of a publisher anew; its documents there, if it became stock or no longer is."""
    having = [row[0] for row in conn.execute(f"{_HAVING} limit {least.stock + 1}", part)]
    is_stock = len(having) > least.stock
    was_stock = conn.execute(_IS_STOCK, part).fetchone() is not None
    if is_stock == was_stock:
        return set()
    if is_stock:
        conn.execute("insert into origin_stock (kind, key, publisher) values (?, ?, ?)", part)
    else:
        conn.execute("delete from origin_stock where kind = ? and key = ? and publisher = ?", part)
    return {row[0] for row in conn.execute(_HAVING, part)}


def rebuild(conn: sqlite3.Connection, entries: Mapping[int, Entry], least: Least) -> None:
    """Throw the index away and make it anew of all documents: other rules read other keys."""
    for table in ("origin_keys", "origin_stock", "origin_prints"):
        conn.execute(f"delete from {table}")
    _insert(conn, entries)
    conn.execute(
        """insert into origin_stock (kind, key, publisher) select kind, key, publisher from origin_keys
           where kind in (1, 2) group by kind, key, publisher having count(*) > ?""",
        [least.stock],
    )


def _insert(conn: sqlite3.Connection, entries: Mapping[int, Entry]) -> None:
    conn.executemany(
        "insert into origin_prints (document_id, digest, publisher, bucket, fingerprints) values (?, ?, ?, ?, ?)",
        [(n, e.digest, e.publisher, e.bucket, e.fingerprints) for n, e in sorted(entries.items())],
    )
    conn.executemany(
        "insert into origin_keys (kind, key, publisher, document_id) values (?, ?, ?, ?)",
        sorted(
            (int(kind), key, e.publisher_key, n)
            for n, e in entries.items() for kind, keys in e.keys.items() for key in keys
        ),
    )  # fmt: skip


def stock_of(conn: sqlite3.Connection, ids: Collection[int]) -> Iterator[tuple[Kind, int, int]]:
    """What of these documents their publishers always print: (kind, key, publisher's key)."""
    for row in conn.execute(_STOCK_OF, [json.dumps(sorted(ids))]):
        yield Kind(row[0]), row[1], row[2]
