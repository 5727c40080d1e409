"""Reading for a question in a browser: a key for each decision, undo, and words selected."""

from tests.reading_home import QUEUE, reading, rows, text_of  # noqa: F401 - a fixture of it
from tests.test_browser import browser, served  # noqa: F401 - a fixture of it


class TestWords:
    def test_selected_words_open_the_form_with_their_place(self, browser, reading):  # noqa: F811
        text = text_of(4)
        with served(reading) as (front, link):
            page = browser.new_page()
            page.goto(link)
            number = rows(reading, f"select id, document_id from passages where text = '{text}'")[0]
            page.goto(f"{front}/documents/{number[1]}")
            page.locator(f"#p{number[0]} > p").click(click_count=3)
            assert f"start=0&end={len(text)}" in (page.locator("#selected a").get_attribute("href") or "")
            page.evaluate("""() => { const mark = document.querySelector("[data-words] mark.m-group");
              getSelection().selectAllChildren(mark); }""")
            page.locator("#selected a").click()
            assert page.locator("blockquote mark").inner_text() == "conscript"
            page.locator("select[name=question]").select_option("G1.3")
            page.get_by_role("button", name="Answer this question").click()
            assert page.locator("textarea[name=quote]").input_value() == "conscript"
            page.locator("select[name=answer]").select_option("isolated")
            page.get_by_role("button", name="Keep this answer").click()
            assert f"/documents/{number[1]}" in page.url
            page.close()
        at = text.index("conscript")
        found = rows(reading, "select start, end, answer from evidence where rule = 'a person'")
        assert found == [(at, at + len("conscript"), "isolated")]


class TestKeys:
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
            page.locator("[data-reasons]").select_option("other")
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.name") == "reason"
            page.locator("[data-reasons]").select_option("copy")
            page.locator("[data-reasons]").focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
            page.close()
        found = rows(reading, "select decision, reason_code, undoes from evidence_decisions order by id")
        assert found == [("reject", "wrong_dates", None), ("open", "undone", 1), ("reject", "copy", None)]

    def test_blind_coding_by_number(self, browser, reading):  # noqa: F811
        with served(reading) as (front, link):
            page = browser.new_page()
            page.goto(link)
            page.goto(f"{front}/coding?question=G1.3")
            for key in "3n2":
                with page.expect_navigation():
                    page.keyboard.press(key)
            page.close()
        found = rows(reading, "select answer, blind from codings order by id")
        assert found == [("regular", 1), ("isolated", 1)]

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
