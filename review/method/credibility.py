"""How credible an item is, 1 (confirmed) to 6 (cannot be judged), computed without the grade (method §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.method.dating import dated
from review.method.docket import Docket
from review.method.model import Directness
from review.method.thresholds import RULES
from review.method.voting import Scene, Vote, latest_vote

CANNOT_BE_JUDGED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Credibility:
    """The Admiralty number of one item."""

    evidence: str
    number: int


def credibilities(book: Docket, view: Scene, day: date) -> tuple[Credibility, ...]:
    """Return a number per item known on the day and not set aside, by evidence id."""
    says = tuple(_says(book, view, day))
    shown = [entry.item for origin in view.views for entry in (*origin.voters, *origin.others)]
    return tuple(
        Credibility(evidence=item.id, number=_number(item.answer, says) if item.speaks else CANNOT_BE_JUDGED)
        for item in sorted(shown, key=lambda item: item.id)
    )


def _says(book: Docket, view: Scene, day: date) -> Iterable[Vote]:
    """Return what each origin says since the watershed, whatever its grade."""
    for origin in view.views:
        items = [entry.item for entry in (*origin.voters, *origin.others) if entry.item.speaks]
        said = latest_vote(origin.origin, origin.cards, dated(items, book.question.kind, day), view.starts)
        if said:
            yield said


def _number(answer: str, says: tuple[Vote, ...]) -> int:
    agree = [vote for vote in says if vote.answer == answer]
    against = len(says) - len(agree)
    direct = any(vote.entries[0].item.evidence.directness is Directness.DIRECT for vote in agree)
    if len(agree) >= RULES.credibility_confirmed and direct:
        return 1
    if len(agree) >= RULES.credibility_probable:
        return 2
    if agree:
        return 4 if against else 3
    return 5 if against >= RULES.credibility_probable else CANNOT_BE_JUDGED
