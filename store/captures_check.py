"""Does the archive still hold the bytes that the index promises? Every capture's record is read and hashed again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from store.archive_read import BytesLost, payload
from store.captures import COLUMNS
from store.model import Capture


def capture_problems(conn: sqlite3.Connection, archive: Path) -> Iterator[str]:
    """Say which captures' bytes are missing or changed, one sentence each."""
    for row in conn.execute(f"select id, {', '.join(COLUMNS)} from captures where refers_to is null order by id"):
        capture = Capture(**{name: row[name] for name in COLUMNS})
        try:
            payload(archive, capture)
        except BytesLost as error:
            yield f"capture {row['id']} of {capture.url}: {error}"
