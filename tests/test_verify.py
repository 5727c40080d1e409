"""coi verify notices what was done to the file behind the program's back; each case is one such deed."""

import json
import re
import sqlite3

import pytest

from store import documents, schema
from store.db import connect, connect_memory
from store.sources import sync
from store.verify import chain_head, database_problems
from tests.conftest import card, version

DAY = "2022-03-01T00:00:00Z"
DECIDE = """insert into tag_decisions (passage_id, kind, value, decision, reason, actor, decided_at)
            values (1, 'group', 'conscripts', '{}', 'clear', 'ada', '2022-03-02T00:00:00Z')"""
VERDICT = """insert into verdicts (as_of, basis, reading, rules_version, country, question_id, inputs_digest, status,
               effective, certainty, fragile, origins, items, outcome, computed_at)
             values ('2022-03-02', 'public', 'reviewed', '1', 'RU', 'G1', ?, 'insufficient', 'insufficient', 'low', 0,
               0, 0, ?, '2022-03-02T00:00:00Z')"""


@pytest.fixture
def filled(conn):
    """A store with a document of two passages, a person's decision and a verdict."""
    published = {"published_on": "2022-02-20", "published_precision": "day", "published_confidence": "normal"}
    kept = version("One passage here.", "Another stands below it.", **published)
    sync(conn, [card("daily", grade="C")], declared_at=DAY)
    documents.keep(conn, kept, capture_id=None, seen_at=DAY, recorded_at=DAY)
    conn.execute(DECIDE.format("accept"))
    outcome = {"tests": {"current": {"result": "fail"}}, "gates": [], "evidence": [], "passages": [1, 2]}
    conn.execute(VERDICT, ["0" * 64, json.dumps(outcome)])
    return conn


def tamper(conn, *deeds):
    """Do it as a person with an SQLite shell would, and put every trigger back as it was."""
    triggers = conn.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    conn.execute("pragma foreign_keys = off")
    for row in triggers:
        conn.execute(f"drop trigger {row['name']}")
    for deed in deeds:
        assert conn.execute(deed).rowcount, deed
    for row in triggers:
        conn.execute(row["sql"])


def test_what_was_left_alone_holds(filled):
    assert list(database_problems(filled)) == []
    tamper(filled)
    assert list(database_problems(filled)) == []


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        ("update version_passages set start = start + 1, end = end + 1 where position = 0", "version 1 position 0"),
        ("update version_passages set passage_id = 3 - passage_id", "does not stand at this place"),
        ("update versions set public_on = '2022-02-01'", "public on 2022-02-01, which does not follow"),
        ("update versions set published_on = '2022-01-01', public_on = '2022-01-01'", "none of its versions says"),
        ("update sources set grade = 'A'", "sources row 'paper': is not as its newest card"),
        ("delete from source_cards where source_id = 'daily'", "sources row 'daily'"),
        ("update verdicts set status = 'sufficient', effective = 'sufficient'", "a test that failed"),
        ("update verdicts set effective = 'emerging'", "more than its status"),
        ("delete from passages where id = 2", "rests on passages row 2, which is gone"),
        ("update tag_decisions set decision = 'unsure'", "is not as the audit chain recorded it"),
        ("delete from tag_decisions", "was removed, the audit chain still has it"),
    ],
)
def test_a_deed_is_named(filled, deed, says):
    tamper(filled, deed)
    assert any(says in problem for problem in database_problems(filled)), list(database_problems(filled))


def test_a_kept_card_says_what_its_declaration_says(filled):
    filled.execute("update sources set declaration = ?, declared_at = ? where id = 'paper'", ['{"grade": "C"}', DAY])
    assert any("grade 'B', but its declaration 'C'" in problem for problem in database_problems(filled))


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        ("drop trigger evidence_no_delete", "trigger evidence_no_delete is missing"),
        ("drop index evidence_passage", "index evidence_passage is missing"),
        ("drop view passage_times", "view passage_times is missing"),
        ("create trigger quiet before insert on audit begin select raise(ignore); end", "trigger quiet is not ours"),
    ],
)
def test_what_guards_the_rows_is_compared_with_a_fresh_database(filled, deed, says):
    filled.execute(deed)
    assert any(says in problem for problem in database_problems(filled))


