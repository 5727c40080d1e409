"""Whether a publisher still shows a document: met, asked for, absent, gone, withdrawn, moved. Nothing is deleted."""

import sqlite3
from datetime import datetime

GONE_AFTER_HOURS = 22  # "a day apart", less what a daily run may come early


def mark_state(conn: sqlite3.Connection, document_id: int, state: str, *, seen_at: str) -> None:
    """Say that the publisher withdrew, removed or moved a document, or that it is back. Nothing of it is deleted."""
    changed = conn.execute("update documents set state = ? where id = ? and state <> ?", [state, document_id, state])
    if changed.rowcount:
        conn.execute(
            "insert into document_states (document_id, state, seen_at) values (?, ?, ?)", [document_id, state, seen_at]
        )


def asked(conn: sqlite3.Connection, document_id: int, *, at: str) -> None:
    """Note that a document was asked for though no list showed it, whatever came of it (also a refusal)."""
    conn.execute("update documents set asked_at = ? where id = ?", [at, document_id])


def absent(conn: sqlite3.Connection, document_id: int, said: str, *, seen_at: str, now: str | None = None) -> bool:
    """Note that a document was asked for and not there; return whether it now counts as gone.

    Gone means: absent twice, a day apart, and never met in between (a server has bad hours). Nothing is deleted.
    `now` is the present instant: what was met or absent later than that was so by a wrong clock, and does not count.
    """
    conn.execute(
        "insert into absences (document_id, seen_at, said) values (?, ?, ?) on conflict do nothing",
        [document_id, seen_at, said],
    )
    row = conn.execute(
        """with met as (
             select d.id, d.state, case when :now is null or d.last_seen_at <= :now then d.last_seen_at else coalesce(
                 (select max(v.seen_at) from versions v where v.document_id = d.id and v.seen_at <= :now), '') end as at
             from documents d where d.id = :id)
           select state, (select min(a.seen_at) from absences a where a.document_id = met.id and a.seen_at > met.at
                            and (:now is null or a.seen_at <= :now)) as since
           from met""",
        {"id": document_id, "now": now},
    ).fetchone()
    if row["state"] == "gone":
        return True
    is_gone = row["since"] is not None and _hours_between(row["since"], seen_at) >= GONE_AFTER_HOURS
    if is_gone:
        mark_state(conn, document_id, "gone", seen_at=seen_at)
    return is_gone


def met_again(conn: sqlite3.Connection, document_id: int, *, seen_at: str, withdrawn: bool | None = None) -> None:
    """Note that a document was met again; one that was gone is again what it was before: live, withdrawn or moved.

    `withdrawn` is whether it now says so of itself (None: it was not read anew, so what it said still holds). An older
    capture that comes in late changes no state.
    """
    conn.execute("update documents set last_seen_at = max(last_seen_at, ?) where id = ?", [seen_at, document_id])
    row = conn.execute(
        """select d.state,
             (select max(s.seen_at) from document_states s where s.document_id = d.id) as since,
             (select s.state from document_states s where s.document_id = d.id and s.state <> 'gone'
              order by s.seen_at desc, s.id desc limit 1) as before
           from documents d where d.id = ?""",
        [document_id],
    ).fetchone()
    if row["since"] is None or seen_at < row["since"]:
        return
    state = (row["before"] or "live") if row["state"] == "gone" else row["state"]
    if state == "withdrawn" and withdrawn is False and seen_at > row["since"]:
        state = "live"
    mark_state(conn, document_id, state, seen_at=seen_at)


def _hours_between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds() / 3600
