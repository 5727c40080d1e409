"""The page of a replayed moratorium: made in a process of its own, kept, drawn, listed, in both languages."""

import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from review.backtest_cli import backtest
from review.backtest_kept import keep, kept, made, stamp_of
from review.plugin import backtest as page
from review.plugin.backtest_chart import draw
from store.db import connect, connect_readonly, writing
from store.home import Home
from tests.site_home import make
from tests.test_site import Site

PATH = "/moratoria/NL-RUS-2022/backtest"
WANTED = {"basis": "public", "reading": "provisional"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Home, dict[str, int]]:
    home = Home(tmp_path_factory.mktemp("replayed"))
    return home, make(home)


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0].path, tmp_path / "home")), filled[1])


@pytest.fixture(scope="module")
def site(filled) -> Site:
    home, ids = filled
    made(connect_readonly(home), "NL-RUS-2022", **WANTED)
    return Site(home, ids)


@pytest.fixture
def replayed(site):
    return kept(connect_readonly(site.home), "NL-RUS-2022", **WANTED).replay


def test_the_first_visitor_is_told_to_look_again_and_no_request_waits(own):
    shutil.rmtree(own.home.backtests, ignore_errors=True)
    first = own.get(PATH)
    assert first.status_code == 202
    assert 'again.js" data-seconds="5"' in first.text
    job = page._jobs[(str(own.home.path), "NL-RUS-2022", "public", "provisional")]
    assert own.get(PATH).status_code == 202  # and no second process
    assert len([one for one in page._jobs if one[0] == str(own.home.path)]) == 1
    assert job.process.wait(120) == 0, (own.home.logs / "backtest.log").read_text()
    assert "<svg" in own.get(PATH).text


def test_a_replay_that_fails_is_not_tried_again_at_once(own, monkeypatch):
    shutil.rmtree(own.home.backtests, ignore_errors=True)
    start = page._start
    monkeypatch.setattr(page, "_start", lambda home, names: start(home, [*names, "one too many"]))
    assert own.get(PATH).status_code == 202
    (job,) = (one for key, one in page._jobs.items() if key[0] == str(own.home.path))
    assert job.process.wait(120) != 0
    text = own.get(PATH).text
    assert "logs/backtest.log" in text
    assert "coi backtest --moratorium NL-RUS-2022" in text
    assert "too many values" in (own.home.logs / "backtest.log").read_text()


def test_the_page_shows_every_comparison_with_its_reasons_in_both_languages(site, replayed):
    english, dutch = (site.get(f"{PATH}?lang={one}").text for one in ("en", "nl"))
    for number, one in enumerate(replayed.compared, 1):
        assert f'id="c{number}"' in english
        assert english.count("<li>") >= len(one.reasons)
    assert "Back-test" in english
    assert "Terugblik per week" in dutch
    assert "Nederland: besluit- en vertrekmoratorium" in dutch
    assert "de staat (besloten) zei: niet genoeg" in dutch
    assert '<span lang="en">Kamerstuk 19637-2909</span>' in dutch
    assert not re.search(r"<script|src=\"http|href=\"http", dutch)
    assert PATH in site.get("/moratoria/NL-RUS-2022").text
    assert "/backtest" not in site.get("/moratoria/NL-SYR-2024").text


def test_the_chart_and_its_table_hold_every_judged_day(replayed):
    chart = draw(replayed, {})
    assert [row.name for row in chart.rows] == [*replayed.deciding, *replayed.groups]
    for row in chart.rows:
        assert sum(run.path.count("M") for run in row.runs) == len(replayed.points)
        assert row.runs[0].first == replayed.points[0].as_of
        assert row.runs[-1].until == replayed.points[-1].as_of
        assert all(a.status != b.status for a, b in zip(row.runs, row.runs[1:], strict=False))
    assert [mark.label for mark in chart.acts] == ["1", "2", "3", "4"]


def test_the_command_and_the_page_read_one_replay(site, replayed, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(site.home.path))
    said = CliRunner().invoke(backtest, ["--moratorium", "NL-RUS-2022", "--json"])
    (one,) = json.loads(said.stdout)["backtests"]
    assert one["points"] == [
        {"as_of": str(p.as_of), "questions": p.questions, "groups": p.groups} for p in replayed.points
    ]
    dutch = CliRunner().invoke(backtest, ["--moratorium", "NL-RUS-2022", "--every", "200", "--lang", "nl"]).stdout
    assert "dagen beoordeeld" in dutch
    assert "de staat besloot" in dutch


def test_what_is_kept_is_what_was_made_and_says_when_it_is_old(own, replayed):
    conn = connect(own.home)
    keep(conn, replayed, stamp=stamp_of(conn), seconds=1)
    assert kept(conn, "NL-RUS-2022", **WANTED).replay == replayed
    assert kept(conn, "NL-RUS-2022", **WANTED).current
    with writing(conn):
        conn.execute("delete from moratorium_scopes where group_id = 'critics'")
    assert not kept(conn, "NL-RUS-2022", **WANTED).current
    for path in own.home.backtests.iterdir():
        path.write_text("{}")
    assert kept(conn, "NL-RUS-2022", **WANTED) is None


def test_what_cannot_be_replayed_says_why(site):
    assert "No question is declared about Syria" in site.get("/moratoria/NL-SYR-2024/backtest").text
    assert site.get("/moratoria/NL-XXX/backtest").status_code == 404
    assert site.get(f"{PATH}?basis=other").status_code == 400


def test_a_longer_life_is_drawn_within_its_frame(replayed):
    last = replayed.points[-1]
    longer = replace(
        replayed, points=(*replayed.points, replace(last, as_of=last.as_of + timedelta(days=4000)))
    )  # fmt: skip
    chart = draw(longer, {"conscripts": "x" * 90})
    assert all(190 <= mark.x <= 824 for mark in (*chart.ticks, *chart.acts))
    assert all(len(row.label) <= 30 for row in chart.rows)
