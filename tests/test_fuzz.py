"""What once crashed a reader does not any more; a few thousand more inputs of its kind; `make fuzz` does a million."""

import contextlib
import importlib.util
import random
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.fuzz.harness import PROJECT, Read
from tests.fuzz.registry import HARNESSES
from tests.fuzz.saved import SAVED

# Cheap ones, which share what they import with the saved cases; the others have their time in `make fuzz`.
QUICK = {
    "feed": 100,
    "sru": 300,
    "sitemap": 300,
    "json_feed": 200,
    "sparql": 300,
    "gdelt": 300,
    "ecoi": 200,
    "open_overheid": 200,
    "tweedekamer": 200,
    "syncfeed": 200,
    "own_record": 500,
    "index": 200,
    "warc": 100,
    "declarations": 200,
    "search": 100,
    "deadlines": 300,
}


@cache
def reader(name: str) -> tuple[Read, tuple[type[Exception], ...]]:
    """A harness's reader, and the errors that it may raise."""
    allowed = (path.rpartition(".") for path in HARNESSES[name].allowed)
    return HARNESSES[name].make(), tuple(getattr(import_module(module), error) for module, _, error in allowed)


def read(name: str, way: int, body: bytes) -> None:
    one, allowed = reader(name)
    try:
        one(way, body)
    except allowed as error:
        str(error).encode()  # it can be printed


@pytest.mark.parametrize("case", SAVED)
def test_what_once_crashed_a_reader(case: str) -> None:
    read(*SAVED[case])


@pytest.mark.parametrize("name", QUICK)
def test_changed_inputs_break_no_rule(name: str) -> None:
    harness, rng = HARNESSES[name], random.Random(name)
    seeds = list(harness.seeds())[:60]
    for _ in range(QUICK[name]):
        way, body = rng.choice(seeds)
        if harness.mutator is None:
            body = rng.randbytes(len(body))
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):  # too little is left to be changed so
            body = (harness.mutator or (lambda _rng, same: same))(rng, body)
        read(name, way, body)


def test_every_reader_has_its_share_of_a_million() -> None:
    assert sum(harness.executions for harness in HARNESSES.values()) >= 1_000_000
    assert all(
        list(harness.seeds()) and harness.executions >= 1000
        for name, harness in HARNESSES.items()
        if name != "pdf_pages"
    )


def test_the_command_fuzzes_and_prints_its_table(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this interpreter")
    command = [
        sys.executable,
        "-m",
        "tests.fuzz",
        "--only",
        "own_record",
        "--executions",
        "500",
        "--keep",
        str(tmp_path),
    ]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "| own_record | 500 |" in said.stdout and "no findings" in said.stdout
