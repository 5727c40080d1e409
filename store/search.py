"""Full-text search over passages (FTS5): forms of words joined, limits, snippets."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from store import lemmas
from store.query import Node, Phrase, SearchError, Word, as_fts, leaves, parse
from store.snippets import Sought, snippet, sought
from store.wanted import Wanted, conditions, filtered

__all__ = ["Hit", "SearchError", "Wanted", "search", "show"]

# Best-first ranking of a very common word reads every hit; beyond this many, rank only the newest (tech: 7-10 ms).
RANK_AT_MOST = 5_000
# An exact form counts for more than another form of the word.
_RANK = "bm25(passages_fts, 1.0, 0.5)"


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


def search(
    conn: sqlite3.Connection,
    query: str,
    *,
    limit: int = 20,
    skip: int = 0,
    wanted: Wanted | None = None,
    around: tuple[str, str] = ("[", "]"),
) -> list[Hit]:
    """Find passages by words in any of their forms; "quoted phrases", AND OR NOT, prefix*. Best first, after `skip`.

    Hits stand between `around`. Raises SearchError for a query without a word, or one too long to be meant.
    """
    asked = wanted or Wanted()
    node = parse(query).node
    ranked = _ranked(conn, match_of(conn, node, asked), skip + limit, asked)[skip:]
    return show(conn, ranked, of=_sought(conn, node, asked), around=around)


def show(
    conn: sqlite3.Connection,
    ranked: Sequence[tuple[int, float]],
    *,
    of: Sought | None = None,
    around: tuple[str, str] = ("[", "]"),
) -> list[Hit]:
    """Hits for (passage id, score) pairs, in their order, with what a reader needs beside each."""
    marks = ", ".join("?" for _ in ranked)
    rows = conn.execute(
        f"""select p.id, p.document_id, p.language, p.text, p.lemmas, d.external_id, d.url, d.title, d.published_on,
                   coalesce(nullif(d.publisher, ''), s.publisher) as publisher
            from passages p join documents d on d.id = p.document_id join sources s on s.id = d.source_id
            where p.id in ({marks})""",
        [passage_id for passage_id, _ in ranked],
    )
    held = {row["id"]: row for row in rows}
    return [
        Hit(
            passage_id=row["id"], document_id=row["document_id"], external_id=row["external_id"], url=row["url"],
            title=row["title"], publisher=row["publisher"], language=row["language"],
            published_on=row["published_on"],
            snippet=snippet(row["text"], row["language"], _present(of, row["lemmas"]), around=around), score=score,
        )
        for passage_id, score in ranked
        if (row := held.get(passage_id))
    ]  # fmt: skip


def _present(of: Sought | None, lemmas_held: str) -> Sought:
    """What is sought in one passage: without lemmas that it does not hold, so that its words need no looking up."""
    if of is None or not of.lemmas:
        return of or Sought()
    return replace(of, lemmas=of.lemmas.intersection(lemmas_held.split()))


def shown_as_found(
    conn: sqlite3.Connection,
    query: str,
    wanted: Wanted,
    passage_ids: Iterable[int],
    *,
    around: tuple[str, str] = ("[", "]"),
) -> list[Hit]:
    """Hits for passages that a search found earlier, in this order, with what it sought marked."""
    of = _sought(conn, parse(query).node, wanted)
    return show(conn, [(passage_id, 0.0) for passage_id in passage_ids], of=of, around=around)


def matching(
    conn: sqlite3.Connection, query: str, wanted: Wanted, *, after: int, unless: str, values: dict[str, object]
) -> list[int]:
    """Ids of all matching passages above `after` for which `unless` (SQL over f.rowid, with `values`) is not true."""
    sql, bound = filtered(wanted)
    rows = conn.execute(
        f"select f.rowid from passages_fts f {sql} and f.rowid > :after and not ({unless}) order by f.rowid",
        bound | values | {"query": match_of(conn, parse(query).node, wanted), "after": after},
    )
    return [row[0] for row in rows]


def only(conn: sqlite3.Connection, passage_ids: Iterable[int], wanted: Wanted) -> list[int]:
    """Of these passages, in their order, those to which a search is limited."""
    ids = list(passage_ids)
    if not conditions(wanted):
        return ids
    sql, bound = filtered(wanted, "passages f", "f.id in (select value from json_each(:ids))", row="f.id")
    found = {row[0] for row in conn.execute(f"select f.id from {sql}", bound | {"ids": str(ids)})}
    return [passage_id for passage_id in ids if passage_id in found]


def alike_by_words(conn: sqlite3.Connection, passage_id: int, *, limit: int = 20) -> list[Hit]:
    """Passages that share rare words with one: what "like this one" means where there is no encoder."""
    row = conn.execute("select text, language, lemmas from passages where id = ?", [passage_id]).fetchone()
    if row is None:
        return []
    # The longest words stand for the rarest: what most texts share is short.
    terms = sorted(set(row["lemmas"].split()), key=lambda term: (-len(term), term))[:12]
    if not terms:
        return []
    match = " OR ".join(f'lemmas : "{term}"' for term in terms)
    ranked = _ranked(conn, match, limit + 1, Wanted())
    others = [(found, score) for found, score in ranked if found != passage_id][:limit]
    return show(conn, others, of=Sought(lemmas=frozenset(terms)))


def languages_held(conn: sqlite3.Connection) -> tuple[str, ...]:
    """The languages of the passages we hold, among those whose words have lemmas (read from the index, in no time)."""
    rows = conn.execute(
        """with recursive spoken(code) as (
             select min(language) from passages
             union all
             select (select min(language) from passages where language > spoken.code) from spoken
             where spoken.code is not null)
           select code from spoken where code is not null"""
    )
    found = {lemmas.language_code(row[0]) for row in rows}
    return tuple(code for code in lemmas.LANGUAGES if code in found)


def _languages(conn: sqlite3.Connection, wanted: Wanted) -> tuple[tuple[str, ...], bool]:
    """In which languages a word is looked up, and whether the person said so."""
    code = lemmas.language_code(wanted.language)
    return ((code,), True) if code else (languages_held(conn), False)


def match_of(conn: sqlite3.Connection, node: Node, wanted: Wanted) -> str:
    """The tree in FTS5's grammar, its words looked up in the language asked for, else in all that we hold."""
    languages, sure = _languages(conn, wanted)
    return as_fts(node, languages, sure=sure)


