"""A home's register brought up to what is declared, before a command rests on it.

A watershed that stands in a file and not yet in the store would leave a status standing that it voids.
"""

import sqlite3

import click

from review import register
from store.clock import utc_now
from store.db import StoreError, connect, connect_readonly, stands_still
from store.home import Home


def brought_up(home: Home, *, say: bool = True) -> None:
    """Take in what was declared since; say what was refused, if asked. Nothing is written where nothing was.

    Raises DeclarationError or ChangedWithoutVersion where the files do not hold, StoreError where there is no store, or
    where it is behind and can only be read.
    """
    conn = connect_readonly(home)
    try:
        if not register.behind(conn, home.declared):
            return
    finally:
        conn.close()
    if stands_still(home):
        raise StoreError(
            f"{home.database} has not taken in what is declared by now and can only be read here, so a status might be "
            "shown that a declaration voids; make its disk writable (mount -o remount,rw) and run the same again"
        )
    conn = connect(home)
    try:
        refused = register.fresh(conn, home.declared, at=utc_now(), strict=True)
    finally:
        conn.close()
    for problem in refused if say else ():
        click.echo(f"refused, the rest goes on: {problem}", err=True)


def read(home: Home, *, say: bool = True) -> sqlite3.Connection:
    """A connection that only reads, to a store that knows every declaration."""
    brought_up(home, say=say)
    return connect_readonly(home)
