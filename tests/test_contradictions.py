"""People resolve contradictions: with a side, a reason and a name; it counts, is shown, and can be taken back."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from coi import cli
from review import marks
from review.touched import touched
from store import contradictions
from store.contradictions import ContradictionError
from store.db import connect
from store.verify import database_problems
from tests.site_home import answer, keep, make, passage_of
from tests.test_site import READER, RESEARCHER, Site

SENT = "Every unit of conscripts was sent across the border."
DAY = ["--as-of", "2022-06-29", "--reading", "provisional"]
BASE = ["resolve", "RU", "G1.3", *DAY]


@pytest.fixture
def torn(home, monkeypatch):
    """The small home with one more voice: everywhere, where the paper says here and there."""
    make(home)
    monkeypatch.setenv("COI_HOME", str(home.path))
    conn = connect(home)
    keep(conn, "watch", "units", "2022-06-05", (SENT,))
    answer(conn, passage_of(conn, SENT), SENT, "systematic", "direct", "2022-05-20")
    conn.commit()
    yield conn
    conn.close()


def run(*args: str) -> str:
    found = CliRunner().invoke(cli, list(args))
    assert found.exit_code == 0, found.output
    return found.output


def refused(*args: str) -> str:
    found = CliRunner().invoke(cli, list(args))
    assert found.exit_code
    return found.output + str(found.exception)


def listed() -> dict:
    return json.loads(run(*BASE, "--json"))


def seen(conn) -> marks.Marks:
    return marks.now(conn, [marks.Looked(day=date(2022, 6, 29), until="9999", sources={})], None)


def test_a_resolution_is_listed_kept_counted_explained_and_taken_back(torn):
    (dissent,) = listed()["open"]
    assert dissent["answers"] == ["systematic"] and dissent["mode"] == "isolated" and dissent["contradicts"]
    assert len(dissent["b"]) == 1
    before, number = seen(torn), str(dissent["a"][0])
    why = ["--reason", "the units are of May 2021", "--by", "anna"]
    run(*BASE, "--evidence", number, "--as", "other_time", "--side", "a", *why)
    after = seen(torn)
    assert ("RU", "G1.3") in touched(torn, before, after, "public").both
    found = listed()
    assert not found["open"] and found["resolutions"][0]["actor"] == "anna"
    shown = " ".join(run("explain", "RU", "conscripts", "G1.3", *DAY).split())
    assert "set aside by a resolution" in shown and "anna: the units are of May 2021" in shown
    assert "the units are of May 2021" in run("explain", "RU", "conscripts", "G1.3", *DAY, "--json")
    run(*BASE, "--undo", "1", "--reason", "it was May 2022", "--by", "ben")
    assert ("RU", "G1.3") in touched(torn, after, seen(torn), "public").both
    found = listed()
    assert len(found["open"]) == 1 and found["resolutions"][0]["undone_by"] == "ben"
    assert "taken back" in run(*BASE)
    chained = [row[0] for row in torn.execute("select table_name from audit order by id desc limit 2")]
    assert chained == ["contradiction_events", "contradictions"]
    assert not list(database_problems(torn))


def test_what_cannot_be_so_is_not_kept(torn):
    one = [*BASE, "--evidence", str(listed()["open"][0]["a"][0]), "--reason", "r", "--by", "anna", "--as"]
    assert "which is no party to the conflict" in refused(*one, "party_interest", "--side", "a")
    assert "names the side" in refused(*one, "other_time")
    assert "a genuine conflict" in refused(*one, "genuine", "--side", "a")
    assert not listed()["resolutions"]


def test_bad_input_is_refused_with_its_value(torn):
    whole = ["--as", "other_time", "--side", "a", "--reason", "r"]
    assert "evidence 1 is no open dissent on RU G1.3" in refused(*BASE, "--evidence", "1", *whole)
    assert "go together" in refused(*BASE, "--evidence", "1")
    assert "--reason" in refused(*BASE, "--undo", "7")
    assert "--undo 7" in refused(*BASE, "--undo", "7", "--reason", "r")
    assert "G9.9" in refused("resolve", "RU", "G9.9")
    with pytest.raises(ContradictionError, match="no resolution has the number 7; resolutions are: none"):
        contradictions.undo(torn, 7, reason="r", actor="anna", at="2022-06-29T10:00:00Z")


def test_the_page_of_the_question_lets_who_may_decide_say_it(torn, home):
    own = Site(home, {"paper": 1})
    page = "/questions/G1.3?as_of=2022-06-29&reading=provisional"
    to = "/questions/G1.3/resolutions?as_of=2022-06-29&reading=provisional"
    assert "Open contradiction" in own.get(page).text and "Say what it is" not in own.get(page).text
    form = {"evidence": str(listed()["open"][0]["a"][0]), "resolution": "other_time", "side": "a", "reason": "May"}
    assert own.post(to, form, READER).status_code == 403
    assert own.post(to, form, RESEARCHER, token=False).status_code == 403
    assert own.post(to, form | {"reason": ""}, RESEARCHER).status_code == 400
    answer = own.post(to, form | {"resolution": "party_interest"}, RESEARCHER)
    assert answer.status_code == 400 and "no party to the conflict" in answer.text
    assert own.post(to, form | {"resolution": "silence"}, RESEARCHER).status_code == 400
    assert own.post(to, form, RESEARCHER).status_code == 303
    assert "another time, side a set aside" in own.get(page).text
    assert "een andere tijd" in own.get(f"{page}&lang=nl").text
    assert own.post(to, {"undo": "9", "reason": "no"}, RESEARCHER).status_code == 400
    assert own.post(to, {"undo": "1", "reason": "it was May 2022"}, RESEARCHER).status_code == 303
    assert "Open contradiction" in own.get(page).text and "it was May 2022" in own.get(page).text
