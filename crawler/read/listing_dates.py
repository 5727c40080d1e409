"""Dates in the format that a source declares, with month names in the source's language."""

import re
from datetime import datetime

from crawler.read.dates import end_of_month
from crawler.read.model import Dated, WrongShape
from crawler.read.months import MONTHS

_WORD = re.compile(r"[^\W\d_]+")


def day_written_as(written: str, date_format: str, language: str | None, url: str | None) -> Dated:
    """The day in `written`, whose format is given as for strptime; month names in `language` are understood.

    A format without %d or %j names a month: its last day, precision month. WrongShape when the text does not
    have the format.
    """
    text = " ".join(written.split())
    names = MONTHS.get(language or "en", MONTHS["en"])
    try:
        moment = datetime.strptime(_numbered(text, names), _numeric(date_format))  # noqa: DTZ007 - only the day is used
    except ValueError as error:
        raise WrongShape(
            f"{url or 'this page'}: the date {written[:60]!r} is not written as {date_format!r}"
            f"{f' in {language}' if language else ''}; correct date_format in the source file"
        ) from error
    if not re.search(r"%-?[dejxcDF]", date_format):
        return end_of_month(moment.year, moment.month)
    return Dated(day=moment.date(), origin="text")


def _numbered(text: str, names: dict[str, int]) -> str:
    """Month names as two digits, which strptime understands in every locale."""
    return _WORD.sub(lambda m: f"{names[m[0].lower()]:02d}" if m[0].lower() in names else m[0], text)


def _numeric(date_format: str) -> str:
    return date_format.replace("%B", "%m").replace("%b", "%m")
