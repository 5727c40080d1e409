"""The first page: what changed since each sign-off, the alerts that wait for the visitor, all of it as of a day."""

import shutil
from pathlib import Path

import pytest

from review.alerts.desk import run
from store.db import connect, writing
from store.home import Home
from tests import site_home
from tests.alerts_world import at, rows, verdict
from tests.site_home import answer, make, passage_of
from tests.test_signoff import signed
from tests.test_site import APPROVER, RESEARCHER, Site

NEWS = "Conscripts were seen near Izium in July."


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("filled")
    ids = make(Home(folder))
    conn = connect(Home(folder))
    signed(conn)
    with writing(conn):
        site_home.keep(conn, "watch", "izium", "2022-07-15", (NEWS,), seen_at="2022-07-16T06:00:00Z")
        answer(conn, passage_of(conn, NEWS), NEWS, "isolated", "direct", "2022-07-10")
    conn.close()
    home = Home(folder)
    run(home, now=at("2022-08-20 06:00"), environ={})
    for day, status in (("2022-08-21", "sufficient"), ("2022-09-22", "insufficient")):
        with rows(home) as conn:
            verdict(conn, day, status)
        run(home, now=at(f"{day} 07:00"), environ={})
    return folder, ids


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


def part(site: Site, name: str, query: str, actor: dict | None = None) -> str:
    return site.get(f"/?{query}", actor).text.split(f'id="{name}"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2022-06-29", "Nobody has signed anything"),
        ("2022-07-10", "Nothing changed on the one signed question"),
        ("2022-07-20", "1 document on it became known since"),
        ("2022-10-05", "Claimed annexation"),
    ],
)
def test_what_changed_since_is_that_of_the_day(own, day, said):
    assert said in part(own, "since", f"as_of={day}")


def test_nobody_signed_is_named_by_question_and_in_dutch(own):
    assert "G1.3" in part(own, "since", "as_of=2022-06-29")
    assert "niemand iets ondertekend" in part(own, "since", "as_of=2022-06-29&lang=nl")
    assert "niet meer van kracht" in part(own, "since", "as_of=2022-10-05&lang=nl")


def test_alerts_wait_there_for_the_visitor_until_somebody_has_seen_them(own):
    assert "No alert waits" not in part(own, "waiting", "as_of=2022-10-01")
    assert "No alert waits" in part(own, "waiting", "as_of=2022-06-29")  # none was raised yet
    assert "<button" not in part(own, "waiting", "")
    shown = part(own, "waiting", "", RESEARCHER)
    assert "nobody has said yet" in shown
    with rows(own.home) as conn:
        fell = conn.execute("select id from alerts where event = 'status_fell'").fetchone()[0]
        conn.execute(
            """insert into outbox (alert_id, person, channel, kind, owner, rhythm, queued_at)
               values (?, 'chief', 'mail', 'owner', 'chief', 'immediate', '2022-09-22T07:00:00Z')""",
            [fell],
        )
    mine = part(own, "waiting", "", APPROVER)
    assert "Sent to you" in mine
    assert mine.count("<form") == 1
    assert (
        own.post(f"/alerts/{fell}/seen", {"note": "", "back": "/?lang=nl"}, APPROVER).headers["location"] == "/?lang=nl"
    )
    assert "Sent to you" not in part(own, "waiting", "", APPROVER)


def test_sources_are_those_of_the_day_too(own):
    assert "had done no run" in part(own, "health", "as_of=2022-06-20")
    assert "the feed is empty" in part(own, "health", "as_of=2022-06-26")
