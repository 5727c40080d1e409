"""Entries of the calendar that no longer stand: annulled, taken back or overtaken; the same UID, a higher sequence.

An end that moved is no such entry: its UID carries the new day, and a calendar moves what it has.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime

from review.alerts.agenda_types import Entry, Freeze, turns
from review.alerts.clocks import HALVES, reviews_gone
from review.alerts.say import Words
from store import agenda as rows
from store import alerts as kept

LAPSES = ("stale", "falls")


def ends_gone(conn: sqlite3.Connection, freeze: Freeze, words: Words) -> Iterator[Entry]:
    """Yield each planned last day that a court annulled before it came, or whose acts were all taken back."""
    id_, day = freeze.row["id"], freeze.day.isoformat()
    standing = {half.half for half in freeze.halves}
    for half in HALVES:
        planned = rows.planned(conn, id_, half, day)
        annulled = rows.annulled(conn, id_, half, day)
        if planned is None or (half in standing and (annulled is None or annulled >= planned)):
            continue
        number, at = freeze.moves(conn, half)
        why = words("cal.gone.annulled", on=annulled) if annulled else words("cal.gone.end")
        yield Entry(
            uid=f"{id_}.{half}.end",
            kind="end",
            first=date.fromisoformat(planned),
            last=date.fromisoformat(planned),
            summary=words("cal.gone", what=words("cal.end.planned", **freeze.names(words), half=half)),
            lines=(freeze.row["title"], why),
            path=f"/moratoria/{id_}",
            sequence=number,
            changed=at,
            cancelled=True,
        )


def duties_gone(conn: sqlite3.Connection, freeze: Freeze, words: Words, due: dict[str, date]) -> Iterator[Entry]:
    """Yield the review that was still to come when its half ended. `due`: the days of such reviews by moratorium."""
    on = due.get(freeze.row["id"])
    if on is None:
        return
    number, at = freeze.moves(conn, "decisions")
    yield Entry(
        uid=f"{freeze.row['id']}.review",
        kind="review",
        first=on,
        last=on,
        summary=words("cal.gone", what=words("cal.review", **freeze.names(words))),
        lines=(freeze.row["title"], words("cal.gone.review")),
        path=f"/moratoria/{freeze.row['id']}",
        sequence=number,
        changed=at,
        cancelled=True,
    )


def lapses_gone(conn: sqlite3.Connection, freeze: Freeze, words: Words) -> Iterator[Entry]:
    """Yield each lapse that verdicts named and the newest one names no more, or that lies after the last day now."""
    country = freeze.row["country"]
    for question in json.loads(freeze.row["deciding"]):
        found = rows.lapses(conn, country, question, freeze.day.isoformat())
        for what in LAPSES:
            last = next((row[f"{what}_on"] for row in reversed(found) if row[f"{what}_on"]), None)
            if last is None:
                continue
            number, since = turns(found, f"{what}_on")
            yield Entry(
                uid=f"{freeze.row['id']}.{question}.{what}",
                kind="lapse",
                first=date.fromisoformat(last),
                last=date.fromisoformat(last),
                summary=words("cal.gone", what=words("cal.lapse", country=words.country(country), question=question,
                                                     what=what)),
                lines=(freeze.row["title"], words("cal.gone.lapse")),
                path=f"/questions/{question}?country={country}",
                sequence=number,
                changed=datetime.fromisoformat(since),
                cancelled=True,
            )  # fmt: skip


def signoffs_gone(conn: sqlite3.Connection, words: Words) -> Iterator[tuple[str, Entry]]:
    """Yield (country, entry) of each question whose newest approved sign-off was withdrawn."""
    for row in kept.withdrawn_signoffs(conn):
        question, country = row["question_id"], row["country"]
        on = date.fromisoformat(row["expires_on"])
        what = words("cal.signoff", country=words.country(country), question=question)
        yield (
            country,
            Entry(
                uid=f"{country}.{question}.signoff",
                kind="review",
                first=on,
                last=on,
                summary=words("cal.gone", what=what),
                lines=(row["wording"] or question, words("cal.gone.signoff", by=row["withdrawn_by"])),
                path=f"/questions/{question}?country={country}",
                sequence=row["withdrawal"],  # a later act has a higher number
                changed=datetime.fromisoformat(row["withdrawn_at"]),
                cancelled=True,
            ),
        )


def awaited_gone(conn: sqlite3.Connection, words: Words) -> Iterator[tuple[str, Entry]]:
    """Yield (country, entry) of each publication that is awaited no more."""
    for row in rows.no_longer_awaited(conn):
        what = words("cal.expected", country=words.country(row["country"]), title=row["title"])
        yield (
            row["country"],
            Entry(
                uid=f"expected.{row['key']}",
                kind="publication",
                first=date.fromisoformat(row["first_day"]),
                last=date.fromisoformat(row["last_day"]),
                summary=words("cal.gone", what=what),
                lines=(words("cal.gone.awaited"), row["why"]),
                path="/sources",
                sequence=row["n"] - 1,
                changed=datetime.fromisoformat(row["at"]),
                cancelled=True,
            ),
        )


def gone(
    conn: sqlite3.Connection, now: datetime, freezes: list[Freeze], about: set[str] | None, words: Words
) -> Iterator[Entry]:
    """Yield whatever may have stood and does not; the caller leaves out what stands. `about`: countries, None: all."""
    due = reviews_gone(conn, now)
    for freeze in freezes:
        yield from duties_gone(conn, freeze, words, due)
        yield from lapses_gone(conn, freeze, words)
    for country, entry in (*signoffs_gone(conn, words), *awaited_gone(conn, words)):
        if about is None or country in about:
            yield entry
