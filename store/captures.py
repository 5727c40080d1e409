"""The index of the archive: one row for each stored response. Rows are added, never changed."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields

from store.model import Capture

COLUMNS = tuple(field.name for field in fields(Capture))
_NAMES = ", ".join(COLUMNS)
# Of a capture whose file is named as runs of a source name theirs: begun at, source, number.
FETCHED_BY = "warc_file glob '????????T??????Z-' || {} || '-[0-9][0-9][0-9][0-9][0-9].warc.gz'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A version as a page that people look up: the capture it was read from, its title and text."""

    capture_id: int
    url: str
    fetched_at: str
    title: str
    text: str


def record(conn: sqlite3.Connection, capture: Capture, *, recorded_at: str) -> int:
    """Index one WARC record and return its id; the same (file, offset) again returns the same id.

    Call it only after the record's bytes are on disk.
    """
    marks = ", ".join("?" for _ in COLUMNS)
    conn.execute(
        f"""insert into captures ({_NAMES}, recorded_at) values ({marks}, ?)
            on conflict (warc_file, warc_offset) do nothing""",
        [*(getattr(capture, name) for name in COLUMNS), max(recorded_at, capture.fetched_at)],
    )
    row = conn.execute(
        "select id from captures where warc_file = ? and warc_offset = ?", [capture.warc_file, capture.warc_offset]
    ).fetchone()
    return int(row["id"])


def latest(
    conn: sqlite3.Connection, url: str, *, at: str | None = None, by: str | None = None
) -> tuple[int, Capture] | None:
    """Return the newest capture of a URL fetched at or before an instant (None: the newest of all).

    `by`: only what runs of this source fetched; not what was imported, nor what a worker of another source shipped.
    """
    row = conn.execute(
        f"""select id, {_NAMES} from captures where url = ? and (? is null or fetched_at <= ?)
              and (? is null or {FETCHED_BY.format("?")})
            order by fetched_at desc, id desc limit 1""",
        [url, at, at, by, by],
    ).fetchone()
    return (row["id"], _capture(row)) if row else None


def get(conn: sqlite3.Connection, capture_id: int) -> Capture:
    """Return one capture; KeyError names an id that does not exist."""
    row = conn.execute(f"select {_NAMES} from captures where id = ?", [capture_id]).fetchone()
    if row is None:
        raise KeyError(f"no capture {capture_id}")
    return _capture(row)


def held(conn: sqlite3.Connection, url: str, fetched_at: str, digest: str) -> int | None:
    """Return the id of the capture with this URL, instant and body, where it is already held."""
    row = conn.execute(
        "select id from captures where url = ? and fetched_at = ? and sha256 = ?", [url, fetched_at, digest]
    ).fetchone()
    return int(row["id"]) if row else None


def holding(conn: sqlite3.Connection, digest: str) -> tuple[int, Capture] | None:
    """Return the newest capture, of whatever address, whose own record holds the body with this SHA-256."""
    row = conn.execute(
        f"""select id, {_NAMES} from captures where sha256 = ? and refers_to is null order by id desc limit 1""",
        [digest],
    ).fetchone()
    return (row["id"], _capture(row)) if row else None


def between(conn: sqlite3.Connection, begin: str, end: str) -> Iterator[tuple[int, Capture]]:
    """Yield the captures fetched from one instant to another, both included, in time order."""
    rows = conn.execute(
        f"select id, {_NAMES} from captures where fetched_at between ? and ? order by fetched_at, url, id", [begin, end]
    )
    for row in rows:
        yield row["id"], _capture(row)


def of_source(conn: sqlite3.Connection, source_id: str) -> tuple[frozenset[int], frozenset[str]]:
    """What is known of a source's captures: ids of those its versions rest on, and the addresses of its documents."""
    ids = conn.execute(
        "select v.capture_id from versions v join documents d on d.id = v.document_id where d.source_id = ?",
        [source_id],
    )
    urls = conn.execute("select url from documents where source_id = ?", [source_id])
    return frozenset(row[0] for row in ids), frozenset(row[0] for row in urls)


def pages(conn: sqlite3.Connection, begin: str, end: str) -> Iterator[Page]:
    """Yield what was read from the captures of a time (first and last instant), a page for each version."""
    rows = conn.execute(
        """select c.id, c.url, c.fetched_at, v.title, v.text from versions v join captures c on c.id = v.capture_id
           where c.fetched_at between ? and ? order by c.fetched_at, c.url, v.id""",
        [begin, end],
    )
    for row in rows:
        yield Page(capture_id=row["id"], url=row["url"], fetched_at=row["fetched_at"], title=row["title"],
                   text=row["text"])  # fmt: skip


def _capture(row: sqlite3.Row) -> Capture:
    return Capture(**{name: row[name] for name in COLUMNS})
