"""Times as text. The clock is read at the border (commands) and handed in; nothing inside looks it up."""

from datetime import UTC, date, datetime


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


def day(text: str) -> date:
    """A day written 'YYYY-MM-DD'; anything else is a ValueError that shows the value and the form."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day; write it as YYYY-MM-DD, e.g. 2022-06-29") from error
