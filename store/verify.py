"""coi verify: does everything still hold? Every hash, every chain, every reference, every capture's bytes."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from store import comments, schema
from store.documents import public_day
from store.identity import identity
from store.schema import PEOPLES_ACTS, PEOPLES_ROWS
from store.upgrade import applied

_TESTS = ("current", "unambiguous", "reliable")
_RANKS = {"insufficient": 0, "emerging": 1, "sufficient": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the audit chain: who noted it elsewhere can tell later whether acts were taken from its end."""

    acts: int
    hash: str  # of the newest act; empty where there is none


def chain_head(conn: sqlite3.Connection) -> Head:
    """How many acts of people the chain holds, and the hash of the newest."""
    row = conn.execute("select count(*), (select hash from audit order by id desc limit 1) from audit").fetchone()
    return Head(acts=row[0], hash=row[1] or "")


def database_problems(conn: sqlite3.Connection) -> Iterator[str]:
    """Say what does not hold inside the database, one sentence each; nothing means that all holds."""
    for (said,) in conn.execute("pragma quick_check"):
        if said != "ok":
            yield f"database: {said}; restore a backup of coi.db"
    for row in conn.execute("pragma foreign_key_check"):
        yield f"{row[0]} row {row[1]} refers to a row of {row[2]} that does not exist"
    yield from _schema(conn)
    yield from _texts(conn)
    yield from _translations(conn)
    yield from _passages(conn)
    yield from _days(conn)
    yield from _cards(conn)
    yield from _verdicts(conn)
    yield from _seals(conn)
    yield from _chain(conn)
    yield from _acts_outside_the_chain(conn)
    yield from comments.problems(conn)


def _schema(conn: sqlite3.Connection) -> Iterator[str]:
    """Rows are only as safe as the triggers that guard them: what is missing, changed or added is named."""
    found, wanted = schema.objects(conn), schema.expected(applied(conn))
    views = schema.views_are_current(conn)
    for kind, name in sorted(wanted):
        if kind == "view" and not views:
            continue
        if (kind, name) not in found:
            yield f"{kind} {name} is missing; rows may have been changed since. Restore a backup that has it"
        elif found[kind, name] != wanted[kind, name]:
            yield f"{kind} {name} is not as this release makes it; restore a backup, or use the release that made it"
    for kind, name in sorted(found.keys() - wanted.keys()):
        if kind == "trigger":
            yield f"trigger {name} is not ours; look at what it does, then drop it"


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


def _translations(conn: sqlite3.Connection) -> Iterator[str]:
    """A translation is of a text that is held."""
    rows = conn.execute("select id from translations t where text_sha256 not in (select text_sha256 from passages)")
    for row in rows:
        yield f"translations row {row['id']}: no passage has the text that it translates"


def _passages(conn: sqlite3.Connection) -> Iterator[str]:
    """A passage stands in its version where the version says that it stands."""
    standing = """select vp.position, vp.start, vp.end, p.text_sha256 from version_passages vp
                  join passages p on p.id = vp.passage_id where vp.version_id = ? order by vp.position"""
    for version in conn.execute("select id, text from versions"):
        for row in conn.execute(standing, [version["id"]]):
            if identity(version["text"][row["start"] : row["end"]]) != row["text_sha256"]:
                yield f"version {version['id']} position {row['position']}: the passage does not stand at this place"


def _days(conn: sqlite3.Connection) -> Iterator[str]:
    """The public day follows from the other days (method §1); a document's day is one of its versions'."""
    rows = conn.execute("select * from versions where cause = 'first'")
    for row in rows:
        sure = row["published_on"] if row["published_confidence"] == "normal" else None
        if row["public_on"] != public_day(sure, row["modified_on"], None, row["seen_at"]):
            yield f"versions row {row['id']}: public on {row['public_on']}, which does not follow from its other days"
    rows = conn.execute(
        """select id, published_on from documents d where published_on is not null
           and not exists (select 1 from versions v where v.document_id = d.id and v.published_on = d.published_on)"""
    )
    for row in rows:
        yield f"documents row {row['id']}: published on {row['published_on']}, which none of its versions says"


