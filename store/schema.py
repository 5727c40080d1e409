"""The schema's history: numbered steps, added at the end, never edited after a release."""

import re
import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlite_utils import Database, Migrations

from store.reason_codes import ReasonCode

HERE = Path(__file__).parent

# Rows that are only ever added. Identity and time rest on them (design section 3).
APPEND_ONLY = (
    "source_cards", "run_problems", "captures", "versions", "passages", "version_passages", "examinations", "mentions",
    "tag_decisions", "questions", "evidence", "evidence_decisions", "search_log", "origins", "origin_links",
    "origin_decisions", "contradictions", "moratorium_events", "verdicts", "signoffs", "alerts", "acknowledgements",
    "document_states", "linkings", "origin_link_events", "origin_rules",
    "source_events", "expectations", "expectation_events",
    "saved_searches", "search_notices",
    "relevance_decisions", "codings",
    "moratorium_proposals", "moratorium_decisions",
    "subscriptions", "outbox", "letters", "letter_alerts", "deliveries",
    "grade_decisions", "contradiction_events",
    "verdict_seals",
    "comments", "restricted_comments",
    "translations",
    "audit",
)  # fmt: skip
# Of these a row that is there already may be offered again (on conflict do nothing); of the others that is an error.
OFFERED_AGAIN = frozenset({
    "codings", "outbox", "letters", "captures", "origins", "origin_links", "linkings", "alerts", "acknowledgements",
    "moratorium_proposals", "translations",
})  # fmt: skip
# Acts of people: each row becomes a link of the audit chain, by trigger, so that no code path can forget it.
PEOPLES_ACTS = (
    "tag_decisions", "evidence_decisions", "origin_decisions", "contradictions", "search_log", "moratorium_events",
    "signoffs", "acknowledgements", "expectations", "relevance_decisions", "codings", "saved_searches",
    "subscriptions",
    "moratorium_decisions",
    "grade_decisions", "contradiction_events",
    "comments",
    "translations",
)  # fmt: skip
# Of these tables only some rows are acts of people: evidence that a person wrote, not what the rules propose.
PEOPLES_ROWS = {"evidence": "examination_id is null"}
# Of the second schema, added to the list above by its own step.
HARD_USE_APPEND_ONLY = ("refused_shipments",)
# Rows whose head may move (a title, a state), but which never disappear.
NEVER_DELETED = ("sources", "runs", "documents", "moratoria", "watersheds", "target_groups")

schema = Migrations("coi")


@schema()
def m001_foundation(db: Database) -> None:
    """Everything from capture to sign-off, with its triggers."""
    run_script(db, (HERE / "schema_001.sql").read_text("utf-8"))
    for code in ("", *ReasonCode):
        db.execute("insert into reason_codes values (?)", [str(code)])
    for table in APPEND_ONLY:
        refuse(db, table, "update")
        refuse(db, table, "delete")
        refuse_replacing(db, table)
    for table in NEVER_DELETED:
        refuse(db, table, "delete")
        refuse_replacing(db, table, only_rowid=True)
    seal_verdicts(db)
    for table in PEOPLES_ACTS:
        chain(db, table)
    for table, condition in PEOPLES_ROWS.items():
        chain(db, table, when=f"when new.{condition}")
    db.execute("""
        create trigger documents_keep_identity before update on documents
        when new.id is not old.id or new.source_id is not old.source_id or new.key is not old.key
          or new.first_seen_at is not old.first_seen_at
        begin select raise(abort, 'the identity of a document never changes'); end""")
    db.execute("""
        create trigger runs_end_once before update on runs
        when old.status not in ('running', 'interrupted')
        begin select raise(abort, 'this run has ended; start a new one'); end""")


@schema()
def m002_hard_use(db: Database) -> None:
    """What a heavier load needs: runs on other machines."""
    run_script(db, (HERE / "schema_002.sql").read_text("utf-8"))
    db.execute("""
        create trigger handed_out_end_once before update on handed_out when old.state <> 'out'
        begin select raise(abort, 'this run came to its end; hand out a new one'); end""")
    for table in HARD_USE_APPEND_ONLY:
        refuse(db, table, "update")
        refuse(db, table, "delete")


def apply(db: Database) -> None:
    """Bring the database to the newest schema and renew the views (views are code, not data)."""
    schema.apply(db)
    if views_are_current(db.conn):
        return
    script = (HERE / "views.sql").read_text("utf-8")
    with db.atomic():
        for (name,) in db.execute("select name from sqlite_master where type = 'view'").fetchall():
            db.execute(f"drop view [{name}]")
        run_script(db, script)
        db.execute("insert or replace into settings (key, value) values ('views', ?)", [script])


def steps() -> list[str]:
    """The names of all steps that this release knows, in order."""
    return [step.name for step in schema._migrations]


