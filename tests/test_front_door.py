"""The `coi` command told the wrong thing: it says what, where and what to do, and never shows a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from store.failures import in_words
from store.home import Home

WRITES = (("crawl", "--source", "ind_nieuws"), ("tag",), ("alerts",), ("add", __file__), ("demo", "--no-serve"))
READS = (("status",), ("verify",), ("search", "x"), ("schedule", "--print"), ("sources", "list"))


def refused(home: Path, *words: str) -> str:
    found = CliRunner().invoke(cli, words, env={"COI_HOME": str(home)})
    assert isinstance(found.exception, SystemExit), repr(found.exception)
    assert found.exit_code in (1, 2)
    return found.output


@pytest.mark.parametrize("words", WRITES, ids=lambda words: words[0])
@pytest.mark.parametrize("place", ["file", "file/below", "x" * 300])
def test_a_home_that_can_be_none_is_named(place: str, words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = refused(tmp_path / place, *words)
    assert "COI_HOME" in said
    assert str(tmp_path / place)[:100] in said


@pytest.mark.parametrize("words", READS, ids=lambda words: words[0])
def test_a_database_that_is_none_is_named_with_what_to_do(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "coi.db").write_bytes(b"no database at all " * 300)
    said = refused(tmp_path, *words)
    assert str(tmp_path / "coi.db") in said
    assert "file is not a database" in said
    assert "COI_HOME" in said


def test_a_mistyped_command_is_told_what_was_meant(tmp_path: Path) -> None:
    assert "no command 'crwal'. Did you mean 'crawl'" in refused(tmp_path, "crwal")
    assert "'coi --help' lists them all" in refused(tmp_path, "xyzzy")


def test_a_mistyped_source_is_told_those_alike(tmp_path: Path) -> None:
    said = refused(tmp_path, "crawl", "--source", "ind_niews")
    assert "alike are: ind_nieuws" in said
    assert "'coi sources list'" in said


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    assert f"{tmp_path}: this is a folder" in refused(tmp_path / "home", "add", str(tmp_path))


def test_a_python_without_our_packages_is_told_which_one_to_use(tmp_path: Path) -> None:
    """Whoever forgot to activate the environment: only click is at hand."""
    code = (
        "import sys, importlib.abc\n"
        "class Without(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'sqlite_utils':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "sys.argv = ['coi', 'status']\n"
        "import coi; coi.main()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                         cwd=Path(__file__).parent.parent, env=os.environ | {"COI_HOME": str(tmp_path)})  # fmt: skip
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "the package 'sqlite_utils' is missing" in ran.stderr
    assert ".venv/bin/activate" in ran.stderr


def test_a_fault_of_our_own_is_not_dressed_up() -> None:
    assert in_words(KeyError("x"), Home(Path("/srv/coi"))) is None
