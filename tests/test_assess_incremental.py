"""`coi assess` judges only what can have changed: after any acts and days its verdicts are those of judging all."""

import json
import sqlite3
from dataclasses import asdict
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import review.stored
from review import marks
from review.assess import keep, standing
from review.assessing import assess
from review.judging import judge_all
from review.method.model import Basis, Reading
from review.stored import fresh
from store import grades, runs, signoffs
from store.db import connect, prepare, writing
from store.home import Home
from store.model import RunCounts
from store.signoffs import Act
from tests.assess_world import SOURCES, START, World, declare, give_card

DAYS = timedelta(days=1)
RESULT = ("status", "effective", "certainty", "fragile", "origins", "items")
SAID = ("signed ", "reopened on ", "evidence moved to ")  # sentences that name no day of judging
OUTCOME = ("gates", "agreement", "fragile_origin", "one_origin_short", "contradictions")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    conn = connect(Home(tmp_path_factory.mktemp("assess") / "home"))
    declare(conn)
    yield conn
    conn.close()


def world_of(template, rng):
    conn = sqlite3.connect(":memory:", isolation_level=None)
    template.backup(conn)
    prepare(conn)
    conn.row_factory = sqlite3.Row
    return World(conn, rng)


def run(world, basis="public", **more):
    return assess(world.conn, as_of=world.day, basis=basis, at=world.at, today=world.day, **more)


def stored(conn, basis):
    """The newest verdict of each question and reading, without what only names the day."""
    found = {}
    for row in conn.execute("select * from verdicts where basis = ? order by as_of, id", [basis]):
        said = json.loads(row["outcome"])
        found[row["reading"], row["country"], row["question_id"]] = (
            {name: row[name] for name in (*RESULT, "stale_on", "falls_on")}
            | {name: said[name] for name in OUTCOME}
            | {"tests": {name: test["result"] for name, test in said["tests"].items()}}
            | {"said": [text for text in said["reasons"] if text.startswith(SAID)], "next_on": row["next_on"]}
            | {"facts": said["absence"]["facts"], "evidence": {(e["id"], e["role"]) for e in said["evidence"]}}
        )
    return found


def judged(conn, day, basis):
    """The same by judging everything."""
    found = {}
    for reading in ("provisional", "reviewed"):
        for group in standing(conn, as_of=day, basis=basis, reading=reading, today=day).groups:
            for q in group.questions:
                facts = json.loads(json.dumps(asdict(q), default=str))
                found[reading, q.country, q.id] = (
                    {name: facts[name] for name in (*RESULT, *OUTCOME, "stale_on", "falls_on")}
                    | {"tests": {name: test.result for name, test in q.tests.items()}, "facts": facts["absence"]}
                    | {"said": [text for text in q.reasons if text.startswith(SAID)], "next_on": facts["next_on"]}
                    | {"evidence": {(e.evidence_id, e.role) for e in q.evidence}}
                )
    return found


BESIDE = ("watersheds", "reopened_on", "reopened_by", "sufficient_on", "lapsed_on", "announced", "signed", "moved",
          "answers", "counts_as", "covered", "by_subgroup", "version", "wording", "scale", "decisive")  # fmt: skip


def shown(conn, day, basis, *, from_stored):
    """What pages show: every group and question, judged whole, or from stored verdicts and what came in since."""
    found = {}
    for reading in ("provisional", "reviewed"):
        seen = standing(conn, as_of=day, basis=basis, reading=reading, today=day, stored=from_stored)
        for group in seen.groups:
            facts = asdict(group)
            found[reading, group.country, group.group] = {
                name: facts[name] for name in ("status", "decisive_sufficient", "decisive_total", "subgroups")
            }
            for q in facts["questions"]:
                found[reading, q["country"], q["id"]] = (
                    {name: q[name] for name in (*RESULT, *OUTCOME, *BESIDE, "stale_on", "falls_on", "next_on")}
                    | {"tests": {name: test["result"] for name, test in q["tests"].items()}, "absence": q["absence"]}
                    | {"said": [text for text in q["reasons"] if text.startswith(SAID)]}
                )
    return found


