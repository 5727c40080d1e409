"""What several test modules share."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from crawler import warm
from store.db import connect
from store.home import Home
from store.model import KeptPassage, NewVersion, SourceCard
from store.sources import sync
from tests.local_site import Site, serving
from tests.warm_vectors import remember

PROJECT = Path(__file__).resolve().parents[1]
settings.register_profile("untimed", deadline=None)  # no test fails because the machine is busy
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    """Dictionaries of the languages that most crawls of the tests meet are loaded once, no text is encoded twice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm, "_known", {"en", "nl", "ru"})
        remember(patch)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the checkout; tests that need it skip where it is absent."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real files is not beside this checkout")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of its own."""
    return new_home(tmp_path / "home")


def new_home(path: Path) -> Home:
    """An empty home, with a folder for the sources that a test declares."""
    made = Home(path)
    made.create()
    (made.declared / "sources").mkdir()
    return made


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site on this machine, which crawls may ask."""
    with serving() as running:
        monkeypatch.setenv("COI_CONTACT", "tests@example.org")
        monkeypatch.setenv("COI_ALLOW_HOSTS", running.host)
        yield running


@pytest.fixture
def conn(home: Home) -> Iterator[sqlite3.Connection]:
    """A writing connection to an empty store that knows one source, 'paper'."""
    opened = connect(home)
    sync(opened, [card("paper")], declared_at="2022-01-01T00:00:00Z")
    yield opened
    opened.close()


def card(source_id: str, **changes: str) -> SourceCard:
    """A source card with sensible facts; name only what differs."""
    facts = {
        "title": source_id.title(), "publisher": f"Publisher of {source_id}", "owner": source_id, "type": "media",
        "grade": "B", "grade_reason": "a careful daily", "interests": "", "language": "en", "shape": "feed",
        "terms": "", "homepage": "", "declaration": "{}",
    }  # fmt: skip
    return SourceCard(id=source_id, every_s=3600, **(facts | changes))


def version(*paragraphs: str, **changes: object) -> NewVersion:
    """A version of one document of 'paper' with these paragraphs as its passages."""
    text = "\n\n".join(paragraphs)
    passages, start = [], 0
    for paragraph in paragraphs:
        passages.append(KeptPassage(text=paragraph, start=start, end=start + len(paragraph)))
        start += len(paragraph) + 2
    facts = {
        "source_id": "paper", "key": "a", "url": "https://paper.example/a", "title": "A", "language": "en",
        "extractor": "test/1",
    }  # fmt: skip
    return NewVersion(text=text, passages=tuple(passages), **(facts | changes))  # type: ignore[arg-type]
