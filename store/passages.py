"""The passages of a version: text that a document already had keeps its passage, and so its tags and evidence."""

import json
import sqlite3
from dataclasses import asdict

from store.identity import identity
from store.lemmas import lemmas_of
from store.model import KeptPassage, NewVersion


def join(conn: sqlite3.Connection, version: NewVersion, document_id: int, version_id: int) -> None:
    """Join the version to its passages; text that the document already had keeps its passage."""
    digests = [identity(passage.text) for passage in version.passages]
    held = _passage_ids(conn, document_id)
    fresh: dict[str, KeptPassage] = {}
    for digest, passage in zip(digests, version.passages, strict=True):
        if digest not in held:
            fresh.setdefault(digest, passage)
    if fresh:
        conn.executemany(
            "insert into passages (document_id, text_sha256, text, language, lemmas) values (?, ?, ?, ?, ?)",
            [_passage(passage, digest, document_id, version.language) for digest, passage in fresh.items()],
        )
        held = _passage_ids(conn, document_id)
    conn.executemany(
        """insert into version_passages (version_id, position, passage_id, page, heading, start, end, notes)
           values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                version_id, position, held[digest], passage.page, passage.heading, passage.start, passage.end,
                json.dumps([asdict(note) for note in passage.notes], ensure_ascii=False) if passage.notes else "[]",
            )
            for position, (digest, passage) in enumerate(zip(digests, version.passages, strict=True))
        ],
    )  # fmt: skip


def _passage_ids(conn: sqlite3.Connection, document_id: int) -> dict[str, int]:
    """The passages that a document has, by the hash of their text."""
    return dict(
        tuple(row) for row in conn.execute("select text_sha256, id from passages where document_id = ?", [document_id])
    )


def _passage(passage: KeptPassage, digest: str, document_id: int, language: str | None) -> tuple[object, ...]:
    """A row of `passages`."""
    spoken = passage.language or language
    lemmas = lemmas_of(passage.text, spoken) if passage.lemmas is None else passage.lemmas
    return document_id, digest, passage.text, spoken, lemmas
