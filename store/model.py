"""What the store takes and gives: frozen records. Instants are 'YYYY-MM-DDTHH:MM:SSZ', days 'YYYY-MM-DD'."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One stored response: where its WARC record lies and what the server said of it."""

    url: str
    fetched_at: str
    status: int
    media_type: str
    etag: str | None
    last_modified: str | None
    sha256: str  # of the body (of a revisit: of the body it refers to)
    bytes: int
    warc_file: str  # name inside the home's archive folder
    warc_offset: int
    warc_length: int
    refers_to: int | None = None  # a revisit (304): the capture that holds the body


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNote:
    """A footnote that a passage cites: where a statement comes from often stands only there (method section 3)."""

    number: str  # as printed
    text: str
    at: int  # characters into the passage, where its mark stood


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPassage:
    """A citable slice of a version's text; offsets in characters."""

    text: str
    start: int
    end: int
    page: int | None = None
    heading: str = ""
    language: str | None = None
    notes: tuple[KeptNote, ...] = ()
    lemmas: str | None = None  # as store.lemmas gives them for its language, where they were made elsewhere already


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What one capture says of one document."""

    source_id: str
    key: str
    url: str
    title: str
    language: str | None
    text: str
    extractor: str
    passages: tuple[KeptPassage, ...]
    external_id: str | None = None
    publisher: str = ""  # where a collection names another than its source
    authors: tuple[str, ...] = ()
    document_type: str = ""
    published_on: str | None = None
    published_precision: str | None = None
    published_from: str = ""
    published_confidence: str = "low"
    modified_on: str | None = None
    period_from: str | None = None
    period_to: str | None = None
    pages: tuple[int, ...] = ()
    needs_ocr: bool = False
    warnings: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()  # normalised addresses at which it answered; each is this document's from now on


class Change(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REREAD = "reread"  # the same bytes, read by a newer extractor


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    document_id: int
    version_id: int
    change: Change


class SourceType(StrEnum):
    """What kind of publisher a source is (method section 1)."""

    OFFICIAL_COUNTRY_REPORT = "official_country_report"
    EU_AGENCY = "eu_agency"
    INTERNATIONAL_ORGANISATION = "international_organisation"
    NGO = "ngo"
    EXPERT_BODY = "expert_body"
    MEDIA = "media"
    GOVERNMENT_STATEMENT = "government_statement"
    PARTY_TO_THE_CONFLICT = "party_to_the_conflict"
    COURT = "court"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """A source as the store knows it; `declaration` is the whole declaration as JSON."""

    id: str
    title: str
    publisher: str
    owner: str
    type: str
    grade: str
    grade_reason: str
    interests: str
    language: str
    shape: str
    every_s: int | None
    terms: str
    homepage: str
    declaration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    requests: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
