"""What must hold in a home after a fault: verified, nothing twice, the rows of an undisturbed run."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from store.captures_check import capture_problems
from store.db import connect_readonly
from store.home import Home
from store.verify import database_problems
from tests.faults.homes import ROWS, differences, rows_of

# What two crawls of one site must have in common, whenever they were.
LIVE = {
    "documents": "select source_id, key, title, language, published_on, state from documents",
    "versions": """select d.key, v.text_sha256, v.extractor, v.cause
      from versions v join documents d on d.id = v.document_id""",
    "passages": """select d.key, p.text_sha256, vp.position from version_passages vp
      join passages p on p.id = vp.passage_id join versions v on v.id = vp.version_id
      join documents d on d.id = v.document_id""",
    "captured": "select distinct url, sha256 from captures where url not like '%robots.txt'",
    "runs": "select source_id, slot, status from runs",
}  # fmt: skip


class Lost(AssertionError):
    """Something did not survive a fault. The message says what."""


def problems(home: Path) -> list[str]:
    """What `coi verify` would say, without its process."""
    conn = connect_readonly(Home(home))
    try:
        return [*database_problems(conn), *capture_problems(conn, home / "archive")]
    finally:
        conn.close()


def holds(home: Path) -> None:
    """Raise Lost unless `coi verify` finds nothing, no document is there twice, and no version came twice."""
    if not counts(home):
        return  # nothing was committed yet
    if found := problems(home):
        raise Lost(f"coi verify: {found[:3]}")
    twice = rows(home, """select source_id, url, count(*) from documents group by source_id, url having count(*) > 1
                          union all select d.source_id, d.key, count(*) from versions v
                          join documents d on d.id = v.document_id
                          group by d.id, v.text_sha256, v.extractor, v.seen_at having count(*) > 1""")  # fmt: skip
    if twice:
        raise Lost(f"twice: {twice[:3]}")


def same(calm: Path, shaken: Path, tables: Iterable[str] = tuple(ROWS), live: bool = False) -> None:
    """Raise Lost unless both homes hold the same rows. `live`: but for the times of two crawls."""
    one, other = (live_rows(calm), live_rows(shaken)) if live else (rows_of(calm), rows_of(shaken))
    names = list(one) if live else [name for name in tables if name in one]
    said = differences({name: one[name] for name in names}, {name: other[name] for name in names})
    if said:
        raise Lost("not as in an undisturbed run: " + "; ".join(said)[:1500])


def live_rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """What two live crawls of one site have in common."""
    return {name: sorted(map(repr, rows(home, sql))) for name, sql in LIVE.items()}  # type: ignore[misc, arg-type]


def rows(home: Path, sql: str, *values: object) -> list[tuple]:
    """What a query finds in a home."""
    conn = sqlite3.connect(f"file:{home / 'coi.db'}?mode=ro", uri=True, timeout=60)
    try:
        return [tuple(row) for row in conn.execute(sql, values)]
    finally:
        conn.close()


_GROW = ("captures", "documents", "versions", "examinations", "mentions", "vectors", "linkings", "origin_keys",
         "evidence", "relevance", "verdicts", "run_problems", "signoffs", "alerts", "letters",
         "deliveries")  # fmt: skip
_GROWN = " union all ".join(f"select count(*) from {name}" for name in _GROW)


def counts(home: Path) -> tuple[object, ...]:
    """How far a home has come: the sizes of the tables that its work fills; () where there is no database."""
    try:
        return tuple(rows(home, _GROWN)) if (home / "coi.db").exists() else ()
    except sqlite3.OperationalError:
        return ()  # killed before the first commit
