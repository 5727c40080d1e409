"""The whole reasoning behind one verdict as facts: who said what, why it counts, and every number that follows.

The rules are run again, step by step, on the very rows that were judged; nothing here decides anything of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from review.assess import Judged
from review.method.cards import VOTING, Cards, grade
from review.method.credibility import credibilities
from review.method.dating import Dated, basis
from review.method.docket import Docket, Item, docket
from review.method.forecast import without_each
from review.method.model import Case, Kind, Result, Status
from review.method.reliable import Support, support
from review.method.status import Weighed, lower, ways_on
from review.method.thresholds import RULES
from review.method.voting import Scene, View, in_time_from

GRADES = "ABCDEF"


class Part(StrEnum):
    """The part that one item plays, and so why it votes or not."""

    VOTES = "votes"
    LATE = "late"  # its origin's vote, of facts too old
    UNSURE = "unsure"  # its origin's vote, of a day that is not sure
    SPLIT = "split"  # its origin says two things of one day
    BEHIND = "behind"  # another item is its origin's latest answer, or the first to say the same
    UNDATED = "undated"  # has only a day of publication beside dated answers, or repeats one
    BEFORE = "before"  # facts from before the watershed
    WEAK = "weak"  # the grade has no vote
    OFF = "off"  # unknown, unclear, mixed, a neighbouring group, the future
    STRUCK = "struck"  # set aside by a resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item: the day its facts count on, the grade it votes with, its part and its credibility."""

    id: str
    source: str
    grade: str
    answer: str
    facts_on: date | None
    sure: bool
    published_on: date
    directness: str
    basis: str
    """What the day of its facts is read from: stated, period, ongoing, published; limited where its origin sets it."""
    part: Part
    credibility: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One origin: its card (grade, type, owner group, party, collected), its items, its vote."""

    id: str
    label: str
    grade: str
    type: str
    owner: str
    party: bool
    collected: bool
    vote: str | None
    """The answer it votes for since the watershed; several of one day are joined by a stroke."""
    in_time: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The three tests and the status without one origin."""

    origin: str
    label: str
    tests: tuple[Result, Result, Result]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Everything that a verdict follows from. `case` holds the rows that were judged."""

    judged: Judged
    case: Case
    since: date | None
    earliest: date
    weighed: Weighed
    support: Support
    origins: tuple[Origin, ...]
    silent: int
    """Origins with an item in time and no vote in time."""
    without: tuple[Without, ...]


def explain(judged: Judged) -> Explained:
    """Run the rules again on the rows of a judged question and keep every step."""
    gone = {held.item.id for held in judged.held if held.withdrawn_on and held.withdrawn_on <= judged.case.as_of}
    case = judged.case
    if judged.withdrawn_lowered:
        case = replace(case, evidence=tuple(row for row in case.evidence if row.id not in gone))
    day = case.as_of
    book, view, weighed = lower(ways_on(docket(case), day), day)
    earliest = in_time_from(day, case.question.window_days, view.starts)
    labels = {held.item.origin: held.origin_label for held in judged.held if held.item.origin}
    credible = {one.evidence: one.number for one in credibilities(book, view, day)}
    found = [_origin(one, view, earliest, labels, credible) for one in view.views]
    return Explained(
        judged=judged,
        case=case,
        since=view.since,
        earliest=earliest,
        weighed=weighed,
        support=support(weighed.tally),
        origins=tuple(sorted(found, key=_order)),
        silent=sum(_any_in_time(one, earliest) and not one.in_time for one in found),
        without=tuple(_without(book, view, day, labels)),
    )


def missing_votes(found: Explained) -> dict[str, int]:
    """Count what each test still needs for a pass; what is there already is left out."""
    tally, held = found.weighed.tally, found.support
    if found.case.question.kind is Kind.LAW:
        return {}
    share = RULES.agreement_pass
    against = len(tally.against)
    needed = {
        "origins": RULES.current_pass_origins - len(tally.timely),
        # c / (c + a) >= p/q, so that c >= a * p / (q - p)
        "agreeing": -(-against * share.numerator // (share.denominator - share.numerator)) - len(tally.carriers),
        "contradictions": len(tally.contradictions) - RULES.contradictions_weak + 1,
        "owners": RULES.owners_pass - len(held.owners),
        "types": RULES.types_pass - len(held.types),
        "direct": RULES.direct_pass - len(held.direct),
    }
    return {name: number for name, number in needed.items() if number > 0}


def _origin(one: View, view: Scene, earliest: date, labels: dict[str, str], credible: dict[str, int]) -> Origin:
    # Where nothing of it could vote, the card is the well-spring's as the rule gives it.
    speaks = any(entry.item.speaks for entry in (*one.voters, *one.others))
    both = (one.cards.literal, one.cards.shown) if speaks else (one.cards.literal,)
    card = both[-1]
    timely = bool(one.vote and one.vote.in_time(earliest))
    entries = [*one.voters, *one.others]
    lines = [_line(entry, one, view, earliest, credible) for entry in entries]
    lines += [_struck(item, one.cards) for item in one.struck]
    return Origin(
        id=one.origin,
        label=labels.get(one.origin, one.origin),
        grade=GRADES[max(card.grade, one.cards.literal.grade)],  # an item votes with the worse of the two
        type=" / ".join(dict.fromkeys(found.type.value for found in both)),  # where they differ, what gives less counts
        owner=" / ".join(dict.fromkeys(found.owner for found in both)),
        party=one.cards.party,
        collected=card.collected,
        vote="/".join(entry.item.answer for entry in one.vote.entries) if one.vote else None,
        in_time=timely,
        lines=tuple(sorted(lines, key=lambda line: (line.part is not Part.VOTES, line.published_on, line.id))),
    )


def _line(entry: Dated, one: View, view: Scene, earliest: date, credible: dict[str, int]) -> Line:
    item = entry.item
    return Line(
        id=item.id,
        source=item.source.id,
        grade=GRADES[grade(item, one.cards) if item.speaks else max(one.cards.literal.grade, item.own_grade)],
        answer=item.answer,
        facts_on=entry.on,
        sure=entry.sure,
        published_on=item.published_on,
        directness=item.evidence.directness.value,
        basis=_basis(entry),
        part=_part(entry, one, view, earliest),
        credibility=credible.get(item.id),
    )


def _struck(item: Item, both: Cards) -> Line:
    return Line(
        id=item.id, source=item.source.id, grade=GRADES[grade(item, both)], answer=item.answer, facts_on=None,
        sure=False, published_on=item.published_on, directness=item.evidence.directness.value, basis="-",
        part=Part.STRUCK, credibility=None,
    )  # fmt: skip


def _basis(entry: Dated) -> str:
    read_from, on = basis(entry.item.evidence)
    return read_from if on == entry.on else "limited"


def _part(entry: Dated, one: View, view: Scene, earliest: date) -> Part:
    item, vote = entry.item, one.vote
    if not item.speaks:
        return Part.OFF
    if grade(item, one.cards) > VOTING:
        return Part.WEAK
    if view.starts and entry.on < view.starts:
        return Part.BEFORE
    if vote and item.id in {cast.item.id for cast in vote.entries}:
        if vote.split:
            return Part.SPLIT
        if not entry.sure:
            return Part.UNSURE
        return Part.VOTES if entry.on >= earliest else Part.LATE
    return Part.UNDATED if entry.undated else Part.BEHIND


def _without(book: Docket, view: Scene, day: date, labels: dict[str, str]) -> Iterator[Without]:
    for origin, rest in without_each(book, view, day):
        yield Without(
            origin=origin,
            label=labels.get(origin, origin),
            tests=(rest.current, rest.unambiguous, rest.reliable),
            status=rest.status,
        )


def _any_in_time(one: Origin, earliest: date) -> bool:
    return any(line.sure and line.facts_on and line.facts_on >= earliest for line in one.lines)


def _order(one: Origin) -> tuple[bool, bool, str]:
    return not one.in_time, one.vote is None, one.id
