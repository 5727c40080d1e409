"""coi verify: does everything still hold? Every hash, every chain, every reference, every capture's bytes."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256

from store.documents import identity
from store.schema import PEOPLES_ACTS


def database_problems(conn: sqlite3.Connection) -> Iterator[str]:
    """Say what does not hold inside the database, one sentence each; nothing means that all holds."""
    for (said,) in conn.execute("pragma quick_check"):
        if said != "ok":
            yield f"database: {said}; restore a backup with 'coi restore'"
    for row in conn.execute("pragma foreign_key_check"):
        yield f"{row[0]} row {row[1]} refers to a row of {row[2]} that does not exist"
    yield from _texts(conn)
    yield from _chain(conn)
    yield from _acts_outside_the_chain(conn)


def _texts(conn: sqlite3.Connection) -> Iterator[str]:
    for table in ("versions", "passages"):
        for row in conn.execute(f"select id, text, text_sha256 from {table}"):
            if identity(row["text"]) != row["text_sha256"]:
                yield f"{table} row {row['id']}: the text does not fit its hash"
    rows = conn.execute(
        """select vp.version_id, vp.position from version_passages vp join versions v on v.id = vp.version_id
           join passages p on p.id = vp.passage_id where p.document_id <> v.document_id"""
    )
    for row in rows:
        yield f"version {row['version_id']} position {row['position']}: the passage belongs to another document"


def _chain(conn: sqlite3.Connection) -> Iterator[str]:
    previous = ""
    for row in conn.execute("select id, table_name, row_json, previous, hash from audit order by id"):
        expected = sha256(f"{previous}{row['table_name']}{row['row_json']}".encode()).hexdigest()
        if row["previous"] != previous or row["hash"] != expected:
            yield f"audit row {row['id']}: the chain is broken here; this row or one before it was changed"
        previous = row["hash"]


def _acts_outside_the_chain(conn: sqlite3.Connection) -> Iterator[str]:
    """An act whose row differs from what the chain recorded, or that the chain never saw, was tampered with."""
    for table in PEOPLES_ACTS:
        columns = [row["name"] for row in conn.execute(f"pragma table_info({table})")]
        row_json = "json_object(" + ", ".join(f"'{name}', t.{name}" for name in columns) + ")"
        rows = conn.execute(
            f"""select t.id from {table} t left join audit a on a.table_name = '{table}' and a.row_id = t.id
                where a.id is null or a.row_json <> {row_json}"""
        )
        for row in rows:
            yield f"{table} row {row['id']}: is not as the audit chain recorded it"
        gone = conn.execute(
            f"select row_id from audit where table_name = '{table}' and row_id not in (select id from {table})"
        )
        for row in gone:
            yield f"{table} row {row['row_id']}: was removed, the audit chain still has it"
