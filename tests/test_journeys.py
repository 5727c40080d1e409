"""Whole journeys in a real browser, from the first page by links, words and keys alone: who comes for what."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docx import Document

from review.plugin.words import table
from tests.reading_home import reading, rows, text_of  # noqa: F401 - a fixture of it
from tests.site_home import ADMITTED
from tests.site_people import people
from tests.test_browser import browser, served  # noqa: F401 - a fixture of it
from tests.test_pack import NAMES
from tests.test_sign_in_browser import sign_in

DECIDED, LATER = "2022-06-29", "2023-04-30"
# What stands on the page in the interface's own words: without quoted texts, which name their language, and code.
SEEN = """() => { const page = document.body.cloneNode(true);
  page.querySelectorAll('[lang]:not([lang=nl]), code, script, svg title').forEach(e => e.remove());
  return page.textContent.replace(/\\s+/g, ' '); }"""


@pytest.fixture
def visit(browser, reading):  # noqa: F811 - the fixtures
    """Come to the first page of a site with people and sign in as one of them; gives the page."""

    @contextmanager
    def come(front: str, name: str, path: str = "/") -> Iterator:
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(front + path)
        sign_in(page, name)
        yield page
        context.close()

    with served(reading, people()) as (front, _):
        come.front = front
        yield lambda *who: come(front, *who)


def go(page, name: str) -> None:
    """By the menu."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


def on_day(page, day: str, reading: str = "provisional") -> None:  # noqa: F811
    """By the form on the page: as it was public on a day."""
    form = page.locator("form.day")
    form.locator("[name=as_of]").fill(day)
    form.locator("[name=basis]").select_option("public")
    form.locator("[name=reading]").select_option(reading)
    form.get_by_role("button").click()


def status(page) -> str:
    """The word under a question's wording, as somebody who counts only what people accepted reads it on the day."""
    go(page, "Questions")
    page.locator("main").get_by_role("link", name="G1.3", exact=True).click()
    on_day(page, DECIDED, "reviewed")
    return page.locator(".verdict .status").first.inner_text()


def test_a_policy_officer_finds_why_and_takes_the_pack_along(visit, tmp_path):
    with visit("approver") as page:
        page.get_by_role("link", name="What ends when").click()
        assert "insufficient" in page.locator(".matrix tr", has_text="Conscripts").inner_text()
        assert "182 days left" in page.locator("article.moratorium").first.inner_text()
        page.get_by_role("link", name="Russian conscripts").first.click()
        assert "not every decisive source was searched" in page.locator("section[aria-labelledby=lacks]").inner_text()
        page.locator("section[aria-labelledby=deciding]").get_by_role("link", name="G1.3").click()
        assert "emerging" in page.locator(".verdict").inner_text()
        page.locator("form.day select[name=reading]").select_option("reviewed")
        page.get_by_role("button", name="Show this day").click()
        assert "insufficient" in page.locator(".verdict").inner_text()
        assert "fail" in page.locator("table.tests").inner_text()  # nobody accepted anything yet
        page.go_back()
        with page.expect_download() as started:
            page.get_by_role("link", name="Evidence pack").click()
        started.value.save_as(tmp_path / "pack.zip")
        assert started.value.suggested_filename == "coi-pack-RU-G1.3-2022-06-29-public-provisional-en.zip"
        page.get_by_role("link", name="Brief on one page").click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("G1.3")
    with zipfile.ZipFile(tmp_path / "pack.zip") as box:
        inside = {Path(one).name: one for one in box.namelist()}
        assert set(inside) == NAMES
        box.extractall(tmp_path)
    said = " ".join(Document(str(tmp_path / inside["evidence-pack.docx"])).element.body.itertext())
    assert ADMITTED in said
    assert "29 June 2022" in said


def test_a_researcher_codes_ten_by_keyboard_and_the_status_moves(visit, reading):  # noqa: F811
    with visit("researcher") as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        assert "insufficient" in status(page)
        page.get_by_role("link", name="Back to today").click()
        go(page, "Queue")
        page.locator("select[name=question]").select_option("G1.3")
        with page.expect_navigation():
            page.get_by_role("button", name="Show these").click()
        seen = set()
        for _ in range(10):
            seen.add(page.locator(".read").inner_text())
            with page.expect_navigation():
                page.keyboard.press("a")
            assert page.evaluate("document.activeElement.id") == "asked"
        assert len(seen) == 10
        page.wait_for_function("document.getElementById('told').textContent.includes('accept')")
        assert "emerging" in status(page)
        assert said == []
    assert rows(reading, "select decision, count(*) from evidence_decisions group by 1") == [("accept", 10)]


