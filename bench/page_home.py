"""A home for bench/pages.py: the rows of bench/assess_rows.py, texts of bench/search.py, the shipped register."""

import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta

from bench.assess_rows import AT, BATCH, COUNTRIES, SOURCES, TODAY, Text, digest, evidence, fill, with_transaction
from bench.search import LANGUAGES, texts, vocabulary
from review import register
from review.assessing import assess
from store import tags
from store.db import connect
from store.home import Home
from store.lemmas import lemmas_of
from store.sources import sync
from store.tags import MentionRow
from tests.conftest import card

LARGE = 3_000  # passages of the largest document
SIGNED = 100


def make(home: Home, *, passages: int, answers: int, countries: int, questions: int) -> sqlite3.Connection:
    """Fill what is missing, say what each step took; the connection comes back."""
    conn = connect(home)
    begin = time.perf_counter()

    def say(what: str) -> None:
        print(f"{what} ({time.perf_counter() - begin:.0f} s)", flush=True)

    asked = COUNTRIES[:countries]
    trigger = conn.execute("select sql from sqlite_master where name = 'passages_index'").fetchone()
    for done in fill(conn, passages, countries=asked, questions=questions, said=said()):
        say(done)
    for name in ("large", "tagged"):
        if conn.execute("select 1 from sources where id = ?", [name]).fetchone() is None:
            with_transaction(conn, lambda name=name: large(conn, name))
    indexed = conn.execute("select coalesce(max(id), 0) from passages_fts_docsize").fetchone()[0]
    last = conn.execute("select max(id) from passages").fetchone()[0]
    for first in range(indexed + 1, last + 1, BATCH):
        conn.execute(
            """insert into passages_fts (rowid, text, lemmas)
               select id, text, lemmas from passages where id between ? and ?""",
            [first, first + BATCH - 1],
        )
    if trigger:
        conn.execute(trigger["sql"])  # `fill` took it away
    say("the full-text index")
    evidence(conn, answers, countries=asked, questions=questions)
    say(f"{answers} pieces of evidence")
    register.fresh(conn, home.declared, at=AT)
    print(assess(conn, as_of=TODAY, basis="held", at=AT).said)
    if conn.execute("select 1 from signoffs").fetchone() is None:
        with_transaction(conn, lambda: sign(conn))
    conn.execute("pragma wal_checkpoint(truncate)")
    say("verdicts and signatures")
    return conn


def said() -> Iterator[Text]:
    """Passages of about 620 characters in six languages, with their base forms."""
    random.seed(4)
    for language, text in texts({language: vocabulary(language) for language in LANGUAGES}):
        yield language, text, lemmas_of(text, language)


def large(conn: sqlite3.Connection, name: str) -> None:
    """One document of thousands of passages, of a source of its own; in `tagged` rules found three tags in a third."""
    made = said()
    last, number = conn.execute("select max(p.id), max(p.document_id) + 1 from passages p").fetchone()
    before = (TODAY - timedelta(days=30)).isoformat()
    cards = [row["id"] for row in conn.execute("select id from sources")]
    assert len(set(cards) - {"large", "tagged"}) == SOURCES
    sync(conn, [card(name, type="ngo")], declared_at="2020-01-01T00:00:00Z")
    conn.execute(
        """insert into documents (id, source_id, key, title, language, published_on, first_seen_at, last_seen_at)
           values (?, ?, ?, 'A report of a thousand pages', 'en', ?, ?, ?)""",
        [number, name, name, before, AT, AT],
    )
    conn.execute(
        """insert into versions (id, document_id, text_sha256, extractor, seen_at, cause, title, language, text,
             published_on, published_precision, published_confidence, public_on, recorded_at)
           values (?, ?, ?, 'bench', ?, 'first', 'A report of a thousand pages', 'en', 'text', ?, 'day', 'normal', ?,
             ?)""",
        [number, number, digest(name), AT, before, before, AT],
    )
    conn.executemany(
        "insert into passages (id, document_id, text_sha256, language, text, lemmas) values (?, ?, ?, ?, ?, ?)",
        [(last + n, number, digest(f"{name} {n}"), *next(made)) for n in range(1, LARGE + 1)],
    )
    conn.executemany(
        "insert into version_passages (version_id, position, passage_id, page, start, end) values (?, ?, ?, ?, 0, 40)",
        [(number, n, last + n, n // 3 + 1) for n in range(1, LARGE + 1)],
    )
    conn.execute("insert into linkings values (?, 'r1', ?)", [number, AT])
    for passage in range(last + 1, last + LARGE + 1, 3) if name == "tagged" else ():
        rows = [
            MentionRow(kind=kind, value=value, rule="a word", start=start, end=start + 9)
            for kind, value, start in (("group", "g01", 0), ("country", "AA", 20), ("topic", "combat", 40))
        ]
        tags.keep_mentions(conn, tags.examined(conn, passage, "tag", "bench", at=AT), passage, rows)


def sign(conn: sqlite3.Connection) -> None:
    """A proposal and an approval on some verdicts."""
    rows = conn.execute(
        "select id, effective from verdicts where reading = 'reviewed' order by id limit ?", [SIGNED]
    ).fetchall()
    for row in rows:
        made = conn.execute(
            """insert into signoffs (verdict_id, act, status, reason, actor, signed_at)
               values (?, 'propose', ?, 'read and weighed', 'ada', ?)""",
            [row["id"], row["effective"], AT],
        ).lastrowid
        conn.execute(
            """insert into signoffs (verdict_id, act, proposal_id, status, reason, actor, signed_at)
               values (?, 'approve', ?, ?, 'read it too', 'ben', ?)""",
            [row["id"], made, row["effective"], AT],
        )
