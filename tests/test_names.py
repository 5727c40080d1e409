"""One person under two spellings is one person: in four eyes, in grades and in blind coding."""

import sqlite3

import pytest

from store.db import connect_memory
from store.names import person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ágnes", "ágnes"), ("Ágnes", "Agnes"), ("A\u0301gnes", "Ágnes"), ("Straße", "STRASSE"), ("İpek", "ipek"),
        (" Anna  de Vries", "anna de vries "), ("Аnna", "Anna"), ("Ａnna", "anna"), ("an\u200bna", "anna"),
        ("Σοφία", "ΣΟΦΙΑ"), ("ОЛЕГ", "олег"),
    ],
)  # fmt: skip
def test_one_person_under_two_spellings(one, other):
    assert person(one) == person(other)


@pytest.mark.parametrize(("one", "other"), [("anna", "hanna"), ("Олег", "Ольга"), ("王芳", "王方"), ("ben", "bea")])
def test_two_people_stay_two(one, other):
    assert person(one) != person(other)
    assert person(one)


def test_the_store_compares_names_so():
    conn = connect_memory()
    conn.execute("pragma foreign_keys = off")
    grade = "insert into grade_decisions values (null, 1, 'approve', ?, 'clear', ?, '2022-01-01T00:00:00Z')"
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(grade, ["Ágnes", "ágnes"])
    conn.execute(grade, ["Ágnes", "Ben"])
    coded = """insert or ignore into codings (passage_id, question_id, question_version, country, answer, blind, actor,
                 coded_at) values (1, 'G1', 1, 'RU', 'mixed', 1, ?, '2022-01-01T00:00:00Z')"""
    assert [conn.execute(coded, [who]).rowcount for who in ("Ágnes", "ÁGNES ", "Ben")] == [1, 0, 1]
    act = """insert into signoffs (verdict_id, act, proposal_id, status, reason, actor, signed_at)
             values (1, ?, ?, 'emerging', 'r', ?, '2022-01-01T00:00:00Z')"""
    conn.execute(act, ["propose", None, "Ágnes"])
    with pytest.raises(sqlite3.IntegrityError, match="four eyes"):
        conn.execute(act, ["approve", 1, "ágnes"])
