"""What is true of every reading, whatever the bytes were. A broken rule is a finding like a crash."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.read.as_json import as_json
from crawler.read.model import Dated, Entry, Reading

FIRST_YEAR, LAST_YEAR = 1800, 2199  # as crawler.read.dates knows years
_STORABLE_INT = 2**63  # SQLite's integers
# NUL and the other controls, lone surrogates, non-characters: neither a page nor JSON nor a database should get them
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")


class RuleBroken(AssertionError):
    """The reader gave back what no reading may hold."""


def must(holds: object, rule: str, value: object = "") -> None:
    """Raise RuleBroken unless it holds."""
    if not holds:
        raise RuleBroken(f"{rule}: {value!r:.200}")


def check(reading: Reading) -> None:
    """Every rule, on one reading. Raises RuleBroken."""
    for where, value in _leaves(reading, "reading"):
        _check_leaf(where, value)
    must(json.dumps(as_json(reading), ensure_ascii=False, allow_nan=False).encode(), "is JSON in UTF-8")
    _check_passages(reading)
    for link in reading.links:
        _check_address("reading.links", link)
    for link in (reading.canonical_url, reading.next_url):
        if link is not None:
            _check_address("canonical_url or next_url", link)
    for entry in reading.entries:
        _check_entry(entry)
    if reading.period_from and reading.period_to:
        must(reading.period_from <= reading.period_to, "period runs forward", (reading.period_from, reading.period_to))
    must(reading.total is None or 0 <= reading.total < _STORABLE_INT, "total is a count", reading.total)
    if reading.pages:
        numbers = set(range(1, len(reading.pages) + 1))
        must(numbers >= set(reading.pages_without_text), "pages without text are pages", reading.pages_without_text)


def _check_entry(entry: Entry) -> None:
    if entry.url:
        _check_address("entry.url", entry.url)
    for link in entry.attachments:
        _check_address("entry.attachments", link)


def _check_passages(reading: Reading) -> None:
    before = 0
    for passage in reading.passages:
        must(passage.text.strip(), "a passage has text", passage)
        must(before <= passage.start < passage.end <= len(reading.text), "passages follow each other", passage)
        must(reading.text[passage.start : passage.end] == passage.text, "a passage is a slice of the text", passage)
        before = passage.end
        if passage.page is not None:
            must(1 <= passage.page <= len(reading.pages), "a passage stands on a page", passage)
        for note in passage.notes:
            must(0 <= note.at <= len(passage.text), "a note's mark stands in its passage", note)


def _check_address(where: str, link: str) -> None:
    must(link.lower().startswith(("http://", "https://")), f"{where} is a web address", link)
    try:
        must(urlsplit(link).hostname, f"{where} names a host", link)
    except ValueError as error:
        raise RuleBroken(f"{where} is a web address ({error}): {link!r:.200}") from error


def check_text(where: str, text: str) -> None:
    """The rule for every text that is kept."""
    found = _FORBIDDEN.search(text)
    must(found is None, f"{where} has no control character and no lone surrogate", text)


def check_day(where: str, day: date) -> None:
    """The rule for every day that is kept."""
    must(FIRST_YEAR <= day.year <= LAST_YEAR, f"{where} is of a possible year", day.isoformat())


def _check_leaf(where: str, value: object) -> None:
    if isinstance(value, str):
        check_text(where, value)
        if where.endswith(".language"):
            must(re.fullmatch("[a-z]{2}", value), f"{where} is an ISO 639-1 code", value)
    elif isinstance(value, date):
        check_day(where, value)


def _leaves(value: Any, where: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, str | int | None):
        yield where, value
    elif is_dataclass(value):
        names = ("day",) if isinstance(value, Dated) else tuple(one.name for one in fields(value))
        for name in names:
            yield from _leaves(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _leaves(one, where)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(key, where)
            yield from _leaves(one, where)
    else:
        yield where, value


def scratch() -> Path | None:
    """A folder in memory for harnesses whose reader wants a file, where the system has one."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None
