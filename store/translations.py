"""Machine translations of passages: kept once for a text, its language, an engine and its version; only ever added.

A translation helps somebody to read. Nothing is found in it, counted from it or quoted from it; what was decided after
reading no more than a translation says so (`EvidenceDecision.read_in`).
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.clock import END_OF_TIME

ORIGINAL, MACHINE = "original", "machine"
"""What a person read before deciding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What an engine made of a text. `text_sha256`: of the passages that say it; languages are ISO 639-1 codes."""

    text_sha256: str
    from_language: str
    to_language: str
    engine: str
    engine_version: str
    text: str
    actor: str
    translated_at: str


_COLUMNS = tuple(Translation.__dataclass_fields__)


def keep(conn: sqlite3.Connection, made: Translation) -> bool:
    """Keep a translation; False where this version of the engine has translated the text before."""
    found = conn.execute(
        f"insert into translations ({', '.join(_COLUMNS)}) values ({', '.join('?' for _ in _COLUMNS)}) "
        "on conflict do nothing",
        [getattr(made, name) for name in _COLUMNS],
    )
    return found.rowcount == 1


def has(conn: sqlite3.Connection, text_sha256: str, source: str, target: str, engine: str, version: str) -> bool:
    """Whether this version of the engine has translated the text from one language to the other."""
    row = conn.execute(
        """select 1 from translations where text_sha256 = ? and from_language = ? and to_language = ? and engine = ?
             and engine_version = ?""",
        [text_sha256, source, target, engine, version],
    ).fetchone()
    return row is not None


def held_of(conn: sqlite3.Connection, evidence_id: int) -> bool:
    """Whether any translation is held of the passage that a piece of evidence stands in."""
    row = conn.execute(
        """select 1 from evidence e join passages p on p.id = e.passage_id
           join translations t on t.text_sha256 = p.text_sha256 where e.id = ? limit 1""",
        [evidence_id],
    ).fetchone()
    return row is not None


def of_passages(
    conn: sqlite3.Connection, passages: Iterable[int], *, until: str = END_OF_TIME
) -> Mapping[int, Sequence[Translation]]:
    """The translations of passages made up to an instant, by passage, the newest first. One statement."""
    rows = conn.execute(
        """select p.id as passage_id, t.* from json_each(:ids) i join passages p on p.id = i.value
           join translations t on t.text_sha256 = p.text_sha256 and t.translated_at <= :until
           order by p.id, t.translated_at desc, t.id desc""",
        {"ids": json.dumps(sorted(set(passages))), "until": until},
    )
    found: dict[int, list[Translation]] = defaultdict(list)
    for row in rows:
        found[row["passage_id"]].append(Translation(**{name: row[name] for name in _COLUMNS}))
    return found


def best(found: Sequence[Translation], language: str) -> Translation | None:
    """The one to show to a reader of a language: the newest into it, else into English, else the newest at all."""
    for wanted in (language, "en"):
        for one in found:
            if one.to_language == wanted:
                return one
    return found[0] if found else None
