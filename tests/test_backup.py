"""The restore drill: a backup while a crawl and the site run is whole, and becomes the same home elsewhere."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from review.accounts import Accounts
from review.serve import build
from store.backup import CannotBackUp, back_up
from store.db import connect, connect_readonly, writing
from store.home import Home
from store.manifest import BadBackup, Manifest, backups
from store.restore import CannotRestore, backup_problems, restore
from store.searches_log import Search, record
from store.verify import database_problems
from tests.conftest import PROJECT
from tests.faults import rows_of
from tests.first_schema import unpack
from tests.local_crawl import declare, go


def run(home: Home, *words: str, limit_blocks: int = 0, **more) -> subprocess.Popen[str]:
    """A coi command in a process of its own; with a limit, no file of it may grow beyond so many blocks of 1024."""
    command = [sys.executable, "-m", "coi", *words]
    if limit_blocks:
        command = ["bash", "-c", f'ulimit -f {limit_blocks}; exec "$0" "$@"', *command]
    return subprocess.Popen(
        command, cwd=PROJECT, env=os.environ | {"COI_HOME": str(home.path)}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, **more,
    )  # fmt: skip


def front_page(process: subprocess.Popen[str]) -> str:
    """The first page of a site that is just starting."""
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            return asked(found[0])
    raise AssertionError("the site did not start")


def asked(url: str) -> str:
    """An answer of a site that has said its address and is about to listen there."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def search(home: Home, terms: str, at: str = "2022-07-03T08:00:00Z") -> None:
    """An act of a person."""
    conn = connect(home)
    with writing(conn):
        record(conn, [Search(question_id="G1.3", country="RU", terms=terms, languages=("ru",), period_from="2022-01-01",
                             period_to="2022-06-30", source_id="paper", healthy=True, found=0, actor="bob",
                             searched_at=at)])  # fmt: skip
    conn.close()


def in_wal(home: Home) -> bool:
    """Byte 19 of a database file (SQLite file format 1.3.3)."""
    return home.database.read_bytes()[19] == 2


# A restore that is killed after the old home went and before the new one came.
KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from store.home import Home
from store.restore import restore
rename = Path.rename
def once(path, to):
    rename(path, to)
    if path == home.path:
        os.kill(os.getpid(), signal.SIGKILL)
