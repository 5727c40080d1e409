"""What stands beside a computed status: reopened, lapsed, announced, signed, split off, and a group's sub-groups."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from review.declared_parts import SUBGROUPS
from review.method.model import Case, Status, Watershed
from review.method.outcome import Outcome
from review.method.rollup import moved_outcomes, reopened, roll_up
from review.method.words import STATUS_NL, Said
from review.rows import Asked
from review.standing import Moved, QuestionStanding, Signed, SubgroupStanding

TITLES_NL = {
    "a": "betogers en activisten",
    "b": "journalisten, bloggers",
    "c": "mensenrechtenverdedigers, advocaten",
    "d": "gewone mensen die iets plaatsen of ergens op reageren",
    "e": "studenten, leraren, academici",
    "f": "kunstenaars",
    "g": "feministische activisten",
    "h": "religieuze tegenstanders van de oorlog",
    "i": "kinderen en hun ouders",
    "j": "oppositiepolitici",
}


class Judged(Protocol):
    """What this needs of a judged question."""

    @property
    def asked(self) -> Asked: ...
    @property
    def case(self) -> Case: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def own(self) -> Status: ...
    @property
    def effective(self) -> Status: ...


def beside(judged: Judged, signed: Signed | None) -> tuple[dict[str, Any], list[Said]]:
    """The further fields of a question's standing, and what they say in words."""
    asked, outcome, day = judged.asked, judged.outcome, judged.case.as_of
    event = _reopened(asked.watersheds, day, signed)
    moved = tuple(
        Moved(
            id=case.question.id, status=out.status.value, effective=out.effective.value,
            evidence=tuple(sorted(row.id for row in case.evidence)),
        )
        for case, out in moved_outcomes(judged.case)
    )  # fmt: skip
    fields = {
        "reopened_on": event.on if event else None,
        "reopened_by": event.title if event else "",
        "sufficient_on": outcome.lapse.sufficient_on if outcome.lapse else None,
        "lapsed_on": outcome.lapse.lapsed_on if outcome.lapse else None,
        "announced": outcome.announced,
        "passed": outcome.passed,
        "signed": signed,
        "moved": moved,
    }
    return fields, [*_about_reopened(event), *_about_moved(moved), *_about_signed(signed, judged.effective)]


def _reopened(watersheds: Sequence[Watershed], day: date, signed: Signed | None) -> Watershed | None:
    """The watershed since which nobody has signed; a sign-off of a verdict from before it signs nothing after it."""
    last = max((e.on for e in watersheds if not e.announced and e.on <= day), default=None)
    counts = signed.signed_on if signed and last and signed.as_of >= last else None
    on = reopened(watersheds, day, counts)
    return next((event for event in watersheds if event.on == on and not event.announced), None) if on else None


def _about_reopened(event: Watershed | None) -> list[Said]:
    if event is None:
        return []
    return [
        Said(
            en=f"reopened on {event.on} by: {event.title}; nobody has signed since, and what was signed before stays",
            nl=f"heropend op {event.on} door: {event.title}; sindsdien heeft niemand getekend, en wat eerder getekend "
            "is blijft staan",
        )
    ]


def _about_moved(moved: Sequence[Moved]) -> list[Said]:
    return [
        Said(
            en=f"evidence moved to a question of its own ({one.id}), which is {one.effective}; the group takes the "
            "weaker of the two",
            nl=f"bewijs verplaatst naar een eigen vraag ({one.id}), die {STATUS_NL[Status(one.effective)]} is; "
            "de groep neemt de zwakste van de twee",
        )
        for one in moved
    ]


def _about_signed(signed: Signed | None, effective: Status) -> list[Said]:
    """The signed status never without the computed one beside it, why it departs, its end and who dissents."""
    if signed is None:
        return []
    now = effective.value
    if signed.expired_on:
        end = f"expired on {signed.expired_on} ({signed.expired_why})"
        end_nl = f"verlopen op {signed.expired_on} ({signed.expired_why_nl})"
    elif signed.expires_on:
        end, end_nl = f"ends on {signed.expires_on}", f"eindigt op {signed.expires_on}"
    else:
        end, end_nl = "no end is set", "geen einde bepaald"
    departs = signed.departs
    head = f"signed {signed.status}, computed {now}" + (
        f" (departs from the {signed.computed} computed for {signed.as_of})" if departs else ""
    )
    head_nl = f"getekend als {_nl(signed.status)}, berekend als {_nl(now)}" + (
        f" (wijkt af van {_nl(signed.computed)}, berekend voor {signed.as_of})" if departs else ""
    )
    by = f"by {signed.proposed_by} and {signed.approved_by} on {signed.signed_on}"
    by_nl = f"door {signed.proposed_by} en {signed.approved_by} op {signed.signed_on}"
    against = "".join(f"; dissent by {one}" for one in signed.dissents)
    against_nl = "".join(f"; afwijkend oordeel van {one}" for one in signed.dissents)
    return [
        Said(
            en=f"{head}; {by}, {end}; reason: {signed.reason}{against}",
            nl=f"{head_nl}; {by_nl}, {end_nl}; reden: {signed.reason}{against_nl}",
        )
    ]


def _nl(status: str) -> str:
    return STATUS_NL[Status(status)]


def subgroups_of(conn: sqlite3.Connection, country: str) -> dict[str, tuple[str, ...]]:
    """The sub-groups about which each question of a country is asked, by question."""
    rows = conn.execute(
        """select q.id, s.value from current_questions q, json_each(q.declaration, '$.subgroups') s
           where q.country = ? order by q.id, s.value""",
        [country],
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row["id"]] = (*found.get(row["id"], ()), row["value"])
    return found


def by_subgroup(members: Sequence[QuestionStanding]) -> tuple[SubgroupStanding, ...]:
    """A status per sub-group: the weakest of the decisive questions asked about it (method §8, critics), each judged
    on what is said of that sub-group or of none by name.
    """
    found = []
    for letter in sorted({letter for one in members if one.decisive for letter, _ in one.by_subgroup}):
        mine = {one.id: dict(one.by_subgroup) for one in members if one.decisive}
        rolled = roll_up({id_: Status(by[letter]) for id_, by in mine.items() if letter in by})
        found.append(
            SubgroupStanding(
                id=letter,
                title=SUBGROUPS[letter][0] if letter in SUBGROUPS else letter,
                title_nl=TITLES_NL.get(letter, letter),
                status=rolled.status.value,
                decisive_sufficient=rolled.sufficient,
                decisive_total=rolled.total,
                weakest=rolled.weakest,
            )
        )
    return tuple(found)
