"""Search by words: forms of a word in six languages, operators, filters, counts, odd input, saved searches."""

import json
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from review.search_cli import search as search_command
from review.search_cli import searches as searches_command
from store import documents, facets, lemmas, query, search, searches, snippets, sources, tags
from store.db import writing
from store.search import SearchError, Wanted
from store.tags import MentionRow, TagDecision
from store.verify import database_problems
from tests.conftest import card, version

AT = "2022-06-01T00:00:00Z"
LATER = "2022-07-01T00:00:00Z"


def keep(conn, text: str, language: str | None = "en", **changes: object) -> int:
    """Keep one passage as a document of its own; return its id."""
    key = str(changes.pop("key", text[:80]))
    made = version(text, key=key, language=language, url=f"https://paper.example/{len(key)}", **changes)
    with writing(conn):
        kept = documents.keep(conn, made, capture_id=None, seen_at=AT, recorded_at=AT)
    row = conn.execute("select passage_id from version_passages where version_id = ?", [kept.version_id]).fetchone()
    return int(row[0])


def found(conn, asked: str, **limits: object) -> set[int]:
    return {hit.passage_id for hit in search.search(conn, asked, wanted=Wanted(**limits))}  # type: ignore[arg-type]


class TestForms:
    @pytest.mark.parametrize(
        ("language", "text", "asked"),
        [
            ("nl", "Drie deserteurs zijn gepakt.", "deserteur"),
            ("nl", "De deserteur is gepakt.", "deserteurs"),
            ("nl", "Dienstplichtigen werden opgeroepen.", "dienstplichtige"),
            ("en", "Two deserters were caught.", "deserter"),
            ("en", "A conscript wrote home.", "Conscripts"),
            ("ru", "Он говорил с призывниками.", "призывник"),
            ("ru", "ПРИЗЫВНИК пришёл.", "призывников"),
            ("uk", "Суд виправдав ухилянтів.", "ухилянт"),
            ("uk", "Це обов’язок громадянина.", "обов'язки"),
            ("de", "Die Deserteure wurden verurteilt.", "Deserteur"),
            ("de", "den Wehrpflichtigen drohte Haft", "wehrpflichtige"),
            ("fr", "Les déserteurs ont été arrêtés.", "déserteur"),
            ("fr", "Il a quitté l'armée.", "armées"),
        ],
    )
    def test_a_word_finds_its_other_forms(self, conn, language, text, asked):
        passage = keep(conn, text, language)
        assert found(conn, asked) == {passage}
        assert found(conn, asked, language=language) == {passage}

    @pytest.mark.parametrize(
        ("language", "text", "asked"),
        [
            ("en", "A deserter was caught; deserters hide.", "desert"),
            ("en", "The desert was hot.", "deserter"),
            ("fr", "Ils désertent; ils ont voulu déserter.", "desert"),
            ("fr", "Le déserteur se cache.", "désert"),
            ("de", "Er ist krank, sie sind es auch.", "war"),
            ("de", "Die Wüste lebt.", "deserter"),
            ("nl", "De dienstplicht is afgeschaft.", "dienst"),
        ],
    )
    def test_a_word_does_not_find_another(self, conn, language, text, asked):
        keep(conn, text, language)
        keep(conn, "Something else altogether.", "en")
        assert found(conn, asked) == set()

    def test_quotation_marks_ask_for_exactly_this_form(self, conn):
        plural = keep(conn, "Drie deserteurs.", "nl")
        single = keep(conn, "Een deserteur.", "nl")
        assert found(conn, "deserteur") == {plural, single}
        assert found(conn, '"deserteur"') == {single}

    def test_a_language_that_has_no_lemmas_is_found_by_its_words(self, conn):
        persian = keep(conn, "سربازان به جبهه فرستاده شدند", "fa")
        unknown = keep(conn, "Lorem deserteurs ipsum", None)
        assert found(conn, "جبهه") == {persian}
        assert found(conn, "deserteurs") == {unknown}

    def test_invisible_signs_break_no_word(self, conn):
        passage = keep(conn, "De dienst\u00adplicht en de dienst\u200bweigeraars.", "nl")
        assert found(conn, "dienstplicht") == found(conn, "dienst\u00adweigeraar") == {passage}

    def test_hits_are_marked_in_the_form_in_which_they_stand(self, conn):
        keep(conn, "Drie deserteurs en hun обов’язки.", "nl")
        keep(conn, "Обов’язок кожного.", "uk")
        assert search.search(conn, "deserteur")[0].snippet == "Drie [deserteurs] en hun обов’язки."
        assert search.search(conn, "обов'язки", wanted=Wanted(language="uk"))[0].snippet == "[Обов’язок] кожного."

    def test_an_exact_form_comes_first(self, conn):
        keep(conn, "Deserters were seen in the town hall.")
        exact = keep(conn, "The deserter was seen in the hall.")
        assert search.search(conn, "deserter")[0].passage_id == exact

    def test_the_mark_of_a_language_keeps_words_apart(self):
        assert lemmas.asked("desert", ["fr", "de", "nl"]) == ()
        assert lemmas.asked("desert", ["fr"], sure=True) == ("fr0desert",)
        assert set(lemmas.lemmas_of("Die Soldaten", "de").split()) == {"de0soldat"}


