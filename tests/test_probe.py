"""coi sources check looks and keeps nothing; coi capture saves what it saw; both say it in words."""

import json

from click.testing import CliRunner

from coi import cli
from tests.local_crawl import WAR, declare, rows
from tests.local_site import Page


def command(home, *words):
    return CliRunner().invoke(cli, words, env={"COI_HOME": str(home.path)}, catch_exceptions=False)


def test_a_probe_shows_what_it_saw_and_keeps_nothing(site, home):
    site.feed("/feed", "/a", "/b", "/c")
    for path in ("/a", "/b", "/c"):
        site.article(path, WAR)
    declare(home, "paper", "feed", [f"{site.url}/feed"])
    said = command(home, "sources", "check", "paper")
    assert said.exit_code == 0, said.output
    assert "3 rows" in said.output and "2025-12-31  /a" in said.output and "Title of /a" in said.output
    assert "verified_on" in said.output
    assert [path for path, status, _ in site.asked if path in ("/a", "/b", "/c")] == ["/a"]
    assert rows(home, "select count(*) from documents union all select count(*) from runs") == [(0,), (0,)]

    site.pages["/feed"] = Page("<html><body>Maintenance.</body></html>")
    said = command(home, "sources", "check", "paper")
    assert said.exit_code == 1 and f"{site.url}/feed: 38 bytes where a feed was promised" in said.output


def test_capture_makes_a_case_and_shows_the_difference_when_the_site_changes(site, home, tmp_path):
    site.feed("/feed", "/a")
    site.article("/a", WAR)
    declare(home, "paper", "feed", [f"{site.url}/feed"])
    case = tmp_path / "case"
    assert command(home, "capture", "paper", "--to", str(case)).exit_code == 0
    assert sorted(path.name for path in case.iterdir()) == ["article.html", "expected.json", "page.xml"]
    assert json.loads((case / "expected.json").read_text())["entries"][0]["key"] == "id-/a"
    assert WAR in (case / "article.html").read_text()

    site.feed("/feed", "/b")
    site.article("/b", WAR)
    said = command(home, "capture", "paper", "--to", str(case)).output
    assert '-  "key": "id-/a"' in said and '+  "key": "id-/b"' in said
    assert json.loads((case / "expected.json").read_text())["entries"][0]["key"] == "id-/a"
