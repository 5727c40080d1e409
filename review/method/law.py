"""What the law says: the enacted text in force carries it, once somebody independent confirms it (method §5)."""

from review.method.model import Result
from review.method.thresholds import RULES
from review.method.unambiguous import Tally
from review.method.voting import Vote


def enacted(count: Tally) -> tuple[Vote, ...]:
    """Return the origins whose in-time vote is the enacted text itself with the value that carries the question."""
    return tuple(vote for vote in count.carriers if vote.entries[0].item.evidence.official_text)


def confirming(count: Tally) -> tuple[Vote, ...]:
    """Return in-time votes that confirm the text: no text themselves, no party, of another owner than some text.

    "Some" and not "every": a second house that also prints the text must not undo a confirmation (method §11).
    """
    texts = enacted(count)
    return tuple(
        vote
        for vote in count.carriers
        if vote not in texts and not vote.party and any(vote.card.owner != text.card.owner for text in texts)
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
