"""Crawls of a real local site: capture, revalidate, notice an edit, replay, refuse, and say what went wrong."""

import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.health import Status
from crawler.run import crawl
from crawler.spiders.sru import search_url
from store.home import Home
from tests.local_crawl import T1, T2, T3, WAR, declare, go, rows, second_home
from tests.local_site import Page, Site


def test_captured_revalidated_edited_and_replayed(site: Site, home: Home) -> None:
    for path in ("/a", "/b"):
        site.article(path, WAR)
    site.feed("/feed", "/a", "/b")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])

    first = go(home, source, T1)
    assert (first.status, first.counts.new, first.counts.rows) == (Status.OK, 2, 2), first
    again = go(home, source, T2)
    assert (again.status, again.counts.new, again.counts.unchanged) == (Status.OK, 0, 2), again
    assert site.statuses("/a") == [200, 304]
    assert rows(home, "select count(*) from captures where refers_to is not null") == [(3,)]

    site.article("/a", f"{WAR} A correction was added later to this report by its editors.")
    edited = go(home, source, T3)
    assert (edited.counts.changed, edited.counts.unchanged) == (1, 1)
    assert rows(home, "select key, count(*) from versions v join documents d on d.id = document_id group by key") == [
        ("id-/a", 2),
        ("id-/b", 1),
    ]
    twice = """select passage_id from version_passages join versions v on v.id = version_id
      join documents d on d.id = document_id where key = 'id-/a' group by passage_id having count(*) = 2"""
    kept = rows(home, twice)
    assert kept, "passages that the edit left alone keep their identity"
    assert "coi-tracker" in site.asked[0][2]["User-Agent"]
    assert "tests@example.org" in site.asked[0][2]["User-Agent"]

    files = sorted(home.archive.glob("*.warc.gz"))
    for path in files:
        subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(path)], check=True, capture_output=True)
    copy = second_home(home)
    asked = len(site.asked)
    replayed = crawl(copy, [source], archives=files)
    assert [(r.status, r.counts.new, r.counts.changed, r.counts.unchanged) for r in replayed] == [
        (Status.OK, 2, 0, 0),
        (Status.OK, 0, 0, 2),
        (Status.OK, 0, 1, 1),
    ], replayed
    assert len(site.asked) == asked, "a replay asks nobody"
    same = """select key, v.seen_at, text_sha256, cause, v.published_on
      from versions v join documents d on d.id = document_id order by 1, 2"""
    assert rows(copy, same) == rows(home, same)
    assert [r.status for r in crawl(copy, [source], archives=files)] == [Status.SKIPPED] * 3
    assert rows(copy, "select count(*) from captures") == rows(
        home, "select count(*) from captures where url not like '%robots.txt' or 1"
    )


def test_one_bad_page_costs_no_other(site: Site, home: Home) -> None:
    bad = {
        "/empty": Page(b""),
        "/server-error": Page(b"oops", status=500, headers={"Retry-After": "0"}),
        "/pretends": Page(b"%PDF-1.4 broken", "text/html"),
        "/private": Page(status=302, headers={"Location": "http://10.0.0.1/secret"}),
        "/odd": Page(status=302, headers={"Location": "http://2130706433/secret"}),
        "/circle": Page(status=302, headers={"Location": "/circle"}),
        "/bomb": Page(gzip.compress(bytes(60 * 1024 * 1024)), headers={"Content-Encoding": "gzip"}),
        "/busy": Page(b"later", status=503, headers={"Retry-After": "3600"}),
        "/missing": Page(b"", status=404),
    }
    site.pages |= bad
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /forbidden\n", "text/plain")
    for path in ("/good", "/forbidden"):
        site.article(path, WAR)
    site.article("/undated", WAR)
    site.article("/elsewhere", WAR, head='<link rel=canonical href="https://other.example/x">')
    for path in ("/twin", "/twin2"):
        site.article(path, WAR, head='<link rel=canonical href="/one-address">')
    names = [*bad, "/good", "/forbidden", "/undated", "/elsewhere", "/twin", "/twin2"]
    listed = "".join(f"<li><a href='{name}'>x{name}</a></li>" for name in names)
    site.pages["/list"] = Page(f"<html><body><ul>{listed}</ul><a rel=next href='/list'>more</a></body></html>")
    source = declare(home, "hard", "listing", [f"{site.url}/list"],
                     '[listing]\nrow = "li"\nlink = "a"\nnext = "a[rel=next]"')  # fmt: skip

    result = go(home, source)

    assert result.status is Status.PARTIAL, result
    assert {key for (key,) in rows(home, "select key from documents")} == {
        f"{site.url}{path}" for path in ("/good", "/undated", "/elsewhere", "/one-address")
    }
    said = {problem.url.removeprefix(site.url): problem.what for problem in result.problems}
    assert set(bad) - {"/private", "/odd"} <= set(said)
    assert "/forbidden" in said and "robots.txt" in said["/forbidden"]
    assert "not a public address" in said["http://10.0.0.1/secret"]
    assert "odd notation" in said["http://2130706433/secret"]
    assert "come back in 3600 s" in said["/busy"]
    assert "other.example" in said["/elsewhere"] or "no date" in said["/elsewhere"]
    assert any("on another host" in problem.what for problem in result.problems)
    assert any("only the first was kept" in problem.what for problem in result.problems)
    assert any("no date found" in problem.what for problem in result.problems)
    assert site.statuses("/server-error") == [500, 500, 500]
    assert rows(home, "select count(*) from captures where status = 500") == [(3,)], "errors are kept too"
    assert site.statuses("/forbidden") == []
    assert all(problem.remedy for problem in result.problems)
    assert rows(home, "select count(*) from run_problems") == [(len(result.problems),)]


