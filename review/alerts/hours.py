"""When a person may be told: digest times, quiet hours, working days. Pure; days and times are local to somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from review.working_days import add_working_days

ESCALATE_AFTER = 3
"""Working days without acknowledgement after which the next in line is told (method §9)."""


@dataclass(frozen=True, slots=True)
class DigestTurn:
    """The newest digest that is due: its local day, and the instant up to which it takes what is queued."""

    day: date
    until: datetime


def digest_turn(now: datetime, at: time, zone: ZoneInfo) -> DigestTurn:
    """Return the newest digest time that has come, in a person's zone.

    A time that a change to summer time leaves out comes an hour later by the clock; one that occurs twice counts the
    first time: each local day has exactly one.
    """
    local = now.astimezone(zone)
    turns = [DigestTurn(day, datetime.combine(day, at, zone)) for day in (local.date(), local.date() - DAY)]
    return next((turn for turn in turns if _instant(turn.until) <= _instant(now)), turns[-1])


DAY = timedelta(days=1)


def _instant(moment: datetime) -> float:
    return moment.timestamp()  # aware datetimes of one zone compare by the clock on the wall, instants do not


def is_quiet(now: datetime, quiet_from: time | None, quiet_to: time | None, zone: ZoneInfo) -> bool:
    """Return whether nothing may be sent now: from `quiet_from` to `quiet_to` (not included), also over midnight."""
    if quiet_from is None or quiet_to is None:
        return False
    here = now.astimezone(zone).time()
    if quiet_from < quiet_to:
        return quiet_from <= here < quiet_to
    return here >= quiet_from or here < quiet_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who was told of an alert, on which day: kind is owner, deputy or head."""

    kind: str
    on: date


def next_in_line(
    told: Iterable[Told], today: date, state: str, *, deputy: str | None, head: str | None
) -> tuple[str, str] | None:
    """Return (kind, person) who must be told today of what nobody has acknowledged; None while it is not yet time.

    Each step has three working days of the deciding state, counted from the day on which the one before was told: if
    nobody looked for a week, the deputy still gets those days before the head. Who does not exist is passed over.
    """
    on = {one.kind: one.on for one in told}
    if "owner" not in on or "head" in on:
        return None
    steps = [(kind, person) for kind, person in (("deputy", deputy), ("head", head)) if person and kind not in on]
    if not steps or ("deputy" in on and steps[0][0] == "deputy"):
        return None
    since = on.get("deputy", on["owner"])
    return steps[0] if today >= add_working_days(since, ESCALATE_AFTER, state) else None
