"""What to read next: learnt relevance, the order, the random sample in it, and what is said to be left."""

import sqlite3
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review import queue, relevance, stopping
from review.relevance_model import FEATURES, Pair, learn
from review.relevance_pairs import draw_of
from store import codings, tags
from store.codings import RelevanceDecision
from store.db import connect
from store.home import Home
from store.original import adopt
from store.tags import MentionRow, TagDecision
from tests.site_home import AT, LATER, answer, keep, make, passage_of

MANY = 60
TODAY = date(2022, 6, 29)


def text_of(number: int) -> str:
    """A passage of its own; the even ones are about deployment, the odd ones about food."""
    if number % 2 == 0:
        return f"Case {number}: conscripts of unit {number} were deployed across the border in May, relatives say."
    return f"Case {number}: conscripts of unit {number} complain about the food in their canteen this month."


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Home:
    """A home with sixty passages on conscripts, of which the rules found an answer in every sixth."""
    home = Home(tmp_path_factory.mktemp("queue"))
    make(home)
    conn = connect(home)
    texts = [text_of(number) for number in range(MANY)]
    keep(conn, "paper", "many", "2022-06-02", tuple(texts))
    for number, text in enumerate(texts):
        passage = passage_of(conn, text)
        look = tags.examined(conn, passage, "tag", "test-1", at=AT)
        found = [
            MentionRow(kind="group", value="conscripts", rule="w"),
            MentionRow(kind="country", value="RU", rule="w"),
        ]
        tags.keep_mentions(conn, look, passage, found)
        if number % 6 == 0:
            answer(conn, passage, text, "isolated", "direct", "2022-05-30")
    conn.close()
    return home


@pytest.fixture
def conn(full, tmp_path):
    """A copy of it to write in, scored."""
    source, copied = connect(full), Home(tmp_path / "copy")
    copied.create()
    target = sqlite3.connect(copied.database)
    source.backup(target)
    target.close()
    source.close()
    adopt(copied.database, copied)
    opened = connect(copied)
    relevance.score_new(opened, at=AT)
    yield opened
    opened.close()


def asked(conn) -> queue.Open:
    return queue.open_questions(conn, today=TODAY, question="G1.3")[0]


def say(conn, passage: int, decision: str, *, actor: str = "anna", at: str = AT) -> None:
    code = "out_of_scope" if decision == "reject" else ""
    codings.judge(
        conn,
        RelevanceDecision(
            passage_id=passage, question_id="G1.3", country="RU", decision=decision, actor=actor, decided_at=at,
            reason_code=code,
        ),
    )  # fmt: skip


def pairs(truth: list[int], seed: int) -> list[Pair]:
    """Pairs whose feature `cues` tells the truth, with noise; the rules saw nothing."""
    rng = Random(seed)
    found = []
    for number, said in enumerate(truth):
        features = [rng.random() * 0.2 for _ in FEATURES]
        features[:2] = [0.0, 0.0]
        features[FEATURES.index("cues")] = 0.9 * said + 0.1 * rng.random()
        found.append(Pair(passage_id=number, examination=1, draw=rng.random(), features=tuple(features)))
    return found


class TestLearning:
    def test_it_learns_what_the_rules_did_not_know(self):
        truth = [int(number % 4 == 0) for number in range(80)]
        model = learn(pairs(truth, 1), truth, None)
        other = [1, 0, 1, 0, 0, 0]
        scores = model.scores(pairs(other, 2), None)
        assert min(s for s, said in zip(scores, other, strict=True) if said) > max(
            s for s, said in zip(scores, other, strict=True) if not said
        )
        assert max(scores) > 0.5 > min(scores)

    def test_with_little_to_learn_from_the_rules_stand(self):
        truth = [1] * 20 + [0] * 4
        found = pairs(truth, 1)
        model = learn(found, truth, None)
        assert model.name == "rules"
        assert model.scores(found, None) == [pair.rule_score for pair in found]

    @given(st.integers(0, 1000))
    def test_the_same_decisions_give_the_same_model(self, seed):
        truth = [int(number % 3 == 0) for number in range(30)]
        found = pairs(truth, seed)
        one, other = learn(found, truth, None), learn(found, truth, None)
        assert one.name == other.name
        assert one.scores(found, None) == other.scores(found, None)

    def test_vectors_are_learnt_from_too(self):
        import numpy as np

        rng = np.random.default_rng(1)
        truth = [int(number % 2 == 0) for number in range(60)]
        dull = [Pair(passage_id=n, examination=1, draw=0.1, features=(0.0,) * len(FEATURES)) for n in range(60)]
        vectors = rng.normal(size=(60, 16))
        vectors[:, 0] += np.asarray(truth) * 4.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        scores = learn(dull, truth, vectors, encoder="e").scores(dull, vectors)
        right = sum((score > 0.5) == bool(said) for score, said in zip(scores, truth, strict=True))
        assert right >= 55


