"""What is frozen and what is newer, as pure functions over rows; tests/test_demo.py reads the example archive."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from review import newer_silence as silence
from review.newer import Change, Dealing, Entry, Known, Tier, dealt_with, digest, ranked, split
from review.newer_cli import show, to_json
from review.newer_read import newer
from review.newer_words import why
from store import evidence, presence
from store.db import connect, connect_readonly, writing
from store.evidence import EvidenceDecision
from store.home import Home
from store.original import adopt
from tests.site_home import ADMITTED, keep, make

DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))
ON, UNTIL = date(2022, 6, 29), date(2022, 12, 13)
ROW = Known(
    id="a", question="G1.3", origin="o", answer="none", directness="direct", decision="proposed", source_id="s",
    document_key="k", text_sha256="0" * 64, start=0, end=5, published_on="2022-06-01", known_on=date(2022, 6, 1),
    facts_from=None, facts_to=None,
)  # fmt: skip
ROWS = st.lists(
    st.builds(
        lambda id_, day, answer, number: replace(ROW, id=id_, known_on=day, answer=answer, document_id=number),
        st.text("abcdef", min_size=4, max_size=4), DAYS, st.sampled_from(["none", "isolated"]), st.integers(0, 9),
    ),
    unique_by=lambda row: row.id, max_size=12,
)  # fmt: skip
FLIP = Change(question="G1.3", what="status", before="insufficient", after="emerging", on=UNTIL)
ENTRIES = st.lists(
    st.builds(
        Entry,
        kind=st.sampled_from(["answer", "unread", "report", "watershed", "withdrawn"]),
        known_on=DAYS,
        questions=st.sampled_from([("G1.3",), ("G1.4",)]),
        deciding=st.booleans(),
        title=st.text("xyz", max_size=2),
        source_type=st.sampled_from(["media", "eu_agency"]),
        added=st.sampled_from([(), (FLIP,), (replace(FLIP, what="current", before="fail", after="weak"),)]),
        stance=st.sampled_from(["contradicts", "differs", "first", "agrees", "none"]),
        before=st.just(("none",)),
        weak=st.booleans(),
        one_short=st.booleans(),
        tried=st.booleans(),
        score=st.none() | st.floats(0, 1),
    ),
    max_size=8,
)


@given(ROWS, DAYS, st.integers(0, 200))
def test_frozen_and_since_are_all_that_was_known_by_the_last_day(rows, on, more):
    until = on + timedelta(days=more)
    frozen, since = split(rows, on, until)
    assert not set(frozen) & set(since)
    assert {*frozen, *since} == {row for row in rows if row.known_on <= until}
    assert all(row.known_on <= on for row in frozen)
    assert all(row.known_on > on for row in since)  # nothing that was known on the decision day is newer


@given(ROWS, st.randoms(), DAYS)
def test_the_same_rows_give_the_same_digest_in_any_order_and_database(rows, random, day):
    mixed = [replace(row, document_id=row.document_id + 7, passage_id=3) for row in rows]
    random.shuffle(mixed)
    assert digest(mixed) == digest(rows)
    if rows:
        other = replace(rows[0], answer="systematic")
        assert digest([other, *rows[1:]]) != digest(rows) != digest(rows[1:])
        frozen, _ = split(rows, day, day)
        assert digest(frozen) == digest(split(mixed, day, day)[0])


def test_the_digest_is_written_down():
    assert digest([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"  # sha256 of []


@given(ENTRIES, st.randoms())
def test_the_order_of_arrival_does_not_matter_and_what_changes_a_status_comes_first(entries, random):
    mixed = list(entries)
    random.shuffle(mixed)
    found = ranked(entries)
    assert [one.rank for one in found] == list(range(1, len(entries) + 1))
    assert [one.tier for one in found] == sorted(one.tier for one in entries)
    assert [(one.tier, one.weak, one.deciding, one.known_on) for one in ranked(mixed)] == [
        (one.tier, one.weak, one.deciding, one.known_on) for one in found
    ]
    assert all(one.tier is Tier.STATUS for one in found if FLIP in one.added)


@given(ENTRIES)
def test_every_entry_says_why_in_both_languages(entries):
    for entry in entries:
        said = why(entry, ON, UNTIL)
        assert all(one.en and one.nl and one.en != one.nl for one in said)
        assert said or entry.kind in ("report", "withdrawn", "watershed")
        if entry.added:
            assert str(ON) in said[0].en and "G1.3" in said[0].nl


def test_an_act_deals_with_what_was_known_on_its_own_day_and_a_sign_off_with_its_question():
    entry = Entry(kind="answer", known_on=date(2022, 9, 1), questions=("G1.3",))
    act = Dealing(on=date(2022, 9, 1), said="extended")
    assert dealt_with(entry, [act]) == "extended 2022-09-01"
    assert dealt_with(replace(entry, known_on=date(2022, 9, 2)), [act]) is None
    signed = Dealing(on=date(2022, 9, 3), said="signed", question="G1.4")
    assert dealt_with(entry, [signed]) is None
    assert dealt_with(entry, [replace(signed, question="G1.3")]) == "signed 2022-09-03"


ACTED = "2022-08-10T09:00:00Z"


@pytest.fixture(scope="module")
def acted(tmp_path_factory):
    """A home in which people and publishers did one thing each after the decision of 29 June 2022."""
    home = Home(tmp_path_factory.mktemp("acted"))
    ids = make(home)
    conn = connect(home)
    with writing(conn):
        about = dict(conn.execute("select passage_id, id from evidence").fetchall())
        reject = EvidenceDecision(
            evidence_id=about[ids["denied"]], decision="reject", actor="A. Jansen", decided_at=ACTED, reason="a copy"
        )
        evidence.decide(conn, reject)
        presence.mark_state(conn, ids["paper"], "withdrawn", seen_at=ACTED)
        conn.execute(
            """insert into contradictions (question_id, country, side_a, side_b, resolution, side, reason, actor,
               decided_at) values ('G1.3', 'RU', ?, ?, 'other_time', 'b', 'older', 'A. Jansen', ?)""",
            [f"[{about[ids['admitted']]}]", f"[{about[ids['old']]}]", ACTED],
        )
        keep(conn, "report", "query", "2022-08-01", ("Conscripts from Russia.",), seen_at=ACTED)
        read = conn.execute("select max(id) from passages").fetchone()[0]
        conn.execute(
            "insert into relevance values (?, 'G1.3', 'RU', 0.9, 0.1, 'rules', '2022-08-01', ?, 1, ?)",
            [read, ACTED, ACTED],
        )
    conn.close()
    return connect_readonly(home)


def seen(conn, until, basis="held"):
    found = newer(
        conn, "NL-RUS-2022", on=ON, until=date.fromisoformat(until), basis=basis, reading="provisional",
        today=date(2026, 11, 22),
    )  # fmt: skip
    return found, {one.entry.kind: one for one in found.since if one.entry.kind != "watershed"}


class TestSilenceIsNotDiligence:
    """A country on which nothing was collected, and a moratorium without a question (method §6)."""

    @pytest.mark.parametrize("name", ["NL-SYR-2024", "NL-IRN-2026"])
    def test_where_no_question_is_declared_an_empty_list_claims_nothing(self, acted, name):
        found = newer(
            acted, name, on=None, until=date(2026, 11, 22), basis="public", reading="provisional",
            today=date(2026, 11, 22),
        )  # fmt: skip
        assert not found.asked and not found.since and not found.gap
        said = [silence.caveat(found), silence.nothing_since(found), silence.nothing_missed(found)]
        assert "which says nothing of what was public" in said[0].en and "wat niets zegt over" in said[0].nl
        for lang in ("en", "nl"):
            file = StringIO()
            show(Console(file=file, width=400), found, lang)
            text = file.getvalue()
            assert all(getattr(one, lang) in text for one in said)
            assert not re.search(r"^ *(nothing|niets)$", text, re.MULTILINE)
        assert to_json(found)["assessed"] is False and to_json(found)["caveat"]["nl"] == said[0].nl

    def test_where_sources_were_not_searched_they_are_named(self, acted):
        found, _ = seen(acted, "2022-08-09")
        assert found.unsearched == ("report",)
        assert "report" in silence.caveat(found).en and "never collected" in silence.nothing_since(found).en


class TestWhatHappenedSince:
    def test_what_people_and_publishers_did_is_told_with_its_day(self, acted):
        found, kinds = seen(acted, "2022-08-20")
        assert set(kinds) == {"taken back", "withdrawn", "resolution", "unread"}
        assert kinds["withdrawn"].entry.quote == ADMITTED
        assert kinds["withdrawn"].entry.known_on == kinds["unread"].entry.known_on == date(2022, 8, 10)
        assert kinds["resolution"].entry.known_on == kinds["taken back"].entry.known_on == date(2022, 8, 10)
        assert "predicted relevant (0.90)" in kinds["unread"].why[-1].en
        assert len(found.frozen.rows) == 3

    def test_before_that_nothing_was_newer_and_the_list_of_then_is_the_same(self, acted):
        later, _ = seen(acted, "2022-08-20")
        before, kinds = seen(acted, "2022-08-09")
        assert kinds == {}
        assert before.frozen.digest == later.frozen.digest

    def test_on_the_public_basis_a_rejection_is_for_all_days(self, acted):
        found, kinds = seen(acted, "2022-08-20", "public")
        assert "taken back" not in kinds
        assert len(found.frozen.rows) == 2
        assert kinds["unread"].entry.known_on == date(2022, 8, 1)  # published before it was held

    def test_a_sign_off_deals_with_its_question(self, acted, tmp_path):
        (file,) = (row["file"] for row in acted.execute("pragma database_list") if row["name"] == "main")
        copy = Home(tmp_path)
        with connect(copy) as conn:
            connect_readonly(Home(Path(file).parent)).backup(conn)
        adopt(copy.database, copy)
        conn = connect(copy)
        with writing(conn):
            verdict = conn.execute(
                """insert into verdicts (as_of, basis, reading, rules_version, country, question_id, inputs_digest,
                   status, effective, certainty, fragile, origins, items, outcome, computed_at) values ('2022-08-15',
                   'public', 'provisional', '1', 'RU', 'G1.3', ?, 'emerging', 'emerging', 'low', 0, 1, 1, '{}', ?)""",
                ["0" * 64, "2022-08-15T09:00:00Z"],
            ).lastrowid
            for act, answers, who in (("propose", None, "A. Jansen"), ("approve", 1, "B. de Boer")):
                conn.execute(
                    """insert into signoffs (verdict_id, act, proposal_id, status, reason, actor, signed_at)
                       values (?, ?, ?, 'emerging', 'read', ?, '2022-08-15T10:00:00Z')""",
                    [verdict, act, answers, who],
                )
        found, kinds = seen(conn, "2022-08-20")
        assert kinds == {}
        assert {one.entry.dealt_with for one in found.dealt} == {"signed 2022-08-15"}
