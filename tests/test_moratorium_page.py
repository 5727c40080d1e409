"""The page of one moratorium: its timeline on a day, its matrix, what is missing, the forecast, and who signed."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from review.assess import keep, standing
from review.plugin.moratorium_chart import Happened, draw
from store.db import connect, writing
from store.home import Home
from tests import site_home
from tests.site_home import answer, make, passage_of
from tests.test_signoff_site import WISH
from tests.test_site import RESEARCHER, Site

NEWS = "Conscripts were seen near Izium in July."
PAGE = "/moratoria/NL-RUS-2022"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("filled")
    ids = make(Home(folder))
    conn = connect(Home(folder))
    with writing(conn):
        site_home.keep(conn, "watch", "izium", "2022-07-15", (NEWS,), seen_at="2022-07-16T06:00:00Z")
        answer(conn, passage_of(conn, NEWS), NEWS, "isolated", "direct", "2022-07-10")
        for day in ("2022-06-29", "2022-07-20"):
            seen = standing(
                conn, as_of=date.fromisoformat(day), basis="public", reading="provisional", country="RU",
                question="G1.3",
            )  # fmt: skip
            keep(conn, seen, at=f"{day}T10:00:00Z")
    conn.close()
    return folder, ids


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


def test_it_shows_what_was_known_on_the_day_and_nothing_later(own):
    early, late = (own.get(f"{PAGE}?as_of={day}").text for day in ("2022-07-01", "2022-08-01"))
    assert "About pskov" in early
    assert "About izium" not in early
    assert "About izium" in late
    assert "nvasion" in early
    assert 'class="b-' in late
    assert "obil" not in early.split('id="timeline"')[1].split("</section>")[0]  # the mobilisation came in September
    for part in ("lacks", "matrix", "signoff"):
        assert f'id="{part}"' in late
    assert "not signed" in late
    assert "If nothing new arrives" in late


def test_a_proposal_stands_there_with_its_number(own):
    assert own.post("/questions/G1.3/signoff", WISH, RESEARCHER).status_code == 303
    page = own.get(PAGE).text
    assert "Proposal 1" in page
    assert "Voorstel 1" in own.get(f"{PAGE}?lang=nl").text


def test_a_moratorium_without_deciding_questions_has_no_such_parts(own):
    page = own.get("/moratoria/NL-PSE-2023").text
    assert 'id="lacks"' not in page
    assert 'id="timeline"' in page


def test_the_drawing_keeps_everything_inside():
    found = [
        Happened(on=date(2022, 6, 29), kind="event", text="decided"),
        Happened(on=date(1999, 1, 1), kind="publication", text="old"),
        Happened(on=date(2022, 12, 28), kind="ahead", text="last day"),
    ]
    day = date(2022, 8, 1)
    judged = {"G1.3": [(date(2022, 7, 1), "insufficient"), (date(2022, 7, 20), "emerging"), (date(2022, 9, 1), "x")]}
    chart = draw(found, judged, day, {"event": "acts", "publication": "texts"})
    assert chart is not None
    first, second = chart.rows[1].cells
    assert (first.until, second.until) == (date(2022, 7, 20), day)
    assert second.x + second.width == pytest.approx(chart.today)
    assert [row.name for row in chart.rows] == ["acts", "G1.3"]
    assert draw(found[1:], judged, day, {}) is None
