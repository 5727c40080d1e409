"""Reading for a question: what stands beside the passage, one key for each decision, undo, and that a status moves."""

import pytest

from review import relevance
from store.db import connect, writing
from store.home import Home
from tests.site_home import LATER, answer, keep, make, mention, passage_of
from tests.test_browser import browser, served  # noqa: F401 - a fixture of it
from tests.test_site import READER, RESEARCHER, Site

AS_OF = "as_of=2022-06-29&reading=reviewed"
QUEUE = "/queue?question=G1.3"
SOURCES = ("paper", "watch", "report")


def text_of(number: int) -> str:
    """Ten passages that say the same of ten units, each in its own words."""
    towns = ("Pskov", "Tambov", "Kursk", "Omsk", "Tula", "Ufa", "Perm", "Kazan", "Samara", "Chita")
    acts = ("was sent over the border", "fought at the front", "was captured near Kyiv", "drove a tank to Izium")
    return f"A conscript from {towns[number]} {acts[number % 4]} in unit {number + 300}, says aunt {number}."


@pytest.fixture
def reading(tmp_path) -> Home:
    """A home in which the rules propose ten answers more to G1.3, of three sources."""
    home = Home(tmp_path / "home")
    make(home)
    conn = connect(home)
    for number in range(10):
        text = text_of(number)
        around = (f"Report {number} begins here.", text, f"Report {number} ends here.")
        keep(conn, SOURCES[number % 3], f"more-{number}", f"2022-06-{number + 2:02}", around)
        with writing(conn):
            mention(conn, passage_of(conn, text), text, "conscript")
            answer(conn, passage_of(conn, text), text, "regular", "direct", "2022-05-30")
    relevance.score_new(conn, at=LATER)
    conn.close()
    return home


def rows(home: Home, sql: str) -> list[tuple]:
    conn = connect(home)
    try:
        return [tuple(row) for row in conn.execute(sql)]
    finally:
        conn.close()


def status(page, front: str) -> str:
    page.goto(f"{front}/questions/G1.3?{AS_OF}")
    return page.locator(".verdict .status").first.inner_text()


class TestBeside:
    def test_the_question_its_examples_and_the_passages_around_stand_beside_it(self, reading):
        shown = Site(reading, {"paper": 1}).get(QUEUE, RESEARCHER).text
        for said in (
            "Relatives identify conscripts among prisoners",
            "Conscripts who guard the border",
            " begins here.",
        ):
            assert said in shown
        assert " ends here. …" in shown
        assert 'data-key="a"' in shown and "Previous" not in shown
        assert "Vorige" in Site(reading, {"paper": 1}).get(f"{QUEUE}&n=1&lang=nl", RESEARCHER).text

    def test_the_examples_stand_beside_blind_coding_and_no_mark_does(self, reading):
        shown = Site(reading, {"paper": 1}).get("/coding?question=G1.3", RESEARCHER).text
        assert "Relatives identify conscripts among prisoners" in shown
        assert 'data-key="1"' in shown and "<mark" not in shown


class TestSeveral:
    def test_what_is_ticked_is_listed_and_each_is_a_decision_but_a_stale_one_is_left(self, reading):
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

    def test_nothing_ticked_too_many_or_no_right_keeps_nothing(self, reading):
        site = Site(reading, {"paper": 1})
        assert site.get("/queue/several/check", RESEARCHER).status_code == 400
        many = {f"e.{number}": "0" for number in range(51)}
        assert site.post("/queue/several", many, RESEARCHER).status_code == 400
        assert site.post("/queue/several", {"e.1": "0"}, READER).status_code == 403
        assert site.post("/queue/several", {"e.1": "0"}, RESEARCHER, token=False).status_code == 403
        assert rows(reading, "select count(*) from evidence_decisions") == [(0,)]


class TestKeys:
    def test_ten_passages_by_keyboard_and_the_status_moves(self, browser, reading):  # noqa: F811
        with served(reading) as (front, link):
            page = browser.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.goto(link)
            assert "insufficient" in status(page, front)
            page.goto(front + QUEUE)
            seen = set()
            for _ in range(10):
                seen.add(page.locator(".read").inner_text())
                with page.expect_navigation():
                    page.keyboard.press("a")
                assert page.evaluate("document.activeElement.id") == "asked"
            assert len(seen) == 10
            page.wait_for_function("document.getElementById('told').textContent.includes('accept')")
            assert "emerging" in status(page, front)
            assert said == []
            page.close()
        assert rows(reading, "select decision, count(*) from evidence_decisions group by 1") == [("accept", 10)]

    def test_a_reason_by_number_undo_and_the_way_on_and_back(self, browser, reading):  # noqa: F811
        with served(reading) as (front, link):
            page = browser.new_page()
            page.goto(link)
            page.goto(front + QUEUE)
            first = page.locator(".read").inner_text()
            for key in "5z":
                with page.expect_navigation():
                    page.keyboard.press(key)
            assert page.locator(".read").inner_text() == first
            with page.expect_navigation():
                page.keyboard.press("n")
            assert page.locator(".read").inner_text() != first
            with page.expect_navigation():
                page.keyboard.press("p")
            page.keyboard.press("r")
            assert page.evaluate("document.activeElement.name") == "reason_code"
            page.locator("[data-reasons]").select_option("copy")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            page.close()
        found = rows(reading, "select decision, reason_code, undoes from evidence_decisions order by id")
        assert found == [("reject", "wrong_dates", None), ("open", "undone", 1), ("reject", "copy", None)]

    def test_they_sleep_in_a_field_with_ctrl_and_when_switched_off(self, browser, reading):  # noqa: F811
        with served(reading) as (front, link):
            page = browser.new_page()
            page.goto(link)
            page.goto(front + QUEUE)
            page.locator("form.decide input[name=reason]").first.fill("")
            page.locator("form.decide input[name=reason]").first.press_sequentially("aul")
            page.locator("#asked").focus()
            page.keyboard.press("Control+a")
            page.get_by_role("button", name="Switch the keys off").click()
            page.locator("#asked").focus()
            page.keyboard.press("a")
            page.reload()
            assert page.get_by_role("button", name="Switch the keys on").is_visible()
            assert page.locator("kbd").count() == 0
            page.keyboard.press("a")
            assert "/queue" in page.url
            page.close()
        assert rows(reading, "select count(*) from evidence_decisions") == [(0,)]

    def test_without_javascript_the_buttons_do_it_and_no_key_is_promised(self, browser, reading):  # noqa: F811
        with served(reading) as (front, link):
            context = browser.new_context(java_script_enabled=False)
            page = context.new_page()
            page.goto(link)
            page.goto(front + QUEUE)
            assert page.locator("#keys").is_hidden() and page.locator("kbd").count() == 0
            page.get_by_role("button", name="Accept").first.click()
            page.get_by_role("button", name="Undo").first.click()
            context.close()
        assert rows(reading, "select decision from evidence_decisions order by id") == [("accept",), ("open",)]
