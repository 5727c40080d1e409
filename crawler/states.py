"""What a source's runs make of it: ok, suspect, failing, broken. Pure rules; the numbers stand here with their reasons.

A run that finds less than expected has failed (crawler.health), silence included, so these rules only count runs.
"""

from dataclasses import dataclass
from enum import StrEnum

from store.health import Condition

HOUR_S, DAY_S = 3600, 86_400
FAILING_AFTER = 2  # failures in a row: one may be a hiccup of the network, two a cadence apart seldom are
BROKEN_AFTER = 4  # failures in a row: nobody's maintenance lasts four rounds
BROKEN_AFTER_S = 3 * DAY_S  # without success, and more than two failures: a weekend is over by then
BROKEN_AFTER_CADENCES = 2  # of that time, so that a weekly source is not broken by its second round
LATE_GRACE_S = 15 * 60  # a due run waits its turn behind others; more than a cadence and this is no waiting


class State(StrEnum):
    """How a source is doing. NOT_CONFIGURED needs something of the operator, who is told what; it is no failure."""

    NEVER_RUN = "never_run"
    NOT_CONFIGURED = "not_configured"
    OK = "ok"
    SUSPECT = "suspect"
    FAILING = "failing"
    BROKEN = "broken"


BAD = frozenset({State.SUSPECT, State.FAILING, State.BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How the newest round ended: whether the source answered (losses allowed), what it lost, and what was said."""

    success: bool
    lost: int  # what was not collected although the round as a whole succeeded
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A source goes from one state to another (or its first failure is told); `message` is for people."""

    before: State
    after: State
    message: str


def after_run(seen: Condition, ran: Ran, *, every_s: int, optional: bool, now_s: float) -> Change | None:
    """What a round makes of a source; None where there is nothing new to tell.

    `seen` is the source with this round counted in; `now_s` is the round's end, seconds since 1970.
    """
    before, after = State(seen.state), _state(seen, ran, every_s=every_s, optional=optional, now_s=now_s)
    if before in BAD and after is State.OK:
        return Change(before=before, after=after, message=_recovered(seen, ran, now_s))
    if before is after and not (seen.failures == 1 and not ran.success):
        return None
    said = ran.message or "answered"
    if seen.failures > 1:
        said = f"{seen.failures} failed runs in a row: {said}"
    return Change(before=before, after=after, message=said)


def _state(seen: Condition, ran: Ran, *, every_s: int, optional: bool, now_s: float) -> State:
    if ran.success:
        return State.OK
    if optional or seen.failures < FAILING_AFTER:
        return State.SUSPECT
    without_s = now_s - (seen.last_success_s or seen.first_run_s or now_s)
    too_long = without_s >= max(BROKEN_AFTER_S, BROKEN_AFTER_CADENCES * every_s)
    if seen.failures >= BROKEN_AFTER or (seen.failures > FAILING_AFTER and too_long):
        return State.BROKEN
    return State.FAILING


def after_setting(seen: Condition, *, missing: str) -> Change | None:
    """What a setting makes of a source that needs one: `missing` says what to set and how to get it; empty: it is set.

    None where that is known already.
    """
    before = State(seen.state)
    if missing and before is not State.NOT_CONFIGURED:
        return Change(before=before, after=State.NOT_CONFIGURED, message=missing)
    if not missing and before is State.NOT_CONFIGURED:
        return Change(before=before, after=State.NEVER_RUN, message="it is configured now and waits for its first run")
    return None


def is_late(*, due_s: float, now_s: float, allowed_s: float) -> bool:
    """Whether a run that was due has not happened for more than `allowed_s` (a cadence, or the rhythm of cron)."""
    return now_s > due_s + allowed_s + LATE_GRACE_S


def after_missing(seen: Condition, message: str) -> Change:
    """What a due run that did not happen makes of a source: one that was well is suspect, as nobody knows how it is.

    No more than that, however long it lasts: the fault is the schedule's, not the publisher's.
    """
    before = State(seen.state)
    return Change(before=before, after=State.SUSPECT if before is State.OK else before, message=message)


def span(seconds: float) -> str:
    """A length of time in words, its two largest units.

    >>> span(200_000), span(7200), span(59)
    ('2 days 7 hours', '2 hours', 'less than a minute')
    """
    left, said = int(seconds), []
    for name, size in (("day", DAY_S), ("hour", HOUR_S), ("minute", 60)):
        number, left = divmod(left, size)
        if number:
            said.append(f"{number} {name}{'s' if number > 1 else ''}")
    return " ".join(said[:2]) or "less than a minute"


def _recovered(seen: Condition, ran: Ran, now_s: float) -> str:
    said = "answers again"
    if seen.bad_since_s is not None:
        said += f" after {span(now_s - seen.bad_since_s)}"
    if seen.last_success_before_s is not None:
        said += f" ({span(now_s - seen.last_success_before_s)} since it last did)"
    return f"{said}; but {ran.lost} lost: {ran.message}" if ran.lost else said
