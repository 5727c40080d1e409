"""Searches that people keep: run again whenever passages come in, and each new passage noted once.

Saving and removing are acts of a person: rows are added, never changed, and stand in the audit chain. A name belongs to
one search at a time; saving it again replaces what it searches from then on.
"""

import json
import sqlite3
from dataclasses import asdict, dataclass

from store import search as searching
from store.db import writing
from store.errors import ForPeople
from store.query import parse
from store.search import Hit, SearchError, Wanted
from store.wanted import conditions

LONGEST_NAME = 100
LONGEST_LIMIT = 500  # characters of one filter
# How a search is shown, and on which day it was looked at, is not part of what it searches.
_NOT_KEPT = frozenset({"newest_first", "known_by", "basis"})


class SavedSearchError(ForPeople, ValueError):
    """A search cannot be saved or removed as asked; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search in force. news: how many passages came since it was saved; newest_at: when the newest was noted.

    problem: why it cannot be run, '' where it can; `wanted` is then empty.
    """

    id: int
    name: str
    query: str
    wanted: Wanted
    actor: str
    recorded_at: str
    news: int
    newest_at: str | None
    problem: str = ""


def save(conn: sqlite3.Connection, name: str, query: str, wanted: Wanted, *, actor: str, at: str) -> int:
    """Keep a search under a name; what we hold now is not news to it. Returns its id. Own transaction.

    Saving the same search again under its name changes nothing. Raises SavedSearchError for a name that is empty or
    too long or a filter that is none, SearchError for a query without a word.
    """
    called = _name(name)
    limits = _limits(wanted)
    _runnable(query, limits)
    if any("\ud800" <= letter <= "\udfff" for letter in query + limits):
        raise SavedSearchError(f"{query[:40]!r} holds half a character, which no text can hold; write it in UTF-8")
    with writing(conn):
        last = _current(conn, called)
        if last and (last["query"], last["wanted"]) == (query.strip(), limits):
            return int(last["id"])
        found = conn.execute(
            """insert into saved_searches (act, name, query, wanted, after_passage, actor, recorded_at)
               values ('save', ?, ?, ?, (select coalesce(max(id), 0) from passages), ?, ?)""",
            [called, query.strip(), limits, actor, at],
        )
        return int(found.lastrowid or 0)


def remove(conn: sqlite3.Connection, name: str, *, actor: str, at: str) -> None:
    """Stop a search; what it found stays. Own transaction. Raises SavedSearchError where there is none of this name."""
    called = _name(name)
    with writing(conn):
        last = _current(conn, called)
        if last is None:
            raise SavedSearchError(f"there is no saved search {called!r}; 'coi searches' lists them")
        conn.execute(
            """insert into saved_searches (act, name, query, wanted, after_passage, actor, recorded_at)
               values ('remove', ?, ?, ?, ?, ?, ?)""",
            [called, last["query"], last["wanted"], last["after_passage"], actor, at],
        )


def saved(conn: sqlite3.Connection) -> list[SavedSearch]:
    """Every search in force, by name."""
    rows = conn.execute(
        """select s.*, (select count(*) from search_notices n where n.search_id = s.id) as news,
                  (select max(n.noticed_at) from search_notices n where n.search_id = s.id) as newest_at
           from current_searches s order by s.name"""
    )
    return [_saved(row) for row in rows]


def _saved(row: sqlite3.Row) -> SavedSearch:
    wanted, problem = Wanted(), ""
    try:
        wanted = _runnable(row["query"], row["wanted"])
    except (SavedSearchError, SearchError) as error:
        problem = str(error)
    return SavedSearch(
        id=row["id"], name=row["name"], query=row["query"], wanted=wanted, actor=row["actor"],
        recorded_at=row["recorded_at"], news=row["news"], newest_at=row["newest_at"], problem=problem,
    )  # fmt: skip


def notice_new(conn: sqlite3.Connection, *, at: str) -> int:
    """Note, for each saved search, the matching passages that came since it was saved, each once; return how many.

    Looks at everything that came since, not only at the newest: a filter on a group fits once a passage is tagged.
    A search that cannot be run stops no other: at the end SavedSearchError names each, with what to do.
    """
    noted, broken = 0, []
    for row in conn.execute("select * from current_searches").fetchall():
        try:
            found = searching.matching(
                conn,
                row["query"],
                _runnable(row["query"], row["wanted"]),
                after=row["after_passage"],
                unless="exists (select 1 from search_notices n where n.search_id = :search and n.passage_id = f.rowid)",
                values={"search": row["id"]},
            )
        except (SavedSearchError, SearchError) as error:
            broken.append(
                f"the saved search {row['name']!r} cannot be run: {error}. "
                "Stop it (coi searches --remove NAME, or on its page) and save it anew"
            )
            continue
        with writing(conn):
            conn.executemany(
                "insert into search_notices (search_id, passage_id, noticed_at) values (?, ?, ?)",
                [(row["id"], passage_id, at) for passage_id in found],
            )
        noted += len(found)
    if broken:
        raise SavedSearchError("\n".join([*broken, f"{noted} passages are new to the other saved searches"]))
    return noted


def news_of(
    conn: sqlite3.Connection, found: SavedSearch, *, limit: int, around: tuple[str, str] = ("[", "]")
) -> list[tuple[Hit, str]]:
    """The newest passages that a saved search noted, each with when, newest first; none where it cannot be run."""
    if found.problem:
        return []
    rows = conn.execute(
        "select passage_id, noticed_at from search_notices where search_id = ? order by id desc limit ?",
        [found.id, limit],
    ).fetchall()
    noticed = {row["passage_id"]: row["noticed_at"] for row in rows}
    hits = searching.shown_as_found(conn, found.query, found.wanted, noticed, around=around)
    return [(hit, noticed[hit.passage_id]) for hit in hits]


def _current(conn: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = conn.execute("select * from current_searches where name = ?", [name]).fetchone()
    return row


def _name(name: str) -> str:
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise SavedSearchError(
            f"a saved search needs a name of 1 to {LONGEST_NAME} characters; {called[:40]!r} has {len(called)}"
        )
    return called


def _limits(wanted: Wanted) -> str:
    limits = {name: value for name, value in asdict(wanted).items() if name not in _NOT_KEPT and value is not None}
    return json.dumps(limits, ensure_ascii=False, sort_keys=True)


def _runnable(query: str, limits: str) -> Wanted:
    """The limits of a search that can be run. Raises SavedSearchError or SearchError saying which part cannot be."""
    parse(query)
    try:
        wanted = Wanted(**json.loads(limits))
    except (TypeError, ValueError) as error:
        raise SavedSearchError(f"its filters cannot be read ({error})") from error
    for name, value in json.loads(limits).items():
        if not isinstance(value, str):
            raise SavedSearchError(f"its filter {name!r} is {value!r:.40}, which is no text")
        if len(value) > LONGEST_LIMIT:
            raise SavedSearchError(
                f"its filter {name!r} is {len(value):,} characters long; at most {LONGEST_LIMIT} are kept"
            )
    conditions(wanted)
    return wanted