def test_one_proposes_and_a_second_person_signs(visit):
    with visit("researcher") as page:
        go(page, "Questions")
        page.locator("main").get_by_role("link", name="G1.3", exact=True).click()
        page.get_by_text("Propose a status to sign").click()
        page.locator("textarea[name=reason]").first.fill("Read all of it.")
        page.get_by_role("button", name="Propose").click()
        box = page.locator("section[aria-labelledby=signoff]")
        assert "You proposed this" in box.inner_text()
        box.get_by_text("Answer this proposal").click()
        assert box.get_by_role("button", name="Approve").count() == 0
    with visit("approver") as page:
        go(page, "Sign-offs")
        page.get_by_text("Answer this proposal").click()
        page.locator("textarea[name=reason]").fill("So did I.")
        page.get_by_role("button", name="Approve").click()
        go(page, "Questions")
        page.locator("main").get_by_role("link", name="G1.3", exact=True).click()
        box = page.locator("section[aria-labelledby=signoff]").inner_text()
        assert "in force until" in box
        assert "approved by approver" in box


def test_a_reader_is_offered_no_decision_and_a_forged_one_is_refused(visit, reading):  # noqa: F811
    with visit("reader") as page:
        go(page, "Questions")
        page.locator("main").get_by_role("link", name="G1.3", exact=True).click()
        assert page.locator("form.decide").count() == 0
        assert "are for researchers and approvers" in page.locator("main").inner_text()
        with page.expect_navigation():
            page.evaluate("""() => { const form = document.querySelector('form.visitor');
              form.action = '/evidence/1/decide'; form.insertAdjacentHTML('beforeend',
              '<input name="decision" value="accept">'); form.submit(); }""")
        assert page.get_by_role("heading", level=1).inner_text() == "Not allowed"
    assert rows(reading, "select count(*) from evidence_decisions") == [(0,)]


def test_one_day_against_another(visit):
    with visit("reader") as page:
        on_day(page, DECIDED)
        first = page.locator("article.moratorium").first.inner_text()
        assert "28 December 2022" in first
        assert "182 days left" in first
        page.locator(".matrix").get_by_role("link", name="G1.3").click()
        then = page.locator("table.tests").inner_text()
        on_day(page, LATER)
        assert "30 April 2023" in page.locator(".then").inner_text()
        assert "insufficient" in page.locator(".verdict").inner_text()
        assert page.locator("table.tests").inner_text() != then
        page.get_by_role("link", name="Enough to decide?").click()
        second = page.locator("article.moratorium").first.inner_text()
        assert "28 June 2023" in second
        assert "59 days left" in second


def test_dutch_throughout(visit):
    english = [en for en, nl in table().values() if en != nl and "{" not in en and " " in en and len(en) > 11]
    with visit("researcher", "/?lang=nl") as page:
        left: list[tuple[str, str]] = []

        def read() -> None:
            assert page.locator("html").get_attribute("lang") == "nl", page.url
            seen = page.evaluate(SEEN)
            left.extend((page.url, words) for words in english if words in seen)

        read()
        on_day(page, DECIDED)
        read()
        page.locator(".matrix").get_by_role("link", name="G1.3").click()
        read()
        page.locator("li.item", has_text=ADMITTED).get_by_role("link", name="Lees de passage").click()
        read()
        page.get_by_role("link", name=re.compile("^opname")).first.click()
        read()
        for name in ("Moratoria", "Meldingen", "Vragen", "Ondertekening", "Leeslijst", "Zoeken", "Bronnen", "Methode"):
            go(page, name)
            read()
        go(page, "Moratoria")
        page.locator("main").get_by_role("link", name=re.compile("Russische")).first.click()
        read()
        page.get_by_role("button", name="Afmelden").click()
        read()
        assert left == []
