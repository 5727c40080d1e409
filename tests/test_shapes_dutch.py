"""The Dutch state's services: open.overheid.nl, the parliament's open data, the search of rijksoverheid.nl."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crawler.health import Status
from crawler.read.model import Broken, WrongShape
from crawler.read.open_overheid import read_open_overheid
from crawler.read.rijksoverheid import read_rijksoverheid
from crawler.read.tweedekamer import REMOVED, read_tweedekamer
from crawler.shapes import OpenOverheidRules, RijksoverheidRules, TweedeKamerRules
from crawler.source import Source, load_sources
from crawler.spiders import KINDS, open_overheid, rijksoverheid_rss, tweedekamer
from crawler.spiders.rijksoverheid_rss import Slice, middle_of, slice_of
from store.home import Home
from tests.local_crawl import declare, go, replayed, rows
from tests.local_site import Page, Site

T1, T2, T3, T4 = (f"2026-01-{day:02}T09:00:00Z" for day in (5, 6, 7, 20))
CASES = Path(__file__).parent / "sources"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONE = 'zone = "Europe/Amsterdam"\n'
WORDS = "Dienstplichtigen zouden in het voorjaar niet meer worden opgeroepen, schrijft het ministerie."
JSON, RSS, ATOM = "application/json", "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8"


def paths(site: Site, since: int = 0) -> list[str]:
    """What was asked for, robots.txt left out."""
    return [path for path, _, _ in site.asked[since:] if path != "/robots.txt"]


# open.overheid.nl ---------------------------------------------------------------------------------------------------

ZOEK = "/overheid/openbaarmakingen/api/v0/zoek"


def result(number: int, *, version: int = 1, changed: str = "2025-12-01T10:00:00Z") -> dict:
    return {
        "document": {"id": f"ronl-{number}_{version}", "titel": f"Ambtsbericht {number}",
                     "pid": f"https://open.overheid.nl/documenten/ronl-{number}_{version}",
                     "openbaarmakingsdatum": "2025-11-30", "mutatiedatumtijd": changed},
        "bestandsType": "application/pdf",
    }  # fmt: skip


class OpenOverheid:
    """The service on a local site: results, newest change first, ten a page."""

    def __init__(self, site: Site, home: Home) -> None:
        self.site = site
        table = '[open_overheid]\ndocumentsoort = "ambtsbericht"\npage_size = 10\n'
        self.source: Source = declare(home, "open", "open_overheid", [site.url + ZOEK], ZONE + table)
        self.start = open_overheid.search_url(ZOEK, self.source.rules_as(OpenOverheidRules))

    def shows(self, *results: dict) -> None:
        for at in range(0, max(1, len(results)), 10):
            page = {"totaal": len(results), "resultaten": results[at : at + 10]}
            self.site.pages[self.start.replace("start=0", f"start={at}")] = Page(json.dumps(page), JSON)
        for shown in results:
            key, _, version = shown["document"]["id"].partition("_")
            self.has_files(key, f"/files/{key}?v={version}")

    def has_files(self, key: str, *files: str) -> None:
        listed = [{"id": f"{key}_1", "url": file, "mime-type": "text/html", "hash": "00ff", "bestandsnaam": f"file {n}"}
                  for n, file in enumerate(files)]  # fmt: skip
        old = {"nummer": 0, "bestanden": [{"url": "/files/old", "mime-type": "text/html"}]}
        detail = {"document": {"language": {"label": "nl"}}, "versies": [old, {"nummer": 2, "bestanden": listed}]}
        self.site.pages[f"{ZOEK}/{key}"] = Page(json.dumps(detail), JSON)
        for file in files:
            self.site.article(file, WORDS)


def test_a_walk_a_second_run_and_a_new_version_under_the_same_key(site: Site, home: Home) -> None:
    service = OpenOverheid(site, home)
    service.shows(*(result(n) for n in range(12)))
    first = go(home, service.source, T1)
    assert (first.status, first.counts.new, first.counts.rows) == (Status.OK, 12, 12), first
    assert rows(home, "select key, url from documents order by key limit 1") == [
        ("ronl-0", "https://open.overheid.nl/documenten/ronl-0")
    ]
    assert rows(home, "select distinct published_on, published_from from versions") == [("2025-11-30", "open-overheid")]
    before = len(site.asked)
    again = go(home, service.source, T2)
    assert (again.status, again.counts.unchanged) == (Status.OK, 10)
    assert paths(site, before) == [service.start], "it stops at the first page without changes, and asks for no file"

    before = len(site.asked)
    changed = "2026-01-06T23:30:00Z"  # the 7th in Amsterdam
    service.shows(result(3, version=2, changed=changed), *(result(n) for n in range(12) if n != 3))
    site.article("/files/ronl-3?v=2", WORDS + " De tekst is gewijzigd.")
    edited = go(home, service.source, T3)
    assert (edited.counts.new, edited.counts.changed, edited.counts.unchanged) == (0, 1, 11), edited
    assert [path for path in paths(site, before) if "ronl" in path] == [f"{ZOEK}/ronl-3", "/files/ronl-3?v=2"]
    assert rows(home, "select count(*) from documents") == [(12,)]

    assert [(r.status, r.counts.new, r.counts.changed) for r in replayed(home, service.source)] == [
        (Status.OK, 12, 0), (Status.OK, 0, 0), (Status.OK, 0, 1)]  # fmt: skip


def test_several_files_of_one_publication_and_what_is_gone(site: Site, home: Home) -> None:
    service = OpenOverheid(site, home)
    service.shows(result(1), result(2))
    service.has_files("ronl-1", "/files/report", "/files/annex")
    service.has_files("ronl-2")
    found = go(home, service.source, T1)
    assert found.status is Status.PARTIAL and "'Ambtsbericht 2' has no file" in found.message
    listed = (
        "select d.key, d.url, v.published_on from documents d join versions v on v.document_id = d.id order by d.key"
    )
    assert rows(home, listed) == [
        ("ronl-1", "https://open.overheid.nl/documenten/ronl-1", "2025-11-30"),
        ("ronl-1#2", f"{site.url}/files/annex", "2025-11-30"),
    ]
    service.shows(result(1, changed="2026-01-06T08:00:00Z"))
    site.pages[f"{ZOEK}/ronl-1"] = site.pages["/files/report"] = Page(b"", status=404)
    for now in (T2, T3):
        assert go(home, service.source, now).status is Status.OK
    assert rows(home, "select state from documents where key = 'ronl-1'") == [("gone",)]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page('{"detail": "no such documentsoort"}', JSON, status=400), "answered 400: no such documentsoort"),
        (Page('{"detail": "maintenance"}', JSON), "error instead of a page of results: maintenance"),
        (Page("<html><body>Onderhoud</body></html>"), "HTML where a page of results was promised"),
        (Page('{"totaal": 0, "resultaten": []}', JSON), "0 rows found, at least 1 expected"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_list_fails_the_run(site: Site, home: Home, page: Page, words: str) -> None:
    service = OpenOverheid(site, home)
    site.pages[service.start] = page
    found = go(home, service.source, T1)
    assert found.status is Status.FAILED
    assert words in found.message


def test_filters_are_encoded_twice_words_once_and_days_the_dutch_way() -> None:
    rules = OpenOverheidRules(organisatie="ministerie van Asiel en Migratie", text="besluit & land",
                              first_day=date(2022, 2, 9), last_day=date(2022, 12, 31))  # fmt: skip
    url = open_overheid.search_url("https://open.example/zoek", rules)
    assert "organisatie=ministerie%2520van%2520Asiel%2520en%2520Migratie" in url
    assert "zoektekst=besluit%20%26%20land" in url
    asked = dict(parse_qsl(urlsplit(url).query))
    assert (asked["publicatiedatumVan"], asked["publicatiedatumTot"]) == ("09-02-2022", "31-12-2022")
    assert (asked["start"], asked["aantalResultaten"], asked["sort"]) == ("0", "50", "laatst-gewijzigd")
    page = json.dumps({"totaal": 2, "resultaten": [result(1)]}).encode()
    following = read_open_overheid(page, url).next_url
    assert following == url.replace("start=0", "start=1"), "the next page asks the same, twice encoded"


def test_no_other_page_size_and_no_search_for_everything() -> None:
    with pytest.raises(ValidationError, match="10, 20 or 50"):
        OpenOverheidRules.model_validate({"documentsoort": "ambtsbericht", "page_size": 100})
    with pytest.raises(ValidationError, match="say what to look for"):
        OpenOverheidRules()


@given(st.uuids().map(str) | st.from_regex(r"(ronl|oep)-[0-9a-f]{8}", fullmatch=True), st.integers(1, 99))
def test_a_version_number_is_no_part_of_the_key(identifier: str, version: int) -> None:
    url = f"https://open.example{ZOEK}?start=0"
    page = {"totaal": 1, "resultaten": [{"document": {"id": f"{identifier}_{version}", "titel": "A"}}]}
    [entry] = read_open_overheid(json.dumps(page).encode(), url).entries
    assert (entry.key, entry.url) == (identifier, f"https://open.overheid.nl/documenten/{identifier}")
    files = [{"id": f"{identifier}_{version}"}, {"url": f"/documenten/{identifier}_{version}"}, {"url": "/a/report_2"}]
    detail = {"versies": [{"nummer": version, "bestanden": files}]}
    read = read_open_overheid(json.dumps(detail).encode(), f"https://open.example/api/v0/zoek/{identifier}")
    assert [(file.key, file.url) for file in read.entries] == [
        (identifier, f"https://open.example/api/v0/documenten/{identifier}"),
        (f"{identifier}#2", f"https://open.example/documenten/{identifier}"),
        (f"{identifier}#3", "https://open.example/a/report_2"),
    ]


def test_the_saved_detail_gives_the_files_of_its_newest_version() -> None:
    body = (CASES / "open_overheid_ambtsberichten" / "detail.json").read_bytes()
    key = "ronl-00000000000000000000000000000001"
    read = read_open_overheid(body, f"https://open.overheid.nl{ZOEK}/{key}")
    assert (read.key, read.document_type, read.title) == (
        key,
        "ambtsbericht",
        "Voorbeeld van een algemeen ambtsbericht",
    )
    assert read.modified is not None
    assert read.modified.day.isoformat() == "2023-04-04", "written in UTC on the evening of the 3rd"
    assert [(file.key, file.url) for file in read.entries] == [
        (key, f"https://open.overheid.nl/documenten/{key}"),
        (f"{key}#2", "https://open.overheid.nl/overheid/openbaarmakingen/api/v0/documenten/kaart"),
    ]
    assert read.attributes == {"hash:1": "2f", "hash:2": "3f"}


def test_results_that_stop_before_their_number_are_noticed() -> None:
    read = read_open_overheid(b'{"totaal": 70, "resultaten": []}', f"https://open.example{ZOEK}?start=50")
    assert "no results from 50 on, although there are 70" in read.warnings[0]
    with pytest.raises(Broken, match="cannot be parsed"):
        read_open_overheid(b'{"totaal": 70, "resultaten": [', f"https://open.example{ZOEK}")


# Tweede Kamer --------------------------------------------------------------------------------------------------------

FILTER = "Verwijderd eq false and DatumRegistratie ge {since}T00:00:00Z and contains(Onderwerp,'oratorium')"


def letter(number: int, **more: object) -> dict:
    identifier = f"{number:08}-0000-4000-8000-000000000000"
    return {"Id": identifier, "Soort": "Brief regering", "Onderwerp": f"Moratorium {number}", "Titel": "Asielbeleid",
            "DatumRegistratie": "2026-01-02T23:30:00Z", "Datum": "2026-01-02T00:00:00+01:00", "Verwijderd": False,
            "ContentType": "application/pdf", **more}  # fmt: skip


class Parliament:
    """OData on a local site."""

    def __init__(self, site: Site, home: Home) -> None:
        self.site = site
        table = f'[tweedekamer]\nfilter = "{FILTER}"\nfirst_day = 2025-01-01\noverlap_days = 30\npage_size = 3\n'
        self.source: Source = declare(home, "kamer", "tweedekamer", [f"{site.url}/OData/Document"], ZONE + table)

    def path(self, since: str) -> str:
        rules = self.source.rules_as(TweedeKamerRules)
        return tweedekamer.odata_url("/OData/Document", rules, since=since)

    def answers(self, path: str, *letters: dict, following: str | None = None) -> None:
        page = {"value": list(letters)} | ({"@odata.nextLink": following} if following else {})
        self.site.pages[path] = Page(json.dumps(page), JSON)
        for row in letters:
            self.site.article(f"/OData/Document({row['Id']})/resource", WORDS)


def test_a_query_its_pages_and_a_letter_that_vanishes_or_is_taken_back(site: Site, home: Home) -> None:
    kamer = Parliament(site, home)
    start, later = kamer.path("2025-01-01"), f"{site.url}/OData/Document?$skiptoken=xyz"
    kamer.answers(start, letter(1), letter(2), letter(3), following=later)
    kamer.answers("/OData/Document?$skiptoken=xyz", letter(4))
    first = go(home, kamer.source, T1)
    assert (first.status, first.counts.new, first.counts.rows) == (Status.OK, 4, 4), first
    assert set(rows(home, "select distinct published_on, published_from from versions")) == {
        ("2026-01-03", "tweedekamer")
    }

    before = len(site.asked)
    kamer.answers(kamer.path("2025-12-06"), letter(1), letter(2, Verwijderd=True))
    again = go(home, kamer.source, T2)
    assert (again.status, again.counts.unchanged, again.counts.gone) == (Status.OK, 1, 0), again
    assert paths(site, before) == [kamer.path("2025-12-06"), f"/OData/Document({letter(1)['Id']})/resource"]
    states = "select state, count(*) from documents group by state order by state"
    assert rows(home, states) == [("live", 3), ("withdrawn", 1)], "what a window no longer shows is not gone"


def test_a_full_page_without_a_next_link_and_one_that_leads_elsewhere(site: Site, home: Home) -> None:
    kamer = Parliament(site, home)
    kamer.answers(kamer.path("2025-01-01"), letter(1), letter(2), letter(3))
    kamer.answers(kamer.path("2025-01-01") + "&$skip=3", letter(4),
                  following="http://elsewhere.example/OData/Document?$skiptoken=1")  # fmt: skip
    found = go(home, kamer.source, T1)
    assert found.counts.new == 4, "a page as full as was asked for is not taken for the last"
    assert found.status is Status.FAILED and "elsewhere.example" in found.message
    assert "on another host and was not followed" in found.message


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("<html><body>Gepland onderhoud</body></html>"), "HTML where a page of documents was promised"),
        (Page('{"error": {"code": "500", "message": "out of order"}}', JSON), "500: out of order"),
        (Page('{"error": {"code": "", "message": "no such field"}}', JSON, status=400), "answered 400: no such field"),
        (Page('{"value": []}', JSON), "0 rows found"),
    ],
)  # fmt: skip
def test_an_outage_of_the_parliament_fails_the_run(site: Site, home: Home, page: Page, words: str) -> None:
    kamer = Parliament(site, home)
    site.pages[kamer.path("2025-01-01")] = page
    found = go(home, kamer.source, T1)
    assert found.status is Status.FAILED
    assert words in found.message


def test_a_letter_says_its_number_in_the_gazette_and_has_a_key_of_its_own() -> None:
    versions = [{"Versienummer": 1, "ExterneIdentifier": "kst-19637-1"},
                {"Versienummer": 10, "ExterneIdentifier": "kst-19637-90010"},
                {"Versienummer": 9, "ExterneIdentifier": "kst-19637-9"},
                {"Versienummer": 11, "ExterneIdentifier": "kst-19637-11", "Verwijderd": True}]  # fmt: skip
    page = {"value": [letter(7, DocumentVersie=versions), {**letter(8), "DatumRegistratie": None}, {"Soort": "Brief"}]}
    read = read_tweedekamer(json.dumps(page).encode(), "https://kamer.example/OData/v4/2.0/Document?$top=250")
    first, second = read.entries
    assert first.attachments == ("https://zoek.officielebekendmakingen.nl/kst-19637-90010.html",)
    assert first.key == letter(7)["Id"], "two sources are two documents; that they are one origin is judged elsewhere"
    assert first.url == f"https://kamer.example/OData/v4/2.0/Document({letter(7)['Id']})/resource"
    assert second.published is not None
    assert (second.published.day.isoformat(), second.published.confidence.value) == ("2026-01-02", "low")
    assert read.warnings == ("1 rows have no Id and were left out",)


def item(number: int, subject: str = "Moratorium", *, removed: bool = False) -> str:
    key = letter(number)["Id"]
    file = "" if removed else f'<link rel="enclosure" href="/Resources/{key}"/>'
    return f"""<entry><title>{key}</title><id>https://kamer.example/Entiteiten/{key}</id><updated>2026-01-03T10:00:00Z</updated>
      {file}<content type="application/xml"><document xmlns="http://www.tweedekamer.nl/xsd/tkData/v1-0"
        xmlns:tk="http://www.tweedekamer.nl/xsd/tkData/v1-0" id="{key}" tk:verwijderd="{str(removed).lower()}"
        tk:bijgewerkt="2026-01-03T10:00:00Z"><soort>Brief regering</soort><onderwerp>{subject} {number}</onderwerp>
        <datumRegistratie>2026-01-02T00:00:00+01:00</datumRegistratie></document></content></entry>"""  # fmt: skip


def test_a_syncfeed_goes_on_where_the_last_run_ended(site: Site, home: Home) -> None:
    def shows(token: int, *items: str, following: int | None = None) -> str:
        path = f"/SyncFeed/2.0/Feed?category=Document&skiptoken={token}".replace(
            "category=Document&skiptoken=100", "skiptoken=100&category=Document")  # fmt: skip
        link = f'<link rel="next" href="/SyncFeed/2.0/Feed?category=Document&amp;skiptoken={following}"/>'
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{link if following else ""}{"".join(items)}</feed>'
        site.pages[path] = Page(feed, ATOM)
        return path

    for n in range(1, 5):
        site.article(f"/Resources/{letter(n)['Id']}", WORDS)
    start = f"{site.url}/SyncFeed/2.0/Feed?skiptoken=100"
    table = '[tweedekamer]\napi = "syncfeed"\nonly = "(?i)moratorium"\nmax_pages = 3\n'
    source = declare(home, "sync", "tweedekamer", [start], ZONE + table)
    one = shows(100, item(1), item(2, "Visserij"), following=200)
    two = shows(200, item(3), following=300)
    three = shows(300)  # caught up: no entry, and no next page

    first = go(home, source, T1)
    assert (first.status, first.counts.new, first.counts.rows) == (Status.OK, 2, 3), first
    quiet = go(home, source, T2)
    assert (quiet.status, quiet.counts.new, quiet.counts.unchanged) == (Status.OK, 0, 1), quiet
    shows(300, item(4), item(3, removed=True), item(9, removed=True), following=400)
    four = shows(400)
    third = go(home, source, T3)
    assert (third.status, third.counts.new) == (Status.OK, 1), third
    assert [path for path in paths(site) if "Feed" in path] == [one, two, three, two, three, two, three, four]
    assert rows(home, "select key from documents where state = 'withdrawn'") == [(letter(3)["Id"],)]
    site.pages[three] = Page("<html><body>Onderhoud</body></html>")
    assert go(home, source, T4).status is Status.FAILED
    assert [path for path in paths(site) if "Feed" in path][8:] == [three]
    assert [(r.status, r.counts.new, r.counts.rows) for r in replayed(home, source)] == [
        (Status.OK, 2, 3), (Status.OK, 0, 1), (Status.OK, 1, 4), (Status.FAILED, 0, 0)]  # fmt: skip


def test_the_last_word_of_a_page_counts() -> None:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{item(1)}{item(1, removed=True)}</feed>'.encode()
    [entry] = read_tweedekamer(feed, "https://kamer.example/SyncFeed/2.0/Feed?category=Document").entries
    assert (entry.document_type, entry.url) == (REMOVED, "")
    with pytest.raises(WrongShape, match="XML <error>"):
        read_tweedekamer(b"<error><code>500</code></error>", "https://kamer.example/SyncFeed/2.0/Feed")


def test_a_captured_query_of_any_day_is_a_start_and_a_further_page_is_none() -> None:
    source = load_sources()["tweedekamer_brieven"]
    [start] = KINDS[source.shape].starts(source, day="2022-06-29", last_success="2022-06-28T10:00:00Z")
    assert KINDS[source.shape].is_start(source, start)
    assert not KINDS[source.shape].is_start(source, start + "&$skip=250")
    assert not KINDS[source.shape].is_start(source, start.replace("oratorium", "x"))
    with pytest.raises(ValidationError, match="needs a filter"):
        TweedeKamerRules()
    with pytest.raises(ValidationError, match="at least 3"):
        TweedeKamerRules(api="syncfeed", max_pages=2)


# rijksoverheid.nl ----------------------------------------------------------------------------------------------------


def rss(site: Site, *names: str) -> Page:
    items = "".join(
        f"<item><title>{name}</title><link>{site.url}/actueel/nieuws/2026/01/03/{name}</link><guid>{name}</guid>"
        f"<pubDate>Fri, 02 Jan 2026 23:00:00 GMT</pubDate></item>"
        for name in names
    )
    head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title>"
    return Page(f"{head}{items}</channel></rss>", RSS)


class Search:
    """The search on a local site; it answers at most `cap` of the items whose instant lies in the period."""

    def __init__(self, site: Site, home: Home, *terms: str, cap: int = 20) -> None:
        self.site, self.cap = site, cap
        words = ", ".join(f'"{term}"' for term in terms)
        table = f"[rijksoverheid_rss]\nterms = [{words}]\nwindow_hours = 24\ncap = {cap}\n"
        self.source: Source = declare(home, "rijk", "rijksoverheid_rss", [f"{site.url}/api/rss"], ZONE + table)
        self.rules = self.source.rules_as(RijksoverheidRules)

    def holds(self, stamped: dict[str, str], term: str, period: Slice) -> None:
        """Serve the search over the period, and over all halves that follow from full answers."""
        found = [name for name, at in stamped.items()
                 if period.begins <= datetime.fromisoformat(at) <= period.ends][: self.cap]  # fmt: skip
        self.site.pages[rijksoverheid_rss.search_url("/api/rss", self.rules, period)] = rss(self.site, *found)
        if len(found) == self.cap and (period.ends - period.begins) / 2 >= timedelta(minutes=self.rules.least_minutes):
            middle = middle_of(period.begins, period.ends, AMSTERDAM)
            for begins, ends in ((period.begins, middle), (middle, period.ends)):
                self.holds(stamped, term, Slice(term=term, begins=begins, ends=ends, part=True))

    def starts(self, day: str, last_success: str | None = None) -> list[Slice]:
        urls = KINDS[self.source.shape].starts(self.source, day=day, last_success=last_success)
        return [asked for url in urls if (asked := slice_of(url))]


def test_exactly_twenty_items_are_cut_short_and_three_are_not(site: Site, home: Home) -> None:
    search = Search(site, home, "moratorium", "ambtsbericht")
    stamped = {f"a{n}": "2026-01-04T23:00:00Z" for n in range(15)} | {
        f"b{n}": "2026-01-05T23:00:00Z" for n in range(10)
    }
    one, other = search.starts("2026-01-05")
    search.holds(stamped, one.term, one)
    search.holds(
        {"a1": "2026-01-04T23:00:00Z", "b1": "2026-01-05T23:00:00Z", "c": "2026-01-05T23:00:00Z"}, other.term, other
    )
    for name in (*stamped, "c"):
        site.article(f"/actueel/nieuws/2026/01/03/{name}", f"{WORDS} {name}")
    found = go(home, search.source, T1)
    assert (found.status, found.counts.new, found.counts.rows) == (Status.OK, 26, 26), found
    assert sum("/api/rss" in path for path in paths(site)) == 4, "one full answer, its two halves, one that is not full"
    kept = "select distinct v.published_on, d.document_type from versions v join documents d on d.id = v.document_id"
    assert rows(home, kept) == [("2026-01-03", "nieuwsbericht")]

    [again] = replayed(home, search.source)
    assert (again.status, again.counts.new, again.counts.rows) == (Status.OK, 26, 26), again


def test_the_saved_full_answer_is_one_that_is_asked_again() -> None:
    source = load_sources()["rijksoverheid_moratorium"]
    body = (CASES / source.id / "full.xml").read_bytes()
    read = read_rijksoverheid(body, source.starts[0], zone=source.zone)
    assert len(read.entries) == source.rules_as(RijksoverheidRules).cap == 20


def test_a_period_that_cannot_be_halved_further_says_what_is_lost(site: Site, home: Home) -> None:
    search = Search(site, home, "moratorium", cap=3)
    [asked] = search.starts("2026-01-05")
    search.holds({f"n{n}": "2026-01-04T23:00:00Z" for n in range(5)}, asked.term, asked)
    for n in range(5):
        site.article(f"/actueel/nieuws/2026/01/03/n{n}", f"{WORDS} n{n}")
    found = go(home, search.source, T1)
    assert (found.status, found.counts.new) == (Status.FAILED, 3)
    assert "cut short, and the period too short to halve" in found.message
    assert found.counts.failed


@pytest.mark.parametrize("body", ["<html><body>Onderhoud</body></html>", "hello world", '{"error": "x"}'])
def test_a_search_that_answers_no_feed_fails_the_run(site: Site, home: Home, body: str) -> None:
    search = Search(site, home, "moratorium")
    [asked] = search.starts("2026-01-05")
    site.pages[rijksoverheid_rss.search_url("/api/rss", search.rules, asked)] = Page(body, RSS)
    assert go(home, search.source, T1).status is Status.FAILED


def test_a_search_asks_for_whole_local_days_in_full_instants() -> None:
    source = load_sources()["rijksoverheid_moratorium"].model_copy(
        update={"rijksoverheid_rss": RijksoverheidRules(terms=("asiel Rusland",), window_hours=48, topic="Asielbeleid")}
    )
    kind = KINDS[source.shape]
    [url] = kind.starts(source, day="2022-06-29", last_success=None)
    query = json.loads(unquote(url.partition("query=")[2]))
    assert query["resultSearchTerm"] == "asiel Rusland"
    [topic, period] = query["filters"]
    assert topic == {"field": "topic", "values": ["Asielbeleid"], "type": "all"}
    [named] = period["values"]
    assert (named["from"], named["to"]) == ("2022-06-27T22:00:00Z", "2022-06-30T22:00:00Z")
    [longer] = kind.starts(source, day="2022-06-29", last_success="2022-06-10T23:30:00Z")
    assert "2022-06-09T22:00:00Z" in unquote(longer), "a day before the local day of the last success"
    assert kind.is_start(source, url)
    asked = slice_of(url)
    assert asked is not None
    part = Slice(term=asked.term, begins=asked.begins, ends=asked.ends, part=True)
    half = rijksoverheid_rss.search_url(source.starts[0], source.rules_as(RijksoverheidRules), part)
    assert slice_of(half) == part
    assert not kind.is_start(source, half), "a replay takes no half for a start page"
    assert slice_of("https://www.rijksoverheid.nl/api/rss?query=x") is None


@given(st.integers(0, 5 * 365 * 86400), st.integers(2, 100 * 24 * 60))
def test_halves_lie_inside_and_meet_at_noon_where_there_is_one(second: int, minutes: int) -> None:
    start = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    end = start + timedelta(minutes=minutes)
    middle = middle_of(start, end, AMSTERDAM)
    assert start < middle < end
    if minutes > 26 * 60:
        assert middle.astimezone(AMSTERDAM).strftime("%H:%M:%S") == "12:00:00"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/actueel/nieuws/2022/06/29/a", "nieuwsbericht"),
        ("/actueel/weblogs/a", "weblog"),
        ("/documenten/2022/06/29/a", "document"),
        ("/themas/a", None),
    ],
)
def test_the_address_tells_the_kind(site: Site, path: str, kind: str | None) -> None:
    body = str(rss(site, "a").body).replace("/actueel/nieuws/2026/01/03/a", path).encode()
    [entry] = read_rijksoverheid(body, "https://www.rijksoverheid.nl/api/rss", zone="Europe/Amsterdam").entries
    assert entry.document_type == kind
    assert entry.published is not None and entry.published.day.isoformat() == "2026-01-03"
