"""Documents as lines of JSON, and where each comes from as lines of JSON (coi origins --jsonl). No database."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from review.folding import fold
from review.language import UNKNOWN, language_of
from review.origins import resolve
from review.origins_plain import plain_notes
from review.origins_rows import names_of
from review.origins_types import CARRIERS, Certainty, OriginDoc, OriginLink, Wellspring
from store.clock import day

COVERED = 0.8  # of a document's characters
CARRIER_NOTES = 3  # a text with so many notes compiles what others found (method §3 rule 4)


@dataclass(slots=True)
class Read:
    """What the lines held: the documents in their order, their ids as they were given, and what was wrong."""

    documents: list[OriginDoc] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)  # id as text -> id as the line has it
    faults: list[str] = field(default_factory=list)


class LineError(ValueError):
    """A line that cannot be read; the message says what is wrong with it and what to write."""


def read_lines(lines: Iterable[bytes | str], name: str) -> Read:
    """Read every line that can be read; each other one is a fault that names its line and the remedy."""
    found = Read()
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given, doc = _document(line)
            if doc.id in seen:
                raise LineError(f"id {doc.id!r} stands in line {seen[doc.id]} already; give each document its own")
        except LineError as error:
            found.faults.append(f"{name}, line {number}: {error}")
            continue
        seen[doc.id] = number
        found.given[doc.id] = given
        found.documents.append(doc)
    return found


def _document(line: bytes | str) -> tuple[Any, OriginDoc]:
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 ({error.reason} at byte {error.start}); save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise LineError(f"not JSON ({error}); write one object per line") from error
    if not isinstance(row, dict):
        raise LineError(f'{type(row).__name__} instead of an object; write {{"id": ..., "text": ...}}')
    given = row.get("id")
    if not isinstance(given, (str, int)) or isinstance(given, bool) or not str(given).strip():
        raise LineError(f"'id' is {given!r}; give each document a string (or a whole number) of its own")
    url = _text(row, "url")
    host = _host(url)
    publisher = _text(row, "publisher") or host or str(given)
    text, notes = plain_notes(_text(row, "text", needed=True))
    kind = _text(row, "type") or ("expert_body" if len(notes) >= CARRIER_NOTES else "media")
    return given, OriginDoc(
        id=str(given),
        publisher=publisher,
        owner=_text(row, "owner") or publisher,
        text=text,
        title=_text(row, "title"),
        lang=_language(_text(row, "lang"), text),
        type=kind,
        names=names_of(publisher),
        url=url or None,
        links=_links(row),
        published_on=_day(row),
        notes=notes,
    )


def _text(row: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = row.get(key)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise LineError(f"'{key}' is {'missing' if value is None else repr(value)[:40]}; it must be a string")
    return value


def _links(row: Mapping[str, Any]) -> tuple[str, ...]:
    value = row.get("links")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(link, str) for link in value):
        raise LineError(f"'links' is {repr(value)[:40]}; it must be a list of addresses")
    return tuple(value)


def _day(row: Mapping[str, Any]) -> date | None:
    value = _text(row, "published_on")
    if not value.strip():
        return None
    try:
        return day(value.strip()[:10])
    except ValueError as error:
        raise LineError(f"'published_on' is {value!r}; write YYYY-MM-DD, or null where it is not known") from error


def _language(stated: str, text: str) -> str:
    """The stated language as two letters, else the one the text seems to be in."""
    if stated.strip():
        return stated.strip().lower().replace("_", "-").split("-")[0]
    guessed = language_of(fold(text))
    return guessed if guessed != UNKNOWN else "en"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.removeprefix("www.")
    except ValueError:
        return ""  # what is no address names no publisher; links of it lead nowhere either


def answers(read: Read, links: Sequence[OriginLink]) -> Iterator[dict[str, Any]]:
    """One answer for each document, in the order of the lines."""
    merged = dict(resolve(links))
    by_child: dict[str, list[OriginLink]] = defaultdict(list)
    for step in links:
        by_child[step.child].append(step)
    for doc in read.documents:
        own = _whole(doc, merged)
        if own.origin == doc.key and (all_said := _covering(doc, _passages(doc, own, by_child[doc.key], merged))):
            merged[doc.key] = all_said
    for doc in read.documents:
        spring = _whole(doc, merged)
        yield {
            "id": read.given[doc.id],
            "origin": spring.origin,
            "why": _why(spring, by_child[doc.key]),
            "passages": _passages(doc, spring, by_child[doc.key], merged),
        }


def _whole(doc: OriginDoc, merged: Mapping[str, Wellspring]) -> Wellspring:
    """Where a document as a whole ends up; a chain that ends at a text which is one statement ends at that."""
    found = merged.get(doc.key) or Wellspring(origin=doc.key, chain=(doc.key,), why="")
    further = merged.get(found.origin)
    if further is None or further.origin == found.origin or found.circular:
        return found
    why = f"{found.why} {further.why}".strip()
    return Wellspring(origin=further.origin, chain=(*found.chain, *further.chain[1:]), why=why)


def _covering(doc: OriginDoc, passages: Sequence[dict[str, Any]]) -> Wellspring | None:
    """The one origin that nearly all words of a document have: a short item that reports one statement is that."""
    by_origin: dict[str, set[int]] = defaultdict(set)
    for passage in passages:
        by_origin[passage["origin"]] |= set(range(passage["start"], passage["end"]))
    for origin, places in sorted(by_origin.items()):
        if doc.type not in CARRIERS and len(places) >= COVERED * len(doc.text.rstrip()):
            why = next(passage["why"] for passage in passages if passage["origin"] == origin)
            return Wellspring(origin=origin, chain=(doc.key, origin), why=f"Nearly all of it: {why}")
    return None


def _why(spring: Wellspring, steps: Sequence[OriginLink]) -> str:
    """Why it comes from there; for a text of its own also what a person should look at."""
    if spring.why:
        return spring.why
    said = "Nothing found says that it comes from elsewhere."
    maybe = [step for step in steps if step.certainty is Certainty.PROPOSED]
    first = min(maybe, key=lambda step: (step.start is not None, -step.strength), default=None)
    return said if first is None else f"{said} Proposed, for a person to decide: {first.parent}. {first.why}"


def _passages(
    doc: OriginDoc, spring: Wellspring, steps: Sequence[OriginLink], merged: Mapping[str, Wellspring]
) -> list[dict[str, Any]]:
    """The stretches that come from elsewhere than the document as a whole, in text order, each once."""
    found: dict[tuple[int, int, str], str] = {}
    for step in steps:
        if step.start is None or step.end is None or step.certainty is not Certainty.MERGED:
            continue
        end = merged.get(step.parent)
        origin = end.origin if end else step.parent
        if origin not in (spring.origin, doc.key):
            found.setdefault((step.start, step.end, origin), f"{step.why} {end.why}".strip() if end else step.why)
    return [
        {"start": start, "end": end, "origin": origin, "why": why}
        for (start, end, origin), why in sorted(found.items())
    ]
