"""What no list shows any more: each document hears its own fate, and what refuses holds up no other."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.health import Status
from store.clock import instant
from tests.local_crawl import WAR, declare, go, rows
from tests.local_site import Page

pytestmark = pytest.mark.alone


def on(day: int) -> str:
    return instant(datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(days=day))


def forgotten(site, home, count: int):
    """A source that has collected so many pages which its feed shows no more; they are asked for after two days."""
    paths = [f"/p{number:02}" for number in range(count)]
    for path in (*paths, "/z"):
        site.article(path, WAR)
    site.feed("/feed", *paths, "/z")
    source = declare(home, "paper", "feed", [f"{site.url}/feed"], tables="recheck_days = 2")
    assert go(home, source, on(0)).counts.new == count + 1
    site.feed("/feed", "/z")
    return source, paths


@pytest.mark.parametrize(("target", "status"), [("/error", 404), ("/", 200)])
def test_what_leads_to_one_error_or_front_page_goes_all_together(site, home, target, status):
    source, paths = forgotten(site, home, 4)
    site.article(target, "Nothing of what you looked for is here.", status=status)
    for path in paths:
        site.pages[path] = Page(status=302, headers={"Location": target})
    found = [go(home, source, on(day)).counts.gone for day in (3, 4)]
    assert found == [0, 4]


def test_a_circle_ends_and_an_attachment_of_many_pages_is_fetched_once(site, home):
    for path in ("/a", "/b", "/c"):
        site.article(path, "<a class=file href='/report.html'>the report</a>")
    site.article("/report.html", WAR)
    site.pages["/left"] = Page(status=302, headers={"Location": "/right"})
    site.pages["/right"] = Page(status=302, headers={"Location": "/left"})
    site.feed("/feed", "/a", "/b", "/c", "/left")
    tables = "[feed]\nattachments = 'a.file'"
    result = go(home, declare(home, "paper", "feed", [f"{site.url}/feed"], tables))
    assert len(site.statuses("/report.html")) == 1
    assert 1 < len(site.statuses("/left")) + len(site.statuses("/right")) <= 6
    assert (result.status, result.counts.failed) == (Status.PARTIAL, 1)
    assert [one for one in result.problems if "redirections" in one.what]


def test_twenty_pages_that_refuse_hold_up_no_other(site, home):
    source, paths = forgotten(site, home, 24)
    for number, path in enumerate(paths):
        site.pages[path] = Page("no", status=403 if number < 20 else 404)
    for day in (3, 4, 5, 6):
        go(home, source, on(day))
    assert rows(home, "select count(*) from documents where state = 'gone'") == [(4,)]
    assert len(site.statuses(paths[0])) > 2, "what refuses is asked for again"
    assert rows(home, "select count(*) from documents where asked_at is null") == [(1,)]


def test_what_the_budget_left_unasked_is_asked_first_next_time(site, home):
    source, paths = forgotten(site, home, 4)
    tables = "recheck_days = 2\n[budget]\nrequests = 4"
    source = declare(home, "paper", "feed", [f"{site.url}/feed"], tables)
    go(home, source, on(3))
    asked = {path for path in paths if len(site.statuses(path)) > 1}
    assert 0 < len(asked) < 4
    go(home, source, on(4))
    assert {path for path in paths if len(site.statuses(path)) > 1} > asked
