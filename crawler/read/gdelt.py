"""GDELT DOC 2.0, mode artlist (sources §12): addresses and titles of articles, and when GDELT saw them."""

import re
from datetime import date

from crawler.read import answers
from crawler.read.answers import Object, an_object, objects, text_of
from crawler.read.clean import one_line
from crawler.read.dates import POSSIBLE_YEARS
from crawler.read.model import Confidence, Dated, Entry, Kind, Reading
from crawler.read.walk import absolute

_PROMISED = "a GDELT answer"
_SEEN = re.compile(r"(\d{4})(\d\d)(\d\d)T\d{6}Z$")
_LANGUAGES = {
    "english": "en", "dutch": "nl", "russian": "ru", "ukrainian": "uk", "german": "de", "french": "fr",
    "belarusian": "be", "persian": "fa", "arabic": "ar", "turkish": "tr",
}  # fmt: skip


def read_gdelt(body: bytes, url: str | None = None) -> Reading:
    """The articles of one answer, each address once; the day is that on which GDELT saw it, with low confidence.

    An empty object means that nothing was found. Errors arrive as a sentence with status 200: WrongShape repeats it.
    Titles are not always valid JSON; stray backslashes and control characters are let pass.
    """
    where = url or "this answer"
    answer = answers.parsed(body, where, _PROMISED, lenient=True)
    if answer == {}:
        return Reading(kind=Kind.FEED)
    rows = answers.the_list(answer, where, _PROMISED, "articles")
    found: dict[str, Entry] = {}
    for article in objects(rows):
        address = absolute(text_of(article.get("url")), None)
        if address:
            found.setdefault(address, _entry(article, address))
    left_out = sum(1 for row in rows if absolute(text_of(an_object(row).get("url")), None) is None)
    return Reading(
        kind=Kind.FEED,
        entries=tuple(found.values()),
        warnings=(f"{left_out} articles without an address were left out",) if left_out else (),
    )


def _entry(article: Object, address: str) -> Entry:
    return Entry(
        url=address,
        title=_title(text_of(article.get("title"))),
        published=_day(text_of(article.get("seendate"))),
        language=_LANGUAGES.get((text_of(article.get("language")) or "").lower()),
        document_type="article",
    )


def _title(written: str | None) -> str | None:
    """GDELT sets blanks around punctuation: "Deserters , again" is "Deserters, again"."""
    return one_line(re.sub(r"\s+([,.;:!?%])", r"\1", written)) if written else None


def _day(written: str | None) -> Dated | None:
    found = _SEEN.match(written or "")
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    if day.year not in POSSIBLE_YEARS:
        return None
    return Dated(day=day, origin="gdelt", confidence=Confidence.LOW)
