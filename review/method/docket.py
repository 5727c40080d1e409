"""The evidence of one reading, grouped by origin and ready to be looked at on any day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from review.method.check import check, on_scale, spoken
from review.method.model import (
    REVIEWER_GATES,
    Basis,
    Case,
    Decision,
    Directness,
    Evidence,
    Gate,
    Kind,
    Question,
    Reading,
    Source,
    SourceType,
)
from review.method.spelling import one_spelling

_GRADES = "ABCDEF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of evidence that the reading counts, with its source."""

    id: str
    origin: str
    answer: str
    published_on: date
    known_on: date
    reported: bool
    speaks: bool
    """Its value is on the scale, about this group, about what is: it may vote if its grade allows."""
    own_grade: int
    """0 for A to 5 for F."""
    party: bool
    evidence: Evidence
    source: Source
    first_key: tuple[date, bool, int, bool, str]
    """Orders items by publication; on one day the original goes before its copies, then the more cautious item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """One case, sorted out once: origins by id with their items, and the names that resolutions set aside."""

    case: Case
    question: Question
    scale: tuple[str, ...]
    origins: tuple[tuple[str, tuple[Item, ...]], ...]
    merges: tuple[tuple[date, str, str], ...]
    """Proposed merges of origins that the reading makes: since when, and between which."""
    cuts: tuple[date, ...]
    """Days of the watersheds that cut, in order."""
    set_aside: tuple[tuple[date, frozenset[str]], ...]
    """From which day (date.min: always) which evidence ids are set aside."""
    gates: tuple[Gate, ...]
    gates_not_measured: tuple[Gate, ...]

    def watershed(self, day: date) -> date | None:
        """Return the last watershed on or before the day."""
        past = [cut for cut in self.cuts if cut <= day]
        return past[-1] if past else None

    def starts(self, day: date) -> date | None:
        """Return the first day of facts that is since the watershed: its own day, for a law the day after.

        A text or a reading of the day of the amendment may still be of the old law.
        """
        since = self.watershed(day)
        if since is None or self.question.kind is not Kind.LAW or since == date.max:
            return since
        return since + timedelta(days=1)

    def aside(self, day: date) -> frozenset[str]:
        """Return the evidence ids that resolutions name as set aside on this day."""
        return frozenset().union(*(names for since, names in self.set_aside if since <= day))

    def origins_on(self, day: date) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """Return origins with their items, merged as proposed by then; the first name, as text, stays."""
        merges = [(one, other) for since, one, other in self.merges if since <= day]
        if not merges:
            return self.origins
        parent: dict[str, str] = {}

        def root(name: str) -> str:
            while (above := parent.get(name, name)) != name:
                name = above
            return name

        for one, other in merges:
            first, second = sorted((root(one), root(other)))
            parent[second] = first
        merged: dict[str, tuple[Item, ...]] = {}
        for name, items in self.origins:
            merged[root(name)] = merged.get(root(name), ()) + items
        return tuple(sorted(merged.items()))

    @property
    def ways(self) -> tuple["Docket", ...]:
        """Return the docket with the proposed merges made and, where that differs, without: the lower status counts.

        What is merged may be the dissent, and a proposal that nobody confirmed must not silence it (the guard).
        """
        return (self, replace(self, merges=())) if self.merges else (self,)

    def items(self) -> Iterator[Item]:
        """Return every item of every origin."""
        return (item for _, items in self.origins for item in items)


def docket(case: Case) -> Docket:
    """Check a case and sort it out; raise CaseError for rows that cannot be judged."""
    check(case)
    scale = on_scale(case.question)
    owners = one_spelling(source.owner for source in case.sources)
    sources = {source.id: replace(source, owner=owners[source.owner]) for source in case.sources}
    rows = [row for row in case.evidence if _counts(row, case.reading)]
    by_origin: dict[str, list[Item]] = {}
    for row in rows:
        item = _item(row, sources[row.source], scale, case.basis)
        by_origin.setdefault(item.origin, []).append(item)
    closed = sorted(case.gates_closed)
    waiting = [gate for gate in closed if case.reading is Reading.PROVISIONAL and gate in REVIEWER_GATES]
    return Docket(
        case=case,
        question=case.question,
        scale=scale,
        origins=tuple((name, tuple(sorted(by_origin[name], key=lambda item: item.id))) for name in sorted(by_origin)),
        merges=_merges(case.reading, by_origin),
        cuts=tuple(sorted({event.on for event in case.watersheds if not event.announced})),
        set_aside=_set_aside(case),
        gates=tuple(gate for gate in closed if gate not in waiting),
        gates_not_measured=tuple(waiting),
    )


def _counts(row: Evidence, reading: Reading) -> bool:
    if reading is Reading.REVIEWED:
        return row.decision is Decision.ACCEPTED
    return row.decision is not Decision.REJECTED


def _item(row: Evidence, source: Source, scale: tuple[str, ...], basis: Basis) -> Item:
    answer = spoken(row.answer, scale)
    grade = _GRADES.index(source.grade)
    reported = row.directness is Directness.REPORTED
    held = row.known_on if basis is Basis.HELD else None
    return Item(
        id=row.id,
        origin=row.origin or unattributed(row, answer),
        answer=answer,
        published_on=row.published_on,
        # Held can only be later than public: a month-only date is public on its last day, so it is held from then.
        known_on=max(row.published_on, held) if held else row.published_on,
        reported=reported,
        speaks=answer in scale and not row.neighbour and not row.promise,
        own_grade=grade,
        party=source.party or source.type is SourceType.PARTY_TO_THE_CONFLICT,
        evidence=row,
        source=source,
        first_key=(row.published_on, reported, -grade, row.directness is Directness.DIRECT, row.id),
    )


def _merges(reading: Reading, by_origin: Mapping[str, list[Item]]) -> tuple[tuple[date, str, str], ...]:
    """Return the proposed merges, each from the day its row is known; only the provisional reading makes them."""
    if reading is Reading.REVIEWED:
        return ()
    items = (item for found in by_origin.values() for item in found)
    return tuple(sorted((i.known_on, i.origin, i.evidence.merge_proposed) for i in items if i.evidence.merge_proposed))


def unattributed(row: Evidence, answer: str) -> str:
    """Name the origin of items that name nobody: one per answer and ISO week of publication (method §3, rule 5)."""
    year, week, _ = row.published_on.isocalendar()
    return f"unattributed {answer} {year}-W{week:02d}"


def _set_aside(case: Case) -> tuple[tuple[date, frozenset[str]], ...]:
    """Return what resolutions set aside; on the held basis only from the day of the decision (method §4).

    A resolution without that day sets nothing aside there: nobody can say when it was known.
    """
    held = case.basis is Basis.HELD
    return tuple(
        (row.decided_on if held and row.decided_on else date.min, frozenset(row.set_aside))
        for row in case.resolutions
        if row.set_aside and (row.decided_on or not held)
    )
