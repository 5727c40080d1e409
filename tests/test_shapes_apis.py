"""Web services: WordPress, ReliefWeb, SPARQL, sitemaps, GDELT, ecoi.net. What each trap of theirs must not become."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.health import Status
from crawler.read.answers import asking, fault_in, paragraphs, parsed
from crawler.read.ecoi import read_ecoi
from crawler.read.gdelt import read_gdelt
from crawler.read.model import Broken, Confidence, Precision, Reading, WrongShape
from crawler.read.reliefweb import read_reliefweb
from crawler.read.sitemap import MAP, read_sitemap
from crawler.read.sparql import read_sparql
from crawler.read.wordpress import read_wordpress
from crawler.source import Source, load_sources
from crawler.spiders import KINDS
from store.home import Home
from tests.local_crawl import declare, go, replayed, rows
from tests.local_site import Page, Site

T1, T2, T3 = "2026-01-05T09:00:00Z", "2026-01-06T09:00:00Z", "2026-01-07T09:00:00Z"
WORDS = "Officers told conscripts that the war would be over by the autumn of that year."
SHIPPED = load_sources()
Read = Callable[..., Reading]
READERS: list[Read] = [read_wordpress, read_reliefweb, read_sparql, read_gdelt, read_ecoi]
TROUBLE = b"<!DOCTYPE html><html><head><title>Technical Difficulties</title></head><body><p>Sorry.</p></body></html>"


def start_path(site: Site, source: Source, now: str = T1, last: str | None = None) -> str:
    """Path and query of the first question of a run."""
    return KINDS[source.shape].starts(source, day=now[:10], last_success=last)[0].removeprefix(site.url)


def answer(value: object, status: int = 200) -> Page:
    return Page(json.dumps(value), "application/json", status)


# --- what is not the promised answer -----------------------------------------------------------------------------


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (TROUBLE, r"HTML \('Technical Difficulties'\) where"),
        (b"", "nothing where"),
        (b"Your query was too short or too long.\n", r"text \('Your query was too short or too long.'\)"),
        (b"<?xml version='1.0'?><rss/>", "XML <rss> where"),
        (b'{"error": {"type": "AccessDeniedHttpException", "message": "not approved"}}', "AccessDeniedHttpException"),
        (b'{"code": "rest_forbidden", "message": "Sorry, you are not allowed"}', "rest_forbidden: Sorry"),
        (b"[1]", "JSON"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_was_seen(read: Read, body: bytes, said: str) -> None:
    if read is read_wordpress and body == b"[1]":
        assert read(body).warnings == ("1 items without an id were left out",)
        return
    with pytest.raises(WrongShape, match=said):
        read(body, "https://a.example/api")


@pytest.mark.parametrize("read", READERS)
def test_a_torn_answer_is_broken(read: Read) -> None:
    with pytest.raises(Broken, match="cannot be parsed"):
        read(b'{"data": [', "https://a.example/api")


def test_error_objects_of_many_makes() -> None:
    assert fault_in(b'{"error": "busy"}') == "busy"
    assert fault_in(b'{"errors": [{"title": "Bad", "detail": "no such field"}]}') == "Bad: no such field"
    assert fault_in(b'{"detail": "aantal"}') == "aantal"
    assert fault_in(b'{"data": []}') is None
    assert fault_in(b"<html>") is None
    assert parsed(b"{}", "here", "a thing") == {}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=5)), max_size=4), st.integers(0, 999))
def test_a_changed_parameter_leaves_the_others_and_their_order(pairs: list[tuple[str, str]], page: int) -> None:
    made = asking(f"https://a.example/q?{urlencode(pairs)}", page=str(page))
    assert parse_qsl(urlsplit(made).query, keep_blank_values=True) == [*pairs, ("page", str(page))]
    assert asking(made, page="7") == made.replace(f"page={page}", "page=7")


# --- WordPress -----------------------------------------------------------------------------------------------------


def post(number: int, words: str = WORDS, **more: object) -> dict[str, object]:
    return {
        "id": number, "date": "2025-12-01T23:30:00", "date_gmt": "2025-12-02T04:30:00",
        "modified": "2025-12-02T08:00:00", "link": f"https://a.example/{number}", "type": "post",
        "title": {"rendered": f"No. {number} &#8211; <em>news</em>"},
        "content": {"rendered": f"<h2>What happened</h2><p>Of {number}.</p><p>{words}</p>"},
    } | more  # fmt: skip


def test_a_post_has_its_own_day_and_its_text_in_paragraphs() -> None:
    url = "https://a.example/wp-json/wp/v2/posts?per_page=2&page=3&_fields=id"
    reading = read_wordpress(json.dumps([post(1), post(2, date=None)]).encode(), url, zone="America/New_York")
    first, second = reading.entries
    assert (first.key, first.title, first.url) == ("posts-1", "No. 1 – news", "https://a.example/1")
    assert first.document_type is None
    assert first.published and first.published.day == date(2025, 12, 1)
    assert second.published and second.published.day == date(2025, 12, 1), "UTC is turned into the publisher's day"
    assert first.summary == f"What happened\n\nOf 1.\n\n{WORDS}"
    assert reading.next_url == url.replace("page=3", "page=4")
    assert read_wordpress(b"[]", url).next_url is None


def test_several_places_of_text_and_a_day_of_its_own() -> None:
    given = post(1, acf={"sum": "<p>In short.</p><p>Of 1.</p>", "day": "March 20, 2023"})
    read = read_wordpress(json.dumps([given, post(2, acf=[])]).encode(), bodies=("acf.sum", "content.rendered"),
                          document_date="acf.day")  # fmt: skip
    first, second = read.entries
    assert first.summary == f"In short.\n\nOf 1.\n\nWhat happened\n\n{WORDS}"
    assert [entry.published.day for entry in read.entries if entry.published] == [date(2023, 3, 20), date(2025, 12, 1)]
    assert second.summary == f"What happened\n\nOf 2.\n\n{WORDS}"


def test_plain_text_and_odd_values_as_paragraphs() -> None:
    assert paragraphs("one\n\n two ") == ["one", "two"]
    assert paragraphs("<!-- nothing -->") == []
    assert paragraphs(False) == paragraphs(None) == paragraphs({"a": 1}) == []
    assert paragraphs("<p>x &amp; y<script>bad()</script></p>") == ["x & y"]


def test_wordpress_walks_ends_beyond_the_last_page_and_notices_an_edit(site: Site, home: Home) -> None:
    source = declare(home, "wp", "wordpress", [f"{site.url}/wp-json/wp/v2/posts"], "[wordpress]\npage_size = 2")
    first = start_path(site, source)
    second, third = first.replace("&page=1", "&page=2"), first.replace("&page=1", "&page=3")
    site.pages[first] = answer([post(1), post(2)])
    site.pages[second] = answer([post(3), post(4)])
    past = {"code": "rest_post_invalid_page_number", "message": "The page number is larger", "data": {"status": 400}}
    site.pages[third] = answer(past, status=400)

    result = go(home, source, T1)
    assert (result.status, result.counts.new, result.counts.rows) == (Status.OK, 4, 4), result
    assert site.statuses(third) == [400]
    texts = "select v.title, v.published_on, d.url from versions v join documents d on d.id = document_id order by 1"
    assert rows(home, texts)[0] == ("No. 1 – news", "2025-12-01", "https://a.example/1")
    assert rows(home, "select distinct heading from version_passages") == [("What happened",)]

    asked = len(site.asked)
    again = go(home, source, T2)
    assert (again.status, again.counts.new, again.counts.changed) == (Status.OK, 0, 0), again
    assert second not in [path for path, *_ in site.asked[asked:]], "nothing new on the first page: the walk ends"

    site.pages[first] = answer([post(2, "A correction was added.", modified="2026-01-06T12:00:00"), post(1)])
    edited = go(home, source, T3)
    assert (edited.counts.new, edited.counts.changed) == (0, 1)
    assert [(r.status, r.counts.new, r.counts.changed) for r in replayed(home, source)] == [
        (Status.OK, 4, 0),
        (Status.OK, 0, 0),
        (Status.OK, 0, 1),
    ]


def test_the_page_of_a_site_in_trouble_fails_the_run(site: Site, home: Home) -> None:
    source = declare(home, "wp", "wordpress", [f"{site.url}/wp-json/wp/v2/state_report"])
    path = start_path(site, source)
    site.pages[path] = Page(TROUBLE)
    result = go(home, source)
    assert result.status is Status.FAILED
    assert "HTML ('Technical Difficulties') where a WordPress REST answer was promised" in result.message
    site.pages[path] = answer({"code": "rest_no_route", "message": "No route was found"}, status=404)
    result = go(home, source, T2)
    assert result.status is Status.FAILED
    assert "answered 404: rest_no_route: No route was found" in result.message


def test_media_files_and_pages_behind(site: Site, home: Home) -> None:
    for path in ("/files/report.html", "/behind"):
        site.article(path, WORDS)
    media = declare(home, "media", "wordpress", [f"{site.url}/wp-json/wp/v2/media"],
                    '[wordpress]\nquery = [["mime_type", "application/pdf"]]')  # fmt: skip
    site.pages[start_path(site, media)] = answer([post(1, source_url=f"{site.url}/files/report.html")])
    assert go(home, media).counts.new == 1
    behind = declare(home, "behind", "wordpress", [f"{site.url}/wp-json/wp/v2/posts"], "[wordpress]\narticle = true")
    site.pages[start_path(site, behind)] = answer([post(2, link=f"{site.url}/behind")])
    assert go(home, behind).counts.new == 1
    assert rows(home, "select key, url from documents order by key") == [
        ("media-1", f"{site.url}/files/report.html"),
        ("posts-2", f"{site.url}/behind"),
    ]


# --- ReliefWeb -----------------------------------------------------------------------------------------------------

RELIEFWEB = """[needs]\nsetting = "COI_TEST_APPNAME"\nhow = "ask at the desk of the example"
[reliefweb]\ncountry = "rus"\npage_size = 1"""


def report(number: int, **fields: object) -> dict[str, object]:
    known = {
        "title": f"Report {number}", "url": f"https://r.example/{number}", "body-html": f"<p>{WORDS}</p>",
        "date": {"created": "2025-12-03T00:00:00+00:00", "changed": "2025-12-03T10:00:00+00:00"},
    }  # fmt: skip
    return {"id": str(number), "fields": known | fields}


def test_reliefweb_pages_by_offset_and_takes_the_files(site: Site, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COI_TEST_APPNAME", "example-7f3a")
    source = declare(home, "rw", "reliefweb", [f"{site.url}/v2/reports"], RELIEFWEB)
    site.article("/file", WORDS)
    first = start_path(site, source)
    assert "appname=example-7f3a" in first and first.count("fields%5Binclude%5D%5B%5D=") > 5
    site.pages[first] = answer({"totalCount": 2, "data": [report(1, file=[{"url": f"{site.url}/file"}])]})
    site.pages[first.replace("offset=0", "offset=1")] = answer(
        {"totalCount": 2, "data": [report(2, **{"body-html": "", "file": []})]}
    )
    result = go(home, source)
    assert (result.counts.new, result.counts.rows) == (3, 2), result
    kept = rows(home, "select d.key, v.extractor like 'link/%' from documents d join versions v on d.id = document_id")
    assert sorted(kept) == sorted([("1", 0), ("2", 1), (f"{site.url}/file", 0)])
    monkeypatch.setenv("COI_TEST_APPNAME", "another-name")
    assert [r.counts.new for r in replayed(home, source)] == [3], "an archive is read whatever the appname is now"


def test_reliefweb_says_what_is_wrong_with_the_appname(site: Site, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    source = declare(home, "rw", "reliefweb", [f"{site.url}/v2/reports"], RELIEFWEB)
    monkeypatch.delenv("COI_TEST_APPNAME", raising=False)
    result = go(home, source, T1)
    assert result.status is Status.NOT_CONFIGURED
    assert "COI_TEST_APPNAME" in result.message and "ask at the desk of the example" in result.message
    assert site.asked == [], "nobody is asked without a name"

    monkeypatch.setenv("COI_TEST_APPNAME", "guessed")
    denied = {"status": 403, "error": {"type": "AccessDeniedHttpException", "message": "not an approved appname"}}
    site.pages[start_path(site, source)] = answer(denied, status=403)
    result = go(home, source, T2)
    assert "answered 403: AccessDeniedHttpException: not an approved appname: the appname in COI_TEST" in result.message
    site.pages[start_path(site, source)] = answer({"message": "v1 is gone"}, status=410)
    assert "this version of the service is gone" in go(home, source, T3).message


def test_who_wrote_a_report_is_named() -> None:
    told = report(1, source=[{"shortname": "HRW"}, {"name": "A Mission"}], format=[{"name": "Analysis"}],
                  language=[{"code": "en"}, {"code": "ru"}], url_alias="https://r.example/report/one")  # fmt: skip
    body = json.dumps({"totalCount": 9, "data": [told, {"id": "2"}]}).encode()
    read = read_reliefweb(body, "https://r.example/v2?offset=4")
    (entry,) = read.entries
    assert entry.document_type == "Analysis (HRW, A Mission)"
    assert (entry.url, entry.language) == ("https://r.example/report/one", None)
    assert (read.total, read.next_url) == (9, "https://r.example/v2?offset=6")
    assert read.warnings == ("1 rows without id or fields were left out",)


# --- SPARQL --------------------------------------------------------------------------------------------------------


def bindings(*found: dict[str, str], columns: tuple[str, ...] = ("item", "title", "date", "page")) -> bytes:
    return json.dumps(
        {
            "head": {"vars": columns},
            "results": {"bindings": [{k: {"value": v} for k, v in row.items()} for row in found]},
        }
    ).encode()


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2011-12-13", date(2011, 12, 13), Precision.DAY),
        ("2011-12-13+01:00", date(2011, 12, 13), Precision.DAY),
        ("2011-12-12T23:00:00Z", date(2011, 12, 13), Precision.DAY),
        ("2024-02", date(2024, 2, 29), Precision.MONTH),
        ("2024", date(2024, 12, 31), Precision.YEAR),
        ("2024-13", None, None),
        ("unknown", None, None),
    ],
)
def test_typed_days(written: str, day: date | None, precision: Precision | None) -> None:
    (entry,) = read_sparql(bindings({"item": "http://x.example/1", "title": "T", "date": written}),
                           zone="Europe/Brussels").entries  # fmt: skip
    assert (entry.published and entry.published.day, entry.published and entry.published.precision) == (day, precision)


def test_rows_that_are_no_addresses_or_come_twice() -> None:
    one = {"item": "http://x.example/1", "title": "T", "page": "javascript:alert(1)"}
    read = read_sparql(bindings(one, one, {"item": "_:b0", "title": "blank"}, {"title": "nothing"}))
    assert [(entry.url, entry.key) for entry in read.entries] == [("http://x.example/1", "http://x.example/1")]
    assert read.warnings == ("2 rows whose item is no http(s) address were left out",)
    with pytest.raises(WrongShape, match="no column 'title'"):
        read_sparql(bindings(columns=("item", "label")))
    with pytest.raises(WrongShape, match="ASK"):
        read_sparql(b'{"head": {}, "boolean": true}')


def test_sparql_documents_by_content_negotiation(site: Site, home: Home) -> None:
    tables = (
        """[sparql]\nquery = "SELECT  ?item\\n ?title"\naccept = "application/xhtml+xml"\naccept_language = "eng" """
    )
    source = declare(home, "law", "sparql", [f"{site.url}/sparql"], tables)
    site.article("/celex/1", WORDS)
    columns = ("item", "title", "date", "page", "file", "key")
    row = {"item": f"{site.url}/cellar/1", "title": "Law", "date": "2011-12-13", "key": "32011L0095",
           "page": "https://law.example/1", "file": f"{site.url}/celex/1"}  # fmt: skip
    path = start_path(site, source)
    site.pages[path] = Page(bindings(row, columns=columns), "application/sparql-results+json")
    result = go(home, source)
    assert (result.status, result.counts.new) == (Status.OK, 1), result
    sent = next(headers for asked, _, headers in site.asked if asked == "/celex/1")
    assert (sent["Accept"], sent["Accept-Language"]) == ("application/xhtml+xml", "eng")
    assert rows(home, "select key, url from documents") == [("32011L0095", "https://law.example/1")]

    site.pages[path] = Page(b"Virtuoso 37000 Error SP030: SPARQL compiler", "text/plain", status=400)
    assert "answered 400" in go(home, source, T2).message
    site.pages[path] = Page(bindings(row, columns=columns), "application/sparql-results+json",
                            headers={"X-SQL-State": "S1TAT"})  # fmt: skip
    cut = go(home, source, T3)
    assert cut.status is Status.PARTIAL and "not all rows" in cut.message
    assert next(iter(replayed(home, source))).counts.new == 1


# --- sitemaps ------------------------------------------------------------------------------------------------------


def urlset(*found: tuple[str, str | None]) -> str:
    inner = "".join(f"<url><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for loc, day in found)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'


def test_real_sitemaps(shared: Path) -> None:
    folder = shared / "data/real/adbar__trafilatura/resources"
    plain, packed, index, tongues = ((folder / name).read_bytes() for name in (
        "sitemap.xml", "sitemap.xml.gz", "sitemap2.xml", "sitemap-hreflang.xml"))  # fmt: skip
    read = read_sitemap(plain, "https://www.sitemaps.org/sitemap.xml", only=r"/da/")
    assert read.total == plain.count(b"<loc>") > len(read.entries) > 2
    assert all("/da/" in entry.url and entry.modified for entry in read.entries)
    assert read_sitemap(packed).entries == read_sitemap(plain).entries
    parts = read_sitemap(index, only="nothing fits").entries
    assert [(entry.url, entry.document_type) for entry in parts] == [
        ("http://www.example.com/sitemap2.xml.gz", MAP),
        ("http://www.example.com/sitemap1.xml.gz", MAP),
    ]
    assert read_sitemap(tongues).total == tongues.count(b"<url>") < tongues.count(b"hreflang")


def test_sitemaps_that_are_none_or_a_trap() -> None:
    for body, error, said in (
        (TROUBLE, WrongShape, "HTML where a sitemap"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", WrongShape, "XML <rss>"),
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', Broken, "entities"),
        (gzip.compress(bytes(60_000_000)), Broken, "unpack to more than"),
        (gzip.compress(urlset(("https://a.example/1", None)).encode())[:-20], Broken, "cannot be parsed"),
        (b"", WrongShape, "nothing where a sitemap"),
    ):
        with pytest.raises(error, match=said):
            read_sitemap(body, "https://a.example/sitemap.xml")
    odd = read_sitemap(urlset(("mailto:a@b.example", None), ("", None), ("/relative", "not a day")).encode(),
                       "https://a.example/sitemap.xml")  # fmt: skip
    assert [(entry.url, entry.modified) for entry in odd.entries] == [("https://a.example/relative", None)]
    assert odd.warnings == ("2 rows without an http(s) address were left out",)


def test_an_index_is_walked_and_only_what_changed_is_fetched_again(site: Site, home: Home) -> None:
    source = declare(home, "map", "sitemap", [f"{site.url}/sitemap.xml"],
                     '[sitemap]\nonly = "/notice"\nmax_items = 2')  # fmt: skip
    site.pages["/sitemap.xml"] = Page(
        f"<sitemapindex><sitemap><loc>{site.url}/1.xml.gz</loc><lastmod>2026-01-04</lastmod></sitemap>"
        f"<sitemap><loc>{site.url}/sitemap.xml</loc></sitemap></sitemapindex>", "application/xml")  # fmt: skip
    pages = {f"/notice{n}": f"2025-12-0{n}" for n in (1, 2, 3)} | {"/other": "2025-12-09"}
    for path in pages:
        site.article(path, WORDS)

    def put() -> None:
        listed = urlset(*((f"{site.url}{path}", day) for path, day in pages.items()))
        site.pages["/1.xml.gz"] = Page(gzip.compress(listed.encode(), mtime=0), "application/x-gzip")

    put()
    first = go(home, source, T1)
    assert (first.counts.new, first.counts.rows, first.counts.failed) == (2, 3, 0), first
    assert "1 addresses wait for the next run" in first.message
    assert {key for (key,) in rows(home, "select key from documents")} == {f"{site.url}/notice{n}" for n in (2, 3)}
    second = go(home, source, T2)
    assert (second.status, second.counts.new) == (Status.PARTIAL, 1), second  # partial: the pages carry no date
    assert site.statuses("/notice3") == [200], "held and not said to have changed: not asked for"
    pages["/notice3"] = "2026-01-09"
    put()
    site.article("/notice3", f"{WORDS} A correction was added to it in January, after a complaint.")
    assert go(home, source, T3).counts.changed == 1
    assert site.statuses("/other") == []
    asked = len(site.asked)
    stale = go(home, source, "2026-01-09T09:00:00Z")
    assert (stale.status, stale.counts.rows) == (Status.OK, 1), "a part that is not fresh stands for what it held"
    assert [path for path, *_ in site.asked[asked:]] == ["/robots.txt", "/sitemap.xml"]
    assert [r.counts.new for r in replayed(home, source)] == [2, 1, 0, 0]


# --- GDELT ---------------------------------------------------------------------------------------------------------


def test_titles_that_are_no_json_and_nothing_found() -> None:
    stray = b'"title": "a \\d\tb , c", "seendate": "20251231T233000Z"'
    read = read_gdelt(b'{"articles": [{"url": "https://a.example/1", ' + stray + b'}, {"url": "x"}]}')
    (entry,) = read.entries
    assert entry.title == "a \\d b, c"
    assert entry.published and (entry.published.day, entry.published.confidence) == (date(2025, 12, 31), Confidence.LOW)
    assert read.warnings == ("1 articles without an address were left out",)
    assert read_gdelt(b"{}").entries == ()


def test_gdelt_keeps_links_and_is_calm_when_it_is_busy(site: Site, home: Home) -> None:
    source = declare(home, "gdelt", "gdelt", [f"{site.url}/doc"], 'keep = "metadata"\noptional = true\n'
                     '[gdelt]\nquery = "deserters"\nmax_records = 2')  # fmt: skip
    path = start_path(site, source)
    site.pages[path] = Page(b"Please limit requests", status=429, headers={"Retry-After": "3600"})
    busy = go(home, source, T1)
    assert busy.status is Status.FAILED
    assert "GDELT is busy (429), as it often is; nothing to do" in busy.message
    found = [{"url": f"https://a.example/{n}", "title": f"T{n}", "seendate": "20260105T010000Z"} for n in (1, 2)]
    site.pages[path] = answer({"articles": found})
    result = go(home, source, T2)
    assert (result.status, result.counts.new) == (Status.PARTIAL, 2), result
    assert "as many as one answer holds" in result.message
    assert rows(home, "select count(*) from version_passages") == [(0,)], "a link has nothing that could vote"
    assert [path for path, *_ in site.asked if path.startswith("/1")] == []


# --- ecoi.net ------------------------------------------------------------------------------------------------------


def result_row(number: int, words: str) -> str:
    link = f'<a href="/en/document/{number}.html">Title {number}</a>'
    mark = f'<a class="graphbutton-link" data-permalink-target="{number}">link</a>'
    return f"<li><h3>{link}</h3><span>{words}, 4 January 2026</span>{mark}{mark}</li>"


def test_results_are_told_apart_around_their_numbers() -> None:
    content = f"<ul>{result_row(11, 'Russian Federation')}{result_row(12, 'Chad')}</ul>"
    body = json.dumps({"hits": 2, "pages": 1, "content": content}).encode()
    read = read_ecoi(body, "https://www.ecoi.net/en/document-search/search-v2?page=1")
    assert [(entry.key, entry.title) for entry in read.entries] == [("11", "Title 11"), ("12", "Title 12")]
    assert all(entry.published and entry.published.day == date(2026, 1, 4) for entry in read.entries)
    assert "Chad" not in (read.entries[0].summary or "") and read.next_url is None
    with pytest.raises(WrongShape, match="3 hits announced and no"):
        read_ecoi(b'{"hits": 3, "pages": 1, "content": "<p>new look</p>"}')
    with pytest.raises(WrongShape, match="Access error"):
        read_ecoi(b"<html><head><title>Access error</title></head></html>")


def test_ecoi_is_linked_never_stored(site: Site, home: Home) -> None:
    source = declare(home, "ecoi", "ecoi", [f"{site.url}/search-v2"],
                     'keep = "metadata"\n[ecoi]\nonly = "Russia"\nfirst_day = 2026-01-01')  # fmt: skip
    first = start_path(site, source)
    assert first == "/search-v2?lower_origPublicationDate=2026-01-01&upper_origPublicationDate=2026-01-05&page=1"
    site.pages[first] = answer({"hits": 3, "pages": 2, "content": result_row(11, "Russia") + result_row(12, "Chad")})
    site.pages[first.replace("page=1", "page=2")] = answer({"hits": 3, "pages": 2, "content": "<p></p>"})
    result = go(home, source, T1)
    assert (result.counts.new, result.counts.rows) == (1, 2), result
    assert "3 hits announced, 2 found" in result.message
    assert rows(home, "select key, url from documents") == [("11", f"{site.url}/en/document/11.html")]
    assert all("/document/" not in path for path, *_ in site.asked)


# --- captured questions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["state_gov_country_reports", "isw", "landinfo", "reliefweb_rus", "eurlex_asylum",
                                  "ecoi_rus", "gdelt_deserters"])  # fmt: skip
def test_a_question_of_another_day_is_known_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SHIPPED[name]
    spider = KINDS[source.shape]
    monkeypatch.setenv("COI_RELIEFWEB_APPNAME", "then")
    asked = spider.starts(source, day="2024-05-06", last_success="2024-05-05T00:00:00Z")
    monkeypatch.setenv("COI_RELIEFWEB_APPNAME", "now")
    assert all(spider.is_start(source, url) for url in asked)
    assert not any(spider.is_start(other, url) for url in asked for other in SHIPPED.values()
                   if other.id != name and other.shape is source.shape)  # fmt: skip
    following = asking(asked[0], page="2", offset="100", query="another")
    assert not spider.is_start(source, following)