home, Path.rename = Home.from_environment(), once
restore(Path(sys.argv[1]), home, aside=Path(sys.argv[2]))
"""


@pytest.fixture
def lived(home):
    """A home with acts of people and a capture."""
    return unpack(home)


def test_the_drill(home, site, tmp_path, monkeypatch):
    """A real crawl writes, a real site reads, backups are made until the crawl has ended; each is whole."""
    paths = [f"/a{n}" for n in range(40)]
    for path in paths:
        site.article(path)
    site.feed("/feed", *paths)
    source = declare(home, "drill", "feed", [f"{site.url}/feed"])
    connect(home).close()
    serving = run(home, "serve", "--port", "0")
    try:
        assert "<main" in front_page(serving)
        crawl = threading.Thread(target=go, args=(home, source))
        crawl.start()
        site.wait_until_asked(3)
        made = [back_up(home, tmp_path / "to")[0]]
        crawl.join()
        made.append(back_up(home, tmp_path / "to")[0])
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=30)
    for one in made:
        assert list(backup_problems(one)) == []
    there = Home(tmp_path / "elsewhere" / "home")
    restore(made[-1], there)
    assert rows_of(there.path) == rows_of(home.path)
    assert len(rows_of(there.path)["documents"]) == 40
    monkeypatch.setenv("COI_HOME", str(there.path))
    verified = CliRunner().invoke(cli, ["verify"])
    assert verified.exit_code == 0 and "All hashes, chains, references and captures hold." in verified.output
    answer = asyncio.run(build(there, accounts=Accounts()).client.get("/documents/1"))
    assert answer.status_code == 200 and "Title of /a" in answer.text


class TestBackup:
    def test_archive_files_are_kept_once(self, lived, tmp_path):
        first, _, written = back_up(lived, tmp_path / "to")
        second, manifest, less = back_up(lived, tmp_path / "to")
        one, two = (folder / "archive" / "one.warc.gz" for folder in (first, second))
        assert one.stat().st_ino == two.stat().st_ino
        assert written - less == one.stat().st_size
        assert manifest.acts == 106 and manifest.schema[0] == "m001_foundation"
        back_up(lived, tmp_path / "to", keep=1)
        assert len(backups(tmp_path / "to")) == 1
        assert list(backup_problems(backups(tmp_path / "to")[0])) == []

    def test_it_ends_beside_a_busy_writer(self, lived, tmp_path, monkeypatch):
        """Without one read transaction around it, SQLite's backup begins anew at each commit of another."""
        monkeypatch.setattr("store.snapshot.STEP_PAGES", 8)
        connect(lived).close()
        over = threading.Event()

        def write() -> None:
            conn = connect(lived)
            while not over.wait(0.001):
                with writing(conn):
                    conn.execute("insert or replace into settings (key, value) values ('busy', hex(randomblob(8)))")
            conn.close()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = back_up(lived, tmp_path / "to")[0]
        finally:
            over.set()
            writer.join()
        assert list(backup_problems(made)) == []

    def test_keys_stay_at_home(self, lived, tmp_path):
        for name in ("site-secret", "alerts-secret", "ended-sessions"):
            (lived.path / name).write_text("x")
        (lived.logs / "sign-ins.log").write_text("{}")
        made, manifest, _ = back_up(lived, tmp_path / "to")
        assert {one.path for one in manifest.files} == {
            "coi.db", "archive/one.warc.gz", "ended-sessions", "logs/sign-ins.log",
        }  # fmt: skip
        assert made.stat().st_mode & 0o077 == 0

    def test_what_the_database_does_not_know_yet_stays_out(self, lived, tmp_path):
        """A file that is being written is copied up to the last record that a row refers to."""
        file = lived.archive / "one.warc.gz"
        whole = file.stat().st_size
        file.with_name("one.warc.gz.open").touch()
        with file.open("ab") as out:
            out.write(b"half a record")
        made, _manifest, _ = back_up(lived, tmp_path / "to")
        assert (made / "archive" / "one.warc.gz").stat().st_size == whole
        assert list(backup_problems(made)) == []

    def test_a_damaged_home_is_copied_and_named(self, lived, tmp_path, monkeypatch):
        (lived.archive / "one.warc.gz").unlink()
        monkeypatch.setenv("COI_HOME", str(lived.path))
        said = CliRunner().invoke(cli, ["backup", str(tmp_path / "to")])
        assert said.exit_code == 1 and "one.warc.gz is missing" in said.output and "copied as it is" in said.output

    def test_killed_at_any_moment_it_never_looks_whole(self, lived, tmp_path):
        to = tmp_path / "to"
        (lived.archive / "big.warc.gz").write_bytes(os.urandom(30_000_000))
        process = run(lived, "backup", str(to))
        while process.poll() is None and not list(to.glob(".partial-*/archive/big.warc.gz")):
            pass
        process.kill()
        process.communicate()
        left = backups(to)
        assert all(not list(backup_problems(one)) for one in left)
        for partial in to.glob(".partial-*"):
            with pytest.raises(BadBackup, match="never finished"):
                Manifest.read(partial)
        (lived.archive / "big.warc.gz").unlink()
        back_up(lived, to)
        assert not list(to.glob(".partial-*"))

    def test_a_full_disk(self, lived, tmp_path):
        (lived.archive / "big.warc.gz").write_bytes(os.urandom(8_000_000))
        process = run(lived, "backup", str(tmp_path / "to"), limit_blocks=4000)
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 1 and "Nothing half done was kept" in said
        assert backups(tmp_path / "to") == [] and not list((tmp_path / "to").glob(".partial-*"))

    def test_not_into_the_home_itself(self, lived):
        with pytest.raises(CannotBackUp, match="inside the home"):
            back_up(lived, lived.path / "backups")


