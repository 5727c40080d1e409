"""What spiders hand to the pipeline: frozen facts about one fetched document, before anything of it is read."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.read.model import Entry, Reading, ReadPassage
from crawler.shapes import Shape
from crawler.source import Article
from store.declared import Closed
from store.model import Capture, KeptNote, KeptPassage

_TRACKING = ("utm_",)
_TRACKERS = {"fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "yclid"}


class As(StrEnum):
    """How a body is to be read."""

    PAGE = "page"  # an article page: by the source's hints
    FILE = "file"  # whatever its media type says (PDF, DOCX, gazette XML ...)
    GOVUK = "govuk"
    GAZETTE = "gazette"
    ENTRY = "entry"  # no page of its own: the entry's own text, out of the feed
    LINK = "link"  # the terms allow a link only: title, date and address, no text


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
    asked: str = ""  # the address that was asked for, before redirects
    permanent: bool = False  # every redirect on the way was a permanent one (301, 308)

    @property
    def redirected(self) -> bool:
        return bool(self.asked) and address_key(self.asked) != address_key(self.url)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that are this document's: where people open it, where it was asked for, where it answered."""
        if self.read_as in (As.ENTRY, As.LINK):  # the list's own address is not theirs
            found: tuple[str, ...] = (self.page,) if self.entry and self.entry.url else ()
        else:
            found = (self.page, self.asked, self.url)
        return tuple(dict.fromkeys(address_key(url) for url in found if url))

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
class ListToRead:
    """One page of a list and how to read it; crosses into the reading process."""

    body: bytes
    url: str
    media_type: str | None
    shape: Shape  # which reading; a spider that meets several kinds of list names the one it means
    rules: Closed  # the declared table of that shape
    language: str  # the source's, for the names of months
    zone: str  # IANA time zone of the publisher's days


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """A reading, and of each of its passages the language (None: that of the document) and the lemmas in it."""

    reading: Reading
    languages: tuple[str | None, ...]
    lemmas: tuple[str, ...]


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


def spoken_in(reading: Reading, entry: Entry | None, source_language: str) -> str:
    """The language of a document: its own, else the one that the list names, else that of its source."""
    return reading.language or (entry.language if entry else None) or source_language


def kept_passage(passage: ReadPassage, language: str | None, lemmas: str | None = None) -> KeptPassage:
    """A passage as it was read, as the store takes it; without `lemmas` the store makes them."""
    return KeptPassage(
        text=passage.text,
        start=passage.start,
        end=passage.end,
        page=passage.page,
        heading=passage.heading or "",
        language=language,
        notes=tuple(KeptNote(number=note.number, text=note.text, at=note.at) for note in passage.notes),
        lemmas=lemmas,
    )


def read_as_before(extractor: str) -> As:
    """How a document is read again, by the name of what read it: "pdf/3" is a file."""
    return _READ_BY.get(extractor.partition("/")[0], As.FILE)


_READ_BY = {"html": As.PAGE, "govuk": As.GOVUK, "gazette": As.GAZETTE}


def same_host(one: str, other: str) -> bool:
    """True where two addresses stand on one host; a leading www. does not count."""
    first, second = ((urlsplit(url).hostname or "").lower().removeprefix("www.") for url in (one, other))
    return first == second
