"""UNAMBIGUOUS: agreement ages, dissent does not (method §4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from review.method.dating import Dated
from review.method.model import Kind, Question, Result
from review.method.spelling import folded, parts
from review.method.thresholds import RULES
from review.method.voting import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One origin that contradicts the mode and overlaps one of its holders in place and sub-group."""

    origin: str
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    holders: tuple[str, ...]
    """Evidence ids of the mode's holders that it meets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The votes since the watershed, counted."""

    votes: tuple[Vote, ...]
    timely: tuple[Vote, ...]
    """Votes in time, whatever their value."""
    mode: str | None
    tied: bool
    carriers: tuple[Vote, ...]
    """In-time votes for the mode."""
    against: tuple[Vote, ...]
    """Votes for another value since the watershed, in time or not; a split origin is one."""
    contradictions: tuple[Contradiction, ...]

    @property
    def agreement(self) -> Fraction | None:
        """Return the share of the mode, exactly; None below two in-time votes, or without a law's text in force."""
        if self.mode is None or len(self.timely) < RULES.assessable_votes:
            return None
        return Fraction(len(self.carriers), len(self.carriers) + len(self.against))


def tally(votes: Sequence[Vote], question: Question, scale: tuple[str, ...], earliest: date) -> Tally:
    """Count votes; facts are in time from `earliest` on."""
    timely = tuple(vote for vote in votes if vote.in_time(earliest))
    mode, tied = _mode(votes, timely, question, scale)
    holders = [vote for vote in votes if mode is not None and vote.answer == mode]
    against = tuple(vote for vote in votes if vote.answer != mode) if mode is not None else ()
    return Tally(
        votes=tuple(votes),
        timely=timely,
        mode=mode,
        tied=tied,
        carriers=tuple(vote for vote in timely if vote.answer == mode),
        against=against,
        contradictions=_contradictions(against, holders, mode, question, scale) if mode is not None else (),
    )


def unambiguous(count: Tally) -> Result:
    """Return the test on the extent, number and practice scales; fails are looked for first."""
    agreement = count.agreement
    still_open = len(count.contradictions)
    if agreement is None or agreement <= RULES.agreement_fail or still_open >= RULES.contradictions_fail:
        return Result.FAIL
    if agreement < RULES.agreement_pass or still_open >= RULES.contradictions_weak:
        return Result.WEAK
    return Result.PASS


def contradicts(one: str, other: str, question: Question, scale: tuple[str, ...]) -> bool:
    """Return whether two values are steps apart, the ends of a two-value scale, or declared opposite."""
    if one == other:
        return False
    if (one, other) in question.opposite or (other, one) in question.opposite:
        return True
    return len(scale) == 2 or abs(scale.index(one) - scale.index(other)) >= RULES.contradiction_steps


def _mode(
    votes: Sequence[Vote], timely: Sequence[Vote], question: Question, scale: tuple[str, ...]
) -> tuple[str | None, bool]:
    """Return the value with most in-time votes and whether it is tied; a law's mode is the enacted text in force."""
    if question.kind is Kind.LAW:
        enacted = [vote for vote in timely if vote.entries[0].item.evidence.official_text]
        return (max(enacted, key=lambda vote: vote.on).answer, False) if enacted else (None, False)
    counts = Counter(vote.answer for vote in timely)
    if not counts:
        return None, False
    most = max(counts.values())
    modes = [value for value in scale if counts[value] == most]
    # In a tie the value with more votes against it is shown: the status fails either way.
    return max(modes, key=lambda value: sum(vote.answer != value for vote in votes)), len(modes) > 1


def _contradictions(
    against: Sequence[Vote], holders: Sequence[Vote], mode: str, question: Question, scale: tuple[str, ...]
) -> tuple[Contradiction, ...]:
    found = []
    for vote in against:
        met = [
            (entry.item, holder.entries[0].item.id)
            for entry in vote.entries
            if contradicts(entry.item.answer, mode, question, scale)
            for holder in holders
            if _overlap(entry, holder.entries[0])
        ]
        if met:
            found.append(
                Contradiction(
                    origin=vote.origin,
                    answers=tuple(sorted({item.answer for item, _ in met})),
                    evidence=tuple(sorted({item.id for item, _ in met})),
                    holders=tuple(sorted({holder for _, holder in met})),
                )
            )
    return tuple(found)


def _overlap(one: Dated, other: Dated) -> bool:
    """Return whether two items speak of the same place and sub-group; an unnamed one overlaps everything.

    A place within a place overlaps it: all parts of the shorter name stand in the longer.
    """
    first, second = one.item.evidence, other.item.evidence
    if first.place is not None and second.place is not None:
        here, there = parts(first.place), parts(second.place)
        if not (here <= there or there <= here):
            return False
    return first.subgroup is None or second.subgroup is None or folded(first.subgroup) == folded(second.subgroup)
