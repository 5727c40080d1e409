"""A view over a closed table is closed too, and so is a query that reads one, however it is spelt."""

import sqlite3

import pytest

from review.plugin import access, reading
from store.comments import seal
from store.db import connect_memory

CLOSED = access.BLIND | access.PERSONAL


@pytest.fixture
def asked():
    """Say which query string is being answered."""
    before = access.asking.get()
    yield lambda query: access.asking.set(("/coi.json", query))
    access.asking.set(before)


def test_every_view_that_shows_a_row_of_a_closed_table_is_closed():
    """By another way than the compiler: a view falls with its closed tables if it reads them, and only then."""
    views = [row[0] for row in connect_memory().execute("select name from sqlite_master where type = 'view'")]
    assert len(views) > 20
    for view in views:
        conn = connect_memory()
        conn.execute("pragma foreign_keys = off")
        conn.execute("pragma legacy_alter_table = on")  # dropped without asking whether a view still stands
        for table in CLOSED:
            for kind in ("view", "table"):
                if conn.execute("select 1 from sqlite_master where name = ? and type = ?", [table, kind]).fetchone():
                    conn.execute(f"drop {kind} [{table}]")
        if view in CLOSED:
            continue
        try:
            conn.execute(f"select * from [{view}]")
            falls = False
        except sqlite3.OperationalError:
            falls = True
        assert access.answer(None, "view-table", ("coi", view)) is (False if falls else None), view


@pytest.mark.parametrize("name", ["letter_states", "current_subscriptions", "unacknowledged_alerts", "LETTERS"])
def test_a_stranger_reads_no_letter_by_another_name(name):
    assert access.answer(None, "view-table", ("coi", name)) is False
    assert access.answer({"id": "anna", "role": "researcher"}, "view-table", ("coi", name)) is False
    assert access.answer({"id": "ben", "role": "approver"}, "view-table", ("coi", name)) is None
    assert access.answer(None, "view-table", ("coi", "documents")) is None


def test_what_an_operator_added_by_hand_is_for_operators():
    assert access.answer(None, "view-table", ("coi", "letters_by_me")) is False
    assert access.answer({"id": "root"}, "view-table", ("coi", "letters_by_me")) is None


@pytest.mark.parametrize(
    "query",
    [
        "sql=select * from Current_Subscriptions",
        "sql=select count(*) from main.[letter_states]",
        "sql=with x as (select body from letters) select * from x where y = :p",
        "sql=explain select * from letters",
        "sql=select 1; select * from letters",
        "sql=select 1&sql=select * from outbox",
        "sql=select * from a_view_made_by_hand",
        "_where=id in (select letter_id from letter_states)",
    ],
)
def test_sql_that_reads_what_is_closed_is_refused(asked, query):
    asked(query)
    assert access.answer(None, "execute-sql", "coi") is False
    assert access.answer({"id": "root"}, "execute-sql", "coi") is None


def test_nobody_reads_under_which_job_a_worker_ships():
    conn = connect_memory()
    seal(conn)
    with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
        conn.execute("select job from handed_out")
    assert access.answer({"id": "root"}, "view-table", ("coi", "handed_out")) is False


def test_asking_again_opens_nothing(asked):
    """A statement that waits for a parameter is compiled each time it is asked, not remembered as read."""
    asked("sql=select reason from codings where :x&x=1")
    assert [access.answer({"id": "rita", "role": "reader"}, "execute-sql", "coi") for _ in range(3)] == [False] * 3


@pytest.mark.parametrize("query", ["sql=select 'letters', title from documents where id = :id", "sql=selekt", ""])
def test_other_sql_is_left_to_the_database(asked, query):
    asked(query)
    assert access.answer(None, "execute-sql", "coi") is None


@pytest.mark.parametrize(
    "query",
    [
        "select * from pragma_database_list",  # where the home lies
        "select ncell from dbstat where name = 'restricted_comments'",  # how many restricted comments there are
        "select sql from sqlite_stmt",  # what others asked
        "select hex(FTS3_TOKENIZER('simple'))",  # an address in this process
        "select fts3_tokenizer('simple', x'4141414141414141')",
        "select load_extension('libc.so.6')",
        "select printf('%.*c', 2000000000, 'x')",  # no time limit reaches into it
    ],
)
def test_a_query_learns_nothing_of_the_process_and_reaches_nothing_in_it(query):
    conn = connect_memory()
    seal(conn)
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        conn.execute(query)


def test_a_view_over_a_view_is_found():
    conn = sqlite3.connect(":memory:")
    conn.executescript(
        "create table a (x); create view b as select count(*) as n from a; create view c as select n from b"
    )
    assert reading.over(conn, frozenset({"a"})) == {"a", "b", "c"}
