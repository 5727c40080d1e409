"""The step "find origins": which documents are new or changed, whose links that touches, and what is kept of it.

A full run is made where the rules are new; otherwise only what changed is compared with what is held, through the keys
that store/origin_keys.py keeps. Both give the same links.
"""

import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from review.evidence_cues import compiled, fold
from review.evidence_voices import SpeakerIndex
from review.origins import link, rules_version
from review.origins_index import LEAST, entry_of, world_of
from review.origins_library import Library, Names, all_names
from review.origins_rows import documents_of, names_of, rows_of
from review.origins_types import OriginDoc, OriginLink
from store.db import writing
from store.origin_keys import neighbours, rebuild, replace_entries
from store.origins import LinkRow, keep_linkings, keep_rules, renew_links

HEADS = """
select d.id, d.key, d.url, v.id as version_id, coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
  s.id as source_id, s.owner, s.type
from current_versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
"""
SCANNED = 500  # documents read at once where a publisher is new


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A document without its text: the digest of everything that the rules read of it, and its publisher."""

    digest: str
    publisher: str


def link_new(conn: sqlite3.Connection, speakers: SpeakerIndex, *, at: str) -> int:
    """Find the links of what is new or changed and of all that it touches; return how many are new.

    Which versions were looked at is kept in the same transaction: what is not, cannot make a question sufficient.
    """
    rules = rules_version(speakers)
    versions = [row["id"] for row in conn.execute("select id from versions")]  # before: what comes in meanwhile waits
    heads = {row["id"]: _head(row) for row in conn.execute(HEADS)}
    held = {row["document_id"]: row for row in conn.execute("select * from origin_prints")}
    newest = conn.execute("select rules_version from origin_rules order by id desc limit 1").fetchone()
    names = {head.publisher: all_names(head.publisher, frozenset(names_of(head.publisher))) for head in heads.values()}
    if newest is None or newest[0] != rules or not held:
        return _link_all(conn, speakers, heads, versions, names, rules=rules, at=at)
    changed = {n for n, head in heads.items() if n not in held or held[n]["digest"] != head.digest}
    others = {row["publisher"] for row in held.values()} ^ names.keys()
    if others:
        changed |= _naming(conn, heads, {name for publisher in others for name in _all_names(publisher)})
    return _link_some(conn, speakers, heads, versions, names, changed, rules=rules, at=at)


def _head(row: sqlite3.Row) -> _Head:
    return _Head(
        digest=sha256("\x1f".join(str(value) for value in row).encode()).hexdigest(), publisher=row["publisher"]
    )


def _all_names(publisher: str) -> frozenset[str]:
    return all_names(publisher, frozenset(names_of(publisher)))


def _link_all(
    conn: sqlite3.Connection, speakers: SpeakerIndex, heads: Mapping[int, _Head], versions: Sequence[int],
    names: Names, *, rules: str, at: str,
) -> int:  # fmt: skip
    """Compare everything with everything, and make the index anew."""
    documents = {n: doc for n, doc in documents_of(conn).items() if n in heads}
    found = _rows(conn, link(list(documents.values()), speakers), documents)
    library = Library.of((), names)
    entries = {n: entry_of(doc, heads[n].digest, library, speakers) for n, doc in documents.items()}
    with writing(conn):
        keep_rules(conn, rules, at=at)
        rebuild(conn, entries, LEAST)
        new = renew_links(conn, documents, found, rules_version=rules, at=at)
        keep_linkings(conn, versions, rules_version=rules, at=at)
    return new


def _link_some(
    conn: sqlite3.Connection, speakers: SpeakerIndex, heads: Mapping[int, _Head], versions: Sequence[int],
    names: Names, changed: Collection[int], *, rules: str, at: str,
) -> int:  # fmt: skip
    """Compare what changed with its neighbours; links of a document depend on nothing else."""
    library = Library.of((), names)
    fresh = documents_of(conn, sorted(changed))
    entries = {n: entry_of(doc, heads[n].digest, library, speakers) for n, doc in fresh.items()}
    with writing(conn):
        touched = replace_entries(conn, entries, LEAST) if entries else set()
        around = documents_of(conn, sorted(touched | neighbours(conn, touched, LEAST)))
        world = world_of(conn, around.values(), around.keys(), names)
        children = {around[n].id for n in touched}
        found = _rows(conn, link(list(around.values()), speakers, world=world, children=children), around)
        new = renew_links(conn, touched, found, rules_version=rules, at=at)
        keep_linkings(conn, versions, rules_version=rules, at=at)
    return new


def _rows(conn: sqlite3.Connection, links: Sequence[OriginLink], documents: Mapping[int, OriginDoc]) -> list[LinkRow]:
    ids = {doc.key: document_id for document_id, doc in documents.items()}
    return [row for step in links for row in rows_of(conn, step, ids)]


def _naming(conn: sqlite3.Connection, heads: Mapping[int, _Head], names: Collection[str]) -> set[int]:
    """The documents whose text or notes name a publisher that is new here, or no longer is."""
    pattern: re.Pattern[str] | None = compiled(sorted(names))
    ids, found = sorted(heads), set()
    for start in range(0, len(ids) if pattern else 0, SCANNED):
        for n, doc in documents_of(conn, ids[start : start + SCANNED]).items():
            texts = (doc.text, *(note.text for note in doc.notes))
            if pattern and any(pattern.search(fold(text).text) for text in texts):
                found.add(n)
    return found
