"""The schedule: every crawled source once, a slot never twice, nobody crawls without saying who they are."""

import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from crawler import schedule
from crawler.guard import Refused
from crawler.steps import declared
from store.db import connect_readonly
from tests.local_site import serving

SOURCE = """
title = "Local"
publisher = "Local"
owner = "local"
type = "media"
grade = "C"
grade_reason = "made for this test"
language = "en"
terms = "own"
every = "100 weeks"
shape = "feed"
start = ["{url}/feed"]
[expect]
min_rows = 1
"""


def test_every_crawled_source_has_one_job_that_outlives_the_process(home):
    home.create()
    for _ in range(2):
        store = SQLAlchemyJobStore(url=f"sqlite:///{home.path / 'schedule.sqlite'}")
        running = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
        running.start(paused=True)
        schedule.plan(running, home)
        jobs = sorted(job.id for job in running.get_jobs())
        running.shutdown()
        assert jobs == sorted(s.id for s in declared(home).values() if schedule.is_crawled(s))
        assert "manual" not in jobs


def test_a_slot_is_crawled_once(home, monkeypatch):
    home.create()
    (home.declared / "sources").mkdir()
    monkeypatch.setenv("COI_CONTACT", "coi@office.example")
    with serving() as site:
        monkeypatch.setenv("COI_ALLOW_HOSTS", site.host)
        (home.declared / "sources" / "local.toml").write_text(SOURCE.format(url=site.url))
        site.article("/a")
        site.feed("/feed", "/a")
        assert schedule.crawl_one(str(home.path), "local") == 1
        assert schedule.crawl_one(str(home.path), "local") == 0
    assert [tuple(row) for row in connect_readonly(home).execute("select status, new from runs")] == [("ok", 1)]


def test_nobody_crawls_the_live_web_unnamed(home, monkeypatch):
    monkeypatch.delenv("COI_CONTACT", raising=False)
    with pytest.raises(Refused, match="not set"), schedule.scheduler(home, after=lambda: None):
        pass
