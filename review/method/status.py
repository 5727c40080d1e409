"""From three tests and the gates to a status, on one day (method §5, §7, §8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from review.method.current import current
from review.method.docket import Docket
from review.method.law import law_current, law_reliable, law_unambiguous
from review.method.model import Certainty, Directness, Gate, Kind, Result, SourceType, Status
from review.method.reliable import reliable, support
from review.method.thresholds import RULES
from review.method.unambiguous import Tally, tally, unambiguous
from review.method.voting import Memo, Scene, Vote, in_time_from, scene

_OFFICIAL = frozenset({SourceType.OFFICIAL_COUNTRY_REPORT, SourceType.EU_AGENCY})
STEPS = (Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE, Certainty.HIGH)
START = {Status.SUFFICIENT: 3, Status.EMERGING: 2, Status.INSUFFICIENT: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The three tests and the status of one set of votes on one day."""

    tally: Tally
    current: Result
    unambiguous: Result
    reliable: Result
    official_report: bool
    """The rule of one official report applies (method §8)."""
    status: Status


def weigh(book: Docket, votes: Sequence[Vote], earliest: date) -> Weighed:
    """Weigh votes; facts are in time from `earliest` on."""
    count = tally(votes, book.question, book.scale, earliest)
    if book.question.kind is Kind.LAW:
        tests = (law_current(count), law_unambiguous(count), law_reliable(count))
    else:
        tests = (current(count), unambiguous(count), reliable(support(count)))
    official = one_official_report(count)
    return Weighed(
        tally=count,
        current=tests[0],
        unambiguous=tests[1],
        reliable=tests[2],
        official_report=official,
        status=_status(book, tests, official),
    )


def weigh_on(book: Docket, view: Scene, day: date) -> Weighed:
    """Weigh what a scene shows as it counts on a day; the scene's watershed stays (nothing new arrives)."""
    return weigh(book, view.votes, in_time_from(day, book.question.window_days, view.starts))


def lower(pairs: Sequence[tuple[Docket, Scene]], day: date) -> tuple[Docket, Scene, Weighed]:
    """Return the way of merging (`Docket.ways`) that gives the lower status on a day; of equals the merged one."""
    found = [(book, view, weigh_on(book, view, day)) for book, view in pairs]
    return min(found, key=lambda one: one[2].status.rank)


def ways_on(book: Docket, day: date, memo: Memo | None = None) -> tuple[tuple[Docket, Scene], ...]:
    """Return each way of merging with what is seen that way on a day."""
    return tuple((way, scene(way, day, memo)) for way in book.ways)


def status_on(book: Docket, day: date, memo: Memo | None = None) -> Status:
    """Return the status computed on a day from what was known on it."""
    return lower(ways_on(book, day, memo), day)[2].status


def one_official_report(count: Tally) -> bool:
    """Return whether an official country or EUAA report votes in time, without dissent since the watershed."""
    official = any(vote.cards.types <= _OFFICIAL for vote in count.timely)
    return official and len({vote.answer for vote in count.votes}) == 1


def weakest(statuses: Iterable[Status]) -> Status:
    """Return the lowest status; of none at all, insufficient."""
    return min(statuses, key=lambda status: status.rank, default=Status.INSUFFICIENT)


def certainty(
    status: Status, weighed: Weighed, silent: int, *, reporting_bias: bool
) -> tuple[Certainty, tuple[str, ...]]:
    """Return the certainty beside a status and the names of the steps it took down (method §5).

    `silent` is the number of origins with an item in time and no vote in time.
    """
    timely = weighed.tally.timely
    general = sum(vote.entries[0].item.evidence.directness is Directness.GENERAL for vote in timely)
    agreement = weighed.tally.agreement
    steps = {
        "silent_origins": silent > len(timely),
        "agreement": agreement is not None and agreement < RULES.certainty_agreement,
        "general": general > RULES.certainty_general * len(timely),
        "few_votes": len(timely) < RULES.certainty_votes,
        "reporting_bias": reporting_bias,
    }
    taken = tuple(name for name, down in steps.items() if down)
    return STEPS[max(0, START[status] - len(taken))], taken


def _status(book: Docket, tests: tuple[Result, Result, Result], official: bool) -> Status:
    """Return the status by method §8; a closed gate caps it at emerging."""
    if all(test is Result.PASS for test in tests):
        return Status.EMERGING if book.gates else Status.SUFFICIENT
    if tests[0] is Result.PASS and Result.FAIL not in tests:
        return Status.EMERGING
    if official or _documented_gap(book):
        return Status.EMERGING
    return Status.INSUFFICIENT


def _documented_gap(book: Docket) -> bool:
    """Return whether the gap itself is documented and every decisive source was searched (method §8)."""
    return book.case.known_gap and book.case.full_coverage and Gate.COVERAGE not in book.gates
