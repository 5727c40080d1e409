"""What a declared moratorium must satisfy as a whole, said with the field and the value that do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

from review.months import add_months
from review.moratorium_clock import STOPPING, Act, read, weaker

if TYPE_CHECKING:
    from review.declared_moratorium import Half, Moratorium, MoratoriumEvent, Period

# The parts of a moratorium whose confidence is told apart.
FieldName = Literal[
    "group", "exclusions", "legal_basis", "decided", "published", "in_force", "planned_months", "planned_expiry",
    "extended", "ended", "end_mode", "wording_of_gap", "ended_by", "references",
]  # fmt: skip
FIELDS: tuple[str, ...] = get_args(FieldName)
SLACK = timedelta(days=7)  # the first days of old halves were inferred from publications, not read (Libya 2011)
OPENS_A_PERIOD = ("in_force", "paused", "decided", "extended", "revived")


def problems(declared: Moratorium) -> Iterator[str]:
    """Say what does not hold, one sentence each."""
    names = [half.half for half in declared.halves]
    if len(set(names)) < len(names):
        yield f"halves: {names[0]!r} stands twice"
    numbers = [period.number for period in declared.periods]
    if len(set(numbers)) < len(numbers):
        yield f"periods: number {max(numbers, key=numbers.count)} stands twice"
    for half in names:
        yield from _overlapping(declared, half)
        yield from _after_the_end(declared, half)
    for clock in declared.halves:
        if clock.max_months and (said := too_long(clock, clock.max_months)):
            yield f"halves ({clock.half}): ends_on {said}, the field max_months of this file"
    yield from _periods_named(declared, set(numbers))
    versions = [(version.version, version.valid_from) for version in declared.group_versions]
    if versions != sorted(versions):
        yield "group_versions: a later version may not start before an earlier one; order them by version and day"
    yield from _clocks(declared)


def _of(declared: Moratorium, half: str) -> list[Period]:
    return sorted((p for p in declared.periods if p.half in (None, half)), key=lambda p: p.number)


def _overlapping(declared: Moratorium, half: str) -> Iterator[str]:
    """A period starts after the one before it; one without an end ends where the next starts."""
    mine = _of(declared, half)
    for before, after in pairwise(mine):
        bound = before.last_day or before.first_day
        if after.first_day and bound and after.first_day <= bound:
            yield (
                f"periods: period {after.number} starts on {after.first_day}, before the one ahead of it ended "
                f"({bound}, period {before.number})"
            )


def _after_the_end(declared: Moratorium, half: str) -> Iterator[str]:
    """An extension counts while the clock runs, or says why it is late; after an end only a revival goes on."""
    end: date | None = None
    stopped = False
    by_number = {period.number: period for period in declared.periods}
    events = [event for event in declared.events if event.half in (None, half)]
    for event in sorted(events, key=lambda e: (e.on, e.kind in STOPPING)):
        if event.kind == "extended":
            if stopped:
                yield f"events: extended on {event.on}, after the {half} had ended on {end}; a revival comes first"
            elif end and event.on > end and not event.late:
                yield (
                    f"events: extended on {event.on}, after the end of its {half} on {end}; write under `late` why it "
                    "counts, or correct the day"
                )
        if event.kind in STOPPING:
            stopped, end = True, event.on
        elif event.kind in OPENS_A_PERIOD and event.period in by_number:
            stopped, end = False, by_number[event.period].last_day
        elif event.kind == "revived":
            stopped = False


def _periods_named(declared: Moratorium, numbers: set[int]) -> Iterator[str]:
    named = [event.period for event in declared.events if event.period is not None]
    for event in declared.events:
        if event.period is not None and event.kind not in OPENS_A_PERIOD:
            yield f"events: {event.kind} on {event.on} names period {event.period}, but opens none"
    for number in sorted(set(named) - numbers):
        yield f"events: period {number} is not among the periods"
    for number in sorted(numbers - set(named)):
        yield f"periods: no event opens period {number}; write period = {number} at the event that did"


def _clocks(declared: Moratorium) -> Iterator[str]:
    """What a half states as its days is what its events come to."""
    acts = [act_of(declared, event, number) for number, event in enumerate(declared.events)]
    for half in declared.halves:
        found = read(acts, half.half, date.max - timedelta(days=1), end=half.end)
        for name, said, counted in (
            ("first_day", half.first_day, found.first_day),
            ("ends_on", half.ends_on, found.last_day),
        ):
            if said != counted:
                yield f"halves: {name} of the {half.half} is {said}, but its events come to {counted}"


def act_of(declared: Moratorium, event: MoratoriumEvent, number: int = 0) -> Act:
    """An event with the days of the period that it opens."""
    period = next((p for p in declared.periods if p.number == event.period), None)
    return Act(
        kind=event.kind,
        on=event.on,
        known=event.known,
        half=event.half or (period.half if period else None),
        first_day=period.first_day if period else None,
        last_day=period.last_day if period else None,
        confidence=weaker(event.confidence, period.confidence if period else None),
        number=number,
    )


def confidence_of(declared: Moratorium) -> dict[str, str | None]:
    """How sure each field is; None where nothing is known of it. A row nobody could verify is unverified throughout."""
    said: dict[str, str] = {item.field: item.confidence for item in declared.unverified}
    kinds = {event.kind for event in declared.events}
    present = {
        "exclusions": bool(declared.exclusions),
        "legal_basis": any(half.regime for half in declared.halves),
        "decided": bool(kinds & {"decided", "announced", "paused"}),
        "published": "published" in kinds,
        "in_force": "in_force" in kinds,
        "planned_months": declared.planned_months is not None,
        "planned_expiry": declared.planned_expiry is not None,
        "extended": "extended" in kinds,
        "ended": bool(kinds & set(STOPPING)),
        "wording_of_gap": bool(declared.wording_of_gap),
        "ended_by": bool(declared.ended_by),
    }
    unless = "verified" if declared.checked == "verified" else "unverified"
    return {name: said.get(name) or (unless if present.get(name, True) else None) for name in FIELDS}


def too_long(half: Half, months: int) -> str:
    """Say that a half runs longer than so many months from its first day (law §1, §6), and until when it may; or ''."""
    if half.first_day is None or half.ends_on is None:
        return ""
    last = add_months(half.first_day, months) - timedelta(days=1)
    if half.ends_on <= last + SLACK:
        return ""
    return f"{half.ends_on} is later than {last}, the last of {months} months from first_day {half.first_day}"
