"""The crawl's way into the store: batches of captures and documents, each in one short transaction.

Order is everything: bytes to the disk first, then the rows that point to them. A process killed in between leaves
bytes without a row (harmless), never a row without bytes.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from crawler.warc import WarcFile
from store import captures, documents
from store.clock import utc_now
from store.db import writing
from store.model import Capture, Change, Kept, NewVersion

BATCH_ROWS = 50
BATCH_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldVersion:
    """The newest version of a document, as far as deciding whether to read anew needs it."""

    document_id: int
    version_id: int
    extractor: str
    sha256: str  # of the capture it rests on
    warc_file: str
    warc_offset: int


class Ledger:
    """One per process. Collects what is to be written, writes it in batches; `sync` brings the archive to disk."""

    def __init__(self, conn: sqlite3.Connection, *, clock: Callable[[], str] = utc_now) -> None:
        self.conn = conn
        self._clock = clock
        self._files: list[WarcFile] = []
        self._pending: list[Callable[[], object]] = []
        self._captured: set[str] = set()  # addresses whose capture is not committed yet
        self._since = time.monotonic()

    def follow(self, file: WarcFile) -> None:
        """From now on sync this archive file before each commit."""
        self._files.append(file)

    def close_files(self) -> None:
        """Commit what waits and close the archive files of the run that ends."""
        self.commit()
        for file in self._files:
            file.close()
        self._files.clear()

    def capture(self, capture: Capture) -> None:
        """Index a capture with the next batch."""
        self._captured.add(capture.url)
        self._add(lambda: self._record(capture))
        if self.due():
            self.commit()

    def keep(
        self,
        version: NewVersion,
        capture: Capture,
        done: Callable[[Kept, Change, bool], None],
        *,
        state: str | None = None,
    ) -> None:
        """Keep a version with the next batch, put its document into `state` (None: as it is), then call `done`.

        `done` gets what was kept, what the version's own cause was, and whether it rests on this very capture.
        """

        def write() -> None:
            capture_id = self._record(capture)
            kept = documents.keep(
                self.conn, version, capture_id=capture_id, seen_at=capture.fetched_at, recorded_at=self._clock()
            )
            if state is not None:
                documents.mark_state(self.conn, kept.document_id, state, seen_at=capture.fetched_at)
            row = self.conn.execute("select cause, capture_id from versions where id = ?", [kept.version_id]).fetchone()
            done(kept, CHANGE_OF_CAUSE[row["cause"]], row["capture_id"] == capture_id)

        self._add(write)
        if self.due():
            self.commit()

    def seen(self, document_id: int, at: str) -> None:
        """Note with the next batch that a document was met again as it is (a document that was gone is back)."""
        self._add(lambda: documents.met_again(self.conn, document_id, seen_at=at))

    def mark(self, document_id: int, state: str, at: str) -> None:
        """Change a document's state with the next batch; `at` is when that was seen."""
        self._add(lambda: documents.mark_state(self.conn, document_id, state, seen_at=at))

    def latest(self, url: str, *, at: str | None = None) -> tuple[int, Capture] | None:
        """The newest capture of an address (fetched no later than `at`), this run's own included."""
        if url in self._captured:
            self.commit()
        return captures.latest(self.conn, url, at=at)

    def held(self, source_id: str, *, key: str | None, url: str, at: str) -> HeldVersion | None:
        """The version that stood at an instant, of the document with this key or (key unknown) with this address."""
        by = "key" if key else "url"  # one condition each, so that each finds its index
        row = self.conn.execute(
            f"""select d.id as document_id, v.id as version_id, v.extractor, c.sha256, c.warc_file, c.warc_offset
               from documents d join versions v on v.document_id = d.id join captures c on c.id = v.capture_id
               where d.source_id = ? and d.{by} = ? and v.seen_at <= ?
               order by v.seen_at desc, v.id desc limit 1""",  # noqa: S608 (one of two words of ours)
            [source_id, key or url, at],
        ).fetchone()
        return HeldVersion(**row) if row else None

    def last_success(self, source_id: str) -> str | None:
        """When the source last had a run that did not fail, as an instant."""
        row = self.conn.execute("select last_success_at from source_health where id = ?", [source_id]).fetchone()
        return row["last_success_at"] if row else None

    def commit(self) -> None:
        """Sync the archive, then write everything that waits in one transaction."""
        pending, self._pending = self._pending, []
        self._since = time.monotonic()
        if not pending:
            return
        for file in self._files:
            file.sync()
        with writing(self.conn):
            for write in pending:
                write()
        self._captured.clear()

    def due(self) -> bool:
        """True when a batch is full or has waited long enough."""
        return len(self._pending) >= BATCH_ROWS or time.monotonic() - self._since >= BATCH_S

    def _add(self, write: Callable[[], object]) -> None:
        if not self._pending:
            self._since = time.monotonic()
        self._pending.append(write)

    def _record(self, capture: Capture) -> int:
        return captures.record(self.conn, capture, recorded_at=self._clock())


CHANGE_OF_CAUSE = {"first": Change.NEW, "edited": Change.CHANGED, "reread": Change.REREAD}
