"""HTML pages and paged listings."""

from datetime import date

import pytest

from crawler.read import html
from crawler.read.html import PageHints, read_html
from crawler.read.html_tree import parse_html
from crawler.read.lead import with_lead
from crawler.read.model import Confidence, WrongShape
from crawler.read.pages import ListingRules, read_rows
from crawler.read.passages import Block

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


@pytest.mark.parametrize("tag", ["pre", "code"])
def test_program_code_that_an_author_shows_stays(tag):
    shown = f"<p>{PARAGRAPH}</p><{tag}>console.log('conscripts');</{tag}><p>{PARAGRAPH}</p>"
    reading = read_html(page(main=shown), "https://a.example/", PageHints(main="main"))
    assert "console.log" in reading.text and reading.warnings == ()


@pytest.mark.parametrize(
    ("parts", "day", "confidence"),
    [
        ({"main": '<span class="post-date">29 juni 2022</span>'}, date(2022, 6, 29), Confidence.NORMAL),
        ({"main": '<p class="d">29. Juni 2022 | A. Writer | Kommentare 3</p>'}, date(2022, 6, 29), Confidence.NORMAL),
        ({"main": '<p class="date">29 June 2022</p><p class="date">3 May 2022</p>'}, date(2022, 6, 29), Confidence.LOW),
        ({"main": '<aside><time datetime="2020-01-01">then</time></aside>'}, date(2022, 7, 1), Confidence.LOW),
        ({"main": '<div class="comment"><time datetime="2020-01-01"></time></div>'}, date(2022, 7, 1), Confidence.LOW),
        (
            {"main": "<p>This entry was posted on Wednesday, 29 June 2022 by A.</p>"},
            date(2022, 6, 29),
            Confidence.NORMAL,
        ),
        ({"main": "<p>page revision: 8, last edited: 29 Jun 2022</p>"}, date(2022, 6, 29), Confidence.LOW),
    ],
)
def test_a_date_that_the_markup_points_at(parts, day, confidence):
    published = read(**parts).published
    assert (published.day, published.confidence) == (day, confidence)


@pytest.mark.parametrize(
    "clock",
    [
        '<header><p class="date">Sunday 20 November 2022</p></header>',
        '<div class="current-date">Sunday 20 November 2022</div>',
        "<div>Sunday 20 November 2022</div>",
        '<header><time datetime="2022-11-20">Sunday</time></header>',
    ],
)
def test_the_clock_of_a_site_is_not_the_date_of_its_pages(clock):
    body = f"<html><body>{clock}<div><h1>Called up</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div></body></html>"
    assert read_html(body.encode(), "https://a.example/x").published is None
    own = body.replace("</h1>", '</h1><p class="post-date">3 May 2022</p>')
    assert read_html(own.encode(), "https://a.example/x").published.day == date(2022, 5, 3)


def test_pictures_date_a_page_only_for_want_of_anything_else():
    picture = '<img src="/2021/03/04/a.jpg"><img src="/2021/03/09/b.jpg">'
    reading = read_html(page(main=picture), "https://a.example/about")
    assert (reading.published.day, reading.published.confidence) == (date(2021, 3, 4), Confidence.LOW)
    assert read(main=picture).published.day == date(2022, 7, 1)


def test_publication_and_change_are_told_apart():
    head = JSON_LD.replace("}]}", '","dateModified":"2022-07-02T08:00:00Z"}]}').replace('%s"', "%s") % "2022-06-29"
    reading = read(head=head)
    assert (reading.published.day, reading.modified.day) == (date(2022, 6, 29), date(2022, 7, 2))


