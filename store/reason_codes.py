"""Why a person decided as they did: a closed list, so that the rules' errors can be counted by kind."""

from enum import StrEnum


class ReasonCode(StrEnum):
    """A reason in one word. OTHER asks for words of one's own; UNDONE is written by an undo, never chosen."""

    NOT_ABOUT_THE_GROUP = "not_about_the_group"
    WRONG_COUNTRY = "wrong_country"
    WRONG_TOPIC = "wrong_topic"
    WRONG_ANSWER = "wrong_answer"
    WRONG_DATES = "wrong_dates"
    WRONG_SOURCE = "wrong_source"  # attributed to somebody who did not say it
    COPY = "copy"
    OUT_OF_SCOPE = "out_of_scope"
    UNCLEAR_TEXT = "unclear_text"
    OTHER = "other"
    UNDONE = "undone"


CHOICES = tuple(code for code in ReasonCode if code is not ReasonCode.UNDONE)
"""What a form offers, in this order."""

STILL_RELEVANT = frozenset({ReasonCode.WRONG_ANSWER, ReasonCode.WRONG_DATES, ReasonCode.WRONG_SOURCE, ReasonCode.COPY})
"""Rejected for one of these, a passage does bear on its question; only the proposal was wrong."""
