"""Questions to web services: the same one at every run, but for its window; so a captured one is known again."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.items import address_key
from crawler.source import Source
from crawler.spiders.base import SourceSpider


class AskedSpider(SourceSpider):
    """A service that is asked one question. Subclasses say which, and in what it differs from day to day."""

    free: ClassVar[AbstractSet[str]]  # parameters that do not tell one source's question from another's

    @classmethod
    def question(cls, source: Source, *, day: str, last_success: str | None) -> Sequence[tuple[str, str]]:
        """The parameters of the question at its first page, in order."""
        raise NotImplementedError(f"{cls.__name__} does not say what it asks")

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The question, at each declared address of the service."""
        query = urlencode(cls.question(source, day=day, last_success=last_success))
        return tuple(f"{start}?{query}" for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """Our question from whatever day, at its first page."""
        ours = cls.starts(source, day="2000-01-01", last_success=None)
        return any(same_question(url, start, free=cls.free) for start in ours)


def same_question(url: str, other: str, *, free: AbstractSet[str]) -> bool:
    """Whether two addresses ask the same, but for the parameters in `free` (the window, the size of a page).

    >>> same_question("https://a.example/q?w=1&since=2022", "https://a.example/q?since=2023&w=1", free={"since"})
    True
    """
    ours, theirs = (address_key(one).partition("?")[0].rstrip("/") for one in (url, other))
    return ours == theirs and _fixed(url, free) == _fixed(other, free)


def _fixed(url: str, free: AbstractSet[str]) -> list[tuple[str, str]]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return sorted((name, " ".join(value.split())) for name, value in pairs if name not in free)
