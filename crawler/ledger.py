"""The crawl's way into the store: batches of captures and documents, each in one short transaction.

Order is everything: bytes to the disk first, then the rows that point to them. A process killed in between leaves
bytes without a row (harmless), never a row without bytes.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from crawler.journal import Journal
from crawler.warc import WarcFile
from store import captures, documents, held, presence
from store.clock import instant, utc_now
from store.db import writing
from store.held import HeldVersion, Unseen
from store.model import Capture, Change, Kept, NewVersion

BATCH_ROWS = 200  # a capture and a document are two; larger transactions spare syncs and work on the text index
BATCH_S = 1.0
RECHECKS = 20  # documents that one run asks for again although no list shows them


class Ledger:
    """One per process. Collects what is to be written, writes it in batches; `sync` brings the archive to disk."""

    def __init__(
        self, conn: sqlite3.Connection, *, clock: Callable[[], str] = utc_now, journal: Journal | None = None
    ) -> None:
        self.conn = conn
        self.journal = journal  # of a run for another machine: what was written, in its order
        self._clock = clock
        self.refused = ""  # what the database said where it refused a batch, until a run has told it
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

        def write() -> None:
            self._record(capture)
            self._say(lambda journal: journal.capture(self.conn, capture))

        self._add(write)
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
                self.conn,
                version,
                capture_id=capture_id,
                seen_at=capture.fetched_at,
                recorded_at=self._clock(),
                withdrawn=state == "withdrawn",
            )
            if state is not None:
                presence.mark_state(self.conn, kept.document_id, state, seen_at=capture.fetched_at)
            self._say(lambda journal: journal.keep(version, capture, state))
            row = self.conn.execute("select cause, capture_id from versions where id = ?", [kept.version_id]).fetchone()
            done(kept, CHANGE_OF_CAUSE[row["cause"]], row["capture_id"] == capture_id)

        self._add(write)
        if self.due():
            self.commit()

    def seen(self, document_id: int, at: str) -> None:
        """Note with the next batch that a document was met again as it is (a document that was gone is back)."""

        def write() -> None:
            presence.met_again(self.conn, document_id, seen_at=at)
            self._say(lambda journal: journal.seen(self.conn, document_id, at))

        self._add(write)

    def mark(self, document_id: int, state: str, at: str) -> None:
        """Change a document's state with the next batch; `at` is when that was seen."""

        def write() -> None:
            presence.mark_state(self.conn, document_id, state, seen_at=at)
            self._say(lambda journal: journal.mark(self.conn, document_id, state, at))

        self._add(write)

    def asked(self, document_id: int, at: str) -> None:
        """Note at once that a document was asked for though no list showed it."""
        with writing(self.conn):
            presence.asked(self.conn, document_id, at=at)
            self._say(lambda journal: journal.asked(self.conn, document_id, at))

    def latest(self, url: str, *, at: str | None = None, by: str | None = None) -> tuple[int, Capture] | None:
        """The newest capture of an address (fetched no later than `at`), this run's own included.

        `by`: only what runs of this source fetched; others' archives say nothing of the publisher's validators, and
        what another source's worker shipped must not become a text of this one.
        """
        if url in self._captured:
            self.commit()
        return captures.latest(self.conn, url, at=at, by=by)

    def absent(self, document_id: int, said: str, at: str, done: Callable[[bool], None]) -> None:
        """Note with the next batch that a document was not there; `done` hears whether it counts as gone."""

        def write() -> None:
            is_gone = presence.absent(self.conn, document_id, said, seen_at=at, now=self._clock())
            self._say(lambda journal: journal.absent(self.conn, document_id, said, at))
            done(is_gone)

        self._add(write)

    def held(self, source_id: str, *, key: str | None, address: str, at: str) -> HeldVersion | None:
        """The version that stood at an instant, of the document with this key or (key unknown) at this address."""
        if key:
            return held.by_key(self.conn, source_id, key, at=at)
        return held.by_address(self.conn, source_id, address, at=at)

    def at_address(self, source_id: str, document_id: int, address: str) -> bool:
        """Whether a document has answered at this (normalised) address."""
        return held.at_address(self.conn, source_id, document_id, address)

    def shares_text(self, version_id: int, texts: Iterable[str]) -> bool:
        """Whether any of these passages stands in a version."""
        return held.shares_text(self.conn, version_id, texts)

    def unseen(self, source_id: str, *, now: str, recheck_days: int) -> list[Unseen]:
        """The documents that this run should ask for again, though no list may show them."""
        at = datetime.fromisoformat(now)
        return held.unseen(
            self.conn,
            source_id,
            before=instant(at - timedelta(days=recheck_days)),
            pending_before=instant(at - timedelta(hours=presence.GONE_AFTER_HOURS)),
            limit=RECHECKS,
        )

    def searched_until(self, source_id: str, now: str) -> str | None:
        """When the source last had a run that lost nothing (at most 90 days before its last success)."""
        return held.searched_until(self.conn, source_id, now=now)

    def last_success(self, source_id: str, now: str) -> str | None:
        """When the source last had, up to now, a run that did not fail, as an instant."""
        return held.last_success(self.conn, source_id, now=now)

    def commit(self) -> None:
        """Sync the archive, then write everything that waits in one transaction."""
        pending, self._pending = self._pending, []
        self._since = time.monotonic()
        if not pending:
            return
        for file in self._files:
            file.sync()
        try:
            with writing(self.conn):
                for write in pending:
                    write()
        except sqlite3.OperationalError as error:
            self.refused = str(error)
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # nothing of it was written: the next commit does
                self._pending[:0] = pending
            raise
        self._captured.clear()

    def due(self) -> bool:
        """True when a batch is full or has waited long enough."""
        return len(self._pending) >= BATCH_ROWS or time.monotonic() - self._since >= BATCH_S

    def _add(self, write: Callable[[], object]) -> None:
        if not self._pending:
            self._since = time.monotonic()
        self._pending.append(write)

    def _say(self, write: Callable[[Journal], None]) -> None:
        if self.journal is not None:
            write(self.journal)

    def _record(self, capture: Capture) -> int:
        return captures.record(self.conn, capture, recorded_at=self._clock())


CHANGE_OF_CAUSE = {"first": Change.NEW, "edited": Change.CHANGED, "reread": Change.REREAD}
