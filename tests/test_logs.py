"""Logs: which run, how long, who; no secret in any line, and no line lost however many write."""

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from review.accounts import Account, Accounts
from review.serve import build
from store import logs
from store.home import Home
from store.log_file import LogFile
from store.secrets_hidden import HIDDEN, hide_environment, without_secrets
from tests.site_home import make
from tests.site_people import TOKEN, Visitor

PROJECT = Path(__file__).parents[1]
PLANTED = {
    "COI_PERSON_ANNA": "anna researcher pbkdf2_sha256$480000$salt$" + "h" * 43 + "=",
    "COI_TOKEN_NIGHT": "'night reader tok-3n-0123456789-0123456789-0123456789'",
    "MAIL_PASSWORD": "pass phrase of the mail server",
    "COI_TEAMS_URL": "workflow://prod.example/secretpath/9f9f9f",
    "DATASETTE_SECRET": "c00kie-secret-c00kie-secret",
}
LOOKING = "GET /x?token=abcdef123456&a=1 HTTP/1.1 Authorization: Bearer zzz.yyy-xxx Cookie: ds_actor=aaaa.bbbb; b=2"


def lines(home: Home, name: str) -> list[dict]:
    return [
        json.loads(line) for path in sorted(home.logs.glob(f"{name}*")) for line in path.read_text("utf-8").splitlines()
    ]


@pytest.fixture
def logging_set_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv(logs.RUN, raising=False)
    monkeypatch.delenv(logs.FORM, raising=False)
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    logs.begin(home, "coi test")
    yield home
    for handler in [one for one in logging.getLogger().handlers if getattr(one, "of_coi", False)]:
        logging.getLogger().removeHandler(handler)
        handler.close()
    monkeypatch.delenv(logs.RUN, raising=False)