def expected(taken: Collection[str] | None = None) -> dict[tuple[str, str], str]:
    """Every table, index, trigger and view of an untouched database of this release: (type, name) -> its SQL.

    With `taken`: of one that has taken only these steps so far, without views (they are of the release that made it).
    """
    conn = sqlite3.connect(":memory:")
    try:
        conn.create_function("coi_sha256", 1, str)
        conn.create_function("coi_person", 1, str, deterministic=True)
        waiting = [] if taken is None else [name for name in steps() if name not in taken]
        if waiting:
            schema.apply(Database(conn), stop_before=waiting[0])
        else:
            apply(Database(conn))
        return objects(conn)
    finally:
        conn.close()


def objects(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """What a database says it is made of: (type, name) -> SQL with its white space folded.

    Of SQLite's own only its tables are left out: a trigger under a name like theirs is not SQLite's.
    """
    rows = conn.execute(
        """select type, name, sql from sqlite_master
           where sql is not null and not (type = 'table' and name glob 'sqlite_*')"""
    )
    return {(row[0], row[1]): " ".join(row[2].split()) for row in rows}


def views_are_current(conn: sqlite3.Connection) -> bool:
    """Whether the views are those of this release (they are renewed by the first command that writes)."""
    try:
        row = conn.execute("select value from settings where key = 'views'").fetchone()
    except sqlite3.OperationalError:
        return False  # an empty database
    return row is not None and row[0] == (HERE / "views.sql").read_text("utf-8")


def refuse(db: Database, table: str, act: str) -> None:
    """Make SQLite refuse updates or deletes of a table's rows."""
    db.execute(f"""
        create trigger {table}_no_{act} before {act} on {table}
        begin select raise(abort, '{table}: rows are added, never changed or removed'); end""")


def refuse_replacing(db: Database, table: str, *, only_rowid: bool = False) -> None:
    """Make SQLite refuse a row in the place of another: INSERT OR REPLACE deletes without firing the delete trigger.

    By the row's number and, unless `only_rowid`, by every unique key: a primary key, a constraint, an index.
    """
    sql = db.execute("select sql from sqlite_master where name = ?", [table]).fetchone()[0]
    keys = [] if "without rowid" in sql.lower() else ["rowid = new.rowid"]
    columns = "|".join(column.name for column in db[table].columns)
    for _, index, unique, *_ in db.execute(f"pragma index_list({table})").fetchall() if not only_rowid else ():
        if unique:
            key = _key(db, index)
            theirs = re.sub(rf"\b({columns})\b", r"new.\1", key)
            keys.append(f"({key}) = ({theirs})")
    taken = " or ".join(f"exists (select 1 from {table} where {key})" for key in keys)
    said = f"'{table}: rows are added, never put in the place of another'"
    act = "ignore" if table in OFFERED_AGAIN else f"abort, {said}"
    db.execute(
        f"create trigger {table}_no_replace before insert on {table} when {taken} begin select raise({act}); end"
    )


def _key(db: Database, index: str) -> str:
    """What a unique index compares: its columns or expressions, as SQL."""
    made = db.execute("select sql from sqlite_master where name = ? and sql is not null", [index]).fetchone()
    if made is None:  # of a constraint
        return ", ".join(row[2] for row in db.execute(f"pragma index_info({index})"))
    return str(made[0][made[0].index("(") + 1 : made[0].rindex(")")])


def seal_verdicts(db: Database) -> None:
    """Give every verdict a link that depends on all of it and on the link before, so that none is made up later."""
    row = sealed((column.name for column in db["verdicts"].columns), "new")
    last = "coalesce((select hash from verdict_seals order by verdict_id desc limit 1), '')"
    db.execute(f"""
        create trigger verdicts_seal after insert on verdicts begin
          insert into verdict_seals (verdict_id, hash)
          values (new.id, coi_sha256({last} || {row}));
        end""")


def sealed(columns: Iterable[str], of: str) -> str:
    """SQL for what the seal of a verdict is made of; its outcome, the long one, as it stands (escaping it costs)."""
    short = ", ".join(f"'{name}', {of}.{name}" for name in columns if name != "outcome")
    return f"json_object({short}) || {of}.outcome"


def chain(db: Database, table: str, *, when: str = "") -> None:
    """Link every new row of a table into the audit chain (coi_sha256 comes with our connections: store.db)."""
    columns = [column.name for column in db[table].columns]
    row = "json_object(" + ", ".join(f"'{name}', new.{name}" for name in columns) + ")"
    last = "coalesce((select hash from audit order by id desc limit 1), '')"
    db.execute(f"""
        create trigger {table}_audit after insert on {table} {when} begin
          insert into audit (table_name, row_id, row_json, previous, hash)
          values ('{table}', new.id, {row}, {last}, coi_sha256({last} || '{table}' || {row}));
        end""")


def run_script(db: Database, script: str) -> None:
    """Run several statements inside the caller's transaction (executescript would commit it)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip() and not all(part.strip().startswith("--") for part in statement.strip().splitlines()):
        raise ValueError(f"unfinished SQL: {statement!r}")