class TestRestore:
    @pytest.fixture
    def made(self, lived, tmp_path):
        return back_up(lived, tmp_path / "to")[0]

    def test_what_is_there_is_moved_and_what_is_lost_is_named(self, lived, made, tmp_path, monkeypatch):
        search(lived, "после")
        before = rows_of(lived.path)
        monkeypatch.setenv("COI_HOME", str(lived.path))
        refused = CliRunner().invoke(cli, ["restore", str(made)])
        assert refused.exit_code == 1 and "--aside" in refused.output
        done = CliRunner().invoke(cli, ["restore", str(made.parent), "--aside", str(tmp_path / "old")])
        assert done.exit_code == 0, done.output
        assert "1 acts of people from 2022-07-03T08:00:00Z to 2022-07-03T08:00:00Z" in done.output
        assert "1 search_log" in done.output
        assert rows_of(tmp_path / "old") == before
        assert not list(database_problems(connect_readonly(lived)))

    def test_a_home_in_use(self, lived, made, tmp_path):
        connect(lived).close()  # as every command that writes leaves it: in WAL mode
        reading = connect_readonly(lived)
        reading.execute("select count(*) from audit").fetchone()
        with pytest.raises(CannotRestore, match="in use"):
            restore(made, lived, aside=tmp_path / "old")
        assert not (tmp_path / "old").exists()
        reading.close()
        restore(made, lived, aside=tmp_path / "old")

    @pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
    def test_a_damaged_backup(self, made, tmp_path, harm):
        file = made / "archive" / "one.warc.gz"
        data = bytearray(file.read_bytes())
        file.unlink()
        if harm != "gone":
            data[100] ^= 1
            file.write_bytes(data if harm == "flip" else data[:-1])
        assert any("one.warc.gz" in said for said in backup_problems(made))
        there = Home(tmp_path / "there")
        with pytest.raises(CannotRestore, match=r"one\.warc\.gz"):
            restore(made, there)
        assert not there.path.exists() and not list(tmp_path.glob(".there.restoring"))

    def test_hashes_made_to_fit_do_not_help(self, made, tmp_path):
        """Who changes the database and the manifest as well is found by the chain."""
        manifest = json.loads((made / "manifest.json").read_text())
        import sqlite3
        from hashlib import sha256

        conn = sqlite3.connect(made / "coi.db")
        conn.execute("drop trigger signoffs_no_update")
        conn.execute("update signoffs set actor = 'carol' where act = 'approve'")
        conn.commit()
        conn.close()
        manifest["files"][0]["sha256"] = sha256((made / "coi.db").read_bytes()).hexdigest()
        manifest["files"][0]["bytes"] = (made / "coi.db").stat().st_size
        (made / "manifest.json").write_text(json.dumps(manifest))
        assert any("audit chain recorded" in said for said in backup_problems(made))
        with pytest.raises(CannotRestore, match="audit chain recorded"):
            restore(made, Home(tmp_path / "there"))

    def test_a_full_disk_leaves_the_home(self, lived, made, tmp_path):
        before = rows_of(lived.path)
        process = run(lived, "restore", str(made), "--aside", str(tmp_path / "old"), limit_blocks=500)
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 1 and "nothing half done was kept" in said
        assert rows_of(lived.path) == before and not (tmp_path / "old").exists()

    def test_both_homes_are_in_the_mode_that_doctor_expects(self, lived, made, tmp_path):
        connect(lived).close()
        (made / "archive" / "one.warc.gz").rename(tmp_path / "kept")
        with pytest.raises(CannotRestore):
            restore(made, lived, aside=tmp_path / "old")
        assert in_wal(lived)
        (tmp_path / "kept").rename(made / "archive" / "one.warc.gz")
        restore(made, lived, aside=tmp_path / "old")
        assert in_wal(lived) and in_wal(Home(tmp_path / "old"))

    def test_killed_between_the_two_renames_no_empty_home_is_made(self, lived, made, tmp_path, monkeypatch):
        before = rows_of(lived.path)
        words = [sys.executable, "-c", KILLED_BETWEEN, str(made), str(tmp_path / "old")]
        at_home = os.environ | {"COI_HOME": str(lived.path)}
        assert subprocess.run(words, cwd=PROJECT, env=at_home, check=False).returncode == -signal.SIGKILL
        monkeypatch.setenv("COI_HOME", str(lived.path))
        for command in (["tag"], ["verify"], ["crawl"], ["demo"], ["alerts"], ["doctor"], ["serve"]):
            said = CliRunner().invoke(cli, command)
            assert said.exit_code == 1 and str(tmp_path / "old") in said.output, said.output
            assert not lived.path.exists()
        assert rows_of(tmp_path / "old") == before
        done = CliRunner().invoke(cli, ["restore", str(made), "--aside", str(tmp_path / "old")])
        assert done.exit_code == 0, done.output
        assert rows_of(tmp_path / "old") == before and not lived.unfinished.exists()
        assert CliRunner().invoke(cli, ["verify"]).exit_code == 0

    def test_a_path_that_leads_out(self, made):
        manifest = json.loads((made / "manifest.json").read_text())
        manifest["files"][1]["path"] = "../../outside"
        (made / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(BadBackup, match="outside the backup"):
            Manifest.read(made)

    def test_wrong_use(self, tmp_path):
        assert CliRunner().invoke(cli, ["restore", str(tmp_path / "no")]).exit_code == 2
        assert CliRunner().invoke(cli, ["backup", "--check", "--keep", "2", str(tmp_path)]).exit_code == 2
        assert CliRunner().invoke(cli, ["restore", str(tmp_path)]).exit_code == 1


def test_check_says_what_it_looked_at(lived, tmp_path, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(lived.path))
    to = str(tmp_path / "to")
    assert CliRunner().invoke(cli, ["backup", to]).exit_code == 0
    said = CliRunner().invoke(cli, ["backup", "--check", to])
    assert said.exit_code == 0 and "are whole" in said.output
    assert sorted(path.name for path in backups(Path(to))[0].iterdir()) == ["archive", "coi.db", "manifest.json"]
