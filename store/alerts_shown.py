"""What the page of alerts asks besides the alerts themselves. SQL only."""

import json
import sqlite3
from collections.abc import Iterable


def alert_countries(conn: sqlite3.Connection) -> list[str]:
    """The countries that any alert is about."""
    return [row[0] for row in conn.execute("select distinct country from alerts where country is not null order by 1")]


def dead_letters(conn: sqlite3.Connection, letters: Iterable[int]) -> dict[int, sqlite3.Row]:
    """To whom, by which channel and why in vain these letters were sent last, by their id."""
    rows = conn.execute(
        """select l.id, l.person, l.channel, d.error from letters l join deliveries d on d.id = (
             select max(e.id) from deliveries e where e.letter_id = l.id and e.error <> '')
           where l.id in (select value from json_each(?))""",
        [json.dumps(list(letters))],
    )
    return {row["id"]: row for row in rows}


def acknowledgements(conn: sqlite3.Connection, alerts: Iterable[int]) -> dict[int, list[sqlite3.Row]]:
    """Who has seen these alerts, when, and with what note, by alert."""
    found: dict[int, list[sqlite3.Row]] = {}
    for row in conn.execute(
        "select * from acknowledgements where alert_id in (select value from json_each(?)) order by id",
        [json.dumps(list(alerts))],
    ):
        found.setdefault(row["alert_id"], []).append(row)
    return found
