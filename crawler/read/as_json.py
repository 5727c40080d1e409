"""A reading as plain data, for `coi read --json`."""

from datetime import date

from crawler.read.model import Dated, Entry, Reading, ReadPassage


def as_json(reading: Reading) -> dict[str, object]:
    """The reading with days in ISO 8601; `published_from` says where the date comes from (json-ld, text, url ...)."""
    return {
        "kind": reading.kind.value,
        "title": reading.title,
        "published_on": _day(reading.published),
        "published_from": reading.published.origin if reading.published else None,
        "published_precision": reading.published.precision.value if reading.published else None,
        "published_confidence": reading.published.confidence.value if reading.published else None,
        "modified_on": _day(reading.modified),
        "language": reading.language,
        "text": reading.text,
        "passages": [_passage(passage) for passage in reading.passages],
        "entries": [_entry(entry) for entry in reading.entries],
        "links": list(reading.links),
        "canonical_url": reading.canonical_url,
        "key": reading.key,
        "document_type": reading.document_type,
        "authors": list(reading.authors),
        "period": [_iso(reading.period_from), _iso(reading.period_to)],
        "next_url": reading.next_url,
        "total": reading.total,
        "withdrawn": reading.withdrawn,
        "pages": list(reading.pages),
        "pages_without_text": list(reading.pages_without_text),
        "needs_ocr": reading.needs_ocr,
        "warnings": list(reading.warnings),
        "extractor": reading.extractor,
        "attributes": dict(reading.attributes),
    }


def _passage(passage: ReadPassage) -> dict[str, object]:
    return {
        "text": passage.text,
        "page": passage.page,
        "heading": passage.heading,
        "start": passage.start,
        "end": passage.end,
        "notes": [{"number": note.number, "text": note.text, "at": note.at} for note in passage.notes],
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "url": entry.url,
        "key": entry.key,
        "title": entry.title,
        "published_on": _day(entry.published),
        "modified_on": _day(entry.modified),
        "summary": entry.summary,
        "language": entry.language,
        "document_type": entry.document_type,
        "attachments": list(entry.attachments),
    }


def _day(dated: Dated | None) -> str | None:
    return dated.day.isoformat() if dated else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
