"""The forms of people: decisions with reasons and undo, added answers, the queue, blind coding, recorded searches."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from review import relevance
from review.assess import standing
from review.collecting import speakers_of
from review.plugin.look import Refused
from review.plugin.voiced import must_be_said
from store import presence
from store.db import connect, writing
from store.home import Home
from store.verify import database_problems
from tests.site_home import ADMITTED, LATER, RUSSIAN, answer, make
from tests.test_site import APPROVER, READER, RESEARCHER, Site

BEN = {"id": "ben", "role": "approver"}
GOOD = {"question": "G1.3", "answer": "regular", "directness": "direct"}
SEARCH = {
    "source.report": "1", "terms": "conscripts front", "languages": "en, ru", "period_from": "2022-03-01",
    "period_to": "2022-06-29", "found": "0",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("filled")
    ids = make(Home(folder))
    conn = connect(Home(folder))
    relevance.score_new(conn, at=LATER)
    conn.close()
    return folder, ids


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


def rows(site: Site, sql: str) -> list[tuple]:
    conn = connect(site.home)
    try:
        return [tuple(row) for row in conn.execute(sql)]
    finally:
        conn.close()


class TestDecisions:
    def test_a_reason_of_the_list_is_enough_to_reject_and_is_kept(self, own):
        fields = {"decision": "reject", "reason_code": "wrong_dates"}
        assert own.post("/evidence/{evidence}/decide", fields, RESEARCHER).status_code == 303
        assert rows(own, "select decision, reason_code, reason from evidence_decisions") == [
            ("reject", "wrong_dates", "")
        ]

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"decision": "reject", "reason_code": "because"}, "not_about_the_group"),
            ({"decision": "reject", "reason_code": "undone"}, "not a reason of the list"),
            ({"decision": "reject", "reason_code": "other"}, "few words of your own"),
            ({"decision": "undo"}, "nothing to undo"),
            ({"decision": "open"}, "is not a decision"),
            ({"decision": "accept", "reason": "x" * 1_000_000}, "1000000 characters"),
        ],
    )
    def test_what_cannot_be_kept_is_400_with_words(self, own, fields, said):
        answer = own.post("/evidence/{evidence}/decide", fields, RESEARCHER)
        assert (answer.status_code, own.count("evidence_decisions")) == (400, 0)
        assert said in answer.text

    def test_undo_restores_and_a_stale_undo_is_told(self, own):
        own.post("/evidence/{evidence}/decide", {"decision": "accept"}, RESEARCHER)
        assert 'value="undo"' in own.get("/questions/G1.3?as_of=2022-06-29", RESEARCHER).text
        late = own.post("/evidence/{evidence}/decide", {"decision": "undo", "seen": "7"}, BEN)
        assert late.status_code == 409
        assert own.post("/evidence/{evidence}/decide", {"decision": "undo", "seen": "1"}, BEN).status_code == 303
        assert rows(own, "select decision, undoes, actor from evidence_decisions where id > 1") == [("open", 1, "ben")]
        assert rows(own, "select decision from current_evidence where id = 1") == [("proposed",)]

    def test_an_added_tag_is_undone(self, own):
        tag = {"kind": "group", "value": "deserters"}
        own.post("/passages/{admitted}/tags", tag | {"decision": "add"}, RESEARCHER)
        assert (
            own.post("/passages/{admitted}/tags", tag | {"decision": "undo", "seen": "1"}, RESEARCHER).status_code
            == 303
        )
        assert "group: deserters" not in own.get("/documents/{paper}").text
        again = own.post("/passages/{admitted}/tags", tag | {"decision": "undo", "seen": "2"}, RESEARCHER)
        assert again.status_code == 303
        assert "group: deserters" in own.get("/documents/{paper}").text

    def test_a_withdrawn_passage_keeps_its_decision_and_says_so(self, own):
        conn = connect(own.home)
        with writing(conn):
            presence.mark_state(conn, own.ids["paper"], "withdrawn", seen_at="2022-06-26T06:00:00Z")
        conn.close()
        back = {"decision": "accept", "back": "/documents/{paper}".format(**own.ids)}
        answer = own.post("/evidence/{evidence}/decide", back, RESEARCHER)
        assert answer.status_code == 303
        assert own.count("evidence_decisions") == 1
        told = own.get(answer.headers["location"], RESEARCHER, cookies={"ds_messages": answer.cookies["ds_messages"]})
        assert "The publisher took this passage out on 26 June 2022" in told.text

    def test_relevance_is_decided_for_a_question_of_a_group_only(self, own):
        sent = {"question": "G1.4", "decision": "reject", "reason_code": "out_of_scope"}
        assert own.post("/passages/{admitted}/relevance", sent, RESEARCHER).status_code == 303
        for question, status, said in (("X1", 400, "belongs to no group"), ("G9.9", 404, "No question has the id")):
            answer = own.post("/passages/{admitted}/relevance", sent | {"question": question}, RESEARCHER)
            assert answer.status_code == status
            assert said in answer.text
        assert own.post("/passages/999999/relevance", sent, RESEARCHER).status_code == 404
        assert own.count("relevance_decisions") == 1


class TestAnswers:
    def test_an_added_answer_is_accepted_evidence_once(self, own):
        fields = GOOD | {
            "facts_from": "2022-05-01", "facts_to": "2022-05-30", "attributed_to": "their mothers",
            "quote": "fought near Kharkiv", "reason": "three names",
        }  # fmt: skip
        for _ in range(2):
            assert own.post("/passages/{admitted}/evidence", fields, RESEARCHER).status_code == 303
        found = rows(
            own,
            """select answer, decision, decided_by, attributed_to, facts_from, facts_to, start from current_evidence
               where examination_id is null""",
        )
        at = ADMITTED.index("fought")
        assert found == [("regular", "accept", "anna", "their mothers", "2022-05-01", "2022-05-30", at)]
        assert "three names" in rows(own, "select reason from evidence_decisions")[0]
        assert "regular" in own.get("/questions/G1.3?as_of=2022-06-29&reading=reviewed").text
        conn = connect(own.home)
        assert [said for said in database_problems(conn) if "chain" in said or "evidence row" in said] == []
        conn.close()

    def test_who_takes_an_own_answer_back_takes_nobody_elses(self, own):
        """Both rest on the whole passage, which is what the form says unless words are chosen."""

        def counted() -> list[str]:
            conn = connect(own.home)
            found = standing(
                conn, as_of=date(2022, 6, 29), basis="public", reading="reviewed", country="RU", question="G1.3"
            )
            conn.close()
            return [item.decision for group in found.groups for one in group.questions for item in one.evidence]

        for actor, day in ((RESEARCHER, "2022-05-29"), (APPROVER, "2022-05-30")):
            sent = GOOD | {"answer": "isolated", "facts_to": day}
            assert own.post("/passages/{admitted}/evidence", sent, actor).status_code == 303
        assert counted().count("accept") == 2
        last = rows(own, "select max(id), max(evidence_id) from evidence_decisions")[0]
        undo = {"decision": "undo", "seen": str(last[0])}
        assert own.post(f"/evidence/{last[1]}/decide", undo, APPROVER).status_code == 303
        assert counted().count("accept") == 1

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("Russian Ministry of Defence", "ru-mod"),
            ("the Russian defence ministry's spokesman Konashenkov", "ru-mod"),
            ("russisch ministerie van Defensie, het Russische ministerie van Defensie", "ru-mod"),
            ("RU-MOD", "ru-mod"),
            ("the Kremlin", "ru-kremlin"),
            ("their mothers", "their mothers"),
            ("the UK Ministry of Defence", "the UK Ministry of Defence"),  # no party: its card would be one more origin
            ("", ""),
        ],
    )
    def test_the_words_of_a_party_never_vote_as_the_newspaper_that_prints_them(self, own, typed, kept):
        fields = GOOD | {"answer": "none", "attributed_to": typed}
        assert own.post("/passages/{admitted}/evidence", fields, RESEARCHER).status_code == 303
        assert rows(own, "select attributed_to from evidence where examination_id is null") == [(kept,)]

    @pytest.mark.parametrize(
        ("span", "typed", "kept"),
        [
            ((0, 18), "", None),  # the words chosen, whose speaker stands behind them in the same sentence
            ((0, 18), "publisher", ""),
            ((0, 18), "Uitgever", ""),
            ((0, 18), "ru-mod", "ru-mod"),
            ((70, 110), "", ""),
        ],
    )
    def test_words_of_a_party_ask_whose_they_are(self, own, span, typed, kept):
        """Nothing is filled in: a dissent given to a party by mistake would lose its vote."""
        text = "No conscripts fight, the Russian Ministry of Defence said on Friday. Their mothers count forty names."
        conn = connect(own.home)
        speakers = speakers_of(conn)
        conn.close()
        if kept is not None:
            assert must_be_said(typed, text, span, "en", speakers) == kept
            return
        with pytest.raises(Refused) as refused:
            must_be_said(typed, text, span, "en", speakers)
        assert refused.value.key == "wrong.unsaid"

    @pytest.mark.parametrize(
        ("change", "status", "said"),
        [
            ({"answer": "often"}, 400, "none, isolated, regular, systematic"),
            ({"directness": "maybe"}, 400, "direct, reported, general"),
            ({"facts_from": "2022-06-02", "facts_to": "2022-06-01"}, 400, "first day first"),
            ({"facts_to": "2999-01-01"}, 400, "a promise and no fact"),
            ({"facts_to": "soon"}, 400, "is not a day"),
            ({"facts_to": "0001-01-01"}, 400, "is not a day from 1900-01-01"),
            ({"quote": "words that are not there"}, 400, "does not stand in the passage"),
            ({"start": "5", "end": "99999"}, 400, "two numbers"),
            ({"attributed_to": "uk-mod"}, 400, "does not name United Kingdom Ministry of Defence"),
            ({"attributed_to": "nl-foreign-affairs"}, 400, "cannot be counted as theirs"),
            ({"question": "X1"}, 400, "belongs to no group"),
            ({"question": "<b>"}, 404, "No question has the id"),
            ({"reason": "y" * 1_000_000}, 400, "1000000 characters"),
            ({"attributed_to": "z" * 301}, 400, "301 characters"),
        ],
    )
    def test_what_cannot_be_kept_is_told(self, own, change, status, said):
        answer = own.post("/passages/{admitted}/evidence", GOOD | change, RESEARCHER)
        assert answer.status_code == status
        assert said in answer.text
        assert own.count("evidence where examination_id is null") == 0

    def test_a_refused_form_keeps_what_was_typed(self, own):
        text = own.post("/passages/{admitted}/evidence", GOOD | {"quote": "not <b> there"}, RESEARCHER).text
        assert "The form was not kept" in text and "address cannot be read" not in text
        assert 'name="quote" value="not &lt;b&gt; there"' in text and 'name="csrftoken"' in text

    def test_a_fact_of_the_year_one_that_is_held_breaks_no_page(self, own):
        conn = connect(own.home)
        with writing(conn):
            answer(conn, own.ids["russian"], RUSSIAN, "none", "direct", "0001-01-01")
        conn.close()
        for query in ("", "?as_of=2022-06-29", "?as_of=0001-01-01", "?as_of=0001-01-01&basis=held"):
            assert own.get(f"/questions/G1.3{query}").status_code == 200

    def test_only_people_who_may_decide_add(self, own):
        for actor in (None, READER):
            assert own.post("/passages/{admitted}/evidence", GOOD, actor).status_code == 403
        assert own.post("/passages/{admitted}/evidence", GOOD, RESEARCHER, token=False).status_code == 403
        assert own.count("evidence where examination_id is null") == 0

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_form_asks_for_the_question_and_then_shows_its_scale(self, own, language):
        first = own.get(f"/passages/{own.ids['admitted']}/evidence?lang={language}", RESEARCHER)
        assert '<option value="G1.3">' in first.text
        assert '<option value="X1">' not in first.text
        then = own.get(f"/passages/{own.ids['admitted']}/evidence?question=G1.3&lang={language}", RESEARCHER)
        assert '<option value="systematic">' in then.text


class TestQueue:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_page_says_what_and_why(self, own, language):
        text = own.get(f"/queue?question=G1.3&lang={language}", RESEARCHER).text
        assert ADMITTED in re.sub(r"</?mark[^>]*>", "", text)
        assert ("predicted relevant by the rules" if language == "en" else "volgens de regels") in text
        assert '<option value="G1.3"' in text and 'name="question"><option value="">' in text
        assert ("nothing was read yet" if language == "en" else "nog niets gelezen") in text
        assert 'name="decision" value="later"' in text

    def test_deciding_leads_to_the_next_and_can_be_undone_there(self, own):
        page = own.get("/queue?question=G1.3", RESEARCHER).text
        action, back = re.search(r'action="(/evidence/\d+/decide)"', page)[1], "/queue?question=G1.3"
        answer = own.post(action, {"decision": "accept", "back": back}, RESEARCHER)
        assert answer.headers["location"] == back
        after = own.get(back, RESEARCHER).text
        assert ADMITTED not in after
        assert "Your last decision" in after
        assert 'value="undo"' in after

    def test_undoing_twice_brings_nothing_back(self, own):
        action, back = f"/evidence/{own.ids['evidence']}/decide", "/queue"
        assert own.post(action, {"decision": "accept", "back": back}, RESEARCHER).status_code == 303
        last = str(rows(own, "select max(id) from evidence_decisions")[0][0])
        assert f'name="seen" value="{last}"' in own.get(back, RESEARCHER).text
        assert own.post(action, {"decision": "undo", "seen": last, "back": back}, RESEARCHER).status_code == 303
        assert "Your last decision" not in own.get(back, RESEARCHER).text

    def test_readers_see_it_and_cannot_decide(self, own):
        text = own.get("/queue", READER).text
        assert 'name="decision"' not in text

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/queue?group=martians", 404), ("/queue?question=G9.9", 404), ("/queue?n=x", 400), ("/queue?n=99999", 200),
            ("/queue?group=%3Cscript%3E", 404), ("/queue?country=%00", 200),
        ],
    )  # fmt: skip
    def test_odd_addresses_get_a_page(self, own, path, status):
        answer = own.get(path, RESEARCHER)
        assert answer.status_code == status
        assert "<script>" not in answer.text.split("<main")[1]


class TestCoding:
    def code(self, own, actor, **change):
        fields = {"passage": str(own.ids["admitted"]), "question": "G1.3", "answer": "isolated"}
        return own.post("/coding", fields | change, actor)

    def test_one_codes_blind_and_then_sees_the_others(self, own):
        page = own.get("/coding?question=G1.3", RESEARCHER).text
        assert "isolated" in page
        assert "the rules" not in page.split("<main")[1]
        answer = self.code(own, RESEARCHER)
        assert answer.status_code == 303
        assert "coded blind" in own.get(answer.headers["location"], RESEARCHER).text
        assert "coded blind" not in own.get(answer.headers["location"], BEN).text  # who has not coded it
        self.code(own, BEN, answer="none")
        assert rows(own, "select actor, answer, blind from codings") == [("anna", "isolated", 1), ("ben", "none", 1)]

    def test_a_second_answer_is_refused_and_one_after_deciding_is_marked(self, own):
        own.post("/evidence/{evidence}/decide", {"decision": "accept"}, RESEARCHER)
        assert self.code(own, RESEARCHER).status_code == 303
        assert rows(own, "select blind from codings") == [(0,)]
        again = self.code(own, RESEARCHER, answer="none")
        assert again.status_code == 409
        assert "the first answer counts" in again.text

    @pytest.mark.parametrize(
        ("change", "status"),
        [({"answer": "often"}, 400), ({"question": "X1"}, 400), ({"question": "no"}, 404), ({"passage": "x"}, 404)],
    )
    def test_odd_codings_are_told(self, own, change, status):
        assert self.code(own, RESEARCHER, **change).status_code == status
        assert own.count("codings") == 0

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_list_of_questions(self, own, language):
        text = own.get(f"/coding?lang={language}", RESEARCHER).text
        assert "G1.3" in text
        assert own.get(f"/coding?lang={language}").status_code == 200


class TestSearches:
    def test_a_search_is_recorded_and_shown(self, own):
        answer = own.post("/questions/G1.5/searches", SEARCH, RESEARCHER)
        assert answer.status_code == 303
        own.post("/questions/G1.5/searches", SEARCH, RESEARCHER)  # sent twice
        assert own.count("search_log") == 1
        assert own.count("audit where table_name = 'search_log'") == 1
        text = own.get("/questions/G1.5?as_of=2022-06-29", RESEARCHER).text
        assert "conscripts front" in text
        assert "searched, nothing found" in text

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"terms": "  "}, "words that were searched for"),
            ({"terms": "x" * 1_000_000}, "1000000 characters"),
            ({"languages": ""}, "not the code of a language"),
            ({"languages": "klingonese"}, "not the code of a language"),
            ({"period_from": "2022-07-01"}, "begins before it ends"),
            ({"period_to": "2999-01-01"}, "ends today at the latest"),
            ({"period_from": "then"}, "is not a day"),
            ({"period_from": "0001-01-01"}, "is not a day from 1900-01-01"),
            ({"found": "-1"}, "not a number of items"),
            ({"source": "martian_times"}, "martian_times"),
        ],
    )
    def test_what_cannot_be_kept_is_400_with_words(self, own, change, said):
        answer = own.post("/questions/G1.5/searches", SEARCH | change, RESEARCHER)
        assert answer.status_code == 400
        assert said in answer.text
        assert own.count("search_log") == 0

    def test_no_source_no_group_no_rights(self, own):
        none = {name: value for name, value in SEARCH.items() if name != "source.report"}
        assert own.post("/questions/G1.5/searches", none, RESEARCHER).status_code == 400
        assert own.post("/questions/X1/searches", SEARCH, RESEARCHER).status_code == 400
        assert own.post("/questions/G9.9/searches", SEARCH, RESEARCHER).status_code == 404
        assert own.post("/questions/G1.5/searches", SEARCH, READER).status_code == 403
        assert own.post("/questions/G1.5/searches", SEARCH, RESEARCHER, token=False).status_code == 403
