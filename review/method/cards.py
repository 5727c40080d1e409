"""Who an origin is: the card of its well-spring, and the grade that its items vote with (method §1, §2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from review.method.docket import Item
from review.method.model import SourceType
from review.method.thresholds import RULES

WORST = 5
VOTING = "ABCDEF".index(RULES.lowest_voting_grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Grade (0 for A to 5 for F), type, owner group and interest of an origin."""

    grade: int
    type: SourceType
    owner: str
    party: bool
    collected: bool
    """True when an item of the well-spring itself is held, not only reports of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The card as the rule gives it, and what it would be if only items that may vote could give it.

    They differ only where the well-spring is known by nothing but a value that does not vote. Such an item may take
    from an origin's grade, owner group and type and never add to it, or else a newer "unknown" could raise a status
    (method §11). Whatever is counted of the cards is counted in the way that gives less (`fewest`).
    """

    literal: Card
    shown: Card

    @property
    def owners(self) -> frozenset[str]:
        """Return the owner groups that it may stand for: one, or one by each card."""
        return frozenset({self.literal.owner, self.shown.owner})

    @property
    def types(self) -> frozenset[SourceType]:
        """Return the source types that it may stand for: one, or one by each card."""
        return frozenset({self.literal.type, self.shown.type})

    @property
    def party(self) -> bool:
        """Return whether the origin speaks for a party to the conflict, by either card."""
        return self.literal.party or self.shown.party


def cards(items: Sequence[Item]) -> Cards:
    """Return the card of an origin from its known items; at least one item."""
    earliest = min(items, key=_first)
    own = [item for item in items if not item.reported]
    literal = _card(min(own, key=_first)) if own else _lowered(_card(earliest, collected=False))
    if not own or min(own, key=_first).speaks:
        return Cards(literal=literal, shown=literal)
    speaking = [item for item in own if item.speaks]
    shown = _card(min(speaking, key=_first)) if speaking else _lowered(_card(earliest, collected=False))
    return Cards(literal=literal, shown=shown)


def grade(item: Item, both: Cards) -> int:
    """Return the grade an item votes with: the worse of its origin's and its own source's, after an admission."""
    return max(_grade(item, both.literal), _grade(item, both.shown))


def votes(item: Item, both: Cards) -> bool:
    """Return whether an item may vote and date: its value is on the scale and its grade is high enough."""
    return item.speaks and grade(item, both) <= VOTING


def fewest(options: Iterable[frozenset[str]], enough: int) -> tuple[str, ...]:
    """Return the smallest set of names that can stand for everybody, each by one of its options, in order.

    It is exactly the smallest as long as that is below `enough`; from there on, whichever was found first.
    """
    choices = sorted({tuple(sorted(found)) for found in options})
    for size in range(enough):
        if (found := _standing(choices, frozenset(), size)) is not None:
            return tuple(sorted(found))
    taken = {names[0] for names in choices if len(names) == 1}
    for names in choices:
        if not taken.intersection(names):
            taken.add(names[0])
    return tuple(sorted(taken))


def _standing(choices: Sequence[tuple[str, ...]], taken: frozenset[str], more: int) -> frozenset[str] | None:
    """Return names, `more` besides those taken, that stand for every choice; None if no such names do."""
    left = next((found for found in choices if not taken.intersection(found)), None)
    if left is None:
        return taken
    if more == 0:
        return None
    tries = (_standing(choices, taken | {name}, more - 1) for name in left)
    return next((found for found in tries if found is not None), None)


def _grade(item: Item, card: Card) -> int:
    worse = max(card.grade, item.own_grade)
    if card.party and item.evidence.against_interest and worse < WORST:
        return max(0, worse - RULES.admission_grades_up)
    return worse


def _card(item: Item, *, collected: bool = True) -> Card:
    source = item.source
    return Card(grade=item.own_grade, type=source.type, owner=source.owner, party=item.party, collected=collected)


def _lowered(card: Card) -> Card:
    lower = min(WORST, card.grade + RULES.uncollected_grades_down)
    return Card(grade=lower, type=card.type, owner=card.owner, party=card.party, collected=card.collected)


def _first(item: Item) -> tuple[object, ...]:
    return item.first_key
