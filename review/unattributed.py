"""Statements that name nobody (method §3 rule 5): on one answer, in one ISO week of publication, they are one origin.

A document's own words are such where it neither says who knows it nor that it found it out itself, unless finding out
is its office (evidence_types.FINDS_OUT). Whole origins are joined, and only those that say nothing else than such
words on the question: joining never adds an origin. What is joined could as well be the dissent, so `review.judging`
judges with and without it and keeps the lower status.
"""

from collections.abc import Sequence
from dataclasses import replace

from review.cited import counts
from review.evidence_types import FINDS_OUT
from review.evidence_voices import UNNAMED
from review.method.model import Directness, Evidence, Grade, Reading
from review.rows import Held

_VOTING = (Grade.A, Grade.B, Grade.C)  # a weak voice joined to others would lend them its grade


def joined(rows: Sequence[Held], reading: Reading) -> tuple[Held, ...]:
    """The evidence on one question with the origins joined that name nobody, in the order it came."""
    every, rows = rows, [held for held in rows if counts(held, reading)]
    named = {held.item.origin for held in rows if not _names_nobody(held)}
    above: dict[str, str] = {}

    def root(name: str) -> str:
        while above.get(name, name) != name:
            name = above[name]
        return name

    for held in rows:
        if held.item.origin and held.item.origin not in named:
            one, other = sorted((root(held.item.origin), root(_week_of(held.item))), key=_week_first)
            above[other] = one
    members: dict[str, set[str]] = {}
    for name in {held.item.origin for held in rows if held.item.origin} - named:
        members.setdefault(root(name), set()).add(name)
    moves = {name: to for to, names in members.items() if len(names) > 1 for name in names}
    return tuple(_moved(held, moves) for held in every)


def _names_nobody(held: Held) -> bool:
    """Whether a statement has no well-spring but the page it stands on, which does not say how it knows."""
    own_page = bool(held.item.origin) and str(held.item.origin).startswith("doc:") and held.cited is None
    by_office = held.row["type"] in FINDS_OUT
    unnamed = held.row["attributed_to"] in ("", None, UNNAMED)
    weak = held.source.grade not in _VOTING
    return own_page and unnamed and held.item.directness is not Directness.DIRECT and not (by_office or weak)


def _week_of(item: Evidence) -> str:
    year, week, _ = item.published_on.isocalendar()
    return f"unattributed {item.answer} {year}-W{week:02d}"


def _week_first(name: str) -> tuple[bool, str]:
    return (not name.startswith("unattributed "), name)


def _moved(held: Held, moves: dict[str, str]) -> Held:
    item = held.item
    to = moves.get(item.origin or "", item.origin)
    merge = moves.get(item.merge_proposed, item.merge_proposed) if item.merge_proposed else None
    merge = None if merge == to else merge
    if to == item.origin and merge == item.merge_proposed:
        return held
    label = held.origin_label if to == item.origin else f"Unattributed reports of {str(to).rsplit(' ', 1)[-1]}"
    return replace(held, origin_label=label, item=replace(item, origin=to, merge_proposed=merge))
