"""Comments of people: kept once, in the chain, and restricted words told to nobody who may not read them."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from store import comments
from store.db import connect, connect_readonly
from store.home import Home
from store.verify import database_problems
from tests.site_home import make
from tests.test_site import APPROVER, READER, RESEARCHER, Site

SECRET = "The witness is the sister of applicant 4711"
OPERATOR = {"id": "otto", "role": "operator"}
LOCAL = {"id": "root"}
# Every way to words that a query could find.
WAYS = (
    "/coi/comments.json?_shape=array", "/coi/comments.csv", "/coi/comments", "/coi/comments/1", "/coi/comments/1.json",
    "/coi/restricted_comments.json", "/coi/restricted_comments.csv", "/coi/restricted_comments/1.json",
    "/coi/audit.json?_shape=array", "/coi/audit.csv?_size=max", "/coi.json?sql=select+*+from+restricted_comments",
    "/coi.json?sql=select+*+from+%22RESTRICTED_comments%22", "/coi.csv?sql=select+row_json+from+audit",
    "/coi/documents.json?_where=(select+1+from+restricted_comments)", "/coi.json", "/coi", "/search?q=witness+sister",
    "/coi/passages.json?_search=witness", "/documents/{paper}", "/questions/G1.3", "/alerts.atom",
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("filled")
    return folder, make(Home(folder))


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


def say(site: Site, text: str, actor: dict = RESEARCHER, **more: str):
    fields = {"about": "passage", "id": str(site.ids["admitted"]), "text": text} | more
    return site.post("/comments", fields, actor)


def page(site: Site, actor: dict | None) -> str:
    return site.get("/comments?passage={admitted}", actor).text


def problems(site: Site) -> list[str]:
    conn = connect(site.home)
    try:
        return [said for said in database_problems(conn) if "comment" in said or "chain" in said]
    finally:
        conn.close()


def test_a_comment_is_kept_shown_counted_and_stands_in_the_chain(own):
    for about, thing in (("passage", "{admitted}"), ("document", "{paper}"), ("question", "G1.3")):
        sent = {"about": about, "id": thing.format(**own.ids), "text": f"about the {about}\nsecond line"}
        answer = own.post("/comments", sent, RESEARCHER)
        assert answer.status_code == 303
        assert f"about the {about}" in own.get(answer.headers["location"]).text
    assert own.get("/documents/{paper}").text.count("1 comment<") == 2
    assert "1 comment<" in own.get("/questions/G1.3").text
    assert own.count("audit where table_name = 'comments'") == 3
    assert problems(own) == []


def test_a_form_sent_twice_is_kept_once(own):
    once = re.search(r'name="once" value="(\w+)"', page(own, RESEARCHER))
    assert once
    for _ in range(2):
        assert say(own, "twice", once=once[1]).status_code == 303
    assert own.count("comments") == 1


def test_going_back_in_the_browser_and_writing_more_loses_nothing(own):
    for text, restricted in (("first", "0"), ("second", "0"), ("second", "1"), ("second", "1")):
        assert say(own, text, once="of-one-page", restricted=restricted).status_code == 303
    shown = page(own, RESEARCHER)
    assert ("first" in shown, shown.count(">second<"), own.count("comments")) == (True, 2, 3)
    assert problems(own) == []


def test_restricted_words_are_read_by_researchers_and_approvers_only(own):
    assert say(own, SECRET, restricted="1").status_code == 303
    for actor in (RESEARCHER, APPROVER, LOCAL):
        assert SECRET in page(own, actor)
    for actor in (None, READER, OPERATOR):
        assert SECRET not in page(own, actor)
        assert "Nobody has written" in page(own, actor)
        assert "1 comment<" not in own.get("/documents/{paper}", actor).text


def test_no_page_table_query_or_chain_tells_restricted_words(own):
    say(own, SECRET, restricted="1")
    for way in WAYS:
        for actor in (None, READER, RESEARCHER, APPROVER, LOCAL):
            assert "applicant 4711" not in own.get(way, actor).text, (way, actor)


def test_that_there_is_a_restricted_comment_is_not_told_either(own):
    say(own, SECRET, restricted="1")
    for way in ("/coi/passages/{admitted}", "/coi/passages/{admitted}.json?_extras=foreign_key_tables"):
        for actor in (None, READER, OPERATOR):
            text = own.get(way, actor).text
            assert "evidence" in text
            assert not re.search(r"\b(restricted_comments|comments|codings)\b", text)


def test_not_even_a_view_that_nobody_closed_tells_them(own):
    say(own, SECRET, restricted="1")
    conn = connect(own.home)
    conn.execute("create view harmless as select text as said from restricted_comments")
    conn.close()
    for way in ("/coi/harmless.json", "/coi/harmless", "/coi.json?sql=select+said+from+harmless"):
        assert "applicant 4711" not in own.get(way, LOCAL).text


def test_the_chain_proves_restricted_words_without_telling_them(own):
    say(own, SECRET, restricted="1")
    assert problems(own) == []
    conn = sqlite3.connect(own.home.database)
    assert "applicant 4711" not in str(conn.execute("select row_json from audit").fetchall())
    conn.execute("drop trigger restricted_comments_no_update")
    conn.execute("update restricted_comments set text = 'something else'")
    conn.commit()
    conn.close()
    assert any("restricted words are gone or were changed" in said for said in problems(own))


@pytest.mark.parametrize("table", ["comments", "restricted_comments"])
def test_what_was_written_is_never_changed_or_removed(own, table):
    say(own, SECRET, restricted="1")
    conn = connect(own.home)
    for act in (f"update {table} set text = 'x'", f"delete from {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            conn.execute(act)
    conn.close()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"text": "  "}, 400), ({"text": "x" * 1_000_000}, 400), ({"about": "world"}, 400), ({"id": "99999"}, 404),
        ({"id": "9" * 400}, 404), ({"about": "question", "id": "G9.9"}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_with_its_text(own, change, status):
    sent = {"about": "passage", "id": str(own.ids["admitted"]), "text": "words of mine"} | change
    answer = own.post("/comments", sent, RESEARCHER)
    assert (answer.status_code, own.count("comments")) == (status, 0)
    if status == 400:
        assert sent["text"].strip() in answer.text


def test_who_may_not_decide_comments_nothing(own):
    for actor in (None, READER, OPERATOR):
        assert say(own, "no", actor).status_code == 403
    assert own.count("comments") == 0


def test_words_of_the_store_are_sealed_for_the_site_and_open_for_its_owner(own):
    say(own, SECRET, restricted="1")
    conn = connect_readonly(own.home)
    found = comments.comments(conn, "passage", own.ids["admitted"], restricted=True)
    assert [one.text for one in comments.unsealed(conn, found)] == [SECRET]
    comments.seal(conn)
    with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
        comments.unsealed(conn, found)
    conn.close()
