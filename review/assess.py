"""How everything stands on a day: `standing` reads and judges; `keep` (review.keeping) only adds."""

import sqlite3
from datetime import UTC, date, datetime

from review.collecting import speakers_of
from review.judging import Judged, judge_country, narrowed
from review.keeping import digest, keep
from review.method.model import Basis, Reading
from review.method.thresholds import RULES
from review.moratorium import countries_with, moratoria
from review.showing import group_standings, question_standing, rolled_up
from review.standing import GroupStanding, Standing
from review.stored import fresh
from review.stored import questions as stored_questions

__all__ = ["Judged", "digest", "judge_country", "keep", "narrowed", "question_standing", "speakers_of", "standing"]


def standing(
    conn: sqlite3.Connection,
    *,
    as_of: date,
    basis: str,
    reading: str,
    country: str | None = None,
    group: str | None = None,
    question: str | None = None,
    today: date | None = None,
    look_ahead: bool = True,
    stored: bool = False,
) -> Standing:
    """How everything stands on a day: groups with their questions, and moratoria.

    basis is public or held, reading reviewed or provisional. Country, group and question narrow what is judged; the
    moratoria of a country are judged only where all its questions are. `look_ahead=False` leaves out fragility and
    the forecast, for pages that only show statuses. `stored`: today, of whole countries, verdicts that are stored and
    current are shown as they are, without their evidence, and only the others are judged (review.stored).
    """
    today = today or datetime.now(UTC).date()
    speakers = speakers_of(conn)
    found: list[GroupStanding] = []
    clocks = []
    whole = group is None and question is None
    known = None
    if stored and whole:
        known = fresh(conn, as_of=as_of, basis=Basis(basis), reading=Reading(reading), today=today)
    for code in [country] if country else countries_asked(conn):
        if known:
            questions = stored_questions(
                conn, code, as_of=as_of, basis=Basis(basis), reading=Reading(reading), today=today, speakers=speakers,
                with_=known,
            )  # fmt: skip
            groups = rolled_up(conn, code, questions)
        else:
            judged = judge_country(
                conn, code, as_of=as_of, basis=Basis(basis), reading=Reading(reading), today=today, group=group,
                question=question, speakers=speakers, look_ahead=look_ahead,
            )  # fmt: skip
            groups = group_standings(conn, code, judged, as_of)
        found += groups
        if whole:
            clocks += moratoria(conn, code, as_of, {one.id: one for each in groups for one in each.questions})
    if country is None and whole:
        for code in sorted(set(countries_with(conn)) - set(countries_asked(conn))):  # no question asks about them yet
            clocks += moratoria(conn, code, as_of, {})
    return Standing(
        as_of=as_of,
        basis=basis,
        reading=reading,
        rules_version=str(RULES.rules_version),
        groups=tuple(found),
        moratoria=tuple(clocks),
    )


def countries_asked(conn: sqlite3.Connection) -> list[str]:
    """The countries that any question is asked about."""
    rows = conn.execute("select distinct country from questions order by 1")
    return [row["country"] for row in rows]