class TestScores:
    def test_what_the_rules_answer_is_predicted_relevant_until_people_decide(self, conn):
        rows = conn.execute(
            """select p.text, r.score, r.model from relevance r join passages p on p.id = r.passage_id
               where r.question_id = 'G1.3'"""
        ).fetchall()
        assert {row["model"] for row in rows} == {"rules"}
        assert sum(row["score"] >= relevance.PREDICTED for row in rows if row["text"].startswith("Case")) == MANY / 6

    def test_nothing_new_changes_nothing(self, conn):
        before = [tuple(row) for row in conn.execute("select * from relevance")]
        done = relevance.score_new(conn, at=LATER)
        assert done.pairs == 0
        assert [tuple(row) for row in conn.execute("select * from relevance")] == before

    def test_decisions_move_the_scores_of_what_nobody_read(self, conn):
        for number in range(40):
            say(conn, passage_of(conn, text_of(number)), "accept" if number % 2 == 0 else "reject")
        assert relevance.score_new(conn, at=LATER).learnt >= 1
        scores = {
            row["text"]: row["score"]
            for row in conn.execute(
                "select text, score from relevance r join passages p on p.id = r.passage_id where question_id = 'G1.3'"
            )
        }
        unread = range(40, MANY)
        even = [scores[text_of(number)] for number in unread if number % 2 == 0]
        odd = [scores[text_of(number)] for number in unread if number % 2]
        assert min(even) > max(odd)

    def test_a_rejected_group_takes_the_passage_out(self, conn):
        passage = passage_of(conn, text_of(0))
        tags.decide(
            conn,
            TagDecision(
                passage_id=passage, kind="group", value="conscripts", decision="reject", actor="anna",
                decided_at=AT, reason_code="not_about_the_group",
            ),
        )  # fmt: skip
        items = queue.queue(conn, [asked(conn)], limit=200)
        assert passage not in {item.passage_id for item in items}  # at once
        relevance.score_new(conn, at=LATER)
        assert conn.execute("select 1 from relevance where passage_id = ?", [passage]).fetchone() is None

    def test_what_its_publisher_took_out_is_no_longer_asked(self, conn):
        keep(conn, "paper", "many", "2022-06-02", tuple(text_of(n) for n in range(1, MANY)), seen_at=LATER)
        relevance.score_new(conn, at=LATER)
        gone = passage_of(conn, text_of(0))
        assert conn.execute("select 1 from relevance where passage_id = ?", [gone]).fetchone() is None

    def test_the_random_order_is_that_of_the_texts(self):
        drawn = [draw_of(f"{number}", "paper:many", "G1.3") for number in range(2_000)]
        assert drawn == [draw_of(f"{number}", "paper:many", "G1.3") for number in range(2_000)]
        assert abs(sum(drawn) / len(drawn) - 0.5) < 0.03
        assert draw_of("1", "paper:many", "G1.3") != draw_of("1", "paper:many", "G1.4")


class TestOrder:
    def test_the_likely_ones_come_first_and_each_tenth_is_random(self, conn):
        items = queue.queue(conn, [asked(conn)], limit=MANY)
        assert [at for at, item in enumerate(items) if item.audit] == [9, 19, 29, 39, 49, 59]
        ranked = [item.score for item in items if not item.audit]
        assert ranked == sorted(ranked, reverse=True)
        assert len({item.passage_id for item in items}) == len(items)

    def test_why_is_said(self, conn):
        items = queue.queue(conn, [asked(conn)], limit=10)
        first = "; ".join(said.en for said in items[0].why)
        assert "predicted relevant by the rules (0.80)" in first
        assert "the rules propose the answer" in first
        assert items[9].why[0].en.startswith("random sample")
        assert all(said.nl for item in items for said in item.why)

    def test_what_is_too_old_to_count_comes_after_what_could_count(self, conn):
        old = "In March 2021 conscripts were deployed in the war zone, a colonel wrote."
        keep(conn, "paper", "old", "2021-03-02", (old,))
        passage = passage_of(conn, old)
        found = [
            MentionRow(kind="group", value="conscripts", rule="w"),
            MentionRow(kind="country", value="RU", rule="w"),
        ]
        tags.keep_mentions(conn, tags.examined(conn, passage, "tag", "test-1", at=AT), passage, found)
        answer(conn, passage, old, "isolated", "direct", "2021-03-01")
        relevance.score_new(conn, at=LATER)
        items = queue.queue(conn, [asked(conn)], limit=200)
        at = [item.passage_id for item in items].index(passage)
        assert at >= MANY / 6
        assert any("published before 2022-03-31" in said.en for said in items[at].why)

    def test_what_was_settled_does_not_come_back_and_later_comes_last(self, conn):
        first, second = (item.passage_id for item in queue.queue(conn, [asked(conn)], limit=2))
        say(conn, first, "reject")
        say(conn, second, "later")
        items = queue.queue(conn, [asked(conn)], actor="anna", limit=200)
        order = [item.passage_id for item in items]
        assert first not in order
        assert order.index(second) > MANY / 6
        assert any("put it off" in said.en for said in items[order.index(second)].why)

    def test_who_is_unsure_leaves_it_to_others(self, conn):
        first = queue.queue(conn, [asked(conn)], limit=1)[0].passage_id
        say(conn, first, "unsure", actor="anna")

        def order(actor: str) -> set[int]:
            return {item.passage_id for item in queue.queue(conn, [asked(conn)], actor=actor, limit=200)}

        assert first not in order("anna")
        assert first in order("ben")

    @settings(deadline=None, max_examples=20)
    @given(st.integers(0, 70), st.integers(1, 40))
    def test_a_part_of_the_list_is_the_list(self, full, offset, limit):
        conn = connect(full)
        with_scores = conn.execute("select 1 from relevance limit 1").fetchone()
        if not with_scores:
            relevance.score_new(conn, at=AT)
        one = asked(conn)
        whole = queue.queue(conn, [one], limit=200)
        part = queue.queue(conn, [one], offset=offset, limit=limit)
        conn.close()
        assert part == whole[offset : offset + limit]


