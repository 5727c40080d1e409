"""The example from published pages to statuses, as a newcomer runs it, and what scripts rely on."""

import json
import os
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coi import cli
from review import chronology_tables, golden, worked_doc
from review.assess import judge_country, speakers_of, standing
from review.backtest import BacktestError, replay, replayable
from review.backtest_acts import acts_of
from review.method.model import Basis, Decision, Reading
from review.newer import OFFICIAL, Tier, digest, split
from review.newer_read import NewerError, newer
from store import tags
from store.db import connect, connect_readonly, writing
from store.home import Home
from store.original import adopt
from store.tags import TagDecision
from tests import faults, method_cases, test_method_properties

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

    @settings(max_examples=12)
    @given(days=st.integers(0, 1200))
    def test_what_was_held_is_a_subset_of_what_was_public(self, conn, days):
        day = date(2021, 6, 1) + timedelta(days=days)
        public, held = (seen(conn, day, basis) for basis in ("public", "held"))
        assert held <= public

    def test_as_of_the_day_of_a_live_run_equals_what_it_stored(self, conn):
        (day,) = conn.execute("select distinct as_of from verdicts").fetchone()
        stored = conn.execute("select question_id, inputs_digest, status from verdicts where reading = 'provisional'")
        found = standing(conn, as_of=date.fromisoformat(day), basis="held", reading="provisional")
        again = {(q.id, q.inputs_digest, q.status) for g in found.groups for q in g.questions}
        assert {tuple(row) for row in stored} == again

    @settings(max_examples=10)
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
    adopt(other.database, other)
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


class TestTheChronology:
    """docs/backtest.md: the chronology row by row, the golden table, each origin left out."""

    def test_the_document_is_made_of_the_example(self, home):
        path = Path(__file__).parents[2] / "shared" / "data" / "russia-timeline.csv"
        if not path.exists():
            pytest.skip(f"{path} is not here: the chronology lies beside a checkout, not in it")
        conn = connect_readonly(home)
        found = chronology_tables.tables(conn, path, today=TODAY)
        text = chronology_tables.DOC.read_text("utf-8")
        said = f"run coi demo and 'python -m review.chronology_tables {path.name}'"
        assert text == chronology_tables.written(text, found), said

    def test_all_that_is_expected_holds_or_is_not_held(self, conn):
        found = golden.check(conn, today=TODAY)
        assert [one.computed for one in found if one.holds is False] == []
        assert [str(one.expected.on) for one in found if one.holds is None] == ["2023-03-31"]

    def test_either_of_two_voices_carried_emerging_on_the_day_of_the_freeze(self, conn):
        (told,) = chronology_tables.left_out(conn, [date(2022, 6, 29)], today=TODAY)
        assert told.judged.outcome.status == "emerging"
        assert Counter(str(one.status) for one in told.without) == {"insufficient": 2, "emerging": 1}


def table(text: str, head: str) -> list[dict[str, str]]:
    """The rows of the Markdown table that starts with a column of this name."""
    lines = text[text.index(f"| {head} |") :].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.strip()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


@pytest.fixture(scope="module")
def page():
    return (Path(__file__).parents[1] / "docs" / "method-worked.md").read_text("utf-8")


@pytest.fixture(scope="module")
def told(coi):
    return coi("explain", "RU", "conscripts", "G1.3", "--as-of", "2022-06-29", "--json")