def test_a_weakened_trigger_is_named(filled):
    filled.execute("drop trigger evidence_no_delete")
    filled.execute("create trigger evidence_no_delete before delete on evidence begin select 1; end")
    assert any("evidence_no_delete is not as this release" in problem for problem in database_problems(filled))


def test_views_of_an_older_release_are_no_problem(filled, home):
    filled.execute("update settings set value = 'older' where key = 'views'")
    filled.execute("drop view passage_times")
    assert list(database_problems(filled)) == []
    filled.close()
    assert list(database_problems(connect(home))) == []


def test_the_noted_head_tells_of_acts_taken_from_the_end(filled):
    filled.execute(DECIDE.format("unsure"))
    noted = chain_head(filled)
    assert noted.acts == 2 and len(noted.hash) == 64
    tamper(filled, "delete from audit where id = 2", "delete from tag_decisions where id = 2")
    assert list(database_problems(filled)) == [], "from inside the file nobody can tell"
    assert chain_head(filled) != noted


def test_no_acts_is_a_head_too():
    conn = sqlite3.connect(":memory:")
    conn.execute("create table audit (id integer primary key, hash text)")
    assert chain_head(conn).acts == 0


FORGED = VERDICT.replace("insert into", "insert or replace into").replace("(as_of", "(id, as_of", 1)
FORGED = FORGED.replace("('2022-03-02'", "(1, '2022-03-02'", 1).replace("'insufficient'", "'sufficient'")


def test_a_verdict_is_not_put_in_the_place_of_another(filled):
    with pytest.raises(sqlite3.IntegrityError, match="never put in the place"):
        filled.execute(FORGED, ["1" * 64, "{}"])
    assert list(database_problems(filled)) == []
    tamper(filled, "delete from verdicts")
    assert any("was removed, its seal" in said for said in database_problems(filled))
    tamper(filled, FORGED.replace("?, 'suff", f"'{'1' * 64}', 'suff", 1).replace("?,", "'{}',", 1))
    said = "\n".join(database_problems(filled))
    assert "verdicts row 1: is not as it was sealed" in said
    assert "a test that failed or lacks" in said
    tamper(filled, "delete from verdict_seals")
    assert any("verdicts row 1: has no seal" in said for said in database_problems(filled))


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_no_row_goes_in_the_place_of_another_by_any_key(table):
    """A row of each table, and then another one with only one key in common: the first one stays as it was."""
    conn = connect_memory()
    conn.execute("pragma foreign_keys = off")
    conn.execute("pragma ignore_check_constraints = on")
    for row in conn.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        if row["name"] != f"{table}_no_replace":  # this one alone must hold
            conn.execute(f"drop trigger {row['name']}")
    columns = conn.execute(f"pragma table_info({table})").fetchall()
    first = {row["name"]: 7 if row["type"] in ("INTEGER", "REAL") else '"2022-01-01"' for row in columns}
    if table == "questions":  # its country is read out of the declaration
        first["declaration"] = '{"country": "RU"}'
    keys = {row["name"]: columns_of(conn, row["name"], first)
            for row in conn.execute(f"pragma index_list({table})") if row["unique"]}  # fmt: skip
    if [row["type"] for row in columns if row["pk"]] == ["INTEGER"]:
        keys["number"] = {row["name"] for row in columns if row["pk"]}
    elif not conn.execute("select wr from pragma_table_list where name = ?", [table]).fetchone()[0]:
        first["rowid"] = 7
        keys["number"] = {"rowid"}
    insert = f"insert or replace into {table} ({', '.join(first)}) values ({', '.join(':' + name for name in first)})"
    conn.execute(insert, first)
    for key, shared in keys.items():
        other = {name: value if name in shared else (8 if value == 7 else '"2023-01-01"')
                 for name, value in first.items()}  # fmt: skip
        if table == "questions":
            other["declaration"] = '{"country": "UA"}'
        try:
            assert conn.execute(insert, other).rowcount == 0, key
        except sqlite3.IntegrityError as error:
            assert "never put in the place" in str(error)
        assert [row[0] for row in conn.execute(f"select 1 from {table}")] == [1], key


def columns_of(conn, index, names):
    """The columns of an index, also those that only an expression of it names."""
    found = {row["name"] for row in conn.execute(f"pragma index_info({index})")} - {None}
    made = conn.execute("select sql from sqlite_master where name = ? and sql is not null", [index]).fetchone()
    return found | {name for name in names if made and re.search(rf"\b{name}\b", made["sql"].split("(", 1)[1])}
