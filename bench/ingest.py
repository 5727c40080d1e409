"""Ready passages into the store, beside raw `executemany` of the very same rows: python bench/ingest.py [--passages N].

Ours is what a crawl's writer does with a document that was read (store.documents.keep, 100 documents a transaction,
20 passages each, lemmas made by the reader); raw is `executemany` of the rows that came of it, table by table, in
as large transactions, into an empty database of the same schema. "Without the text index": the trigger that fills
it is taken away on both sides. Processor time of one process; the sides take turns.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, table
from bench.search import LANGUAGES, texts, vocabulary
from store import documents
from store.db import connect, writing
from store.home import Home
from store.lemmas import lemmas_of
from store.model import KeptPassage, NewVersion
from store.sources import sync
from tests.conftest import card

PER_DOCUMENT, PER_TRANSACTION = 20, 100
WITHOUT, WITH = 0.5, 0.8  # shares of the raw rate that are asked
SEEN = "2026-01-01T00:00:00Z"
Row = TypeVar("Row")
ORDER = {
    "documents": "id",
    "document_addresses": "document_id",
    "versions": "id",
    "passages": "id",
    "version_passages": "version_id, position",
}


def figures(*, quick: bool) -> Iterator[Figure]:
    """Rates at each size, with and without the text index."""
    for size in (10_000,) if quick else (10_000, 100_000):
        yield from at_size(size, repeat=3)


def at_size(size: int, *, repeat: int) -> Iterator[Figure]:
    """The rates at one number of passages."""
    given = made(size, lemmas=True)
    plain = [_without_lemmas(one) for one in given] if size <= 10_000 else []
    for indexed in (False, True):
        ours: list[float] = []
        raw: list[float] = []
        alone: list[float] = []
        for _ in range(repeat):
            with tempfile.TemporaryDirectory() as folder:
                first, second, third = (
                    empty(Path(folder) / name, indexed=indexed) for name in ("ours", "raw", "plain")
                )
                ours.append(size / keep(first, given))
                raw.append(size / executemany(second, rows_of(first)))
                if plain and indexed:
                    alone.append(size / keep(third, plain))
        about = {"bench": "ingest", "size": size, "of": "passages", "unit": "passages/s", "theirs": tuple(raw)}
        index = "with the text index" if indexed else "without the text index"
        yield Figure(what=index, ours=tuple(ours), beside="raw executemany, same rows",
                     target=WITH if indexed else WITHOUT, **about)  # fmt: skip
        if alone:
            yield Figure(
                what=f"{index}, lemmas made by the store", ours=tuple(alone), beside="raw, lemmas ready", **about
            )


def made(size: int, *, lemmas: bool) -> list[NewVersion]:
    """Versions of 20 passages of about 620 characters in six languages."""
    random.seed(4)
    said = texts({language: vocabulary(language) for language in LANGUAGES})
    found = []
    for number in range(size // PER_DOCUMENT):
        kept, at = [], 0
        for _ in range(PER_DOCUMENT):
            language, text = next(said)
            known = lemmas_of(text, language) if lemmas else None
            kept.append(KeptPassage(text=text, start=at, end=at + len(text), language=language, lemmas=known))
            at += len(text) + 2
        found.append(
            NewVersion(
                source_id="bench",
                key=f"https://bench.example/{number}",
                url=f"https://bench.example/{number}",
                title=f"Report {number}",
                language="en",
                text="\n\n".join(one.text for one in kept),
                extractor="bench/1",
                passages=tuple(kept),
                published_on="2025-12-01",
                published_precision="day",
                published_from="list",
                published_confidence="normal",
                addresses=(f"https://bench.example/{number}",),
            )
        )
    return found


def _without_lemmas(version: NewVersion) -> NewVersion:
    return replace(version, passages=tuple(replace(one, lemmas=None) for one in version.passages))


def empty(folder: Path, *, indexed: bool) -> sqlite3.Connection:
    """A new database with one source; without the trigger of the text index where that is not `indexed`."""
    conn = connect(Home(folder))
    sync(conn, [card("bench")], declared_at="2025-01-01T00:00:00Z")
    if not indexed:
        conn.execute("drop trigger passages_index")
    return conn


def keep(conn: sqlite3.Connection, versions: list[NewVersion]) -> float:
    """Seconds of the processor that our way takes."""
    begin = time.process_time()
    for some in in_parts(versions, PER_TRANSACTION):
        with writing(conn):
            for one in some:
                documents.keep(conn, one, capture_id=None, seen_at=SEEN, recorded_at=SEEN)
    return time.process_time() - begin


def rows_of(conn: sqlite3.Connection) -> dict[str, list[list[tuple[object, ...]]]]:
    """Every row that came of it, table by table, in as many parts as there were transactions."""
    found = {}
    for name in ORDER:
        rows = [tuple(row) for row in conn.execute(f"select * from {name} order by {ORDER[name]}")]
        per = PER_TRANSACTION * (PER_DOCUMENT if "passages" in name else 1)
        found[name] = [list(part) for part in in_parts(rows, per)]
    return found


def executemany(conn: sqlite3.Connection, parts: dict[str, list[list[tuple[object, ...]]]]) -> float:
    """Seconds of the processor that bare SQLite takes for the same rows."""
    begin = time.process_time()
    for number in range(len(parts["documents"])):
        with writing(conn):
            for name in ORDER:
                rows = parts[name][number]
                conn.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
    return time.process_time() - begin


def in_parts(rows: Sequence[Row], many: int) -> Iterator[Sequence[Row]]:
    """The rows, so many at a time."""
    for at in range(0, len(rows), many):
        yield rows[at : at + many]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    print(table(at_size(asked.passages, repeat=asked.repeat)))


if __name__ == "__main__":
    main()
