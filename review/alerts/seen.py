"""Acknowledging: somebody says that an alert was seen, by command, page or signed link. A row in the audit chain."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from review.alerts import tokens
from store import alerts as kept
from store.clock import instant
from store.declared import DeclarationError
from store.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a link was for; `new` False: it had been used before, and nothing changed."""

    alert_id: int
    person: str
    subject: str
    new: bool


def seen_by(conn: sqlite3.Connection, alert_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Keep that a person has seen an alert, and with it the earlier ones of its thread; False where they had said so.

    Runs in the caller's transaction. DeclarationError names an alert that does not exist, or a missing name.
    """
    if not actor.strip():
        raise DeclarationError("field 'by': say who has seen it")
    if kept.alert(conn, alert_id) is None:
        raise DeclarationError(f"alert {alert_id} does not exist; 'coi alerts list' shows those that do")
    return kept.acknowledge(conn, alert_id, actor=actor.strip(), note=" ".join(note.split()), at=instant(now))


def of_link(conn: sqlite3.Connection, home: Home, token: str, now: datetime) -> Seen:
    """Say what a link from a message is for, changing nothing: a page asks first. Raises BadToken."""
    allowed = tokens.read(tokens.secret(home), token, now)
    row = kept.alert(conn, allowed.alert_id)
    if row is None:
        raise tokens.BadToken(
            f"alert {allowed.alert_id} does not exist in this home; the link is from another one", "elsewhere",
            id=allowed.alert_id,
        )  # fmt: skip
    used = conn.execute(
        "select 1 from acknowledgements where alert_id = ? and actor = ?", [allowed.alert_id, allowed.person]
    ).fetchone()
    return Seen(alert_id=allowed.alert_id, person=allowed.person, subject=row["subject"], new=used is None)


def use_link(conn: sqlite3.Connection, home: Home, token: str, now: datetime) -> Seen:
    """Acknowledge by the link of a message, once: used again it says so. Runs in the caller's transaction."""
    found = of_link(conn, home, token, now)
    if found.new:
        seen_by(conn, found.alert_id, actor=found.person, note="by the link in the message", now=now)
    return found