@settings(max_examples=6, deadline=None)
@given(rng=st.randoms(use_true_random=True), steps=st.integers(3, 12))
def test_judging_what_is_touched_is_judging_all(template, rng, steps):
    lives(template, rng, steps)


@pytest.mark.parametrize("seed", range(2))
def test_a_long_life(template, seed):
    lives(template, Random(seed), 15)


def lives(template, rng, steps):
    world = world_of(template, rng)
    for _ in range(steps):
        acts = [world.act() for _ in range(rng.choice((0, 1, 2, 12)))]
        if rng.random() < 0.5:
            world.score()
        if rng.random() < 0.5:
            world.pass_days()
        basis = rng.choice(("public", "public", "held"))
        done = run(world, basis)
        assert stored(world.conn, basis) == judged(world.conn, world.day, basis), (acts, done.said)
        since = [world.act() for _ in range(rng.choice((0, 1, 3)))]
        if rng.random() < 0.3:
            world.pass_days()
        now, whole = (shown(world.conn, world.day, basis, from_stored=which) for which in (True, False))
        assert now == whole, (acts, since)
    world.conn.close()


def test_days_alone_raise_a_status_after_a_week_and_end_it_with_its_window(template):
    world = world_of(template, Random(0))
    with writing(world.conn):
        world.three_houses()
    seen = []
    for number in range(19):
        world.day, world.acts = START + timedelta(days=number), 0
        with writing(world.conn):
            world.crawl_well()
        done = run(world)
        verdict = stored(world.conn, "public")["provisional", "AA", "q0"]
        seen.append((number, done.judged, verdict["status"], verdict["effective"]))
    turned = [row for row in seen if row[1]]
    assert turned == [
        (0, 8, "sufficient", "insufficient"),
        (7, 1, "sufficient", "sufficient"),
        (10, 1, "insufficient", "insufficient"),
        (17, 1, "insufficient", "insufficient"),
    ]


def test_an_earlier_well_spring_two_links_up_is_noticed_below(template):
    world = world_of(template, Random(0))
    with writing(world.conn):
        world.three_houses()
        world.crawl_well()
    run(world)
    for child, parent in (("s0", "s1"), ("s1", "s4")):
        with writing(world.conn):
            key = f"doc:{parent}:seen"
            world.conn.execute("insert into origins values (?, ?, ?)", [key, key, world.at])
            world.conn.execute(
                """insert into origin_links (document_id, origin_id, rule, why, certainty, strength, rules_version,
                     found_at) select id, ?, 'copy', 'why', 'merged', 0.9, 'person', ? from documents
                   where source_id = ? and key = 'seen'""",
                [key, world.at, child],
            )
        run(world)
        assert stored(world.conn, "public") == judged(world.conn, world.day, "public")
    assert stored(world.conn, "public")["provisional", "AA", "q0"]["status"] == "insufficient"


def sufficient(world, day):
    """Judge a day on which q0 of AA is sufficient and has been for a week."""
    world.day = day
    with writing(world.conn):
        world.crawl_well()
    run(world)


def q0(world, basis="public"):
    everything = stored(world.conn, basis)
    assert everything == judged(world.conn, world.day, basis)
    return everything["provisional", "AA", "q0"]


