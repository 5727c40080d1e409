"""What spiders hand to the pipeline: frozen facts about one fetched document, before anything of it is read."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.read.model import Entry, Reading
from crawler.source import Article
from store.model import Capture

_TRACKING = ("utm_",)
_TRACKERS = {"fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "yclid"}


class As(StrEnum):
    """How a body is to be read."""

    PAGE = "page"  # an article page: by the source's hints
    FILE = "file"  # whatever its media type says (PDF, DOCX, gazette XML ...)
    GOVUK = "govuk"
    GAZETTE = "gazette"
    ENTRY = "entry"  # no page of its own: the entry's own text, out of the feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One document as it came: where its bytes lie in the archive, and what the list that led to it said of it."""

    capture: Capture
    url: str  # the address that answered, after redirects
    page: str  # the address that people open (of an API answer: the page it stands for)
    body: bytes
    media_type: str
    read_as: As
    entry: Entry | None = None
    key: str | None = None  # fixed key (a watched page's start address); else found while reading

    @property
    def known_key(self) -> str | None:
        """The key that is known before reading: fixed, or the publisher's own identifier in the list."""
        return self.key or (self.entry.key if self.entry and self.entry.key else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """One body and how to read it; crosses into the reading process."""

    body: bytes
    url: str
    media_type: str
    read_as: As
    language: str  # the source's, for the names of months
    article: Article | None = None  # declared selectors
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """A reading, and the language of each of its passages (None: that of the document)."""

    reading: Reading
    languages: tuple[str | None, ...]


def address_key(url: str) -> str:
    """An address as a key: lower-case scheme and host, no default port, no fragment, no tracking parameters.

    >>> address_key("HTTPS://Example.org:443/a?utm_source=x&id=2#top")
    'https://example.org/a?id=2'
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != {"http": 80, "https": 443}.get(parts.scheme.lower()):
        host = f"{host}:{parts.port}"
    query = parts.query
    if any(name in query for name in (*_TRACKING, *_TRACKERS)):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(n, v) for n, v in pairs if n not in _TRACKERS and not n.startswith(_TRACKING)])
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", query, ""))


def same_host(one: str, other: str) -> bool:
    """True where two addresses stand on one host; a leading www. does not count."""
    first, second = ((urlsplit(url).hostname or "").lower().removeprefix("www.") for url in (one, other))
    return first == second
