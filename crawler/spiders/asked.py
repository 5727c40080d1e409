"""Questions to web services: is a captured address one of ours from another day, and what did a refusal say."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapy.spidermiddlewares.httperror import HttpError

from crawler.items import address_key
from crawler.read.answers import fault_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer with an error status, and the service's own words for it ('' where it has none in JSON)."""

    url: str
    status: int
    said: str

    @property
    def words(self) -> str:
        return f"the server answered {self.status}{f': {self.said}' if self.said else ''}"


def refusal(failure: Any) -> Refusal | None:  # noqa: ANN401 (twisted.python.failure.Failure)
    """The refusal behind a failed request; None where there was no answer at all."""
    if not failure.check(HttpError):
        return None
    response = failure.value.response
    return Refusal(url=response.url, status=response.status, said=fault_in(response.body) or "")


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
