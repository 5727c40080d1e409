"""A calendar file (RFC 5545) of the entries of review.alerts.agenda, written by icalendar: the same entries, the same
bytes.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from review.alerts.agenda_types import Entry
from review.alerts.say import Words
from review.method.words import STANDING

PRODID = "-//coi-tracker//moratoria//EN"
HOST = "coi-tracker"  # right of the @ in every UID, wherever the site runs: a moved site has the same entries
AGAIN = timedelta(hours=6)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def write(entries: Iterable[Entry], *, language: str, site: str) -> bytes:
    """Return the file: whole days without a zone, since a last day is a day where it is decided, wherever one reads it.

    `site` is the address that links begin with. DTSTAMP is when an entry was last revised: the file has no METHOD
    (RFC 5545 §3.8.7.2).
    """
    import icalendar

    words = Words(language)
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", words("cal.name"))
    calendar.add("x-wr-calname", words("cal.name"))
    calendar.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(icalendar.Event(), entry, words, site))
    return bytes(calendar.to_ical())


def _event(event, entry: Entry, words: Words, site: str):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    standing = STANDING[1 if words.language == "nl" else 0]
    event.add("uid", f"{entry.uid}@{HOST}")
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + timedelta(days=1))  # exclusive
    event.add("summary", _plain(entry.summary))
    event.add("description", _plain("\n".join((*entry.lines, standing))))
    event.add("categories", [words(f"cal.kind.{entry.kind}")])
    event.add("url", site + entry.path)
    if entry.cancelled:
        event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")  # nobody is busy on that day because of it
    return event


def _plain(text: str) -> str:
    """Text without the control characters that RFC 5545 §3.1 forbids; line breaks stay."""
    return _CONTROL.sub("", text)
