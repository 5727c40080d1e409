"""What comes in bulk: a collection as JSON lines, each a document of ready text."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any

from crawler.add import HALF, CannotAdd, check_address, check_day, is_address
from crawler.read.language import language_of
from crawler.read.passages import split
from store import documents
from store.db import writing
from store.identity import identity
from store.model import Change, KeptPassage, NewVersion

BATCH = 200
READY = "ready-text/1"
KEYS = ("id", "text", "url", "title", "lang", "published_on", "publisher", "links")


def add_lines(conn: sqlite3.Connection, lines: Iterable[str], source_id: str, *, at: str, name: str) -> Counter[Change]:
    """Keep a collection: one JSON object per line (id, text; where known url, title, lang, published_on, links).

    A line that cannot be read stops the rest with its number; the lines before it are kept, and running the corrected
    file again goes on from there.
    """
    counts: Counter[Change] = Counter()
    batch: list[NewVersion] = []

    def keep() -> None:
        with writing(conn):
            for version in batch:
                counts[documents.keep(conn, version, capture_id=None, seen_at=at, recorded_at=at).change] += 1
        batch.clear()

    try:
        for version in _versions(lines, source_id, at, name):
            batch.append(version)
            if len(batch) >= BATCH:
                keep()
    except UnicodeDecodeError as error:
        raise CannotAdd(f"{name}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    finally:
        keep()
    return counts


def _versions(lines: Iterable[str], source_id: str, at: str, name: str) -> Iterator[NewVersion]:
    for number, read_line in enumerate(lines, 1):
        # The first may begin with a byte order mark, as some editors write it.
        line = read_line.removeprefix("\ufeff") if number == 1 else read_line
        if line.strip():
            yield _line_version(_row(line, f"{name}, line {number}"), source_id, at, f"{name}, line {number}")


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CannotAdd(f"{where}: not JSON ({error}); write one object per line") from error
    except RecursionError as error:
        raise CannotAdd(f"{where}: nested too deeply; write one flat object per line") from error
    if not isinstance(row, dict):
        raise CannotAdd(f"{where}: each line needs an 'id' and a 'text', as one object")
    for strange in sorted(set(row) - set(KEYS)):
        if close := get_close_matches(strange, KEYS, n=2, cutoff=0.6):
            meant = " or ".join(map(repr, close))
            raise CannotAdd(f"{where}: unknown key {strange!r}. Did you mean {meant}? Keys: {', '.join(KEYS)}")
    for name in KEYS[:-1]:
        row[name] = _words(row.get(name), f"{where}: {name!r}")
    if not row["id"].strip():
        raise CannotAdd(f"{where}: each line needs an 'id' that is not empty")
    # What a reader cannot see is no text: its identity is that of nothing.
    if identity(row["text"]) == identity(""):
        raise CannotAdd(f"{where}: id {row['id']!r} needs a 'text' that is not empty")
    if row["url"]:
        check_address(row["url"], f"{where}: 'url'")
    return row


def _words(value: Any, where: str) -> str:  # noqa: ANN401  what a JSON line holds
    """A value as text that can be stored: a string or a number, without NUL and without halves of characters."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise CannotAdd(f"{where} is a {type(value).__name__}; write a text in quotation marks")
    text = str(value).replace("\x00", "")
    if half := HALF.search(text):
        raise CannotAdd(
            f"{where} holds half a character (\\u{ord(half[0]):04x} at {half.start()}), which no text can hold; "
            "export the collection anew as UTF-8"
        )
    return text


def _line_version(row: dict[str, Any], source_id: str, at: str, where: str) -> NewVersion:
    """A version of ready text, of a row whose words were checked; its `id` is the document's identity."""
    text = row["text"]
    language = row["lang"] or language_of(text)
    published = _published(row["published_on"], where)
    check_day(published, at, where)
    links = row.get("links") or ()
    if not isinstance(links, (list, tuple)):
        raise CannotAdd(f"{where}: 'links' is a {type(links).__name__}; write a list of addresses")
    return NewVersion(
        source_id=source_id,
        key=f"id:{row['id']}",
        external_id=row["id"],
        publisher=row["publisher"],
        url=row["url"],
        title=row["title"] or row["id"],
        language=language,
        text=text,
        extractor=READY,
        published_on=published.isoformat() if published else None,
        published_precision="day" if published else None,
        published_from="declared" if published else "",
        published_confidence="normal" if published else "low",
        links=tuple(link for link in links if isinstance(link, str) and is_address(link)),
        passages=tuple(
            KeptPassage(text=p.text, start=p.start, end=p.end, heading=p.heading or "", language=language)
            for p in split(text)
        ),
    )


def _published(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise CannotAdd(f"{where}: published_on {text!r} is not a day; write YYYY-MM-DD") from error
