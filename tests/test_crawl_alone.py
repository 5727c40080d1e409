"""One crawl of a host at a time; an orphan ends by itself; a run that lost everything is no success."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from filelock import FileLock

from crawler.alone import alone
from crawler.child import main
from crawler.health import Status
from store.home import Home
from tests.local_crawl import WAR, declare, go, rows
from tests.local_site import Page

PROJECT = Path(__file__).resolve().parents[1]
CRAWL = """
import sys
from pathlib import Path
from crawler.run import crawl
from crawler.source import load_sources
from store.home import Home
home = Home(Path(sys.argv[1]))
crawl(home, [load_sources([home.declared / "sources"])["paper"]])
"""


def test_a_second_crawl_of_a_home_is_told_who_is_at_it(site, home, capsys):
    site.article("/notice", WAR)
    source = declare(home, "paper", "watch", [f"{site.url}/notice"])
    arguments = ["--home", str(home.path), "--source", "paper"]
    with alone(home, [site.host], "crawl of another"):
        assert main([*arguments, "--wait-s", "0"]) == 1
    said = capsys.readouterr().err
    assert f"process {os.getpid()}, since " in said and "crawl of another" in said and "run the same command" in said
    assert not home.database.exists()
    assert go(home, source).counts.new == 1


def test_an_orphan_ends_by_itself_and_the_same_command_works(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        declare(home, "paper", "watch", [f"http://{host}/notice"])
        environment = os.environ | {"COI_CONTACT": "tests@example.org", "COI_ALLOW_HOSTS": host}
        command = [sys.executable, "-c", CRAWL, str(home.path)]
        parent = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
        silent.settimeout(60)
        asked, _ = silent.accept()
        with asked:
            parent.send_signal(signal.SIGKILL)
            parent.wait()
            with FileLock(home.locks / f"{quote(host, safe='')}.lock").acquire(timeout=30):
                pass


def test_a_list_of_which_everything_is_lost_has_failed(site, home):
    site.feed("/feed", "/a", "/b")
    for path in ("/a", "/b"):
        site.pages[path] = Page(b"oops", status=500, headers={"Retry-After": "0"})
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    lost = go(home, source, "2026-01-01T00:00:00Z")
    assert (lost.status, lost.counts.failed) == (Status.FAILED, 2)
    assert "all 2 that were new are lost" in lost.message and "answered 500" in lost.message

    site.article("/a", WAR)
    assert go(home, source, "2026-01-02T00:00:00Z").status is Status.PARTIAL
    assert rows(home, "select status from runs order by id") == [("failed",), ("partial",)]


@pytest.mark.parametrize("media_type", ["application/rss+xml", "text/xml"])
def test_a_feed_whose_media_type_names_no_charset_is_well_formed(site, home, media_type):
    site.article("/a", WAR)
    site.feed("/feed", "/a")
    site.pages["/feed"].media_type = media_type
    found = go(home, declare(home, "paper", "feed", [f"{site.url}/feed"]))
    assert found.counts.new == 1
    assert not [problem for problem in found.problems if "well-formed" in problem.what]


def test_a_home_that_cannot_be_made_is_one_message(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["--home", str(Home(tmp_path / "file" / "home").path), "--source", "paper"]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err
