"""Replays that are kept beside the database, because a big home takes minutes for one; with what they were made from.

A file a replay, in the folder `backtests` of the home; it can be deleted at any time and is made again when it is
asked for. `python -m review.backtest_kept ID BASIS READING` makes one, as the site does in a process of its own.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from review import marks
from review.backtest import replay
from review.backtest_types import Act, Compared, Point, Replay
from review.method.words import Said
from store.clock import utc_now
from store.db import connect_readonly, home_of
from store.home import Home

WEEK = 7
LOWER = 10  # how far a process that only keeps replays steps back for the site and the crawler (nice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A replay with when it was made, how long that took, and whether anything it rests on has changed since."""

    replay: Replay
    at: str
    seconds: float
    current: bool


def made(
    conn: sqlite3.Connection,
    moratorium_id: str,
    *,
    basis: str,
    reading: str,
    every_days: int = WEEK,
    progress: Callable[[date], object] = lambda day: None,
) -> Replay:
    """Replay a moratorium up to today; a weekly replay is kept, where the home can be written. Raises BacktestError."""
    stamp, began, today = stamp_of(conn), monotonic(), datetime.now(UTC).date()
    found = replay(
        conn, moratorium_id, basis=basis, reading=reading, today=today, every_days=every_days, progress=progress
    )
    if every_days == WEEK:
        with suppress(PermissionError):  # somebody else's home: the replay is shown all the same
            keep(conn, found, stamp=stamp, seconds=monotonic() - began)
    return found


def keep(conn: sqlite3.Connection, found: Replay, *, stamp: str, seconds: float) -> None:
    """Write a weekly replay to the home of a database; whole or not at all."""
    path = _path(home_of(conn), found.moratorium_id, found.basis, found.reading)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    value = {"stamp": stamp, "at": utc_now(), "seconds": round(seconds, 1), "replay": asdict(found)}
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(value, default=str, ensure_ascii=False), "utf-8")
    part.replace(path)


def kept(conn: sqlite3.Connection, moratorium_id: str, *, basis: str, reading: str) -> Kept | None:
    """The replay that is kept; None where there is none, or another release made it."""
    try:
        value = json.loads(_path(home_of(conn), moratorium_id, basis, reading).read_text("utf-8"))
        found = _replay(value["replay"])
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return None
    return Kept(
        replay=found, at=value["at"], seconds=value["seconds"], current=value["stamp"] == stamp_of(conn)
    )  # fmt: skip


def stamp_of(conn: sqlite3.Connection) -> str:
    """A digest of what replays rest on: code and declarations, the rows that verdicts read, the day."""
    counted = dict.fromkeys((*marks.TABLES, "moratorium_events"), "max(rowid)")
    counted |= dict.fromkeys(("moratorium_scopes", "watersheds"), "count(*)")  # these have no row numbers
    heads = [conn.execute(f"select {how} from {name}").fetchone()[0] for name, how in counted.items()]  # noqa: S608 - ours
    return sha256(json.dumps([marks.world(conn), heads, str(datetime.now(UTC).date())]).encode()).hexdigest()


def _path(home: Home, moratorium_id: str, basis: str, reading: str) -> Path:
    return home.backtests / f"{sha256(moratorium_id.encode()).hexdigest()[:16]}.{basis}.{reading}.json"


def _replay(value: dict[str, Any]) -> Replay:
    """A replay as it was written. Raises KeyError, TypeError or ValueError for one of another release."""
    lists = {name: tuple(value[name]) for name in ("deciding", "groups")}
    return Replay(
        **value | lists
        | {
            "acts": tuple(map(_act, value["acts"])),
            "points": tuple(Point(**one | {"as_of": date.fromisoformat(one["as_of"])}) for one in value["points"]),
            "compared": tuple(map(_compared, value["compared"])),
        }
    )  # fmt: skip


def _act(value: dict[str, Any]) -> Act:
    return Act(**value | {"on": date.fromisoformat(value["on"])})


def _compared(value: dict[str, Any]) -> Compared:
    lists = {name: tuple(value[name]) for name in ("reasons", "reasons_nl")}
    return Compared(**value | lists | {"act": _act(value["act"]), "said": Said(**value["said"])})


def main() -> None:
    """Keep the replay that the arguments name: ID BASIS READING, in $COI_HOME."""
    os.nice(LOWER)
    name, basis, reading = sys.argv[1:]
    made(connect_readonly(Home.from_environment()), name, basis=basis, reading=reading)


if __name__ == "__main__":
    main()
