"""Times as text. The clock is read at the border (commands) and handed in; nothing inside looks it up."""

import time
from datetime import UTC, date, datetime, timedelta

END_OF_TIME = "9999-12-31T23:59:59Z"  # later than any instant of a row: nothing is cut off

EARLIEST = date(1900, 1, 1)  # a publication or a fact said to be older is a slip of the pen (0001, 0022)


def utc_now() -> str:
    """The present instant as 'YYYY-MM-DDTHH:MM:SSZ'."""
    return instant(datetime.now(UTC))


def instant(moment: datetime) -> str:
    """An aware datetime as 'YYYY-MM-DDTHH:MM:SSZ' in UTC.

    >>> from datetime import timezone
    >>> instant(datetime(2022, 6, 29, 12, 0, tzinfo=timezone.utc))
    '2022-06-29T12:00:00Z'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; say which one it is in")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """A clock that starts at an instant and runs on as time does: a crawl's own, so that a run can be made to be then.

    Call it for the present instant as 'YYYY-MM-DDTHH:MM:SSZ'.
    """

    def __init__(self, start: str) -> None:
        self._start, self._since_s = datetime.fromisoformat(start), time.monotonic()

    def __call__(self) -> str:
        return instant(self._start + timedelta(seconds=time.monotonic() - self._since_s))


def day(text: str) -> date:
    """A day written 'YYYY-MM-DD'; anything else is a ValueError that shows the value and the form."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is not a day; write it as YYYY-MM-DD, e.g. 2022-06-29") from error


def modern_day(text: str) -> date:
    """A day as `day` reads it, not before EARLIEST: a ValueError that shows the value and the form.

    >>> modern_day("0001-01-02")
    Traceback (most recent call last):
    ValueError: '0001-01-02' is before 1900-01-01; look at the year and write YYYY-MM-DD, e.g. 2022-06-29
    """
    found = day(text)
    if found < EARLIEST:
        raise ValueError(f"{text!r} is before {EARLIEST}; look at the year and write YYYY-MM-DD, e.g. 2022-06-29")
    return found
