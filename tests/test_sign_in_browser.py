"""Signing in with a real browser and the keyboard alone: in, nothing executed, out."""

from collections.abc import Iterator

import pytest

from store.home import Home
from tests.site_home import EVIL, make
from tests.site_people import PASSWORD, people
from tests.test_browser import LOOK, browser, served  # noqa: F401  the fixture


@pytest.fixture
def front(tmp_path) -> Iterator[str]:
    """A served home with people: its address."""
    make(Home(tmp_path))
    with served(Home(tmp_path), people()) as (address, _):
        yield address


def sign_in(page, name: str) -> None:
    page.wait_for_function("document.activeElement.name === 'username'")  # the first field has the focus once drawn
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/-/login" not in page.url


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_in_by_keyboard_to_where_one_wanted_to_go_and_out(browser, front, width, scheme):  # noqa: F811
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.add_init_script(axe.AXE_SCRIPT)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(f"{front}/comments?document=1&lang=nl")
    headings, wide, (ratio, element), faults = page.evaluate(LOOK)
    assert (headings, faults) == (1, [])
    assert wide <= width
    assert ratio >= 4.5, element
    sign_in(page, "researcher")
    assert page.url.endswith("/comments?document=1&lang=nl")
    page.fill("textarea[name=text]", f"{EVIL} javascript:alert(1)")
    with page.expect_navigation():
        page.get_by_role("button", name="Bewaar de opmerking").click()
    assert EVIL in page.inner_text("main")
    with page.expect_navigation():
        page.get_by_role("button", name="Afmelden").click()
    assert page.url.endswith("/-/login?lang=nl")
    page.goto(f"{front}/comments?document=1")
    assert "/-/login" in page.url
    assert said == []