class TestOperators:
    @pytest.fixture
    def three(self, conn):
        return conn, {
            "a": keep(conn, "The mothers of the conscripts wrote a letter."),
            "b": keep(conn, "The conscripts wrote to the minister."),
            "c": keep(conn, "The minister received reservists."),
        }

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("conscript wrote", "ab"),
            ("conscript AND minister", "b"),
            ("letter OR reservist", "ac"),
            ("conscript NOT minister", "a"),
            ("conscript AND NOT minister", "a"),
            ("minister NOT conscript received", "c"),
            ("(letter OR reservist) minister", "c"),
            ("letter OR reservist minister", "ac"),
            ('"wrote a letter"', "a"),
            ("“wrote a letter”", "a"),
            ('"letter a wrote"', ""),
            ("minist*", "bc"),
            ("mothers' letter?", "a"),
        ],
    )
    def test_what_they_mean(self, three, asked, expected):
        conn, ids = three
        assert found(conn, asked) == {ids[name] for name in expected}

    @pytest.mark.parametrize("asked", ['"conscripts', "conscripts)", "(conscripts", "conscripts *", "conscripts ()"])
    def test_what_is_not_well_formed_is_read_as_plain_words(self, three, asked):
        conn, ids = three
        assert query.parse(asked).plain
        assert found(conn, asked) == {ids["a"], ids["b"]}

    @given(st.text(max_size=60) | st.text(alphabet="ab \"()*NOTANDOR\u200b'’-:", max_size=40))
    def test_whatever_is_typed_is_read_or_refused_with_words(self, text):
        try:
            read = query.parse(text)
        except SearchError as error:
            assert str(error)
        else:
            assert query.as_fts(read.node, ["en", "fr"]).count('"') % 2 == 0
            assert list(query.leaves(read.node))