def _cards(conn: sqlite3.Connection) -> Iterator[str]:
    """The card in force is the newest one kept, and a kept card says what its declaration says."""
    rows = conn.execute(
        """select s.id from sources s left join source_cards c
             on c.id = (select max(id) from source_cards where source_id = s.id)
           where c.id is null or (s.grade, s.type, s.owner, s.declaration, s.declared_at)
             is not (c.grade, c.type, c.owner, c.declaration, c.declared_at)"""
    )
    for row in rows:
        yield f"sources row {row['id']!r}: is not as its newest card was kept; declare it anew to correct it"
    for row in conn.execute("select * from source_cards"):
        declared = json.loads(row["declaration"])
        for name in ("grade", "type", "owner"):
            if declared.get(name, row[name]) != row[name]:
                yield f"source_cards row {row['id']}: {name} {row[name]!r}, but its declaration {declared[name]!r}"


def _verdicts(conn: sqlite3.Connection) -> Iterator[str]:
    """A verdict agrees with the tests, gates and rows that it names (method §8)."""
    held = {table: {row[0] for row in conn.execute(f"select id from {table}")} for table in ("evidence", "passages")}
    for row in conn.execute("select * from verdicts"):
        outcome, where = json.loads(row["outcome"]), f"verdicts row {row['id']}"
        results = [outcome.get("tests", {}).get(name, {}).get("result") for name in _TESTS]
        if row["status"] == "sufficient" and (results != ["pass"] * len(_TESTS) or outcome.get("gates") != []):
            yield f"{where}: sufficient, but its own outcome has a test that failed or lacks, or a gate that is closed"
        if _RANKS[row["effective"]] > _RANKS[row["status"]]:
            yield f"{where}: in effect {row['effective']}, more than its status {row['status']}"
        named = {item["id"] for item in outcome.get("evidence", ())}
        for gone in sorted(named - held["evidence"]):
            yield f"{where}: rests on evidence row {gone}, which is gone"
        for gone in sorted(set(outcome.get("passages", ())) - held["passages"]):
            yield f"{where}: rests on passages row {gone}, which is gone"


def _seals(conn: sqlite3.Connection) -> Iterator[str]:
    """Each verdict is as it was when it was kept, in its place among the others."""
    row_sql = schema.sealed([row["name"] for row in conn.execute("pragma table_info(verdicts)")], "v")
    rows = conn.execute(
        f"""select v.id, s.hash, {row_sql} as said from verdicts v left join verdict_seals s on s.verdict_id = v.id
            order by v.id"""
    )
    previous = ""
    for row in rows:
        if row["hash"] is None:
            yield f"verdicts row {row['id']}: has no seal, so no run of 'coi assess' kept it; judge the day again"
            continue
        if row["hash"] != sha256(f"{previous}{row['said']}".encode()).hexdigest():
            yield f"verdicts row {row['id']}: is not as it was sealed, or one before it is not; restore a backup"
        previous = row["hash"]
    gone = "select verdict_id from verdict_seals where verdict_id not in (select id from verdicts) order by 1"
    for row in conn.execute(gone):
        yield f"verdicts row {row['verdict_id']}: was removed, its seal is still there"


def _chain(conn: sqlite3.Connection) -> Iterator[str]:
    previous = ""
    for row in conn.execute("select id, table_name, row_json, previous, hash from audit order by id"):
        expected = sha256(f"{previous}{row['table_name']}{row['row_json']}".encode()).hexdigest()
        if row["previous"] != previous or row["hash"] != expected:
            yield f"audit row {row['id']}: the chain is broken here; this row or one before it was changed"
        previous = row["hash"]


def _acts_outside_the_chain(conn: sqlite3.Connection) -> Iterator[str]:
    """An act whose row differs from what the chain recorded, or that the chain never saw, was tampered with."""
    for table in (*PEOPLES_ACTS, *PEOPLES_ROWS):
        mine = f"t.{PEOPLES_ROWS[table]}" if table in PEOPLES_ROWS else "1"
        columns = [row["name"] for row in conn.execute(f"pragma table_info({table})")]
        row_json = "json_object(" + ", ".join(f"'{name}', t.{name}" for name in columns) + ")"
        rows = conn.execute(
            f"""select t.id from {table} t left join audit a on a.table_name = '{table}' and a.row_id = t.id
                where {mine} and (a.id is null or a.row_json <> {row_json})"""
        )
        for row in rows:
            yield f"{table} row {row['id']}: is not as the audit chain recorded it"
        gone = conn.execute(
            f"select row_id from audit where table_name = '{table}' and row_id not in (select id from {table})"
        )
        for row in gone:
            yield f"{table} row {row['row_id']}: was removed, the audit chain still has it"
