"""What happens in the simulated year, as rows that the store, the crawl and people would have made."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date

from review import steps
from review.tagging import tagger
from store import documents, evidence, expected, health
from store.evidence import EvidenceRow
from store.expected import Expectation
from store.health import SourceEvent
from store.sources import sync
from tests.conftest import card, version

SAYS = "Conscripts of the spring call-up were sent to the front in Ukraine, relatives and officers of {} say."
WITNESSES = (("paper_a", "media"), ("paper_b", "media"), ("monitor", "ngo"), ("union", "international_organisation"))
REPORT = (
    "Conscripts in Russia serve twelve months. According to Russian law conscripts may not be sent abroad.",
    "Russian conscripts were sent to Ukraine in the first weeks of the war, the ministry found.",
)
AWAITED = Expectation(
    key="ru_report", title="General country report on the Russian Federation", country="RU", sources=("ministry",),
    pattern="country report.*russia", first_day="2023-03-01", last_day="2023-03-26",
    reason="Announced in the letter that extended the moratorium.",
)  # fmt: skip


def begin(conn: sqlite3.Connection, at: str) -> None:
    """The sources, the one that decides among them, and the report that is awaited."""
    cards = [card(name, type=kind, grade="B") for name, kind in WITNESSES]
    cards.append(card("ministry", type="official_country_report", grade="A",
                      declaration=json.dumps({"decisive_for": ["RU"]})))  # fmt: skip
    sync(conn, cards, declared_at=at)
    expected.expect(conn, AWAITED, actor="Tests", at=at)


def testify(conn: sqlite3.Connection, at: str) -> None:
    """Four sources publish, and a person codes what each says."""
    for source, _ in WITNESSES:
        text = SAYS.format(source)
        kept = documents.keep(
            conn, version(text, f"The {source} appears daily.", source_id=source, key="a", url=f"https://{source}.example",
                          title=f"{source} on conscripts", published_on=at[:10], published_precision="day",
                          published_confidence="normal"),
            capture_id=None, seen_at=at, recorded_at=at,
        )  # fmt: skip
        passage = conn.execute(
            "select id from passages where document_id = ? order by id", [kept.document_id]
        ).fetchone()
        evidence.add(
            conn,
            EvidenceRow(
                passage_id=passage["id"], question_id="G1.3", question_version=1, country="RU",
                group_id="conscripts",
                answer="regular", directness="direct", start=0, end=len(text), rule="a person", proposed_by="Tests",
                proposed_at=at, facts_to=at[:10],
            ),
        )  # fmt: skip


def withdraw(conn: sqlite3.Connection, at: str) -> None:
    """One of them takes its sentence out again."""
    documents.keep(
        conn, version("The paper_b appears daily.", source_id="paper_b", key="a", url="https://paper_b.example",
                      title="paper_b on conscripts", published_on="2022-07-11", published_precision="day",
                      published_confidence="normal"),
        capture_id=None, seen_at=at, recorded_at=at,
    )  # fmt: skip


def change_source(before: str, after: str, message: str) -> Callable[[sqlite3.Connection, str], None]:
    """The ministry's list is read no more, or again."""

    def happens(conn: sqlite3.Connection, at: str) -> None:
        event = SourceEvent(source_id="ministry", at=at, kind="run", before=before, after=after, message=message)
        health.keep_event(conn, event)

    return happens


def publish(conn: sqlite3.Connection, at: str) -> None:
    """The awaited country report comes out; it is tagged by the rules."""
    documents.keep(
        conn, version(*REPORT, source_id="ministry", key="report", url="https://ministry.example/report",
                      title="General country report on the Russian Federation, country report Russia",
                      published_on=at[:10], published_precision="day", published_confidence="normal"),
        capture_id=None, seen_at=at, recorded_at=at,
    )  # fmt: skip


HAPPENINGS = {
    date(2022, 7, 11): testify,
    date(2022, 8, 15): withdraw,
    date(2022, 12, 22): change_source("suspect", "failing", "the list holds 0 rows, expected at least 20"),
    date(2023, 1, 5): change_source("failing", "ok", "answers again after 14 days"),
    date(2023, 3, 31): publish,
}


def every_day(conn: sqlite3.Connection, day: date) -> None:
    """What the watchdog does: see which awaited publication is due, overdue, arrived."""
    expected.keep_changes(conn, expected.standings(conn, day), at=f"{day}T05:00:00Z")


def tag_new(conn: sqlite3.Connection, at: str) -> None:
    """Tag what came, by the rules."""
    steps.tag_new(conn, tagger(), at=at)


def is_judged(day: date) -> bool:
    """The method is asked once a week, and on the days on which the status turns."""
    return day.weekday() == 0 or day in (date(2022, 9, 29), date(2022, 9, 30))