COMMENT = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A", "datePublished": "2022-06-29",
"comment": [{"@type": "Comment", "datePublished": "2022-08-01"}], "video": {"@type": "VideoObject", "uploadDate": "x",
"datePublished": "2020-01-01"}, "author": [{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo Ray"}]}</script>"""
NEXT = """<script type="application/ld+json">[{"@type": "NewsArticle", "url": "https://news.example/2022/07/01/other",
"datePublished": "2022-07-09"}, {"@type": "NewsArticle", "mainEntityOfPage": {"@id":
"https://www.news.example/2022/07/01/border/"}, "datePublished": "2022-06-29"}]</script>"""


@pytest.mark.parametrize("head", [COMMENT, NEXT])
def test_a_page_with_several_works_is_dated_by_its_own(head):
    published = read(head=head).published
    assert (published.day, published.confidence) == (date(2022, 6, 29), Confidence.NORMAL)


def test_several_articles_none_of_them_this_page_give_a_guess():
    head = NEXT.replace("border", "elsewhere")
    assert read(head=head).published.confidence is Confidence.LOW


def test_an_instant_at_a_dutch_publisher_without_a_dutch_domain():
    head = '<meta property="article:published_time" content="2022-12-12T23:00:00Z">'
    body = page(head=head).replace(b'lang="en"', b'lang="nl-NL"')
    assert read_html(body, "https://nieuws.example/a").published.day == date(2022, 12, 13)
    assert read_html(page(head=head), "https://nieuws.example/a").published.day == date(2022, 12, 12)


@pytest.mark.parametrize(
    ("parts", "authors"),
    [
        ({"head": COMMENT}, ("Ann Lee", "Bo Ray")),
        (
            {"head": '<meta name="author" content="Ministry of Justice and Security">'},
            ("Ministry of Justice and Security",),
        ),
        ({"head": '<meta name="author" content="https://a.example/ann">'}, ()),
        ({"main": '<p class="byline">Door Ann Lee en Bo Ray</p>'}, ("Ann Lee", "Bo Ray")),
        ({"main": '<a rel="author" href="/ann">Автор: Анна Ли</a>'}, ("Анна Ли",)),
        ({"main": '<div class="comments"><b class="author">Somebody Else</b></div>'}, ()),
        ({"main": '<p class="author">admin</p>'}, ()),
    ],
)
def test_authors(parts, authors):
    assert read(**parts).authors == authors


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (COMMENT, "NewsArticle"),
        ('<script type="application/ld+json">{"@type": ["Report", "Thing"]}</script>', "Report"),
        ('<meta property="og:type" content="article">', "article"),
        ('<meta property="og:type" content="website">', None),
        ('<meta name="DCTERMS.type" content="Kamerbrief"><meta property="og:type" content="article">', "Kamerbrief"),
        ("", None),
    ],
)
def test_the_kind_of_document_where_the_page_says_it(head, kind):
    assert read(head=head).document_type == kind


def test_the_reference_period_of_a_report():
    covers = "<p>This report covers the period from April 2021 to March 2023.</p>"
    reading = read_html(page(main=covers), "https://a.example/", PageHints(main="main"))
    assert (reading.period_from, reading.period_to) == (date(2021, 4, 1), date(2023, 3, 31))
    assert read().period_from is None


@pytest.mark.parametrize(
    "title",
    ["Conscripts at the border", "Conscripts at the border - The Daily Example", "The Daily: Conscripts at the border",
     "The Daily | Conscripts  at the border"],
)  # fmt: skip
def test_the_title_without_the_name_of_the_site(title):
    body = page().replace(b"<title>News</title>", f"<title>{title}</title>".encode())
    assert read_html(body, "https://a.example/x").title == "Conscripts at the border"


def test_the_name_of_the_site_is_not_its_title():
    head = '<meta property="og:title" content="At the border | The Example">'
    head += '<meta property="og:site_name" content="The Example">'
    body = page(head=head, body_head='<header class="header"><h1>The Example</h1></header>')
    assert read_html(body.replace(b"<h1>Conscripts at the border</h1>", b""), None).title == "At the border"


def test_the_lead_that_is_set_as_a_heading_is_kept():
    lead = "Seventy-one men have asked for protection since the spring, the ministry said."
    menu = '<h3><a href="/x">Read also: what the ministry said about the men in the spring.</a></h3><h2>The border</h2>'
    tree = parse_html(f"<h1>Called up</h1><div>{menu}<h2>{lead}</h2><p>{PARAGRAPH}</p></div>".encode(), None)
    blocks = [Block(text=PARAGRAPH.strip())]
    assert [block.text for block in with_lead(tree, blocks)] == [lead, PARAGRAPH.strip()]
    assert with_lead(tree, [Block(text=lead), *blocks])[0].text == lead
    assert with_lead(tree, [Block(text="Something else altogether.")])[0].text == "Something else altogether."


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


def test_control_characters_do_not_stop_the_reader():
    body = b"<body><main><nav>Menu</nav>\x08 A\x00 little &#8;&#x1f; text</main></body>"
    assert "A little text" in " ".join(read_html(body).text.split())


def test_tables_lists_and_line_breaks_do_not_glue_words():
    cells = "<table><tr><td>Year</td><td>Men called up</td></tr><tr><td>2022</td><td>134,500</td></tr></table>"
    main = f"<div id=m>{cells}<ul><li>one</li><li>two</li></ul><p>first<br>second</p><div>a</div><div>b</div></div>"
    text = read_html(page(main=main), None, PageHints(main="#m")).text
    assert " ".join(text.split()) == "Year | Men called up 2022 | 134,500 one two first second a b"


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