class TestOddInput:
    @pytest.mark.parametrize(
        "asked",
        ["a", "7", "ab" * 400, "фроnt", "د\u200fفاع", "שלום", "\U0001f680x", "NEAR(a b)", "text:a", "^a", "a+b",
         "lemmas:x", "x\x00y", "\udc80x", "NOT a", "OR", "((((((((((((((((a", "征兵", "ﬁre", "İstanbul",
         "e\u0301te\u0301"],
    )  # fmt: skip
    def test_gets_an_answer(self, conn, asked):
        keep(conn, "Nothing here.")
        assert search.search(conn, asked) == []
        assert facets.facets(conn, asked).counted == 0

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("", "at least one word"),
            ("\u200b \u00ad", "at least one word"),
            ("?!", "no word or number"),
            ("x" * 1_000_000, "1,000,000 characters"),
            ("ab " * 100, "100 words"),
            ("a*", "at least 2 letters"),
        ],
    )
    def test_says_what_to_do(self, conn, asked, said):
        with pytest.raises(SearchError, match=said):
            search.search(conn, asked)

    def test_a_passage_of_a_megabyte_and_one_of_a_letter(self, conn):
        long = keep(conn, "deserteurs " + "en zo voort " * 90_000, "nl")
        short = keep(conn, "ж", "ru")
        assert found(conn, "deserteur") == {long}
        assert len(search.search(conn, "deserteur")[0].snippet) < 1000
        assert found(conn, "ж") == {short}

    def test_mixed_scripts_and_homoglyphs_are_found_as_written(self, conn):
        mixed = keep(conn, "Слово прuзывник стоит в тексте.", "ru")  # with a Latin u
        assert found(conn, "прuзывник") == {mixed}

    @given(st.text(max_size=200), st.sampled_from([*lemmas.LANGUAGES, "fa", None]))
    def test_any_text_has_lemmas_and_a_snippet(self, text, language):
        marked = lemmas.lemmas_of(text, language)
        assert all(re.match("(nl|en|ru|uk|de|fr)0", lemma) for lemma in marked.split())
        shown = snippets.snippet(text, language, snippets.Sought(lemmas=frozenset(marked.split())), around=("", ""))
        assert shown.removeprefix(" … ").removesuffix(" … ") in text


class TestFilters:
    @pytest.fixture
    def mixed(self, conn):
        sources.sync(conn, [card("paper"), card("army", type="party_to_the_conflict")], declared_at=AT)
        sure = {"published_precision": "day", "published_confidence": "normal"}
        ids = {
            "old": keep(conn, "Conscripts in 2021.", published_on="2021-04-01", **sure),
            "new": keep(conn, "Conscripts in 2022.", published_on="2022-05-01", **sure),
            "army": keep(conn, "No conscripts, says the army.", source_id="army"),
            "dutch": keep(conn, "Conscripts is geen Nederlands.", "nl"),
        }
        for name, groups in (("old", ("conscripts",)), ("new", ("conscripts", "deserters"))):
            with writing(conn):
                look = tags.examined(conn, ids[name], "tag", "r1", at=AT)
                mentions = [MentionRow(kind="group", value=group, rule="x") for group in groups]
                tags.keep_mentions(conn, look, ids[name], [*mentions, MentionRow(kind="country", value="RU", rule="x")])
        return conn, ids

    @pytest.mark.parametrize(
        ("limits", "expected"),
        [
            ({}, {"old", "new", "army", "dutch"}),
            ({"language": "nl"}, {"dutch"}),
            ({"source_id": "army"}, {"army"}),
            ({"publisher": "Publisher of army"}, {"army"}),
            ({"source_type": "party_to_the_conflict"}, {"army"}),
            ({"group_id": "deserters"}, {"new"}),
            ({"country": "RU"}, {"old", "new"}),
            ({"topic": "deployment"}, set()),
            ({"published_from": "2022-01-01"}, {"new"}),
            ({"published_to": "2021-04-01"}, {"old"}),
            ({"published_from": "2021-01-01", "published_to": "2022-12-31", "group_id": "conscripts"}, {"old", "new"}),
            ({"known_by": "2021-12-31"}, {"old"}),
            ({"known_by": "2022-01-01", "basis": "held"}, set()),
            ({"review": "undecided"}, {"old", "new", "army", "dutch"}),
        ],
    )
    def test_each_limits(self, mixed, limits, expected):
        conn, ids = mixed
        assert found(conn, "conscripts", **limits) == {ids[name] for name in expected}
        everything = [ids[name] for name in ("old", "new", "army", "dutch")]
        assert set(search.only(conn, everything, Wanted(**limits))) == {ids[name] for name in expected}

    def test_what_people_decided_counts(self, mixed):
        conn, ids = mixed
        for name, decision in (("old", "reject"), ("new", "accept"), ("army", "add")):
            with writing(conn):
                tags.decide(conn, TagDecision(passage_id=ids[name], kind="group", value="conscripts", decision=decision,
                                              actor="anna", decided_at=AT, reason="read it"))  # fmt: skip
        assert found(conn, "conscripts", group_id="conscripts") == {ids["new"], ids["army"]}
        assert found(conn, "conscripts", review="accepted") == {ids["new"], ids["army"]}
        assert found(conn, "conscripts", review="rejected") == {ids["old"]}
        assert found(conn, "conscripts", review="undecided") == {ids["dutch"]}
        counted = facets.facets(conn, "conscripts").of
        assert {(facet.value, facet.count) for facet in counted["group_id"]} == {("conscripts", 2), ("deserters", 1)}
        assert {(facet.value, facet.count) for facet in counted["review"]} == {
            ("accepted", 2), ("rejected", 1), ("undecided", 1)}  # fmt: skip

    def test_facets_count_what_a_search_finds(self, mixed):
        conn, _ = mixed
        counted = facets.facets(conn, "conscripts")
        assert (counted.counted, counted.capped) == (4, False)
        for name, field in (("language", "language"), ("group_id", "group_id"), ("source_type", "source_type"),
                            ("publisher", "publisher"), ("country", "country")):  # fmt: skip
            for facet in counted.of[name]:
                assert len(found(conn, "conscripts", **{field: facet.value})) == facet.count
        assert {facet.value: facet.count for facet in counted.of["year"]} == {"2021": 1, "2022": 1}

    def test_newest_first(self, mixed):
        conn, ids = mixed
        hits = search.search(conn, "conscripts", wanted=Wanted(newest_first=True))
        assert [hit.passage_id for hit in hits][:2] == [ids["new"], ids["old"]]

    def test_a_choice_that_is_none_is_named(self, conn):
        with pytest.raises(SearchError, match="'maybe' is no review status"):
            search.search(conn, "x y", wanted=Wanted(review="maybe"))


