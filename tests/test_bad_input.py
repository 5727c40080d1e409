"""What the world sends now and then: the cost is bounded, the message is clear, nothing is lost."""

import gzip
import io
import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from crawler.health import Status
from crawler.source import load_sources
from review import wellsprings, work
from review.method.model import Basis
from review.plugin import compare
from store import tags
from store.db import connect, writing
from store.home import Home
from store.tags import TagDecision
from tests.local_crawl import T1, T2, T3, WAR, declare, go, rows
from tests.local_site import Page, Site

ROWS = '[listing]\nrow = "li"\nlink = "a"\nnext = "a[rel=next]"\n'


def listed(*paths: str, more: str = "", date_of: str = "") -> Page:
    rows = "".join(f"<li><a href='{path}'>Report {path}</a> {date_of}</li>" for path in paths)
    following = f"<a rel=next href='{more}'>more</a>" if more else ""
    return Page(f"<html><body><ul>{rows}</ul>{following}</body></html>")


def spent_s() -> float:
    """Seconds of CPU that this process's children have used; a busy machine does not change them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lists_asked(site: Site) -> int:
    return sum(path.startswith("/list") for path, _, _ in site.asked)


def test_a_list_whose_pages_lead_in_a_circle_is_walked_once(site: Site, home: Home) -> None:
    for path in ("/a", "/b"):
        site.article(path, WAR)
    site.pages["/list"], site.pages["/list?p=2"] = listed("/a", more="/list?p=2"), listed("/b", more="/list")
    found = go(home, declare(home, "circle", "listing", [f"{site.url}/list"], ROWS))
    assert (found.status, found.counts.new, lists_asked(site)) == (Status.PARTIAL, 2, 2)
    assert any("the list goes in circles" in problem.what for problem in found.problems)


def test_a_list_without_an_end_is_walked_as_far_as_its_source_allows(site: Site, home: Home) -> None:
    for number in range(1, 60):
        site.article(f"/a{number}", WAR)
        site.pages[f"/list?p={number}"] = listed(f"/a{number}", more=f"/list?p={number + 1}")
    table = ROWS + "max_pages = 4\nnewest_first = false\n"
    found = go(home, declare(home, "endless", "listing", [f"{site.url}/list?p=1"], table))
    assert (found.status, found.counts.new, lists_asked(site)) == (Status.PARTIAL, 4, 4)
    assert any("the last that max_pages allows" in p.what and "raise max_pages" in p.remedy for p in found.problems)


def test_redirects_in_a_circle_end_after_five(site: Site, home: Home) -> None:
    site.pages["/feed"] = Page(status=302, headers={"Location": "/feed2"})
    site.pages["/feed2"] = Page(status=302, headers={"Location": "/feed"})
    found = go(home, declare(home, "circle", "feed", [f"{site.url}/feed"]))
    assert found.status is Status.FAILED and "redirect" in found.message, found.message
    assert len([path for path, _, _ in site.asked if path.startswith("/feed")]) <= 6


def test_a_feed_of_thousands_costs_a_run_no_more_than_its_budget(site: Site, home: Home) -> None:
    paths = [f"/p{number}" for number in range(3_000)]
    site.feed("/feed", *paths)
    for path in paths[:60]:
        site.article(path, WAR)
    source = declare(home, "long", "feed", [f"{site.url}/feed"], "[budget]\nrequests = 22\n")
    first = go(home, source, T1)
    assert (first.status, first.counts.rows, first.counts.new) == (Status.PARTIAL, 3_000, 20), first
    assert "budget of 22 requests is used up" in first.message and "left for the next run" in first.message
    assert len(site.asked) == 22
    assert go(home, source, T2).counts.new >= 20, "the next run goes on where this one stopped"
    assert rows(home, "select count(*), count(distinct key) from documents")[0][0] >= 40


def test_a_list_that_unpacks_without_end_is_cut_off(site: Site, home: Home) -> None:
    bomb = gzip.compress(bytes(300 * 1024 * 1024), 9)
    site.pages["/feed"] = Page(bomb, "application/rss+xml", headers={"Content-Encoding": "gzip"}, etag=False)
    began_s = spent_s()
    found = go(home, declare(home, "bomb", "feed", [f"{site.url}/feed"]))
    took_s = spent_s() - began_s
    assert found.status is Status.FAILED
    assert "/feed" in found.message and ("larger" in found.message or "exceeded" in found.message), found.message
    assert rows(home, "select coalesce(max(bytes), 0) from captures where url like '%/feed'")[0][0] < len(bomb) + 1
    print(f"300 MB in {len(bomb)} bytes: {took_s:.1f} s of CPU")
    assert took_s < 15


@contextmanager
def dripping() -> Iterator[tuple[str, threading.Event]]:
    """A server that sends a byte of a feed now and then, for ever. The event says that somebody hung up on it."""
    hung_up, stop = threading.Event(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)

    def serve(caller: socket.socket) -> None:
        with caller:
            asked = caller.recv(65536)
            if b"/robots.txt" in asked:
                caller.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            try:
                caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<?xml version='1.0'?>")
                while not stop.wait(0.05):
                    caller.sendall(b" ")
            except OSError:
                hung_up.set()

    def accept() -> None:
        while not stop.is_set():
            try:
                caller, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=serve, args=(caller,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", hung_up
    finally:
        stop.set()
        thread.join()
        listener.close()


def test_a_server_that_drips_is_hung_up_on(home: Home) -> None:
    with dripping() as (host, hung_up):
        declare(home, "drip", "feed", [f"http://{host}/feed"])
        command = [sys.executable, "-m", "tests.day", "crawl", "--home", str(home.path), "--source", "drip", "--slot",
                   "s", "--now", T1, "--local-delay-s", "0", "--json"]  # fmt: skip
        environment = os.environ | {"COI_CONTACT": "tests@example.org", "COI_ALLOW_HOSTS": host}
        said = subprocess.run(command, cwd=Path(__file__).parents[1], env=environment, check=True, capture_output=True,
                              text=True, timeout=60).stdout  # fmt: skip
        results = [heard for line in said.splitlines() if (heard := json.loads(line))["event"] == "result"]
        assert hung_up.wait(5)
    [result] = results
    assert result["status"] == Status.FAILED
    assert "took longer than 1.5 seconds" in result["message"] and "the next run tries again" in result["message"]


def test_a_cookie_wall_in_the_place_of_an_article_is_not_kept(site: Site, home: Home) -> None:
    site.article("/a", WAR)
    wall = "We and our 842 partners store and access information on your device, such as cookies, and process data."
    site.pages["/b"] = Page(
        f"<html><head><title>Paper</title></head><body><div><h1>We value your privacy</h1><p>{wall}</p>"
        "<p>You can change your mind at any time in our privacy policy.</p><button>Accept all</button>"
        "<button>Manage options</button></div></body></html>"
    )
    site.feed("/feed", "/a", "/b")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    found = go(home, source)
    assert (found.status, found.counts.new, found.counts.failed) == (Status.PARTIAL, 1, 1)
    assert any("consent wall" in p.what and p.url.endswith("/b") and p.lost for p in found.problems)
    assert rows(home, "select count(*) from captures where url like '%/b'") == [(1,)], "what came is kept as it came"
    site.article("/b", WAR)
    assert go(home, source, T2).counts.new == 1, "and the article as soon as it comes"


def test_a_list_whose_dates_vanish_fails_and_renews_nothing(site: Site, home: Home) -> None:
    paths = ("/a", "/b", "/c")
    for path in paths:
        site.article(path, WAR)
    source = declare(home, "dated", "listing", [f"{site.url}/list"], ROWS.replace("next =", 'date = "time"\nnext ='))
    file = home.declared / "sources" / "dated.toml"
    file.write_text(file.read_text() + "fill = { published = 0.9 }\n")
    source = load_sources([file.parent])["dated"]
    site.pages["/list"] = listed(*paths, date_of="<time datetime='2025-12-01'>1 December</time>")
    assert go(home, source, T1).status is Status.OK
    site.pages["/list"] = listed(*paths)
    found = go(home, source, T2)
    assert found.status is Status.FAILED
    assert "0 of 3 rows have a date, at least 90% expected" in found.message
    assert rows(home, "select published_on, count(*) from versions group by 1") == [("2025-12-01", 3)]
    assert rows(home, "select before, after from source_events order by id") == [("never_run", "ok"), ("ok", "suspect")]


def report() -> bytes:
    """A report of some length as PDF."""
    text = [
        f"In district {name} the draft office called up {number} men in the spring of 2025, and {number // 7} of them "
        f"were sent to the border within a month although the law gives them four; a lawyer of the district said that "
        f"complaint {number * 3} was answered after {number // 2} days, and the court of {name} let the order stand."
        for number, name in ((40, "Alder"), (61, "Birch"), (83, "Cedar"), (97, "Dogwood"), (112, "Elm"), (130, "Fir"))
    ]
    made = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(made, title="Report on the call-up", invariant=1).build([Paragraph(part, style) for part in text])
    return made.getvalue()


def test_one_pdf_of_two_sources_is_one_content_two_documents_one_origin(site: Site, home: Home) -> None:
    for path in ("/ministry.pdf", "/library.pdf"):
        site.pages[path] = Page(report(), "application/pdf")
        site.pages[path.replace("pdf", "html")] = listed(path, date_of="<time datetime='2025-12-01'>then</time>")
    for name, now in (("ministry", T1), ("library", T2)):
        declare(home, name, "listing", [f"{site.url}/{name}.html"], ROWS.replace("next =", 'date = "time"\nnext ='))
        file = home.declared / "sources" / f"{name}.toml"
        file.write_text(file.read_text().replace('"Test"', f'"The {name}"').replace('"test"', f'"{name}"', 1))
        assert go(home, load_sources([file.parent])[name], now).counts.new == 1
    one, two = rows(home, "select id, sha256, refers_to from captures where url like '%.pdf' order by id")
    assert (two[1], two[2]) == (one[1], one[0]), "the second capture refers to the bytes of the first"
    assert sum(b"%PDF" in path.read_bytes() for path in home.archive.glob("*.warc")) <= 1
    assert rows(home, "select source_id from documents order by id") == [("ministry",), ("library",)]

    work.tag_and_propose(home, say=lambda words: None)
    conn = connect(home)
    try:
        found = wellsprings.origins_of(conn, date(2026, 1, 3), Basis.PUBLIC)
        passages = conn.execute(
            "select document_id, id as passage_id, 0 as start, length(text) as end from passages"
        ).fetchall()
        assert {row["document_id"] for row in passages} == {1, 2}
        springs = {found.of(row).key for row in passages}
    finally:
        conn.close()
    assert len(springs) == 1, springs


FIRST = "Conscripts of the spring call-up serve twelve months, the ministry of defence said in its yearly statement."
SECOND = "Deserters are prosecuted under article 338 of the criminal code, and the courts have given suspended terms."
THIRD = "A person who has been called up may ask for alternative service until ten days before the session."


def notice(site: Site, *paragraphs: str) -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    site.pages["/notice"] = Page(f"<html lang=en><head><title>Notice</title></head><body><main><h1>Notice</h1>{body}"
                                 "</main></body></html>")  # fmt: skip


def test_three_editions_are_one_document_and_a_decision_stays_with_its_passage(site: Site, home: Home) -> None:
    source = declare(home, "notice", "watch", [f"{site.url}/notice"])
    second = SECOND.replace("suspended terms", "prison terms of up to three years")
    notice(site, FIRST, SECOND, THIRD)
    assert go(home, source, T1).counts.new == 1
    passage = {text: number for number, text in rows(home, "select id, text from passages")}
    conn = connect(home)
    with writing(conn):
        for text, value in ((FIRST, "conscripts"), (SECOND, "deserters")):
            tags.decide(conn, TagDecision(passage_id=passage[text], kind="group", value=value, decision="add",
                                          actor="anna", decided_at=T1, reason="named in the text"))  # fmt: skip
    conn.close()
    notice(site, FIRST, second, THIRD)
    assert go(home, source, T2).counts.changed == 1
    notice(site, FIRST, second, "Alternative service lasts twenty-one months.", THIRD)
    assert go(home, source, T3).counts.changed == 1

    assert rows(home, "select count(*) from documents") == [(1,)]
    editions = [number for (number,) in rows(home, "select id from versions order by seen_at")]
    texts = [
        rows(home, """select p.id, p.text from version_passages vp join passages p on p.id = vp.passage_id
                      where vp.version_id = ? order by vp.position""", number)
        for number in editions
    ]  # fmt: skip
    assert len(editions) == 3
    changed = [line for line in compare.lines(texts[0], texts[1]) if line.kind != "same"]
    assert [(line.kind, line.text) for line in changed] == [("rewritten", second)]
    assert [words for act, words in changed[0].words if act == "removed"] == ["suspended", "terms."]
    assert [words for act, words in changed[0].words if act == "added"] == ["prison", "terms of up to three years."]
    added = [line for line in compare.lines(texts[1], texts[2]) if line.kind != "same"]
    assert [(line.kind, line.text) for line in added] == [("added", "Alternative service lasts twenty-one months.")]

    held = "select value, decision, actor from tag_decisions d join {} p on p.{} = d.passage_id"
    assert rows(home, held.format("current_passages", "id")) == [("conscripts", "add", "anna")]
    assert rows(home, held.format("withdrawn_passages", "passage_id")) == [("deserters", "add", "anna")]
    assert rows(home, "select value from current_tags where passage_id = ?", passage[FIRST]) == [("conscripts",)]


def test_what_breaks_off_counts_toward_the_budget(site: Site, home: Home) -> None:
    torn = b"f4240\r\n" + b"<p>conscripts</p>" * 40_000  # 680 kB of a chunk of 1 MB, then the server hangs up
    site.pages["/a"] = Page(torn, etag=False, headers={"Transfer-Encoding": "chunked", "Connection": "close"})
    site.feed("/feed", "/a")
    found = go(home, declare(home, "torn", "feed", [f"{site.url}/feed"], "[budget]\nmegabytes = 1\n"))
    assert len(site.statuses("/a")) == 2  # and no third time
    assert "budget of 1 MB is used up" in found.message
