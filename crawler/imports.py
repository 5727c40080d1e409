"""Taking in archives made elsewhere: their responses become captures of ours, with the instant they were made at."""

import hashlib
import sqlite3
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from crawler.foreign import Found, found_in
from crawler.warc import ArchiveError, Exchange, Place, WarcFile
from store import captures
from store.db import writing
from store.home import Home
from store.model import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to: every capture the archives hold (url, instant), how many were new, what was wrong."""

    captures: tuple[tuple[str, str], ...]
    new: int
    problems: tuple[str, ...]


def import_archives(conn: sqlite3.Connection, home: Home, paths: tuple[Path, ...], *, recorded_at: str) -> Imported:
    """Copy what the archives hold into ours; what is held already (address, instant, body) is left out.

    Each file is taken in whole or not at all: killed in between, the next import does it again. Raises ArchiveError
    for a file that is missing or no archive at all.
    """
    seen: list[tuple[str, str]] = []
    problems: list[str] = []
    new = 0
    for path in paths:
        taken = _Intake(conn, home, path)
        new += taken.run(recorded_at)
        seen += taken.seen
        problems += taken.problems
    return Imported(captures=tuple(dict.fromkeys(seen)), new=new, problems=tuple(problems))


class _Intake:
    """The import of one archive file."""

    def __init__(self, conn: sqlite3.Connection, home: Home, path: Path) -> None:
        self.conn, self.home, self.path = conn, home, path
        self.seen: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self._rows: list[tuple[Capture, Capture | None]] = []  # with the capture that a revisit rests on
        self._taken: dict[tuple[str, str], Capture] = {}  # (address, instant)
        self._digests: dict[str, Capture] = {}  # the archive's own payload digests

    def run(self, recorded_at: str) -> int:
        """Write one new archive file, then its rows in one transaction; return how many rows are new."""
        if not self.path.is_file():
            raise ArchiveError(f"{self.path}: no such archive; give a .warc.gz or .wacz file")
        name = f"import-{_digest_of(self.path)[:16]}.warc.gz"
        draft = self.home.archive / f"{name}.draft"
        for left in (draft, draft.with_name(f"{draft.name}.open")):
            left.unlink(missing_ok=True)  # of an import that was killed
        info = {"software": "coi-tracker", "imported-from": self.path.name}
        with WarcFile(draft, info, info_id=f"<urn:coi:{name}>") as out:
            for found in found_in(self.path, self.problems):
                self._take(found, out, name)
        if not self._rows:
            draft.unlink()
            return 0
        draft.replace(self.home.archive / name)
        with writing(self.conn):
            for row, rests_on in self._rows:
                refers_to = captures.record(self.conn, rests_on, recorded_at=recorded_at) if rests_on else None
                captures.record(self.conn, replace(row, refers_to=refers_to), recorded_at=recorded_at)
        return len(self._rows)

    def _take(self, found: Found, out: WarcFile, name: str) -> None:
        exchange, body_of = found.exchange, None
        if found.revisit:
            body_of = self._body_of(found)
            if body_of is None:
                self.problems.append(
                    f"{self.path.name}: {exchange.url} at {exchange.fetched_at} points back to a body that no archive "
                    "given here holds; give the earlier archive first"
                )
                return
        at = (exchange.url, exchange.fetched_at)
        self.seen.append(at)
        digest = body_of.sha256 if body_of else sha256(exchange.body).hexdigest()
        held = self._taken.get(at)
        if (held and held.sha256 == digest) or captures.held(self.conn, *at, digest):
            return
        place = out.revisit(exchange, of=body_of.fetched_at) if body_of else out.response(exchange)
        row = _row(exchange, digest, replace(place, file=name), body_of)
        self._rows.append((row, body_of))
        self._taken[at] = row
        if found.digest and not found.revisit:
            self._digests.setdefault(found.digest, row)

    def _body_of(self, found: Found) -> Capture | None:
        """The capture a revisit rests on: named by address and instant, else by digest, else the one before it."""
        exchange = found.exchange
        url, instant_of = found.refers_to_url or exchange.url, found.refers_to_at
        if instant_of and (named := self._taken.get((url, instant_of)) or self._stored(url, instant_of)):
            return named
        if found.digest:
            return self._digests.get(found.digest)
        before = [row for (at_url, at), row in self._taken.items() if at_url == url and at < exchange.fetched_at]
        return max(before, key=lambda row: row.fetched_at, default=None) or self._stored(url, exchange.fetched_at)

    def _stored(self, url: str, at: str) -> Capture | None:
        held = captures.latest(self.conn, url, at=at)
        if held is None:
            return None
        return captures.get(self.conn, held[1].refers_to) if held[1].refers_to else held[1]


def _row(exchange: Exchange, digest: str, place: Place, body_of: Capture | None) -> Capture:
    headers = {name.lower(): value for name, value in exchange.headers}
    return Capture(
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        status=body_of.status if body_of else exchange.status,
        media_type=headers.get("content-type") or (body_of.media_type if body_of else ""),
        etag=headers.get("etag") or (body_of.etag if body_of else None),
        last_modified=headers.get("last-modified") or (body_of.last_modified if body_of else None),
        sha256=digest,
        bytes=body_of.bytes if body_of else len(exchange.body),
        warc_file=place.file,
        warc_offset=place.offset,
        warc_length=place.length,
    )


def _digest_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
