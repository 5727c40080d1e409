"""HTML pages and paged listings."""

import json
from datetime import date

import pytest

from crawler.read import html
from crawler.read.html import PageHints, read_html
from crawler.read.model import Confidence, Precision, WrongShape
from crawler.read.pages import ListingRules, read_rows

PARAGRAPH = (
    "The conscripts who were called up in the spring were sent to the border region, their families said, and "
    "several of them were asked to sign a contract with the army before the end of their first month of service. "
)


def page(head="", main="", body_head=""):
    article = "".join(f"<p>{PARAGRAPH}{n}</p>" for n in range(4))
    return f"""<!doctype html><html lang="en"><head><title>News</title>{head}</head><body>{body_head}
    <nav><a href="/menu">Menu</a></nav><main><h1>Conscripts at the border</h1>{main}<article>{article}
    <p>See <a href="/reports/1#top">the report</a> and <a href="mailto:a@b.example">write</a>.</p></article></main>
    <footer><a href="/privacy">Privacy</a></footer></body></html>""".encode()


def read(**parts):
    return read_html(page(**parts), "https://news.example/2022/07/01/border")


def test_the_main_text_its_title_its_links_and_nothing_else():
    reading = read(head='<link rel="canonical" href="/border">')
    assert reading.title == "News" or reading.title == "Conscripts at the border"
    assert reading.text.count("called up in the spring") == 4
    assert "Menu" not in reading.text and "Privacy" not in reading.text
    assert reading.links == ("https://news.example/reports/1",)
    assert reading.canonical_url == "https://news.example/border"
    assert reading.language == "en"
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)


JSON_LD = '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"%s"}]}</script>'


@pytest.mark.parametrize(
    ("parts", "day", "origin"),
    [
        ({"head": JSON_LD % "2022-06-29T10:00:00+02:00"}, date(2022, 6, 29), "json-ld"),
        ({"head": '<meta property="article:published_time" content="2022-06-29">'}, date(2022, 6, 29), "meta"),
        ({"head": '<meta name="OVERHEIDop.datumPublicatie" content="2022-06-29">'}, date(2022, 6, 29), "meta"),
        ({"main": '<time datetime="2022-06-29T08:00">yesterday</time>'}, date(2022, 6, 29), "time-element"),
        ({"main": "<p>Published on 29 June 2022</p>"}, date(2022, 6, 29), "text"),
        ({"main": "<p>Last update: 29 juni 2022</p>"}, date(2022, 6, 29), "text"),
        ({}, date(2022, 7, 1), "url"),
    ],
)
def test_the_publication_date_and_where_it_comes_from(parts, day, origin):
    published = read(**parts).published
    assert (published.day, published.origin) == (day, origin)
    assert (published.confidence is Confidence.LOW) == (origin == "url")


def test_a_last_update_is_a_change_and_only_for_want_of_better_a_publication():
    reading = read(main="<p>Last update: 28 december 2022</p>", head='<meta name="dc.date" content="2022-06-29">')
    assert reading.modified.day == date(2022, 12, 28)
    assert reading.published.day == date(2022, 6, 29)


def test_the_page_is_walked_for_a_spoken_date_only_where_no_machine_gives_one(monkeypatch):
    walked = []
    monkeypatch.setattr(html, "_visible", lambda main: walked.append(main) or "")
    for head in ('<meta name="dc.date" content="2022-06-29">', JSON_LD % "2022-06-29"):
        assert read(head=head).published.day == date(2022, 6, 29)
    assert not walked
    assert read().published.origin == "url" and len(walked) == 1


def test_program_code_that_a_page_shows_is_left_out():
    shown = "<p>function f() { $.get('//a', function (d) { $('#a').html(d); }); }</p><p>f();</p>"
    reading = read_html(page(main=shown), "https://a.example/", PageHints(main="main"))
    assert "$" not in reading.text and "f();" not in reading.text and reading.text.count("called up") == 4
    assert reading.warnings == ("2 lines of program code were left out",)


def test_an_instant_in_utc_is_a_day_at_the_publisher():
    head = '<meta property="article:published_time" content="2022-12-12T23:00:00Z">'
    assert read_html(page(head=head), "https://nieuws.example.nl/a").published.day == date(2022, 12, 13)


def test_a_torn_json_ld_says_nothing():
    head = '<script type="application/ld+json">{"datePublished": "2022-06-29", </script>'
    assert read(head=head).published.origin == "url"


def test_without_a_main_text_the_body_is_taken_with_a_warning():
    rows = "".join(f"<li>conscript {n} was here at the border and went home again</li>" for n in range(9))
    reading = read_html(f"<html><body><nav>Menu</nav><form><ul></ul></form><ul>{rows}</ul></body></html>".encode())
    assert "conscript 8" in reading.text and "Menu" not in reading.text


def test_an_empty_page_warns():
    assert read_html(b"<html><body><script>run()</script></body></html>").warnings == ("the page has no text",)


def test_declared_selectors():
    hints = PageHints(main="article", title="h1", date=".d", date_format="%d %B %Y", date_language="nl")
    reading = read_html(page(main='<p class="d">28 december 2022</p>'), "https://a.example/", hints)
    assert (reading.title, reading.published.day) == ("Conscripts at the border", date(2022, 12, 28))
    assert reading.text.startswith("The conscripts")


