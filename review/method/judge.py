"""The one function that turns a case into an outcome: method rules version 1, complete."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from review.method.cards import Cards
from review.method.credibility import credibilities
from review.method.dating import Dated
from review.method.docket import Docket, docket
from review.method.forecast import falls_on, fragile_origins, lapse, stale_on
from review.method.model import Case, Directness, Result, SourceType, Status
from review.method.outcome import Cast, Outcome, Test
from review.method.status import Weighed, certainty, lower, status_on, ways_on, weakest, weigh
from review.method.thresholds import RULES
from review.method.verdict_words import about_future, about_gates, about_set_aside, about_status, announced, passed
from review.method.voting import Scene, Vote, in_time_from
from review.method.words import Said, about_current
from review.method.words_of_tests import about_reliable, about_unambiguous


def judge(case: Case, *, look_ahead: bool = True) -> Outcome:
    """Judge a case on its as-of day; raise CaseError for rows that cannot be judged.

    Evidence published after that day does not exist for it. `look_ahead=False` leaves out what costs time and does
    not bear on the status: fragile, falls_on, the lapse and one_origin_short.
    """
    full, day = docket(case), case.as_of
    ways = ways_on(full, day)
    book, view, weighed = lower(ways, day)
    earliest = in_time_from(day, case.question.window_days, view.starts)
    before = case.week_before
    if before is None:  # without any evidence no day differs from another
        before = status_on(full, week_before(day)) if book.origins else weighed.status
    effective = weakest((weighed.status, before))
    level, steps = certainty(weighed.status, weighed, _silent(view, earliest), reporting_bias=case.reporting_bias)
    stale = stale_on(ways, day) if weighed.current is Result.PASS else None
    falls = falls_on(ways, day) if look_ahead and weighed.status is not Status.INSUFFICIENT else None
    fragile = fragile_origins(book, view, day) if look_ahead else ()
    lapsed = lapse(full, day) if look_ahead else None
    struck = tuple(sorted(item.id for origin in view.views for item in origin.struck))
    tests = (
        about_current(book, view, weighed, day, stale),
        about_unambiguous(book, weighed),
        about_reliable(book, weighed),
    )
    said = [
        *tests,
        *about_status(weighed, effective, before),
        *about_gates(book),
        *about_set_aside(struck),
        *about_future(book, day, falls, fragile, lapsed),
    ]
    entries = [entry for origin in view.views for entry in (*origin.voters, *origin.others)]
    others = [entry.item for origin in view.views for entry in origin.others]
    agreement = weighed.tally.agreement
    return Outcome(
        question=case.question.id,
        as_of=day,
        reading=case.reading,
        rules_version=RULES.rules_version,
        current=_test(weighed.current, tests[0]),
        unambiguous=_test(weighed.unambiguous, tests[1]),
        reliable=_test(weighed.reliable, tests[2]),
        status=weighed.status,
        effective=effective,
        status_week_before=before,
        certainty=level,
        certainty_steps=steps,
        mode=weighed.tally.mode,
        agreement=None if agreement is None else float(agreement),
        origins=len(weighed.tally.timely),
        items=sum(_in_time(entry, earliest) for entry in entries),
        votes=tuple(_cast(vote, earliest) for vote in view.votes),
        contradictions=weighed.tally.contradictions,
        credibility=credibilities(book, view, day),
        background=_ids(entry.item.id for entry in entries if view.starts and entry.on < view.starts),
        weak=_ids(item.id for item in others if item.speaks),
        off_scale=_ids(item.id for item in others if not item.speaks),
        struck=struck,
        used=_ids(item.id for item in book.items() if item.known_on <= day),
        gates_closed=book.gates,
        gates_not_measured=book.gates_not_measured,
        fragile=bool(fragile),
        fragile_origins=fragile,
        stale_on=stale,
        falls_on=falls,
        announced=announced(book, day),
        passed=passed(book, day),
        lapse=lapsed,
        one_origin_short=look_ahead and _one_short(book, view, weighed, earliest),
        reasons=tuple(one.en for one in said),
        reasons_nl=tuple(one.nl for one in said),
    )


def week_before(day: date) -> date:
    """Return the day whose status an effective one may not exceed: seven days before (method §8)."""
    try:
        return day - timedelta(days=RULES.wait_days)
    except OverflowError:
        return date.min


def _test(result: Result, said: Said) -> Test:
    return Test(result=result, reason=said.en, reason_nl=said.nl)


def _ids(ids: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))


def _in_time(entry: Dated, earliest: date) -> bool:
    return entry.sure and entry.on >= earliest


def _silent(view: Scene, earliest: date) -> int:
    """Return the number of origins with an item in time and no vote in time."""
    return sum(
        any(_in_time(entry, earliest) for entry in (*origin.voters, *origin.others))
        and not (origin.vote and origin.vote.in_time(earliest))
        for origin in view.views
    )


def _cast(vote: Vote, earliest: date) -> Cast:
    return Cast(
        origin=vote.origin,
        answers=tuple(entry.item.answer for entry in vote.entries),
        evidence=tuple(entry.item.id for entry in vote.entries),
        facts_to=vote.on,
        in_time=vote.in_time(earliest),
        owner=vote.cards.literal.owner,
        type=vote.cards.literal.type,
        party=vote.party,
    )


def _one_short(book: Docket, view: Scene, weighed: Weighed, earliest: date) -> bool:
    """Return whether one more vote for the mode, from a new house of a new kind, would raise the status."""
    carriers = weighed.tally.carriers
    if not carriers:
        return False
    held = {kind for vote in carriers for kind in vote.cards.types}
    kind = next((one for one in (SourceType.NGO, SourceType.MEDIA, SourceType.EXPERT_BODY) if one not in held), None)
    if kind is None:
        kind = SourceType.NGO
    pattern = carriers[0]
    item = pattern.entries[0].item
    row = replace(item.evidence, directness=Directness.DIRECT, official_text=False)
    entry = replace(pattern.entries[0], item=replace(item, evidence=row))
    card = replace(pattern.cards.shown, owner="\0", type=kind, party=False)
    cards = Cards(literal=card, shown=card)
    extra = replace(pattern, origin="\0", cards=cards, entries=(entry,), lawgivers=frozenset())
    return weigh(book, (*view.votes, extra), earliest).status.rank > weighed.status.rank
