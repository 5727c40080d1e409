"""The home's database for a command, opened and closed around it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from store import db
from store.home import Home


@contextmanager
def reading() -> Iterator[sqlite3.Connection]:
    """A connection that only reads. StoreError where there is no database yet."""
    conn = db.connect_readonly(Home.from_environment())
    try:
        yield conn
    finally:
        conn.close()


@contextmanager
def writing() -> Iterator[sqlite3.Connection]:
    """One transaction; what goes wrong inside leaves nothing behind."""
    conn = db.connect(Home.from_environment())
    try:
        with db.writing(conn):
            yield conn
    finally:
        conn.close()