class TestSaved:
    def test_what_comes_later_is_news_once(self, conn):
        keep(conn, "An old deserter.")
        searches.save(conn, "deserters", "deserter", Wanted(), actor="anna", at=AT)
        assert searches.notice_new(conn, at=AT) == 0
        new = keep(conn, "Two new deserters.")
        keep(conn, "Something else.")
        assert [searches.notice_new(conn, at=LATER) for _ in range(2)] == [1, 0]
        (one,) = searches.saved(conn)
        assert (one.name, one.news, one.newest_at) == ("deserters", 1, LATER)
        ((hit, noticed_at),) = searches.news_of(conn, one, limit=5)
        assert (hit.passage_id, hit.snippet, noticed_at) == (new, "Two new [deserters].", LATER)

    def test_a_filter_fits_once_the_passage_is_tagged(self, conn):
        searches.save(conn, "g", "soldiers", Wanted(group_id="deserters"), actor="anna", at=AT)
        passage = keep(conn, "Soldiers left.")
        assert searches.notice_new(conn, at=AT) == 0
        with writing(conn):
            look = tags.examined(conn, passage, "tag", "r1", at=AT)
            tags.keep_mentions(conn, look, passage, [MentionRow(kind="group", value="deserters", rule="x")])
        assert searches.notice_new(conn, at=LATER) == 1

    def test_saving_and_removing_are_acts_in_the_chain(self, conn):
        first = searches.save(conn, "a  name", "deserter", Wanted(language="en"), actor="anna", at=AT)
        assert searches.save(conn, "a name", "deserter ", Wanted(language="en"), actor="ben", at=AT) == first
        assert searches.save(conn, "a name", "deserter", Wanted(), actor="ben", at=AT) > first
        searches.remove(conn, "a name", actor="ben", at=LATER)
        assert searches.saved(conn) == []
        assert conn.execute("select count(*) from audit where table_name = 'saved_searches'").fetchone()[0] == 3
        assert list(database_problems(conn)) == []
        with pytest.raises(searches.SavedSearchError, match="no saved search 'a name'"):
            searches.remove(conn, "a name", actor="ben", at=LATER)

    @pytest.mark.parametrize(
        ("query", "limits", "said"),
        [
            ("soldiers", '{"review": "nonsense"}', "'nonsense' is no review status"),
            ("soldiers", json.dumps({"country": "x" * 200_000}), "'country' is 200,000 characters"),
            ("soldiers", '{"colour": "red"}', "cannot be read"),
            ("?", "{}", "no word"),
        ],
    )
    def test_one_that_cannot_be_run_stops_no_other_and_is_named(self, conn, query, limits, said):
        with writing(conn):
            conn.execute(
                """insert into saved_searches (act, name, query, wanted, after_passage, actor, recorded_at)
                   values ('save', 'bad', ?, ?, 0, 'anna', ?)""",
                [query, limits, AT],
            )
        searches.save(conn, "good", "soldiers", Wanted(), actor="anna", at=AT)
        keep(conn, "Soldiers left.")
        with pytest.raises(searches.SavedSearchError, match="1 passages are new") as told:
            searches.notice_new(conn, at=LATER)
        assert "'bad'" in str(told.value) and said in str(told.value)
        bad, good = searches.saved(conn)
        assert said in bad.problem and searches.news_of(conn, bad, limit=5) == []
        assert (good.news, good.problem) == (1, "")

    @pytest.mark.parametrize("wanted", [Wanted(review="nonsense"), Wanted(country="x" * 200_000)])
    def test_what_could_not_be_run_is_not_saved(self, conn, wanted):
        with pytest.raises((searches.SavedSearchError, SearchError)):
            searches.save(conn, "bad", "soldiers", wanted, actor="anna", at=AT)

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x07b"])
    def test_a_name_is_a_name(self, conn, name):
        with pytest.raises(searches.SavedSearchError, match="needs a name"):
            searches.save(conn, name, "deserter", Wanted(), actor="anna", at=AT)
        with pytest.raises(SearchError):
            searches.save(conn, "fine", "??", Wanted(), actor="anna", at=AT)


