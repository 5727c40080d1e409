"""When a source is due: pure rules of time over what its file says (`every`, `window`, `zone`).

Every source has a fixed row of slots, the same on every machine; each slot is run once. Without a window they stand a
cadence apart; with one they begin anew each open day, at the window's beginning, so that nothing is asked outside it.
A small offset, always the same for a source, keeps sources of one cadence from starting at one moment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from crawler.source import Source
from store.clock import instant

JITTER_SHARE = 0.05  # of the cadence, at most: spreads the load and moves nobody's slot by much
DAY_S = 86_400
LONGEST_RUN_S = 6 * 3600
SHORTEST_LIMIT_S = 15 * 60
AHEAD = timedelta(minutes=15)  # a run that begins while somebody looks starts a little later than that look
SLOT = "due:"  # how the name of a scheduled run begins
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WINDOW = re.compile(r"^(\w\w)-(\w\w) (\d\d:\d\d)-(\d\d:\d\d)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Open days (0 is Monday) and hours of the source's own zone; `begins` is in, `ends` is out."""

    days: frozenset[int]
    begins: time
    ends: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often a source is asked. `every_s` in seconds; `zone` is an IANA name and matters only with a window."""

    source_id: str
    every_s: int
    zone: str = "UTC"
    window: Window | None = None


def cadence_of(source: Source) -> Cadence:
    """The cadence of a crawled source; ValueError for one that is not crawled (it has no `every`)."""
    if source.every_s is None:
        raise ValueError(f"{source.id} is not crawled: its file names no 'every'")
    return Cadence(source_id=source.id, every_s=source.every_s, zone=source.zone, window=window_of(source.window))


def window_of(text: str | None) -> Window | None:
    """'Mo-Fr 06:00-20:00' as a window; a range of days may run over the end of the week; None: always open."""
    if text is None:
        return None
    found = _WINDOW.match(text)
    if found is None or found[1] not in DAYS or found[2] not in DAYS:
        raise ValueError(f"{text!r} is no window; say when as 'Mo-Fr 06:00-20:00'")
    first, last = DAYS.index(found[1]), DAYS.index(found[2])
    days = frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
    return Window(days=days, begins=time.fromisoformat(found[3]), ends=time.fromisoformat(found[4]))


def slot_at(cadence: Cadence, moment: datetime) -> datetime:
    """The newest slot that had begun at a moment."""
    if cadence.window is None:
        shift = _offset_s(cadence, cadence.every_s)
        number = (int(moment.timestamp()) - shift) // cadence.every_s
        return datetime.fromtimestamp(number * cadence.every_s + shift, UTC)
    day = moment.astimezone(ZoneInfo(cadence.zone)).date()
    while True:
        if begun := [slot for slot in _of_day(cadence, cadence.window, day) if slot <= moment]:
            return begun[-1]
        day -= timedelta(days=1)


def next_slot(cadence: Cadence, after: datetime) -> datetime:
    """The first slot that begins after a moment."""
    if cadence.window is None:
        return slot_at(cadence, after) + timedelta(seconds=cadence.every_s)
    day = after.astimezone(ZoneInfo(cadence.zone)).date()
    while True:
        for slot in _of_day(cadence, cadence.window, day):
            if slot > after:
                return slot
        day += timedelta(days=1)


def slots_between(cadence: Cadence, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The slots that begin after `begin` and no later than `end`, in order."""
    slot = next_slot(cadence, begin)
    while slot <= end:
        yield slot
        slot = next_slot(cadence, slot)


def is_open(cadence: Cadence, moment: datetime) -> bool:
    """Whether the source may be asked at a moment; without a window, always."""
    if cadence.window is None:
        return True
    begins, ends = _bounds(cadence, cadence.window, moment.astimezone(ZoneInfo(cadence.zone)).date())
    return begins is not None and begins <= moment < ends


def due_at(cadence: Cadence, last_start: datetime | None, now: datetime) -> datetime:
    """When the source is to be asked next: `now` where it is due, else a later slot.

    Due is a source whose newest slot began after its last run started, and one that never ran; what is due outside its
    window waits for the window's beginning. Missed slots are caught up once. A last start later than `now` (by AHEAD)
    is a wrong clock's: nobody knows when the source really ran, so it counts as one that never did.
    """
    if last_start is not None and last_start > now + AHEAD:
        last_start = None
    missed = last_start is None or slot_at(cadence, now) > last_start
    if missed and is_open(cadence, now):
        return now
    return next_slot(cadence, now if last_start is None else max(now, last_start))


def slot_name(slot: datetime) -> str:
    """The name that a slot's run carries; one (source, slot) is run once."""
    return f"{SLOT}{instant(slot)}"


def limit_s(cadence: Cadence) -> int:
    """How long a scheduled crawl may take: until the next is due, but a quarter of an hour, and six hours at most."""
    return min(LONGEST_RUN_S, max(SHORTEST_LIMIT_S, cadence.every_s))


def _of_day(cadence: Cadence, window: Window, day: date) -> list[datetime]:
    """The slots of one open day: from the window's beginning a cadence apart; of long cadences at most one."""
    begins, ends = _bounds(cadence, window, day)
    if begins is None or not _is_turn(cadence, window, day):
        return []
    shift = timedelta(seconds=_offset_s(cadence, min(cadence.every_s, int((ends - begins).total_seconds()) * 10)))
    step = timedelta(seconds=cadence.every_s)
    count = 1 if cadence.every_s >= DAY_S else -(-(ends - begins - shift) // step)
    return [begins + shift + number * step for number in range(count)]


def _is_turn(cadence: Cadence, window: Window, day: date) -> bool:
    """Of a cadence of days: whether a period has begun since the open day before."""
    if cadence.every_s < DAY_S:
        return True
    before = day - timedelta(days=1)
    while before.weekday() not in window.days:
        before -= timedelta(days=1)
    return day.toordinal() * DAY_S // cadence.every_s > before.toordinal() * DAY_S // cadence.every_s


def _bounds(cadence: Cadence, window: Window, day: date) -> tuple[datetime | None, datetime]:
    """When the window of a local day opens and closes, in UTC (summer time included); (None, ...) on a closed day."""
    zone = ZoneInfo(cadence.zone)
    begins, ends = (datetime.combine(day, at, zone).astimezone(UTC) for at in (window.begins, window.ends))
    return (begins if day.weekday() in window.days and begins < ends else None), ends


def _offset_s(cadence: Cadence, span_s: int) -> int:
    """A fixed number of seconds for this source, less than JITTER_SHARE of a span."""
    number = int.from_bytes(sha256(cadence.source_id.encode()).digest()[:8])
    return number % max(1, int(span_s * JITTER_SHARE))
