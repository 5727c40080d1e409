"""Whether a report on a country is awaited on a day; else waiting alone will not help (method §8, advice line)."""

import sqlite3
from datetime import date

from store.expected import Awaited, standings


def report_expected(conn: sqlite3.Connection, country: str, as_of: date) -> bool:
    """Return whether somebody had announced a publication on a country that had not come by the day.

    What was announced only later is not known yet; an overdue report is still awaited.
    """
    return any(
        found.expectation.country == country
        and found.status is not Awaited.ARRIVED
        and found.since[:10] <= as_of.isoformat()
        for found in standings(conn, as_of)
    )
