"""A better grade of a source counts for no verdict until a second person approved it (method §11)."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from coi import cli
from review.assess import standing
from review.grades import changes
from store import grades, sources
from store.db import connect, connect_readonly, writing
from store.grades import GradeError
from store.verify import database_problems
from tests import site_home
from tests.conftest import card
from tests.site_home import CARDS, make

AT, NEXT, LAST = "2022-06-20T06:00:00Z", "2022-06-21T06:00:00Z", "2022-06-22T06:00:00Z"


def grade(conn, letter: str, at: str) -> None:
    sources.sync(conn, [card("paper", grade=letter, declaration=json.dumps({"grade": letter}))], declared_at=at)


def approve(conn, **more):
    said = {"decision": "approve", "graded_by": "anna", "reason": "corrects errors", "actor": "ben", "at": LAST} | more
    return grades.decide(conn, "paper", **said)


def test_a_fall_counts_at_once_and_a_rise_waits_for_a_second_person(conn):
    assert grades.in_force(conn) == {"paper": "B"}
    grade(conn, "D", NEXT)
    assert grades.in_force(conn) == {"paper": "D"}
    grade(conn, "B", LAST)
    assert grades.in_force(conn) == {"paper": "D"}
    (one,) = grades.waiting(conn)
    assert (one.counts, one.declared) == ("D", "B")
    approve(conn)
    assert grades.in_force(conn) == {"paper": "B"}
    assert grades.in_force(conn, NEXT) == {"paper": "D"}
    assert grades.waiting(conn) == []
    assert list(database_problems(conn)) == []


def test_an_approved_grade_stays_when_the_card_changes_elsewhere(conn):
    grade(conn, "A", NEXT)
    approve(conn)
    sources.sync(conn, [card("paper", grade="A", terms="new", declaration='{"x": 1}')], declared_at=LAST)
    assert grades.in_force(conn) == {"paper": "A"}


def test_who_gave_the_grade_cannot_approve_it(conn):
    grade(conn, "A", NEXT)
    with pytest.raises(GradeError, match="'Anna ' gave the grade A and cannot decide"):
        approve(conn, actor="Anna ")
    with pytest.raises(GradeError, match="no better grade waits"):
        grades.decide(conn, "other", decision="approve", graded_by="a", reason="r", actor="b", at=LAST)
    assert grades.in_force(conn) == {"paper": "B"}


def test_a_refused_grade_does_not_count_and_says_why(conn):
    grade(conn, "A", NEXT)
    approve(conn, decision="refuse", reason="no method published")
    assert grades.in_force(conn) == {"paper": "B"}
    assert [one.refused for one in grades.waiting(conn)] == ["no method published"]


def test_a_grade_that_raises_a_status_is_listed_as_such(home):
    make(home)
    with closing(connect(home)) as conn, writing(conn):
        text = "Two conscripts were seen at the front."
        site_home.keep(conn, "watch", "front", "2022-06-10", (text,))
        site_home.answer(conn, site_home.passage_of(conn, text), text, "isolated", "direct", "2022-06-08")
        watch = next(one for one in CARDS if one.id == "watch")
        for letter, at in (("D", NEXT), ("B", LAST)):
            sources.sync(conn, [replace(watch, grade=letter, declaration=f'{{"g": "{letter}"}}')], declared_at=at)
        (waits,) = grades.waiting(conn)
    with closing(connect_readonly(home)) as own:
        found = [one for one in changes(own, waits, as_of=date(2022, 6, 29)) if one.reading == "provisional"]
        assert [(one.question, one.before, one.after, one.raises) for one in found] == [
            ("G1.3", "insufficient", "emerging", True)
        ]
        assert grades.in_force(own)["watch"] == "D"  # nothing was written


def test_verdicts_count_the_lower_grade_and_the_command_lists_what_would_rise(home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    make(home)
    conn = connect(home)
    paper = next(one for one in CARDS if one.id == "paper")

    def asked() -> dict[str, str]:
        day = date(2022, 6, 29)
        found = standing(conn, as_of=day, basis="public", reading="provisional", country="RU", look_ahead=False)
        return {i.source_id: i.grade for g in found.groups for q in g.questions for i in q.evidence}

    for letter, at in (("D", NEXT), ("A", LAST)):
        with writing(conn):
            sources.sync(conn, [replace(paper, grade=letter, declaration=f'{{"grade": "{letter}"}}')], declared_at=at)
    assert asked()["paper"] == "D"
    run = CliRunner()
    listed = json.loads(run.invoke(cli, ["grades", "list", "--json"]).output)
    assert [(one["source"], one["counts"], one["declared"]) for one in listed["waiting"]] == [("paper", "D", "A")]
    same = run.invoke(cli, ["grades", "approve", "paper", "--graded-by", "anna", "--by", "ANNA", "--reason", "good"])
    assert same.exit_code == 1
    assert "a second person must" in same.output
    done = run.invoke(cli, ["grades", "approve", "paper", "--graded-by", "anna", "--by", "ben", "--reason", "good"])
    assert done.exit_code == 0, done.output
    assert asked()["paper"] == "A"
    assert "No better grade waits" in run.invoke(cli, ["grades", "list"]).output
    conn.close()
