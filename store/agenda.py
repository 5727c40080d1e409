"""Rows that a calendar is made of, each with what tells a newer state from an older one. SQL only."""

import sqlite3

# The acts that can move a last day (review.moratorium_clock); retracted takes one of them back.
MOVING = "('announced', 'decided', 'paused', 'in_force', 'extended', 'ended', 'annulled', 'revived', 'retracted')"


def moves(conn: sqlite3.Connection, moratorium_id: str, half: str, day: str) -> sqlite3.Row:
    """How many acts that may move the last day of a half were known by a day (`n`), and since when the newest (`at`).

    Acts are only ever added, so `n` never falls; what was taken back counts, as does the row that takes it back.
    """
    found: sqlite3.Row = conn.execute(
        f"""select count(*) as n,
              max(max(recorded_at, coalesce(known_on, on_day) || 'T00:00:00Z')) as at
            from moratorium_events
            where moratorium_id = ? and (half is null or half = ?) and kind in {MOVING}
              and (kind = 'retracted' or coalesce(known_on, on_day) <= ?)""",
        [moratorium_id, half, day],
    ).fetchone()
    return found


def planned(conn: sqlite3.Connection, moratorium_id: str, half: str, day: str) -> str | None:
    """The last day that the newest act naming one set for a half, as known on a day; also one taken back since."""
    row = conn.execute(
        """select last_day from moratorium_events
           where moratorium_id = ? and (half is null or half = ?) and last_day is not null
             and coalesce(known_on, on_day) <= ? order by coalesce(known_on, on_day) desc, id desc limit 1""",
        [moratorium_id, half, day],
    ).fetchone()
    return row["last_day"] if row else None


def annulled(conn: sqlite3.Connection, moratorium_id: str, half: str, day: str) -> str | None:
    """The day of the judgment that annulled a half, unless the half was revived since."""
    row = conn.execute(
        """select kind, on_day from standing_events
           where moratorium_id = ? and (half is null or half = ?) and kind in ('annulled', 'revived')
             and known_day <= ? order by known_day desc, id desc limit 1""",
        [moratorium_id, half, day],
    ).fetchone()
    return row["on_day"] if row and row["kind"] == "annulled" else None


def lapses(conn: sqlite3.Connection, country: str, question: str, day: str) -> list[sqlite3.Row]:
    """What the provisional live verdicts (held basis) up to a day said of when the question lapses, in their order."""
    return conn.execute(
        """select as_of, stale_on, falls_on, computed_at from verdicts
           where country = ? and question_id = ? and basis = 'held' and reading = 'provisional' and as_of <= ?
           order by as_of, id""",
        [country, question, day],
    ).fetchall()


def awaited(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """Publications that are awaited or came: how often each was said anew (`n`), its last event and when (`at`)."""
    return conn.execute(
        """select e.*, l.after as status, l.at as status_at, l.document_id,
             (select count(*) from expectations x where x.key = e.key) as n,
             max(coalesce(l.at, ''), (select max(x.recorded_at) from expectations x where x.key = e.key)) as at
           from current_expectations e
           left join expectation_events l on l.id = (
             select max(v.id) from expectation_events v where v.key = e.key)
           order by e.key"""
    ).fetchall()


def no_longer_awaited(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """Publications that somebody took back: as they were awaited last, how many words on each (`n`), why and when."""
    return conn.execute(
        """select x.*, w.reason as why, w.recorded_at as at,
             (select count(*) from expectations y where y.key = x.key) as n
           from expectations w join expectations x on x.id = (
             select max(y.id) from expectations y where y.key = w.key and y.act = 'expect')
           where w.act <> 'expect' and w.id = (select max(y.id) from expectations y where y.key = w.key)
           order by x.key"""
    ).fetchall()
