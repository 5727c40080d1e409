"""Origins that are named by an item: a copy of a copy springs from where the first one does (method §3, rule 2).

An origin, or an origin with which a merge is proposed, may be the id of a piece of evidence. That is a step up a chain;
the chain's end is the origin. Names that read the same are one origin however they are spelt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from review.method.check import spoken
from review.method.docket import unattributed
from review.method.model import Evidence
from review.method.spelling import folded, one_spelling


class Named(Protocol):
    """What a chain is made of."""

    @property
    def id(self) -> str:
        """The id of the evidence."""

    @property
    def origin(self) -> str | None:
        """The origin that it names."""


def followed(rows: Sequence[Evidence], scale: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Return the rows with the origin at the end of each one's chain. Circles must have been refused (`circles`)."""
    by_id, find = {row.id: row for row in rows}, _Ids(rows)
    above = _above(rows, find)

    def end(name: str) -> str:
        while name in above:
            name = above[name]
        last = by_id[name]
        return last.origin if last.origin is not None else unattributed(last, spoken(last.answer, scale))

    found = []
    for row in rows:
        origin = end(row.id) if row.id in above else row.origin
        merge = row.merge_proposed
        merge = end(named) if merge is not None and (named := find(merge)) else merge
        found.append(replace(row, origin=origin, merge_proposed=merge))
    names = [name for row in found for name in (row.origin, row.merge_proposed) if name is not None]
    spelt = one_spelling(names)
    return tuple(
        replace(
            row,
            origin=None if row.origin is None else spelt[row.origin],
            merge_proposed=None if row.merge_proposed is None else spelt[row.merge_proposed],
        )
        for row in found
    )


def circles(rows: Sequence[Named]) -> Iterator[tuple[str, ...]]:
    """Return each circle of items that give one another as their origin: nobody in it is the well-spring."""
    above = _above(rows, _Ids(rows))
    done: set[str] = set()
    for start in above:
        chain = [start]
        while (parent := above.get(chain[-1])) in above and parent not in chain:
            chain.append(str(parent))
        if parent in chain and not done.intersection(chain):
            yield (*chain[chain.index(parent) :], parent)
            done.update(chain)


class _Ids:
    """Finds the evidence that a name means: spelt exactly so, or else the only one that reads so."""

    def __init__(self, rows: Sequence[Named]) -> None:
        self._exact = {row.id for row in rows}
        self._alike: dict[str, set[str]] = {}
        for row in rows:
            self._alike.setdefault(folded(row.id), set()).add(row.id)

    def __call__(self, name: str) -> str | None:
        if name in self._exact:
            return name
        alike = self._alike.get(folded(name), set())
        return min(alike) if alike else None


def _above(rows: Sequence[Named], find: _Ids) -> Mapping[str, str]:
    """Return one step up for each item that names another; one that names itself is a well-spring."""
    named = {row.id: find(row.origin) for row in rows if row.origin is not None}
    return {name: parent for name, parent in named.items() if parent is not None and parent != name}
