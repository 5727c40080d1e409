"""Judge the questions of a country: every way in which its evidence can be read, and of these the lowest status."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from review import gates
from review.cited import placed
from review.collecting import Collected, case_of, collect
from review.declarations import Speaker
from review.method.forecast import next_turn
from review.method.judge import judge
from review.method.model import Basis, Case, CaseError, Evidence, Reading, Status
from review.method.outcome import Outcome
from review.method.rollup import for_subgroup, with_moved
from review.method.status import weakest
from review.rows import Asked, Held
from review.unattributed import joined
from store.searches_log import Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question's case and outcome, with what a page shows beside it."""

    asked: Asked
    case: Case
    outcome: Outcome
    own: Status  # effective, of this question alone
    effective: Status  # the weaker of that and the questions split off from it: what groups and moratoria take
    coverage: gates.Coverage
    owed: gates.Owed
    searches: tuple[Search, ...]
    held: tuple[Held, ...]
    withdrawn_lowered: bool
    next_on: date | None  # the first day on which the result can differ though nothing new arrives
    earlier: "Judged | None" = None  # held basis: as it was judged a week before
    fault: str = ""  # why the rows could not be judged; the question is then judged without any


def judge_country(
    conn: sqlite3.Connection,
    country: str,
    *,
    as_of: date,
    basis: Basis,
    reading: Reading,
    today: date,
    speakers: Mapping[str, Speaker],
    group: str | None = None,
    question: str | None = None,
    look_ahead: bool = True,
) -> list[Judged]:
    """Judge the questions asked about one country.

    What was held a week before, people's decisions included, is judged from the rows of then: on the held basis a
    decision of yesterday is no reason for a rise today.
    """
    found = collect(
        conn, country, as_of=as_of, basis=basis, today=today, speakers=speakers,
        reviewed=reading is Reading.REVIEWED, questions=[question] if question else None,
    )  # fmt: skip
    return list(judge_all(found, reading, group=group, look_ahead=look_ahead))


def judge_all(
    found: Collected,
    reading: Reading,
    *,
    group: str | None = None,
    only: Collection[str] | None = None,
    look_ahead: bool = True,
) -> Iterator[Judged]:
    """Judge each question that was read (of one group; `only` these), in one reading."""
    earlier: dict[str, Judged] = {}
    if found.before:
        then = judge_all(found.before, reading, group=group, only=only, look_ahead=False)
        earlier = {one.asked.question.id: one for one in then}
    for one in found.questions:
        if (group and one.group != group) or (only is not None and one.question.id not in only):
            continue
        rows = tuple(found.evidence.get(one.question.id, ()))
        before = earlier.get(one.question.id)
        case, seen, owes, mine = case_of(found, one, reading, was=before.outcome.status if before else None)
        # What footnotes merge, and statements that name nobody, could as well be the dissent: they may only lower a
        # status (method section 3, rules 4 and 5).
        noted = placed(rows, reading, case.resolutions)
        ways: list[tuple[Held, ...]] = []
        for way in (joined(noted, reading), joined(rows, reading), noted, rows):
            ways += [way] if way not in ways else []
        judged = [
            _judge(one, replace(case, evidence=_each_once(way)), way, (seen, owes, mine), look_ahead) for way in ways
        ]
        weaker = min(judged, key=lambda j: (j.effective.rank, j.outcome.status.rank))
        yield replace(weaker, earlier=before)


def narrowed(one: Judged, subgroup: str) -> Judged:
    """The question as judged on what is said of one sub-group, or of none by name (method §8, critics)."""
    case = for_subgroup(one.case, subgroup)
    if len(case.evidence) == len(one.case.evidence):
        return one
    before = narrowed(one.earlier, subgroup).outcome.status if one.earlier else None
    collected = (one.coverage, one.owed, one.searches)
    return _judge(one.asked, replace(case, week_before=before), one.held, collected, look_ahead=False)


def _each_once(rows: Iterable[Held]) -> tuple[Evidence, ...]:
    return tuple({held.item.id: held.item for held in rows}.values())


def _judge(
    one: Asked,
    case: Case,
    rows: Sequence[Held],
    collected: tuple[gates.Coverage, gates.Owed, tuple[Search, ...]],
    look_ahead: bool,
) -> Judged:
    """Judge one case; what its source has withdrawn may only lower the status (design section 3, rule 4).

    A passage that its publisher took back still stands as dissent, but no longer carries an answer: the case is judged
    with and without it, and the lower status counts.
    """
    fault, next_on = "", _next_on(case)
    try:
        outcome = judge(case, look_ahead=look_ahead)
    except CaseError as error:  # one question's bad rows cost that question, never the page
        plain = replace(case.question, opposite=())
        fault, case, rows = str(error), replace(case, question=plain, evidence=(), resolutions=()), ()
        outcome = judge(case, look_ahead=look_ahead)
    own, effective = outcome.effective, with_moved(case, outcome.effective)
    gone = {held.item.id for held in rows if held.withdrawn_on and held.withdrawn_on <= case.as_of}
    lowered = False
    if gone:
        without = replace(case, evidence=tuple(item for item in case.evidence if item.id not in gone))
        other = judge(without, look_ahead=look_ahead)
        lowered = other.status.rank < outcome.status.rank
        own = weakest((own, other.effective))
        effective = weakest((effective, with_moved(without, other.effective)))
        outcome = other if lowered else outcome
    return Judged(
        asked=one,
        case=case,
        outcome=outcome,
        own=own,
        effective=effective,
        coverage=collected[0],
        owed=collected[1],
        searches=collected[2],
        held=tuple(rows),
        withdrawn_lowered=lowered,
        fault=fault,
        next_on=next_on,
    )


def _next_on(case: Case) -> date | None:
    """The first day on which the result can differ; on the held basis the next: what was decided ages day by day."""
    if case.basis is not Basis.HELD:
        return next_turn(case)
    return case.as_of + timedelta(days=1) if case.as_of < date.max else None
