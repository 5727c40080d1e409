"""Keep what the finders found with who is to be told, in one transaction: a crash loses nothing, repeats nothing."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime

from review.alerts import hours
from review.alerts.clocks import clocks, day_in
from review.alerts.deadlines import thread_of
from review.alerts.details import details_of
from review.alerts.finders import FINDERS
from review.alerts.model import Event, Kind
from review.alerts.people import Directory
from review.alerts.say import title_of
from review.alerts.subscribing import recipients
from store import alerts as kept
from store import letters as post
from store.clock import instant
from store.db import writing
from store.errors import ForPeople

ESCALATES_FOR_DAYS = 60  # what is older when a deputy is first declared stays where it is
Complain = Callable[[str], object]


def raise_all(conn: sqlite3.Connection, now: datetime, *, complain: Complain) -> int:
    """Let every finder look and keep what is new; return how many alerts that makes.

    A finder that fails is named and the others go on: no fault in one corner may keep a deadline from being told.
    """
    marks, new = kept.marks(conn), 0
    for name, finder in FINDERS.items():
        try:
            with writing(conn):
                found, mark = finder(conn, marks.get(name), now)
                new += sum(raise_one(conn, event, now) for event in found)
                if mark != marks.get(name):
                    kept.set_mark(conn, name, mark, at=instant(now))
        except ForPeople as error:
            complain(f"{name}: {error}")
        except (ArithmeticError, LookupError, TypeError, ValueError, sqlite3.IntegrityError) as error:
            complain(f"{name}: a fault of the tracker: {error!r}; the other alerts go on")
    return new


def raise_one(conn: sqlite3.Connection, event: Event, now: datetime) -> bool:
    """Keep an event with its outbox rows; False where its key is known. Runs in the caller's transaction."""
    if kept.known_alert(conn, event.key):
        return False
    details = details_of(conn, event, now.date().isoformat())
    alert_id = kept.raise_alert(
        conn,
        key=event.key,
        event=event.kind.value,
        thread=event.thread or event.key,
        at_once=event.at_once,
        country=event.country,
        group=event.groups[0] if len(event.groups) == 1 else None,
        state=event.state,
        subject=title_of(details, "en"),
        details=json.dumps(details, ensure_ascii=False),
        at=instant(now),
    )
    if alert_id is None:
        return False
    for (person, channel), rhythm in recipients(event, post.subscribed(conn, event.kind.value)).items():
        post.queue(
            conn, alert_id=alert_id, person=person, channel=channel, kind="owner", owner=person, rhythm=rhythm,
            at=instant(now),
        )  # fmt: skip
    return True


def escalate(conn: sqlite3.Connection, directory: Directory, now: datetime) -> int:
    """Queue for deputies and heads what nobody has acknowledged for three working days; return how many.

    Nothing of an end that no longer stands: a deputy must not be told of a day that an extension has moved.
    """
    new = 0
    with writing(conn):
        open_rows = post.unacknowledged(conn, days=ESCALATES_FOR_DAYS, now=instant(now))
        standing = {thread_of(clock) for clock in clocks(conn, now)} if open_rows else set()
        for row in open_rows:
            owner = directory.people.get(row["owner"])
            if owner is None or (row["event"] == Kind.DEADLINE and row["thread"] not in standing):
                continue
            state = row["state"] or owner.state
            mine = {"owner": owner.id, "deputy": owner.deputy, "head": owner.head}
            told = [  # also a deputy or head who was told in the stead of another owner
                hours.Told(kind=kind, on=day_in(state, datetime.fromisoformat(at)))
                for kind, person, _, at in json.loads(row["told"])
                if person == mine[kind]
            ]
            known = directory.people
            step = hours.next_in_line(
                told,
                day_in(state, now),
                state,
                deputy=owner.deputy if owner.deputy in known and owner.deputy != owner.id else None,
                head=owner.head if owner.head in known and owner.head != owner.id else None,
            )
            if step is not None:
                kind, person = step
                new += post.queue(
                    conn, alert_id=row["alert_id"], person=person, channel=row["channel"], kind=kind, owner=owner.id,
                    rhythm="immediate", at=instant(now),
                )  # fmt: skip
    return new
