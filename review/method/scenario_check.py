"""What a scenario's evidence must not say: days that have not come, periods that run backwards, origins in a circle."""

from collections.abc import Iterator
from datetime import date

from review.method.chains import circles
from review.method.scenario_file import ScenarioFile


def problems(found: ScenarioFile, *, today: date) -> Iterator[str]:
    """Say what is wrong with each row, naming field, value and remedy.

    What was published after `as_of` is not wrong: it does not exist yet on that day. What nobody can have published by
    today either, and what if does not reach, is a slip of the pen.
    """
    latest = max(found.as_of, today)
    for row in found.evidence:
        where = f"evidence {row.id!r}"
        if row.published_on > latest:
            yield (
                f"{where}: field 'published_on': {row.published_on} lies in the future (as_of {found.as_of}, today "
                f"{today}); correct it, or move as_of to a day that has it"
            )
        reversed_ = row.facts_from and row.facts_to and row.facts_from > row.facts_to  # which check.py refuses
        if row.facts_from and row.facts_from > row.published_on and not reversed_:
            yield (
                f"{where}: field 'facts_from': {row.facts_from} lies after published_on {row.published_on}; what has "
                "not happened yet is no fact: correct the day, or leave the row out"
            )
        if row.facts_from and not row.facts_to and row.period_to and row.facts_from > row.period_to:
            yield (
                f"{where}: field 'facts_from': {row.facts_from} is after period_to {row.period_to}; "
                "swap or correct them"
            )
    above = {row.id: row.origin for row in found.evidence}
    for circle in circles(found.evidence):
        yield (
            f"evidence {circle[0]!r}: field 'origin': {above[circle[0]]!r} leads back to itself "
            f"({' <- '.join(circle)}); name the first of them, or null if nobody is"
        )
