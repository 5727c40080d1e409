"""Awaited publications: due, overdue, arrived; declared in a file or entered by a person, never lost."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.expected import DECLARATION, Expected, load_expected
from crawler.schedule_cli import expect as command
from crawler.steps import declared
from store import documents, expected
from store.db import connect, writing
from store.declared import DeclarationError
from store.expected import Arrival, Awaited, Expectation, status
from store.home import Home
from store.verify import database_problems
from tests.conftest import version

AT = "2023-01-10T00:00:00Z"
REPORT = Expectation(
    key="report", title="General country report", country="RU", sources=("paper",),
    pattern="country report.*russian federation", first_day="2023-01-01", last_day="2023-03-31",
    reason="announced in a letter to parliament",
)  # fmt: skip
days = st.dates(date(2022, 12, 1), date(2023, 5, 1))


@given(days, st.none() | days)
def test_each_day_has_one_status_and_what_arrived_stays(day, arrived):
    arrival = Arrival(document_id=1, title="x", on_day=arrived.isoformat()) if arrived else None
    found = status(REPORT, arrival, day)
    if arrived and arrived <= day:
        assert found is Awaited.ARRIVED
    else:
        first, last = date(2023, 1, 1), date(2023, 3, 31)
        assert found is (Awaited.EXPECTED if day < first else Awaited.DUE if day <= last else Awaited.OVERDUE)


def keep(conn, key: str, title: str, published_on: str) -> None:
    told = version(f"Text of {key}.", key=key, title=title, published_on=published_on, published_precision="day")
    documents.keep(conn, told, capture_id=None, seen_at=AT, recorded_at=AT)


def test_it_arrives_with_a_title_that_fits_in_or_after_its_window(conn):
    with writing(conn):
        expected.expect(conn, REPORT, actor="Anna", at=AT)
        keep(conn, "old", "General country report on the Russian Federation", "2021-04-07")
        keep(conn, "other", "General country report on Sudan", "2023-02-01")
    assert [one.status for one in expected.standings(conn, date(2023, 4, 1))] == [Awaited.OVERDUE]
    with writing(conn):
        keep(conn, "new", "General Country Report, Russian Federation", "2023-03-31")
    (one,) = expected.standings(conn, date(2023, 4, 1))
    assert one.status is Awaited.ARRIVED
    assert one.arrival is not None and one.arrival.on_day == "2023-03-31"
    (before,) = expected.standings(conn, date(2023, 3, 30))
    assert (before.status, before.arrival) == (Awaited.DUE, None)


def test_each_change_of_status_is_told_once(conn):
    with writing(conn):
        expected.expect(conn, REPORT, actor="Anna", at=AT)
        told = [
            expected.keep_changes(conn, expected.standings(conn, day), at=f"{day}T00:00:00Z")
            for day in map(date.fromisoformat, ("2022-12-01", "2023-01-01", "2023-01-02", "2023-04-01", "2023-04-02"))
        ]
    assert [len(said) for said in told] == [0, 1, 0, 1, 0]
    assert "overdue" in told[3][0]


def test_what_a_person_cancelled_stays_so_and_what_no_file_declares_ends(conn):
    with writing(conn):
        for _ in range(2):
            expected.declare(conn, [REPORT], actor=DECLARATION, at=AT)
        expected.cancel(conn, "report", reason="published under another title", actor="Anna", at=AT)
        assert expected.declare(conn, [REPORT], actor=DECLARATION, at=AT) == 0
        assert expected.standings(conn, date(2023, 1, 1)) == []
        other = Expectation(**{name: getattr(REPORT, name) for name in expected.FIELDS} | {"key": "other"})
        expected.declare(conn, [other], actor=DECLARATION, at=AT)
        assert expected.declare(conn, [], actor=DECLARATION, at=AT) == 1
    acts = [tuple(row) for row in conn.execute("select key, act, actor from expectations order by id")]
    assert acts == [
        ("report", "expect", DECLARATION), ("report", "cancel", "Anna"), ("other", "expect", DECLARATION),
        ("other", "cancel", DECLARATION),
    ]  # fmt: skip
    assert list(database_problems(conn)) == []
    with pytest.raises(Exception, match="never changed"):
        conn.execute("update expectations set title = 'x'")


def test_the_shipped_ones_hold_and_a_wrong_one_is_named(tmp_path):
    known = declared(Home(tmp_path / "none"))
    assert {"nl_country_report_russia_2023"} <= set(load_expected([], known))
    (tmp_path / "bad.toml").write_text(
        'title = "x"\ncountry = "RU"\npattern = "(a"\nfirst_day = 2023-02-01\nlast_day = 2023-01-01\n'
        'reason = "because it was"'
    )
    with pytest.raises(DeclarationError, match=r"bad\.toml.*\n.*'\(a' is no regular expression"):
        load_expected([tmp_path], known)
    (tmp_path / "bad.toml").write_text(
        'title = "x"\ncountry = "RU"\npattern = "a"\nsources = ["nobody"]\nfirst_day = 2023-01-01\n'
        'last_day = 2023-02-01\nreason = "because it was"'
    )
    with pytest.raises(DeclarationError, match="no source 'nobody' is declared"):
        load_expected([tmp_path], known)


@pytest.mark.parametrize("pattern", [".*", "a|", "(?:)"])
def test_a_pattern_that_fits_every_title_is_refused(pattern):
    with pytest.raises(ValueError, match="fits every title"):
        Expected.a_pattern(pattern)


def test_a_person_enters_lists_and_cancels(home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    run = CliRunner()
    words = ["add", "--title", "EUAA report", "--country", "SY", "--pattern", "syria", "--from", "2023-01-01"]
    words += ["--to", "2023-02-01", "--reason", "announced at a press conference", "--by", "Anna", "--key", "euaa"]
    assert run.invoke(command, words).output.startswith("euaa: awaited from 2023-01-01")
    rows = json.loads(run.invoke(command, ["list", "--json"]).output)["expected"]
    (mine,) = [row for row in rows if row["key"] == "euaa"]
    assert (mine["status"], mine["actor"], mine["arrival"]) == ("overdue", "Anna", None)
    assert run.invoke(command, ["cancel", "euaa", "--reason", "it was withdrawn", "--by", "Anna"]).exit_code == 0
    assert "euaa" not in run.invoke(command, ["list"]).output
    refused = run.invoke(command, [*words[:-6], "--reason", "short", "--by", "Anna"])
    assert refused.exit_code == 2 and "reason" in refused.output
    conn = connect(home)
    assert conn.execute("select count(*) from audit where table_name = 'expectations'").fetchone()[0] >= 2
