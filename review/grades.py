"""What a better grade of a source would change before a second person approves it (method §11): listed, not applied."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from review.assess import standing
from review.method.model import Reading, Status
from store.grades import Raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question whose status would differ under the better grade, in one reading."""

    country: str
    question: str
    reading: str
    before: str
    after: str

    @property
    def raises(self) -> bool:
        """Return whether the status would rise: what a second person is asked about."""
        return Status(self.after).rank > Status(self.before).rank


def changes(conn: sqlite3.Connection, raised: Raise, *, as_of: date) -> list[Change]:
    """Judge every country with evidence of the source under both grades, on the public basis; nothing is written.

    The decision that is not taken stands in a temporary table of this connection, in front of the real one; give a
    connection of its own, and close it afterwards.
    """
    countries = [
        row["country"]
        for row in conn.execute(
            """select distinct e.country from evidence e join passages p on p.id = e.passage_id
               join documents d on d.id = p.document_id where d.source_id = ? order by 1""",
            [raised.source_id],
        )
    ]
    before = _statuses(conn, countries, as_of)
    conn.execute("pragma query_only = off")  # the file stays read-only; only the temporary table is written
    conn.execute("create temp table grade_decisions as select * from main.grade_decisions")
    conn.execute(
        "insert into temp.grade_decisions (id, card_id, decision, reason, decided_at) "
        "select coalesce(max(id), 0) + 1, ?, 'approve', '', '' from main.grade_decisions",
        [raised.card_id],
    )
    after = _statuses(conn, countries, as_of)
    conn.execute("drop table temp.grade_decisions")
    return [
        Change(country=country, question=question, reading=reading, before=was, after=after[country, question, reading])
        for (country, question, reading), was in before.items()
        if after[country, question, reading] != was
    ]


def _statuses(conn: sqlite3.Connection, countries: list[str], as_of: date) -> dict[tuple[str, str, str], str]:
    found: dict[tuple[str, str, str], str] = {}
    for country in countries:
        for reading in Reading:
            seen = standing(conn, as_of=as_of, basis="public", reading=reading.value, country=country, look_ahead=False)
            found |= {(q.country, q.id, reading.value): q.status for group in seen.groups for q in group.questions}
    return found
