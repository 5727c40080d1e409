"""The schedule: slots and windows, every crawled source once, a slot never twice, a clean stop, nobody unnamed."""

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler import due, run, schedule, steps
from crawler.cadence import (
    JITTER_SHARE,
    Cadence,
    due_at,
    is_open,
    limit_s,
    next_slot,
    slot_at,
    slot_name,
    slots_between,
    window_of,
)  # fmt: skip
from crawler.guard import Refused
from crawler.health import Status
from crawler.schedule_cli import schedule as command
from crawler.source import Source
from store import health, runs, sources
from store.clock import instant
from store.db import connect, connect_readonly, writing
from store.home import Home
from store.model import RunCounts
from tests.local_site import serving

NOW = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)  # a Friday; the clocks of Europe change on the Sunday after
SOURCE = """
title = "Local"
publisher = "Local"
owner = "local"
type = "media"
grade = "C"
grade_reason = "made for this test"
language = "en"
terms = "own"
every = "{every}"
shape = "feed"
start = ["{url}/feed"]
{more}
[expect]
min_rows = 1
"""

moments = st.integers(1_577_836_800, 1_893_456_000).map(lambda s: datetime.fromtimestamp(s, UTC))  # 2020 to 2030
WEEK = "Mo-Fr 06:00-20:00"
windows = st.sampled_from([None, WEEK, "Sa-Mo 01:30-03:15", "We-We 00:00-23:59", "Mo-Su 09:00-09:30"])
cadences = st.builds(
    Cadence,
    source_id=st.text("abcde_", min_size=1, max_size=8),
    every_s=st.sampled_from([300, 3600, 7200, 6 * 3600, 86_400, 36 * 3600, 7 * 86_400]),
    zone=st.sampled_from(["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
    window=windows.map(window_of),
)


class TestCadence:
    @given(cadences, moments)
    def test_slots_are_one_row_that_time_walks_along(self, cadence, moment):
        slot = next_slot(cadence, moment)
        assert slot > moment
        assert slot_at(cadence, slot) == slot
        assert slot_at(cadence, slot - timedelta(seconds=1)) == slot_at(cadence, moment) <= moment
        assert next_slot(cadence, slot_at(cadence, moment)) == slot

    @given(cadences, moments)
    def test_nothing_is_asked_outside_the_window(self, cadence, moment):
        assert is_open(cadence, next_slot(cadence, moment))
        due = due_at(cadence, None, moment)
        assert due == moment if is_open(cadence, moment) else due > moment and is_open(cadence, due)

    @given(cadences, moments, st.integers(0, 30 * 86_400))
    def test_what_was_missed_is_caught_up_once(self, cadence, last, later_s):
        now = last + timedelta(seconds=later_s)
        due = due_at(cadence, last, now)
        assert (due == now) == (is_open(cadence, now) and slot_at(cadence, now) > last)
        assert due_at(cadence, due, due) > due
        assert slot_name(slot_at(cadence, due_at(cadence, due, due))) != slot_name(slot_at(cadence, due))

    @given(cadences.filter(lambda c: c.window is None), moments)
    def test_without_a_window_slots_stand_a_cadence_apart_and_near_its_beginning(self, cadence, moment):
        slot = slot_at(cadence, moment)
        assert (next_slot(cadence, moment) - slot).total_seconds() == cadence.every_s
        assert 0 <= slot.timestamp() % cadence.every_s <= JITTER_SHARE * cadence.every_s

    def test_a_working_day_begins_at_the_windows_beginning_summer_and_winter(self):
        cadence = Cadence(source_id="a", every_s=4 * 3600, zone="Europe/Amsterdam", window=window_of(WEEK))
        found = list(slots_between(cadence, NOW, NOW + timedelta(days=4)))
        local = [slot.astimezone(ZoneInfo("Europe/Amsterdam")) for slot in found]
        assert {slot.date() for slot in local} == {date(2026, 3, 27), date(2026, 3, 30), date(2026, 3, 31)}
        monday = [slot for slot in local if slot.date() == date(2026, 3, 30)]
        assert [slot.hour for slot in monday] == [6, 10, 14, 18]
        assert time(6) <= monday[0].time() <= time(6, 12)
        assert found[2].hour == 4  # 06:00 in summer time is 04:00 UTC

    @pytest.mark.parametrize(("every_s", "most"), [(86_400, 5), (2 * 86_400, 4), (7 * 86_400, 1)])
    def test_a_long_cadence_has_at_most_one_slot_a_day(self, every_s, most):
        cadence = Cadence(source_id="a", every_s=every_s, window=window_of(WEEK))
        found = list(slots_between(cadence, NOW, NOW + timedelta(days=7)))
        assert 1 <= len(found) <= most
        assert len({slot.date() for slot in found}) == len(found)

    def test_a_run_ends_before_the_next_is_due_within_bounds(self):
        assert [limit_s(Cadence(source_id="a", every_s=s)) for s in (60, 3600, 86_400)] == [900, 3600, 6 * 3600]


def declare(home: Home, name: str = "local", url: str = "http://127.0.0.1:1", every: str = "100 weeks", more: str = ""):
    home.create()
    (home.declared / "sources").mkdir(exist_ok=True)
    path = home.declared / "sources" / f"{name}.toml"
    path.write_text(SOURCE.format(url=url, every=every, more=more))
    return Source.load(path)


def ended(home: Home, source: Source, slot: str, started_at: str, status: str = "ok") -> None:
    """Let a run of a slot have happened."""
    conn = connect(home)
    with writing(conn):
        sources.sync(conn, [source.card], declared_at=started_at)
        number = runs.start(conn, source.id, slot, origin="network", started_at=started_at)
        assert number is not None
        if status != "running":
            runs.finish(conn, number, RunCounts(), status, "", ended_at=started_at)
    conn.close()


def jobs_of(home: Home, now: datetime | None = None) -> dict[str, datetime]:
    """Plan as a new process would; give back when each job comes next."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{home.path / 'schedule.sqlite'}")
    running = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    running.start(paused=True)
    schedule.plan(running, home, now)
    found = {job.id: job.next_run_time for job in running.get_jobs()}
    running.shutdown()
    return found


class TestPlan:
    def test_every_crawled_source_has_one_job_that_outlives_the_process(self, home):
        home.create()
        for _ in range(2):
            jobs = jobs_of(home)
            known = steps.declared(home).values()
            assert sorted(jobs) == sorted(s.id for s in known if due.is_crawled(s) and s.needs is None)
            assert "manual" not in jobs

    def test_a_cadence_changed_in_the_file_is_followed(self, home):
        source = declare(home, every="6 hours")
        ended(home, source, "due:1", instant(NOW))
        assert NOW < jobs_of(home, NOW)["local"] <= NOW + timedelta(hours=6.4)
        declare(home, every="1 hours")
        assert NOW < jobs_of(home, NOW)["local"] <= NOW + timedelta(hours=1.1)

    def test_what_was_missed_comes_at_once_and_what_is_closed_waits(self, home):
        source = declare(home, every="1 hours", more='window = "Mo-Fr 06:00-20:00"')
        ended(home, source, "due:1", instant(NOW - timedelta(days=2)))
        assert jobs_of(home, NOW)["local"] == NOW
        saturday = NOW + timedelta(days=1)
        assert jobs_of(home, saturday)["local"].isoformat()[:13] == "2026-03-30T06"

    def test_what_waits_for_a_setting_has_no_job(self, home, monkeypatch):
        declare(home, more='needs = { setting = "COI_TESTS_KEY", how = "ask the publisher for a key" }')
        assert "local" not in jobs_of(home)
        monkeypatch.setenv("COI_TESTS_KEY", "k")
        assert "local" in jobs_of(home)


class TestPrint:
    def test_it_shows_a_day_and_starts_nothing(self, home, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(home.path))
        monkeypatch.delenv("COI_CONTACT", raising=False)
        declare(home, every="6 hours")
        declare(home, "closed", more='window = "Mo-Mo 00:00-00:01"\nzone = "Europe/Kyiv"')
        declare(home, "waits", more='needs = { setting = "COI_TESTS_KEY", how = "ask the publisher for a key" }')
        said = CliRunner().invoke(command, ["--print"])
        assert said.exit_code == 0
        lines = {
            name: line for line in said.output.splitlines() for name in ("local", "closed", "waits") if name in line
        }
        assert "due now" in lines["local"]
        assert "COI_TESTS_KEY: ask the publisher" in lines["waits"]
        rows = json.loads(CliRunner().invoke(command, ["--print", "--json"]).output)["sources"]
        local = next(row for row in rows if row["id"] == "local")
        assert local["due"] and 4 <= len(local["runs"]) <= 6
        assert not home.database.exists()


class TestCrawls:
    def test_a_slot_is_crawled_once_and_a_killed_run_is_taken_over(self, home, monkeypatch):
        monkeypatch.setenv("COI_CONTACT", "coi@office.example")
        with serving() as site:
            monkeypatch.setenv("COI_ALLOW_HOSTS", site.host)
            source = declare(home, url=site.url)
            site.article("/a")
            site.feed("/feed", "/a")
            ended(home, source, "due:2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", status="running")
            assert schedule.crawl_one(str(home.path), "local", NOW) == 1
            for hours in (1, 2):
                assert schedule.crawl_one(str(home.path), "local", NOW + timedelta(hours=hours)) == 0
        rows = connect_readonly(home).execute("select slot, status, new from runs order by id").fetchall()
        this = slot_name(slot_at(schedule.cadence_of(source), NOW))
        assert [tuple(row) for row in rows] == [("due:2026-01-01T00:00:00Z", "ok", 1), (this, "ok", 0)]

    def test_cron_crawls_what_is_due_and_leaves_it_to_a_schedule_that_runs(self, home, monkeypatch, capsys):
        monkeypatch.setenv("COI_CONTACT", "coi@office.example")
        monkeypatch.setattr("crawler.source.SHIPPED", home.path / "none")
        with serving() as site:
            monkeypatch.setenv("COI_ALLOW_HOSTS", site.host)
            for name in ("one", "two"):
                declare(home, name, url=site.url, every="1 hours")
            site.article("/a")
            site.feed("/feed", "/a")
            with due.scheduling(home):
                assert steps.crawl_due(home, NOW) == 0
            assert "scheduled by another process" in capsys.readouterr().out
            assert steps.crawl_due(home, NOW) == 0
            assert "2 runs" in capsys.readouterr().out
            assert steps.crawl_due(home, NOW) == 0
            assert "nothing is due" in capsys.readouterr().out
        beat = health.heartbeat(connect_readonly(home))
        assert beat is not None and beat.at == instant(NOW)

    def test_nobody_crawls_the_live_web_unnamed(self, home, monkeypatch):
        monkeypatch.delenv("COI_CONTACT", raising=False)
        with pytest.raises(Refused, match="not set"), schedule.scheduler(home, after=lambda: None):
            pass

    @pytest.mark.parametrize("value", ["0", "many", "-1", "65"])
    def test_a_wrong_number_at_once_is_named(self, monkeypatch, value):
        monkeypatch.setenv("COI_AT_ONCE", value)
        with pytest.raises(due.WrongSetting, match=f"'{value}'"):
            due.at_once()


def test_a_crawl_whose_process_dies_has_failed_and_is_an_event(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as pool:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("COI_CONTACT", "tests@example.org")
        monkeypatch.setenv("COI_ALLOW_HOSTS", host)
        source = declare(home, url=f"http://{host}", every="1 hours")
        crawl = pool.submit(due.crawl_slot, home, source, now=NOW)
        silent.settimeout(60)
        asked, _ = silent.accept()
        with asked:
            for child in list(run.CHILDREN):
                child.kill()
            assert crawl.result(60).status is Status.FAILED
    conn = connect_readonly(home)
    assert conn.execute("select status from runs").fetchone()["status"] == "failed"
    event = conn.execute("select after, message from source_events").fetchone()
    assert event["after"] == "suspect" and "ended with status -9" in event["message"]


def test_a_crawl_that_finds_less_than_expected_is_an_event_at_once(home, monkeypatch):
    monkeypatch.setenv("COI_CONTACT", "tests@example.org")
    with serving() as site:
        monkeypatch.setenv("COI_ALLOW_HOSTS", site.host)
        source = declare(home, url=site.url, every="1 hours")
        site.feed("/feed")
        assert due.crawl_slot(home, source, now=NOW).status is Status.FAILED
        site.article("/a")
        site.feed("/feed", "/a")
        assert due.crawl_slot(home, source, now=NOW + timedelta(hours=2)).status is Status.OK
    events = connect_readonly(home).execute("select before, after, at from source_events order by id").fetchall()
    assert [tuple(event)[:2] for event in events] == [("never_run", "suspect"), ("suspect", "ok")]
    assert events[0]["at"][:13] == instant(NOW)[:13]


RUN = """
import sys
from pathlib import Path
import crawler.source
from crawler.schedule import run_until_stopped
from store.home import Home
crawler.source.SHIPPED = Path(sys.argv[1]) / "none"
run_until_stopped(Home(Path(sys.argv[1])), after=lambda: None)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_or_killed_it_resumes_where_it_was(home, number):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        source = declare(home, url=f"http://{host}", every="1 hours")
        environment = os.environ | {"COI_CONTACT": "tests@example.org", "COI_ALLOW_HOSTS": host}
        root = Path(__file__).resolve().parents[1]
        running = subprocess.Popen([sys.executable, "-c", RUN, str(home.path)], cwd=root, env=environment)
        silent.settimeout(60)
        asked, _ = silent.accept()
        with asked:
            running.send_signal(number)
            assert running.wait(60) == (0 if number is signal.SIGTERM else -signal.SIGKILL)
    conn = connect_readonly(home)
    row = conn.execute("select slot, status from runs").fetchone()
    assert row["status"] == ("interrupted" if number is signal.SIGTERM else "running")
    beat = health.heartbeat(conn)
    assert beat is not None and (beat.stopped_at is not None) == (number is signal.SIGTERM)
    now = datetime.now(UTC)
    assert jobs_of(home, now)["local"] == now
    assert runs.open_slot(conn, source.id, "due:") == row["slot"]
