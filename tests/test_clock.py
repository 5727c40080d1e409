"""What a wrong clock leaves behind is unknown, not the present; what waits, dies or hangs does not look well."""

import argparse
import asyncio
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.alone import names_of
from crawler.asking import may_wait
from crawler.cadence import cadence_of, due_at, is_open, limit_s, next_slot
from crawler.crawls import Crawls
from crawler.due import turns
from crawler.health import RunLog, Status
from crawler.items import As, ToRead
from crawler.ledger import Ledger
from crawler.readers import Readers
from store import documents, held, presence, runs
from store.clock import instant
from store.db import connect, writing
from store.held import HeldVersion
from tests import conftest
from tests.test_health_states import HOUR, START, World, world
from tests.test_schedule import cadences, declare, moments

__all__ = ["world"]  # a fixture
AHEAD = datetime(2030, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@given(cadences, moments, st.integers(901, 10 * 365 * 86_400))
def test_a_start_later_than_now_makes_a_source_due(cadence, now, ahead_s):
    due = due_at(cadence, now + timedelta(seconds=ahead_s), now)
    assert due == now if is_open(cadence, now) else due > now


def ran(world, at: datetime, status: str = "ok") -> None:
    with writing(world.conn):
        number = runs.start(world.conn, "local", f"due:{instant(at)}", origin="network", started_at=instant(at))
        counted = runs.counted(world.conn, number)
        runs.finish(world.conn, number, counted, status, "", ended_at=instant(at))


def test_after_a_clock_was_ahead_the_source_is_due_once_and_then_as_ever(world, home):
    sources = {"local": world.source}
    ran(world, AHEAD)
    assert turns(home, sources, START)[0].is_due
    ran(world, START)
    assert not turns(home, sources, START + timedelta(seconds=1))[0].is_due


def test_the_watchdog_tells_once_that_nobody_knows_when_a_source_ran(home):
    world = World(home)
    world.now = AHEAD
    with writing(world.conn):
        world.conn.execute("update sources set declared_at = ?", [instant(AHEAD)])
    world.run("ok")
    world.look(wait=5 * HOUR)  # and tells, then, that something is late
    world.now = START
    (said,) = world.look().messages
    assert "2030-01-01T01:00:00Z, later than now" in said and "clock" in said
    assert world.state == "suspect"
    assert world.look(wait=DAY).messages[1:] == ()
    world.run("ok")
    assert world.state == "ok"
    world.look()
    said = world.looks(until=world.now + 5 * HOUR)
    assert len(said) == 1 and "did not happen" in said[0], "what it told in 2030 silences nothing"


def test_runs_that_never_end_are_late(world):
    world.run("ok")
    said, slot, limit = [], f"due:{instant(world.now)}b", limit_s(cadence_of(world.source))
    for _ in range(6):  # killed, and taken up again each hour
        with writing(world.conn):
            runs.start(world.conn, "local", slot, origin="network", started_at=instant(world.now))
        said += world.look(wait=HOUR).messages
    assert len([one for one in said if "never came to its end" in one]) == 1, said
    assert world.state == "suspect"
    row = world.conn.execute("select started_at, moment from runs where slot = ?", [slot]).fetchone()
    assert row["started_at"] == instant(START + HOUR) and row["moment"] == instant(world.now - HOUR)
    assert limit <= 3600


def test_a_run_that_is_taken_up_late_is_not_closed_under_its_process(world):
    with writing(world.conn):
        for hours in (0, 30):
            at = instant(START + hours * HOUR)
            runs.start(world.conn, "local", "due:x", origin="network", started_at=at)
    world.now = START + 31 * HOUR
    world.look()
    assert world.row["last_status"] == "running"


def test_a_run_that_still_may_end_is_not_late(world):
    world.run("ok")
    due = next_slot(cadence_of(world.source), world.now)
    with writing(world.conn):
        runs.start(world.conn, "local", "due:x", origin="network", started_at=instant(due + HOUR))
    world.look()
    assert not [one for one in world.looks(until=due + 2 * HOUR) if "did not happen" in one]


def test_what_was_met_later_than_now_does_not_wait():
    version = HeldVersion(
        document_id=1, key="a", published_on=None, modified_on=None, version_id=1, extractor="x/1",
        seen_at="2025-01-01T00:00:00Z", last_seen_at="2026-01-01T00:00:00Z", cause="first", needs_ocr=0, sha256="",
        warc_file="", warc_offset=0,
    )  # fmt: skip
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert may_wait(version, now=now + HOUR, said_modified_on=None)
    assert not may_wait(version, now=now - HOUR, said_modified_on=None)


def test_a_document_met_by_a_wrong_clock_is_asked_for_and_can_go(conn):
    with writing(conn):
        kept = documents.keep(
            conn, conftest.version("A text."), capture_id=capture(conn), seen_at=instant(START),
            recorded_at=instant(START),
        )  # fmt: skip
        presence.met_again(conn, kept.document_id, seen_at=instant(AHEAD))
    now = START + 3 * DAY

    def asked_again(now: datetime) -> bool:
        pending = instant(now - timedelta(hours=presence.GONE_AFTER_HOURS))
        return bool(held.unseen(conn, "paper", before=instant(now - 30 * DAY), pending_before=pending, limit=9))

    assert asked_again(now)
    with writing(conn):
        presence.asked(conn, kept.document_id, at=instant(now))
    assert not asked_again(now + DAY), "it was there: when, is known again"
    gone = [
        presence.absent(conn, kept.document_id, "answered 404", seen_at=instant(at), now=instant(at))
        for at in (now, now + DAY)
    ]
    assert gone == [False, True]


def capture(conn) -> int:
    facts = {"url": "https://paper.example/a", "fetched_at": instant(START), "status": 200, "media_type": "text/html",
             "sha256": "0" * 64, "bytes": 1, "warc_file": "a.warc.gz", "warc_offset": 0, "warc_length": 1,
             "recorded_at": instant(START)}  # fmt: skip
    marks = ", ".join("?" for _ in facts)
    return conn.execute(f"insert into captures ({', '.join(facts)}) values ({marks})", list(facts.values())).lastrowid


def test_the_clock_of_a_run_starts_when_it_holds_its_hosts(home, conn):
    given = argparse.Namespace(now="2026-01-01T00:00:00Z", journal=None)
    crawls = Crawls(given, home, conn, "", lambda _: None, waited_s=95.0)
    assert crawls.now == "2026-01-01T00:00:00Z"
    assert "2026-01-01T00:01:35Z" <= crawls.clock() < "2026-01-01T00:02:00Z"


@pytest.mark.parametrize(("behind_h", "followed"), [(5, True), (48, False)])
def test_what_is_fetched_by_a_clock_that_stepped_back_is_not_older_than_what_was_kept(home, conn, behind_h, followed):
    capture(conn)
    now, told = START - timedelta(hours=behind_h), []
    crawls = Crawls(argparse.Namespace(now=instant(now), journal=None), home, conn, "", told.append)
    assert instant(START if followed else now) <= crawls.clock() < instant((START if followed else now) + HOUR)
    assert [instant(START) in one.text and "clock" in one.text for one in told] == [True] * followed


def test_what_a_locked_database_refused_is_written_with_the_next_batch(home, conn):
    ledger, other = Ledger(conn, clock=lambda: instant(START)), connect(home)
    conn.execute("pragma busy_timeout = 1")
    ledger.seen(1, instant(START))
    ledger._pending[0] = lambda: capture(conn)
    other.execute("begin immediate")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        ledger.commit()
    other.execute("rollback")
    ledger.commit()
    ledger.commit()
    crawls = Crawls(argparse.Namespace(now=instant(START), journal=None), home, conn, "", lambda _: None)
    crawls.ledger = ledger
    log = RunLog(source=declare(home, every="1 hours"), day=START.date())
    for _ in range(2):  # told once, of the run in which it was
        crawls._refused(SimpleNamespace(log=log, source=log.source))
    result = log.result("s")
    assert (result.status, len(result.problems)) == (Status.FAILED, 1)
    assert "database is locked" in result.message and "end the program" in result.message
    assert conn.execute("select count(*) from captures").fetchone()[0] == 1


def test_the_reading_processes_have_ended_when_their_end_was_waited_for():
    readers = Readers(workers=1)
    task = ToRead(body=b"Words.", url="https://a.example/", media_type="text/plain", read_as=As.FILE, language="en")
    assert asyncio.run(readers.run("document", task, url=task.url)).reading.text == "Words."
    pool = readers._pool
    readers.close(wait=True)
    assert not [thread for thread in threading.enumerate() if "ExecutorManager" in type(thread).__name__]
    assert pool is not None and readers._pool is None


@pytest.mark.parametrize(
    "written",
    [
        "https://www.paper.example/a",
        "https://PAPER.example:443/b",
        "http://paper.example:80",
        "http://WWW.paper.example./x",
    ],
)
def test_one_server_has_one_lock_however_it_is_written(home, written):
    source = declare(home, every="1 hours").model_copy(update={"start": (written,)})
    assert names_of([source], replay=False) == ["paper.example"]
