"""Whose is an answer: no document is doubled, none is overwritten with another's text, none is called gone too soon."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.health import Status
from crawler.whose import Answer, key_of, whose
from store import held as held_rows
from store import presence
from store.clock import instant
from store.db import connect
from store.held import HeldVersion
from store.home import Home
from tests.local_crawl import WAR, declare, go, rows
from tests.local_site import Page

OLD, NEW = "https://paper.example/old", "https://paper.example/new"
DAYS = [f"2026-01-{day:02}T08:00:00Z" for day in range(1, 20)]


def held(key: str = OLD, published_on: str | None = "2026-01-01") -> HeldVersion:
    return HeldVersion(document_id=1, key=key, published_on=published_on, modified_on=None, version_id=1, sha256="0",
                       extractor="html/1", seen_at="2026-01-02T00:00:00Z",
                       last_seen_at="2026-01-02T00:00:00Z", cause="first", needs_ocr=0,
                       warc_file="a", warc_offset=0)  # fmt: skip


addresses = st.sampled_from(["https://p.example/", "https://p.example/a", "https://p.example/b"])
answers = st.builds(
    Answer, asked=addresses, answered=addresses, page=addresses, permanent=st.booleans(),
    fixed=st.none() | st.just("fixed"), own_id=st.none() | st.just("own"), listed_id=st.none() | st.just("guid"),
    canonical=st.none() | addresses, published_on=st.none() | st.just("2026-02-02"),
)  # fmt: skip
documents_held = st.none() | st.builds(held, key=st.sampled_from(["guid", "https://p.example/a"]))


@given(answers, documents_held, st.booleans())
def test_text_that_shares_nothing_never_overwrites_what_was_asked_for(answer, there, shares):
    key = key_of(answer, there)
    document = held(key)
    found = whose(answer, key, document, there, shares=shares)
    if answer.redirected and (answer.leads_home or not shares):
        assert found.key in (None, answer.page) and found.absent is document and found.problem
    elif shares or there is not None or answer.fixed or answer.own_id:
        assert found.key == key and found.absent is None
    else:
        assert found.key == answer.page and found.problem


@given(answers)
def test_an_address_that_was_kept_stays_its_document_whatever_the_page_calls_itself(answer):
    there = held("kept")
    assert key_of(answer, there) == (answer.fixed or answer.own_id or "kept")


@pytest.fixture(scope="module")
def conn(tmp_path_factory):
    opened = connect(Home(tmp_path_factory.mktemp("absences")))
    card = {"title": "t", "publisher": "p", "owner": "o", "type": "media", "grade": "C", "grade_reason": "r",
            "language": "en", "shape": "feed", "declaration": "{}", "declared_at": DAYS[0]}  # fmt: skip
    opened.execute(
        f"insert into sources (id, {', '.join(card)}) values ('s', {', '.join('?' for _ in card)})", list(card.values())
    )
    yield opened
    opened.close()


@given(steps=st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=12))
def test_gone_means_absent_twice_a_day_apart_and_not_met_in_between(conn, steps):
    """Against a plain model: at so many hours later the document was met (True) or absent (False)."""
    document_id = conn.execute(
        "insert into documents (source_id, key, first_seen_at, last_seen_at) values ('s', hex(randomblob(8)), ?, ?)",
        [DAYS[0], DAYS[0]],
    ).lastrowid
    hour, since, gone = 0, None, False
    for more, met in steps:
        hour += more + 1
        at = instant(datetime.fromisoformat(DAYS[0]) + timedelta(hours=hour))
        if met:
            presence.met_again(conn, document_id, seen_at=at)
            since, gone = None, False
        else:
            presence.absent(conn, document_id, "answered 404", seen_at=at)
            since = hour if since is None else since
            gone = gone or hour - since >= presence.GONE_AFTER_HOURS
        state = conn.execute("select state from documents where id = ?", [document_id]).fetchone()["state"]
        assert (state == "gone") == gone


def watched(site, home):
    return declare(home, "page", "watch", [f"{site.url}/old"])


def state_of(home):
    return rows(home, "select key, url, state from documents order by id")


def test_what_moves_stays_one_document_and_keeps_its_versions(site, home):
    site.feed("/feed", "/old")
    site.article("/old", WAR)
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    go(home, source, DAYS[0])
    site.pages["/new"] = site.pages["/old"]
    site.pages["/old"] = Page(status=301, headers={"Location": "/new"})
    assert go(home, source, DAYS[1]).counts.new == 0
    assert state_of(home) == [("id-/old", f"{site.url}/new", "moved")]
    site.feed("/feed", "/new")  # and now the feed calls it by another guid, at the new address
    found = go(home, source, DAYS[2])
    assert (found.counts.new, found.counts.unchanged) == (0, 1)
    assert len(state_of(home)) == 1


def test_what_leads_to_a_front_page_is_absent_and_overwrites_nothing(site, home):
    site.article("/old", WAR)
    source = watched(site, home)
    go(home, source, DAYS[0])
    site.article("/", "Welcome to our new site.")
    site.pages["/old"] = Page(status=302, headers={"Location": "/"})
    for day in (DAYS[1], DAYS[2]):
        found = go(home, source, day)
        assert found.status is Status.FAILED and "too little in common" in found.message
    assert rows(home, "select count(*), max(text like '%Welcome%') from versions") == [(1, 0)]
    assert [state for _, _, state in state_of(home)] == ["gone"]
    site.article("/old", WAR)
    go(home, source, DAYS[3])
    assert [state for _, _, state in state_of(home)] == ["live"]


def test_changing_canonical_addresses_do_not_double_a_page(site, home):
    site.feed("/feed", "/a", "/b")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    site.pages["/feed"].body = site.pages["/feed"].body.replace("<guid isPermaLink='false'>id-/a</guid>", "")
    for number, day in enumerate(DAYS[:3]):
        site.article("/a", WAR, head=f"<link rel=canonical href='/a?session={number}'>")
        site.article("/b", WAR)
        go(home, source, day)
    assert rows(home, "select count(*) from documents") == [(2,)]


def test_a_guid_used_twice_costs_no_document(site, home):
    site.article("/a", "The first notice on conscripts.")
    site.article("/b", "A quite different report on deserters.")
    site.feed("/feed", "/a")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    go(home, source, DAYS[0])
    site.feed("/feed", "/b", dated="Fri, 02 Jan 2026 08:00:00 GMT")
    site.pages["/feed"].body = site.pages["/feed"].body.replace("id-/b", "id-/a")
    found = go(home, source, DAYS[2])
    assert found.counts.new == 1 and any("another document" in problem.what for problem in found.problems)
    assert rows(home, "select count(*) from versions where cause = 'edited'") == [(0,)]


def test_what_no_list_shows_any_more_is_asked_for_again(site, home):
    site.feed("/feed", "/a", "/b")
    for path in ("/a", "/b"):
        site.article(path, WAR)
    source = declare(home, "paper", "feed", [f"{site.url}/feed"], tables="recheck_days = 5")
    go(home, source, DAYS[0])
    site.feed("/feed", "/b")
    site.article("/a", WAR + " In May the ministry took this back.")
    assert go(home, source, DAYS[2]).counts.changed == 0
    assert go(home, source, DAYS[8]).counts.changed == 1
    assert rows(home, "select published_on from versions where cause = 'edited'") == [("2025-12-31",)]
    site.pages["/a"] = Page(status=404)
    for day in (DAYS[15], DAYS[16]):
        go(home, source, day)
    assert rows(home, "select state from documents where key = 'id-/a'") == [("gone",)]


def test_entries_without_an_address_are_documents_of_their_own(site, home):
    text = "Conscripts of the spring call-up were told to sign contracts by officers of unit number {}. " * 3
    source = declare(home, "paper", "feed", [f"{site.url}/feed"], tables="[feed]\narticle = false")
    for count, day in ((2, DAYS[0]), (3, DAYS[1])):
        site.feed("/feed", *[f"/{n}" for n in range(count)])
        body = site.pages["/feed"].body
        for n in range(count):
            own = text.replace("{}", str(n))
            body = body.replace(f"<link>{site.url}/{n}</link>", f"<description>{own}</description>")
        site.pages["/feed"].body = body
        go(home, source, day)
    assert rows(home, "select count(*), count(distinct document_id) from versions") == [(3, 3)]


def test_a_page_that_calls_itself_by_anothers_address_overwrites_nothing(site, home):
    declared = declare(home, "paper", "listing", [f"{site.url}/list"], tables='[listing]\nrow = "li"\nlink = "a"')
    for path, words, day in (("/a", WAR, DAYS[0]), ("/b", "Quite another matter.", DAYS[1])):
        site.pages["/list"] = Page(f"<html><body><ul><li><a href={path}>{path}</a></li></ul></body></html>")
        site.article(path, words, head="<link rel=canonical href='/section'>")
        found = go(home, declared, day)
    assert found.counts.new == 1 and any("another document" in problem.what for problem in found.problems)
    assert rows(home, "select count(*), count(distinct document_id) from versions") == [(2, 2)]


def test_what_a_run_lost_is_asked_for_again_by_the_next(site, home):
    """A window moves on only past runs that lost nothing; a page that came by hand moves nothing."""
    site.feed("/feed", "/a", "/b")
    site.article("/a", WAR)
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    seen = []
    for day in DAYS[:3]:
        go(home, source, day)
        opened = connect(home)
        seen.append(held_rows.searched_until(opened, "paper", now=DAYS[3]))
        if day == DAYS[1]:
            site.article("/b", WAR)
        ahead = held_rows.searched_until(opened, "paper", now="2020-01-01T00:00:00Z")
        opened.close()
        assert ahead is None, "rounds of a clock that ran ahead tell nothing"
    assert seen[:2] == [None, None] and seen[2] is not None and seen[2][:10] == DAYS[2][:10]


def test_pages_that_were_held_do_not_vouch_for_new_ones_that_are_lost(site, home):
    site.feed("/feed", "/a")
    site.article("/a", WAR)
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    go(home, source, DAYS[0])
    site.feed("/feed", "/a", "/x", "/y")
    for path in ("/x", "/y"):
        site.pages[path] = Page(status=403)
    found = go(home, source, DAYS[1])
    assert found.status is Status.FAILED and "answered 403" in found.message


def test_a_cache_that_always_says_not_modified_hides_an_edit_for_90_days_at_most(site, home):
    site.feed("/feed", "/a")
    site.article("/a", WAR)
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    go(home, source, "2026-01-01T08:00:00Z")
    site.article("/a", WAR + " Corrected: three of them were reservists.", stuck=True)
    changed = [go(home, source, day).counts.changed for day in ("2026-03-01T08:00:00Z", "2026-04-02T08:00:00Z")]
    assert changed == [0, 1] and site.statuses("/a") == [200, 304, 200]


def test_a_304_that_nobody_asked_for_is_an_error(site, home):
    site.article("/old", WAR, etag=False)
    source = watched(site, home)
    go(home, source, DAYS[0])
    site.pages["/old"] = Page(status=304, etag=False)
    assert go(home, source, DAYS[1]).status is Status.FAILED


def test_a_list_that_rolled_on_while_nobody_looked_is_a_named_gap(site, home):
    site.feed("/feed", "/a")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"])
    site.article("/a", WAR)
    go(home, source, DAYS[0])
    site.feed("/feed", "/x", "/y")
    for path in ("/x", "/y"):
        site.article(path, WAR)
    found = go(home, source, DAYS[3])
    assert found.status is Status.PARTIAL and "may be missing" in found.message
    assert found.counts.new == 2


def test_a_link_is_kept_without_text_where_the_terms_allow_no_more(site, home):
    site.feed("/feed", "/a")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"], tables='keep = "metadata"')
    found = go(home, source, DAYS[0])
    assert (found.counts.new, [path for path, _, _ in site.asked if path == "/a"]) == (1, [])
    assert rows(home, "select title, url, published_on from documents") == [("/a", f"{site.url}/a", "2025-12-31")]
    assert rows(home, "select count(*) from passages") == [(0,)]
    assert go(home, source, DAYS[1]).counts.unchanged == 1


def test_a_budget_is_kept_and_the_next_run_goes_on(site, home):
    paths = [f"/p{n}" for n in range(6)]
    for path in paths:
        site.article(path, WAR)
    site.feed("/feed", *paths)
    source = declare(home, "paper", "feed", [f"{site.url}/feed"], tables="[budget]\nrequests = 5")
    first, second = go(home, source, DAYS[0]), go(home, source, DAYS[1])
    assert "budget of 5 requests" in first.message and first.counts.new < 6
    assert first.counts.new + second.counts.new == 6
