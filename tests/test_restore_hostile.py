"""A backup that somebody altered on its way never plants a key, hides a change or writes beside the home."""

import json
import os
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from store.backup import back_up
from store.db import connect
from store.home import Home
from store.manifest import NAME, BadBackup
from store.restore import CannotRestore, backup_problems, restore
from store.snapshot import copy_database
from store.verify import database_problems
from tests.first_schema import unpack


@pytest.fixture
def made(home: Home, tmp_path: Path) -> Path:
    """A good backup of a home with acts of people."""
    unpack(home)
    connect(home).close()
    return back_up(home, tmp_path / "to")[0]


def listed(folder: Path, change: Callable[[dict], object]) -> None:
    file = folder / NAME
    said = json.loads(file.read_text())
    change(said)
    file.write_text(json.dumps(said))


def add(folder: Path, name: str, data: bytes = b"known to the attacker", *, file: str = "") -> None:
    """Put a file into a backup and into its list."""
    path = folder / (file or name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    entry = {"path": name, "bytes": len(data), "sha256": sha256(data).hexdigest(), "source_mtime_ns": None}
    listed(folder, lambda said: said["files"].append(entry))


def rehash(folder: Path) -> None:
    """Name the database by what it is now."""
    data = (folder / "coi.db").read_bytes()
    entry = {"path": "coi.db", "bytes": len(data), "sha256": sha256(data).hexdigest(), "source_mtime_ns": None}
    listed(folder, lambda said: said.update(files=[entry, *(one for one in said["files"] if one["path"] != "coi.db")]))


def through_a_link(folder: Path) -> None:
    (folder / "deep" / "a" / "b").mkdir(parents=True)
    (folder / "link").symlink_to(folder / "deep" / "a" / "b")
    add(folder, "link/../../../planted", file="planted")


def sql(statement: str) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        conn = sqlite3.connect(folder / "coi.db")
        conn.create_function("coi_sha256", 1, str)
        conn.execute("pragma writable_schema = on")
        conn.execute(statement)
        conn.commit()
        conn.close()
        rehash(folder)

    return alter


HIDDEN = "after insert on questions begin delete from settings; end"
ALTERED = {
    "the key that cookies are signed with": lambda f: add(f, "site-secret"),
    "the key that links are signed with": lambda f: add(f, "alerts-secret"),
    "a log that SQLite takes over": lambda f: add(f, "coi.db-wal"),
    "a journal that SQLite takes over": lambda f: add(f, "coi.db-journal"),
    "a folder of its own": lambda f: add(f, "locks/x"),
    "below the archive": lambda f: add(f, "archive/x/y"),
    "another log": lambda f: add(f, "logs/site.log"),
    "outside": lambda f: add(f, "../planted"),
    "an absolute name": lambda f: add(f, str(f.parent / "planted")),
    "outside through a link": through_a_link,
    "a name with dots": lambda f: add(f, "declared/../site-secret", file="site-secret"),
    "a name that is a number": lambda f: listed(f, lambda said: said["files"][0].update(path=5)),
    "a file twice": lambda f: listed(f, lambda said: said["files"].append(said["files"][0])),
    "no database": lambda f: listed(f, lambda said: said.update(files=said["files"][1:])),
    "files that are no list": lambda f: listed(f, lambda said: said.update(files={"a": 1})),
    "counts that are no numbers": lambda f: listed(f, lambda said: said.update(counts=[1])),
    "another head": lambda f: listed(f, lambda said: said.update(head="0" * 64)),
    "fewer acts": lambda f: listed(f, lambda said: said.update(acts=1)),
    "a trigger less": sql("drop trigger audit_no_delete"),
    "a trigger more": sql(f"create trigger quiet {HIDDEN}"),
    "a trigger under a name like SQLite's own": sql(f"create trigger sqlitequiet {HIDDEN}"),
    "a view of another kind": sql(
        "update sqlite_master set sql = replace(sql, 'select', 'select ') || ' limit 0' where name = 'current_verdicts'"
    ),
}


@pytest.mark.parametrize("what", list(ALTERED))
def test_an_altered_backup_is_refused_and_plants_nothing(what: str, made: Path, tmp_path: Path) -> None:
    ALTERED[what](made)
    try:
        problems = list(backup_problems(made))
    except BadBackup:
        problems = ["refused"]
    assert problems, "coi backup --check holds it for good"
    before = {path for path in tmp_path.rglob("*") if made not in path.parents}
    there = Home(tmp_path / "restored" / "home")
    with pytest.raises((CannotRestore, BadBackup)):
        restore(made, there)
    after = {path for path in tmp_path.rglob("*") if made not in path.parents and path.suffix != ".lock"}
    assert after - before <= {there.path.parent}


def test_a_file_that_rotted_in_a_backup_is_copied_anew(home: Home, made: Path, tmp_path: Path) -> None:
    """Else every later backup would link the bad bytes, however good those of the home are."""
    kept = next((made / "archive").iterdir())
    stat, data = kept.stat(), bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    kept.write_bytes(data)
    os.utime(kept, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert list(backup_problems(made))
    assert list(backup_problems(back_up(home, tmp_path / "to")[0])) == []


def test_a_copy_is_not_for_others_while_it_is_made(
    home: Home, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds restricted notes, and may lie in a home that others can enter."""
    modes, chmod = [], Path.chmod

    def noting(path: Path, mode: int) -> None:
        modes.append(path.stat().st_mode & 0o077)
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", noting)
    copy_database(home.database, tmp_path / "copy.db")
    assert modes == [0]


@pytest.mark.parametrize("name", ["quiet", "sqlitequiet", "sqlite_quiet"])
def test_no_name_hides_a_trigger_from_verify(home: Home, name: str) -> None:
    unpack(home)
    conn = connect(home)
    conn.execute(f"create trigger hidden {HIDDEN}")
    conn.execute("pragma writable_schema = on")
    conn.execute("update sqlite_master set name = ?, sql = replace(sql, 'hidden', ?) where name = 'hidden'", [name] * 2)
    conn.close()
    conn = sqlite3.connect(home.database)
    conn.row_factory = sqlite3.Row
    assert conn.execute("select 1 from sqlite_master where type = 'trigger' and name = ?", [name]).fetchone()
    conn.close()
    conn = connect(home)
    assert any("is not ours" in said for said in database_problems(conn))
    conn.close()


def test_a_program_that_came_with_a_backup_is_named(made: Path, tmp_path: Path) -> None:
    """Nobody signs a backup, and what is declared in it is run."""
    add(made, "declared/translators/x.toml", b'command = ["a", "program"]')
    add(made, "declared/groups/x.toml", b"harmless")
    there, aside = tmp_path / "there", tmp_path / "aside"
    ran = CliRunner().invoke(cli, ["restore", str(made)], env={"COI_HOME": str(there)})
    assert (ran.exit_code, ran.output.count("before you start anything")) == (0, 1), ran.output
    assert f"Read {there}/declared/translators/x.toml" in ran.output
    ran = CliRunner().invoke(cli, ["restore", str(made), "--aside", str(aside)], env={"COI_HOME": str(there)})
    assert (ran.exit_code, "before you start" in ran.output) == (0, False), ran.output
