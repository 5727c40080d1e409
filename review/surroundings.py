"""What stands around a word that decides whether it counts: a source, a denial, a list, a title, times gone by."""

import re

from review.folding import Folded
from review.matching import Hits, Place

SOURCE_WITHIN = 28  # characters between a person and the word of saying that makes them a source
DENIAL_WITHIN = 2
FRAME_WITHIN = 90  # a list of topics or the title of a work reaches so far
WORK_WITHIN = 50
COUNSEL_WITHIN = 12  # characters between a lawyer and those whom they act for
PRESENT_FROM = 1991

_YEAR = re.compile(r" (1[5-9]\d\d|20\d\d)(?:s|er|e)?(?= )")
_KIND = r"(?:convention|protocol|treaty|charter|verdrag|abkommen|конвенц\w*|конвенці\w*|born|geboren|refugee)"
_TREATIES = re.compile(rf" {_KIND} (?:of |van |from |vom |de |in )?(19\d\d) | (19\d\d) {_KIND} ")  # no event


def on_the_field(hits: Hits) -> bool:
    """Whether the words are those of the field, with or without a target group."""
    return hits.any_of(("domain",)) and not hits.any_of(("noise",))


def is_source(head: Place, hits: Hits) -> bool:
    """Say whether the person is who says it, not whom it is said of."""
    return bool(
        hits.near("source_before", head, SOURCE_WITHIN // 2, "before")
        or hits.near("source_after", head, SOURCE_WITHIN, "after")
    )


def is_denied(head: Place, hits: Hits) -> bool:
    """Say whether it is said that they do not belong to the group."""
    return bool(
        hits.near("denial", head, DENIAL_WITHIN, "before") or hits.near("denial_after", head, DENIAL_WITHIN, "after")
    )


def is_bare(head: Place, hits: Hits) -> bool:
    """Say whether the word only stands in a list of topics, as what a work is about or as whom a lawyer acts for.

    Named as at risk it counts.
    """
    framed = (
        hits.near("listing", head, FRAME_WITHIN, "before")
        or hits.near("work_about", head, WORK_WITHIN, "before")
        or hits.near("counsel_before", head, COUNSEL_WITHIN, "before")
        or hits.near("counsel_after", head, COUNSEL_WITHIN, "after")
    )
    return bool(framed) and not hits.near("at_risk", head, FRAME_WITHIN, "before")


def distance(one: Place, other: Place) -> int:
    """Characters between two places; 0 where they touch or overlap."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def is_history(folded: Folded, hits: Hits) -> bool:
    """Say whether the passage tells only of times before 1991 and draws no line to the present."""
    years = {int(year) for year in _YEAR.findall(folded.text)}
    if years:
        years -= {int(year) for pair in _TREATIES.findall(folded.text) for year in pair if year}
    if any(year >= PRESENT_FROM for year in years) or hits.of("present"):
        return False
    return bool(years) or bool(hits.of("bygone"))
