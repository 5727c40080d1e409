"""Every shipped source has a saved page in its publisher's shape, and is read from it as its case says.

A case is a folder tests/sources/<id>/ with page.<ext> (a start page), expected.json, and where the source follows
links an article.<ext>. The pages are made by hand, in our own words.
"""

import json
from datetime import date
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from crawler import reading, reading_lists
from crawler.items import As, ListToRead, ToRead
from crawler.read.model import Entry, Reading
from crawler.shapes import Shape
from crawler.source import SHIPPED, Source, load_sources
from crawler.spiders import KINDS
from store.declared import Closed

CASES = Path(__file__).parent / "sources"
SOURCES = load_sources()
CRAWLED = {name: source for name, source in SOURCES.items() if source.shape is not Shape.MANUAL}


def page(name: str, file: str = "page") -> bytes:
    """The saved file of a case: by its whole name, or by its stem."""
    found = [path for path in (CASES / name).iterdir() if file in (path.name, path.stem)]
    assert len(found) == 1, f"tests/sources/{name}/ must hold one {file}.<ext>; make it by hand in the site's shape"
    return found[0].read_bytes()


def expected(name: str) -> dict:
    return json.loads((CASES / name / "expected.json").read_text("utf-8"))


_MEDIA = {"json": "application/json", "html": "text/html; charset=utf-8", "xml": "application/xml; charset=utf-8"}


def read_start(source: Source, body: bytes, url: str, media_type: str) -> Reading:
    task = ListToRead(body=body, url=url, media_type=media_type, shape=source.shape, rules=source.rules_as(Closed),
                      language=source.language, zone=source.zone)  # fmt: skip
    return reading_lists.list_page(task)


def media_type(name: str, file: str = "page") -> str:
    found = next(path for path in (CASES / name).iterdir() if file in (path.name, path.stem))
    return "application/rss+xml; charset=utf-8" if file == "page" and CRAWLED[name].shape is Shape.FEED else (
        _MEDIA.get(found.suffix[1:], "application/octet-stream"))  # fmt: skip


@pytest.mark.parametrize("name", sorted(CRAWLED))
def test_the_start_page_is_read(name: str) -> None:
    source, case = CRAWLED[name], expected(name)
    if source.shape is Shape.WATCH:
        assert case["url"] in source.starts
        return
    read = read_start(source, page(name), case["url"], media_type(name))
    seen = [
        {
            "url": entry.url,
            "key": entry.key,
            "title": entry.title,
            "published_on": entry.published.day.isoformat() if entry.published else None,
        }
        for entry in read.entries
    ]
    assert seen == case["entries"]
    assert read.next_url == case["next"]
    assert read.warnings == () or source.shape is Shape.GOVUK


_READ_AS = {Shape.SRU: As.GAZETTE, Shape.GOVUK: As.GOVUK}


def entry_of(source: Source, name: str, case: dict) -> Entry | None:
    """The entry of the list whose own text is the document, where a case names one by its number."""
    if "entry" not in case:
        return None
    start = read_start(source, page(name), expected(name)["url"], media_type(name))
    return start.entries[case["entry"]]


def has_document(name: str) -> bool:
    return (CASES / name / "expected.json").exists() and "document" in expected(name)


WITH_DOCUMENT = [name for name in sorted(CRAWLED) if has_document(name)]


def test_only_what_may_not_be_stored_has_no_document() -> None:
    assert {name for name, source in CRAWLED.items() if source.keep == "all"} <= set(WITH_DOCUMENT)


@pytest.mark.parametrize("name", WITH_DOCUMENT)
def test_a_document_is_read(name: str) -> None:
    source, case = CRAWLED[name], expected(name)["document"]
    read_as = As(case["read_as"]) if "read_as" in case else _READ_AS.get(source.shape, As.PAGE)
    task = ToRead(
        body=page(name, case["file"]) if "file" in case else b"",
        url=case["url"],
        media_type=media_type(name, case["file"]) if "file" in case else "",
        read_as=read_as,
        language=source.language,
        article=source.article,
        entry=entry_of(source, name, case),
    )
    read = reading.document(task).reading
    assert (read.title, read.key, read.language) == (case["title"], case["key"], case["language"])
    if case["published_on"] is None:  # the page has none; the list's day is the document's
        assert read.published is None
    else:
        assert read.published is not None
        assert read.published.day == date.fromisoformat(case["published_on"])
    assert case["says"] in read.text
    assert case["says_not"] not in read.text
    assert len(read.text) >= (source.expect.min_characters if source.expect else 0)
    assert all(passage.text == read.text[passage.start : passage.end] for passage in read.passages)


@pytest.mark.parametrize("name", [name for name in WITH_DOCUMENT if "attachments" in expected(name)["document"]])
def test_attachments_are_found_on_the_article_page(name: str) -> None:
    source, case = CRAWLED[name], expected(name)["document"]
    selector = getattr(source.rules_as(Closed), "attachments", None)
    assert selector
    response = HtmlResponse(case["url"], body=page(name, case["file"]))
    assert [response.urljoin(link.attrib["href"]) for link in response.css(selector)] == case["attachments"]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_says_what_whoever_repairs_it_must_know(name: str) -> None:
    source, text = SOURCES[name], (SHIPPED / f"{name}.toml").read_text("utf-8")
    assert text.startswith("#"), "the runbook stands at the head of the file"
    assert "# Runbook" in text
    assert source.shape is Shape.MANUAL or source.shape in KINDS
    assert source.shape is Shape.MANUAL or source.interests


def test_no_case_without_a_source() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} <= set(SOURCES)


def test_what_nobody_graded_never_votes() -> None:
    assert SOURCES["manual"].grade == "F"
