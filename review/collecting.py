"""Everything that is read of a country to judge it on a day, once for both readings; and the case of each question."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from review import gates, places, read_in
from review.declarations import SHIPPED, Speaker
from review.method.judge import week_before
from review.method.model import Basis, Case, Gate, Reading, Resolution, Status
from review.rows import Asked, Held, asked, resolutions
from review.rows_evidence import held_evidence
from review.wellsprings import origins_of
from store.clock import END_OF_TIME
from store.db import home_of
from store.declared import stamps_of
from store.searches_log import Search
from store.searches_log import searches as searches_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What the store says of one country on a day. The number of statements does not grow with what it holds."""

    country: str
    as_of: date
    basis: Basis
    live: bool
    """The day is not in the past: the health of the sources on it is known."""
    questions: tuple[Asked, ...]
    evidence: Mapping[str, Sequence[Held]]
    resolutions: Mapping[str, tuple[Resolution, ...]]
    sources: tuple[gates.Crawled, ...]
    searches: Mapping[str, tuple[Search, ...]]
    owed: Mapping[str, gates.Owed]
    """What people still owe each question; only read for the reviewed reading."""
    closed_since: date | None
    before: "Collected | None" = None
    """Held basis: what was held a week before; a decision of yesterday is no reason for a rise today."""
    seen: dict[tuple[tuple[str, ...], int], gates.Coverage] = field(default_factory=dict)
    """Coverage by types of sources and window: the same for every question that nobody searched for by hand."""


def collect(
    conn: sqlite3.Connection,
    country: str,
    *,
    as_of: date,
    basis: Basis,
    today: date,
    speakers: Mapping[str, Speaker],
    reviewed: bool,
    questions: Sequence[str] | None = None,
    sources: tuple[gates.Crawled, ...] | None = None,
    look_back: bool = True,
) -> Collected:
    """Read one country, or some of its questions. `reviewed`: also what the reviewed reading measures of people.

    `sources`: its decisive sources on the day, where they were read already. On the held basis also the rows of a week
    before are read, people's decisions included; `look_back=False` leaves that out.
    """
    before = None
    if basis is Basis.HELD and look_back:
        before = collect(
            conn, country, as_of=week_before(as_of), basis=basis, today=today, speakers=speakers, reviewed=reviewed,
            questions=questions, look_back=False,
        )  # fmt: skip
    if sources is None:
        sources = gates.crawled(
            conn, country, as_of=as_of, until=until_of(as_of, basis), later=crawls_until(as_of, basis, today)
        )
    held_basis = basis is Basis.HELD
    live = held_basis or as_of >= today
    until = until_of(as_of, basis)
    wanted = asked(conn, country, as_of, questions)
    evidence = held_evidence(
        conn, country, as_of=as_of, held_basis=held_basis, speakers=speakers, questions=questions,
        origins=origins_of(conn, as_of, basis, country=country, questions=questions),
    )  # fmt: skip
    ids = {question: {one.row["id"]: one.item.id for one in rows} for question, rows in evidence.items()}
    searches: dict[str, list[Search]] = defaultdict(list)
    for search in searches_of(conn, country, until=until):
        searches[search.question_id].append(search)
    return Collected(
        country=country,
        as_of=as_of,
        basis=basis,
        live=live,
        questions=wanted,
        evidence=evidence,
        resolutions=resolutions(conn, country, as_of=as_of, held_basis=held_basis, ids=ids),
        sources=sources,
        searches={question: tuple(found) for question, found in searches.items()},
        owed=gates.owed(conn, country, wanted, as_of=as_of, until=until, held=held_basis) if reviewed else {},
        closed_since=places.closed_since(country),
        before=before,
    )


def until_of(as_of: date, basis: Basis) -> str:
    """Up to which instant rows count: on the held basis the end of the day, on the public one people's word of now."""
    return f"{as_of.isoformat()}T23:59:59Z" if basis is Basis.HELD else END_OF_TIME


def crawls_until(as_of: date, basis: Basis, today: date) -> date:
    """Up to which day crawls count: history on the public basis goes with what was fetched since."""
    return as_of if basis is Basis.HELD or as_of >= today else today


def case_of(
    found: Collected, one: Asked, reading: Reading, *, was: Status | None = None
) -> tuple[Case, gates.Coverage, gates.Owed, tuple[Search, ...]]:
    """The case of one question without its evidence, its coverage, what people owe it, and the searches for it.

    `was`: the status that was computed seven days before, where that was judged from the rows of then.
    """
    rows = found.evidence.get(one.question.id, ())
    mine = found.searches.get(one.question.id, ())
    kind = (one.search_in, one.question.window_days)
    if not mine and kind in found.seen:
        seen = found.seen[kind]
    else:
        seen = gates.coverage(one, found.sources, found.as_of, live=found.live, searches=mine)
        if not mine:
            found.seen[kind] = seen
    owes = gates.NOT_MEASURED
    if reading is Reading.REVIEWED:
        owes = read_in.with_translation(found.owed.get(one.question.id, owes), one, rows, found.as_of)
    linked = all(held.linked for held in rows)
    case = Case(
        as_of=found.as_of,
        reading=reading,
        basis=found.basis,
        question=one.question,
        sources=tuple({held.source.id: held.source for held in rows}.values()),
        evidence=(),
        watersheds=one.watersheds,
        resolutions=found.resolutions.get(one.question.id, ()),
        gates_closed=owes.gates | (seen.gates if linked else seen.gates | {Gate.COVERAGE}),
        known_gap=one.known_gap,
        full_coverage=seen.full,
        reporting_bias=found.closed_since is not None and found.closed_since <= found.as_of,
        week_before=was,
    )
    return case, seen, owes, mine


def speakers_of(conn: sqlite3.Connection) -> dict[str, Speaker]:
    """The official voices declared for the home that this database lies in, the operator's own included."""
    folders = (SHIPPED / "speakers", home_of(conn).declared / "speakers")
    return _speakers(folders, stamps_of(folders))


@lru_cache(maxsize=4)
def _speakers(folders: tuple[Path, ...], stamps: tuple[tuple[Path, int], ...]) -> dict[str, Speaker]:
    return Speaker.load_all(folders)
