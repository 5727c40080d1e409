"""Small rules of the crawl: keys, waiting, languages of passages, what makes a run fail, readers that die."""

import asyncio
import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.health import RunLog, Status
from crawler.items import As, ToRead, address_key, same_host
from crawler.middlewares import asked_wait_s
from crawler.readers import ReaderDied, Readers
from crawler.source import Expect, Source, load_sources
from crawler.tongues import seems

FEED = load_sources()["meduza_en"]


def expecting(**expect: int) -> Source:
    return FEED.model_copy(update={"expect": Expect(**expect)})


@given(
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(["Pub.Example", "pub.example:8080"]),
    st.text("ab/?=&#", max_size=9),
)
def test_a_key_is_its_own_key(scheme: str, host: str, rest: str) -> None:
    key = address_key(f"{scheme}://{host}/{rest}")
    assert address_key(key) == key
    assert "#" not in key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://Pub.example", "http://pub.example/"),
        ("http://pub.example:80/a#b", "http://pub.example/a"),
        ("https://pub.example/a?utm_source=x&utm_medium=y&fbclid=z", "https://pub.example/a"),
        ("https://pub.example/a?b=1&id=%20x", "https://pub.example/a?b=1&id=%20x"),
        ("https://pub.example/A/?q", "https://pub.example/A/?q"),
    ],
)
def test_what_a_key_leaves_out(url: str, key: str) -> None:
    assert address_key(url) == key


def test_www_is_the_same_host_and_a_neighbour_is_not() -> None:
    assert same_host("https://www.pub.example/a", "http://pub.example/b")
    assert not same_host("https://pub.example", "https://evil-pub.example")


@pytest.mark.parametrize(
    ("asked", "tries", "wait_s"),
    [
        ("7", 0, 7.0),
        ("Wed, 09 Mar 2022 10:01:30 GMT", 0, 90.0),
        ("Wed, 09 Mar 2022 09:00:00 GMT", 0, 0.0),
        ("soon", 0, 5.0),
        ("", 2, 20.0),
    ],
)
def test_how_long_a_busy_server_asks_us_to_wait(asked: str, tries: int, wait_s: float) -> None:
    headers = {"Retry-After": asked, "Date": "Wed, 09 Mar 2022 10:00:00 GMT"}
    assert asked_wait_s(Response("http://x.example/", headers=headers), tries) == wait_s


def test_less_than_expected_is_a_failed_run() -> None:
    log = RunLog(source=expecting(min_rows=5), day=date(2022, 3, 9), rows=4)
    result = log.result("s")
    assert result.status is Status.FAILED
    assert "4 rows found, at least 5 expected" in result.message
    assert "https://meduza.io/rss/en/all" in result.message


def test_a_source_that_fell_silent_has_failed_and_future_days_do_not_hide_it() -> None:
    log = RunLog(source=expecting(min_rows=1, max_silence_days=7), day=date(2022, 3, 9), rows=5)
    for day in (date(2022, 2, 28), date(2022, 2, 1), date(2030, 1, 1)):
        log.dated(day)
    result = log.result("s")
    assert result.status is Status.FAILED
    assert "2022-02-28, 9 days ago" in result.message


def test_one_problem_makes_a_run_partial_and_the_first_failure_is_the_message() -> None:
    log = RunLog(source=expecting(min_rows=1), day=date(2022, 3, 9), rows=1)
    log.problem("http://x.example/1", "no date found", "declare one")
    assert log.result("s").status is Status.PARTIAL
    log.fail("http://x.example/2", "gone", "look")
    log.fail("http://x.example/3", "also gone", "look")
    assert "http://x.example/2: gone" in log.result("s").message
    assert log.result("s").counts.failed == 2


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ("The officers said that they were on the list of the commissariat.", "en", True),
        ("De officieren zeiden dat zij op de lijst van het commissariaat stonden.", "en", False),
        ("Им сказали, что они не в списке и что это не так.", "ru", True),
        ("Їм сказали, що вони не в списку і що це не так.", "ru", False),
        ("Conscripts deserters", "en", False),
        ("", "en", False),
        ("The list of the army", None, False),
    ],
)
def test_a_quick_look_only_vouches_for_plain_cases(text: str, language: str | None, plain: bool) -> None:
    assert seems(text, language) is plain


def test_a_reader_that_dies_costs_its_page_and_the_next_is_read() -> None:
    page = b"<html lang=en><body><p>" + b"Conscripts of the spring were told to sign. " * 20 + b"</p></body></html>"
    task = ToRead(body=page, url="http://x.example/", media_type="text/html", read_as=As.PAGE, language="en")

    async def both() -> None:
        hasty, patient = Readers(workers=1, limit_s=1e-6), Readers(workers=1)
        try:
            for url in ("http://x.example/1", "http://x.example/2"):
                with pytest.raises(ReaderDied, match=url):
                    await hasty.run("document", task, url=url)
            good = await patient.run("document", task, url="http://x.example/3")
            assert good.reading.passages
            readers = patient._pool._processes
            assert all(os.getpgid(reader) == reader for reader in readers)  # a signal to the crawl's group spares them
        finally:
            hasty.close()
            patient.close()

    asyncio.run(both())
