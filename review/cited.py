"""Footnotes in the count of origins (method §3 rule 4): they move or merge origins and never add one.

A statement with a footnote has the footnote's origin. Taken by itself that would make five origins of one report with
five footnotes, on the word of that report alone. So a note acts only where the count cannot grow by it, on any day:

1. What it cites speaks here itself, earlier and with the same answer: the statement is a report of that.
2. Everything that an origin says on the question cites one thing: the origin is that thing, with all who cite it.
3. Everything that it says has a note, to several things, and others cite one of those: a merge is proposed.

Nowhere does a note settle a disagreement: where those concerned give different answers, all stays as it is. And since
what is merged may also be the dissent, `review.judging` judges with and without notes and keeps the lower status.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from review.method.model import Decision, Directness, Reading, Resolution
from review.rows import Held


@dataclass(frozen=True, slots=True)
class _Table:
    """The evidence on one question that the reading counts, by origin and by what its notes cite."""

    at: Mapping[str, tuple[Held, ...]]
    citing: Mapping[str, frozenset[str]]  # cited origin -> origins with a statement that cites it
    settled: frozenset[str]  # ids that a resolution sets aside
    proposed: frozenset[str]  # origins that a proposed merge touches

    @classmethod
    def of(cls, counted: Sequence[Held], settled: frozenset[str]) -> "_Table":
        at: dict[str, tuple[Held, ...]] = defaultdict(tuple)
        citing: dict[str, frozenset[str]] = defaultdict(frozenset)
        for held in counted:
            at[origin_of(held)] += (held,)
            if key := cites(held):
                citing[key] |= {origin_of(held)}
        merges = [(origin_of(held), held.item.merge_proposed) for held in counted if held.item.merge_proposed]
        return cls(at, citing, settled, frozenset(name for pair in merges for name in pair if name))

    def agreed(self, key: str) -> bool:
        """Whether the cited origin and all who cite it give one answer, and nothing of theirs is set aside."""
        names = {key} | self.citing.get(key, frozenset())
        held = [one for name in names for one in self.at.get(name, ())]
        return len({one.item.answer for one in held}) == 1 and not any(one.item.id in self.settled for one in held)

    def speaks(self, held: Held, key: str) -> bool:
        """Whether what a statement cites says it here itself, no later than the statement was known."""
        return any(
            cites(one) is None
            and one.withdrawn_on is None
            and one.item.directness is not Directness.REPORTED
            and one.item.published_on <= held.item.published_on
            and (one.item.known_on or one.item.published_on) <= (held.item.known_on or held.item.published_on)
            for one in self.at.get(key, ())
        )


def placed(rows: Sequence[Held], reading: Reading, resolutions: Sequence[Resolution]) -> tuple[Held, ...]:
    """The evidence on one question with the origins that footnotes give it, in the order it came."""
    counted = [held for held in rows if counts(held, reading)]
    if not any(cites(held) for held in counted):
        return tuple(rows)
    table = _Table.of(counted, frozenset(name for one in resolutions for name in one.set_aside))
    reports = {id(held) for held in counted if _is_report(held, table)}
    moved = _moves(table, reports)
    return tuple(_placed(held, table, reports, moved) if counts(held, reading) else held for held in rows)


def origin_of(held: Held) -> str:
    """The origin without any note; evidence in the store always has one."""
    return held.item.origin or ""


def cites(held: Held) -> str | None:
    """What the note of a statement cites, where that is not its origin already."""
    return held.cited.key if held.cited and held.cited.key != held.item.origin else None


def counts(held: Held, reading: Reading) -> bool:
    """Whether a reading counts a piece of evidence (method §1)."""
    decision = held.item.decision
    return decision is Decision.ACCEPTED if reading is Reading.REVIEWED else decision is not Decision.REJECTED


def _is_report(held: Held, table: _Table) -> bool:
    """Case 1. An origin in a proposed merge is left alone: taking a link out of a chain could part its ends."""
    key = cites(held)
    return bool(key and origin_of(held) not in table.proposed and table.agreed(key) and table.speaks(held, key))


def _moves(table: _Table, reports: set[int]) -> Mapping[str, str]:
    """Case 2: origin -> the one thing that everything it says cites, apart from reports of what speaks here."""
    moves: dict[str, str] = {}
    for name, items in table.at.items():
        found = {cites(held) for held in items if id(held) not in reports}
        key = found.pop() if len(found) == 1 else None
        if key and table.agreed(key):
            moves[name] = key
    return {name: key for name, key in moves.items() if key not in moves}


def _placed(held: Held, table: _Table, reports: set[int], moves: Mapping[str, str]) -> Held:
    """One piece of evidence where its note puts it; the proposals of others follow an origin that moved."""
    item, key = held.item, cites(held)
    merge = moves.get(item.merge_proposed, item.merge_proposed) if item.merge_proposed else None
    to = key if id(held) in reports else moves.get(origin_of(held))
    if to and held.cited:
        spoken = any(one.item.directness is not Directness.REPORTED for one in table.at.get(to, ()))
        again = Directness.REPORTED if spoken and item.directness is Directness.DIRECT else item.directness
        merge = merge if merge != to else None
        return replace(
            held, origin_label=held.cited.label, item=replace(item, origin=to, directness=again, merge_proposed=merge)
        )
    if merge is None and key and _shared(held, key, table):
        merge = moves.get(key, key)
    return held if merge == item.merge_proposed else replace(held, item=replace(item, merge_proposed=merge))


def _shared(held: Held, key: str, table: _Table) -> bool:
    """Case 3: nothing of this origin is without a note, and what this statement cites others cite or say as well."""
    others = table.citing.get(key, frozenset()) - {origin_of(held)}
    noted = all(cites(one) for one in table.at[origin_of(held)])
    return noted and bool(others or key in table.at) and table.agreed(key)