def test_no_secret_reaches_a_log(logging_set_up: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for value in PLANTED.values():
        logs.event("planted", f"it said {value}!", level=logging.WARNING, deep={"list": [value]}, other=value)
        logging.getLogger("uvicorn.error").error("a fault with %s", value)
        try:
            raise RuntimeError(value)
        except RuntimeError as error:
            logs.event("planted", level=logging.ERROR, fault=error)
    logs.event("planted", LOOKING, url="https://anna:geheim77@mail.example/")
    text = (logging_set_up.logs / logs.COMMANDS).read_text("utf-8") + "".join(capsys.readouterr())
    secret = [value.strip("'").split()[-1] if name.startswith("COI_") else value for name, value in PLANTED.items()]
    assert [one for one in (*secret, "abcdef123456", "zzz.yyy-xxx", "aaaa.bbbb", "geheim77") if one in text] == []
    assert text.count(HIDDEN) > 10


def test_a_line_says_when_what_and_which_run(logging_set_up: Home) -> None:
    with logs.bound(source="paper", slot="s1", crawl=7), logs.timed("crawl"):
        logs.event("found", "three", rows=3)
    first, last = lines(logging_set_up, logs.COMMANDS)
    assert (first["event"], first["rows"], first["source"], first["crawl"], first["said"]) == (
        "found",
        3,
        "paper",
        7,
        "three",
    )
    assert (last["event"], last["source"]) == ("crawl", "paper") and last["ms"] >= 0
    assert first["run"] == last["run"] == os.environ[logs.RUN]
    assert first["at"].endswith("Z") and first["level"] == "info" and first["by"] == "coi test"


def test_a_child_process_carries_the_run_on(logging_set_up: Home) -> None:
    logs.event("parent")
    said = "from store import home, logs; logs.begin(home.Home.from_environment(), 'child'); logs.event('c')"
    subprocess.run([sys.executable, "-c", said], check=True, cwd=PROJECT,
                   env=os.environ | {"COI_HOME": str(logging_set_up.path)})  # fmt: skip
    parent, child = lines(logging_set_up, logs.COMMANDS)
    assert parent["run"] == child["run"] and parent["process"] != child["process"]


def test_many_processes_lose_no_line_while_files_change(tmp_path: Path) -> None:
    count, size = 400, 6_000
    said = f"""
import sys; from pathlib import Path; from store.log_file import LogFile
log = LogFile(Path({str(tmp_path / "x.log")!r}), most_bytes={size}, kept=200)
for n in range({count}): log.write(f"{{sys.argv[1]}} {{n}} " + "x" * 20)
"""
    children = [subprocess.Popen([sys.executable, "-c", said, str(who)], cwd=PROJECT) for who in range(4)]
    assert [child.wait() for child in children] == [0] * 4
    files = list(tmp_path.glob("x.log*"))
    found = [line for path in files for line in path.read_text("utf-8").splitlines()]
    assert sorted(line[:-21] for line in found) == sorted(f"{who} {n}" for who in range(4) for n in range(count))
    assert len(files) > 5 and all(path.stat().st_size < size + 100 for path in files)  # a line a process more
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.log").mkdir()
    log = LogFile(tmp_path / "x.log")
    for _ in range(3):
        log.handle(logging.LogRecord("a", logging.INFO, "", 0, "said", None, None))
    assert capsys.readouterr().err.count("no log could be written") == 1
    LogFile(tmp_path / "nowhere" / "x.log").write("said")
    assert not (tmp_path / "nowhere").exists()


def test_a_request_is_one_line_with_who_and_without_its_query(logging_set_up: Home) -> None:
    make(logging_set_up)
    script = Account(name="scrape", role="operator", secret=TOKEN, script=True)
    site = build(logging_set_up, accounts=Accounts(scripts=(script,)))
    visitor = Visitor(site, site.app(), token=TOKEN)
    logs.begin(logging_set_up, "coi serve", file=logs.SITE)
    answer = visitor.go("GET", "/search?q=a-private-question")
    asyncio.run(visitor.ask("GET", "/-/health"))
    (line,) = lines(logging_set_up, logs.SITE)
    assert (line["path"], line["actor"], line["status"], line["method"]) == ("/search", "scrape", 200, "GET")
    assert line["request"] == answer.headers["x-request-id"] and line["ms"] > 0
    assert "a-private-question" not in json.dumps(line) and TOKEN not in json.dumps(line)


def test_json_on_standard_error_for_journald(home: Home) -> None:
    said = (
        "from store import logs; from store.home import Home; logs.begin(Home.from_environment(), 'x'); logs.say('one')"
    )
    done = subprocess.run([sys.executable, "-c", said], check=True, cwd=PROJECT, capture_output=True, text=True,
                          env=os.environ | {"COI_HOME": str(home.path), "COI_LOG": "json"})  # fmt: skip
    assert done.stdout == "" and json.loads(done.stderr)["said"] == "one"


def test_ordinary_words_stay() -> None:
    hide_environment({"HOME_TOKEN": "abc", "COI_HOME": "/srv/coi"})
    said = "the token of the form; key question G1.3; a password has twelve characters; /srv/coi"
    assert without_secrets(said) == said


def test_a_command_leaves_its_line(home: Home) -> None:
    shutil.rmtree(home.logs, ignore_errors=True)
    home.create()
    subprocess.run([sys.executable, "coi.py", "verify"], cwd=PROJECT, env=os.environ | {"COI_HOME": str(home.path)},
                   capture_output=True, check=False)  # fmt: skip
    (line,) = lines(home, logs.COMMANDS)
    assert (line["event"], line["by"], line["error"]) == ("command", "coi verify", "exit code 1")


def test_a_long_address_does_not_hold_up_the_site() -> None:
    """What is logged of a stranger's request is looked through for secrets in time that grows with its length only."""
    began = time.process_time()
    for said in ("a" * 60_000, "&key" * 15_000, "a:/" * 20_000, "cookie " * 8_000, "bearer" + " " * 60_000):
        without_secrets("/" + said)
    assert time.process_time() - began < 2
    assert without_secrets("x+smtp://anna:pass@h") == f"x+smtp://{HIDDEN}@h"


def test_no_line_steers_a_terminal(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin(home, "test")
    hostile = "a\x1b[2Jb\x9b31mc\u202ed\re"
    logs.event("seen", hostile, level=logging.WARNING, path=hostile)
    written = (home.logs / logs.COMMANDS).read_text("utf-8") + capsys.readouterr().err
    assert "seen" in written and not {"\x1b", "\x9b", "\u202e", "\r"} & set(written)


def test_the_password_of_the_queue_is_hidden_whatever_is_in_it() -> None:
    hide_environment({"COI_REDIS": "redis://:p@ss/w0rd@redis.internal:6379/0"})
    assert "w0rd" not in without_secrets("cannot reach redis://:p@ss/w0rd@redis.internal:6379/0")