def test_what_is_signed_and_what_ends_it_is_judged_again(template):
    world = world_of(template, Random(0))
    with writing(world.conn):
        world.three_houses()
    sufficient(world, START + timedelta(days=1))
    kept = "select id from verdicts where question_id = 'q0' and reading = 'provisional' order by as_of desc, id desc"
    (verdict,) = world.conn.execute(kept).fetchone()
    signed = {"verdict_id": verdict, "status": "sufficient", "reason": "seen"}
    with writing(world.conn):
        number = signoffs.add(
            world.conn, Act(**signed, act="propose", actor="ada", signed_at=world.at, expires_on=str(START + DAYS * 5))
        )
        signoffs.add(world.conn, Act(**signed, act="approve", actor="ben", signed_at=world.at, proposal_id=number))
    done = run(world)
    assert dict(done.why) == {"what was signed": 1}
    assert q0(world)["said"] == [
        "signed sufficient, computed insufficient (departs from the insufficient computed for 2024-03-02); by ada and "
        "ben on 2024-03-02, ends on 2024-03-06; reason: seen"
    ]
    with writing(world.conn):
        world.conn.execute(
            """insert into moratorium_events (moratorium_id, kind, on_day, known_on, confidence, actor, recorded_at)
               values ('m0', 'ended', '2024-03-03', '2024-03-04', 'verified', 'ada', ?)""",
            [world.at],
        )
    assert dict(run(world).why) == {"moratoria that ended": 1}
    for day, ended in (
        (2, ", ends on 2024-03-06; reason: seen"),
        (3, "expired on 2024-03-04 (the moratorium ended); reason: seen"),
    ):
        sufficient(world, START + DAYS * day)
        assert q0(world)["said"][0].endswith(ended)
    with writing(world.conn):
        world.conn.execute(
            """insert into moratorium_events (moratorium_id, kind, on_day, confidence, retracts, actor, recorded_at)
               select 'm0', 'retracted', '2024-03-06', 'verified', id, 'ada', ? from moratorium_events""",
            [world.at],
        )
    assert dict(run(world).why) == {"moratoria that ended": 1}
    assert q0(world)["said"][0].endswith(", ends on 2024-03-06; reason: seen")
    sufficient(world, START + DAYS * 5)
    assert q0(world)["said"][0].endswith("expired on 2024-03-06 (its own last day); reason: seen")


@pytest.mark.parametrize("basis", ["public", "held"])
def test_a_better_grade_counts_in_the_run_after_its_approval(template, basis):
    world = world_of(template, Random(0))
    with writing(world.conn):
        world.three_houses()
        give_card(world.conn, 4, "D")
        give_card(world.conn, 4, "C")
        world.crawl_well()
    run(world, basis)
    assert q0(world, basis)["status"] == "emerging"
    with writing(world.conn):
        grades.decide(world.conn, "s4", decision="approve", graded_by="ada", reason="seen", actor="ben", at=world.at)
    assert dict(run(world, basis).why) == {"new or changed documents and origins": 1}
    assert q0(world, basis)["status"] == "sufficient"


def test_health_of_a_week_before_that_is_known_only_now_is_judged_again(template):
    world = world_of(template, Random(0))
    with writing(world.conn):
        world.three_houses()
    world.day = START + DAYS * 8
    with writing(world.conn):
        world.crawl_well()
    run(world, "held")
    before = q0(world, "held")
    with writing(world.conn):
        for source in SOURCES:  # rounds of then that were entered late
            began = f"{START}T20:00:00Z"
            number = runs.start(world.conn, source, began, origin="network", started_at=began)
            runs.finish(world.conn, number, RunCounts(rows=1), "ok", "", ended_at=world.at)
    done = run(world, "held")
    assert done.why["health or coverage of sources"]
    assert (before["effective"], q0(world, "held")["effective"]) == ("emerging", "sufficient")


def test_what_was_judged_and_why_is_said(template):
    world = world_of(template, Random(1))
    for _ in range(30):
        world.act()
    first = run(world)
    assert (first.judged, first.questions, dict(first.why)) == (8, 8, {"the first run": 8})
    again = run(world)
    assert (again.judged, again.new) == (0, 0)
    assert again.said.endswith("0 of 8 questions judged (nothing has changed); 0 new verdicts")
    with writing(world.conn):
        world.do_search()
    third = run(world)
    assert third.judged == 1
    assert dict(third.why) == {"searches by hand": 1}


