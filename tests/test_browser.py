"""The site in a real browser: whole and readable on a phone, nothing from elsewhere, a newcomer's way, a decision."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from review.serve import build, listen, server
from store.home import Home
from tests.site_home import ADMITTED, make

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AS_OF = "as_of=2022-06-29"
PAGES = (
    f"/?{AS_OF}", f"/matrix/RU?{AS_OF}", "/questions", f"/questions/G1.3?{AS_OF}", "/documents/1",
    "/documents/2?diff=1..2", "/captures/1", "/search?q=conscripts", "/sources", "/method", "/moratoria", "/alerts",
    "/signoffs", f"/volume?{AS_OF}",
    "/moratoria/NL-RUS-2022", "/moratoria/NL-RUS-2022/newer?on=2022-06-29", "/documents/1/cite",
    f"/brief/moratoria/NL-RUS-2022?{AS_OF}", f"/brief/groups/RU/conscripts?{AS_OF}",
    "/queue", "/queue/several?question=G1.3", "/coding?question=G1.3", "/passages/1/evidence",
    "/passages/1/evidence?question=G1.3&start=0&end=9",
    "/coi", "/coi/evidence_matrix", "/coi/documents/1",
)  # fmt: skip
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
def served(home: Home) -> Iterator[tuple[str, str]]:
    """A served home: its address and its one-time sign-in link."""
    datasette = build(home)
    listening = listen("127.0.0.1", 0)
    front = f"http://127.0.0.1:{listening.getsockname()[1]}"
    running = server(datasette)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield front, f"{front}/-/auth-token?token={datasette._root_token}"
    running.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def site(tmp_path) -> Iterator[tuple[str, str]]:
    home = Home(tmp_path)
    make(home)
    with served(home) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_whole_readable_and_from_here(browser, site, scheme):
    front, _ = site
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(front + path)
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{path} is wider than a phone"
        ratio, element = page.evaluate(CONTRAST)
        assert ratio >= 4.5, (path, ratio, element)
        unnamed = page.locator("input:not([type=hidden]), select, textarea").evaluate_all(
            "all => all.filter(e => !e.labels?.length && !e.ariaLabel).map(e => e.outerHTML)"
        )
        assert unnamed == [], path
    assert said == []  # a blocked script or style would be reported here
    assert all(url.startswith(front) for url in asked)
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
    assert page.url.endswith("#text")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.close()
