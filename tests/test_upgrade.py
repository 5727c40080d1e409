"""From the first schema on: an upgrade is whole or not at all, keeps a copy, and can be gone back from."""

import os
import signal
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import COMMANDS, cli
from store import schema
from store.captures_check import capture_problems
from store.db import StoreError, connect, connect_readonly
from store.upgrade import applied, pending
from store.verify import chain_head, database_problems
from tests.conftest import PROJECT
from tests.faults import rows_of
from tests.first_schema import unpack

# Whoever has a home of the first release has this schema. What comes after it stands in files of its own.
FIRST = "bff4e678da5d67de3a61fb595a19058305e85ce1a9ece882d8d73d196f058f5c"
# A process with one step more: it says that it is in the step, then waits for a line, or fails.
LATER = """
import sys
from store import schema
from store.db import connect
from store.home import Home

@schema.schema()
def m900_later(db):
    db.execute("create table later (id integer primary key, note text) strict")
    db.execute("insert into later (note) values ('by the step')")
    if sys.argv[1] == "wait":
        print("in the step", flush=True)
        sys.stdin.readline()
    if sys.argv[1] == "fail":
        db.execute("insert into no_such_table values (1)")

conn = connect(Home.from_environment())
print(conn.execute("select count(*) from later").fetchone()[0])
"""


@pytest.fixture
def old(home):
    return unpack(home)


def later(home, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LATER, how], cwd=PROJECT, env=os.environ | {"COI_HOME": str(home.path)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def copies(home) -> list[Path]:
    return sorted(home.path.glob("coi.db.before-*"))


def sound(home) -> bool:
    conn = connect_readonly(home)
    return not [*database_problems(conn), *capture_problems(conn, home.archive)]


def test_the_first_schema_is_as_it_was_released():
    said = (PROJECT / "store" / "schema_001.sql").read_bytes()
    assert sha256(said).hexdigest() == FIRST, "schema_001.sql is released; what is new goes into the newest schema_00N"


class TestFromTheFirst:
    def test_every_row_and_chain_is_there_and_holds(self, old):
        before = rows_of(old.path)
        head = chain_head(connect_readonly(old))
        conn = connect(old)
        assert applied(conn) == schema.steps()
        assert rows_of(old.path) == before
        assert chain_head(conn) == head and head.acts == 106
        assert sound(old)
        assert {row[0] for row in conn.execute("select distinct table_name from audit")} >= {
            "tag_decisions", "evidence_decisions", "signoffs", "comments", "search_log", "moratorium_events",
        }  # fmt: skip

    def test_verify_names_the_steps_that_wait(self, old, monkeypatch):
        def m900_later(db):
            db.execute("create table later (id integer primary key) strict")

        monkeypatch.setattr(schema.schema, "_migrations", [*schema.schema._migrations])
        schema.schema()(m900_later)
        waiting = pending(connect_readonly(old))
        assert waiting[-1] == "m900_later" and sound(old)
        monkeypatch.setenv("COI_HOME", str(old.path))
        said = CliRunner().invoke(cli, ["verify"])
        assert said.exit_code == 0 and "m900_later has not been applied yet" in said.output


class TestOneStepMore:
    def test_it_keeps_a_copy_first_and_going_back_is_one_command(self, old, monkeypatch):
        connect(old).close()
        for copy in copies(old):
            copy.unlink()
        before = rows_of(old.path)
        done = later(old, "go")
        out, said = done.communicate(timeout=60)
        assert (done.returncode, out) == (0, "1\n")
        (copy,) = copies(old)
        assert copy.name.startswith("coi.db.before-m900_later-") and str(copy) in said
        monkeypatch.setenv("COI_HOME", str(old.path))
        asked = CliRunner().invoke(cli, ["verify"])  # this program is now the older one
        assert asked.exit_code == 1 and "newer program" in asked.output and "m900_later" in asked.output
        back = CliRunner().invoke(cli, ["restore", str(copy)])
        assert back.exit_code == 0, back.output
        assert rows_of(old.path) == before and sound(old)
        assert len(list(old.path.glob("coi.db.replaced-*"))) == 1

    def test_a_step_that_fails_changes_nothing(self, old):
        connect(old).close()
        before = old.database.read_bytes(), rows_of(old.path)
        for _ in range(2):
            done = later(old, "fail")
            said = done.communicate(timeout=60)[1]
            assert done.returncode and "the upgrade (m900_later) failed" in said
        assert (old.database.read_bytes(), rows_of(old.path)) == before
        assert sound(old)
        assert len([copy for copy in copies(old) if "m900" in copy.name]) == 1  # of two tries, not two copies

    def test_a_kill_in_the_middle(self, old):
        connect(old).close()
        before = rows_of(old.path)
        first = later(old, "wait")
        assert first.stdout and first.stdout.readline() == "in the step\n"
        first.send_signal(signal.SIGKILL)
        first.communicate()
        assert rows_of(old.path) == before and sound(old)

    def test_two_at_once(self, old):
        connect(old).close()
        first = later(old, "wait")
        assert first.stdout and first.stdout.readline() == "in the step\n"
        second = later(old, "go")  # waits for the write lock, and finds it done
        assert first.communicate("\n", timeout=60)[0] == "1\n"
        assert second.communicate(timeout=60)[0] == "1\n"
        assert len([copy for copy in copies(old) if "m900" in copy.name]) == 1

    def test_no_room_for_the_copy(self, old):
        connect(old).close()
        before = old.database.read_bytes()
        limit = f'ulimit -f {len(before) // 2048}; exec "$0" -c "$1" go'  # half of it, in blocks of 1024 bytes
        done = subprocess.run(
            ["bash", "-c", limit, sys.executable, LATER], cwd=PROJECT, text=True, capture_output=True, timeout=60,
            env=os.environ | {"COI_HOME": str(old.path)},
        )  # fmt: skip
        assert "could not be copied" in done.stderr
        assert old.database.read_bytes() == before
        assert not [copy for copy in copies(old) if "m900" in copy.name]


class TestANewerDatabase:
    """Every command and the site refuse it: all go through these two."""

    @pytest.fixture
    def newer(self, old):
        conn = connect(old)
        conn.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('coi', 'm999_new', '2030')"
        )
        conn.close()
        return old

    def test_it_is_not_opened(self, newer):
        before = newer.database.read_bytes()
        for opening in (connect, connect_readonly):
            with pytest.raises(StoreError, match=r"newer program: its schema has the step m999_new"):
                opening(newer)
        assert newer.database.read_bytes() == before

    @pytest.mark.parametrize(
        "command", [["status"], ["assess"], ["serve", "--port", "0"], ["verify"], ["tag"], ["search", "x"],
                    ["alerts"], ["schedule", "--print"], ["sources", "list"], ["update"], ["backup", "elsewhere"]],
        ids=lambda words: words[0],
    )  # fmt: skip
    def test_a_command_says_so(self, newer, monkeypatch, tmp_path, command):
        assert command[0] in COMMANDS
        monkeypatch.setenv("COI_HOME", str(newer.path))
        monkeypatch.setenv("COI_CONTACT", "tests@example.org")
        monkeypatch.chdir(tmp_path)
        said = CliRunner().invoke(cli, command)
        assert said.exit_code == 1 and "newer program" in said.output, said.output
        assert not isinstance(said.exception, sqlite3.Error)
