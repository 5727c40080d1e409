"""Up to where the verdicts of today are made: what has come in since is all that has to be judged again.

Append-only tables are known by their highest row; the few things that change in place by a digest; what is declared in
files, and the code itself, by one digest of all of it.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from review import relevance
from review.gates import Coverage, Crawled, covered
from review.wellsprings import RULES as ORIGIN_RULES
from store.db import home_of

TABLES = (
    "evidence", "evidence_decisions", "tag_decisions", "examinations", "versions", "document_states", "source_cards",
    "origin_links", "origin_link_events", "origin_decisions", "contradictions", "contradiction_events",
    "search_log", "questions", "codings",
    "relevance_decisions", "signoffs", "grade_decisions",
)  # fmt: skip
HERE = Path(__file__).parent
Pair = tuple[str, str]  # country and question


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A day that verdicts look at: up to which instant rows count, and the decisive sources by country as they stood.

    The as-of day itself; on the held basis also the day a week before, whose status caps a rise.
    """

    day: date
    until: str
    sources: Mapping[str, tuple[Crawled, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a run of `coi assess` had before it."""

    as_of: str
    world: str  # code and declared files
    origin_rules: str  # the rules whose links are in force
    heads: Mapping[str, int]  # the highest row of each table
    scored: Mapping[str, int]  # up to which rows the scores of relevance were made
    renewed: Mapping[str, int]  # how often all scores of a country and group were made anew
    coverage: Mapping[str, Mapping[str, str]]  # by country and kind of question (types of sources and window): digest
    watersheds: Mapping[str, tuple[str, str]]  # by id: country, and digest of it with the questions it lists
    ended: str  # digest of the ended and annulled moratoria with the questions they turned on: they end sign-offs
    again: tuple[Pair, ...] = ()  # whose newest verdict was kept by something else than a run
    unlinked: tuple[Pair, ...] = ()  # judged while the origins of some of their evidence were not known yet


def read(conn: sqlite3.Connection, basis: str) -> Marks | None:
    """The marks of the last run of a basis; None where there was none, or another release made it."""
    row = conn.execute("select value from settings where key = ?", [_key(basis)]).fetchone()
    if row is None:
        return None
    found = json.loads(row["value"])
    try:
        marks = Marks(**found)
    except TypeError:  # fields of another release: everything is judged again
        return None
    return replace(
        marks,
        watersheds={name: (one[0], one[1]) for name, one in marks.watersheds.items()},
        again=tuple((one[0], one[1]) for one in marks.again),
        unlinked=tuple((one[0], one[1]) for one in marks.unlinked),
    )


def keep(conn: sqlite3.Connection, basis: str, marks: Marks) -> None:
    """Keep the marks, in the caller's transaction."""
    value = json.dumps(asdict(marks), ensure_ascii=False)
    conn.execute("insert or replace into settings (key, value) values (?, ?)", [_key(basis), value])


def forget(conn: sqlite3.Connection, basis: str) -> None:
    """Make the next run judge everything."""
    conn.execute("delete from settings where key = ?", [_key(basis)])


def stood_over(conn: sqlite3.Connection, basis: str, as_of: date, pairs: Iterable[Pair] | None = None) -> None:
    """Verdicts made as history (what was crawled since counts) now stand as the newest: make the next run judge these
    again; without `pairs`, all.
    """
    old = read(conn, basis)
    if old is None or as_of.isoformat() < old.as_of:
        return
    if pairs is None:
        forget(conn, basis)
    else:
        keep(conn, basis, replace(old, again=tuple(sorted({*old.again, *pairs}))))


def _key(basis: str) -> str:
    return f"assessed {basis}"


def now(conn: sqlite3.Connection, looked: Sequence[Looked], old: Marks | None) -> Marks:
    """The marks as they stand. `looked`: the as-of day first; `old` spares reading the questions where none is new."""
    heads = {name: conn.execute(f"select coalesce(max(rowid), 0) from {name}").fetchone()[0] for name in TABLES}  # noqa: S608 - ours
    if old and old.heads.get("questions") == heads["questions"]:
        kinds = {country: list(found) for country, found in old.coverage.items()}
    else:
        kinds = _kinds(conn)
    return Marks(
        as_of=looked[0].day.isoformat(),
        world=world(conn),
        origin_rules=json.dumps([conn.execute(ORIGIN_RULES, {"until": one.until}).fetchone()[0] for one in looked]),
        heads=heads,
        scored=relevance.setting(conn, relevance.MARKS),
        renewed=relevance.setting(conn, relevance.ANEW),
        coverage={
            country: {kind: _covered(kind, country, looked) for kind in found} for country, found in kinds.items()
        },
        watersheds=_watersheds(conn),
        ended=_digest([tuple(row) for row in conn.execute(_ENDED)]),
    )


def kind_of(search_in: Iterable[str], window_days: int) -> str:
    """The name of all questions that have the same coverage, but for what people searched by hand."""
    return json.dumps([list(search_in), window_days])


def _kinds(conn: sqlite3.Connection) -> dict[str, list[str]]:
    rows = conn.execute(
        """select distinct country, window_days,
             coalesce(json_extract(declaration, '$.search_in'), '[]') as search_in from questions order by 1, 2, 3"""
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["country"], []).append(kind_of(json.loads(row["search_in"]), row["window_days"]))
    return found


# Declared in files and in rows, and either may be corrected.
_ENDED = """
select m.id, m.country, m.deciding, e.kind, e.known_day from moratoria m
join standing_events e on e.moratorium_id = m.id where e.kind in ('ended', 'annulled') order by m.id, e.id
"""


def _covered(kind: str, country: str, looked: Sequence[Looked]) -> str:
    search_in, window_days = json.loads(kind)
    return _digest(
        [
            _said(covered(search_in, window_days, one.sources.get(country, ()), one.day, live=True, by_hand={}))
            for one in looked
        ]
    )


def _said(found: Coverage) -> object:
    """What a verdict shows of a coverage: not on which day each source was last searched, as long as it was."""
    return [
        sorted(found.gates), found.share, found.not_searched, dict(found.titles),
        [(source.source_id, source.language) for source in found.searched],
        [(source.source_id, str(source.failing_since)) for source in found.unreachable],
    ]  # fmt: skip


def _watersheds(conn: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Declared events may be corrected in place."""
    rows = conn.execute(
        """select w.id, w.country, w.title, w.on_day, w.announced_on, w.announced, (
             select group_concat(q.question_id, ' ') from watershed_questions q where q.watershed_id = w.id) as listed
           from watersheds w order by w.id"""
    )
    return {row["id"]: (row["country"], _digest(tuple(row))) for row in rows}


def world(conn: sqlite3.Connection) -> str:
    """A digest of the code that judges and of what is declared in files: after an upgrade all is judged again."""
    files = [*HERE.rglob("*.py"), *HERE.rglob("*.toml"), *(HERE.parent / "store").glob("*.py"),
             *(HERE.parent / "store").glob("*.sql")]  # fmt: skip
    mine = sha256()
    for path in (*sorted(files), *sorted((home_of(conn).declared / "speakers").glob("*.toml"))):
        mine.update(path.name.encode() + b"\0" + path.read_bytes())
    return mine.hexdigest()


def _digest(value: object) -> str:
    return sha256(json.dumps(value, default=str, ensure_ascii=False).encode()).hexdigest()[:16]
