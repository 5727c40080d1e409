"""A few of the faults of `make faults`, each really done: kills, no room, a power cut, a cut archive."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from review.register import TAKEN_IN
from store.db import connect
from store.home import Home
from tests.alerts_world import mail_server
from tests.conftest import PROJECT
from tests.faults import archives, disk, kills, kills_mail, kills_people, power
from tests.faults.stage import Stage, Tally
from tests.local_site import serving
from tests.site_home import make

READING = *disk.READING, "resolve RU G1.3", "cite --document 1"


@pytest.fixture(scope="module")
def stage(tmp_path_factory) -> Iterator[Stage]:
    with serving() as site, mail_server() as box:
        made = Stage(tmp_path_factory.mktemp("faults"), random.Random(7), site, box, articles=3, short=True)
        yield made
        made.close()


@pytest.mark.parametrize(
    ("does", "times"),
    [
        (kills.crawl, 2), (kills_people.decide, 1), (kills_people.sign_by_command, 2),
        (kills_mail.deliver, 2), (archives.truncated, 2), (power.torn, 1),
    ],
)  # fmt: skip
def test_nothing_is_lost(stage: Stage, does, times: int) -> None:
    tally: Tally = does(stage, times)
    assert (tally.lost, tally.survived) == ([], tally.times)


def test_a_crawl_that_has_no_room_says_so_and_goes_on_when_it_has(stage: Stage) -> None:
    said: list[int] = []
    disk._limited(stage, disk.STEPS[0], said)


def test_on_a_disk_that_can_only_be_read_one_reads_and_writing_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not disk.can_mount(tmp_path):
        pytest.skip("no disk can be mounted here")
    with disk.mounted(tmp_path / "disk") as mounted:
        home = mounted.path / "home"
        make(Home(home))
        mounted.remount("ro")
        monkeypatch.setenv("COI_HOME", str(home))
        said = {command: CliRunner().invoke(cli, command.split()) for command in (*READING, "alerts", "tag")}
        wanted = [0] * len(READING) + [1, 1]
        assert [one.exit_code for one in said.values()] == wanted, {name: one.output for name, one in said.items()}
        assert "Read-only file system" in said["alerts"].output and "writable" in said["alerts"].output
        assert "coi.db" in said["tag"].output
        reads = [sys.executable, "-m", "coi", "status"]  # with its log, which cannot be written either
        assert subprocess.run(reads, cwd=PROJECT, capture_output=True, text=True).stderr == ""
        mounted.remount("rw")
        conn = connect(Home(home))
        conn.execute("delete from settings where key = ?", [TAKEN_IN])  # as before a new declaration was taken in
        conn.close()
        mounted.remount("ro")
        waits = CliRunner().invoke(cli, ["status"])
        assert waits.exit_code == 1 and "a declaration voids" in waits.output and "remount,rw" in waits.output