class TestByHand:
    """docs/method-worked.md: the verdict of the day of the decision, recomputed with a table and a calendar only."""

    def test_its_items_are_those_of_the_verdict(self, page, told):
        real = {
            (i["id"], o["type"], o["owner"], i["grade"], i["answer"], i["facts_on"], "yes" if i["sure"] else "no",
             i["directness"], i["part"])
            for o in told["steps"]["origins"] for i in o["items"]
        }  # fmt: skip
        names = ("Item", "Source type", "Owner", "Grade", "Answer", "Facts to", "Sure", "Directness", "Part")
        rows = table(page, "Item")
        assert {tuple(row[name] for name in names) for row in rows} == real
        numbered = {row["Item"]: row["Origin"] for row in rows}
        origins = told["steps"]["origins"]
        assert [{numbered[i["id"]] for i in o["items"]} for o in origins] == [{str(n + 1)} for n in range(len(origins))]

    def test_it_is_made_of_the_example(self, page, home):
        assert page == worked_doc.render(worked_doc.of(home)), "run coi demo and 'python -m review.worked_doc'"

    def test_every_number_follows_from_them(self, page, told):
        verdict, steps = told["verdict"], told["steps"]
        start = max(date(2022, 6, 29) - timedelta(days=90), date(2022, 2, 24))
        rows = table(page, "Item")
        voting = [
            row for row in rows
            if row["Part"] == "votes" and row["Sure"] == "yes" and date.fromisoformat(row["Facts to"]) >= start
        ]  # fmt: skip
        assert steps["in_time_from"] == start.isoformat()
        assert verdict["origins"] == len(voting) == len({row["Origin"] for row in voting})
        (answer, most), *_ = Counter(row["Answer"] for row in voting).most_common()
        late = {row["Origin"]: row["Answer"] for row in rows if row["Part"] in ("late", "unsure")}
        against = len(voting) - most + sum(other != answer for other in late.values())
        assert verdict["agreement"] == most / (most + against)
        behind = [row for row in voting if row["Answer"] == answer]
        assert steps["support"]["owners"] == sorted({row["Owner"] for row in behind})
        assert steps["support"]["types"] == sorted({row["Source type"] for row in behind})
        assert len(steps["support"]["direct"]) == sum(row["Directness"] == "direct" for row in behind)
        days = sorted(date.fromisoformat(row["Facts to"]) for row in voting)
        assert verdict["stale_on"] == (days[-2] + timedelta(days=91)).isoformat()
        assert verdict["tests"]["current"]["result"] == "pass"
        owners = len(steps["support"]["owners"])
        assert verdict["tests"]["reliable"]["result"] == {1: "fail", 2: "weak"}[owners]
        assert steps["missing"]["owners"] == 3 - owners
        assert "few_votes" in steps["certainty_steps"] and len(voting) < 4
        assert verdict["certainty"] == "very low"
        seen = steps["coverage"]
        assert seen["share"] == 1 - len(seen["not_searched"]) / seen["decisive"]
        assert verdict["gates"] == (["coverage"] if seen["share"] < 0.9 else [])
        for said in (start.isoformat(), verdict["stale_on"], f"**{verdict['agreement']:.2f}**", "**very low**"):
            assert said in page

    def test_the_table_without_one_origin_is_the_verdicts(self, page, told):
        numbered = {row["Item"]: row["Origin"] for row in table(page, "Item")}
        number = {o["id"]: numbered[o["items"][0]["id"]] for o in told["steps"]["origins"]}
        real = {
            number[one["origin"]]: (one["current"], one["unambiguous"], one["reliable"], one["status"])
            for one in told["steps"]["without"]
        }
        names = ("CURRENT", "UNAMBIGUOUS", "RELIABLE", "Status")
        assert {row["Left out"]: tuple(row[name] for name in names) for row in table(page, "Left out")} == real

    @pytest.mark.parametrize("language", ["en", "nl"])
    @pytest.mark.parametrize("day", ["2022-02-23", "2022-06-29", "2023-04-07"])
    def test_the_text_fits_a_terminal_and_names_its_thresholds(self, home, language, day, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(home.path))
        words = ["explain", "ru", "conscripts", "g1.3", "--as-of", day, "--lang", language]
        said = CliRunner().invoke(cli, words)
        assert said.exit_code == 0, said.output
        assert max(len(line) for line in said.output.splitlines()) <= 100
        assert "current_pass_origins" in said.output
        assert said.output.count("\n10. ") == 1

    def test_a_question_that_is_not_asked_is_refused_with_what_is(self, home, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(home.path))
        run = CliRunner()
        for words, named in (
            (("RU", "conscripts", "G9.9"), "not asked about conscripts; asked are: G1.10"),
            (("BY", "conscripts", "G1.3"), "G1.3 is asked about RU"),
            (("RU", "critics", "G1.3"), "G1.3 is asked about conscripts"),
        ):
            said = run.invoke(cli, ["explain", *words])
            assert said.exit_code == 2
            assert named in said.output

    def test_a_question_of_law_and_one_without_evidence_are_explained_too(self, home, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(home.path))
        for group, asked in (("conscripts", "G1.1a"), ("conscripts", "G1.9"), ("critics", "G5.2")):
            said = CliRunner().invoke(cli, ["explain", "RU", group, asked, "--as-of", "2022-12-13"])
            assert said.exit_code == 0, said.output
            assert "7. Status" in said.output


PROPERTIES = [name for name in dir(test_method_properties) if name.startswith("test_")]


