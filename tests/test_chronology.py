"""A chronology scored row by row and the golden table: what is read from a file, matched, scored, and refused."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from review.backtest_cli import backtest
from review.chronology import OFF, POLARITIES, POSITIVE, ChronologyError, Row, _score, load, score
from review.chronology_tables import DOC, Table, markdown, of_left_out, of_rows, written
from review.declarations import load as declared
from review.golden import check, golden
from review.method.model import SourceType
from store.db import connect_readonly
from store.home import Home
from tests.site_home import make

TODAY = date(2026, 11, 22)
HEAD = "id,publication_date,date_precision,publisher_type,url,polarity_conscripts_deployed\n"
ROWS = (
    "A,2022-06-01,day,media,,yes_deployed\n"
    "B,2022-04-01,day,party_to_conflict,,not_deployed\n"
    "C,2021-04,month,official_coi,,not_addressed\n"
    "D,2022-04-01,day,ngo,,unknown\n"
    "E,1999,year,un,,not_deployed\n"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    made = Home(tmp_path_factory.mktemp("chronology"))
    make(made)
    return made


@pytest.fixture
def timeline(tmp_path) -> Path:
    path = tmp_path / "timeline.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    return path


def row(polarity: str) -> Row:
    return Row(
        id="x", first=TODAY, on=TODAY, types=frozenset({SourceType.MEDIA}), polarity=polarity, url="",
    )  # fmt: skip


def test_a_month_or_a_year_stands_for_its_last_day(timeline):
    assert [str(one.on) for one in load(timeline)] == [
        "2022-06-01", "2022-04-01", "2021-04-30", "2022-04-01", "1999-12-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A,2022-13-01,day,media,,yes_deployed", "line 2: publication_date '2022-13-01'"),
        ("A,2022-06-01,day,radio,,yes_deployed", "line 2: publisher_type 'radio' is unknown; known: official_coi"),
        ("A,2022-06-01,day,media,,perhaps", "polarity_conscripts_deployed 'perhaps' is unknown; known: yes_deployed"),
        ("A,,day,media,,unknown", "line 2: publication_date ''"),
    ],
)
def test_what_is_no_chronology_is_refused_by_file_line_and_value(tmp_path, line, said):
    path = tmp_path / "timeline.csv"
    path.write_text(HEAD + line + "\n", "utf-8")
    with pytest.raises(ChronologyError, match=r"timeline\.csv") as refused:
        load(path)
    assert said in str(refused.value)


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("id,url\n", "utf-8")
    with pytest.raises(ChronologyError, match="column 'polarity_conscripts_deployed' is missing"):
        load(path)


def test_rows_are_matched_by_kind_and_day_and_the_unknown_is_not_scored(home, timeline):
    found = {one.row.id: one for one in score(connect_readonly(home), load(timeline), today=TODAY)}
    assert found["A"].score == "agrees"
    assert found["A"].read
    assert found["B"].score == "agrees"
    assert (found["C"].score, found["C"].read) == ("differs", ("G1.3 none",))  # published on a day of that month
    assert found["D"].score == "not scored"
    assert found["E"].score == "not held"
    assert {one.status for one in found.values()} <= {"insufficient", "emerging", "sufficient"}


@given(st.sampled_from(POLARITIES), st.sets(st.sampled_from([*sorted(POSITIVE), "none", *sorted(OFF)])))
def test_scores_follow_the_answers(polarity, answers):
    found = _score(row(polarity), [1], answers)
    if polarity == "unknown":
        assert found == "not scored"
    elif polarity == "not_addressed":
        assert (found == "agrees") == (not answers - OFF)
    elif not answers:
        assert found == "nothing read"
    elif polarity == "yes_deployed":
        assert (found == "agrees") == bool(answers & POSITIVE)
    elif polarity == "not_deployed":
        assert (found == "agrees") == ("none" in answers)
    assert _score(row(polarity), [], set()) in ("not held", "not scored")


def test_what_is_expected_names_questions_and_groups_that_exist():
    known = declared(None)
    subjects = {*known.questions, *known.moratoria, *(q.group_id for q in known.questions.values())}
    assert {one.subject for one in golden().expect} | {*golden().questions, golden().left_out} <= subjects
    assert len(golden().left_out_on) >= 3
    assert date(2022, 6, 29) in golden().left_out_on


def test_what_is_not_held_is_not_scored(home):
    found = {(str(one.expected.on), one.expected.check): one for one in check(connect_readonly(home), today=TODAY)}
    assert found["2022-06-29", "not_sufficient"].holds is True
    assert found["2022-06-29", "weak_voice"].holds is True
    assert found["2022-09-21", "reopened"].holds is True
    assert found["2023-03-31", "official_report"].holds is None
    assert found["2024-01-01", "group_version"].holds is True


def test_the_command_prints_three_tables_or_one_object(home, timeline, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    said = CliRunner().invoke(backtest, ["--chronology", str(timeline)])
    assert said.exit_code == 0, said.output
    assert "| A | 2022-06-01 | yes deployed | G1.3" in said.output
    assert "scored rows agree; 1 not held, 1 not scored." in said.output
    assert "# The golden table" in said.output
    found = json.loads(CliRunner().invoke(backtest, ["--chronology", str(timeline), "--json"]).stdout)
    assert set(found) == {"rows", "golden", "left-out"}
    assert {one["As of"] for one in found["left-out"]} == set(map(str, golden().left_out_on))
    timeline.write_text(HEAD + "A,never,day,media,,unknown\n", "utf-8")
    refused = CliRunner().invoke(backtest, ["--chronology", str(timeline)])
    assert isinstance(refused.exception, ChronologyError)


def test_a_table_goes_between_its_marks_and_a_bar_stays_text():
    table = Table(name="rows", title="t", head=("a", "b"), rows=(("1|2", "x"),), counted="All.")
    assert markdown(table) == "| a | b |\n| --- | --- |\n| 1\\|2 | x |\n\nAll."
    text = written("top\n<!-- made: rows -->\nold\n<!-- end: rows -->\nend", [table])
    assert text == f"top\n<!-- made: rows -->\n\n{markdown(table)}\n\n<!-- end: rows -->\nend"
    assert written(text, [table]) == text
    with pytest.raises(ValueError, match="made: rows"):
        written("no marks", [table])


def test_empty_tables_say_so():
    assert of_rows([]).counted == "0 of 0 scored rows agree; none is left out."
    assert of_left_out([]).rows == ()


def test_the_document_names_every_row_that_differs():
    lines = [line.split(" | ") for line in DOC.read_text("utf-8").splitlines() if line.startswith("| RU-")]
    told = DOC.read_text("utf-8").split("What differs:")[1].split("###")[0]
    assert lines
    assert all(line[0].strip("| ") in told for line in lines if line[-1].strip(" |") in ("differs", "nothing read"))