def test_an_error_is_never_papered_over_with_the_last_success(site: Site, home: Home) -> None:
    site.article("/notice", WAR)
    source = declare(home, "notice", "watch", [f"{site.url}/notice"])
    assert go(home, source, T1).counts.new == 1
    site.pages["/notice"] = Page("<html><body>Internal error</body></html>", status=500, headers={"Retry-After": "0"})

    broken = go(home, source, T2)

    assert broken.status is Status.FAILED
    assert f"{site.url}/notice" in broken.message and "answered 500" in broken.message
    assert rows(home, "select count(*) from versions") == [(1,)]
    assert rows(home, "select status from runs order by id") == [("partial",), ("failed",)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><body>The site is being maintained.</body></html>", "HTML"),
        ("hello world", "11 bytes"),
        (
            "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title></channel></rss>",
            "0 rows found, at least 1",
        ),
    ],
)
def test_a_feed_that_is_none_fails_the_run(site: Site, home: Home, body: str, words: str) -> None:
    site.pages["/feed"] = Page(body, "application/rss+xml; charset=utf-8")
    result = go(home, declare(home, "feed", "feed", [f"{site.url}/feed"]))
    assert result.status is Status.FAILED
    assert words in result.message


def test_a_diagnostic_inside_a_success_fails_the_run(site: Site, home: Home) -> None:
    answer = """<?xml version="1.0"?><searchRetrieveResponse xmlns="http://docs.oasis-open.org/ns/search-ws/sruResponse">
      <version>2.0</version><numberOfRecords>0</numberOfRecords><diagnostics>
      <diagnostic xmlns="http://docs.oasis-open.org/ns/search-ws/diagnostic"><uri>info:srw/diagnostic/1/10</uri>
      <message>Query syntax error</message></diagnostic></diagnostics></searchRetrieveResponse>"""
    source = declare(home, "gazette", "sru", [f"{site.url}/sru"],
                     '[sru]\nquery = "dt.available>={since}"\nfirst_day = 2022-01-01')  # fmt: skip
    assert source.sru is not None
    path = search_url("/sru", source.sru, since="2022-01-01")
    site.pages[path] = Page(answer, "application/xml")
    result = go(home, source)
    assert result.status is Status.FAILED
    assert "info:srw/diagnostic/1/10" in result.message


def test_a_stopped_run_says_so_and_the_same_slot_takes_it_up(site: Site, home: Home) -> None:
    paths = [f"/p{n}" for n in range(40)]
    for path in paths:
        site.article(path, WAR)
    site.feed("/feed", *paths)
    source = declare(home, "long", "feed", [f"{site.url}/feed"])
    for now, number in (("2026-01-01T00:00:00Z", signal.SIGTERM), ("2026-01-01T01:00:00Z", signal.SIGKILL)):
        asked = len(site.asked)
        command = [sys.executable, "-m", "crawler", "--home", str(home.path), "--source", "long", "--slot", "s",
                   "--now", now, "--local-delay-s", "0.05", "--json"]  # fmt: skip
        child = subprocess.Popen(
            command, cwd=Path(__file__).parents[1], env=dict(os.environ), stdout=subprocess.DEVNULL
        )
        site.wait_until_asked(asked + (8 if number == signal.SIGTERM else 2))
        child.send_signal(number)
        child.wait(timeout=60)
        assert rows(home, "select status from runs") == [("interrupted" if number == signal.SIGTERM else "running",)]
    finished = go(home, source, "2026-01-01T02:00:00Z", slot="s")
    assert finished.status is Status.OK, finished
    assert rows(home, "select count(*), count(distinct document_id) from versions") == [(40, 40)]
    assert rows(home, "select status from runs") == [("ok",)]
    assert list(home.archive.glob("*.open")) == []


def test_without_a_contact_nobody_is_asked(site: Site, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COI_CONTACT", "")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    with pytest.raises(ValueError, match="COI_CONTACT"):
        go(home, source)
    assert site.asked == []
