"""The one writer: takes in what workers shipped, each shipment whole or not at all, however often it arrives.

Bytes first (checked, on disk, in the archive), then all rows of a run in one transaction, by the same functions that a
crawl on this machine uses. What cannot be believed is put aside by name, and its run has failed.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.alone import alone
from crawler.cluster.checked import (
    Expected,
    Place,
    Unbelievable,
    capture_of,
    check,
    counts_of,
    operations,
    version_of,
    warc_name,
)
from crawler.cluster.handing import Handing, failed
from crawler.cluster.joined import row_at, write_presence
from crawler.cluster.settings import ClusterError
from crawler.cluster.shared import Thing, TooLarge
from crawler.cluster.shipping import ARCHIVE, INBOX, MOST_LIST_BYTES, REFUSED, Shipment
from crawler.source import Source
from crawler.warc import MAX_BODY_BYTES, MAX_FILE_BYTES
from crawler.watchdog import record_outcome
from store import captures, documents, handed, presence, runs
from store.clock import utc_now
from store.db import connect, writing
from store.files import digest_of, sync
from store.handed import HandedOut
from store.model import RunCounts
from store.printable import printable

MOST_JOURNAL_BYTES = 4_000_000_000
LEFT_BEHIND = timedelta(days=7)  # a file without a list, from a worker that died while it shipped
WAIT_S = 30
_SHIPPED = re.compile(rf"{INBOX}/[0-9a-f]{{64}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one shipment: ingested, again (it was here before), late (its run had been given up), refused,
    waits (it could not be taken in now, for a reason that is not its own: a full disk, a store that is away).
    """

    name: str
    outcome: str
    source_id: str = ""
    message: str = ""
    counts: RunCounts = RunCounts()  # noqa: RUF009 (frozen)

    def __str__(self) -> str:
        return printable(f"{self.name}: {self.outcome}: {self.message}")


