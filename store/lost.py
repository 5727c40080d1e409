"""What a backup lacks of the home that it replaces: above all the acts of people that came after it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from store.db import prepare
from store.home import Home
from store.verify import chain_head

# When an act was done, by whatever name its table has for it.
_AT = "coalesce(" + ", ".join(
    f"json_extract(row_json, '$.{name}')"
    for name in ("decided_at", "recorded_at", "signed_at", "searched_at", "acknowledged_at", "coded_at", "written_at",
                 "translated_at", "proposed_at", "at")
) + ")"  # fmt: skip
_COUNTED = ("captures", "documents", "versions", "evidence")


def lost(home: Home, copy: Path) -> Iterator[str]:
    """Say what the home's database holds and the copy does not, one sentence each; nothing where it lacks nothing."""
    try:
        old = _open(home.database)
        new = _open(copy)
        try:
            yield from _acts(old, new)
            for table in _COUNTED:
                count = f"select count(*) from {table}"
                less = old.execute(count).fetchone()[0] - new.execute(count).fetchone()[0]
                if less > 0:
                    yield f"{less:,} {table} that came after the backup; what was moved aside has them"
        finally:
            old.close()
            new.close()
    except sqlite3.Error as error:
        yield f"{home.database} cannot be read ({error}), so it is not known what it held beyond the backup"


def _acts(old: sqlite3.Connection, new: sqlite3.Connection) -> Iterator[str]:
    head = chain_head(new)
    row = old.execute("select id from audit where hash = ?", [head.hash]).fetchone() if head.hash else (0,)
    if row is None:
        yield (
            f"the home's audit chain does not hold the backup's end ({head.hash[:16]}...): the backup is of another "
            "home, or newer than this one"
        )
        return
    first, last = old.execute(f"select min({_AT}), max({_AT}) from audit where id > ?", [row[0]]).fetchone()
    by_table = old.execute(
        "select table_name, count(*) from audit where id > ? group by table_name order by 1", [row[0]]
    ).fetchall()
    if by_table:
        what = ", ".join(f"{number} {table}" for table, number in by_table)
        total = sum(number for _, number in by_table)
        yield f"{total:,} acts of people from {first} to {last} that came after the backup: {what}"


def _open(database: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    prepare(conn)
    return conn
