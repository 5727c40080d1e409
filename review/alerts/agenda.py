"""The calendar of moratoria: last days, reviews, lapses, awaited publications. From rows; nothing is kept for it.

Each entry has one UID for ever. Its `sequence` counts rows that are only ever added, so a day that moved comes with a
higher one and calendars update what they have (RFC 5545 §3.8.7.4); `changed` is when the newest of them counted.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from review.alerts.agenda_gone import LAPSES, ends_gone, gone
from review.alerts.agenda_types import Entry, Freeze, turns
from review.alerts.clocks import HALVES, day_in, reviews
from review.alerts.model import Review
from review.alerts.say import Words
from review.moratorium import halves_on, sound
from store import agenda as rows
from store import alerts as kept


def entries(
    conn: sqlite3.Connection, now: datetime, declared: Path | None, *, language: str, state: str | None = None,
    country: str | None = None,
) -> list[Entry]:  # fmt: skip
    """Every entry by its first day, of one freezing state or country of origin where that is asked.

    Sign-offs and publications belong to no state: with `state` those on countries that it has a moratorium on. What
    stood once and stands no more is cancelled, not left out.
    """
    words = Words(language)
    freezes = [
        _freeze(conn, row, now)
        for row in sound(conn, kept.moratoria(conn))
        if state in (None, row["state"]) and country in (None, row["country"])
    ]
    wanted = {freeze.row["id"]: freeze for freeze in freezes}
    about = {freeze.row["country"] for freeze in freezes} if state else {country} if country else None
    found = [entry for freeze in freezes for entry in (*_ends(conn, freeze, words), *_lapses(conn, freeze, words))]
    cancelled = {entry.uid: entry for freeze in freezes for entry in ends_gone(conn, freeze, words)}
    signed = {f"{r['country']}:{r['question_id']}:{r['id']}": r for r in kept.expiring_signoffs(conn)}
    for review in reviews(conn, now, declared, past=True):
        if review.what == "duty" and review.id in wanted:
            found.append(_duty(conn, review, wanted[review.id], words))
        elif review.what == "signoff" and (about is None or review.country in about):
            found.append(_signoff(review, signed[review.id], words))
    found += [_awaited(row, words) for row in rows.awaited(conn) if about is None or row["country"] in about]
    found = [entry for entry in found if entry.uid not in cancelled]
    standing = {entry.uid for entry in found}
    overtaken = (entry for entry in gone(conn, now, freezes, about, words) if entry.uid not in standing)
    found += [*cancelled.values(), *overtaken]
    return sorted(found, key=lambda one: (one.first, one.uid))


def _freeze(conn: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Freeze:
    day = day_in(row["state"], now)
    found = halves_on(conn, row["id"], json.loads(row["declaration"]), day)
    return Freeze(row=row, day=day, halves=tuple(half for half in found if half.ends_on and half.half in HALVES))


def _ends(conn: sqlite3.Connection, freeze: Freeze, words: Words) -> Iterator[Entry]:
    """Yield the last day of each half; one that is over stays."""
    for half in freeze.halves:
        end = half.ends_on
        if end is None:
            continue
        number, at = freeze.moves(conn, half.half)
        # What is known of an end can change by its passing alone: a planned day that nobody confirmed.
        passed = datetime.combine(end + timedelta(days=1), datetime.min.time(), UTC)
        lines = [
            _title(freeze.row["title"], freeze.row["title_nl"], words),
            words("cal.last_day", on=end.isoformat()),
            words("cal.sure", sure=words.code("confidence", half.confidence)),
        ]
        if half.provisional:
            lines.insert(2, words("cal.can_change"))
        yield Entry(
            uid=f"{freeze.row['id']}.{half.half}.end",
            kind="end",
            first=end,
            last=end,
            summary=words("cal.end.planned" if half.provisional else "cal.end", **freeze.names(words),
                          half=half.half),
            lines=tuple(lines),
            path=f"/moratoria/{freeze.row['id']}",
            sequence=number,
            changed=max(at, passed) if end < freeze.day else at,
        )  # fmt: skip


def _title(english: str, dutch: str, words: Words) -> str:
    return dutch if words.language == "nl" and dutch else english


def _duty(conn: sqlite3.Connection, review: Review, freeze: Freeze, words: Words) -> Entry:
    number, at = freeze.moves(conn, "decisions")
    lines = [
        _title(review.title, review.title_nl, words),
        words("review_due.lead.duty", due_on=review.due_on.isoformat()),
    ]
    if not review.confirmed:
        lines.append(words("cal.unconfirmed"))
    return Entry(
        uid=f"{review.id}.review",
        kind="review",
        first=review.due_on,
        last=review.due_on,
        summary=words("cal.review" if review.confirmed else "cal.review.unconfirmed", **freeze.names(words)),
        lines=tuple(lines),
        path=f"/moratoria/{review.id}",
        sequence=number,
        changed=at,
    )


def _signoff(review: Review, row: sqlite3.Row, words: Words) -> Entry:
    question = row["question_id"]
    return Entry(
        uid=f"{review.country}.{question}.signoff",
        kind="review",
        first=review.due_on,
        last=review.due_on,
        summary=words("cal.signoff", country=words.country(review.country), question=question),
        lines=(
            _title(review.title, review.title_nl, words),
            words("review_due.lead.signoff", due_on=review.due_on.isoformat()),
        ),
        path=f"/questions/{question}?country={review.country}",
        sequence=row["id"],  # a later sign-off has a higher number
        changed=datetime.fromisoformat(row["signed_at"]),
    )


def _lapses(conn: sqlite3.Connection, freeze: Freeze, words: Words) -> Iterator[Entry]:
    """Yield when a deciding question is stale or falls, if nothing new comes, where that is before the last day."""
    end, country = freeze.last_day, freeze.row["country"]
    if end is None:
        return
    moved = max(freeze.moves(conn, half.half)[1] for half in freeze.halves)
    for question in json.loads(freeze.row["deciding"]):
        found = rows.lapses(conn, country, question, freeze.day.isoformat())
        for what in LAPSES:
            on = _said(found, f"{what}_on", end)
            if on is None:
                continue
            number, since = turns(found, f"{what}_on")
            yield Entry(
                uid=f"{freeze.row['id']}.{question}.{what}",
                kind="lapse",
                first=on,
                last=on,
                summary=words("cal.lapse", country=words.country(country), question=question, what=what),
                lines=(
                    _title(freeze.row["title"], freeze.row["title_nl"], words),
                    words("cal.lapse.why", ends_on=end.isoformat()),
                ),
                path=f"/questions/{question}?country={country}",
                sequence=number,
                changed=max(datetime.fromisoformat(since), moved),
            )


def _said(found: Sequence[sqlite3.Row], column: str, end: date) -> date | None:
    """The day by the newest verdict before the end; one that came to pass stays, though no later verdict names it."""
    known = [row for row in found if row["as_of"] <= end.isoformat()]
    last = next((row for row in reversed(known) if row[column]), None)
    if last is None or (last is not known[-1] and last[column] > known[-1]["as_of"]):
        return None
    on = date.fromisoformat(last[column])
    return on if on <= end else None


def _awaited(row: sqlite3.Row, words: Words) -> Entry:
    arrived = row["status"] == "arrived"
    return Entry(
        uid=f"expected.{row['key']}",
        kind="publication",
        first=date.fromisoformat(row["first_day"]),
        last=date.fromisoformat(row["last_day"]),
        summary=words("cal.arrived" if arrived else "cal.expected", country=words.country(row["country"]),
                      title=row["title"]),
        lines=(words("publication_due.lead", first_day_on=row["first_day"], last_day_on=row["last_day"]),
               words("cal.status", now=row["status"] or "expected"), row["reason"]),
        path=f"/documents/{row['document_id']}" if row["document_id"] else "/sources",
        sequence=row["n"] - 1,
        changed=datetime.fromisoformat(row["at"]),
    )  # fmt: skip
