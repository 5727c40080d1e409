"""A chronology of what was published, row by row beside what was read of it: a CSV with an id, a day and a polarity.

A row is matched to what its kind of publisher published that day, or by its address. What nobody read to the point
where it answers the question (`unknown`) is listed and never scored.
"""

import calendar
import csv
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from review import assess
from review.declared_parts import OFF_SCALE
from review.golden import golden
from review.method.model import SourceType
from store.errors import ForPeople

Score = Literal["agrees", "differs", "nothing read", "not held", "not scored"]
POSITIVE = {"isolated", "regular", "systematic"}
OFF = frozenset(OFF_SCALE)
POLARITIES = ("yes_deployed", "not_deployed", "mixed", "insufficient_information", "not_addressed", "unknown")
TYPES = {  # the chronology's kinds of publisher, as types of sources
    "official_coi": {SourceType.OFFICIAL_COUNTRY_REPORT, SourceType.EU_AGENCY},
    "independent_media": {SourceType.MEDIA},
    "media": {SourceType.MEDIA},
    "party_to_conflict": {SourceType.PARTY_TO_THE_CONFLICT},
    "government": {SourceType.GOVERNMENT_STATEMENT},
    "intelligence": {SourceType.GOVERNMENT_STATEMENT, SourceType.EXPERT_BODY},
    "academic": {SourceType.EXPERT_BODY},
    "ngo": {SourceType.NGO},
    "ngo_coi": {SourceType.NGO, SourceType.EXPERT_BODY},
    "un": {SourceType.INTERNATIONAL_ORGANISATION},
    "court": {SourceType.COURT},
}


class ChronologyError(ForPeople, ValueError):
    """The file is no chronology. Names file, line and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One publication or act. `on`: a month or a year alone stands for its last day (method §1).

    `first`: the first day on which it may have been published; of a year alone its last day, for a year is too wide.
    """

    id: str
    first: date
    on: date
    types: frozenset[SourceType]
    polarity: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A row with what was read of it ('G1.3 isolated'), the status of the question that day, and the score."""

    row: Row
    read: tuple[str, ...]
    status: str
    score: Score


def load(path: Path) -> list[Row]:
    """Read a chronology. Raises ChronologyError where a column or a value is missing or unknown."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        needed = {"id", "publication_date", "publisher_type", "url", golden().column}
        if missing := needed - set(reader.fieldnames or ()):
            raise ChronologyError(f"{path}: column {min(missing)!r} is missing; needed: {', '.join(sorted(needed))}")
        return [_row(one, f"{path}, line {reader.line_num}") for one in reader]


def _row(one: dict[str, str], where: str) -> Row:
    polarity, kind = one[golden().column], one["publisher_type"]
    if polarity not in POLARITIES:
        raise ChronologyError(f"{where}: {golden().column} {polarity!r} is unknown; known: {', '.join(POLARITIES)}")
    if kind not in TYPES:
        raise ChronologyError(f"{where}: publisher_type {kind!r} is unknown; known: {', '.join(TYPES)}")
    try:
        on = _last_day(one["publication_date"])
    except ValueError as error:
        raise ChronologyError(
            f"{where}: publication_date {one['publication_date']!r} is no day, month or year"
        ) from error
    return Row(
        id=one["id"],
        first=on.replace(day=1) if one["publication_date"].count("-") == 1 else on,
        on=on,
        types=frozenset(TYPES[kind]),
        polarity=polarity,
        url=one["url"],
    )


def _last_day(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def score(conn: sqlite3.Connection, rows: Iterable[Row], *, today: date) -> list[Scored]:
    """Set each row beside what was read of it, and the status of its first question that day (public, provisional)."""
    statuses: dict[date, str] = {}
    found = []
    for row in rows:
        documents = _documents(conn, row)
        read = _read(conn, documents)
        if row.on not in statuses:
            statuses[row.on] = _status(conn, row.on, today) if row.on <= today else "-"
        said = tuple(f"{question} {answer}" for question, answer in read)
        found.append(
            Scored(row=row, read=said, status=statuses[row.on], score=_score(row, documents, {a for _, a in read}))
        )
    return found


def _score(row: Row, documents: Sequence[int], answers: set[str]) -> Score:
    """How the answers stand to a polarity: several answers agree where one of them says the same."""
    if row.polarity == "unknown":
        return "not scored"
    if not documents:
        return "not held"
    if row.polarity == "not_addressed":
        return "differs" if answers - OFF else "agrees"
    if not answers:
        return "nothing read"
    both = "mixed" in answers or ("none" in answers and bool(answers & POSITIVE))
    same = {
        "yes_deployed": bool(answers & POSITIVE),
        "not_deployed": "none" in answers,
        "mixed": both,
        "insufficient_information": bool(answers & OFF) and not answers - OFF,
    }
    return "agrees" if same[row.polarity] else "differs"


_PUBLISHED = """
select d.id, d.url, s.type, exists (
  select 1 from evidence_matrix e where e.document_id = d.id and e.question_id in (select value from json_each(:asked))
    and e.decision <> 'reject') as answers
from current_versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
where v.public_on between :first and :on or d.url = :url
"""


def _documents(conn: sqlite3.Connection, row: Row) -> list[int]:
    """The documents of a row: at its address; else of its kind on its day (or in its month); else what answers."""
    values = {"first": row.first.isoformat(), "on": row.on.isoformat(), "url": row.url, "asked": _asked()}
    held = conn.execute(_PUBLISHED, values).fetchall()
    same = [one["id"] for one in held if row.url and one["url"] == row.url]
    of_kind = [one["id"] for one in held if one["type"] in row.types]
    if same or of_kind or row.polarity == "not_addressed":
        return same or of_kind
    return [one["id"] for one in held if one["answers"]]


def _read(conn: sqlite3.Connection, documents: Sequence[int]) -> list[tuple[str, str]]:
    rows = conn.execute(
        """select distinct question_id, answer from evidence_matrix where decision <> 'reject'
             and document_id in (select value from json_each(?)) and question_id in (select value from json_each(?))
           order by question_id, answer""",
        [str(list(documents)), _asked()],
    )
    return [(one["question_id"], one["answer"]) for one in rows]


def _asked() -> str:
    return "[" + ", ".join(f'"{one}"' for one in golden().questions) + "]"


def _status(conn: sqlite3.Connection, on: date, today: date) -> str:
    standing = assess.standing(
        conn, as_of=on, basis="public", reading="provisional", country=golden().country,
        question=golden().questions[0], today=today, look_ahead=False,
    )  # fmt: skip
    return next((q.effective for group in standing.groups for q in group.questions), "not asked")
