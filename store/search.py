"""Full-text search over passages (FTS5)."""

import sqlite3
from dataclasses import dataclass

# Best-first ranking of a very common word reads every hit; beyond this many, rank only the newest (tech: 7-10 ms).
RANK_AT_MOST = 5_000


class SearchError(ValueError):
    """The search cannot be run as written; the message says how to write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    passage_id: int
    document_id: int
    external_id: str | None
    url: str
    title: str
    publisher: str
    language: str | None
    published_on: str | None
    snippet: str
    score: float


def search(conn: sqlite3.Connection, query: str, *, limit: int = 20) -> list[Hit]:
    """Find passages by words; "quoted phrases", AND OR NOT, prefix*. Best first.

    Raises SearchError for an empty query or one that is not valid even as plain words.
    """
    if not query.strip():
        raise SearchError("the search is empty; give at least one word")
    try:
        return _run(conn, query, limit)
    except sqlite3.OperationalError:
        # Not FTS5's grammar (an apostrophe, a hyphen, a stray bracket): plain words, all of which must occur.
        return _run(conn, as_words(query), limit)


def as_words(query: str) -> str:
    """The query as quoted words, all of which must occur.

    >>> as_words("l'armée 5-year")
    '"l" "armée" "5" "year"'
    """
    words = "".join(letter if letter.isalnum() else " " for letter in query).split()
    if not words:
        raise SearchError(f"{query!r} has no word or number in it to search for")
    return " ".join(f'"{word}"' for word in words)


def _run(conn: sqlite3.Connection, query: str, limit: int) -> list[Hit]:
    rows = conn.execute(
        """with newest as materialized (
             select rowid from passages_fts where passages_fts match :query order by rowid desc limit :most),
           best as materialized (
             select rowid, bm25(passages_fts) as score, snippet(passages_fts, 0, '[', ']', ' … ', 24) as snippet
             from passages_fts where passages_fts match :query and rowid >= (select min(rowid) from newest)
             order by score, rowid limit :limit)
           select p.id, p.document_id, p.language, d.external_id, d.url, d.title, d.published_on, s.publisher,
                  b.snippet, -b.score as score
           from best b join passages p on p.id = b.rowid join documents d on d.id = p.document_id
           join sources s on s.id = d.source_id order by b.score, b.rowid""",
        {"query": query, "most": RANK_AT_MOST, "limit": limit},
    ).fetchall()
    return [
        Hit(
            passage_id=row["id"], document_id=row["document_id"], external_id=row["external_id"], url=row["url"],
            title=row["title"], publisher=row["publisher"], language=row["language"],
            published_on=row["published_on"], snippet=row["snippet"], score=row["score"],
        )
        for row in rows
    ]  # fmt: skip