class Ingest:
    """Taking in the inbox of a home; one process at a time."""

    def __init__(self, handing: Handing, known: dict[str, Source]) -> None:
        self.handing, self.known = handing, known
        self.home, self.shared = handing.home, handing.shared

    def run(self) -> list[Taken]:
        """Take in what lies in the inbox, the oldest first; none keeps another waiting. Raises ClusterError where the
        store is away.
        """
        with alone(self.home, ["ingest"], "coi ingest", wait_s=WAIT_S):
            things = sorted(self.shared.things(INBOX), key=lambda one: (one.modified_at, one.name))
            lists = [one for one in things if one.name.endswith(".json")]
            conn = connect(self.home)
            try:
                done = [self._one_or_waits(conn, one) for one in lists]
            finally:
                conn.close()
            if not lists:
                self._sweep(things)
        return done

    def _one_or_waits(self, conn: sqlite3.Connection, thing: Thing) -> Taken:
        try:
            return self._one(conn, thing)
        except (ClusterError, OSError, KeyError, sqlite3.OperationalError) as error:
            return Taken(name=thing.name, outcome="waits", message=f"{type(error).__name__}: {error}")

    def _one(self, conn: sqlite3.Connection, thing: Thing) -> Taken:
        if thing.size > MOST_LIST_BYTES:
            return self._refused(conn, thing.name, None, "0" * 64, None, f"its list has {thing.size} bytes")
        raw = self.shared.get(thing.name, most=MOST_LIST_BYTES)
        digest = sha256(raw).hexdigest()
        shipment, run = None, None
        try:
            shipment = Shipment.model_validate_json(raw)
            run = handed.by_job(conn, shipment.job)
            if thing.name != f"{INBOX}/{shipment.job}.json":
                run = None  # it must not fail the run it names
                raise Unbelievable(f"it is of job {shipment.job}, whose list has another name")
            if run is None or run.source_id != shipment.source_id or run.source_id not in self.known:
                raise Unbelievable(f"no run of source {shipment.source_id!r} was handed out as job {shipment.job}")
            if run.state != "out":
                self._remove(thing.name, shipment)
                what = "again" if run.state == "ingested" else "late"
                return Taken(name=thing.name, outcome=what, source_id=run.source_id, message=f"the run is {run.state}")
            with self._arrived(shipment) as (journal, folder):
                return self._taken(conn, thing.name, digest, shipment, run, journal, folder)
        except (ClusterError, OSError, sqlite3.OperationalError) as error:
            if not isinstance(error, TooLarge):
                raise  # not its fault: it is tried again
            return self._refused(conn, thing.name, shipment, digest, run, f"a file is larger than listed: {error}")
        except Exception as error:  # whatever it brought: it must not keep the shipments of others from coming in
            why = f"{type(error).__name__}: {error}" if not isinstance(error, Unbelievable) else str(error)
            return self._refused(conn, thing.name, shipment, digest, run, why.partition("\n")[0])

    @contextmanager
    def _arrived(self, shipment: Shipment) -> Iterator[tuple[Path, Path]]:
        """The files of a shipment on this machine, each with the hash that its list names; removed at the end."""
        folder = self.home.path / "arriving" / shipment.job
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            journals = [file for file in shipment.files if file.kind == "journal"]
            names = [warc_name(file.name, shipment.source_id) for file in shipment.files if file.kind == "warc"]
            if len(journals) != 1 or len(set(names)) != len(names):
                raise Unbelievable("it must name one journal, and each archive file once")
            for file in shipment.files:
                path = folder / (file.name if file.kind == "warc" else "journal.gz")
                most = MOST_JOURNAL_BYTES if file.kind == "journal" else MAX_FILE_BYTES + 2 * MAX_BODY_BYTES
                if file.size > most or self.shared.download(file.place, path, most=file.size) != file.sha256:
                    raise Unbelievable(f"{file.name}: its bytes do not fit the hash {file.sha256[:16]}… it is named by")
            yield folder / "journal.gz", folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _taken(
        self,
        conn: sqlite3.Connection,
        name: str,
        digest: str,
        shipment: Shipment,
        run: HandedOut,
        journal: Path,
        folder: Path,
    ) -> Taken:
        now = utc_now()
        warcs = [file for file in shipment.files if file.kind == "warc"]
        expected = Expected(source_id=run.source_id, handed_at=run.handed_at, now=now)
        check(journal, folder, frozenset(file.name for file in warcs), expected)
        shared = []
        for file in warcs:
            self._place(folder / file.name, file.sha256)
            with suppress(ClusterError, KeyError):  # a full store: workers ask for these pages in full, once
                self.shared.copy(file.place, f"{ARCHIVE}/{file.name}")
                shared.append(file)
        with writing(conn):
            for file in shared:
                handed.share(conn, file.name, file.sha256, at=now)
            counts = self._rows(conn, run, journal, now)
            handed.end(conn, run.job, "ingested", at=now, shipment=digest)
        with suppress(ClusterError):  # then it comes once more, and is known
            self._remove(name, shipment)
        self.handing.forget(conn, run.memory)
        return Taken(name=name, outcome="ingested", source_id=run.source_id, counts=counts)

    def _place(self, path: Path, digest: str) -> None:
        """Put a file into the archive, on the disk; one that stands there already must be the same."""
        target = self.home.archive / path.name
        if target.exists():
            if digest_of(target) != digest:
                raise Unbelievable(f"{path.name}: the archive holds another file of this name")
            return
        path.replace(target)
        sync(self.home.archive)

    def _rows(self, conn: sqlite3.Connection, run: HandedOut, journal: Path, now: str) -> RunCounts:
        """Write what the run wrote, in its order; known from now on. Runs in the caller's transaction."""
        rows: dict[Place, tuple[int, str]] = {}  # captures of this run: place -> row, when fetched
        for what, values in operations(journal):
            if what == "capture":
                capture, place = capture_of(values)
                refers_to = row_at(conn, place, capture.sha256) if place else None
                row = captures.record(conn, replace(capture, refers_to=refers_to), recorded_at=now)
                rows[capture.warc_file, capture.warc_offset] = (row, capture.fetched_at)
            elif what == "keep":
                version, place, state = version_of(values)
                capture_id, at = rows[place]
                kept = documents.keep(
                    conn, version, capture_id=capture_id, seen_at=at, recorded_at=now, withdrawn=state == "withdrawn"
                )
                if state is not None:
                    presence.mark_state(conn, kept.document_id, state, seen_at=at)
            elif what == "end":
                return self._end(conn, run, values[0], now)
            else:
                write_presence(conn, run.source_id, what, values, now)
        raise Unbelievable("the journal has no end")

    def _end(self, conn: sqlite3.Connection, run: HandedOut, end: dict[str, Any], now: str) -> RunCounts:
        run_id = runs.start(conn, run.source_id, run.slot, origin="network", started_at=end["started_at"])
        if run_id is None:
            raise Unbelievable(f"{run.slot} of {run.source_id} has been run before")
        for url, what, remedy, at in end["problems"]:
            runs.problem(conn, run_id, url, what, remedy, seen_at=at)
        counts = counts_of(end["counts"])
        runs.finish(conn, run_id, counts, end["status"], end["message"], ended_at=end["ended_at"])
        record_outcome(conn, self.known[run.source_id], run_id, at=now)
        return counts

    def _refused(
        self,
        conn: sqlite3.Connection,
        name: str,
        shipment: Shipment | None,
        digest: str,
        run: HandedOut | None,
        why: str,
    ) -> Taken:
        """Put a shipment aside, note it, and close its run as failed, where it has one that is out."""
        at, base = utc_now(), name.removeprefix(f"{INBOX}/")
        why = printable(why)  # it quotes what somebody shipped, and goes to a terminal
        said = f"its shipment {base} was refused: {why}"
        if run is not None and run.state == "out":
            failed(conn, run, self.known.get(run.source_id), "refused", said, at=at)
        with writing(conn):
            handed.refuse(conn, base, digest, why, at=at)
        for file in shipment.files if shipment else ():
            if self.shared.has(file.place):
                self.shared.copy(file.place, f"{REFUSED}/{file.sha256}")
        self.shared.copy(name, f"{REFUSED}/{base}")
        self._remove(name, shipment)
        return Taken(name=name, outcome="refused", source_id=run.source_id if run else "", message=why)

    def _remove(self, name: str, shipment: Shipment | None) -> None:
        """Take a shipment out of the inbox, its list first: without it the files are nobody's."""
        self.shared.delete(name)
        for file in shipment.files if shipment else ():
            self.shared.delete(file.place)

    def _sweep(self, things: list[Thing]) -> None:
        """Remove files that workers left when they died while shipping; nothing that has another name than theirs."""
        oldest = datetime.now(UTC) - LEFT_BEHIND
        for thing in things:
            if thing.modified_at < oldest and _SHIPPED.fullmatch(thing.name):
                self.shared.delete(thing.name)
