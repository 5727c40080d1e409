"""The site in a real browser: whole and readable on a phone, nothing from elsewhere, a newcomer's way, a decision."""

import re
import shutil
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from review.accounts import Accounts
from review.serve import build, listen, server
from store.home import Home
from tests.site_home import ADMITTED, make

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AS_OF = "as_of=2022-06-29"
ACCESS = tomllib.loads((Path(__file__).parent / "data" / "access.toml").read_text())
NO_PAGE = re.compile(r"\.(json|csv|zip|ics|atom|ris|txt|db|js|css|ico)(\?|$)|/original$|^/-/(health|metrics)$")
PAGES = (
    f"/?{AS_OF}", f"/matrix/RU?{AS_OF}", f"/questions/G1.3?{AS_OF}", f"/moratoria/NL-RUS-2022?{AS_OF}",
    "/documents/{edited}?diff=1..2", "/moratoria/NL-RUS-2022/newer?on=2022-06-29", "/search?q=no+such+word",
    f"/brief/moratoria/NL-RUS-2022?{AS_OF}", f"/brief/groups/RU/conscripts?{AS_OF}", f"/brief/questions/G1.3?{AS_OF}",
    "/queue?question=G1.3", "/queue/several?question=G1.3", "/coding?question=G1.3", "/-/logout",
    "/passages/{admitted}/evidence?question=G1.3&start=0&end=9", "/nowhere",
    "/coi/documents?_search=pskov&source_id=paper",
)  # fmt: skip


def pages(ids: dict[str, int]) -> list[str]:
    """Every address of the access table that shows a page, to all or to some, and more views of some."""
    shown = {"page", "public", "sql", "blind", "machine", "local", "bad_link", "form_get"}
    table = {path for part in ("ours", "datasette") for path, row in ACCESS[part].items() if row[0] in shown}
    return [path.format(**ids) for path in sorted({*PAGES, *table}) if not NO_PAGE.search(path)]


# Text on its background, for every visible element that holds text of its own: the lowest contrast ratio (WCAG 1.4.3).
CONTRAST = """() => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  let worst = [99, ''];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('svg')) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 120)];
  }
  return worst;
}"""
# Contrast is left to the measure above: it takes a fraction of the time, and reads what is scrolled out of sight.
LOOK = f"""async () => [document.querySelectorAll('h1').length, document.documentElement.scrollWidth, ({CONTRAST})(),
  (await axe.run(document, {{resultTypes: ['violations'], preload: false,
    rules: {{'target-size': {{enabled: true}}, 'color-contrast': {{enabled: false}}}}}})).violations]"""


@pytest.fixture(scope="module")
def browser():
    """A Chromium of this machine; the tests skip where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=path, args=list(QUIET))
        yield running
        running.close()


@contextmanager
def served(home: Home, accounts: Accounts | None = None) -> Iterator[tuple[str, str]]:
    """A served home, of this machine or of people: its address and its one-time sign-in link."""
    datasette = build(home, accounts=accounts)
    listening = listen("127.0.0.1", 0)
    front = f"http://127.0.0.1:{listening.getsockname()[1]}"
    running = server(datasette)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield front, f"{front}/-/auth-token?token={datasette._root_token}"
    finally:  # else a test that fails leaves the thread, and with it the whole run, alive
        running.should_exit = True
        thread.join(timeout=20)


@pytest.fixture
def site(tmp_path) -> Iterator[tuple[str, str]]:
    home = Home(tmp_path)
    make(home)
    with served(home) as found:
        yield found


def test_every_page_is_whole_readable_accessible_and_from_here(browser, tmp_path):
    """A stranger's phone by day, a signed-in desk by night: axe, contrast, width, and what a page asks for."""
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    ids = make(Home(tmp_path))
    said, asked, faults = [], [], []
    with served(Home(tmp_path)) as (front, link):
        for width, scheme, enter in ((390, "light", front), (1280, "dark", link)):
            page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
            page.on("console", lambda message: said.append(message.text))
            page.on("request", lambda request: asked.append(request.url))
            page.add_init_script(axe.AXE_SCRIPT)
            page.goto(enter)
            for path in pages(ids):
                page.goto(front + path)
                headings, wide, (ratio, element), found = page.evaluate(LOOK)
                if headings != 1 or wide > width or ratio < 4.5:
                    faults.append((path, width, headings, wide, ratio, element))
                faults += [(path, width, one["id"], node["html"][:200]) for one in found for node in one["nodes"]]
            page.close()
    assert faults == []
    # A blocked script or style would be reported here; what the browser says of a refused page itself is no fault.
    assert [text for text in said if not re.search("status of 40[0-9]", text)] == []
    assert all(url.startswith(front) for url in asked)


def test_paper_has_neither_navigation_nor_forms(browser, site):
    front, _ = site
    page = browser.new_page()
    page.emulate_media(media="print")
    for path in ("/moratoria/NL-RUS-2022", "/questions/G1.3", "/brief/moratoria/NL-RUS-2022"):
        page.goto(f"{front}{path}?{AS_OF}")
        assert page.locator("nav, form, .visitor, .take, .skip").filter(visible=True).all_inner_texts() == []
        assert page.locator("h1").is_visible()
    page.close()


def test_a_newcomer_follows_the_three_steps(browser, site):
    front, _ = site
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{front}/?{AS_OF}")
    page.get_by_role("link", name="What ends when").click()
    assert "182 days left" in page.locator("article.moratorium").first.inner_text()
    page.get_by_role("link", name="Why this status").click()
    assert "insufficient" in page.locator(".verdict").inner_text()
    page.get_by_role("link", name="Read the passage").first.click()
    assert ADMITTED.split()[-1] in page.locator(".passage:target").inner_text()
    page.get_by_role("link", name="capture 1").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the original bytes").click()
    assert download.value.suggested_filename == "capture-1.bin"
    page.get_by_role("button", name="Nederlands").first.click()
    assert page.locator("html").get_attribute("lang") == "nl"
    context.close()


def test_a_replay_appears_when_it_is_ready(browser, site):
    front, _ = site
    page = browser.new_page()
    page.goto(f"{front}/moratoria/NL-RUS-2022/backtest")
    assert page.get_by_role("link", name="Look again now").is_visible()
    page.locator("figure svg").first.wait_for(timeout=90_000)
    page.close()


def test_a_person_signs_in_and_rejects_with_a_reason(browser, site):
    front, link = site
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.goto(f"{front}/questions/G1.3?{AS_OF}")
    item = page.locator("li.item", has_text=ADMITTED)
    item.locator("summary").click()
    item.locator("input[name=reason]").fill("These were contract soldiers.")
    item.get_by_role("button", name="Reject").click()
    page.wait_for_load_state()
    assert "/questions/G1.3" in page.url
    assert page.locator("li.item", has_text=ADMITTED).count() == 0
    page.goto(f"{front}/coi/rejected_and_why")
    assert "These were contract soldiers." in page.locator("main").inner_text()
    context.close()


def test_the_keyboard_reaches_the_text_first(browser, site):
    front, _ = site
    page = browser.new_page()
    page.goto(f"{front}/method")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#text")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.close()
