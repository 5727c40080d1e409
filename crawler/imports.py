"""Taking in archives made elsewhere: their responses become captures of ours, with the instant they were made at."""

import sqlite3
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

from crawler.foreign import found_in
from crawler.foreign_record import Found
from crawler.warc import ONCE_FROM_BYTES, ArchiveError, Exchange, Place, WarcFile
from store import captures
from store.archive_read import BytesLost, payload
from store.captures_check import is_held
from store.db import writing
from store.files import digest_of, sync
from store.home import Home
from store.model import Capture
from store.printable import named, printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to: every capture the archives hold (url, instant), how many were new, what was wrong."""

    captures: tuple[tuple[str, str], ...]
    new: int
    held: int  # already in our archive: same address, instant and body
    problems: tuple[str, ...]  # each record or file that was refused, and why


def import_archives(conn: sqlite3.Connection, home: Home, paths: tuple[Path, ...], *, recorded_at: str) -> Imported:
    """Copy what the archives hold into ours; what is held already (address, instant, body) is left out,
    unless its bytes are lost: then it is taken in anew, as a capture beside the one that nobody can read.

    Each file is taken in whole or not at all: killed in between, the next import does it again. Raises ArchiveError
    for a file that is missing or no archive at all.
    """
    seen: list[tuple[str, str]] = []
    problems: list[str] = []
    new = held = 0
    for path in paths:
        taken = _Intake(conn, home, path)
        new += taken.run(recorded_at)
        held += taken.held
        seen += taken.seen
        problems += taken.problems
    return Imported(captures=tuple(dict.fromkeys(seen)), new=new, held=held, problems=tuple(problems))


class _Intake:
    """The import of one archive file."""

    def __init__(self, conn: sqlite3.Connection, home: Home, path: Path) -> None:
        self.conn, self.home, self.path = conn, home, path
        self.seen: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.held = 0
        self._rows: list[tuple[Capture, Capture | None]] = []  # with the capture that a revisit rests on
        self._taken: dict[tuple[str, str], Capture] = {}  # (address, instant) -> what holds the body
        self._digests: dict[str, Capture] = {}  # the archive's own payload digests, and our hashes

    def run(self, recorded_at: str) -> int:
        """Write one new archive file, then its rows in one transaction; return how many rows are new."""
        if not self.path.is_file():
            raise ArchiveError(f"{printable(str(self.path))}: no such archive; give a .warc.gz or .wacz file")
        name = self._name()
        draft = self.home.archive / f"{name}.draft"
        for left in (draft, draft.with_name(f"{draft.name}.open")):
            left.unlink(missing_ok=True)  # of an import that was killed
        info = {"software": "coi-tracker", "imported-from": named(self.path.name)}
        with WarcFile(draft, info, info_id=f"<urn:coi:{name}>") as out:
            for found in found_in(self.path, self.problems):
                self._take(found, out, name)
        if not self._rows:
            draft.unlink()
            return 0
        draft.replace(self.home.archive / name)
        sync(self.home.archive)
        with writing(self.conn):
            for row, rests_on in self._rows:
                refers_to = captures.record(self.conn, rests_on, recorded_at=recorded_at) if rests_on else None
                captures.record(self.conn, replace(row, refers_to=refers_to), recorded_at=recorded_at)
        return len(self._rows)

    def _take(self, found: Found, out: WarcFile, name: str) -> None:
        exchange, original = found.exchange, None
        if found.revisit:
            original = self._original_of(found)
            if original is None:
                self.problems.append(
                    f"{named(self.path.name)}: {exchange.url} at {exchange.fetched_at} points back to a body that no "
                    "archive given here holds; give the earlier archive first"
                )
                return
        at = (exchange.url, exchange.fetched_at)
        if not found.only_body:
            self.seen.append(at)
        digest = original.sha256 if original else sha256(exchange.body).hexdigest()
        before = self._taken.get(at)
        if (before and before.sha256 == digest) or self._is_held(captures.held(self.conn, *at, digest)):
            self.held += 1
            return
        original = original or self._same_bytes(digest, exchange.body)
        place = out.revisit(exchange, of=original) if original else out.response(exchange)
        row = _row(exchange, digest, replace(place, file=name), original)
        self._rows.append((row, original))
        self._taken[at] = original or row
        for known in (digest, found.digest):
            if known and not found.revisit:
                self._digests.setdefault(known, original or row)

    def _is_held(self, capture_id: int | None) -> bool:
        """What is held and lost its bytes is taken in anew: so an archive heals ours."""
        return capture_id is not None and is_held(self.conn, self.home.archive, capture_id)

    def _name(self) -> str:
        """A name of ours for this archive that no capture refers to yet: a file that rows rest on is never replaced."""
        base = f"import-{digest_of(self.path)[:16]}"
        names = (f"{base}{f'-{number}' if number > 1 else ''}.warc.gz" for number in count(1))
        return next(
            name for name in names
            if not self.conn.execute("select 1 from captures where warc_file = ? limit 1", [name]).fetchone()
        )  # fmt: skip

    def _same_bytes(self, digest: str, body: bytes) -> Capture | None:
        """The capture that holds these bytes, in this file or in the archive (then it must be readable)."""
        if len(body) < ONCE_FROM_BYTES:
            return None
        if digest in self._digests:
            return self._digests[digest]
        held = captures.holding(self.conn, digest)
        try:
            return held[1] if held and payload(self.home.archive, held[1]) == body else None
        except BytesLost:
            return None  # then it is kept anew

    def _original_of(self, found: Found) -> Capture | None:
        """The capture a revisit rests on: named by address and instant, else by digest, else the one before it."""
        exchange = found.exchange
        url, instant_of = found.refers_to_url or exchange.url, found.refers_to_at
        if instant_of and (named := self._taken.get((url, instant_of)) or self._stored(url, instant_of, instant_of)):
            return named
        if found.digest:
            held = captures.holding(self.conn, found.digest.removeprefix("sha256:").lower())
            return self._digests.get(found.digest) or (held[1] if held else None)
        before = {at: row for (at_url, at), row in self._taken.items() if at_url == url and at < exchange.fetched_at}
        return before[max(before)] if before else self._stored(url, exchange.fetched_at)

    def _stored(self, url: str, at: str, fetched_at: str | None = None) -> Capture | None:
        """What holds the body of the newest stored capture up to `at` (and fetched at that very instant, if given)."""
        held = captures.latest(self.conn, url, at=at)
        if held is None or (fetched_at and held[1].fetched_at != fetched_at):
            return None
        return captures.get(self.conn, held[1].refers_to) if held[1].refers_to else held[1]


def _row(exchange: Exchange, digest: str, place: Place, original: Capture | None) -> Capture:
    headers = {name.lower(): value for name, value in exchange.headers}
    unchanged = original if exchange.status == 304 else None  # what a 304 does not say again still holds
    return Capture(
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        status=unchanged.status if unchanged else exchange.status,
        media_type=headers.get("content-type") or (original.media_type if original else ""),
        etag=headers.get("etag") or (unchanged.etag if unchanged else None),
        last_modified=headers.get("last-modified") or (unchanged.last_modified if unchanged else None),
        sha256=digest,
        bytes=original.bytes if original else len(exchange.body),
        warc_file=place.file,
        warc_offset=place.offset,
        warc_length=place.length,
    )
