"""A read replica: kept up by the real Litestream, served by the real site; it is never fresher than it is."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from itsdangerous import BadSignature

from coi import cli
from review.accounts import Accounts
from review.plugin.replica import Replica
from review.serve import build
from store import pulse
from store.captures_check import capture_problems
from store.clock import instant
from store.db import StoreError, connect, connect_readonly, writing
from store.home import Home
from store.snapshot import copy_database
from store.verify import database_problems
from tests.conftest import PROJECT
from tests.first_schema import unpack

LITESTREAM = Path(sys.executable).with_name("litestream")
NOW = datetime.now(UTC).replace(microsecond=0)
# A writer of ours that says each act only after it was committed.
WRITER = """
import sys
from store.db import connect, writing
from store.home import Home
from store.searches_log import Search, record
conn = connect(Home.from_environment())
for number in range(100_000):
    with writing(conn):
        (row,) = record(conn, [Search(question_id="G1.3", country="RU", terms=f"act {number}", languages=("ru",),
            period_from="2022-01-01", period_to="2022-06-30", source_id="paper", healthy=True, found=0, actor="bob",
            searched_at="2022-07-03T08:00:00Z")])
    print(row, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module", autouse=True)
def now() -> None:
    """The instant at which this module's turn has come: its tests may stand in line for long."""
    global NOW
    NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def writer(home):
    """The home where decisions are kept."""
    unpack(home)
    beat(home, NOW)
    return home


@pytest.fixture
def copy(writer, tmp_path):
    """A replica made by a snapshot."""
    made = Home(tmp_path / "copy")
    made.create()
    copy_database(writer.database, made.database)
    return made


def own(copy: Home) -> sqlite3.Connection:
    """Write to a copy, as no command would."""
    conn = sqlite3.connect(copy.database, isolation_level=None)
    conn.row_factory = sqlite3.Row
    return conn


def beat(home: Home, at: datetime) -> None:
    conn = connect(home)
    with writing(conn):
        pulse.beat(conn, at=instant(at))
    conn.close()


def until(said: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another program brings about."""
    over = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < over, "it did not come"
        time.sleep(0.05)


@contextmanager
def served(home: Home) -> Iterator[str]:
    """A real replica site; its address without the last slash, which comes at once through a pipe."""
    at_once = os.environ | {"COI_HOME": str(home.path), "PYTHONUNBUFFERED": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "coi", "serve", "--replica", "--writer", "https://main.example/", "--port", "0"],
        cwd=PROJECT, env=at_once, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        until(lambda: ask(f"{address}/robots.txt")[0])
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def ask(url: str) -> tuple[int, dict[str, str], str]:
    """Status (0: nobody answers), headers and text of an answer."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()
    except urllib.error.URLError:
        return 0, {}, ""


class TestAge:
    def test_it_grows_with_a_dead_writer(self, copy):
        look = Replica(copy).look
        assert look(NOW + timedelta(seconds=90)).behind_s == 90
        assert look(NOW + timedelta(seconds=pulse.TOO_OLD_S)).state == "fresh"
        assert look(NOW + timedelta(seconds=pulse.TOO_OLD_S + 1)).state == "old"

    def test_a_clock_that_is_ahead_a_missing_file_and_no_pulse_are_never_fresh(self, copy, tmp_path):
        assert Replica(copy).look(NOW - timedelta(hours=1)).state == "unknown"
        assert Replica(Home(tmp_path / "none")).look().state == "unknown"
        conn = own(copy)
        with writing(conn):
            conn.execute("delete from settings where key in ('pulse', 'schedule')")
        conn.close()
        assert Replica(copy).look(NOW).state == "unknown"

    def test_a_writer_of_another_release(self, copy):
        conn = own(copy)
        with writing(conn):
            conn.execute(
                "insert into _sqlite_migrations (migration_set, name, applied_at) values ('coi', 'm999', '2030')"
            )
        conn.close()
        assert Replica(copy).look(NOW).state == "unknown"


class TestSite:
    def test_it_reads_says_its_age_and_keeps_nothing(self, writer, copy):
        before = copy.database.read_bytes()
        site = build(copy, accounts=Accounts(), copy=Replica(copy, writer="https://main.example/"))

        def ask(path: str, data: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
            asked = site.client.get(path) if data is None else site.client.post(path, data=data)
            answer = asyncio.run(asked)
            return answer.status_code, dict(answer.headers), answer.text

        status, headers, page = ask("/")
        assert status == 200 and headers["coi-replica"] == "fresh" and headers["coi-as-of"] == instant(NOW)
        assert f"as of {instant(NOW)[:16].replace('T', ' ')} UTC" in page and "https://main.example/" in page
        assert "Do not rely" not in page
        assert json.loads(ask("/-/replica.json")[2])["state"] == "fresh"
        assert ask("/coi/documents.json")[0] == 200 and ask("/-/health")[0] == 200
        for path in ("/passages/1/tags", "/comments", "/coi/documents/-/insert", "/anything"):
            status, _, said = ask(path, {"decision": "accept"})
            assert status == 403 and "Nothing was kept" in said and "https://main.example/" in said, path
        assert copy.database.read_bytes() == before

        beat(writer, NOW - timedelta(days=2))  # another snapshot in its place, of a writer that is dead since
        copy_database(writer.database, copy.path / "next")
        (copy.path / "next").rename(copy.database)
        status, headers, page = ask("/questions")
        assert status == 200 and headers["coi-replica"] == "old"
        assert "Do not rely on this page." in page and 'role="alert"' in page
        assert "2 days ago" in page and "2 days behind (at most 20 minutes)" in ask("/coi/documents.json")[2]
        for path in ("/coi/documents.json", "/moratoria.ics", "/alerts.atom", "/volume.csv", "/-/health",
                     "/documents/1/cite.ris", "/documents/1/cite.bib",
                     "/coi/versions/1.blob?_blob_column=text"):  # fmt: skip
            assert ask(path)[0] == 503, path
        for path in ("/-/replica.json", "/brief/questions/G1.3"):
            assert ask(path)[0] == 503, path

    def test_a_session_of_the_main_site_holds_on_no_replica(self, writer, copy, monkeypatch):
        """It may have been ended there since the copy was made."""
        monkeypatch.setenv("DATASETTE_SECRET", "of both machines, by mistake")
        there = build(writer, accounts=Accounts()).sign({"a": {"id": "anna"}}, "actor")
        here = build(copy, accounts=Accounts(), copy=Replica(copy))
        with pytest.raises(BadSignature):
            here.unsign(there, "actor")
        again = build(copy, accounts=Accounts(), copy=Replica(copy))
        assert again.unsign(here.sign("mine", "actor"), "actor") == "mine"

    def test_a_snapshot_is_served_as_a_replica_only(self, copy, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(copy.path))
        before = copy.database.read_bytes()
        for command in (["serve", "--port", "0"], ["assess"], ["alerts"]):
            said = CliRunner().invoke(cli, command)
            assert said.exit_code == 1 and "coi serve --replica" in said.output, said.output
        assert copy.database.read_bytes() == before
        assert CliRunner().invoke(cli, ["status"]).exit_code == 0

    def test_a_snapshot_can_become_the_original(self, writer, copy, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(copy.path))
        file = copy.database.rename(copy.path.with_name("snapshot.db"))
        refused = CliRunner().invoke(cli, ["restore", str(file)])
        assert refused.exit_code == 1 and "--damaged" in refused.output  # its archive is not here
        shutil.copytree(writer.archive, copy.archive, dirs_exist_ok=True)
        done = CliRunner().invoke(cli, ["restore", str(file)])
        assert done.exit_code == 0, done.output
        connect(copy).close()
        connect(writer).close()

    def test_a_home_that_litestream_follows_is_not_written(self, copy):
        (copy.path / "coi.db-txid").write_text("0000000000000001\n")
        with pytest.raises(StoreError, match="read replica"):
            connect(copy)


@pytest.mark.skipif(not LITESTREAM.exists(), reason="the extra 'replica' is not installed")
class TestLitestream:
    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([LITESTREAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def restored(self, replica: Path, to: Path) -> int:
        """Restore; the newest act that it holds, 0 where there is nothing yet."""
        for left in to.parent.glob(f"{to.name}*"):
            left.unlink()
        done = subprocess.run([LITESTREAM, "restore", "-o", str(to), f"file://{replica}"], capture_output=True)
        if done.returncode:
            return 0
        conn = connect_readonly(Home(to.parent))
        try:
            return int(conn.execute("select coalesce(max(id), 0) from search_log").fetchone()[0])
        finally:
            conn.close()

    def test_the_unit_of_snapshots_brings_a_whole_copy(self, writer, tmp_path):
        replica, there = tmp_path / "replica", Home(tmp_path / "there")
        there.create()
        unit = (PROJECT / "deploy" / "coi-snapshot.service").read_text("utf-8").replace("/var/lib/coi", str(there.path))
        unit = unit.replace("/opt/coi/.venv/bin", str(LITESTREAM.parent)).replace(
            "${COI_REPLICA_URL}", f"file://{replica}"
        )
        steps = [shlex.split(line.split("=", 1)[1]) for line in unit.splitlines() if line.startswith("ExecStart")]
        process = self.start("replicate", str(writer.database), f"file://{replica}")
        try:
            for name in ("one", "another"):
                beat(writer, datetime.now(UTC))
                (tmp_path / name).mkdir()
                until(lambda name=name: self.restored(replica, tmp_path / name / "coi.db"))
                for step in steps:
                    assert subprocess.run(step, capture_output=True).returncode == 0
                assert list(database_problems(connect_readonly(there))) == []
                with pytest.raises(StoreError, match="coi serve --replica"):
                    connect(there)
        finally:
            process.terminate()
            process.wait(timeout=30)

    def test_writer_and_litestream_killed(self, writer, tmp_path):
        """Every act that was acknowledged longer ago than the lag is in the replica, and all of it holds."""
        replica = tmp_path / "replica"
        config = tmp_path / "litestream.yml"
        shutil.copy(PROJECT / "deploy" / "litestream.yml", config)
        environment = os.environ | {"COI_HOME": str(writer.path), "COI_REPLICA": str(replica)}
        stream = subprocess.Popen(
            [LITESTREAM, "replicate", "-config", config], env=environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        writes = subprocess.Popen(
            [sys.executable, "-c", WRITER], cwd=PROJECT, env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert writes.stdin and writes.stdout
        there = Home(tmp_path / "there")
        there.create()
        try:
            for _ in range(30):
                acknowledged = int(writes.stdout.readline())
                print(file=writes.stdin, flush=True)
            writes.kill()
            writes.communicate()
            until(lambda: self.restored(replica, there.database) >= acknowledged)
        finally:
            writes.kill()
            stream.kill()
            stream.wait()
        assert self.restored(replica, there.database) >= acknowledged
        shutil.copy(writer.archive / "one.warc.gz", there.archive)
        conn = connect_readonly(there)
        assert not [*database_problems(conn), *capture_problems(conn, there.archive)]

    def test_a_site_that_follows(self, writer, tmp_path):
        """The replica site shows what is written while it runs; when replication dies its age grows."""
        replica, there = tmp_path / "replica", Home(tmp_path / "there")
        there.create()
        running = [self.start("replicate", str(writer.database), f"file://{replica}")]
        try:
            until(lambda: self.restored(replica, tmp_path / "coi.db") or any(replica.rglob("*.ltx")))
            running.append(self.start("restore", "-f", "-o", str(there.database), f"file://{replica}"))
            until(there.database.exists)
            with served(there) as site:
                for seconds in (60, 120):
                    at = instant(NOW + timedelta(seconds=seconds))
                    beat(writer, NOW + timedelta(seconds=seconds))
                    until(lambda at=at: ask(f"{site}/")[1].get("coi-as-of") == at)
                conn = connect(writer)
                with writing(conn):
                    conn.execute("update documents set title = 'A title that came later' where id = 1")
                    pulse.beat(conn, at=instant(NOW + timedelta(seconds=180)))
                conn.close()
                until(lambda: "A title that came later" in ask(f"{site}/documents/1")[2])
        finally:
            for one in running:
                one.kill()
                one.wait()
        look = Replica(there).look
        assert look(NOW + timedelta(hours=2)).state == "old"
