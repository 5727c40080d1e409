"""EUAA and Lifos: from what rolls by to the reports themselves, and the listings that close the gaps."""

from datetime import date

import pytest

from crawler.health import Status
from crawler.read.lifos import read_lifos
from crawler.read.model import Dated, Entry, WrongShape
from crawler.spiders.euaa import announced, report_root
from store.home import Home
from tests.local_crawl import T2, T3, declare, go, replayed, rows
from tests.local_site import Page, Site

FILES = "/sites/default/files/publications"
WORDS = "Conscripts of the spring call-up were told to sign, a report on military service of the agency says."


def linking(site: Site, path: str, *links: str) -> None:
    """A page of some length that links to others."""
    anchors = "".join(f"<p><a href='{link}'>see {link}</a></p>" for link in links)
    site.article(path, f"{WORDS}{anchors}")
    page = site.pages[path]
    assert isinstance(page.body, str)
    page.body = page.body.replace("<article>", "<main><article>").replace("</article>", "</article></main>")


def a_report(site: Site, path: str, words: str) -> None:
    """A report of one page, as a PDF."""
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for line in range(12):
        canvas.drawString(72, 760 - 20 * line, f"{words} Line {line} of the report on military service.")
    canvas.save()
    site.pages[path] = Page(out.getvalue(), "application/pdf")


def listing(site: Site, path: str, *releases: str, following: str = "") -> None:
    found = "".join(
        f"<div class=views-row><span class=field--name-title><h3>{r}</h3></span><a href='{r}'>Read more</a>"
        "<time datetime='2021-03-05T09:00:00Z'>5 March 2021</time></div>"
        for r in releases
    )
    after = f"<a rel=next href='{following}'>Next</a>" if following else ""
    site.pages[path] = Page(f"<html><body><main>{found}{after}</main></body></html>")


def test_euaa_from_the_release_to_every_report_once(site: Site, home: Home) -> None:
    site.feed("/feed", "/news-events/coi-russia", "/news-events/coi-again", "/news-events/staff-day",
              dated="Wed, 07 Dec 2022 10:00:00 GMT")  # fmt: skip
    linking(
        site, "/news-events/coi-russia", "/publications/russia", "/publications/no-file", f"{FILES}/2021-01/old.pdf"
    )
    linking(site, "/news-events/coi-again", "/publications/russia", "/news-events/staff-day")
    linking(site, "/publications/russia", f"{FILES}/2022-12/russia.pdf", "/coi-report-russia/introduction")
    linking(site, "/publications/no-file")
    linking(site, "/coi-report-russia/introduction", "/coi-report-russia/conscription", "/elsewhere/page")
    linking(site, "/coi-report-russia/conscription")
    linking(site, "/news-events/coi-older")
    a_report(site, f"{FILES}/2022-12/russia.pdf", "Russia.")
    a_report(site, f"{FILES}/2021-01/old.pdf", "An older one.")
    listing(site, "/list", "/news-events/coi-russia", "/news-events/party", following="/list?page=1")
    listing(site, "/list?page=1", "/news-events/coi-older")
    source = declare(home, "euaa", "euaa", [f"{site.url}/feed"], f'[euaa]\nonly = "coi"\nlisting = "{site.url}/list"')

    first = go(home, source)

    assert first.status is Status.OK, first
    where = "select key, v.published_on from versions v join documents d on d.id = v.document_id"
    found = {key.rpartition("/")[2]: day for key, day in rows(home, where)}
    assert set(found) == {"coi-russia", "coi-again", "coi-older", "no-file", "russia.pdf", "old.pdf", "introduction",
                          "conscription"}  # fmt: skip
    assert found["russia.pdf"] == found["conscription"] == "2022-12-07"
    assert found["coi-older"] == "2021-03-05", "from the listing"
    assert found["old.pdf"] != "2022-12-07", "merely mentioned: it was uploaded long before"
    assert site.statuses("/publications/russia") == [200], "two releases lead to it, and it is asked for once"
    assert site.statuses("/news-events/staff-day") == [] == site.statuses("/elsewhere/page")

    again = go(home, source, T2)
    assert (again.counts.new, again.counts.changed) == (0, 0), again
    assert site.statuses("/list") == [200], "once a week"

    assert [result.counts.new for result in replayed(home, source)] == [8, 0]
    assert sorted(rows(Home(home.path.parent / "copy"), where)) == sorted(rows(home, where))


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://a.example/sites/default/files/publications/2022-12/x.pdf", date(2022, 12, 7)),
        ("https://a.example/sites/default/files/publications/2023-01/x.pdf", date(2022, 12, 7)),
        ("https://a.example/sites/default/files/publications/2022-10/x.pdf", None),
        ("https://a.example/coi/russia/2022/x", date(2022, 12, 7)),
    ],
)
def test_an_older_report_does_not_get_the_day_of_the_release(address: str, day: date | None) -> None:
    release = Entry(url="https://a.example/r", published=Dated(day=date(2022, 12, 7), origin="feed"))
    published = announced(release, address).published
    assert (published.day if published else None) == day