@pytest.fixture(scope="module")
def cases(conn):
    found = []
    for day in (date(2022, 6, 29), date(2022, 12, 13), date(2023, 4, 7)):
        judged = judge_country(
            conn, "RU", as_of=day, basis=Basis.PUBLIC, reading=Reading.PROVISIONAL, today=day,
            speakers=speakers_of(conn), group="conscripts", look_ahead=False,
        )  # fmt: skip
        found += [one.case for one in judged if len(one.case.evidence) > 1]
    assert len(found) > 10
    return found


class TestPropertiesOnTheExample:
    """Every property of method §11, on the example's own rows with random rows added."""

    @pytest.mark.parametrize("name", PROPERTIES)
    def test_it_holds(self, name, cases, monkeypatch):
        def of_the_example(rng):
            base = rng.choice(cases)
            if rng.random() < 0.5:  # as if people had accepted all
                rows = tuple(replace(row, decision=Decision.ACCEPTED) for row in base.evidence)
                base = replace(base, evidence=rows, reading=Reading.REVIEWED)
            # the rows that a property adds fall on days around this one
            monkeypatch.setattr(method_cases, "START", base.as_of - timedelta(days=60))
            return replace(base, gates_closed=frozenset(), basis=rng.choice(list(Basis)))

        monkeypatch.setattr(test_method_properties, "a_case", of_the_example)
        monkeypatch.setattr(test_method_properties, "WINDOW", 365)
        inner = getattr(test_method_properties, name).hypothesis.inner_test
        few = settings(max_examples=15, suppress_health_check=list(HealthCheck))
        few(given(test_method_properties.RANDOM)(inner))()


def since_decision(conn, on, until, basis="public", name="NL-RUS-2022"):
    days = {"on": date.fromisoformat(on) if on else None, "until": date.fromisoformat(until)}
    return newer(conn, name, **days, basis=basis, reading="provisional", today=TODAY)


@pytest.fixture(scope="module")
def by_extension(conn):
    return since_decision(conn, "2022-06-29", "2022-12-13")


