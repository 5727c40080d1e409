"""The gate translation: what people know in machine translation only never makes a question sufficient."""

from datetime import date

import pytest

from review import assessing
from review.assess import standing
from review.carrying import carry
from review.pack.blocks import texts
from review.pack.brief import brief
from review.pack.data import as_data
from review.pack.gather import gather
from review.pack.paper import compose
from review.pack.wanted import Wanted, of_question
from store import codings, evidence
from store.codings import Coding
from store.db import writing
from store.evidence import EvidenceDecision
from store.translations import Translation, keep
from tests.test_green import STORIES, healthy, publish, understand

DAY = date(2022, 6, 20)  # on which the sources were last seen in good health


@pytest.fixture
def judged(tmp_path):
    """Three independent reports, read by two people: G1.3 is sufficient but for what was read of the first."""
    conn = healthy(tmp_path)
    for number, (name, text) in enumerate(STORIES.items(), 1):
        publish(conn, name, f"2022-06-0{number + 1}", text)
    understand(conn)
    rows_ = conn.execute("select * from evidence where question_id = 'G1.3' order by id").fetchall()
    with writing(conn):
        for row in rows_:
            for coder in ("ada", "ben"):
                codings.code(
                    conn,
                    Coding(
                        passage_id=row["passage_id"], question_id="G1.3", question_version=row["question_version"],
                        country="RU", answer=row["answer"], actor=coder, coded_at="2022-06-10T08:00:00Z",
                    ),
                )  # fmt: skip
    yield conn, [row["id"] for row in rows_], [row["passage_id"] for row in rows_]
    conn.close()


def translate(conn, passage, at="2022-06-11T08:00:00Z"):
    sha = conn.execute("select text_sha256 from passages where id = ?", [passage]).fetchone()[0]
    with writing(conn):
        keep(
            conn,
            Translation(
                text_sha256=sha, from_language="en", to_language="nl", engine="tiny", engine_version="1",
                text="Dienstplichtigen sneuvelden.", actor="ada", translated_at=at,
            ),
        )  # fmt: skip


def decide(conn, evidence_id, day, *, actor="ada", read_in="", decision="accept", **more):
    with writing(conn):
        return evidence.decide(
            conn,
            EvidenceDecision(
                evidence_id=evidence_id, decision=decision, actor=actor, decided_at=f"{day}T09:00:00Z",
                read_in=read_in, **more,
            ),
        )  # fmt: skip


def g13(conn, basis="public", day=DAY):
    found = standing(conn, as_of=day, basis=basis, reading="reviewed", today=DAY, country="RU")
    return next(q for g in found.groups for q in g.questions if q.id == "G1.3")


