"""Pinned floors: what the readers score on real pages and feeds to which others have given the answers.

bench/read.py prints the same figures beside those of trafilatura, htmldate and feedparser in one run. The digests say
that the files are those the floors were measured on.
"""

import io
from statistics import fmean

import feedparser
import pytest

from bench import gold
from crawler.read.feed import read_feed
from crawler.read.html import read_html
from crawler.read.model import Confidence, Precision, ReadError
from crawler.read.text import read_text

FLOOR_F1 = 0.9928  # trafilatura 2.3.1 scores 0.9928 on the same pages
FLOOR_WORDS = 0.9884  # mean F1 over words; trafilatura 0.9884
FLOOR_DATES = 20 / 21  # htmldate 1.11.0 finds 20 of 21
FLOOR_TITLES = 0.95  # trafilatura 0.65
FLOOR_AUTHORS = 0.85  # trafilatura 0.67
FLOOR_FEEDS = 0.98  # of those that feedparser 6.0.14 takes for a feed
EVERY = 4  # of the articles and feeds one in so many, for a test of a few seconds; bench/read.py reads them all

DIGESTS = {
    "text": "ab4c69433db30e812f3b9fb654909de026b08d9d29db6a5500bb663fdeed31f1",
    "words": "54f4ac928b1d16d4c543034fef09b3e1d9e4569622fc511edf99ee499a0020e0",
    "dates": "3cd0d16a1406389cd153ec938b774ba19aa234ed14615bdc0a152fc0a49aa0c8",
    "feeds": "5fc45c08ef78c61e61b4d84683617d11e973b584bc6918f2fa79d87c0ef29e39",
}


@pytest.fixture(scope="module")
def readings(shared):
    """The gold pages of trafilatura with what we read in them."""
    return [(page, read_html(page.body, page.url)) for page in gold.text_pages(shared / "data/real")]


def test_the_files_are_those_the_floors_were_measured_on(shared):
    real = shared / "data/real"
    parts = {"text": gold.text_pages(real), "words": gold.whole_pages(real), "dates": gold.dated_pages(real)}
    found = {name: gold.digest([page.path for page in pages], real) for name, pages in parts.items()}
    assert found | {"feeds": gold.digest(gold.feeds(real), real)} == DIGESTS


def test_main_text(readings):
    score = gold.segments((page, reading.text) for page, reading in readings)
    print(f"precision {score.precision:.4f}, recall {score.recall:.4f}, F1 {score.f1:.4f} on {len(readings)} pages")
    assert score.f1 >= FLOOR_F1 and score.precision == 1


def test_every_word_of_the_main_text(shared):
    pages = gold.whole_pages(shared / "data/real")
    mean = fmean(gold.words(read_html(page.body, page.url).text, page.text).f1 for page in pages)
    print(f"F1 over words {mean:.4f} on {len(pages)} pages")
    assert mean >= FLOOR_WORDS


def test_titles_and_authors(readings):
    titles = [reading.title == page.title for page, reading in readings if page.title]
    named = [(page, reading) for page, reading in readings if page.author]
    authors = [", ".join(reading.authors).lower() == page.author.lower() for page, reading in named]
    print(f"titles {fmean(titles):.4f} of {len(titles)}, authors {fmean(authors):.4f} of {len(authors)}")
    assert fmean(titles) >= FLOOR_TITLES and fmean(authors) >= FLOOR_AUTHORS


def test_publication_days_and_none_of_them_surely_wrong(shared):
    right = wrong = 0
    pages = gold.dated_pages(shared / "data/real")
    for page in pages:
        found = read_html(page.body, page.url).published
        exact = found is not None and found.precision is Precision.DAY
        right += exact and found.day.isoformat() == page.day
        wrong += exact and found.confidence is Confidence.NORMAL and found.day.isoformat() != page.day
    print(f"days right {right} of {len(pages)}, wrong though sure {wrong}")
    assert right >= FLOOR_DATES * len(pages) and wrong == 0


def test_articles_that_do_not_say_their_date_are_given_none(shared):
    readings = [read_text(page.body) for page in gold.articles(shared / "data/real")[::EVERY]]
    assert len(readings) == 100 // EVERY
    assert not [reading.published for reading in readings if reading.published or reading.modified]
    assert {reading.language for reading in readings} == {"ru"}


def test_feeds_yield_every_entry(shared):
    total, read, lost = 0, 0, []
    for path in gold.feeds(shared / "data/real")[::EVERY]:
        body = path.read_bytes()
        parsed = feedparser.parse(io.BytesIO(body))
        if not (parsed.version or parsed.entries):
            continue
        total += 1
        try:
            count = len(read_feed(body).entries)
        except ReadError as error:
            lost.append(f"{path.name}: {error}")
            continue
        read += count >= len(parsed.entries)
        lost += [] if count >= len(parsed.entries) else [f"{path.name}: {count} of {len(parsed.entries)}"]
    print(f"feeds read {read} of {total} = {read / total:.4f}; lost: {lost[:10]}")
    assert total > 500 and read >= FLOOR_FEEDS * total