class TestStopping:
    def test_nothing_is_estimated_from_too_little(self, conn):
        for item in queue.queue(conn, [asked(conn)], limit=5):
            say(conn, item.passage_id, "accept")
        found = queue.stopping(conn, asked(conn))
        assert found.left is None
        assert "Too few were read at random" in found.said.en

    def test_reading_to_the_end_leaves_nothing(self, conn):
        for row in conn.execute("select passage_id from relevance where question_id = 'G1.3'").fetchall():
            say(conn, row["passage_id"], "reject")
        found = queue.stopping(conn, asked(conn))
        assert (found.unread, found.left, found.at_most) == (0, 0, 0)
        assert found.in_a_row == found.pairs

    def test_a_row_is_counted_from_the_newest(self, conn):
        items = queue.queue(conn, [asked(conn)], limit=6)
        for number, item in enumerate(items):
            decision = "accept" if number < 2 else "reject"
            say(conn, item.passage_id, decision, at=f"2022-06-20T06:00:{number:02}Z")
        assert queue.stopping(conn, asked(conn)).in_a_row == 4

    @given(
        st.lists(st.tuples(st.integers(1, 90), st.integers(0, 9), st.booleans()), min_size=1, max_size=30),
        st.integers(9, 40),
        st.integers(0, 90),
    )
    def test_an_estimate_lies_within_what_is_there(self, given, found, unread):
        drawn = [stopping.Draw(unread=u, found_before=f, relevant=r) for u, f, r in given]
        assert 0 <= stopping.estimate(drawn, found, unread) <= unread
        assert 0 <= stopping.bound(drawn, found, unread) <= unread

    def test_over_many_readings_the_bound_holds_and_the_estimate_is_no_lie(self):
        """A ranking that helps a little; stop anywhere. The bound covers the truth in 95 of 100."""
        rng, covered, errors = Random(7), 0, []
        for _ in range(300):
            truth = [rng.random() < 0.2 for _ in range(200)]
            score = {n: (0.2 if said else 0.0) + rng.random() * 0.8 for n, said in enumerate(truth)}
            pairs = [(rng.random(), n, AT) for n in range(200)]
            order = [n for _, n, _ in sorted(pairs)]
            ranked = sorted(score, key=lambda n: -score[n])
            read: list[stopping.Settled] = []
            done: set[int] = set()
            for turn in range(rng.randint(110, 190)):
                chosen = next(n for n in (order if turn % 10 == 9 else ranked) if n not in done)
                done.add(chosen)
                at = f"2022-06-20T06:{turn // 60:02}:{turn % 60:02}Z"
                read.append(stopping.Settled(passage_id=chosen, at=at, relevant=truth[chosen]))
            found = stopping.how_far("G1.3", pairs, read)
            left = sum(said for n, said in enumerate(truth) if n not in done)
            assert found.left is not None and found.at_most is not None
            covered += found.at_most >= left
            errors.append(found.left - left)
        assert covered >= 0.94 * 300
        assert abs(sum(errors) / len(errors)) < 4

    def test_what_came_in_later_hides_no_earlier_draw(self):
        pairs = [(0.5, 1, AT), (0.6, 2, AT), (0.1, 3, LATER)]
        read = [stopping.Settled(passage_id=1, at="2022-06-21T06:00:00Z", relevant=False)]
        assert stopping.draws(pairs, read) == [stopping.Draw(unread=2, found_before=0, relevant=False)]

    def test_the_estimate_is_near_the_truth_on_average(self, conn):
        """Read everything as the queue gives it, half of it: what is said to be left is about what is left."""
        one, errors = asked(conn), []
        for _ in range(70):
            items = queue.queue(conn, [one], actor="anna", limit=1)
            if not items:
                break
            text = conn.execute("select text from passages where id = ?", [items[0].passage_id]).fetchone()[0]
            say(conn, items[0].passage_id, "accept" if "deployed" in text else "reject")
            found = queue.stopping(conn, one)
            if found.left is not None:
                left = conn.execute(
                    """select count(*) from relevance r join passages p on p.id = r.passage_id
                       where r.question_id = 'G1.3' and p.text like '%deployed%'
                         and r.passage_id not in (select passage_id from relevance_decisions)"""
                ).fetchone()[0]
                errors.append(found.left - left)
                assert found.at_most is not None and found.at_most >= left
        assert errors and abs(errors[-1]) <= 3
