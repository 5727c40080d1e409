"""Who is told of an alert and what became of each message: subscriptions, outbox, letters, deliveries. SQL only."""

import sqlite3
from collections.abc import Iterable


def died(conn: sqlite3.Connection, *, after: int) -> list[sqlite3.Row]:
    """Letters that are tried no more, by deliveries newer than an id; none that only tell of a dead letter.

    `about` is what a letter at once told of: the subject line of one to a deputy names whose deputy it is.
    """
    return conn.execute(
        """select l.id, d.attempt, case l.rhythm when 'digest' then l.subject else (
             select a.subject from letter_alerts t join outbox o on o.id = t.outbox_id
             join alerts a on a.id = o.alert_id where t.letter_id = l.id) end as about from deliveries d
           join letters l on l.id = d.letter_id
           where d.id > ? and d.outcome = 'dead' and exists (
             select 1 from letter_alerts i join outbox o on o.id = i.outbox_id join alerts a on a.id = o.alert_id
             where i.letter_id = l.id and a.event <> 'dead_letter')
           order by d.id""",
        [after],
    ).fetchall()


def subscribed(conn: sqlite3.Connection, event: str) -> list[sqlite3.Row]:
    """The subscriptions to a kind of event, in the order in which they were made."""
    return conn.execute("select * from current_subscriptions where event = ? order by id", [event]).fetchall()


def subscribe(
    conn: sqlite3.Connection, *, act: str, person: str, country: str, group: str, event: str, channel: str,
    rhythm: str, actor: str, at: str,
) -> bool:  # fmt: skip
    """Keep that a person is to be told, or no longer; False where the newest word says so already."""
    last = conn.execute(
        """select act, rhythm from subscriptions where person = ? and country = ? and group_id = ? and event = ?
             and channel = ? order by id desc limit 1""",
        [person, country, group, event, channel],
    ).fetchone()
    before = (last["act"], last["rhythm"] if act == "subscribe" else rhythm) if last else ("unsubscribe", rhythm)
    if before == (act, rhythm):
        return False
    conn.execute(
        """insert into subscriptions (act, person, country, group_id, event, channel, rhythm, actor, recorded_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [act, person, country, group, event, channel, rhythm, actor, at],
    )
    return True


def queue(
    conn: sqlite3.Connection, *, alert_id: int, person: str, channel: str, kind: str, owner: str, rhythm: str, at: str
) -> bool:
    """Put an alert into the outbox for a person and channel, once; False where it is there."""
    return bool(
        conn.execute(
            """insert into outbox (alert_id, person, channel, kind, owner, rhythm, queued_at)
               values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
            [alert_id, person, channel, kind, owner, rhythm, at],
        ).rowcount
    )


def unacknowledged(conn: sqlite3.Connection, *, days: int, now: str) -> list[sqlite3.Row]:
    """What nobody has acknowledged, by owner and channel told at once: `told` is [[kind, person, owner, since]], JSON.

    Only alerts of the last `days`.
    """
    return conn.execute(
        """select a.id as alert_id, a.event, a.thread, a.state, o.owner, o.channel, (
             select json_group_array(json_array(t.kind, t.person, t.owner, t.queued_at)) from outbox t
             where t.alert_id = a.id and t.channel = o.channel) as told
           from unacknowledged_alerts a join outbox o on o.alert_id = a.id
           where o.kind = 'owner' and o.rhythm = 'immediate' and a.raised_at >= strftime('%Y-%m-%dT%H:%M:%SZ', ?, ?)
           order by a.id, o.id""",
        [now, f"-{days} days"],
    ).fetchall()


def unwritten(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """What waits in the outbox and stands in no letter yet, with its alert, the oldest first."""
    return conn.execute(
        """select o.id, o.alert_id, o.person, o.channel, o.kind, o.owner, o.rhythm, o.queued_at, a.event_key,
             a.details, a.at_once from outbox o join alerts a on a.id = o.alert_id
           where not exists (select 1 from letter_alerts i where i.outbox_id = o.id) order by o.id"""
    ).fetchall()


def keep_letter(
    conn: sqlite3.Connection, *, key: str, person: str, channel: str, rhythm: str, language: str, subject: str,
    body: str, html: str, outbox: Iterable[int], at: str,
) -> int | None:  # fmt: skip
    """Keep a letter and which outbox rows it carries; None where a letter with this key exists."""
    row = conn.execute(
        """insert into letters (key, person, channel, rhythm, language, subject, body, html, made_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing returning id""",
        [key, person, channel, rhythm, language, subject, body, html, at],
    ).fetchone()
    if row is None:
        return None
    conn.executemany(
        "insert into letter_alerts (letter_id, outbox_id) values (?, ?)", [(row["id"], one) for one in outbox]
    )
    return int(row["id"])


def has_letter(conn: sqlite3.Connection, key: str) -> bool:
    """Whether a letter with this key was written."""
    return conn.execute("select 1 from letters where key = ?", [key]).fetchone() is not None


def open_letters(conn: sqlite3.Connection, *, now: str) -> list[sqlite3.Row]:
    """Letters that are to be sent now: new, due again, or claimed by a run that did not come to its end."""
    return conn.execute(
        """select s.*, (select count(*) from deliveries d where d.letter_id = s.id and d.outcome = 'claimed'
             and d.id > coalesce((select max(r.id) from deliveries r where r.letter_id = s.id
                                  and r.outcome = 'retry'), 0)) as tries
           from letter_states s where s.state not in ('sent', 'dead') and (s.next_at is null or s.next_at <= ?)
           order by s.rhythm desc, s.id""",
        [now],
    ).fetchall()


def deliver(
    conn: sqlite3.Connection, letter_id: int, attempt: int, outcome: str, *, at: str, error: str = "",
    next_at: str | None = None,
) -> None:  # fmt: skip
    """Keep one step of a letter's way. Runs in the caller's transaction."""
    conn.execute(
        "insert into deliveries (letter_id, attempt, outcome, error, next_at, at) values (?, ?, ?, ?, ?, ?)",
        [letter_id, attempt, outcome, error, next_at, at],
    )


def letters_in(conn: sqlite3.Connection, state: str) -> list[sqlite3.Row]:
    """Letters whose newest step is this one, the oldest first."""
    return conn.execute("select * from letter_states where state = ? order by id", [state]).fetchall()
