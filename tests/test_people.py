"""What people decide is never lost: undone by a further row, carried over small changes, kept past new rules."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import carrying
from store import codings, documents, evidence, tags
from store.codings import AlreadyCoded, Coding, RelevanceDecision
from store.evidence import EvidenceDecision
from store.reason_codes import CHOICES, ReasonCode
from store.tags import MentionRow, TagDecision
from store.verify import database_problems
from tests.conftest import version
from tests.site_home import passage_of

AT, NEXT, LAST = "2022-06-20T06:00:00Z", "2022-06-21T06:00:00Z", "2022-06-22T06:00:00Z"
FIRST = "Conscripts from Pskov were sent across the border in May and fought near Kharkiv for two weeks."
EDITED = "Conscripts from Pskov were sent across the border in May, and fought near Kharkiv for two weeks."
OTHER = "The bakery on the corner has raised the price of bread again this month, neighbours say."


@pytest.fixture
def asked(conn: sqlite3.Connection, home) -> sqlite3.Connection:
    """A store with the declared questions, one document, and one proposed answer on its first passage."""
    from review import register

    register.sync(conn, None, at=AT)
    keep(conn, FIRST, OTHER)
    propose(conn, FIRST, "isolated")
    return conn


def keep(conn, *paragraphs: str, at: str = AT, extractor: str = "test/1", capture: int | None = None) -> None:
    documents.keep(conn, version(*paragraphs, extractor=extractor), capture_id=capture, seen_at=at, recorded_at=at)


def propose(conn, text: str, value: str, rules: str = "test-1") -> int:
    """Let these rules propose an answer to G1.3 in a passage; return its id."""
    question = conn.execute("select version from current_questions where id = 'G1.3'").fetchone()[0]
    found = evidence.EvidenceRow(
        passage_id=passage_of(conn, text), question_id="G1.3", question_version=question, country="RU",
        group_id="conscripts", answer=value, directness="direct", start=0, end=len(text), rule="test",
        proposed_by=f"rules {rules}", proposed_at=AT, facts_to="2022-05-30",
        examination_id=tags.examined(conn, passage_of(conn, text), "evidence", rules, at=AT),
    )  # fmt: skip
    evidence.keep_all(conn, [found])
    return conn.execute("select max(id) from evidence").fetchone()[0]


def state(conn, text: str) -> list[tuple[str, str]]:
    rows = conn.execute(
        "select answer, decision from current_evidence where passage_id = ? order by id", [passage_of(conn, text)]
    )
    return [tuple(row) for row in rows]


def decide(conn, evidence_id: int, decision: str, **more) -> int:
    reason = {"reason_code": "wrong_answer"} if decision == "reject" else {}
    fields = {"evidence_id": evidence_id, "decision": decision, "actor": "anna", "decided_at": AT} | reason | more
    return evidence.decide(conn, EvidenceDecision(**fields))


class TestUndo:
    def test_a_decision_is_undone_by_a_further_one(self, asked):
        first = decide(asked, 1, "accept")
        second = decide(asked, 1, "reject")
        third = evidence.undo(asked, 1, decision_id=second, actor="ben", at=NEXT)
        assert state(asked, FIRST) == [("isolated", "accept")]
        evidence.undo(asked, 1, decision_id=third, actor="ben", at=NEXT)
        assert state(asked, FIRST) == [("isolated", "reject")]
        assert asked.execute("select count(*) from evidence_decisions").fetchone()[0] == 4
        assert asked.execute("select undoes from evidence_decisions where id = ?", [third]).fetchone()[0] == second
        assert first == 1
        assert list(database_problems(asked)) == []

    def test_the_first_decision_undone_leaves_the_proposal_open(self, asked):
        only = decide(asked, 1, "reject")
        evidence.undo(asked, 1, decision_id=only, actor="anna", at=NEXT)
        assert state(asked, FIRST) == [("isolated", "proposed")]

    def test_what_was_undone_no_longer_holds_back_new_rules(self, asked):
        only = decide(asked, 1, "reject")
        propose(asked, FIRST, "isolated", "test-2")
        assert state(asked, FIRST) == [("isolated", "reject")]
        evidence.undo(asked, 1, decision_id=only, actor="anna", at=NEXT)
        assert state(asked, FIRST) == [("isolated", "proposed")]

    def test_what_a_person_wrote_did_not_exist_before(self, asked):
        row = asked.execute("select * from evidence").fetchone()
        kept = {name: row[name] for name in evidence._COLUMNS} | {"examination_id": None, "proposed_by": "anna"}
        written = evidence.add(asked, evidence.EvidenceRow(**kept | {"answer": "regular"}))
        last = asked.execute("select max(id) from evidence_decisions").fetchone()[0]
        evidence.undo(asked, written, decision_id=last, actor="anna", at=NEXT)
        assert ("regular", "reject") in state(asked, FIRST)
        assert asked.execute("select count(*) from audit where table_name = 'evidence'").fetchone()[0] == 1
        assert list(database_problems(asked)) == []

    def test_undoing_a_decision_on_something_else_is_an_error(self, asked):
        decide(asked, 1, "accept")
        with pytest.raises(LookupError, match="no decision 7"):
            evidence.undo(asked, 1, decision_id=7, actor="anna", at=NEXT)

    @given(st.lists(st.sampled_from(["accept", "reject", "unsure", "later", "undo"]), max_size=12))
    def test_the_newest_row_says_what_holds(self, acts):
        """Whatever is decided and undone, tags stand as a list of states would: undo brings back the one before."""
        conn = sqlite3.connect(":memory:", isolation_level=None)
        conn.row_factory = sqlite3.Row
        conn.executescript(
            """create table tag_decisions (id integer primary key, passage_id, kind, value, decision, reason_code,
                 reason, actor, decided_at, carried_from, undoes)"""
        )
        states = ["open"]
        for act in acts:
            last = conn.execute("select max(id) from tag_decisions").fetchone()[0]
            if act == "undo":
                if last is None:
                    continue
                tags.undo(conn, 1, "group", "x", decision_id=last, actor="a", at=AT)
                states.append(states[-2])
            else:
                tags.decide(
                    conn,
                    TagDecision(passage_id=1, kind="group", value="x", decision=act, actor="a", decided_at=AT),
                )
                states.append(act)
        row = conn.execute("select decision from tag_decisions order by id desc limit 1").fetchone()
        assert (row["decision"] if row else "open") == states[-1]
        conn.close()


class TestReasons:
    def test_the_list_is_closed(self, asked):
        for code in CHOICES:
            decide(asked, 1, "reject", reason_code=code)
        with pytest.raises(sqlite3.IntegrityError):
            decide(asked, 1, "reject", reason_code="because")
        assert ReasonCode.UNDONE not in CHOICES


class TestCarried:
    """A passage that changes a little takes its decisions along, each marked, and to be confirmed."""

    def test_an_edit_of_a_comma(self, asked):
        decide(asked, 1, "accept", reason="seen the video")
        keep(asked, EDITED, OTHER, at=NEXT)
        propose(asked, EDITED, "isolated")
        assert carrying.carry(asked, at=LAST) == 1
        row = asked.execute("select * from last_evidence_decisions order by id desc limit 1").fetchone()
        assert (row["decision"], row["reason"], row["actor"], row["carried_from"]) == (
            "accept", "seen the video", "anna", 1,
        )  # fmt: skip
        assert state(asked, EDITED) == [("isolated", "accept")]
        listed = asked.execute("select about, what, from_passage_id from carried_decisions").fetchall()
        assert [tuple(row) for row in listed] == [("evidence", "G1.3 isolated", passage_of(asked, FIRST))]

    def test_it_is_carried_once(self, asked):
        decide(asked, 1, "accept")
        keep(asked, EDITED, OTHER, at=NEXT)
        assert carrying.carry(asked, at=LAST) == 1
        assert carrying.carry(asked, at=LAST) == 0

    def test_confirming_takes_it_off_the_list_and_undoing_does_not_bring_it_again(self, asked):
        decide(asked, 1, "accept")
        keep(asked, EDITED, OTHER, at=NEXT)
        propose(asked, EDITED, "isolated")
        carrying.carry(asked, at=LAST)
        decide(asked, 2, "accept", actor="ben", decided_at=LAST)
        assert asked.execute("select count(*) from carried_decisions").fetchone()[0] == 0
        last = asked.execute("select max(id) from evidence_decisions").fetchone()[0]
        evidence.undo(asked, 2, decision_id=last, actor="ben", at=LAST)
        assert carrying.carry(asked, at=LAST) == 0

    @pytest.mark.parametrize("decision", ["accept", "reject", "unsure", "later"])
    def test_an_answer_that_the_rules_no_longer_give_is_carried_too(self, asked, decision):
        decide(asked, 1, decision)
        keep(asked, EDITED, OTHER, at=NEXT)
        assert carrying.carry(asked, at=LAST) == 1
        assert state(asked, EDITED) == [("isolated", decision)]
        propose(asked, EDITED, "isolated", "test-2")  # and holds against rules that give it again
        if decision in ("accept", "reject"):
            assert state(asked, EDITED) == [("isolated", decision)]
        assert list(database_problems(asked)) == []

    def test_tags_and_words_on_relevance_go_along(self, asked):
        passage = passage_of(asked, FIRST)
        tags.decide(
            asked,
            TagDecision(
                passage_id=passage, kind="group", value="reservists", decision="add", actor="anna", decided_at=AT
            ),
        )
        codings.judge(
            asked,
            RelevanceDecision(
                passage_id=passage, question_id="G1.4", country="RU", decision="reject", actor="anna",
                decided_at=AT, reason_code="out_of_scope",
            ),
        )  # fmt: skip
        keep(asked, EDITED, OTHER, at=NEXT)
        assert carrying.carry(asked, at=LAST) == 2
        new = passage_of(asked, EDITED)
        assert [row[2] for row in tags.tags_of(asked, new)] == [{}]
        row = asked.execute("select * from last_relevance_decisions where passage_id = ?", [new]).fetchone()
        assert (row["decision"], row["carried_from"]) == ("reject", 1)

    def test_a_newer_reader_joins_two_paragraphs(self, asked):
        """The same bytes read anew: the old paragraph is now a part of a longer one, and its decision with it."""
        decide(asked, 1, "accept")
        capture = asked.execute(
            """insert into captures (url, fetched_at, recorded_at, status, sha256, bytes, warc_file, warc_offset,
                 warc_length) values ('https://paper.example/a', ?, ?, 200, ?, 9, 'a', 0, 1) returning id""",
            [AT, AT, "0" * 64],
        ).fetchone()[0]
        joined = f"{OTHER} {FIRST}"
        keep(asked, FIRST, OTHER, at=NEXT, capture=capture, extractor="test/2")
        keep(asked, joined, at=LAST, capture=capture, extractor="test/3")
        assert asked.execute("select cause from versions order by id desc limit 1").fetchone()[0] == "reread"
        assert carrying.carry(asked, at=LAST) == 1
        row = asked.execute("select start, end from evidence order by id desc limit 1").fetchone()
        assert joined[row["start"] : row["end"]] == FIRST

    def test_another_text_takes_nothing(self, asked):
        decide(asked, 1, "accept")
        keep(asked, "Conscripts stayed at home this year, the ministry said on Friday.", OTHER, at=NEXT)
        assert carrying.carry(asked, at=LAST) == 0
        assert state(asked, FIRST) == [("isolated", "accept")]  # kept where it was made

    def test_a_neighbour_that_stood_beside_it_is_no_successor(self, asked):
        decide(asked, 1, "accept")
        keep(asked, FIRST, EDITED, at=NEXT)
        keep(asked, EDITED, at=LAST)
        assert carrying.carry(asked, at=LAST) == 0


class TestSurvival:
    def test_a_second_crawl_of_the_same_text(self, asked):
        decide(asked, 1, "accept")
        keep(asked, FIRST, OTHER, at=NEXT)
        assert state(asked, FIRST) == [("isolated", "accept")]

    def test_new_rules_propose_and_never_overwrite(self, asked):
        decide(asked, 1, "accept")
        propose(asked, FIRST, "none", "test-2")
        assert state(asked, FIRST) == [("isolated", "accept")]

    def test_new_rules_may_propose_another_answer_than_the_rejected_one(self, asked):
        decide(asked, 1, "reject")
        propose(asked, FIRST, "none", "test-2")
        assert state(asked, FIRST) == [("isolated", "reject"), ("none", "proposed")]

    def test_a_rejected_tag_stays_rejected_under_new_rules(self, asked):
        passage = passage_of(asked, FIRST)
        for rules in ("test-1", "test-2"):
            look = tags.examined(asked, passage, "tag", rules, at=AT)
            tags.keep_mentions(asked, look, passage, [MentionRow(kind="group", value="conscripts", rule="word")])
            if rules == "test-1":
                tags.decide(
                    asked,
                    TagDecision(
                        passage_id=passage, kind="group", value="conscripts", decision="reject", actor="anna",
                        decided_at=AT, reason_code="not_about_the_group",
                    ),
                )  # fmt: skip
        assert list(tags.tags_of(asked, passage)) == []


class TestCodings:
    def coding(self, asked, **more) -> Coding:
        question = asked.execute("select version from current_questions where id = 'G1.3'").fetchone()[0]
        fields = {
            "passage_id": 1, "question_id": "G1.3", "question_version": question, "country": "RU",
            "answer": "isolated", "actor": "anna", "coded_at": AT,
        }  # fmt: skip
        return Coding(**fields | more)

    def test_a_coder_answers_once_and_the_chain_holds_it(self, asked):
        codings.code(asked, self.coding(asked))
        with pytest.raises(AlreadyCoded, match="anna"):
            codings.code(asked, self.coding(asked, answer="none"))
        with pytest.raises(AlreadyCoded):
            codings.code(asked, self.coding(asked, answer="none", actor=" Anna "))
        codings.code(asked, self.coding(asked, actor="ben", answer="not_relevant"))
        assert asked.execute("select count(*) from audit where table_name = 'codings'").fetchone()[0] == 2
        assert list(database_problems(asked)) == []

    def test_an_answer_off_the_scale_is_refused(self, asked):
        with pytest.raises(sqlite3.IntegrityError, match="scale"):
            codings.code(asked, self.coding(asked, answer="often"))

    def test_a_coding_is_never_changed(self, asked):
        codings.code(asked, self.coding(asked))
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            asked.execute("update codings set answer = 'none'")


def test_evidence_that_somebody_slips_in_past_the_chain_is_found(asked):
    """A row that says it was written by a person and that the chain never saw."""
    asked.execute("drop trigger evidence_audit")
    propose(asked, OTHER, "none")
    row = asked.execute("select * from evidence order by id desc limit 1").fetchone()
    kept = {name: row[name] for name in evidence._COLUMNS} | {"examination_id": None}
    evidence.add(asked, evidence.EvidenceRow(**kept))
    said = list(database_problems(asked))
    assert any("evidence row 3: is not as the audit chain recorded it" in one for one in said)
