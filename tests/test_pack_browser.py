"""Packs and briefs in a real browser: the fullest brief is one page of A4."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from datasette.utils.asgi import Request
from pypdfium2 import PdfDocument

from review.cite.footnote import Part
from review.pack import brief as limits
from review.pack.brief import Brief, Clock, Row, Voice
from review.pack.say import Say
from review.plugin import packs
from store.home import Home
from tests.pack_home import make
from tests.test_browser import browser  # noqa: F401 - the fixture
from tests.test_site import Site


@pytest.mark.parametrize(("questions", "voices"), [(limits.QUESTIONS, limits.ITEMS_OF_MANY), (2, limits.ITEMS)])
def test_the_fullest_brief_fits_one_page(browser, tmp_path, questions, voices):  # noqa: F811 - the fixture
    """With as much in every place as the rules of shortening let through, in a real browser's print."""

    def words(most: int) -> str:
        return ("Zahlreiche wehrpflichtige " * 20)[:most]

    many = questions >= limits.FEW
    wording, gap = words(limits.WORDING * (1 if many else 2)), words(limits.GAP if many else limits.SENTENCE)
    row = Row(id="G1.10a", wording=wording, computed="insufficient", signed="insufficient",
              tests=("fail", "weak", "pass"))  # fmt: skip
    voice = Voice(quote=words(limits.QUOTE), language="de", role="behind its origin's vote", document_id=1,
                  passage_id=1, citation=(Part(text=words(200)),))  # fmt: skip
    wide = Brief(
        title=words(limits.TITLE), about="NL-RUS-2022", stand=words(90), rules_version="1", status="insufficient",
        advice=words(150), clocks=(Clock(half="Decisions", last_day="28 June 2023", left="197 days left"),) * 2,
        groups=(words(90),) * 3, rows=(row,) * questions, rows_more=9, risks=(words(limits.RISK),) * limits.RISKS,
        missing=(gap,) * limits.MISSING, voices=(voice,) * voices, items=1234, origins=567, votes=8, digest="0" * 64,
    )  # fmt: skip
    with ThreadPoolExecutor() as beside:  # the browser's own loop runs in this thread
        text = beside.submit(asyncio.run, _rendered(Home(tmp_path / "home"), wide)).result()
    page = browser.new_page()
    page.set_content(text)
    for sheet in ("coi.css", "brief.css"):
        page.add_style_tag(path=str(Path(packs.__file__).parent / "static" / sheet))
    pdf = tmp_path / "brief.pdf"
    page.pdf(path=str(pdf), prefer_css_page_size=True)
    page.close()
    printed = PdfDocument(pdf)
    assert len(printed) == 1
    width, height = printed[0].get_size()
    assert (round(width), round(height)) == (595, 842)  # A4 in points
    printed.close()


async def _rendered(home: Home, wide: Brief) -> str:
    """The page of a brief with other contents, rendered as a visitor gets it."""
    datasette = Site(home, make(home)).datasette
    request = Request.fake("/brief/moratoria/NL-RUS-2022")
    request.scope["csrftoken"] = lambda: ""
    context = {"brief": wide, "b": Say("nl"), "address": "moratoria/NL-RUS-2022"}
    await datasette.invoke_startup()
    return await datasette.render_template("coi_brief.html", context, request=request)
