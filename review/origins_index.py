"""Which documents can bear on each other's links, as keys for store/origin_keys.py: what is new meets what it touches.

Two documents are neighbours where they share a sentence, enough fingerprints, all words, two figures or names within
two weeks, a person quoted, or where one can cite the other. A link of a document depends on its neighbours only (for
persons: on all that hang together), on the names of publishers and on their stock text.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from review.evidence_cues import fold
from review.evidence_voices import SpeakerIndex
from review.origins import World
from review.origins_called import calls
from review.origins_cites import held_keys, noted_keys
from review.origins_copies import MERGE_AT, MIN_FLASH_PRINTS, MIN_SHARED_PRINTS, STOCK_PER_PUBLISHER
from review.origins_facts import dates_of, facts_of
from review.origins_letters import readable
from review.origins_library import ALIKE_AFTER, ALIKE_BEFORE, Library, Names, canonical
from review.origins_loose import incidents_of
from review.origins_persons import stems_of
from review.origins_prints import number_of, print_of, sketch
from review.origins_types import CARRIERS, NEAR_DAYS, NEWS_CHARACTERS, OriginDoc
from store.origin_keys import Entry, Kind, Least, stock_of

BUCKET_DAYS = NEAR_DAYS + 1  # days no further apart than NEAR_DAYS lie in one bucket or in two that adjoin
# `origins_versions` needs two facts where both appeared on one day; every other rule needs more.
LEAST = Least(
    fingerprints=MIN_SHARED_PRINTS, flash=MIN_FLASH_PRINTS, contained=MERGE_AT, facts=2, stock=STOCK_PER_PUBLISHER
)


def entry_of(doc: OriginDoc, digest: str, library: Library, speakers: SpeakerIndex) -> Entry:
    """Everything of a document by which others may meet it."""
    doc = readable(doc)
    print_ = print_of(doc)
    bucket = doc.published_on.toordinal() // BUCKET_DAYS if doc.published_on else 0
    facts = set(facts_of(doc.text))
    if doc.type not in CARRIERS and len(doc.text) <= NEWS_CHARACTERS:
        facts |= {f"date {day}" for day in dates_of(doc.text, doc.lang)}
    cited = {f"url {address}" for url in doc.links if (address := canonical(url))}
    namer: set[str] = set()
    naming: set[str] = set()
    by_notes, places = noted_keys(doc, library)
    if doc.published_on is not None:
        days = list(days_around(doc.published_on))
        text = fold(doc.text).text
        named = (
            [p for p, pattern in library.names if p != doc.publisher and pattern.search(text)]
            if library.anyone and library.anyone.search(text)
            else []
        )
        naming = {f"on {publisher} {day}" for publisher in named for day in days}
        namer = {f"on {doc.publisher} {doc.published_on}"} if named else set()
        cited |= naming
    own = {f"on {doc.publisher} {doc.published_on}"} | {
        f"url {address}" for address in [canonical(doc.url or "")] if address
    }
    both = (bucket, bucket + 1)
    keys = {
        Kind.SENTENCE: frozenset(print_.sentences),
        Kind.PRINT: print_.grams,
        Kind.WHOLE: frozenset({print_.whole}),
        Kind.FACT: _numbers(f"{fact} {b}" for fact in facts for b in both),
        Kind.PERSON: _numbers(f"{stem} {b}" for stem in stems_of(doc, speakers) for b in both),
        Kind.HELD: _numbers((*own, *held_keys(doc))),
        Kind.CITED: _numbers(cited | by_notes),
        Kind.PLACE: _numbers(places),
        Kind.NAMER: _numbers(namer),
        Kind.NAMING: _numbers(naming),
        Kind.SKETCH: frozenset(key for bag in print_.bags.values() for key in sketch(bag)),
        Kind.CALLED: _numbers(call.stem for call in calls(doc, speakers)),
        Kind.INCIDENT: _numbers(key for incident in incidents_of(doc) for key in incident.keys()),  # noqa: SIM118
    }
    return Entry(
        publisher=doc.publisher, publisher_key=number_of(doc.publisher), digest=digest, bucket=bucket,
        fingerprints=len(print_.grams), keys=keys,
    )  # fmt: skip


def days_around(day: date) -> Iterator[date]:
    """The days on which a story may have appeared that a text of this day names, as far as the calendar goes."""
    for number in range(-ALIKE_BEFORE, ALIKE_AFTER + 1):
        if date.min.toordinal() <= day.toordinal() + number <= date.max.toordinal():
            yield day + timedelta(days=number)


def _numbers(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(number_of(text) for text in texts)


def world_of(conn: sqlite3.Connection, documents: Collection[OriginDoc], ids: Collection[int], names: Names) -> World:
    """What is held besides these documents, as far as their links depend on it."""
    publishers = {number_of(doc.publisher): doc.publisher for doc in documents}
    sentences: dict[str, set[int]] = {name: set() for name in publishers.values()}
    fingerprints: dict[str, set[int]] = {name: set() for name in publishers.values()}
    for kind, key, publisher in stock_of(conn, ids):
        (sentences if kind is Kind.SENTENCE else fingerprints)[publishers[publisher]].add(key)
    return World(
        names=names,
        stock={name: frozenset(keys) for name, keys in sentences.items()},
        gram_stock={name: frozenset(keys) for name, keys in fingerprints.items()},
    )
