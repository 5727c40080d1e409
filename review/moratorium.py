"""Where a moratorium stands on a day: its clocks as known then, its own status, and the advice line."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from review.declared_moratorium import Moratorium
from review.method.model import Status
from review.method.rollup import advice, roll_up
from review.method.words import Said
from review.moratorium_clock import Act, Reading, read, weaker
from review.reports_expected import report_expected
from review.standing import HalfStanding, MoratoriumStanding, QuestionStanding
from store.declared import DeclarationError

NOT_ASSESSED = "not assessed"
LIVE = ("running", "announced")


@lru_cache(maxsize=512)
def declared_as(id_: str, declaration: str) -> Moratorium:
    """A moratorium from its row. Raises DeclarationError that names the row, each wrong field, and what to do."""
    try:
        return Moratorium.of_kept(declaration, f"table moratoria, row {id_!r}")
    except DeclarationError as error:
        raise DeclarationError(f"{error}\n  {_AGAIN.format(id_)}") from error


_AGAIN = "'coi moratoria' keeps moratoria/{}.toml anew; if it is refused too, correct that file"


def fault_of(conn: sqlite3.Connection, row: sqlite3.Row) -> str:
    """Why a moratorium's row, or one of its acts, cannot be read, with what to do; '' where it can."""
    try:
        declared_as(row["id"], row["declaration"])
        halves_on(conn, row["id"], json.loads(row["declaration"]), date.max)
        if not all(isinstance(one, str) for one in json.loads(row["deciding"])):
            raise ValueError(f"field 'deciding': not a list of ids of questions (value: {row['deciding']})")
    except DeclarationError as error:
        return str(error)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return (
            f"table moratoria, row {row['id']!r}, or one of its moratorium_events: {error}; {_AGAIN.format(row['id'])}"
        )
    return ""