class TestCommand:
    @pytest.fixture
    def coi(self, home, conn, monkeypatch):
        keep(conn, "Drie deserteurs zijn gepakt.", "nl")
        keep(conn, "The deserters were caught.", "en")
        monkeypatch.setenv("COI_HOME", str(home.path))

        def run(*words: str, command=search_command):
            return CliRunner().invoke(command, words)

        return run

    def test_json_says_what_it_said(self, coi):
        (hit,) = json.loads(coi("deserteur", "--json", "--lang", "nl", "--limit", "1").output)["hits"]
        assert list(hit) == [
            "passage", "document", "external_id", "url", "lang", "snippet", "score", "title", "publisher",
            "published_on",
        ]  # fmt: skip
        assert (hit["lang"], hit["snippet"]) == ("nl", "Drie [deserteurs] zijn gepakt.")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["x" * 1_000_000], "characters long"),
            (["?"], "no word or number"),
            (["a", "--lang", "klingon"], "--lang: 'klingon' is no language; choose from: en, nl"),
            (["a", "--lang", "zz"], "--lang: 'zz' is no language; choose from: en, nl"),
            (["\udcff"], "no word or number"),
            (["a", "--save", "n\udcff"], "needs a name"),
            (["a\udcff b", "--save", "n"], "half a character"),
            (["a", "--limit", "0"], "0 is not in the range"),
            (["a", "--save", ""], "needs a name"),
        ],
    )
    def test_wrong_use_says_what_to_do(self, coi, words, said):
        answer = coi(*words)
        assert answer.exit_code != 0
        assert said in answer.output + str(answer.exception)

    def test_what_was_read_otherwise_than_written_is_said(self, coi):
        assert "read as plain words" in coi("deserters AND (").stderr
        assert "No document is in 'es'; held: en, nl." in coi("deserters", "--lang", "es").stderr
        assert coi("deserters OR x").stderr == ""

    def test_a_search_is_saved_listed_and_removed(self, coi, conn):
        assert coi("deserter", "--save", "my search").exit_code == 0
        keep(conn, "More deserters came.", "en")
        searches.notice_new(conn, at=LATER)
        listed = coi(command=searches_command).output
        assert "my search: deserter" in listed and "1 new since" in listed and "More [deserters] came." in listed
        assert json.loads(coi("--json", command=searches_command).output)["searches"][0]["news"] == 1
        assert coi("--remove", "my search", command=searches_command).exit_code == 0
        assert "No saved search" in coi(command=searches_command).output
