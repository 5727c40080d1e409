"""`coi doctor` on versions: Python, SQLite, the packages against what was tested, the programs of the extras."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from store.doctor import Finding, Level, found
from store.version import VERSION

OLDEST_SQLITE = (3, 38)  # JSON is built in from then on
PACKAGES = ("datasette", "scrapy", "sqlite-utils", "prometheus-client", "apscheduler", "pydantic")
PROGRAMS = {
    "tesseract": "text of scanned pages (extra ocr)",
    "gs": "text of scanned pages (extra ocr)",
    "litestream": "continuous replication (extra replica)",
    "redis-server": "crawling on several machines (extra cluster), where it runs on this one",
}
PROJECT = Path(__file__).parents[1]


def versions() -> Iterator[Finding]:
    """What runs, against what this release was tested with."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield found("version.program", VERSION)
    yield found("version.python", python, "" if sys.version_info >= (3, 11) else "use Python 3.11 or newer")
    yield from _sqlite()
    pinned, wrong, have = _pinned(), [], []
    for name in PACKAGES:
        try:
            has = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        have.append(f"{name} {has}")
        if name in pinned and pinned[name] != has:
            wrong.append(f"{name} {has}, tested is {pinned[name]}")
    wrong += _unmet()
    remedy = f"{'; '.join(wrong)}: install anew with the constraints file (docs/deploy.md)" if wrong else ""
    yield found("version.packages", ", ".join(have), remedy)


def _sqlite() -> Iterator[Finding]:
    lacks = []
    conn = sqlite3.connect(":memory:")
    try:
        for what, sql in (
            ("FTS5", "create virtual table t using fts5 (x)"),
            ("JSON", "select json_extract('{\"a\":1}', '$.a')"),
            ("STRICT", "create table s (x text) strict"),
        ):
            try:
                conn.execute(sql)
            except sqlite3.Error:
                lacks.append(what)
    finally:
        conn.close()
    old = sqlite3.sqlite_version_info < OLDEST_SQLITE
    needs = [f"{'.'.join(map(str, OLDEST_SQLITE))} or newer"] * old + lacks
    yield found(
        "version.sqlite",
        f"{sqlite3.sqlite_version}, with FTS5 and JSON" if not lacks else sqlite3.sqlite_version,
        f"use a Python whose SQLite has {', '.join(needs)}" if needs else "",
    )


def _pinned() -> dict[str, str]:
    """What the constraints file of a checkout says; empty where there is none."""
    file = PROJECT / "constraints.txt"
    if not file.exists():
        return {}
    lines = (line.partition(";")[0] for line in file.read_text("utf-8").splitlines())
    pairs = (line.split("==") for line in lines if "==" in line)
    return {name.strip().lower().replace("_", "-"): pinned.strip() for name, pinned, *_ in pairs}


def _unmet() -> list[str]:
    """Packages that this release declares and that are not here."""
    lacks = []
    try:
        asked = requires("coi-tracker") or []
    except PackageNotFoundError:
        return []
    for line in asked:
        if "extra ==" in line:
            continue
        name = "".join(c if c.isalnum() or c in "-_." else " " for c in line).split()[0]
        try:
            version(name)
        except PackageNotFoundError:
            lacks.append(f"{name} is missing")
    return lacks


def programs() -> Iterator[Finding]:
    """Programs of the system that only extras need."""
    for name, what in PROGRAMS.items():
        where = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
        if where:
            yield found(f"program.{name}", where)
        else:
            yield found(f"program.{name}", f"not found; only needed for {what}", level=Level.NOTE)
