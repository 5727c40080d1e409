"""RELIABLE: how many houses of how many kinds carry the answer, and whether one of them saw it (method §5)."""

from dataclasses import dataclass

from review.method.cards import fewest
from review.method.model import Directness, Result
from review.method.thresholds import RULES
from review.method.unambiguous import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Who holds the mode in time, on the item that votes."""

    owners: tuple[str, ...]
    types: tuple[str, ...]
    direct: tuple[str, ...]
    """Ids of the voting items that are direct."""
    independent: bool
    """At least one holder is not a party to the conflict."""


def support(count: Tally) -> Support:
    """Return the owner groups, source types and direct items behind the mode."""
    items = [vote.entries[0].item for vote in count.carriers]
    return Support(
        owners=fewest((vote.cards.owners for vote in count.carriers), RULES.owners_pass),
        types=fewest((vote.cards.types for vote in count.carriers), RULES.types_pass),
        direct=tuple(sorted(item.id for item in items if item.evidence.directness is Directness.DIRECT)),
        independent=any(not vote.party for vote in count.carriers),
    )


def reliable(held: Support) -> Result:
    """Return the test on the extent, number and practice scales; only interested parties always fail."""
    if len(held.owners) < RULES.owners_weak or not held.independent:
        return Result.FAIL
    broad = len(held.owners) >= RULES.owners_pass and len(held.types) >= RULES.types_pass
    return Result.PASS if broad and len(held.direct) >= RULES.direct_pass else Result.WEAK
