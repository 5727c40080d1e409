"""Evidence as a reader weighs it: for the leading answer, against it, and shown without a vote; always by origin."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from review.standing import Item, QuestionStanding

VOTES = frozenset({"vote", "dissent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One well-spring with everything of it that is held, the votes first."""

    id: str
    label: str
    items: tuple[Item, ...]

    @property
    def votes(self) -> tuple[Item, ...]:
        """The items by which this origin counts."""
        return tuple(item for item in self.items if item.role in VOTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """`leading` is the answer with most votes in time; None where no answer has more than every other."""

    leading: str | None
    supporting: tuple[Origin, ...]
    opposing: tuple[Origin, ...]
    others: tuple[Origin, ...]

    @property
    def origins(self) -> int:
        return len(self.supporting) + len(self.opposing) + len(self.others)

    def name_of(self, origin: str) -> str:
        """The name of an origin by its id; the id itself where it is not among these."""
        return next((o.label for o in (*self.supporting, *self.opposing, *self.others) if o.id == origin), origin)

    @property
    def by_day(self) -> tuple[tuple[str, Item], ...]:
        """Every item with the name of its origin, the newest first."""
        named = {item: o.label for o in (*self.supporting, *self.opposing, *self.others) for item in o.items}
        return tuple((named[item], item) for item in newest_first(named))


def weigh(question: QuestionStanding) -> Sides:
    """Sort a question's evidence into sides, by the roles that the rules gave it."""
    origins = by_origin(question.evidence)
    leading = leading_answer(origins)
    voting = [origin for origin in origins if origin.votes]
    supporting = tuple(o for o in voting if any(item.answer == leading for item in o.votes))
    return Sides(
        leading=leading,
        supporting=supporting if leading else tuple(voting),
        opposing=tuple(o for o in voting if o not in supporting) if leading else (),
        others=tuple(origin for origin in origins if not origin.votes),
    )


def by_origin(items: Iterable[Item]) -> tuple[Origin, ...]:
    """Group items by origin: newest facts first, within an origin votes first."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.origin, []).append(item)
    found = [
        Origin(id=key, label=_label(of[0]), items=tuple(sorted(newest_first(of), key=_votes_first)))
        for key, of in groups.items()
    ]
    return tuple(sorted(found, key=lambda o: (max(map(when, o.items)), o.id), reverse=True))


def leading_answer(origins: Iterable[Origin]) -> str | None:
    """The answer that more origins vote for than any other."""
    votes = Counter(o.votes[0].answer for o in origins if any(item.role == "vote" for item in o.votes))
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def when(item: Item) -> str:
    """The day an item stands at: of its facts, else of its publication; '' where undated."""
    return item.facts_to or item.published_on or ""


def newest_first(items: Iterable[Item]) -> list[Item]:
    """Items by the day they stand at, the newest first, undated ones last."""
    return sorted(items, key=lambda item: (when(item), item.evidence_id), reverse=True)


def _label(item: Item) -> str:
    """The name of an origin; one that is known by its document's key only is named after that document."""
    if item.origin_label and item.origin_label != item.origin:
        return item.origin_label
    return f"{item.publisher}: {item.title}" if item.title else item.publisher


def _votes_first(item: Item) -> bool:
    return item.role not in VOTES
