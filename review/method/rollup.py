"""From questions to a group and a moratorium: the weakest link, and what it advises (method §4, §8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from review.method.docket import docket
from review.method.judge import judge
from review.method.model import Basis, Case, Evidence, Resolved, Status, Watershed
from review.method.outcome import Outcome
from review.method.spelling import folded
from review.method.status import weakest
from review.method.voting import scene
from review.method.words import STATUS_NL, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """The status of several questions together."""

    status: Status
    sufficient: int
    total: int
    weakest: tuple[str, ...]
    """Ids of the questions that hold the status where it is; none when all are sufficient."""
    said: Said


def roll_up(statuses: Mapping[str, Status]) -> RollUp:
    """Return the weakest of decisive (or deciding) questions by id; of no questions at all, insufficient.

    A decisive question without evidence belongs in the mapping as insufficient. Give effective statuses.
    """
    status = weakest(statuses.values())
    sufficient = sum(one is Status.SUFFICIENT for one in statuses.values())
    holding = () if status is Status.SUFFICIENT else tuple(sorted(q for q, one in statuses.items() if one is status))
    total = len(statuses)
    return RollUp(
        status=status,
        sufficient=sufficient,
        total=total,
        weakest=holding,
        said=Said(
            en=f"{sufficient} of {total} decisive questions sufficient",
            nl=f"{sufficient} van {total} beslissende vragen toereikend",
        ),
    )


def without_evidence(*, searched: bool) -> Said:
    """Return the reason of a decisive question without any evidence (method §6, §8)."""
    if searched:
        return Said(
            en="insufficient: searched, nothing found; silence casts no vote",
            nl="ontoereikend: gezocht, niets gevonden; stilte brengt geen stem uit",
        )
    return Said(en="insufficient: not searched", nl="ontoereikend: niet doorzocht")


def advice(deciding: RollUp, *, full_coverage: bool, report_expected: bool) -> Said:
    """Return the advice line of a moratorium: never a decision (method §8)."""
    held_by = ", ".join(deciding.weakest) or "-"
    if deciding.status is Status.SUFFICIENT:
        return Said(
            en="Advice: all deciding questions are sufficient; consider lifting.",
            nl="Advies: alle beslisvragen zijn toereikend; overweeg opheffing.",
        )
    if deciding.status is Status.EMERGING:
        return Said(
            en=f"Advice: renew short; still missing on {held_by}.",
            nl=f"Advies: verleng kort; er ontbreekt nog informatie over {held_by}.",
        )
    if full_coverage and not report_expected:
        return Said(
            en=f"Advice: waiting alone will not help; commission information on {held_by}.",
            nl=f"Advies: alleen wachten helpt niet; laat informatie verzamelen over {held_by}.",
        )
    reason = ("a report is expected", "er wordt een rapport verwacht")
    if not full_coverage:
        reason = ("the decisive sources are not fully searched", "de beslissende bronnen zijn niet volledig doorzocht")
    return Said(
        en=f"Advice: insufficient on {held_by}; {reason[0]}.",
        nl=f"Advies: {STATUS_NL[Status.INSUFFICIENT]} over {held_by}; {reason[1]}.",
    )


def for_subgroup(case: Case, subgroup: str) -> Case:
    """Return the case of one sub-group: its own evidence and what names no sub-group (method §8, critics)."""
    wanted = folded(subgroup)
    rows = tuple(row for row in case.evidence if row.subgroup is None or folded(row.subgroup) == wanted)
    return replace(case, evidence=rows)


def moved_cases(case: Case) -> tuple[Case, ...]:
    """Return the questions of their own that resolutions made: one per side that is about another sub-group.

    Each holds the side set aside with what it takes along, and no resolution; the group takes the weakest (method §4).
    What is about another time or place only leaves the count.
    """
    found = []
    for row in case.resolutions:
        if row.resolution is not Resolved.OTHER_SUBGROUP or not row.set_aside:
            continue
        if case.basis is Basis.HELD and (row.decided_on is None or row.decided_on > case.as_of):
            continue
        book = docket(replace(case, resolutions=(row,)))
        moved = {item.id for view in scene(book, case.as_of).views for item in view.struck}
        if moved:
            found.append(_of_its_own(case, row.resolution, (e for e in case.evidence if e.id in moved)))
    return tuple(found)


def moved_outcomes(case: Case) -> tuple[tuple[Case, Outcome], ...]:
    """Return the questions split off from a case, each with what it is judged to be."""
    return tuple((moved, judge(moved, look_ahead=False)) for moved in moved_cases(case))


def with_moved(case: Case, effective: Status) -> Status:
    """Return the weaker of a question's effective status and those of the questions split off from it."""
    return weakest((effective, *(outcome.effective for _, outcome in moved_outcomes(case))))


def reopened(watersheds: Iterable[Watershed], as_of: date, last_sign_off: date | None) -> date | None:
    """Return the watershed since which a question is reopened: until the first sign-off on a later day (method §8)."""
    past = [event.on for event in watersheds if not event.announced and event.on <= as_of]
    if not past or (last_sign_off is not None and max(past) < last_sign_off <= as_of):
        return None
    return max(past)


def _of_its_own(case: Case, resolution: Resolved, rows: Iterable[Evidence]) -> Case:
    evidence = tuple(rows)
    names = "/".join(sorted({row.subgroup for row in evidence if row.subgroup}))
    question = replace(case.question, id=f"{case.question.id} {resolution} {names}".strip())
    return replace(case, question=question, evidence=evidence, resolutions=(), week_before=None)
