"""What an alert carries for ever: facts, reasons, passages with citation, what is missing, what changed since signing.

Frozen when the alert is raised: a message that is sent again a day later says the same.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from review.alerts.model import MOST_PASSAGES, Event
from review.alerts.verdicts import passages_of
from store import alerts as kept

QUOTE = 400  # characters of a passage in a message; the whole stands on its page
MOST_TOLD = 5


def details_of(conn: sqlite3.Connection, event: Event, day: str) -> dict[str, Any]:
    """Return everything that any language needs to say the event (review.alerts.say), as it stands on a day."""
    rows = {
        question: kept.newest_verdict(conn, event.country or "", question, "provisional", day=day)
        for question in event.questions
    }
    signed, since = _signed(conn, event, rows)
    return {
        "kind": event.kind.value,
        "country": event.country,
        "groups": kept.group_titles(conn, event.groups),
        "at_once": event.at_once,
        "facts": dict(event.facts),
        "reasons": [{"en": said.en, "nl": said.nl} for said in event.reasons],
        "passages": _passages(conn, event, rows),
        "missing": [_missing(conn, question, row) for question, row in rows.items()],
        "signed": signed,
        "told": list(_told(conn, event, since)) if since else [],
        "links": list(event.links),
    }


Rows = Mapping[str, sqlite3.Row | None]


def _missing(conn: sqlite3.Connection, question: str, row: sqlite3.Row | None) -> dict[str, Any]:
    """Say which tests of a question do not pass and which gates are closed, by its newest verdict."""
    if row is None:
        return {"question": question, "status": None, "reasons": [], "gates": []}
    outcome = json.loads(kept.outcome_of(conn, row["id"]))
    failed = [test for test in outcome.get("tests", {}).values() if test["result"] != "pass"]
    return {
        "question": question,
        "status": row["effective"],
        "reasons": [{"en": test["reason"], "nl": test["reason_nl"]} for test in failed],
        "gates": list(outcome.get("gates", ())),
    }


def _signed(conn: sqlite3.Connection, event: Event, rows: Rows) -> tuple[list[dict[str, Any]], str | None]:
    """Say how each question was last signed, and since when (the oldest of these; None where nobody signed)."""
    if event.kind.value not in ("deadline", "review_due"):
        return [], None
    found, since = [], []
    for question in event.questions:
        row = kept.last_signed(conn, event.country or "", question)
        now = rows[question]
        found.append({
            "question": question,
            "signed": row["status"] if row else None,
            "on": row["signed_at"][:10] if row else None,
            "actor": row["actor"] if row else None,
            "now": now["effective"] if now else None,
        })  # fmt: skip
        since += [row["signed_at"]] if row else []
    return found, min(since, default=None)


def _told(conn: sqlite3.Connection, event: Event, since: str) -> Iterator[dict[str, Any]]:
    """Yield the newest alerts on the same country since an instant, without their own details."""
    for row in kept.told_since(conn, event.country or "", since, limit=MOST_TOLD):
        details = json.loads(row["details"])
        yield {"kind": details["kind"], "country": None, "facts": details["facts"], "on": row["raised_at"][:10]}


def _passages(conn: sqlite3.Connection, event: Event, verdicts: Rows) -> list[dict[str, Any]]:
    """Cite up to five passages: the event's own; else those on which its questions' newest verdicts rest."""
    ids = list(event.passages)
    for row in verdicts.values() if not ids else ():
        if row is not None:
            ids += passages_of(conn, json.loads(kept.outcome_of(conn, row["id"])))
    rows = {row["id"]: row for row in kept.citations(conn, ids[:MOST_PASSAGES])}
    return [_citation(rows[id_]) for id_ in dict.fromkeys(ids[:MOST_PASSAGES]) if id_ in rows]


def _citation(row: sqlite3.Row) -> dict[str, Any]:
    text = " ".join(row["text"].split())
    return {
        "id": row["id"],
        "quote": text if len(text) <= QUOTE else text[: QUOTE - 1].rsplit(" ", 1)[0] + "…",
        "title": row["title"],
        "publisher": row["publisher"],
        "published_on": row["published_on"],
        "page": row["page"],
        "language": row["language"],
    }
