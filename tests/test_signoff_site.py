"""Signing in the browser: proposed on a question's page, approved by another person, contradicted, ended, listed."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from review.plugin.look import today
from review.plugin.words import Words
from review.signoff_acts import CannotSign
from review.signoff_acts import answer as signoff_answer
from store import signoffs
from store.db import connect, writing
from store.home import Home
from store.verify import database_problems
from tests.site_home import ADMITTED, answer, make
from tests.test_signoff import act, signed
from tests.test_site import APPROVER, READER, RESEARCHER, Site

SOON = (today() + timedelta(days=30)).isoformat()
WISH = {"status": "insufficient", "review_on": SOON, "reason": "two <b>witnesses</b>", "departing": ""}
PROPOSE = "/questions/G1.3/signoff"
ROOT = {"id": "root"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("filled")
    return folder, make(Home(folder))


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


def box(site: Site, actor: dict | None = RESEARCHER, query: str = "") -> str:
    page = site.get(f"/questions/G1.3?country=RU{query}", actor).text
    return page.split('id="signoff"')[1].split("</section>")[0]


def proposed(site: Site, **more: str) -> None:
    assert site.post(PROPOSE, WISH | more, RESEARCHER).status_code == 303


def test_one_proposes_another_approves_and_it_stands_beside_the_computed_one(own):
    assert "not signed" in box(own)
    proposed(own, status="emerging", departing="own mission")
    assert "You proposed this" in box(own)
    assert 'value="approve"' not in box(own)
    assert 'value="approve"' in box(own, APPROVER)
    listed = own.get("/signoffs", APPROVER).text
    assert "two &lt;b&gt;witnesses&lt;/b&gt;. Departs from the computed insufficient: own mission" in listed
    answer_ = {"decision": "approve", "reason": "read all of it", "back": "/signoffs"}
    assert own.post("/signoffs/1/answer", answer_, APPROVER).status_code == 303
    assert own.post("/signoffs/1/answer", answer_, APPROVER).status_code == 303  # sent twice, kept once
    shown = box(own)
    assert "in force until" in shown
    assert "approved by chief" in shown
    assert "Departs from the computed status." in shown
    against = {"decision": "dissent", "status": "insufficient", "reason": "one house"}
    assert own.post("/signoffs/1/answer", against, {"id": "cleo", "role": "researcher"}).status_code == 303
    assert "Dissent of cleo" in own.get("/signoffs").text
    assert own.count("signoffs") == 3
    conn = connect(own.home)
    assert list(database_problems(conn)) == []
    assert conn.execute("select count(*) from audit where table_name = 'signoffs'").fetchone()[0] == 3
    conn.close()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": "sufficient"}, "Explain why it departs"),
        ({"review_on": "2020-01-01"}, "is not ahead"),
        ({"review_on": "soon"}, "soon"),
        ({"status": "green"}, "is no status to sign"),
        ({"reason": " "}, "why"),
        ({"reason": "x" * 5000}, "5000"),
    ],
)
def test_what_is_refused_comes_back_as_typed(own, more, said):
    sent = WISH | {"departing": "my own words"} | more
    if more.get("status") == "sufficient":
        sent |= {"departing": ""}
    page = own.post(PROPOSE, sent, RESEARCHER)
    assert (page.status_code, own.count("signoffs")) == (400, 0)
    alert = page.text.split('role="alert"')[1].split("</p>")[0]
    assert said in alert
    assert sent["departing"] in page.text
    assert "two &lt;b&gt;witnesses" in page.text or "reason" in more


def test_a_stale_form_says_so_and_can_be_sent_again(own):
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', box(own))[1]
    conn = connect(own.home)
    with writing(conn):
        answer(conn, own.ids["russian"], ADMITTED[:20], "isolated", "direct", "2022-05-30")
        conn.execute(
            """insert into evidence_decisions (evidence_id, decision, reason, actor, decided_at)
               select max(id), 'accept', '', 'ben', '2022-06-25T06:00:00Z' from evidence"""
        )
    conn.close()
    stale = own.post(PROPOSE, WISH | {"seen": seen}, RESEARCHER)
    assert (stale.status_code, own.count("signoffs")) == (409, 0)
    assert "has changed since you opened this page" in stale.text
    again = re.search(r'name="seen" value="([0-9a-f]{64})"', stale.text)[1]
    assert again != seen
    proposed(own, seen=again)
    proposed(own, seen=again)
    assert own.count("signoffs") == 1


@pytest.mark.parametrize(
    ("actor", "decision", "status"),
    [
        (None, "approve", 403), (READER, "dissent", 403), ({"id": "bob", "role": "researcher"}, "approve", 403),
        ({"id": "bob", "role": "researcher"}, "withdraw", 403), ({"id": "A.nna", "role": "approver"}, "approve", 400),
        (RESEARCHER, "withdraw", 303), (APPROVER, "withdraw", 303), (ROOT, "approve", 303), (APPROVER, "sign", 400),
    ],
)  # fmt: skip
def test_who_may_answer(own, actor, decision, status):
    proposed(own)
    sent = {"decision": decision, "reason": "my reason", "status": "emerging"}
    page = own.post("/signoffs/1/answer", sent, actor)
    assert page.status_code == status
    if status == 400:
        assert "my reason" in page.text
    assert own.post("/signoffs/1/answer", sent, APPROVER, token=False).status_code == 403


def test_a_verdict_whose_signature_would_have_ended_is_refused_and_a_past_day_offers_no_answers(own):
    page = own.post(f"{PROPOSE}?as_of=2022-06-29", WISH, RESEARCHER)
    assert page.status_code == 400
    assert "would already have ended" in page.text
    conn = connect(own.home)
    number = signed(conn, until=None)
    conn.close()
    past = own.get("/signoffs?as_of=2022-07-05", APPROVER).text
    assert f"Proposal {number}" in past.split('id="force"')[1].split("</section>")[0]
    assert "<textarea" not in past
    ended = own.get("/signoffs?as_of=2022-10-05&lang=nl").text.split('id="expired"')[1].split("</section>")[0]
    assert "cesuur: Claimed annexation" in ended


def test_a_watershed_stops_an_approval(own):
    conn = connect(own.home)
    verdict = conn.execute("select verdict_id from signoffs where id = ?", [signed(conn)]).fetchone()[0]
    with writing(conn):
        number = signoffs.add(conn, act(verdict, reason="again", expires_on=None))
    with pytest.raises(CannotSign, match="watershed"), writing(conn):
        signoff_answer(conn, number, "approve", status=None, reason="fine", actor="dora")
    conn.close()


@pytest.mark.parametrize(("path", "status"), [("/signoffs/99/answer", 404), ("/questions/G9.9/signoff", 404)])
def test_what_is_not_there(own, path, status):
    assert own.post(path, WISH | {"decision": "approve"}, APPROVER).status_code == status


def test_what_ended_is_not_approved_and_an_earlier_day_knows_nothing_of_it(own):
    proposed(own)
    own.post("/signoffs/1/answer", {"decision": "withdraw", "reason": "too soon"}, RESEARCHER)
    late = own.post("/signoffs/1/answer", {"decision": "approve", "reason": "fine"}, APPROVER)
    assert late.status_code == 400
    assert "was withdrawn" in late.text
    assert "Proposal 1" not in own.get("/signoffs?as_of=2022-06-29").text
    assert "Not signed" not in box(own, None, "&as_of=2022-06-29")


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Sign-offs", "Approve")), ("nl", ("Ondertekening", "Keur goed"))]
)
def test_both_languages(own, language, words):
    proposed(own)
    for path in ("/signoffs", "/questions/G1.3"):
        page = own.get(f"{path}?lang={language}&country=RU", APPROVER).text
        assert [word for word in words if word not in page] == []
    assert Words(language)("sig.proof")
