"""The example from published pages to statuses, as a newcomer runs it, and what scripts rely on."""

import json
import os
import sqlite3
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.assess import standing
from review.backtest import BacktestError, acts_of, replay, replayable
from store import tags
from store.db import connect, connect_readonly, writing
from store.home import Home
from store.tags import TagDecision
from tests import faults

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One home filled by the demo; tests of this module only read it."""
    folder = tmp_path_factory.mktemp("demo")
    faults.demo(folder)
    return Home(folder)


@pytest.fixture(scope="module")
def coi(home):
    """Run a coi command on that home in a process of its own; gives its JSON."""

    def run(*arguments):
        said = faults.start(home.path, *arguments, quiet=False).communicate(timeout=120)[0]
        return json.loads(said)

    return run


def question(status, name):
    return next(q for g in status["groups"] for q in g["questions"] if q["id"] == name)


def of_russia(status):
    return next((m for m in status["moratoria"] if m["id"] == "NL-RUS-2022"), None)


def group(status, name):
    return next(g for g in status["groups"] if g["group"] == name)


class TestStatus:
    def test_on_the_day_of_the_decision(self, coi):
        status = coi("status", "--json", "--as-of", "2022-06-29")
        assert set(status) >= {"as_of", "reading", "rules_version", "groups", "moratoria"}
        assert status["reading"] == "provisional"
        assert group(status, "conscripts")["status"] == "insufficient"
        deployed = question(status, "G1.3")
        assert deployed["status"] != "sufficient"
        assert set(deployed["tests"]) == {"current", "unambiguous", "reliable"}
        said = " ".join(deployed["reasons"])
        assert "2021-04-07" in said and "Background" in said  # the country report is older than the invasion
        assert "2022-04-01" in said and "party to the conflict" in said  # the denial of 1 April is a party's
        assert "2 owner groups" in deployed["tests"]["reliable"]["reason"]
        others = [q for q in group(status, "conscripts")["questions"] if q["decisive"] and not q["items"]]
        assert len(others) > 5  # the other decisive questions have no evidence
        moratorium = of_russia(status)
        assert moratorium["deciding"] == ["G1.3"]
        assert {h["half"]: (h["ends_on"], h["days_left"]) for h in moratorium["halves"]} == {
            "decisions": ("2022-12-28", 182),
            "departures": ("2022-12-28", 182),
        }
        assert moratorium["advice"]

    def test_other_days_differ_where_the_facts_do(self, coi):
        before, after = (coi("status", "--json", "--as-of", day) for day in ("2021-12-31", "2023-04-30"))
        then = coi("status", "--json", "--as-of", "2022-06-29")
        assert of_russia(before) is None
        assert question(before, "G1.7a")["status"] == "emerging"  # one official report, not yet voided by the invasion
        assert question(then, "G1.7a")["status"] == "insufficient"
        assert [question(s, "G1.3")["origins"] for s in (before, then, after)] == [0, 2, 0]
        assert of_russia(after)["halves"][0]["ends_on"] == "2023-06-28"

    def test_a_fresh_installation_held_nothing_then(self, coi):
        held = coi("status", "--json", "--as-of", "2022-06-29", "--basis", "held")
        assert all(not q["items"] for g in held["groups"] for q in g["questions"])

    def test_nothing_that_nobody_accepted_counts_as_reviewed(self, coi):
        reviewed = coi("status", "--json", "--as-of", "2022-06-29", "--reading", "reviewed")
        assert all(not q["items"] for g in reviewed["groups"] for q in g["questions"])

    def test_the_commands_answer_scripts(self, coi):
        assert {s["id"] for s in coi("sources", "list", "--json")["sources"]} > {"example_kremlin", "manual"}
        hits = coi("search", "призывники", "--json", "--limit", "3")["hits"]
        assert hits and len(hits) <= 3 and hits[0]["lang"] == "ru"


@pytest.fixture(scope="module")
def conn(home):
    return connect_readonly(home)


class TestProperties:
    """Method section 11 on the example archive."""

    @settings(max_examples=12, deadline=None)
    @given(days=st.integers(0, 1200))
    def test_what_was_held_is_a_subset_of_what_was_public(self, conn, days):
        day = date(2021, 6, 1) + timedelta(days=days)
        public, held = (seen(conn, day, basis) for basis in ("public", "held"))
        assert held <= public

    def test_as_of_the_day_of_a_live_run_equals_what_it_stored(self, conn):
        (day,) = conn.execute("select distinct as_of from verdicts").fetchone()
        stored = conn.execute("select question_id, inputs_digest, status from verdicts where reading = 'provisional'")
        found = standing(conn, as_of=date.fromisoformat(day), basis="public", reading="provisional")
        again = {(q.id, q.inputs_digest, q.status) for g in found.groups for q in g.questions}
        assert {tuple(row) for row in stored} == again

    @settings(max_examples=10, deadline=None)
    @given(days=st.integers(0, 1200))
    def test_a_party_alone_is_never_enough(self, conn, days):
        day = date(2021, 6, 1) + timedelta(days=days)
        found = standing(conn, as_of=day, basis="public", reading="provisional", look_ahead=False)
        for one in (q for g in found.groups for q in g.questions):
            voters = {item.source_type for item in one.evidence if item.role == "vote"}
            assert one.status != "sufficient" or voters - {"party_to_the_conflict"}


def seen(conn, day, basis):
    found = standing(conn, as_of=day, basis=basis, reading="provisional", look_ahead=False)
    return {item.evidence_id for g in found.groups for q in g.questions for item in q.evidence}


class TestOrigins:
    def test_copies_translation_and_citation_come_out_as_the_origins_they_are(self, home):
        conn = connect_readonly(home)
        rows = conn.execute(
            """select d.source_id, l.rule, l.origin_id from origin_links l join documents d on d.id = l.document_id
               where l.passage_id is null and l.certainty = 'merged'"""
        ).fetchall()
        found = {(row["source_id"], row["rule"]) for row in rows}
        assert ("example_meduza_en", "translation") in found
        copies = {row["source_id"] for row in rows if row["rule"] == "copy" and "bluewin" in row["origin_id"]}
        assert copies == {"example_dailywrap", "example_herald"}
        assert ("example_dailywrap", "hyperlink") in found


class TestAgain:
    def test_the_same_archive_makes_no_new_version_and_decisions_stand(self, home, tmp_path):
        copy = Home(tmp_path / "copy")
        backup(home, copy)
        conn = connect(copy)
        edited = conn.execute("select document_id, id, text from versions where cause = 'edited'").fetchall()
        assert len(edited) == 2  # the watched notice and the GOV.UK note, each edited once in the archive
        before = conn.execute("select count(*) from versions").fetchone()[0]
        survivor = conn.execute(
            """select passage_id from version_passages vp join versions v on v.id = vp.version_id
               where v.document_id = ? group by passage_id having count(*) > 1""",
            [edited[0]["document_id"]],
        ).fetchone()["passage_id"]
        with writing(conn):
            decision = TagDecision(
                passage_id=survivor, kind="group", value="conscripts", decision="accept", actor="ada",
                decided_at="2026-11-22T00:00:00Z",
            )  # fmt: skip
            tags.decide(conn, decision)
        faults.demo(copy.path)
        assert conn.execute("select count(*) from versions").fetchone()[0] == before
        decided = conn.execute(
            "select decision from current_tags where passage_id = ? and value = 'conscripts'", [survivor]
        ).fetchall()
        assert {row["decision"] for row in decided} == {"accept"}
        assert faults.start(copy.path, "verify").wait(timeout=60) == 0


class TestKilled:
    def test_killed_twice_the_final_rows_are_the_same(self, home, tmp_path):
        shaken = tmp_path / "shaken"
        assert faults.killed(shaken, iter([1.5, 4.0]), everyone=True) >= 1
        faults.demo(shaken)
        assert faults.differences(faults.rows_of(home.path), faults.rows_of(shaken)) == []
        assert faults.start(shaken, "verify").wait(timeout=60) == 0


def backup(one, other):
    """A copy of a home's database and archive, by SQLite's own backup."""
    other.create()
    source, target = sqlite3.connect(one.database), sqlite3.connect(other.database)
    source.backup(target)
    for connection in (source, target):
        connection.close()
    for file in one.archive.iterdir():
        os.link(file, other.archive / file.name)
    (other.declared / "sources").mkdir()
    for file in (one.declared / "sources").iterdir():
        os.link(file, other.declared / "sources" / file.name)


@pytest.fixture(scope="module")
def replayed(conn):
    return replay(conn, "NL-RUS-2022", basis="public", reading="provisional", today=TODAY, every_days=28)


def compared(replayed, day, subject):
    (found,) = [one for one in replayed.compared if str(one.act.on) == day and one.subject == subject]
    return found


class TestBacktest:
    """Method section 10: the Russian chronology beside what the state decided."""

    def test_conscripts_were_not_sufficient_when_the_state_froze_and_when_it_extended(self, replayed):
        for day in ("2022-06-29", "2022-12-13"):
            assert compared(replayed, day, "G1.3").agrees is True

    def test_reservists_of_december_2022_differ_because_the_claim_is_a_partys(self, replayed):
        found = compared(replayed, "2022-12-13", "reservists")
        assert (found.agrees, found.computed) == (False, "insufficient")
        assert any("rests on an interested party" in reason for reason in found.reasons)
        assert any("belanghebbende partij" in reason for reason in found.reasons_nl)

    def test_what_nobody_read_is_shown_and_not_scored(self, replayed):
        assert compared(replayed, "2023-06-08", "G1.3").agrees is None  # a letter
        assert compared(replayed, "2023-06-28", "G1.3").agrees is None  # an inferred end

    def test_it_is_never_sufficient(self, replayed):
        assert "sufficient" not in {s for p in replayed.points for s in (*p.questions.values(), *p.groups.values())}

    def test_one_kind_of_service_has_no_status_of_its_own(self, conn):
        assert {act.group for act in acts_of(conn, "NL-RUS-2022") if act.kind == "left out"} == {
            "critics",
            "reservists",
        }

    def test_only_countries_with_questions_can_be_replayed(self, conn):
        assert replayable(conn) == ["NL-RUS-2022"]
        for name in ("NL-SYR-2024", "NL-XYZ-1"):
            with pytest.raises(BacktestError, match=name):
                replay(conn, name, basis="public", reading="provisional", today=TODAY)

    def test_the_command_gives_one_object(self, coi):
        (one,) = coi("backtest", "--moratorium", "NL-RUS-2022", "--every", "120", "--json")["backtests"]
        assert one["points"] and one["compared"]