class TestNewer:
    """What the first Russian decision knew, and what had become known by its extension, read by hand in the archive."""

    def test_what_was_known_is_frozen(self, by_extension):
        frozen = by_extension.frozen
        assert by_extension.decision == "decided 2022-06-29" and by_extension.deciding == ("G1.3",)
        of_extent = [(str(row.known_on), row.answer) for row in frozen.rows if row.question == "G1.3"]
        assert ("2022-04-20", "isolated") in of_extent and ("2022-04-01", "none") in of_extent  # warship, denial
        assert {row.known_on for row in frozen.rows} <= {date(2021, 4, 7) + timedelta(days=n) for n in range(449)}
        assert frozen.status == "emerging" and by_extension.status_until == "insufficient"
        assert frozen.digest == digest(reversed(frozen.rows))

    def test_what_is_newer_on_the_deciding_question_is_what_the_archive_holds(self, conn, by_extension):
        rows = conn.execute(
            """select passage_id from evidence_matrix where question_id = 'G1.3' and country = 'RU'
                 and public_on > '2022-06-29' and public_on <= '2022-12-13'"""
        )
        found = [one.entry for one in by_extension.since if one.entry.questions == ("G1.3",)]
        assert {row.passage_id for entry in found for row in entry.rows} == {row["passage_id"] for row in rows}
        assert sorted((str(one.known_on), one.answer) for one in found) == [
            ("2022-07-05", "none"), ("2022-10-31", "unknown"), ("2022-11-30", "unknown"), ("2022-12-13", "unknown"),
        ]  # fmt: skip
        denial = next(one for one in by_extension.since if str(one.entry.known_on) == "2022-07-05")
        assert any("another answer than 'isolated'" in said.en for said in denial.why)
        assert any("a party to the conflict" in said.en for said in denial.why)
        assert denial.entry.weak and not denial.entry.added and not denial.entry.left_out

    def test_first_stands_what_the_judge_says_would_change_a_status(self, by_extension):
        first, second, *rest = (one.entry for one in by_extension.since)
        for entry, asked in ((first, "G1.1a"), (second, "G1.7a")):
            assert (entry.questions, str(entry.known_on), entry.official) == ((asked,), "2022-07-20", True)
            assert [(c.what, c.before, c.after) for c in entry.added] == [("status", "insufficient", "emerging")]
        assert all(entry.tier > Tier.STATUS for entry in rest)
        events = {entry.title for entry in rest if entry.kind == "watershed"}
        assert "Partial mobilisation" in events
        reports = [entry for entry in rest if entry.kind == "report"]
        assert reports and all(entry.source_type in OFFICIAL for entry in reports)

    def test_frozen_and_newer_are_all_that_was_known_by_the_last_day(self, by_extension, conn):
        since = {row.id for one in by_extension.since for row in one.entry.rows}
        frozen = {row.id for row in by_extension.frozen.rows}
        all_of_it = since_decision(conn, "2022-12-13", "2022-12-13").frozen.rows
        assert frozen | since == {row.id for row in all_of_it} and not frozen & since
        assert {row.id for row in split(all_of_it, by_extension.on, by_extension.until)[0]} == frozen

    def test_a_new_installation_held_nothing_so_all_is_a_gap(self, conn, by_extension):
        held = since_decision(conn, "2022-06-29", "2022-12-13", "held")
        assert not held.frozen.rows and not [one for one in held.since if one.entry.kind == "answer"]
        missed = {row.id for one in held.gap for row in one.entry.rows}
        assert missed == {row.id for row in by_extension.frozen.rows}
        first = held.gap[0].entry
        assert first.questions == ("G1.3",) and first.left_out[0].after == "insufficient"

    def test_a_later_decision_parts_the_list(self, conn, by_extension):
        later = since_decision(conn, "2022-06-29", "2023-06-01")
        before = {one.entry.known_on for one in later.dealt if one.entry.kind == "answer"}
        assert before and max(before) <= date(2022, 12, 13)
        assert {one.entry.dealt_with for one in later.dealt} == {"extended 2022-12-13"}
        assert min(one.entry.known_on for one in later.since) > date(2022, 12, 13)
        assert later.frozen.digest == by_extension.frozen.digest

    def test_the_newest_decision_is_the_default(self, conn):
        found = since_decision(conn, None, "2023-06-01")
        assert (found.on, found.decision) == (date(2022, 12, 13), "extended 2022-12-13")
        assert since_decision(conn, None, "2022-12-12").on == date(2022, 6, 29)

    def test_a_moratorium_without_questions_has_reports_only(self, conn):
        found = since_decision(conn, None, "2026-01-01", name="NL-SYR-2024")
        assert not found.asked and found.frozen.status == "not assessed" and not found.gap

    @settings(max_examples=8)
    @given(first=st.integers(0, 900), more=st.integers(0, 500), basis=st.sampled_from(["public", "held"]))
    def test_nothing_known_by_the_decision_day_is_newer(self, conn, first, more, basis):
        on = date(2022, 6, 29) + timedelta(days=first)
        until = min(on + timedelta(days=more), TODAY)
        found = newer(conn, "NL-RUS-2022", on=on, until=until, basis=basis, reading="provisional", today=TODAY)
        frozen = {row.id for row in found.frozen.rows}
        for one in (*found.since, *found.dealt):
            assert on < one.entry.known_on <= until
            assert one.entry.kind != "answer" or not frozen & {row.id for row in one.entry.rows}
        assert all(row.known_on <= on for row in found.frozen.rows)

    def test_the_command_says_the_same_in_another_process(self, coi, by_extension):
        said = coi("newer", "NL-RUS-2022", "--on", "2022-06-29", "--until", "2022-12-13", "--json")
        assert said["frozen"]["digest"] == by_extension.frozen.digest
        assert [one["rank"] for one in said["since"]] == list(range(1, len(by_extension.since) + 1))
        assert said["since"][0]["tier"] == "status" and said["since"][0]["why_nl"]

    @pytest.mark.parametrize(
        ("name", "on", "until", "said"),
        [
            ("NL-XYZ-1", None, "2022-12-13", "NL-RUS-2022"),
            ("NL-RUS-2022", "2022-06-28", "2022-12-13", "its first decision is of 2022-06-29"),
            ("NL-RUS-2022", "2022-12-13", "2022-12-12", "before --on 2022-12-13"),
            ("NL-RUS-2022", None, "2022-01-01", "no decision was known by 2022-01-01"),
            ("NL-RUS-2022", None, "2026-11-23", "has not come yet"),
        ],
    )
    def test_wrong_days_are_refused(self, conn, name, on, until, said):
        with pytest.raises(NewerError, match=said):
            since_decision(conn, on, until, name=name)
