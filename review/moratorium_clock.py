"""One clock of a moratorium, decisions or departures, as it could be read on a day: a pure function over dated acts.

Every day is inclusive. What a day knows is what was public by then: a decision published with retroactive effect counts
from its publication, though it was in force before; an extension published after the first period had run out counts
from that publication, and joins on to the period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

State = Literal["not known", "announced", "running", "ended", "end not seen"]
End = Literal["seen", "day not seen", "not seen", "open"]
OPENING = ("in_force", "revived", "extended")
STOPPING = ("ended", "annulled")
# How long a freeze without a last day is taken to run on after the last thing heard of it: the longest interval between
# reviews (Directive 2013/32 art. 31(4), six months). After it nothing shows that it still ran.
HEARD_OF = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A dated act on one clock or both (`half` None). `known` is the day from which the public could know of it."""

    kind: str
    on: date
    known: date
    half: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    confidence: str = "verified"  # of the clock that it leaves: the weaker of the act and the last day
    number: int = 0  # order of entry: of two acts known on one day the later entry stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a clock says on a day. `last_day` None: it runs (or ran) without an end that anyone saw."""

    state: State
    first_day: date | None = None
    last_day: date | None = None
    days_left: int | None = None  # 0 on the last day, negative after it
    confidence: str = "unverified"
    provisional: bool = False  # the last day is a planned one, not one that was seen


def read(acts: Iterable[Act], half: str, as_of: date, *, end: End = "seen", end_after: date | None = None) -> Reading:
    """Read one clock on a day.

    `end` says what is known today of how it ended: "day not seen" (ended by the last day at the latest), "not seen"
    (whether it was extended, or when it ended, is not known), "open" (it runs). `end_after`: from this day on it may
    have been stopped already.
    """
    mine = sorted((act for act in acts if act.half in (None, half)), key=lambda act: (act.known, act.number))
    opening = opening_kinds(mine)
    known = [act for act in mine if act.known <= as_of]
    run = _Run()
    for act in known:
        run = _after(run, act, opening)
    if run.first_day is None:
        announced = any(act.kind in ("announced", "decided") for act in known)
        return Reading(state="announced" if announced else "not known")
    last_day = run.last_day if run.stopped is None else _earlier(run.last_day, run.stopped)
    heard = max(act.known for act in known if act.kind in (*opening, *OPENING, *STOPPING))
    state = _state(run, last_day, as_of, heard, end, end_after)
    unsure = state == "end not seen" or (state == "ended" and run.stopped is None and end == "day not seen")
    return Reading(
        state=state,
        first_day=run.first_day,
        last_day=last_day,
        days_left=(last_day - as_of).days if last_day else None,
        confidence="unverified" if unsure else run.confidence,
        provisional=run.stopped is None,
    )


def opening_kinds(acts: Sequence[Act]) -> tuple[str, ...]:
    """The acts that start the clock: entry into force; where none is on record, the pause or the decision itself."""
    kinds = {act.kind for act in acts}
    for kind in ("in_force", "paused", "decided"):
        if kind in kinds:
            return (kind,)
    return ("in_force",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    first_day: date | None = None
    last_day: date | None = None
    stopped: date | None = None
    confidence: str = "unverified"


def _after(run: _Run, act: Act, opening: tuple[str, ...]) -> _Run:
    """The clock after one more act."""
    if act.kind in STOPPING:
        return replace(run, stopped=act.on, confidence=act.confidence)
    if act.kind in opening:
        first = act.first_day or act.on
        return replace(run, first_day=first, last_day=act.last_day, confidence=act.confidence)
    if act.kind == "revived":
        last = act.last_day or run.last_day
        return replace(run, first_day=run.first_day or act.on, last_day=last, stopped=None, confidence=act.confidence)
    if act.kind == "extended" and act.last_day is not None:
        first = run.first_day or act.first_day or act.on
        return replace(run, first_day=first, last_day=act.last_day, confidence=act.confidence)
    return run


def _state(run: _Run, last_day: date | None, as_of: date, heard: date, end: End, end_after: date | None) -> State:
    if run.first_day is not None and run.first_day > as_of:
        return "announced"
    if run.stopped is not None:
        return "ended" if last_day is not None and last_day < as_of else "running"
    if last_day is not None and last_day < as_of:
        return "end not seen" if end == "not seen" else "ended"
    if end_after is not None and end_after <= as_of:
        return "end not seen"
    if last_day is None and end != "open" and as_of - heard > HEARD_OF:
        return "end not seen"
    return "running"


def weaker(*confidences: str | None) -> str:
    """The least sure of several; None counts for nothing."""
    order = ("unverified", "inferred", "verified")
    return min((one for one in confidences if one), key=order.index, default="unverified")


def _earlier(planned: date | None, stopped: date) -> date:
    return stopped if planned is None else min(planned, stopped)
