"""What the law says: the enacted text in force carries it, once somebody independent confirms it (method §5)."""

from review.method.model import Result
from review.method.thresholds import RULES
from review.method.unambiguous import Tally
from review.method.voting import Vote


def enacted(count: Tally) -> tuple[Vote, ...]:
    """Return the origins whose in-time vote is the enacted text itself with the value that carries the question."""
    return tuple(vote for vote in count.carriers if vote.entries[0].item.evidence.official_text)


def confirming(count: Tally) -> tuple[Vote, ...]:
    """Return in-time votes that confirm the text: no text themselves, no party, of another owner than every text.

    "Every" and not "some": a state's ministry does not confirm the state's law because somebody else prints it too.
    Texts of any age count here, or else an old one that ages out could turn its own house into a confirmer.
    """
    lawgivers = frozenset[str]().union(*(vote.lawgivers for vote in count.votes))
    return tuple(
        vote for vote in count.carriers if not vote.lawgivers and not vote.party and not vote.cards.owners & lawgivers
    )


def law_current(count: Tally) -> Result:
    """Pass when the version in force was verified within the window and after the last amendment."""
    return Result.PASS if enacted(count) else Result.FAIL


def law_unambiguous(count: Tally) -> Result:
    """Pass when no voting origin offers a rival version or reading since the last amendment."""
    return Result.PASS if enacted(count) and not count.against else Result.FAIL


def law_reliable(count: Tally) -> Result:
    """Pass when the text is confirmed; a text alone fails, since no weaker form is written down."""
    return Result.PASS if enacted(count) and len(confirming(count)) >= RULES.law_confirmations else Result.FAIL
