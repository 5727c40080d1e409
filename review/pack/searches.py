"""What was searched for a question and what not: people's searches, and the crawls that count as searches."""

from typing import Any

from review.assess import Judged


def crawls(judged: Judged) -> dict[str, Any]:
    """The decisive sources of a question: crawled in the window, not searched, unreachable (method §6)."""
    seen = judged.coverage
    return {
        "decisive": seen.decisive,
        "share": seen.share,
        "searched": [
            {
                "source": one.source_id, "language": one.language,
                "last_good_on": one.last_good_on.isoformat() if one.last_good_on else None,
            }
            for one in seen.searched
        ],
        "not_searched": list(seen.not_searched),
        "unreachable": [
            {
                "source": one.source_id,
                "failing_since": one.failing_since.isoformat() if one.failing_since else None,
            }
            for one in seen.unreachable
        ],
    }  # fmt: skip
