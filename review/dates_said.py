"""What dates of every kind have in common as they are said: the part of a period, and the year that follows."""

import re
from datetime import date

from review import cue_words as words

_PARTS = ("early", "mid", "late")
YEAR_END = "(?:-(?:го|й|м|му|ий))?"  # 2022-го


def part_regex(lang: str) -> str:
    """An expression for "early", "mid" or "late" before a date, each a group of its name; it may be missing."""
    said = "|".join(f"(?P<{part}>{words.any_of(lang, f'part_{part}')})" for part in _PARTS)
    return rf"(?:(?:{said})[ -])?"


def year_regex(lang: str, *, slash: str = "") -> str:
    """What follows a month or season: a year, "of last year", "этого года"; `slash` is the rest of 2022/2023."""
    years = rf"(?P<year>(?:19|20)\d\d){YEAR_END}{slash}(?: ?{words.any_of(lang, 'year_after')})?(?!\w|[.,]\d)"
    last, this = words.any_of(lang, "last_year"), words.any_of(lang, "this_year")
    joint = r"(?:of |in |van |de |du |d')?"
    return (
        rf"(?:,? {joint}(?:{words.any_of(lang, 'the_year')} )?{years}"
        rf"|(?: {joint}(?:(?P<last_year>{last})|(?P<this_year>{this}))))"
    )


def named_year(match: re.Match[str], published_on: date | None) -> int | None:
    """The year that a date names, in figures or counted from the publication."""
    if match["year"]:
        return int(match["year"])
    if published_on is not None and match["last_year"]:
        return published_on.year - 1
    return published_on.year if published_on is not None and match["this_year"] else None


def said_part(match: re.Match[str]) -> str | None:
    """Which part of its period a date names."""
    return next((part for part in _PARTS if match[part]), None)