def _sought(conn: sqlite3.Connection, node: Node, wanted: Wanted) -> Sought:
    languages, sure = _languages(conn, wanted)
    words = [leaf.text for leaf in leaves(node) if isinstance(leaf, Word) and not isinstance(leaf, Phrase)]
    return sought(node, frozenset(lemma for word in words for lemma in lemmas.asked(word, languages, sure=sure)))


def _ranked(conn: sqlite3.Connection, match: str, limit: int, wanted: Wanted) -> list[tuple[int, float]]:
    """(passage id, score) of the best, or newest (score 0), hits among the newest RANK_AT_MOST that fit the filters."""
    sql, bound = filtered(wanted)
    newest = f"select f.rowid from passages_fts f {sql} order by f.rowid desc limit :most"
    limited = "and +f.rowid in (select rowid from newest)" if conditions(wanted) else ""
    by_day = """select n.rowid, 0.0 from newest n cross join passages p on p.id = n.rowid
                cross join documents d on d.id = p.document_id
                order by d.published_on desc, n.rowid desc limit :limit"""
    by_match = f"""select f.rowid, -{_RANK} as score from passages_fts f
                   where passages_fts match :query and f.rowid >= (select min(rowid) from newest) {limited}
                   order by score desc, f.rowid limit :limit"""
    rows = conn.execute(
        f"with newest as materialized ({newest}) {by_day if wanted.newest_first else by_match}",
        bound | {"query": match, "most": RANK_AT_MOST, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]
