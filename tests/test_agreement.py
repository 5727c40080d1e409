"""Blind coding: Krippendorff's alpha, the share coded twice, and the gate they close in the reviewed reading."""

import sqlite3
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import coding
from review.agreement import Agreement, alpha_of, measure, raw_of
from review.assess import standing
from review.method.model import Gate
from store import codings, evidence
from store.codings import Coding
from store.db import connect
from store.evidence import EvidenceDecision
from store.home import Home
from tests.site_home import AT, make

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units, missing
# values, nominal data; published alpha 0.743.
PUBLISHED = """
A: 1 2 3 3 2 1 4 1 2 . . .
B: 1 2 3 3 2 2 4 1 2 5 . 3
C: . 3 3 3 2 3 4 2 2 5 1 .
D: 1 2 3 3 2 4 4 1 2 5 1 .
"""


def units(text: str) -> dict:
    found: dict = {}
    for line in text.strip().splitlines():
        coder, values = line.split(":")
        for number, value in enumerate(values.split()):
            if value != ".":
                found.setdefault((number, "G1.3"), {})[coder] = value
    return found


class TestAlpha:
    def test_the_published_example(self):
        assert alpha_of(units(PUBLISHED)) == pytest.approx(0.743, abs=0.0005)

    def test_without_variation_it_counts_as_one(self):
        assert alpha_of({(1, "a"): {"x": "none", "y": "none"}}) == 1.0

    def test_without_two_answers_there_is_none(self):
        assert alpha_of({(1, "a"): {"x": "none"}, (2, "a"): {"y": "none"}}) is None
        assert raw_of([{"x": "none"}]) is None

    @given(
        st.dictionaries(
            st.tuples(st.integers(1, 30), st.just("q")),
            st.dictionaries(st.sampled_from("xyz"), st.sampled_from("abc"), min_size=2),
            min_size=1,
        )
    )
    def test_it_is_at_most_one_and_one_only_for_full_agreement(self, found):
        value = alpha_of(found)
        assert value is not None and value <= 1.0
        assert (value == 1.0) == (raw_of(found.values()) == 1.0)


class TestGate:
    """Method §7, each threshold on both sides."""

    @pytest.mark.parametrize(
        ("accepted", "twice", "raw", "alpha", "closed"),
        [
            (0, 0, None, None, False),
            (9, 9, 0.9, 0.1, False),
            (9, 9, 0.89, 1.0, True),
            (9, 8, 1.0, 1.0, True),
            (10, 2, 0.5, 0.67, False),
            (10, 2, 1.0, 0.66, True),
            (10, 1, 1.0, 1.0, True),
            (40, 8, 1.0, 0.8, False),
            (10, 2, 1.0, None, True),
        ],
    )
    def test_thresholds(self, accepted, twice, raw, alpha, closed):
        found = Agreement(accepted=accepted, accepted_twice=twice, coded_twice=twice, coders=2, raw=raw, alpha=alpha)
        assert found.closes is closed
        assert found.said.en and found.said.nl


@pytest.fixture
def filled(tmp_path):
    """The small home of the site's tests, with the first answer accepted."""
    home = Home(tmp_path)
    ids = make(home)
    conn = connect(home)
    evidence.decide(
        conn, EvidenceDecision(evidence_id=ids["evidence"], decision="accept", actor="chris", decided_at=AT)
    )
    yield conn, ids
    conn.close()


def code(conn: sqlite3.Connection, passage: int, actor: str, answer: str, *, blind: bool = True) -> None:
    version = conn.execute("select version from current_questions where id = 'G1.3'").fetchone()[0]
    codings.code(
        conn,
        Coding(
            passage_id=passage, question_id="G1.3", question_version=version, country="RU", answer=answer,
            actor=actor, coded_at=AT, blind=blind,
        ),
    )  # fmt: skip


def gates(conn: sqlite3.Connection, reading: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = standing(conn, as_of=date(2022, 6, 29), basis="public", reading=reading, question="G1.3")
    question = next(q for group in found.groups for q in group.questions if q.id == "G1.3")
    return question.gates, question.reasons


class TestMeasured:
    def test_the_gate_opens_when_two_agree(self, filled):
        conn, ids = filled
        assert Gate.DOUBLE_CODING in gates(conn, "reviewed")[0]
        code(conn, ids["admitted"], "anna", "isolated")
        assert Gate.DOUBLE_CODING in gates(conn, "reviewed")[0]
        code(conn, ids["admitted"], "ben", "isolated")
        closed, said = gates(conn, "reviewed")
        assert Gate.DOUBLE_CODING not in closed
        assert "double coding: 1 of 1 accepted passages coded by two people, raw agreement 1.00" in said

    def test_who_has_seen_the_proposal_does_not_count(self, filled):
        conn, ids = filled
        code(conn, ids["admitted"], "anna", "isolated")
        code(conn, ids["admitted"], "chris", "isolated", blind=False)
        assert measure(conn, "RU", ["G1.3"]).coded_twice == 0

    def test_unsure_is_no_answer(self, filled):
        conn, ids = filled
        code(conn, ids["admitted"], "anna", "isolated")
        code(conn, ids["admitted"], "ben", "unsure")
        assert measure(conn, "RU", ["G1.3"]).coded_twice == 0

    def test_what_was_coded_later_was_not_known_then(self, filled):
        conn, ids = filled
        for name in ("anna", "ben"):
            code(conn, ids["admitted"], name, "isolated")
        assert measure(conn, "RU", ["G1.3"], until="2022-06-19T00:00:00Z").accepted == 0
        assert measure(conn, "RU", ["G1.3"], until=AT).accepted_twice == 1

    def test_the_provisional_reading_says_that_they_are_not_measured(self, filled):
        closed, said = gates(filled[0], "provisional")
        assert Gate.DOUBLE_CODING not in closed
        named = next(one for one in said if one.startswith("not measured yet"))
        assert named == (
            "not measured yet, so nothing is said of it: whether enough was coded by two people; whether a "
            "decisive passage is known only in machine translation; whether relevant passages are unread"
        )


class TestBlind:
    def test_nobody_sees_the_others_before_coding(self, filled):
        conn, ids = filled
        code(conn, ids["admitted"], "anna", "none")
        assert coding.others(conn, ids["admitted"], "G1.3", "RU", actor="ben") == ()
        code(conn, ids["admitted"], "ben", "isolated")
        said = coding.others(conn, ids["admitted"], "G1.3", "RU", actor="ben")
        assert [(one.who, one.answer, one.kind) for one in said] == [
            ("anna", "none", "coding"), ("ben", "isolated", "coding"), ("chris", "isolated", "decision"),
        ]  # fmt: skip

    def test_the_half_coded_come_first_and_one_is_asked_once(self, filled):
        conn, ids = filled
        version = conn.execute("select version from current_questions where id = 'G1.3'").fetchone()[0]

        def waiting(actor: str) -> list[int]:
            return coding.to_code(conn, "G1.3", version, "RU", actor=actor)

        assert waiting("anna")[0] == ids["admitted"]  # accepted
        code(conn, ids["denied"], "ben", "none")
        assert waiting("anna")[0] == ids["denied"]
        assert ids["denied"] not in waiting("ben")
        assert ids["admitted"] not in waiting("chris")  # decided on it, so has seen the proposal
        assert not coding.is_blind(conn, ids["admitted"], "G1.3", "RU", actor="Chris ")
        code(conn, ids["denied"], "anna", "none")
        assert ids["denied"] not in waiting("dora")  # two are enough
