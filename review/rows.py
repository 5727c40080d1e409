"""What was asked about a country, what was found, and what people resolved, as the store keeps it. Only reading."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.method.model import Evidence, Kind, Question, Resolution, Resolved, Side, Source, Watershed
from review.wellsprings import Spring
from store import contradictions

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One version of a question with its watersheds, as the store keeps it."""

    question: Question
    version: int
    group: str | None
    wording: str
    wording_nl: str
    element: str
    decisive: bool
    country: str
    known_gap: bool
    search_in: tuple[str, ...]
    watersheds: tuple[Watershed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One piece of evidence with the facts that a page shows beside it. `item` is what the method reads.

    `linked`: whether any rules have looked for the well-springs of its document. `cited`: the origin that a footnote
    names, which `review.cited` reckons with.
    """

    item: Evidence
    source: Source
    question_id: str
    row: Row
    origin_label: str
    linked: bool
    withdrawn_on: date | None
    cited: Spring | None = None
    speaker: str = ""  # the declared voice whose words a publisher hands on, by name; "": the publisher's own
    machine: bool = False  # decided by people of whom none read the original, only a machine translation


def asked(
    conn: sqlite3.Connection, country: str, as_of: date, questions: Sequence[str] | None = None
) -> tuple[Asked, ...]:
    """Every question asked about a country, newest version, with the events that were known on a day.

    `questions` narrows it. Two statements, however many there are.
    """
    only = None if questions is None else json.dumps(list(questions))
    cuts: dict[str, list[Watershed]] = defaultdict(list)
    rows = conn.execute(
        """select q.question_id, w.on_day, w.title, w.announced from watersheds w
           join watershed_questions q on q.watershed_id = w.id
           where w.country = :country and min(w.on_day, coalesce(w.announced_on, w.on_day)) <= :day
             and (:only is null or q.question_id in (select value from json_each(:only))) order by w.on_day, w.id""",
        {"country": country, "day": as_of.isoformat(), "only": only},
    )
    for row in rows:
        event = Watershed(on=date.fromisoformat(row["on_day"]), title=row["title"], announced=bool(row["announced"]))
        cuts[row["question_id"]].append(event)
    rows = conn.execute(
        """select q.* from questions q where q.country = :country
             and q.version = (select max(r.version) from questions r where r.id = q.id)
             and (:only is null or q.id in (select value from json_each(:only))) order by q.rowid""",
        {"country": country, "only": only},
    )
    return tuple(_asked(row, json.loads(row["declaration"]), tuple(cuts[row["id"]])) for row in rows)


def _asked(row: sqlite3.Row, declared: dict[str, Any], watersheds: tuple[Watershed, ...]) -> Asked:
    question = Question(
        id=row["id"],
        scale=tuple(json.loads(row["scale"])),
        window_days=row["window_days"],
        kind=Kind(row["scale_kind"]),
        opposite=tuple((a, b) for a, b in json.loads(row["opposite"])),
    )
    return Asked(
        question=question,
        version=row["version"],
        group=row["group_id"],
        wording=row["wording"],
        wording_nl=row["wording_nl"],
        element=row["element"],
        decisive=bool(row["decisive"]),
        country=declared["country"],
        known_gap=bool(declared.get("known_gap")),
        search_in=tuple(declared.get("search_in", ())),
        watersheds=watersheds,
    )


def resolutions(
    conn: sqlite3.Connection, country: str, *, as_of: date, held_basis: bool, ids: Mapping[str, Mapping[int, str]]
) -> dict[str, tuple[Resolution, ...]]:
    """People's resolutions of contradictions, by question; on the held basis only those decided by the day, and taken
    back after it.

    `ids`: by question, what its rows of evidence are called in the case.
    """
    found: dict[str, list[Resolution]] = defaultdict(list)
    for row in contradictions.of_country(conn, country):
        decided_on = date.fromisoformat(row["decided_at"][:10])
        if held_basis and decided_on > as_of:
            continue
        if row["undone_at"] and not (held_basis and date.fromisoformat(row["undone_at"][:10]) > as_of):
            continue  # taken back
        known = ids.get(row["question_id"], {})
        found[row["question_id"]].append(
            Resolution(
                a=_known(json.loads(row["side_a"]), known),
                b=_known(json.loads(row["side_b"]), known),
                resolution=Resolved(row["resolution"]),
                side=Side(row["side"]) if row["side"] else None,
                decided_on=decided_on,
                number=row["id"],
                actor=row["actor"],
                reason=row["reason"],
            )
        )
    return {question: tuple(rows) for question, rows in found.items()}


def _known(rows: Iterable[int], ids: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(ids[row] for row in rows if row in ids)
