"""Tagging beside a crawl gives the tags that tagging after it gives, and what goes wrong in it costs nothing."""

import threading
from collections.abc import Sequence
from pathlib import Path

from review import steps
from review.alongside import tagging
from review.tagging import Tagger, Tags, ToTag
from store.clock import utc_now
from store.db import connect
from store.home import Home
from tests.conftest import new_home
from tests.local_crawl import T1, WAR, declare, go, rows
from tests.local_site import Site

MENTIONS = """select d.key, p.text, m.kind, m.value, m.start, m.end, m.rule from mentions m
  join passages p on p.id = m.passage_id join documents d on d.id = p.document_id order by 1, 2, 3, 4, 5"""


class Telling(Tagger):
    """Says when it has begun to tag."""

    def __init__(self) -> None:
        super().__init__(learned=False)
        self.begun = threading.Event()

    def tag_all(self, passages: Sequence[ToTag]) -> list[Tags]:
        self.begun.set()
        return super().tag_all(passages)


def crawled(site: Site, home: Home) -> None:
    for path in ("/a", "/b"):
        site.article(path, WAR)
    site.feed("/feed", "/a", "/b")
    assert go(home, declare(home, "paper", "feed", [f"{site.url}/feed"]), T1).counts.new == 2


def test_the_tags_are_those_of_tagging_afterwards(site: Site, home: Home, tmp_path: Path) -> None:
    by = Telling()
    with tagging(home, by):
        crawled(site, home)
        assert by.begun.wait(60), "nothing was tagged before the crawl was over"
    other = new_home(tmp_path / "other")
    crawled(site, other)
    steps.tag_new(connect(other), by, at=utc_now())
    steps.tag_new(connect(home), by, at=utc_now())  # what was left at the end
    assert rows(home, MENTIONS) == rows(other, MENTIONS) != []


def test_a_fault_in_it_is_left_to_the_step_after(site: Site, home: Home) -> None:
    class Broken(Telling):
        def tag_all(self, passages: Sequence[ToTag]) -> list[Tags]:
            super().tag_all(passages)
            raise RuntimeError("broken")

    by = Broken()
    with tagging(home, by):
        crawled(site, home)
        assert by.begun.wait(60)
    assert rows(home, "select count(*) from examinations") == [(0,)]
