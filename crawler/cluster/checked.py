"""Is a shipment what it says? Everything is checked before anything of it is written: names, hashes, dates, records."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crawler.journal import FORMAT
from store.archive_read import BytesLost, holding_record, read_record
from store.clock import instant
from store.documents import identity
from store.model import Capture, NewVersion, RunCounts

SKEW = timedelta(minutes=5)  # a worker's clock may be so wrong
AHEAD_DAYS = 2  # a publication day may lie so far ahead of the fetch: other zones, and one day that the crawl allows
MOST_LINE = 400_000_000  # characters: a document of the largest size that is fetched, with everything read from it
MOST_TEXT = 8_000_000_000  # characters of a whole run: packed text can hold a thousand times its size
MOST_NUMBER = 2**53  # no count, place or page is larger, and every column takes it
PARTS = {"capture": 2, "keep": 3, "seen": 2, "mark": 3, "asked": 2, "absent": 3, "end": 1}  # of a line, after its word
STATES = frozenset(["live", "gone", "withdrawn", "moved"])
STATUSES = frozenset(["ok", "partial", "failed"])
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_WARC = r"\d{8}T\d{6}Z-%s-\d{5}\.warc\.gz"
_CAPTURE, _VERSION, _COUNTS = TypeAdapter(Capture), TypeAdapter(NewVersion), TypeAdapter(RunCounts)

Place = tuple[str, int]


class Unbelievable(ValueError):
    """A shipment is not what it says it is. The message says what was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a shipment must keep to: the run it is of, and when that was out."""

    source_id: str
    handed_at: str
    now: str

    @property
    def earliest(self) -> str:
        return instant(datetime.fromisoformat(self.handed_at) - SKEW)

    @property
    def latest(self) -> str:
        return instant(datetime.fromisoformat(self.now) + SKEW)


def warc_name(name: str, source_id: str) -> str:
    """The name, where it is one that a run of this source gives its archive files; no folder, no other source."""
    if not re.fullmatch(_WARC % re.escape(source_id), name, re.ASCII):
        raise Unbelievable(f"{name[:200]!r} is no name of an archive file of {source_id}")
    return name


def operations(journal: Path) -> Iterator[tuple[str, list[Any]]]:
    """The writes of a run, in their order; the last is its end. Unbelievable where the file is damaged or cut."""
    last, left = "", MOST_TEXT
    try:
        with gzip.open(journal, "rt", encoding="utf-8") as lines:
            if json.loads(lines.readline(1000)) != ["journal", FORMAT]:
                raise Unbelievable(f"the journal is not of format {FORMAT}; run the same release everywhere")
            while line := lines.readline(MOST_LINE):
                if last == "end":
                    raise Unbelievable("the journal goes on after the end of its run")
                left -= len(line)
                if left < 0:
                    raise Unbelievable(f"the journal has more than {MOST_TEXT} characters")
                last, *values = _parsed(line)
                yield last, values
    except (OSError, EOFError, zlib.error, ValueError, TypeError, RecursionError) as error:
        raise error if isinstance(error, Unbelievable) else Unbelievable(f"the journal: {error}") from error
    if last != "end":
        raise Unbelievable("the journal ends before its run does")


def _parsed(line: str) -> list[Any]:
    """One line: a known word and as many values as it has, no number that a column refuses, no half characters."""
    said = json.loads(line, parse_int=_number, parse_float=_no_number, parse_constant=_no_number)
    if not isinstance(said, list) or not said or not isinstance(said[0], str):
        raise Unbelievable(f"the journal holds a line that says nothing: {line[:100]!r}")
    if said[0] not in PARTS:
        raise Unbelievable(f"the journal says {said[0][:100]!r}, which this release does not know")
    if len(said) != 1 + PARTS[said[0]]:
        raise Unbelievable(f"the journal says {said[0]!r} with {len(said) - 1} values, not with {PARTS[said[0]]}")
    if "\\ud" in line or "\\uD" in line:
        json.dumps(said, ensure_ascii=False).encode()  # a ValueError where only one half of a pair stands
    return said


def _number(said: str) -> int:
    if len(said) > 20 or not 0 <= (number := int(said)) <= MOST_NUMBER:
        raise Unbelievable(f"the journal holds the number {said[:30]}")
    return number


def _no_number(said: str) -> None:
    raise Unbelievable(f"the journal holds {said[:30]!r} where only whole numbers stand")


def capture_of(values: list[Any]) -> tuple[Capture, Place | None]:
    """A capture as noted, and the place of the one that it refers to."""
    said, place = values
    return _CAPTURE.validate_python(said), (str(place[0]), int(place[1])) if place else None


def version_of(values: list[Any]) -> tuple[NewVersion, Place, str | None]:
    """A version as noted, the place of its capture, and the state that it gives its document."""
    said, place, state = values
    return _VERSION.validate_python(said), (str(place[0]), int(place[1])), state


def counts_of(said: object) -> RunCounts:
    """The counts of a run."""
    return _COUNTS.validate_python(said)


def check(journal: Path, folder: Path, warcs: frozenset[str], expected: Expected) -> None:
    """Go through a shipment in `folder`; raises Unbelievable for the first thing in it that cannot be."""
    places: set[Place] = set()
    held: dict[Place, str] = {}  # place -> hash of the body that a record holds
    try:
        for what, values in operations(journal):
            if what == "capture":
                capture, place = capture_of(values)
                _check_capture(capture, place, folder, warcs, expected, held)
                places.add((capture.warc_file, capture.warc_offset))
            elif what == "keep":
                version, place, state = version_of(values)
                if place not in places:
                    raise Unbelievable(f"{version.url} rests on {place}, which this shipment does not hold")
                _check_version(version, state, expected)
            elif what in ("seen", "asked", "mark", "absent"):
                _check_instant(values[-1], what, expected)
                if not all(isinstance(value, str) for value in values):
                    raise Unbelievable(f"{what}: {str(values)[:100]} are not all words")
                if what == "mark" and values[1] not in STATES:
                    raise Unbelievable(f"a document cannot be {values[1]!r}")
            else:
                _check_end(values[0], expected, asked=bool(places))
    except (ValidationError, KeyError, IndexError, TypeError, ValueError, BytesLost) as error:
        raise error if isinstance(error, Unbelievable) else Unbelievable(_first_line(error)) from error


def _check_capture(
    capture: Capture,
    place: Place | None,
    folder: Path,
    warcs: frozenset[str],
    expected: Expected,
    held: dict[Place, str],
) -> None:
    if capture.warc_file not in warcs:
        raise Unbelievable(f"{capture.url} is said to lie in {capture.warc_file!r}, which was not shipped")
    if capture.refers_to is not None:
        raise Unbelievable(f"{capture.url} refers to row {capture.refers_to}: rows of another store mean nothing here")
    _check_address(capture.url)
    _check_instant(capture.fetched_at, capture.url, expected)
    mine = (capture.warc_file, capture.warc_offset)
    if place is None:
        record = holding_record(folder, capture)
        held[mine] = capture.sha256
    else:
        record = read_record(folder / capture.warc_file, capture.warc_offset)
        if record.kind != "revisit":
            raise Unbelievable(f"{capture.url} refers to {place}, but its record is a {record.kind}")
        if place[0] in warcs and held.get(place) != capture.sha256:
            raise Unbelievable(f"{capture.url} refers to {place}, which holds other bytes")
    if (record.fields.get("warc-target-uri"), record.length) != (capture.url, capture.warc_length):
        raise Unbelievable(f"{capture.url}: the record at {mine} is of {record.fields.get('warc-target-uri')}")


def _check_version(version: NewVersion, state: str | None, expected: Expected) -> None:
    if version.source_id != expected.source_id:
        raise Unbelievable(f"{version.url} is said to be of {version.source_id!r}, not of {expected.source_id}")
    _check_address(version.url)
    if state is not None and state not in STATES:
        raise Unbelievable(f"a document cannot be {state!r}")
    latest = (datetime.fromisoformat(expected.now) + timedelta(days=AHEAD_DAYS)).date().isoformat()
    for day in (version.published_on, version.modified_on, version.period_from, version.period_to):
        if day is not None and date.fromisoformat(day).isoformat() != day:
            raise Unbelievable(f"{version.url}: {day!r} is no day")
    if version.published_on and version.published_on > latest:
        raise Unbelievable(f"{version.url}: published on {version.published_on}, which has not come yet")
    for passage in version.passages:
        stands = version.text[passage.start : passage.end]
        if stands != passage.text and identity(stands) != identity(passage.text):
            raise Unbelievable(f"{version.url}: a passage does not stand at {passage.start}-{passage.end} of its text")


def _check_end(end: dict[str, Any], expected: Expected, *, asked: bool) -> None:
    """`asked`: whether the run holds any answer of its publisher; without one it cannot have gone well."""
    for name in ("started_at", "ended_at"):
        _check_instant(end[name], name, expected)
    if end["status"] not in STATUSES:
        raise Unbelievable(f"a run that was shipped cannot be {end['status']!r}")
    if end["status"] != "failed" and not asked:
        raise Unbelievable(f"a run without a single answer of its publisher is said to be {end['status']!r}")
    counts_of(end["counts"])
    for url, what, remedy, at in end["problems"]:
        _check_instant(at, "a problem", expected)
        if not all(isinstance(said, str) for said in (url, what, remedy)):
            raise Unbelievable(f"a problem is told as {str((url, what, remedy))[:100]}")
    if not isinstance(end["message"], str):
        raise Unbelievable(f"a run says {str(end['message'])[:100]}, which are no words")


def _check_address(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise Unbelievable(f"{url[:200]!r} is no address that a crawl asks")


def _check_instant(at: object, what: str, expected: Expected) -> None:
    if not (isinstance(at, str) and _INSTANT.fullmatch(at)):
        raise Unbelievable(f"{what}: {str(at)[:50]!r} is no instant")
    if not expected.earliest <= at <= expected.latest:
        raise Unbelievable(
            f"{what}: {at} lies outside the time from {expected.handed_at} to {expected.now} in which the run was out; "
            "correct the clock of the worker (NTP)"
        )


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"
