"""What reading gives back: frozen records, nothing else. Bytes in, these out."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ReadError(ValueError):
    """These bytes cannot be read as what they should be. The message says what was seen and what to do."""


class WrongShape(ReadError):
    """The page is not the kind that was promised (HTML where XML was promised, an 11-byte feed, a diagnostic)."""


class Locked(ReadError):
    """The document is encrypted and needs a password we do not have."""


class Broken(ReadError):
    """The document is corrupt, self-referring, or too large to open within the limits."""


class Kind(StrEnum):
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    TEXT = "text"
    FEED = "feed"
    SRU = "sru"
    GOVUK = "govuk"
    GAZETTE = "gazette"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Confidence(StrEnum):
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A day with where it came from. With precision month or year, `day` is the LAST day of that month or year."""

    day: date
    precision: Precision = Precision.DAY
    origin: str  # feed, json-ld, meta, time-element, url, text, pdf-metadata, sru, govuk, last-modified, declared
    confidence: Confidence = Confidence.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A footnote or endnote that a passage cites; where a statement comes from often stands only there (method §3)."""

    number: str  # as printed: "27", "*", "iv"
    text: str
    at: int  # characters into the passage: the mark stood there, so the statement ends there


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPassage:
    """One citable piece; `text == reading.text[start:end]` always holds (offsets in characters)."""

    text: str
    start: int
    end: int
    page: int | None = None  # 1-based, PDF only
    heading: str | None = None
    notes: tuple[Note, ...] = ()  # what its footnote marks lead to; the marks themselves are not in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item that a feed, listing, SRU answer or collection points to."""

    url: str
    key: str | None = None  # the publisher's own identifier (guid, kst-19637-3018, content id); never a date or slug
    title: str | None = None
    published: Dated | None = None
    modified: Dated | None = None
    summary: str | None = None
    language: str | None = None  # ISO 639-1
    document_type: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that one body says. `text` is the main text; passages are slices of it."""

    kind: Kind
    title: str | None = None
    published: Dated | None = None
    modified: Dated | None = None
    language: str | None = None
    text: str = ""
    passages: tuple[ReadPassage, ...] = ()
    entries: tuple[Entry, ...] = ()
    links: tuple[str, ...] = ()  # absolute http(s) URLs out of the MAIN text and its notes only
    canonical_url: str | None = None
    key: str | None = None  # the publisher's own identifier for this document, where the bytes name one
    document_type: str | None = None
    authors: tuple[str, ...] = ()  # persons and bodies that the document names as its authors
    period_from: date | None = None  # reference period of a report
    period_to: date | None = None
    next_url: str | None = None  # next page of a listing, feed or search answer
    total: int | None = None  # how many items the publisher says there are, where it says so
    withdrawn: bool = False  # the publisher says that this document is withdrawn
    pages: tuple[int, ...] = ()  # characters per page, PDF only
    needs_ocr: bool = False  # most of its pages are pictures without text
    pages_without_text: tuple[int, ...] = ()  # 1-based, PDF only; what stands on them can only be seen
    warnings: tuple[str, ...] = ()
    extractor: str = ""  # name and version of what read it, e.g. "html/1"
    attributes: dict[str, str] = field(default_factory=dict)
