"""What stands beside a passage that is read for a question, several accepted at once, and words pasted from it."""

from tests.reading_home import QUEUE, reading, rows, text_of  # noqa: F401 - a fixture of it
from tests.test_site import READER, RESEARCHER, Site


class TestBeside:
    def test_the_question_its_examples_and_the_passages_around_stand_beside_it(self, reading):  # noqa: F811
        shown = Site(reading, {"paper": 1}).get(QUEUE, RESEARCHER).text
        for said in (
            "Relatives identify conscripts among prisoners",
            "Conscripts who guard the border",
            " begins here.",
        ):
            assert said in shown
        assert " ends here. …" in shown
        assert "origins that vote: 0" in shown and 'class="two"' in shown
        assert 'data-key="a"' in shown and "Previous" not in shown
        assert "Vorige" in Site(reading, {"paper": 1}).get(f"{QUEUE}&n=1&lang=nl", RESEARCHER).text

    def test_the_examples_stand_beside_blind_coding_and_no_mark_does(self, reading):  # noqa: F811
        shown = Site(reading, {"paper": 1}).get("/coding?question=G1.3", RESEARCHER).text
        assert "Relatives identify conscripts among prisoners" in shown
        assert 'data-key="1"' in shown and "<mark" not in shown


class TestSeveral:
    def test_what_is_ticked_is_listed_and_each_is_a_decision_but_a_stale_one_is_left(self, reading):  # noqa: F811
        site = Site(reading, {"paper": 1})
        assert text_of(3) in site.get("/queue/several?question=G1.3", RESEARCHER).text
        ids = [row[0] for row in rows(reading, "select id from evidence order by id desc limit 3")]
        listed = site.get("/queue/several/check?" + "&".join(f"e={one}" for one in ids), RESEARCHER).text
        assert listed.count('name="e.') == 3 and text_of(9) in listed and "Accept these 3" in listed
        site.post(f"/evidence/{ids[0]}/decide", {"decision": "unsure"}, {"id": "ben", "role": "approver"})
        sent = {f"e.{one}": "0" for one in ids} | {"e.999999": "0", "reason": "plain"}
        for _ in range(2):
            done = site.post("/queue/several", sent, RESEARCHER)
            assert done.status_code == 200
            assert "2 decisions are kept" in done.text and "2 were left" in done.text
            assert "unsure by ben" in done.text and "999999" in done.text
        assert rows(reading, "select evidence_id, decision, actor, reason from evidence_decisions order by id") == [
            (ids[0], "unsure", "ben", ""), (ids[1], "accept", "anna", "plain"), (ids[2], "accept", "anna", "plain"),
        ]  # fmt: skip

    def test_nothing_ticked_too_many_or_no_right_keeps_nothing(self, reading):  # noqa: F811
        site = Site(reading, {"paper": 1})
        assert site.get("/queue/several/check", RESEARCHER).status_code == 400
        many = {f"e.{number}": "0" for number in range(51)}
        assert site.post("/queue/several", many, RESEARCHER).status_code == 400
        assert site.post("/queue/several", {"e.1": "0"}, READER).status_code == 403
        assert site.post("/queue/several", {"e.1": "0"}, RESEARCHER, token=False).status_code == 403
        assert rows(reading, "select count(*) from evidence_decisions") == [(0,)]


class TestWords:
    def test_pasted_words_must_stand_in_the_passage_whatever_the_spaces(self, reading):  # noqa: F811
        site = Site(reading, {"paper": 1})
        number = rows(reading, f"select id from passages where text = '{text_of(4)}'")[0][0]
        tag = {"kind": "group", "value": "deserters", "decision": "add", "quote": "was  sent\r\nover"}
        assert site.post(f"/passages/{number}/tags", tag | {"quote": "was shot"}, RESEARCHER).status_code == 400
        assert site.post(f"/passages/{number}/tags", tag, RESEARCHER).status_code == 303
        assert rows(reading, "select value, reason from tag_decisions") == [("deserters", "“was sent over”")]
        answer = {"question": "G1.3", "answer": "isolated", "directness": "direct", "quote": "was  sent\r\nover"}
        assert site.post(f"/passages/{number}/evidence", answer, RESEARCHER).status_code == 303
        changed = answer | {"start": "0", "end": "3", "quote": "over the border"}
        assert site.post(f"/passages/{number}/evidence", changed, RESEARCHER).status_code == 303
        found = rows(reading, "select start, end from evidence where rule = 'a person' order by id")
        assert [text_of(4)[start:end] for start, end in found] == ["was sent over", "over the border"]
        assert site.get(f"/passages/{number}/evidence?start=5&end=99999", RESEARCHER).status_code == 400
