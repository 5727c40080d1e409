"""When the facts of a passage happened: the dates in its own words, taken together (method §2)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from review.cue_words import fold, standing
from review.dates import dates_in
from review.dates_types import FoundDate

Confidence = Literal["normal", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsDates:
    """Days of the facts, both inclusive; None where the text names none. Never later than the publication."""

    first: date | None
    last: date | None
    ongoing: bool
    whole_period: bool
    confidence: Confidence


def facts_dates(
    text: str, lang: str, *, published_on: date | None, published_confidence: Confidence = "normal"
) -> FactsDates:
    """Read the dates of the facts out of `text` (one passage or its deciding clauses): the first and last day of all.

    A month-only date takes its last day. What is announced for after the publication is no fact; a period that lasts
    beyond it ends there. Facts described as ongoing have no last day: the caller takes publication.
    """
    folded = fold(text).text
    ongoing = standing(lang, "ongoing").search(folded) is not None
    whole = standing(lang, "whole").search(folded) is not None
    read = dates_in(folded, lang, published_on=published_on)
    found = [one for one in read if not one.aside and (published_on is None or one.first <= published_on)]
    found = [one for one in found if not _is_frame(one, found)]
    if not found:
        return FactsDates(
            first=None, last=None, ongoing=ongoing, whole_period=whole, confidence="normal" if ongoing else "low"
        )
    first = min(one.first for one in found)
    last = max((one.last for one in found if one.edge != "since"), default=None)
    if last is not None and published_on is not None:
        last = min(last, published_on)
    since_only = last is None  # a closed date beats "still": it says until when the facts are known
    counted = any(one.by_publication for one in found)
    confidence: Confidence = "low" if counted and published_confidence == "low" else "normal"
    return FactsDates(first=first, last=last, ongoing=since_only, whole_period=whole, confidence=confidence)


def _is_frame(one: FoundDate, found: list[FoundDate]) -> bool:
    """Whether a stretch counted from the publication only holds a day or month that is named: May, "this year"."""
    if one.rule != "date:relative":
        return False
    return any(other.rule != one.rule and one.first <= other.first and other.last <= one.last for other in found)
