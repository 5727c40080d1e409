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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search is limited to; None does not limit. `newest_first` orders by publication instead of by match."""

    language: str | None = None
    source_id: str | None = None
    group_id: str | None = None
    newest_first: bool = False


def search(
    conn: sqlite3.Connection,
    query: str,
    *,
    limit: int = 20,
    wanted: Wanted | None = None,
    around: tuple[str, str] = ("[", "]"),
) -> list[Hit]:
    """Find passages by words; "quoted phrases", AND OR NOT, prefix*. Best first; hits stand between `around`.

    Raises SearchError for an empty query or one that is not valid even as plain words.
    """
    if not query.strip():
        raise SearchError("the search is empty; give at least one word")
    try:
        return _run(conn, query, limit, wanted or Wanted(), around)
    except sqlite3.OperationalError:
        # Not FTS5's grammar (an apostrophe, a hyphen, a stray bracket): plain words, all of which must occur.
        return _run(conn, as_words(query), limit, wanted or Wanted(), around)


def as_words(query: str) -> str:
    """The query as quoted words, all of which must occur.

    >>> as_words("l'armée 5-year")
    '"l" "armée" "5" "year"'
    """
    words = "".join(letter if letter.isalnum() else " " for letter in query).split()
    if not words:
        raise SearchError(f"{query!r} has no word or number in it to search for")
    return " ".join(f'"{word}"' for word in words)


def _run(conn: sqlite3.Connection, query: str, limit: int, wanted: Wanted, around: tuple[str, str]) -> list[Hit]:
    filters = _filters(wanted)
    order = "d.published_on desc, f.rowid desc" if wanted.newest_first else "score, f.rowid"
    rows = conn.execute(
        f"""with newest as materialized (
             select f.rowid from passages_fts f {filters} order by f.rowid desc limit :most),
           best as materialized (
             select f.rowid, bm25(passages_fts) as score, snippet(passages_fts, 0, :open, :close, ' … ', 24) as snippet
             from passages_fts f {filters} and f.rowid >= (select min(rowid) from newest) order by {order} limit :limit)
           select p.id, p.document_id, p.language, d.external_id, d.url, d.title, d.published_on,
                  coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
                  b.snippet, -b.score as score
           from best b join passages p on p.id = b.rowid join documents d on d.id = p.document_id
           join sources s on s.id = d.source_id
           order by {"d.published_on desc, b.rowid desc" if wanted.newest_first else "b.score, b.rowid"}""",
        {
            "query": query, "most": RANK_AT_MOST, "limit": limit, "open": around[0], "close": around[1],
            "language": wanted.language, "source": wanted.source_id, "group": wanted.group_id,
        },
    ).fetchall()  # fmt: skip
    return [
        Hit(
            passage_id=row["id"], document_id=row["document_id"], external_id=row["external_id"], url=row["url"],
            title=row["title"], publisher=row["publisher"], language=row["language"],
            published_on=row["published_on"], snippet=row["snippet"], score=row["score"],
        )
        for row in rows
    ]  # fmt: skip


_DOCUMENT = "join passages p on p.id = f.rowid join documents d on d.id = p.document_id"


def _filters(wanted: Wanted) -> str:
    """The joins and conditions of a search; the plain one, best first, joins nothing and stays fast."""
    said = ["passages_fts match :query"]
    if wanted.language:
        said.append("p.language = :language")
    if wanted.source_id:
        said.append("d.source_id = :source")
    if wanted.group_id:
        said.append(
            """exists (select 1 from current_tags t where t.passage_id = f.rowid and t.kind = 'group'
                       and t.value = :group and t.decision <> 'reject')"""
        )
    joined = wanted.language or wanted.source_id or wanted.newest_first
    return f"{_DOCUMENT if joined else ''} where {' and '.join(said)}"
