"""CURRENT: how many independent origins speak of facts that are recent enough (method §2)."""

from review.method.model import Result
from review.method.thresholds import RULES
from review.method.unambiguous import Tally


def current(count: Tally) -> Result:
    """Return the test on the extent, number and practice scales: two origins in time pass, one is weak."""
    if len(count.timely) >= RULES.current_pass_origins:
        return Result.PASS
    return Result.WEAK if len(count.timely) >= RULES.current_weak_origins else Result.FAIL
