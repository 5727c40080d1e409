"""What comes by hand and in bulk: files, collections, bad input; through the real command line."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from store.db import connect_readonly
from store.home import Home
from tests.local_site import serving


@pytest.fixture
def coi(tmp_path, monkeypatch):
    """Run the command line in a home of its own; gives (exit code, what it said)."""
    monkeypatch.setenv("COI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def rows(sql):
    conn = connect_readonly(Home.from_environment())
    return [tuple(row) for row in conn.execute(sql)]


def lines(path, *documents):
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), "utf-8")
    return path


class TestCollections:
    def test_the_id_is_kept_and_shown(self, coi, tmp_path):
        file = lines(
            tmp_path / "c.jsonl",
            {"id": "n-1", "text": "Conscripts were sent home.", "lang": "en", "published_on": "2022-05-01", "links": ["https://a.example/"]},
            {"id": 7, "text": "Призывников отправили домой."},
        )  # fmt: skip
        assert coi("add", "--jsonl", file, "--source", "manual") == (0, "2 new\n")
        code, said = coi("search", "призывников", "--json")
        hit = json.loads(said)["hits"][0]
        assert (code, hit["external_id"], hit["lang"]) == (0, "7", "ru")
        assert set(hit) >= {"passage", "document", "external_id", "url", "lang", "snippet", "score"}

    def test_again_changes_nothing_and_an_edit_is_one_new_version(self, coi, tmp_path):
        file = lines(tmp_path / "c.jsonl", {"id": "a", "text": "One paragraph of some length.", "lang": "en"})
        coi("add", "--jsonl", file)
        assert coi("add", "--jsonl", file) == (0, "1 unchanged\n")
        lines(file, {"id": "a", "text": "Another paragraph of some length.", "lang": "en"})
        assert coi("add", "--jsonl", file) == (0, "1 changed\n")
        assert rows("select count(*) from documents") == [(1,)]

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("{", "line 2: not JSON"),
            ('{"text": "x"}', "needs an 'id'"),
            ('{"id": "b", "text": ""}', "needs a 'text'"),
            ('{"id": "b", "text": "x", "published_on": "last week"}', "'last week' is not a day"),
            ('{"id": "b", "text": "x", "published_on": "2999-01-01"}', "has not come yet"),
            ('{"id": "b", "text": "x", "published_on": "0001-01-02"}', "0001-01-02, which is before 1900-01-01"),
            ('{"id": "b", "text": "x", "links": "https://a.example"}', "write a list"),
            ('{"id": "b", "text": "a \\ud800 b"}', "line 2: 'text' holds half a character (\\ud800"),
            ('{"id": "b", "text": "x", "title": "\\udfff"}', "line 2: 'title' holds half a character"),
            ('{"id": "b", "text": "x", "lang": {"a": 1}}', "line 2: 'lang' is a dict"),
            ('{"id": "b", "text": "x", "title": ["y"]}', "line 2: 'title' is a list"),
            ('{"id": "b", "text": "x", "published_on": true}', "line 2: 'published_on' is a bool"),
            ('{"id": ["b"], "text": "x"}', "line 2: 'id' is a list"),
            ('{"id": "b", "text": "x", "deep": ' + "[" * 100_000 + "]" * 100_000 + "}", "line 2: nested too deeply"),
            ('{"id": "b", "text": "\\u0000\\u200b"}', "needs a 'text'"),
            ('{"id": "\\u0000", "text": "x"}', "needs an 'id'"),
            ('{"id": "b", "text": "x", "url": "http://[x"}', "line 2: 'url' is 'http://[x', which is no address"),
            ('{"id": "b", "text": "x", "url": "http://a:99999/"}', "which is no address"),
        ],
    )
    def test_a_bad_line_is_named_and_the_lines_before_it_are_kept(self, coi, tmp_path, line, says):
        file = tmp_path / "c.jsonl"
        file.write_text('{"id": "a", "text": "Kept.", "lang": "en"}\n' + line + "\n", "utf-8")
        code, said = coi("add", "--jsonl", file)
        assert code == 1
        assert says in said
        assert rows("select external_id from documents") == [("a",)]

    def test_a_byte_order_mark_and_bad_links_cost_nothing(self, coi, tmp_path):
        row = {"id": "a", "text": "Kept.", "lang": "en", "links": ["http://[x", 3, "https://b.example/"]}
        (tmp_path / "c.jsonl").write_text(json.dumps(row), "utf-8-sig")
        assert coi("add", "--jsonl", tmp_path / "c.jsonl") == (0, "1 new\n")
        assert rows("select links from versions") == [('["https://b.example/"]',)]


class TestFiles:
    def test_an_address_that_is_none_is_refused(self, coi, tmp_path):
        (tmp_path / "a.txt").write_text("A letter of some length about conscripts, long enough to be read.")
        code, said = coi("add", tmp_path / "a.txt", "--url", "http://[x")
        assert code == 1 and "--url is 'http://[x', which is no address" in said

    def test_a_database_that_another_program_holds_is_one_message(self, coi, tmp_path, monkeypatch):
        (tmp_path / "a.txt").write_text("A letter of some length about conscripts, long enough to be read.")
        assert coi("add", tmp_path / "a.txt")[0] == 0
        monkeypatch.setattr("store.db.BUSY_MS", 10)
        holder = sqlite3.connect(Home.from_environment().database, isolation_level=None)
        holder.execute("begin immediate")
        code, said = coi("add", tmp_path / "a.txt", "--title", "Another")
        holder.close()
        assert code == 1 and "database is locked" in said and "run the same command again" in said

    def test_html_with_what_the_giver_says_of_it(self, coi, tmp_path):
        page = tmp_path / "page.html"
        page.write_text(
            "<html><body><main><h1>Notice</h1><p>"
            + "Conscripts are sent home at once. " * 12
            + "</p></main></body></html>"
        )
        code, said = coi("add", page, "--published", "2022-06-29", "--url", "https://office.example/notice")
        assert code == 0 and said.startswith("new: document 1")
        assert rows("select key, published_on from documents") == [("https://office.example/notice", "2022-06-29")]
        assert rows("select published_from, published_confidence from versions") == [("declared", "normal")]
        assert coi("add", page, "--published", "2022-06-29", "--url", "https://office.example/notice")[1].startswith(
            "unchanged"
        )
        assert rows("select count(*) from captures") == [(1,)]
        assert coi("verify")[0] == 0

    @pytest.mark.parametrize(
        ("name", "body", "says"),
        [
            ("empty.pdf", b"", "empty"),
            ("broken.pdf", b"%PDF-1.7 nothing", "broken.pdf"),
            ("list.docx", b"PK\x03\x04 no zip", "list.docx"),
        ],
    )
    def test_what_cannot_be_read_says_so_and_keeps_nothing(self, coi, tmp_path, name, body, says):
        (tmp_path / name).write_bytes(body)
        code, said = coi("add", tmp_path / name)
        assert code == 1 and says in said
        assert rows("select count(*) from documents") == [(0,)]

    def test_a_date_that_has_not_come_is_refused(self, coi, tmp_path):
        (tmp_path / "a.txt").write_text("A letter of some length about conscripts, long enough to be read.")
        code, said = coi("add", tmp_path / "a.txt", "--published", "2999-01-01")
        assert code == 1 and "has not come yet" in said

    def test_a_year_before_print_is_refused(self, coi, tmp_path):
        (tmp_path / "a.txt").write_text("Conscripts were sent home from the border in May.", "utf-8")
        code, said = coi("add", tmp_path / "a.txt", "--published", "0001-01-02")
        assert (code, "'0001-01-02' is before 1900-01-01" in said) == (2, True), said

    def test_an_unknown_source_names_what_there_is(self, coi, tmp_path):
        (tmp_path / "a.txt").write_text("x")
        code, said = coi("add", tmp_path / "a.txt", "--source", "nobody")
        assert code == 1 and "'nobody'" in said and "'coi sources list'" in said


def test_the_five_seeds_come_in_with_their_dates_groups_and_origin(coi, shared):
    for path in sorted((shared / "seeds").glob("*.txt")):
        assert coi("add", path, "--source", "manual")[0] == 0
    assert coi("tag")[0] == 0
    days = [day for (day,) in rows("select published_on from documents order by id")]
    assert len(days) == 5 and days[:2] == ["2022-06-29", "2022-06-29"]
    tagged = rows(
        """select p.document_id, m.value from mentions m join passages p on p.id = m.passage_id
           where m.kind = 'group' and m.start is not null group by 1, 2"""
    )
    groups = {document: {value for number, value in tagged if number == document} for document in range(1, 6)}
    assert groups[1] >= {"conscripts", "deserters"} and groups[2] >= {"conscripts", "deserters"}
    assert groups[4] >= {"critics", "artists", "students", "children", "religious", "activists"}
    links = rows("select origin_id, via from origin_links where document_id = 3 and rule = 'source-line'")
    assert links == [("named:rtl", '["named:korrespondent"]')]


class TestAddresses:
    def test_an_address_is_fetched_by_the_same_rules_and_dated_by_who_adds_it(self, coi, monkeypatch):
        with serving() as site:
            site.article("/notice")
            assert "COI_CONTACT" in coi("add", f"{site.url}/notice")[1]
            monkeypatch.setenv("COI_CONTACT", "coi@office.example")
            assert coi("add", f"{site.url}/notice")[0] == 1  # a private address that nobody allowed
            monkeypatch.setenv("COI_ALLOW_HOSTS", site.host)
            code, said = coi("add", f"{site.url}/notice", "--published", "2022-06-29")
        assert code == 0 and "1 new" in said
        assert rows("select published_on, published_from, published_confidence from versions") == [
            ("2022-06-29", "declared", "normal")
        ]


class TestDocsExamples:
    def test_the_examples_of_the_readme_come_in(self, coi):
        examples = Path(__file__).parents[1] / "docs" / "examples"
        assert coi("add", examples / "letter.txt", "--published", "2022-06-29")[0] == 0
        assert coi("add", "--jsonl", examples / "collection.jsonl") == (0, "2 new\n")

    def test_a_misspelt_key_is_named(self, coi, tmp_path):
        file = lines(tmp_path / "c.jsonl", {"id": "a", "text": "x y", "published": "2022-01-01"})
        code, said = coi("add", "--jsonl", file)
        assert code == 1 and "'published'" in said and "'published_on'" in said

    def test_the_publisher_of_a_line_is_kept_and_shown(self, coi, tmp_path):
        coi(
            "add",
            "--jsonl",
            lines(tmp_path / "c.jsonl", {"id": "a", "text": "conscripts went home", "publisher": "The Echo"}),
        )
        assert json.loads(coi("search", "conscripts", "--json")[1])["hits"][0]["publisher"] == "The Echo"