def test_stored_verdicts_are_shown_until_something_comes_in_or_their_day_is_over(template, monkeypatch):
    world = world_of(template, Random(1))
    for _ in range(30):
        world.act()
    run(world)
    judgings = []

    def counting(found, reading):
        judgings.append(found)
        return judge_all(found, reading)

    monkeypatch.setattr(review.stored, "judge_all", counting)
    assert len(shown(world.conn, world.day, "public", from_stored=True)) > 8 and judgings == []
    with writing(world.conn):
        world.do_search()
    shown(world.conn, world.day, "public", from_stored=True)
    assert [len(found.questions) for found in judgings] == [1, 1], "one question, in both readings"
    world.conn.execute("delete from settings where key = 'assessed public'")
    assert fresh(world.conn, as_of=world.day, basis=Basis.PUBLIC, reading=Reading.REVIEWED, today=world.day) is None
    run(world)
    past = world.day - DAYS
    assert fresh(world.conn, as_of=past, basis=Basis.PUBLIC, reading=Reading.REVIEWED, today=world.day) is None


def test_a_day_in_the_past_is_judged_whole_and_moves_no_mark(template):
    world = world_of(template, Random(2))
    for _ in range(30):
        world.act()
    world.pass_days()
    run(world)
    before = marks.read(world.conn, "public")
    past = assess(world.conn, as_of=START, basis="public", at=world.at, today=world.day)
    assert dict(past.why) == {"a day in the past": 8}
    assert marks.read(world.conn, "public") == before


def test_history_that_now_stands_as_the_newest_is_judged_again(template):
    world = world_of(template, Random(3))
    run(world)
    kept = standing(world.conn, as_of=world.day, basis="public", reading="provisional", today=world.day)
    with writing(world.conn):
        keep(world.conn, kept, at=world.at)
    assert run(world).judged == 8
    assert run(world).judged == 0
    one = standing(world.conn, as_of=world.day, basis="public", reading="reviewed", today=world.day, country="AA",
                   question="q0")  # fmt: skip
    with writing(world.conn):
        keep(world.conn, one, at=world.at)
    assert dict(run(world).why) == {"a verdict was kept for a signature": 1}


def test_what_returns_to_an_earlier_state_of_the_day_is_the_newest_again(template):
    world = world_of(template, Random(4))
    for _ in range(40):
        world.act()
    run(world, basis="held")
    newest = "select question_id, reading, inputs_digest from current_verdicts order by 1, 2"
    before = [tuple(row) for row in world.conn.execute(newest)]
    undecided = "select max(id) from evidence where id not in (select evidence_id from evidence_decisions)"
    (row,) = world.conn.execute(undecided).fetchone()
    seen = []
    for said in ("accept", "open"):
        with writing(world.conn):
            world.conn.execute(
                """insert into evidence_decisions (evidence_id, decision, reason, actor, decided_at)
                   values (?, ?, 'why', 'ada', ?)""",
                [row, said, world.at],
            )
        run(world, basis="held")
        seen.append([tuple(row) for row in world.conn.execute(newest)])
    assert seen[0] != before
    assert seen[1] == before


def test_the_same_inputs_have_the_same_digest_in_another_store(template):
    digests = []
    for shift in (0, 1000):
        world = world_of(template, Random(5))
        if shift:  # other row numbers for the same things
            other = world.conn.execute("select id from sources").fetchone()[0]
            world.conn.execute(
                """insert into documents (id, source_id, key, first_seen_at, last_seen_at)
                   values (?, ?, 'filler', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z')""",
                [shift, other],
            )
        for _ in range(25):
            with writing(world.conn):
                world.do_publish()
        run(world)
        rows = world.conn.execute("select question_id, reading, inputs_digest from verdicts order by 1, 2")
        digests.append([tuple(row) for row in rows])
    assert digests[0] == digests[1]