def test_the_chapters_of_a_report_stand_under_one_root() -> None:
    assert report_root("/coi/syria/2025/country-focus/security") == "/coi/syria/2025/country-focus"
    assert report_root("/syria-security-situation/") == "/syria-security-situation"


def lifos_feed(site: Site, *numbers: int) -> None:
    site.feed("/rss", *(f"/dokument?documentSummaryId={number}" for number in numbers))


def lifos_site(site: Site, newest: int) -> None:
    """Twenty-five documents, ten a page of the search, newest first."""
    numbers = list(range(newest, newest - 25, -1))
    for page in range(1, 5):
        ten = numbers[10 * (page - 1) : 10 * page]
        found = "".join(f"<li><a href='/dokument?documentSummaryId={n}'>Document {n}</a></li>" for n in ten)
        site.pages[f"/sok?sort=creationDate&page={page}"] = Page(f"<html><body><ul>{found}</ul></body></html>")
    for number in numbers:
        site.article(f"/dokument?documentSummaryId={number}", f"{WORDS} Number {number}.")


def test_lifos_backfills_and_closes_its_gaps(site: Site, home: Home) -> None:
    lifos_site(site, 125)
    lifos_feed(site, *range(125, 120, -1))
    linking(site, "/dokument?documentSummaryId=125", "/download?documentAttachmentId=9")
    a_report(site, "/download?documentAttachmentId=9", "Country report.")
    source = declare(
        home, "lifos", "lifos", [f"{site.url}/rss"], f'[lifos]\nlisting = "{site.url}/sok?sort=creationDate"'
    )

    first = go(home, source)

    assert (first.counts.rows, first.counts.new) == (5, 26), first
    assert {key for (key,) in rows(home, "select key from documents")} == {str(n) for n in range(101, 126)} | {
        f"{site.url}/download?documentAttachmentId=9"
    }
    assert site.statuses("/sok?sort=creationDate&page=4") == [200], "an empty page is behind the last"
    attached = "select v.published_on from versions v join documents d on d.id = document_id where key like '%Attach%'"
    assert rows(home, attached) == [("2025-12-31",)], "the file has the day of its record"

    lifos_feed(site, *range(126, 121, -1))
    site.article("/dokument?documentSummaryId=126", WORDS)
    assert go(home, source, T2).counts.new == 1
    assert site.statuses("/sok?sort=creationDate&page=1") == [200], "nothing was missed: the search is left alone"

    lifos_site(site, 138)
    lifos_feed(site, *range(138, 133, -1))
    gap = go(home, source, T3)
    assert gap.counts.new == 12, "seven between the feed and what was held come from the search"
    pages = [len(site.statuses(f"/sok?sort=creationDate&page={number}")) for number in (1, 2, 3, 4)]
    assert pages == [2, 2, 2, 1], "the third shows nothing that is new, so the fourth is not asked for"
    assert not [problem for problem in gap.problems if problem.lost]


def test_a_gap_without_a_listing_is_named_and_an_error_page_is_no_feed(site: Site, home: Home) -> None:
    lifos_site(site, 125)
    lifos_feed(site, 125, 124)
    source = declare(home, "lifos", "lifos", [f"{site.url}/rss"])
    assert go(home, source).counts.new == 2
    lifos_feed(site, 110, 109)
    assert any("may be missing" in problem.what for problem in go(home, source, T2).problems)

    site.pages["/rss"] = Page(
        "<?xml version='1.0'?><error><code>404</code><text>Sidan finns inte</text></error>", "text/xml"
    )
    failed = go(home, source, T3)
    assert failed.status is Status.FAILED and "XML <error>" in failed.message
    for page in (b"<html><body>Fel</body></html>", b"", b'<?xml version="1.0"?><feed><entry/></feed>'):
        with pytest.raises(WrongShape, match="where RSS was promised"):
            read_lifos(page, "https://lifos.example/rss")


def test_a_listing_that_shows_no_row_is_said(site: Site, home: Home) -> None:
    lifos_site(site, 125)
    lifos_feed(site, 125)
    site.pages["/changed?page=1"] = Page("<html><body><p>A new design</p></body></html>")
    result = go(home, declare(home, "lifos", "lifos", [f"{site.url}/rss"], f'[lifos]\nlisting = "{site.url}/changed"'))
    assert result.status is Status.PARTIAL and result.counts.new == 1
    assert any("cannot be walked" in problem.what and problem.lost for problem in result.problems)