@pytest.mark.parametrize(("selector", "found"), [("article.gone", "0 elements"), ("p", "5 elements")])
def test_a_declared_selector_must_match_once(selector, found):
    with pytest.raises(WrongShape, match=found) as error:
        read_html(page(), "https://a.example/", PageHints(main=selector))
    assert repr(selector) in str(error.value) and "https://a.example/" in str(error.value)


def test_a_declared_date_in_another_format_is_an_error():
    hints = PageHints(date=".d", date_format="%d %B %Y", date_language="nl")
    with pytest.raises(WrongShape, match="'tomorrow'"):
        read_html(page(main='<p class="d">tomorrow</p>'), "https://a.example/", hints)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16"])
def test_pages_in_old_encodings(encoding):
    text = "<p>" + "Призывников срочной службы отправили в приграничный район, сообщили родственники. " * 6 + "</p>"
    label = f'<meta charset="{encoding}">' if encoding != "utf-16" else ""
    body = f"<html><head>{label}<title>Призыв</title></head><body><main>{text}</main></body></html>".encode(encoding)
    reading = read_html(body)
    assert reading.title == "Призыв" and "Призывников срочной" in reading.text and reading.language == "ru"


def test_tables_lists_and_line_breaks_do_not_glue_words():
    cells = "<table><tr><td>Year</td><td>Men called up</td></tr><tr><td>2022</td><td>134,500</td></tr></table>"
    main = f"<div id=m>{cells}<ul><li>one</li><li>two</li></ul><p>first<br>second</p><div>a</div><div>b</div></div>"
    text = read_html(page(main=main), None, PageHints(main="#m")).text
    assert " ".join(text.split()) == "Year | Men called up 2022 | 134,500 one two first second a b"


def test_real_pages_keep_their_main_text_their_title_and_their_date(shared):
    folder = shared / "data/real/adbar__trafilatura"
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    wanted = kept = noise = titles = titled = 0
    for url, facts in gold.items():
        reading = read_html((folder / "pages" / facts["file"]).read_bytes(), url)
        wanted += len(facts["with"])
        kept += sum(segment in reading.text for segment in facts["with"])
        noise += sum(segment in reading.text for segment in facts["without"])
        titled += bool(facts.get("title"))
        titles += bool(facts.get("title")) and reading.title == facts["title"]
    print(f"main text {kept}/{wanted}, noise {noise}, titles {titles}/{titled}")
    assert kept >= 0.97 * wanted and noise == 0 and titles >= 0.8 * titled


def test_real_publication_dates(shared):
    folder = shared / "data/real/adbar__htmldate"
    gold = json.loads((folder / "gold-dates.json").read_text(encoding="utf-8"))
    right = wrong = 0
    for url, facts in gold.items():
        published = read_html((folder / facts["page"]).read_bytes(), url).published
        exact = published is not None and published.precision is Precision.DAY
        right += exact and published.day.isoformat() == facts["date"]
        wrong += exact and published.confidence is Confidence.NORMAL and published.day.isoformat() != facts["date"]
    print(f"dates right {right}/{len(gold)}, wrong though sure {wrong}")
    assert right >= 0.8 * len(gold) and wrong == 0


def test_a_real_russian_report(shared):
    body = (shared / "data/real/ovdinfo__reports/2014/cr-report/index.html").read_bytes()
    reading = read_html(body, "https://reports.ovdinfo.org/2014/cr-report/")
    assert reading.language == "ru" and reading.title.startswith("Политические репрессии")
    assert len(reading.passages) > 100


ROWS = """<html lang="nl"><head><title>Nieuws</title><base href="https://ministry.example/news/"></head><body><ul>
<li class="r"><a href="a-101">Eerste</a> <span class="d">3 mei 2022</span><p>Kort</p></li>
<li class="r"><a href="/news/b-102?x=1#y">Tweede</a> <span class="d"></span></li>
</ul><a rel="next" href="?page=2">verder</a></body></html>"""
RULES = ListingRules(
    row="li.r",
    date=".d",
    date_format="%d %B %Y",
    date_language="nl",
    summary="p",
    key_from=r"-(\d+)",
    next="a[rel=next]",
)


def test_a_listing():
    reading = read_rows(ROWS.encode(), "https://ministry.example/", RULES)
    first, second = reading.entries
    assert (first.url, first.key, first.title) == ("https://ministry.example/news/a-101", "101", "Eerste")
    assert (first.published.day, first.summary) == (date(2022, 5, 3), "Kort")
    assert second.url == "https://ministry.example/news/b-102?x=1" and second.published is None
    assert reading.next_url == "https://ministry.example/news/?page=2"


def test_a_listing_without_rows_is_empty_and_one_without_links_has_changed():
    assert read_rows(b"<html><body><p>Nothing</p></body></html>", None, RULES).entries == ()
    with pytest.raises(WrongShape, match="no link at"):
        read_rows(b"<ul><li class=r>No link in here</ul>", "https://a.example", RULES)


def test_a_listing_date_that_is_not_as_declared_is_an_error():
    with pytest.raises(WrongShape, match="'soon' is not written as"):
        read_rows(ROWS.replace("3 mei 2022", "soon").encode(), None, RULES)


def test_a_listing_that_is_json():
    with pytest.raises(WrongShape, match="JSON where HTML was promised"):
        read_rows(b'{"error": "not found"}', "https://a.example", RULES)
