"""What a run wrote to its store, line by line, so that another store can write the same by the same functions.

A crawl on another machine notes here every write of its ledger in the order in which it was made (gzip, one JSON array
a line). Documents are named by their key and captures by file and offset: numbers of rows differ between stores.
"""

import gzip
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.health import Problem
from store import runs
from store.model import Capture, NewVersion

FORMAT = 1


class Journal:
    """One file of one run; whole once `end` was called."""

    def __init__(self, path: Path) -> None:
        self._out = gzip.open(path, "wt", encoding="utf-8", compresslevel=5)  # noqa: SIM115 (closed by `end`)
        self._line("journal", FORMAT)

    def capture(self, conn: sqlite3.Connection, capture: Capture) -> None:
        """A capture was indexed; what it refers to is named by its place."""
        place = None
        if capture.refers_to is not None:
            row = conn.execute("select warc_file, warc_offset from captures where id = ?", [capture.refers_to])
            place = list(row.fetchone())
        self._line("capture", asdict(capture) | {"refers_to": None}, place)

    def keep(self, version: NewVersion, capture: Capture, state: str | None) -> None:
        """A version was offered to the store, resting on a capture noted before."""
        self._line("keep", asdict(version), [capture.warc_file, capture.warc_offset], state)

    def seen(self, conn: sqlite3.Connection, document_id: int, at: str) -> None:
        """A document was met again as it is."""
        self._line("seen", _key(conn, document_id), at)

    def mark(self, conn: sqlite3.Connection, document_id: int, state: str, at: str) -> None:
        """A document's state was changed."""
        self._line("mark", _key(conn, document_id), state, at)

    def asked(self, conn: sqlite3.Connection, document_id: int, at: str) -> None:
        """A document was asked for though no list showed it."""
        self._line("asked", _key(conn, document_id), at)

    def absent(self, conn: sqlite3.Connection, document_id: int, said: str, at: str) -> None:
        """A document was asked for and not there."""
        self._line("absent", _key(conn, document_id), said, at)

    def end(self, conn: sqlite3.Connection, run_id: int, problems: Sequence[Problem], at: str) -> None:
        """The run has ended: its row, and what went wrong at which instant. Closes the file."""
        row = conn.execute("select started_at, ended_at, status, message from runs where id = ?", [run_id]).fetchone()
        said = [[problem.url, problem.what, problem.remedy, at] for problem in problems]
        self._line("end", dict(row) | {"counts": asdict(runs.counted(conn, run_id)), "problems": said})
        self._out.close()

    def _line(self, *said: Any) -> None:  # noqa: ANN401 (what JSON can carry)
        self._out.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")


def _key(conn: sqlite3.Connection, document_id: int) -> str:
    return str(conn.execute("select key from documents where id = ?", [document_id]).fetchone()["key"])