def sound(conn: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
    """The moratoria that can be read: one that cannot costs itself only (review.refusals names it)."""
    return [row for row in rows if not fault_of(conn, row)]


def moratoria(
    conn: sqlite3.Connection, country: str, as_of: date, judged: Mapping[str, QuestionStanding]
) -> list[MoratoriumStanding]:
    """Every moratorium on a country that was known of by the day, with its status by its deciding questions."""
    rows = conn.execute(
        """select m.* from moratoria m where m.country = ? and exists (
             select 1 from standing_events e where e.moratorium_id = m.id and e.known_day <= ?) order by m.id""",
        [country, as_of.isoformat()],
    )
    return [_standing(conn, row, as_of, judged) for row in sound(conn, rows.fetchall())]


def countries_with(conn: sqlite3.Connection) -> list[str]:
    """The countries of origin that any moratorium is on."""
    return [row[0] for row in conn.execute("select distinct country from moratoria order by 1")]


def _standing(
    conn: sqlite3.Connection, row: sqlite3.Row, as_of: date, judged: Mapping[str, QuestionStanding]
) -> MoratoriumStanding:
    declared = json.loads(row["declaration"])
    deciding = tuple(json.loads(row["deciding"]))
    awaited = report_expected(conn, row["country"], as_of)
    status, said = _information(declared, deciding, judged, awaited)
    halves = halves_on(conn, row["id"], declared, as_of)
    return MoratoriumStanding(
        id=row["id"],
        title=row["title"],
        state=row["state"],
        country=row["country"],
        phase=phase_of(halves),
        status=status,
        deciding=deciding,
        halves=halves,
        groups_in=_groups(conn, row["id"], "in", as_of),
        groups_out=_groups(conn, row["id"], "out", as_of),
        advice=said.en,
        advice_nl=said.nl,
        group=declared.get("group", ""),
        title_nl=row["title_nl"],
        group_nl=declared.get("group_nl", ""),
    )


def _information(
    declared: dict[str, str], deciding: Sequence[str], judged: Mapping[str, QuestionStanding], awaited: bool
) -> tuple[str, Said]:
    """The weakest of its deciding questions with the advice line; without any, the gap in words."""
    if not deciding:
        gap = declared.get("wording_of_gap") or ""
        return NOT_ASSESSED, Said(
            en="Not assessed: no question is declared for it. " + (f"The gap: {gap}" if gap else "No gap was seen."),
            nl="Niet beoordeeld: er is geen vraag voor opgegeven. "
            + (f"De leemte: {gap}" if gap else "Een leemte is niet gezien."),
        )
    rolled = roll_up({q: Status(judged[q].counts_as) if q in judged else Status.INSUFFICIENT for q in deciding})
    covered = all(q in judged and judged[q].covered for q in deciding)
    return rolled.status.value, advice(rolled, full_coverage=covered, report_expected=awaited)


def phase_of(halves: Sequence[HalfStanding]) -> str:
    """The phase of the whole moratorium: it runs while any half runs; else that of its first half, the decisions."""
    live = next((phase for phase in LIVE if any(half.state == phase for half in halves)), None)
    return live or (halves[0].state if halves else "not known")


def half_on(conn: sqlite3.Connection, moratorium_id: str, half: str, as_of: date) -> HalfStanding:
    """One clock as its events could be read on a day: an act counts from the day on which it was public.

    `ends_on` is the last day, inclusive; days_left is 0 on that day and negative after it. See moratorium_clock.
    """
    row = conn.execute("select declaration from moratoria where id = ?", [moratorium_id]).fetchone()
    found = halves_on(conn, moratorium_id, json.loads(row["declaration"]) if row else {}, as_of)
    unknown = HalfStanding(half=half, ends_on=None, days_left=None, confidence="unverified")
    return next((one for one in found if one.half == half), unknown)


def halves_on(
    conn: sqlite3.Connection, moratorium_id: str, declared: dict[str, object], as_of: date
) -> tuple[HalfStanding, ...]:
    """Every clock that a moratorium has, on a day. `declared` is its declaration as the store keeps it."""
    rows = conn.execute(
        "select * from standing_events where moratorium_id = ? order by known_day, id", [moratorium_id]
    ).fetchall()
    acts = [_act(row) for row in rows]
    found = []
    for half in declared.get("halves", ()):  # type: ignore[attr-defined]
        after = half.get("end_after")
        read_on = read(
            acts, half["half"], as_of, end=half.get("end", "seen"),
            end_after=date.fromisoformat(after) if after else None,
        )  # fmt: skip
        found.append(_half(half, read_on, _stated(rows, half["half"], read_on)))
    return tuple(found)


def _half(half: dict[str, str], found: Reading, stated: date | None) -> HalfStanding:
    return HalfStanding(
        half=half["half"],
        ends_on=found.last_day,
        days_left=found.days_left,
        confidence=found.confidence,
        first_day=found.first_day,
        state=found.state,
        provisional=found.provisional,
        stated_end=stated,
        regime=half.get("regime"),
        legal_basis=half.get("legal_basis", ""),
    )


def _stated(rows: Sequence[sqlite3.Row], half: str, found: Reading) -> date | None:
    """How the publication names the end that the clock shows."""
    if found.last_day is None:
        return None
    day = found.last_day.isoformat()
    for row in reversed(rows):
        if row["half"] in (None, half) and row["stated_end"] and day in (row["last_day"], row["on_day"]):
            return date.fromisoformat(row["stated_end"])
    return None


def _act(row: sqlite3.Row) -> Act:
    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    return Act(
        kind=row["kind"],
        on=date.fromisoformat(row["on_day"]),
        known=date.fromisoformat(row["known_day"]),
        half=row["half"],
        first_day=day("first_day"),
        last_day=day("last_day"),
        confidence=weaker(row["confidence"], row["end_confidence"]),
        number=row["id"],
    )


def _groups(conn: sqlite3.Connection, moratorium_id: str, side: str, as_of: date) -> tuple[str, ...]:
    """Groups on one side of the scope, with the kind of service where that decides, e.g. 'deserters (contract)'."""
    rows = conn.execute(
        """select group_id, services from moratorium_scopes where moratorium_id = ? and side = ?
             and (valid_from is null or valid_from <= ?) order by position""",
        [moratorium_id, side, as_of.isoformat()],
    )
    found = []
    for row in rows:
        services = ", ".join(json.loads(row["services"]))
        found.append(f"{row['group_id']} ({services})" if services else row["group_id"])
    return tuple(found)
