"""What the status hangs on and until when: fragile, stale, falling, lapsed (method §2, §8). Exact, not sampled.

With nothing new, an answer can only change on the day after a voting item was last in time; with a history, also on
days of publication and watersheds. Only those days are looked at; a property test compares with every day.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from review.method.docket import Docket, docket
from review.method.model import Case, Kind, Result, Status
from review.method.status import Weighed, lower, status_on, ways_on, weigh, weigh_on
from review.method.thresholds import RULES
from review.method.voting import Memo, Scene, in_time_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A question that was sufficient and is no longer."""

    sufficient_on: date
    """First day of the last stretch on which it was sufficient."""
    lapsed_on: date
    """First day after that stretch."""


Ways = Sequence[tuple[Docket, Scene]]
"""Each way of merging with what is seen that way (status.ways_on)."""


def stale_on(ways: Ways, day: date) -> date | None:
    """Return the first day CURRENT would no longer pass if nothing new arrives; None if it does not pass on `day`."""
    if lower(ways, day)[2].current is not Result.PASS:
        return None
    return next((later for later in _expiries(ways, day) if lower(ways, later)[2].current is not Result.PASS), None)


def falls_on(ways: Ways, day: date) -> date | None:
    """Return the first day the computed status would be lower than on `day` if nothing new arrives; None if never."""
    now = lower(ways, day)[2].status
    if now is Status.INSUFFICIENT:
        return None
    return next((later for later in _expiries(ways, day) if lower(ways, later)[2].status.rank < now.rank), None)


def without_each(book: Docket, view: Scene, day: date) -> Iterator[tuple[str, Weighed]]:
    """Return for each origin of a view what the case is weighed to be without it, by id as text.

    Leaving out an origin is never having had it. Where merges are proposed that takes some of them with it, so the
    rest is sorted out anew, and an origin without a vote can matter too.
    """
    earliest, votes = in_time_from(day, book.question.window_days, view.starts), view.votes
    if not any(row.merge_proposed for row in book.case.evidence):
        for gone in votes:
            yield gone.origin, weigh(book, [vote for vote in votes if vote.origin != gone.origin], earliest)
        return
    for origin, items in book.origins_on(day):
        ids = {item.id for item in items}
        rest = docket(replace(book.case, evidence=tuple(row for row in book.case.evidence if row.id not in ids)))
        yield origin, lower(ways_on(rest, day), day)[2]


def fragile_origins(book: Docket, view: Scene, day: date) -> tuple[str, ...]:
    """Return the origins without which the status on `day` would differ, either way, by id as text (method §8)."""
    now = weigh_on(book, view, day).status
    return tuple(origin for origin, rest in without_each(book, view, day) if rest.status is not now)


def lapse(book: Docket, day: date) -> Lapse | None:
    """Return when the question was last sufficient before `day`; None if it is now, or never was."""
    if not _could_have_been_sufficient(book):
        return None
    memo: Memo = {}
    lapsed, first = day, None
    for turn in [day, *reversed(_turning_days(book, day))]:
        enough = status_on(book, turn, memo) is Status.SUFFICIENT
        if enough and turn == day:
            return None
        if enough:
            first = turn
        elif first:
            break
        else:
            lapsed = turn
    return Lapse(sufficient_on=first, lapsed_on=lapsed) if first else None


def next_turn(case: Case) -> date | None:
    """Return the first day after the as-of day on which the result can differ though no row changes; None if never.

    Everything that is compared with the day is a date of a row, or such a date plus the window; and all of it once more
    after the days that a rise waits. Between two of these the status of both days stays, and with it what hangs on it.
    Health and coverage of the sources are not rows of the case: whoever judges again looks at them himself.
    """
    step, wait = timedelta(days=case.question.window_days + 1), timedelta(days=RULES.wait_days)
    dates: set[date | None] = set()
    starts: set[date | None] = {row.decided_on for row in case.resolutions}
    for event in case.watersheds:
        starts |= {event.on, _plus(event.on, timedelta(days=1))}
    for row in case.evidence:
        starts |= {row.known_on, row.published_on, row.verified_on}
        dates |= {row.published_on, row.facts_to, row.period_to, row.no_change_to, row.verified_on}
    turns = starts | {_plus(one, step) for one in dates if one}
    turns |= {_plus(one, wait) for one in turns if one}
    return min((one for one in turns if one and one > case.as_of), default=None)


def _expiries(ways: Ways, day: date) -> Iterator[date]:
    """Return the days after `day` on which a vote is for the first time out of time, in order."""
    found = {
        _plus(vote.on, timedelta(days=book.question.window_days + 1)) for book, view in ways for vote in view.votes
    }
    return iter(sorted(later for later in found if later and later > day))


def _turning_days(book: Docket, day: date) -> list[date]:
    """Return every day up to `day` on which the status can have changed, in order."""
    step = timedelta(days=book.question.window_days + 1)
    ends: set[date] = set()
    starts = {*book.cuts, *(since for since, _ in book.set_aside), *(since for since, _, _ in book.merges)}
    for item in book.items():
        row = item.evidence
        starts |= {item.known_on, *([row.verified_on] if row.verified_on else [])}
        dates = (item.published_on, row.facts_to, row.period_to, row.no_change_to, row.verified_on)
        ends |= {later for one in dates if one and (later := _plus(one, step))}
    return sorted(turn for turn in starts | ends if turn <= day)


def _plus(day: date, step: timedelta) -> date | None:
    try:
        return day + step
    except OverflowError:  # later than the calendar: never
        return None


def _could_have_been_sufficient(book: Docket) -> bool:
    """Return False when too few origins ever gave one answer for a pass: spares the look back."""
    if book.gates:
        return False
    if book.question.kind is Kind.LAW:
        return len(book.origins) >= 2
    given = Counter(answer for _, items in book.origins for answer in {item.answer for item in items if item.speaks})
    return max(given.values(), default=0) >= RULES.owners_pass
