"""The attacks that are cheap enough for every run of the tests, and a short walk of any request to any route.

`make attacks` tries all of them (tests/attacks).
"""

import asyncio
from pathlib import Path

import pytest

from crawler.read import authorship, feed
from crawler.read.model import ReadError
from review.plugin import limits
from tests.attacks import addresses, cheap, clock, door, filenames, forms, inside, letters, rebinding, score, web
from tests.attacks.families import _visitors
from tests.site_people import World


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("family", [addresses.notations, addresses.requests])
def test_no_notation_leads_into_our_own_network(family):
    found = score(family())
    assert (found.through, found.tried > 60) == ([], True)


def test_a_crawl_of_a_site_that_leads_inside_asks_nothing_there(tmp_path):
    found = score(inside.crawls(tmp_path))
    assert (found.through, found.tried > 40) == ([], True)


def test_a_name_that_changes_its_address_leads_nobody_inside(tmp_path):
    found = score(rebinding.names(tmp_path, "public, then the inside at the next run"))
    if found.left_out:
        pytest.skip(found.left_out[0])
    assert (found.through, found.tried) == ([], 1)


def test_no_text_of_the_world_adds_a_header_to_a_mail(tmp_path):
    found = score(one for number, one in enumerate(letters.mails(tmp_path)) if number < 504 or number % 12 == 0)
    assert (found.through, found.tried > 400) == ([], True)


def test_no_name_of_a_file_steers_the_terminal_or_is_a_path(tmp_path):
    found = score(one for number, one in enumerate(filenames.members(tmp_path)) if number % 7 == 0)
    assert (found.through, found.tried > 40) == ([], True)


def test_a_file_that_came_with_a_mail_is_added_under_any_name(world, tmp_path):
    reader = _visitors(world, "reader")["reader"]
    found = score(one for number, one in enumerate(filenames.saved(tmp_path, reader, world.home)) if number % 17 == 0)
    assert (found.through, found.tried > 9) == ([], True)


@pytest.mark.parametrize("kind", ["leads", "host", "raced", "guessed"])
def test_the_door_holds(world, kind):
    root = _visitors(world, "operator")["operator"]
    trials = [(name, one) for name, one in door.attacks(world, root) if one.func.__name__ == f"_{kind}"]
    found = score(trials)
    world.closed.counter.limits = limits.Limits()  # who was guessed need not wait in the tests that follow
    assert (found.through, found.tried > 2) == ([], True)


def test_no_form_of_another_site_is_taken(world):
    known = _visitors(world, "approver", "researcher")
    found = score(forms.across(world, known["approver"], known["researcher"]))
    assert (found.through, found.tried > 300) == ([], True)


def test_any_request_to_any_route_is_borne(world):
    from tests.attacks.queries import dump

    root = _visitors(world, "root")["root"]
    asked = [wish for wish in web.drawn(120) if not wish.path.startswith((b"/pack", b"/brief"))]  # those: make attacks
    before = dump(world)
    reading = [web.judge(world, root, wish) for wish in asked if wish.method != "POST"]
    assert list(filter(None, reading)) == []
    assert dump(world) == before, "a row was written by reading"
    sending = [web.judge(world, root, wish) for wish in asked if wish.method == "POST"]
    assert list(filter(None, sending)) == []


@pytest.mark.parametrize("query", [b"_json_infinity=maybe", b"_timelimit=soon", b"_ttl=x"])
def test_a_setting_that_cannot_be_is_400(world, query):
    operator = _visitors(world, "operator")["operator"]
    wish = web.Wish("GET", b"/coi.json", b"sql=select+1&" + query, b"", "")
    status, _, body = asyncio.run(web.send(world, operator, wish))
    assert status == 400 or query.startswith(b"_ttl")
    assert status != 400 or b"write a number" in body


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><item>" + b"<!--" * 20_000,
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><item>" + b"<![CDATA[" * 20_000,
        b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a" + b" " * 20_000 + b"<rss version='2.0'>",
    ],
    ids=["comments", "sections", "entity"],
)
def test_what_begins_and_never_ends_costs_a_feed_nothing(body):
    assert cheap(lambda: feed.read_feed(body, "https://a.example/"), within_s=3, errors=(ReadError,))() == ""


def test_a_name_of_forty_parts_is_told_at_once():
    began = clock()
    assert authorship._NAME.match("Anna" + " van" * 40 + " !") is None
    assert authorship._NAME.match("Anna van der Berg & Ben de Vries")
    assert clock() - began < 1


def test_the_reader_of_papers_gets_no_secret(monkeypatch):
    from crawler.read import pdf_process

    monkeypatch.setenv("COI_SMTP_PASSWORD", "hunter2-hunter2")
    child = pdf_process._Child()
    try:
        assert b"hunter2" not in Path(f"/proc/{child.process.pid}/environ").read_bytes()
    finally:
        child.end()
