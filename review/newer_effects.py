"""Would the verdict differ? The judge itself, asked with a thing added to the frozen evidence, or left out of all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from review.assess import Judged
from review.method.check import on_scale, spoken
from review.method.docket import Docket, docket
from review.method.judge import judge
from review.method.model import OFF_SCALE, Case, Resolution
from review.method.outcome import Outcome
from review.method.unambiguous import contradicts
from review.newer import Change, Stance, changes

TRIED = 40  # origins of one question that are tried, the newest first; a page must not wait for more


@dataclass(frozen=True, slots=True)
class Weighing:
    """One question on the decision day (`then`) and on the last day (`now`), of the same basis and reading."""

    then: Judged
    now: Judged
    frozen: frozenset[str]  # evidence ids known on the decision day
    known: frozenset[str]  # those in force and known on the last day
    pool: Case
    _seen: dict[tuple[frozenset[str], date], Outcome] = field(default_factory=dict)

    @classmethod
    def of(cls, then: Judged, now: Judged) -> "Weighing":
        """Put the evidence of both days into one case, so that either can be judged on any day between."""
        frozen, known = known_by(docket(then.case)), known_by(docket(now.case))
        evidence = {one.id: one for one in (*then.case.evidence, *now.case.evidence)}
        # What a person has rejected since stands in the pool as it counted then, so that it can be weighed.
        evidence |= {one.id: one for one in then.case.evidence if one.id in frozen - known}
        sources = {one.id: one for one in (*then.case.sources, *now.case.sources)}
        pool = replace(now.case, evidence=tuple(evidence.values()), sources=tuple(sources.values()))
        return cls(then, now, frozen, known, pool)

    @property
    def id(self) -> str:
        """The question."""
        return self.now.asked.question.id

    def outcome(self, ids: Iterable[str], day: date) -> Outcome:
        """Judge these pieces of evidence on a day."""
        key = (frozenset(ids), day)
        if key not in self._seen:
            rows = tuple(one for one in self.pool.evidence if one.id in key[0])
            self._seen[key] = judge(replace(self.pool, as_of=day, evidence=rows), look_ahead=False)
        return self._seen[key]

    def added(self, ids: Iterable[str], day: date) -> tuple[Change, ...]:
        """What changes on a day when these join what was known on the decision day."""
        return changes(self.id, self.outcome(self.frozen, day), self.outcome(self.frozen | set(ids), day))

    def left_out(self, ids: Iterable[str]) -> tuple[Change, ...]:
        """What changes on the last day when these are missing from all that is known by then."""
        day = self.now.case.as_of
        return changes(self.id, self.outcome(self.known, day), self.outcome(self.known - set(ids), day))

    def taken_out(self, ids: Iterable[str]) -> tuple[Change, ...]:
        """What changes on the last day when these are missing from what was known on the decision day."""
        day = self.now.case.as_of
        return changes(self.id, self.outcome(self.frozen, day), self.outcome(self.frozen - set(ids), day))

    def by_event(self, on: date, title: str) -> tuple[Change, ...]:
        """What changes on the last day, for what was known on the decision day, by an event that voids evidence."""
        kept = tuple(one for one in self.pool.watersheds if (one.on, one.title) != (on, title))
        return self._without(replace(self.pool, watersheds=kept), self.frozen)

    def by_resolution(self, resolution: Resolution) -> tuple[Change, ...]:
        """What changes on the last day by a person's resolution of a contradiction."""
        kept = tuple(one for one in self.pool.resolutions if one != resolution)
        return self._without(replace(self.pool, resolutions=kept), self.known)

    def _without(self, case: Case, ids: frozenset[str]) -> tuple[Change, ...]:
        rows = tuple(one for one in case.evidence if one.id in ids)
        before = judge(replace(case, evidence=rows), look_ahead=False)
        return changes(self.id, before, self.outcome(ids, case.as_of))

    def stance(self, answers: Iterable[str]) -> tuple[Stance, tuple[str, ...]]:
        """How new answers stand to those of the decision day: to the mode, or to all votes where there was none."""
        question = self.now.case.question
        scale = on_scale(question)
        said = {spoken(answer, scale) for answer in answers} - OFF_SCALE
        then = self.then.outcome
        voted = (then.mode,) if then.mode else tuple(sorted({a for vote in then.votes for a in vote.answers}))
        if not said:
            return "none", voted
        if not voted:
            return "first", ()
        if any(contradicts(one, other, question, scale) for one in said for other in voted):
            return "contradicts", voted
        return ("agrees" if said <= set(voted) else "differs"), voted


def known_by(book: Docket) -> frozenset[str]:
    """The ids that the reading of a case counts and that were known on its day."""
    return frozenset(item.id for item in book.items() if item.known_on <= book.case.as_of)


def days_known(book: Docket) -> Mapping[str, date]:
    """Since when each piece of evidence was known, by its id, on the basis of the case."""
    return {item.id: item.known_on for item in book.items()}
