"""Which texts were written for the example, so that a page says it of those and of no others."""

import sqlite3
from datetime import date
from urllib.parse import urlsplit

PREFIX, HOST = "example_", ".example"  # a reserved top-level domain: no publisher can stand under it (RFC 2606)
DAY = date(2022, 6, 29)  # the moratorium's second day: the example's own present


def invented(source_id: str, homepage: str, url: str | None = None) -> bool:
    """Whether a text was written for the example: its source is one of the example's, and no real address is its own.

    >>> invented("example_nos", ""), invented("manual", "", "https://government.nl/a")
    (True, False)
    >>> invented("example_nos", "", "https://government.nl/a")
    False
    """
    return (source_id.startswith(PREFIX) or _reserved(homepage)) and (not _host(url) or _reserved(url))


def banner(conn: sqlite3.Connection) -> str:
    """The key of the words above every page: '' without the example, else whether other texts stand beside it."""
    row = conn.execute("select value from settings where key = 'example'").fetchone()
    if row is None or row["value"] != "1":
        return ""
    held = conn.execute(
        """select s.id, s.homepage from sources s
           where exists (select 1 from documents d where d.source_id = s.id)"""
    )
    return "site.example" if all(invented(source["id"], source["homepage"]) for source in held) else "site.mixed"


def _reserved(address: str | None) -> bool:
    return _host(address).endswith(HOST)


def _host(address: str | None) -> str:
    try:
        return urlsplit(address or "").hostname or ""
    except ValueError:  # not an address at all
        return ""
