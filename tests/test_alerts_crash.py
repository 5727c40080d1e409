"""Alerts over kill -9: real processes, a real mail server that counts what comes twice."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.home import Home
from tests.alerts_world import Mailbox, at, mail_server, prepare, rows, subscribe, tick

PROJECT = Path(__file__).resolve().parents[1]
WHEN = "2022-08-30 06:00"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def desk(home: Home, box: Mailbox) -> Home:
    prepare(home, box, at("2022-06-20 05:00"))
    subscribe(home, "anna", "deadline")
    subscribe(home, "bert", "deadline")
    return home


def start(home: Home, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.alerts_run", at(WHEN).isoformat(), *more]
    return subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"COI_HOME": str(home.path)})


def test_killed_after_the_server_took_it_and_before_we_noted_it(desk: Home, box: Mailbox) -> None:
    process = start(desk)
    box.kill.append(process.pid)
    assert process.wait(60) == -9
    assert len(box.taken) == 1
    with rows(desk) as conn:
        assert [row["outcome"] for row in conn.execute("select outcome from deliveries")] == ["claimed"]
    tick(desk, WHEN)
    assert sorted(box.times().values()) == [1, 1, 1, 2]  # one extra time, under the same Message-ID
    assert len(box.mailbox()) == 4
    first, again = (mail for mail in box.taken if box.times()[str(mail["Message-ID"])] == 2)
    assert first.get_body(("plain",)).get_content() == again.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert again["X-COI-Attempt"] == "2"
    tick(desk, WHEN)
    assert len(box.taken) == 5


@pytest.mark.parametrize("where", ["raise_all:4000", "write_letters:1500", "_deliver_all:90", "_deliver_all:220"])
def test_killed_anywhere_nothing_is_lost_and_nothing_is_written_twice(desk: Home, box: Mailbox, where: str) -> None:
    assert start(desk, where).wait(60) == -9
    tick(desk, WHEN)
    tick(desk, WHEN)
    assert len(box.mailbox()) == 4
    assert sum(box.times().values()) <= 5
    with rows(desk) as conn:
        assert conn.execute("select count(*) from letters").fetchone()[0] == 4
        assert {row["state"] for row in conn.execute("select state from letter_states")} == {"sent"}