class TestGate:
    def test_read_in_the_original_it_is_sufficient(self, judged):
        conn, ids, _ = judged
        for one in ids:
            decide(conn, one, "2022-06-12")
        assert (g13(conn).status, g13(conn).gates) == ("sufficient", ())

    def test_it_stays_open_until_somebody_reads_the_original(self, judged):
        conn, ids, passages = judged
        translate(conn, passages[0])
        for one in ids:
            decide(conn, one, "2022-06-12")
        one = g13(conn)
        assert (one.status, one.gates) == ("emerging", ("translation",))
        assert any(
            f"Publisher of alfa (¶ {passages[0]})" in said and "at most emerging" in said for said in one.reasons
        )
        assert any("alleen een machinevertaling" in said for said in one.reasons_nl)
        assert [item.machine for item in one.evidence] == [True, False, False]
        before = one.inputs_digest
        decide(conn, ids[0], "2022-06-14", actor="ben", read_in="original")
        after = g13(conn)
        assert (after.status, after.gates) == ("sufficient", ()) and after.inputs_digest != before
        decide(conn, ids[0], "2022-06-15", actor="eve", read_in="machine")  # does not unread it
        assert g13(conn).gates == ()

    def test_a_translation_made_after_the_decision_changes_nothing(self, judged):
        conn, ids, passages = judged
        for one in ids:
            decide(conn, one, "2022-06-12")
        before = g13(conn).inputs_digest
        translate(conn, passages[0], "2022-06-13T08:00:00Z")
        assert (g13(conn).gates, g13(conn).inputs_digest) == ((), before)

    def test_held_it_is_the_state_as_known_then(self, judged):
        conn, ids, passages = judged
        translate(conn, passages[0])
        for one in ids:
            decide(conn, one, "2022-06-12")
        decide(conn, ids[0], "2022-06-17", actor="ben", read_in="original")
        assert "translation" in g13(conn, "held", date(2022, 6, 16)).gates
        assert "translation" not in g13(conn, "held", date(2022, 6, 17)).gates

    def test_an_undone_reading_and_one_before_another_decision_do_not_count(self, judged):
        conn, ids, passages = judged
        translate(conn, passages[0])
        for one in ids:
            decide(conn, one, "2022-06-12")
        mine = decide(conn, ids[0], "2022-06-13", actor="ben", read_in="original")
        with writing(conn):
            again = evidence.undo(conn, ids[0], decision_id=mine, actor="ben", at="2022-06-14T09:00:00Z")
        assert g13(conn).gates == ("translation",)
        with writing(conn):
            evidence.undo(conn, ids[0], decision_id=again, actor="ben", at="2022-06-15T09:00:00Z")
        assert g13(conn).gates == ()
        decide(conn, ids[0], "2022-06-16", decision="unsure", read_in="original")
        decide(conn, ids[0], "2022-06-17", read_in="machine")
        assert g13(conn).gates == ("translation",)

    def test_a_dissent_rejected_in_translation_keeps_it_open(self, judged):
        conn, ids, passages = judged
        denied = conn.execute("select * from evidence where id = ?", [ids[0]]).fetchone()
        with writing(conn):
            row = {name: denied[name] for name in evidence.EvidenceRow.__dataclass_fields__} | {"answer": "none"}
            mine = evidence.add(conn, evidence.EvidenceRow(**row | {"proposed_by": "ada", "examination_id": None}))
        translate(conn, passages[0])
        for one in ids:
            decide(conn, one, "2022-06-12", read_in="original" if one == ids[0] else "")
        decide(conn, mine, "2022-06-12", decision="reject", reason="not said", read_in="machine")
        assert g13(conn).gates == ("translation",)
        decide(conn, mine, "2022-06-13", decision="reject", reason="not said", read_in="original", actor="ben")
        assert g13(conn).gates == ()

    def test_the_provisional_reading_does_not_measure_it(self, judged):
        conn, ids, passages = judged
        translate(conn, passages[0])
        decide(conn, ids[0], "2022-06-12")
        found = standing(conn, as_of=DAY, basis="public", reading="provisional", today=DAY, country="RU")
        one = next(q for g in found.groups for q in g.questions if q.id == "G1.3")
        assert one.gates == () and not any("machine translation only, so" in said for said in one.reasons)

    def test_the_next_run_judges_the_question_again(self, judged):
        conn, ids, passages = judged
        translate(conn, passages[0])
        for one in ids:
            decide(conn, one, "2022-06-12")

        def run():
            return assessing.assess(conn, as_of=DAY, basis="public", at="2022-06-20T10:00:00Z", today=DAY)

        def kept():
            return conn.execute(
                """select status from verdicts where question_id = 'G1.3' and reading = 'reviewed'
                   order by id desc limit 1"""
            ).fetchone()[0]

        run()
        assert kept() == "emerging" and run().judged == 0
        decide(conn, ids[0], "2022-06-14", actor="ben", read_in="original")
        assert run().why == {"people's decisions": 1, "what people coded or decided": run_size(conn) - 1}
        assert kept() == "sufficient"

    def test_an_edit_carries_what_was_read(self, judged):
        conn, ids, passages = judged
        translate(conn, passages[0])
        for one in ids:
            decide(conn, one, "2022-06-12")
        publish(conn, "alfa", "2022-06-13", STORIES["alfa"].replace("fighting", "heavy fighting"))
        understand(conn)
        with writing(conn):
            assert carry(conn, at="2022-06-13T10:00:00Z")
        assert rows_of(conn, "select read_in from evidence_decisions order by id desc limit 1") == [("machine",)]
        assert "translation" in g13(conn).gates

    def test_a_pack_quotes_the_original_and_adds_the_translation_with_its_mark(self, judged):
        conn, ids, passages = judged
        for passage in passages[:2]:
            translate(conn, passage)
        decide(conn, ids[0], "2022-06-12")
        decide(conn, ids[1], "2022-06-12", read_in="original")
        wanted = Wanted(scope=of_question(conn, "G1.3"), as_of=DAY, basis="public", reading="reviewed", today=DAY)
        found = gather(conn, wanted)
        said = list(texts(compose(found, "en", captures=False)))
        assert (
            "Machine translation · tiny 1 · 11 June 2022 · of the whole passage: " in said
            and said.count("Dienstplichtigen sneuvelden.") == 1
        )
        assert STORIES["alfa"] in said
        (question,) = as_data(found)["questions"]
        assert [len(item.get("machine_translations", ())) for item in question["evidence"]] == [1, 0]
        assert any("read in machine translation only" in voice.role for voice in brief(found, "en").voices)


def rows_of(conn, sql):
    return [tuple(row) for row in conn.execute(sql)]


def run_size(conn):
    """The questions of the group of G1.3, over which double coding is pooled."""
    return conn.execute(
        "select count(*) from current_questions where group_id = 'conscripts' and country = 'RU'"
    ).fetchone()[0]
